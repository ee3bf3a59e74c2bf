"""What a file says of its text, as evidence for the reading: regions, headings, the cells of its tables.

Plain text has none of it, so the model is not trained on it. Each hint adds to the scores of the tags that it speaks
for: certain ones (a running head is part of no role) decide, the others weigh as much as a plain word does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from pipeline.blocks import Label
from pipeline.layout import Cell, Hint, Region, at
from pipeline.segment import phrases, tags
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.network import Floats
from pipeline.text import Revision

CERTAIN = 500.0
"""Added where a hint decides."""

HEADING = 3.0
"""Added to the tags of headings where a style or an outline level says that it is one."""

KIND = 4.0
"""Added to the tags of a kind where the head of the column names it."""

_HEADINGS = [tags.ROLE, *(tags.tag(Label.SECTION_HEADING, kind) for kind in tags.KINDS)]
_BODY = {kind: [tags.tag(label, kind) for label in (Label.ITEM, Label.PARAGRAPH, Label.FIELD)] for kind in tags.KINDS}


class Evidence(NamedTuple):
    """What the hints add to the scores of each piece, the reason of each that is part of no role, and, for a piece that
    begins the heading of a post, the stretch of the text that is its title."""

    scores: Floats
    reasons: Mapping[int, str]
    titles: Mapping[int, tuple[int, int]]

    def of(self, first: int, stop: int) -> Floats:
        """The scores of some of the pieces."""
        out: Floats = self.scores[first:stop]
        return out


NONE = Evidence(np.zeros((0, tags.COUNT)), {}, {})
"""What plain text has."""


def places(revision: Revision, layout: Sequence[Hint]) -> dict[int, Cut]:
    """Where paragraphs and cells begin in the revision's text, and after what."""
    out: dict[int, Cut] = {}
    last: Hint | None = None
    for hint in layout:
        if last is None or hint.paragraph != last.paragraph or hint.cell != last.cell:
            same_row = last is not None and last.cell and hint.cell and _row(last.cell) == _row(hint.cell)
            out[revision.from_source(hint.start)] = Cut.TAB if same_row else Cut.LINE
        last = hint
    return out


def _row(cell: Cell) -> tuple[int, int]:
    return cell.table, cell.row


def evidence(revision: Revision, pieces: Sequence[Piece], layout: Sequence[Hint]) -> Evidence:
    """What the layout says of the pieces of a text."""
    scores = np.zeros((len(pieces), tags.COUNT))
    reasons: dict[int, str] = {}
    found = [at(layout, revision.to_source((p.start, p.end)).start) for p in pieces]
    for i, hint in enumerate(found):
        if hint is None:
            continue
        if hint.region != Region.BODY:
            scores[i, tags.OUTSIDE] += CERTAIN
            reasons[i] = hint.region.value
        elif hint.heading is not None and hint.cell is None:
            scores[i, _HEADINGS] += HEADING
    titles: dict[int, tuple[int, int]] = {}
    for table in _tables(found):
        _headed(revision.text, pieces, found, table, scores, reasons, titles)
    return Evidence(scores, reasons, titles)


def _tables(found: Sequence[Hint | None]) -> Iterator[list[int]]:
    """The pieces of each table that has a head row."""
    celled = [i for i, hint in enumerate(found) if hint and hint.cell and hint.region == Region.BODY]
    for _, group in groupby(celled, key=lambda i: found[i].cell.table):  # type: ignore[union-attr]
        table = list(group)
        if any(found[i].cell.header for i in table):  # type: ignore[union-attr]
            yield table


def _headed(
    text: str,
    pieces: Sequence[Piece],
    found: Sequence[Hint | None],
    table: Sequence[int],
    scores: Floats,
    reasons: dict[int, str],
    titles: dict[int, tuple[int, int]],
) -> None:
    """A table whose head names the columns: where one holds titles, each row below is a post."""
    cells = {i: hint.cell for i in table if (hint := found[i]) and hint.cell}
    names: dict[int, str] = {}
    for i, cell in cells.items():
        if cell.header:
            known = phrases.whole(text[pieces[i].body : pieces[i].end])
            if known:
                for column in range(cell.column, cell.column + cell.columns):
                    names.setdefault(column, known.kind)
            scores[i, tags.OUTSIDE] += CERTAIN
            reasons[i] = "table-head"
    if "title" not in names.values():
        return
    head = min(cell.row for cell in cells.values() if cell.header)
    for row, group in groupby((i for i in table if not cells[i].header), key=lambda i: cells[i].row):
        members = list(group)
        named = [i for i in members if names.get(cells[i].column) == "title"]
        if not named or row < head:
            scores[members, tags.OUTSIDE] += CERTAIN
            reasons.update(dict.fromkeys(members, "table-head" if row < head else "row-without-title"))
            continue
        _post(pieces, members, named, {i: names.get(cells[i].column) for i in members}, cells, scores, titles)


def _post(
    pieces: Sequence[Piece],
    members: Sequence[int],
    named: Sequence[int],
    kinds: Mapping[int, str | None],
    cells: Mapping[int, Cell],
    scores: Floats,
    titles: dict[int, tuple[int, int]],
) -> None:
    """One row: what stands before its title and the title itself head the post, each other cell begins a block."""
    first, last = members[0], named[-1]
    scores[first, tags.ROLE] += CERTAIN
    titles[first] = pieces[named[0]].start, pieces[last].end
    for i in range(first + 1, last + 1):
        scores[i, tags.CONTINUATION] += CERTAIN
    for before, i in zip((last, *members), members, strict=False):
        if i <= last:
            continue
        new = cells[i].column != cells[before].column
        kind = kinds[i]
        scores[i, tags.OUTSIDE] -= CERTAIN
        scores[i, tags.ROLE] -= CERTAIN
        if new:
            scores[i, tags.CONTINUATION] -= CERTAIN
        if kind in _BODY:
            scores[i, _BODY[kind]] += KIND
        elif new:
            scores[i, [tags.tag(Label.FIELD, k) for k in tags.KINDS]] += KIND
