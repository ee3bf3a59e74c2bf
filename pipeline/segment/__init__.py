"""Cut a corrected text into roles and blocks.

cut       pieces, generously and without an opinion
hints     what the file itself says of its text
describe  what the model sees of each piece
network   what each piece is: one learned model, and how sure it is
second    where roles may begin, by what the first reading makes of the whole document
division  which of these places do, of all together
ranking   what the ways to divide a text are ranked by
joined    blocks out of pieces
headings  which of the lines that say a title is the heading
build     roles out of blocks, their titles and fields
nest      the depth of each block
units     the department that each role stands under
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.blocks import Corrected, Segmented
from pipeline.segment import build, division, headings, hints, network, units
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.describe import describe
from pipeline.segment.hints import Evidence
from pipeline.segment.joined import headed, join, unfolded
from pipeline.segment.layers import Floats
from pipeline.segment.network import Model, Read
from pipeline.text import SourceText

__all__ = ["load_model", "segment"]


@cache
def load_model(path: str | None) -> Model:
    """A model that `gangwei learn` wrote, or the one that comes with the package; read once.

    Raises ModelError, which names the file.
    """
    return network.load(Path(path)) if path else network.packaged()


def segment(source: SourceText, corrected: Corrected, model: Model | None = None) -> Segmented:
    """The blocks of a document; every visible character of the revision's text is in exactly one."""
    revision = corrected.revision
    text = revision.text
    pieces = hints.pieces(revision, source.layout)
    if not pieces:
        return Segmented(source, corrected)
    evidence = hints.evidence(revision, pieces, source.layout)
    read = label(text, pieces, model or network.packaged(), evidence)
    joined = headed(text, pieces, unfolded(text, pieces, join(pieces, read)))
    joined = headings.subtitled(text, pieces, joined)
    joined = headings.from_line_above(text, pieces, joined)
    joined = headings.from_first_mention(text, pieces, joined)
    parted, left = build.part(joined, read, evidence.rows, evidence.within)
    under = units.of_roles(text, pieces, read, parted, evidence.reasons)
    return Segmented(
        source,
        corrected,
        build.roles(text, pieces, read, parted, evidence.names, under),
        tuple(build.leftover(pieces, block, evidence.reasons.get(block.first, reason)) for block, reason in left),
    )


def label(text: str, pieces: Sequence[Piece], model: Model, evidence: Evidence = hints.NONE) -> Read:
    """What each piece is; a long text is read in parts that begin with a line."""
    reads = [_read(text, pieces, a, b, model, evidence) for a, b in _parts(pieces)]
    if len(reads) == 1:
        return reads[0]
    return Read(
        [t for r in reads for t in r.tags],
        *(np.concatenate([getattr(r, name) for r in reads]) for name in Read._fields[1:]),
    )


def _parts(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(pieces):
        stop = at + network.MOST
        if stop + network.MARGIN >= len(pieces):
            stop = len(pieces)
        while stop < len(pieces) and pieces[stop].cut != Cut.LINE and stop > at + network.MOST // 2:
            stop -= 1
        yield at, stop
        at = stop


def _read(text: str, pieces: Sequence[Piece], first: int, stop: int, model: Model, evidence: Evidence) -> Read:
    """The reading of the pieces `first` up to `stop`, with a margin of context on either side."""
    a, b = max(0, first - network.MARGIN), min(len(pieces), stop + network.MARGIN)
    if (first, stop) == (0, len(pieces)):
        return _look(text, pieces, model, evidence.scores)
    at = pieces[a].start
    near = [p._replace(start=p.start - at, end=p.end - at, body=p.body - at) for p in pieces[a:b]]
    near[0] = near[0]._replace(cut=Cut.LINE)
    read = _look(text[at : pieces[b - 1].end], near, model, evidence.of(a, b))
    keep = slice(first - a, stop - a)
    return Read(read.tags[keep], *(getattr(read, name)[keep] for name in Read._fields[1:]))


def _look(text: str, pieces: Sequence[Piece], model: Model, more: Floats) -> Read:
    d = describe(text, pieces)
    return network.read(model, *division.look(model, d, pieces, network.scores(model, d), more))
