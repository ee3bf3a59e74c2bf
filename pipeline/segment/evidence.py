"""Why a piece is what it is: how much surer the model is of its tag with each kind of evidence than without it.

Each kind of feature is hidden in the whole document, and the document read again (occlusion: Zeiler & Fergus, 2014).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from pipeline.layout import Hint
from pipeline.segment import division, hints, network, tags
from pipeline.segment.describe import SIZES, SLOTS, Description, describe
from pipeline.segment.layers import Floats
from pipeline.segment.network import Model
from pipeline.text import Revision

_SLOTS_OF = {
    "marker": ("family", "step", "number", "marked"),
    "lexicon": ("phrase", "heading_again", "column"),
    "marks": ("ends_in", "starts_in", "wrapped", "cut", "next_cut"),
    "length": ("length", "line_length", "digits", "latin"),
    "place": (
        "decile",
        "from_top",
        "from_bottom",
        "in_line",
        "of_line",
        "blank",
        "blank_below",
        "line_last",
        "document",
    ),
    "repetition": ("same", "alike", "line_same"),
}
"""Which slots make each kind of evidence; "words" are the n-grams."""

MOST = 400
"""Pieces of a text that are explained; a longer one is explained up to there."""


class Why(NamedTuple):
    """A piece, `text[start:end]`: its tag and the probability, the next best tag, and what the choice depends on.

    `evidence` pairs each kind with the log-odds of the tag, against the next best, that are lost without it: words and
    slots, "layout" (what the file says) and "document" (where roles begin, by what the first reading makes of it all).
    """

    start: int
    end: int
    tag: str
    probability: float
    other: str
    evidence: tuple[tuple[str, float], ...]


def explain(revision: Revision, layout: Sequence[Hint] = (), model: Model | None = None) -> Iterator[Why]:
    """The reasons for the pieces of a text, in order, as it is read with the layout of its file."""
    model = model or network.packaged()
    pieces = hints.pieces(revision, layout)[:MOST]
    if not pieces:
        return
    more = hints.evidence(revision, pieces, layout).scores
    d = describe(revision.text, pieces)
    first = network.scores(model, d)
    out, path = division.look(model, d, pieces, first, more)
    read = network.read(model, out, path)
    each = np.arange(len(pieces))
    others = out[:, : tags.COUNT].copy()
    others[each, read.tags] = -np.inf
    next_best = others.argmax(axis=1)

    def margin(scores: Floats) -> Floats:
        by: Floats = scores[each, read.tags] - scores[each, next_best]
        return by

    lost = {name: margin(first) - margin(network.scores(hidden, seen)) for name, hidden, seen in _hidden(model, d)}
    lost["layout"] = margin(more) if len(more) else np.zeros(len(pieces))
    lost["document"] = margin(out) - margin(first) - lost["layout"]
    for i, p in enumerate(pieces):
        ranked = sorted(((name, round(float(v[i]), 1)) for name, v in lost.items()), key=lambda e: (-e[1], e[0]))
        yield Why(
            p.start,
            p.end,
            tags.NAMES[read.tags[i]],
            round(float(read.label[i]), 3),
            tags.NAMES[next_best[i]],
            tuple(e for e in ranked if e[1] > 0),
        )


def _hidden(model: Model, d: Description) -> Iterator[tuple[str, Model, Description]]:
    """The model without each kind of evidence, and the description that it reads."""
    deaf = {name: np.zeros_like(getattr(model, name)) for name in ("words", "bag", "read")}
    yield "words", model._replace(**deaf), d
    starts = dict(zip((name for name, _ in SLOTS), np.cumsum([0, *SIZES[:-1]]).tolist(), strict=True))
    sizes = dict(SLOTS)
    alone = np.arange(len(d.slots))
    for kind, names in _SLOTS_OF.items():
        slots = model.slots.copy()
        for name in names:
            slots[starts[name] : starts[name] + sizes[name]] = 0
        apart = d._replace(same=alone, alike=alone, style=alone) if kind == "repetition" else d
        yield kind, model._replace(slots=slots), apart
