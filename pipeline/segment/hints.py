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
from pipeline.segment import forms, phrases, tags
from pipeline.segment.cut import Cut, Piece, cut
from pipeline.segment.joined import bare
from pipeline.segment.layers import Floats
from pipeline.text import Revision

CERTAIN = 5000.0
"""Added where a hint decides: more than the second look puts on its judgement."""

HEADING = 3.0
"""Added to the tags of headings where a style or an outline level says that it is one."""

KIND = 4.0
"""Added to the tags of a kind where the head of the column names it."""

_HEADINGS = [tags.ROLE, *(tags.tag(Label.SECTION_HEADING, kind) for kind in tags.KINDS)]
_FIELDS = [tags.tag(Label.FIELD, kind) for kind in tags.KINDS]
_HEADS = {"duties": ("strong", "plain"), "requirements": ("strong",), "qualities": ("strong",)}
"""Uses of the phrases that head a column of entries; "学历" (plain) heads one of values."""

_ENTRIES = {kind: [tags.tag(label, kind) for label in (Label.ITEM, Label.PARAGRAPH)] for kind in tags.KINDS}
_BODY = {kind: [tags.tag(label, kind) for label in (Label.ITEM, Label.PARAGRAPH, Label.FIELD)] for kind in tags.KINDS}


_PERSON = ("姓名", "姓名（全称）", "参会人员", "身份证号", "身份证号码")
"""How names of columns of a list of persons end: what they are by office ("职务") is no post that the list describes."""


class Evidence(NamedTuple):
    """What the hints add to the scores of each piece, and the reason of each that is part of no role."""

    scores: Floats
    reasons: dict[int, str]
    names: dict[int, str]
    """What the head of its column says of the piece that begins a cell; of one that names its neighbour what it says itself."""
    rows: dict[int, int]
    """For the piece that begins a title the one that begins its row: the post begins there."""
    within: frozenset[int] = frozenset()
    """Pieces at which no role begins."""

    def of(self, first: int, stop: int) -> Floats:
        """The scores of some of the pieces."""
        out: Floats = self.scores[first:stop]
        return out


NONE = Evidence(np.zeros((0, tags.COUNT)), {}, {}, {})
"""What plain text has."""


def pieces(revision: Revision, layout: Sequence[Hint]) -> tuple[Piece, ...]:
    """The pieces of a text, cut where paragraphs and cells of its file begin, too, but not within a name: "素    质"."""
    names = [(revision.from_source(a), revision.from_source(b)) for a, b in forms.names(layout)]
    return cut(revision.text, sorted([*revision.unbroken(), *names]), places(revision, layout))


def places(revision: Revision, layout: Sequence[Hint]) -> dict[int, Cut]:
    """Where paragraphs and cells begin in the revision's text, and after what."""
    out: dict[int, Cut] = {}
    last: Hint | None = None
    for hint in layout:
        if last is None or hint.paragraph != last.paragraph or hint.cell != last.cell:
            same_row = (
                last is not None and last.cell and hint.cell and forms.row_of(last.cell) == forms.row_of(hint.cell)
            )
            out[revision.from_source(hint.start)] = Cut.TAB if same_row else Cut.LINE
        last = hint
    return out


def evidence(revision: Revision, pieces: Sequence[Piece], layout: Sequence[Hint]) -> Evidence:
    """What the layout says of the pieces of a text."""
    if not layout:
        return NONE
    scores = np.zeros((len(pieces), tags.COUNT))
    reasons: dict[int, str] = {}
    found = [at(layout, revision.to_source((p.start, p.end)).start) for p in pieces]
    rows, across = forms.row_starts(found), forms.across(found)
    names = {i: bare(revision.text[pieces[i].body : pieces[i].end]) for i, cell in forms.cells_of(found) if cell.label}
    for i, hint in enumerate(found):
        if hint is None:
            continue
        if hint.region != Region.BODY:
            scores[i, tags.OUTSIDE] += CERTAIN
            reasons[i] = hint.region.value
        elif hint.heading is not None and hint.cell is None:
            scores[i, _HEADINGS] += HEADING
        elif (
            i in rows or i in names or (i and forms.is_named_section(revision.text, pieces[i - 1], found[i - 1], hint))
        ):
            scores[i, tags.CONTINUATION] -= CERTAIN
        elif i and forms.is_next(found[i - 1], hint):
            scores[i, tags.CONTINUATION] -= CERTAIN
            scores[i, _FIELDS] -= KIND
        if i in across and pieces[i].end - pieces[i].start <= forms.TITLE:
            scores[i, _HEADINGS] += HEADING
    within = forms.beside_sections(revision.text, pieces, found)
    for i, kind in within.items():
        scores[i, [tags.ROLE, tags.SUBTITLE]] -= CERTAIN
        if pieces[i].cut == Cut.LINE:
            scores[i, _BODY[kind]] += KIND
    out = Evidence(scores, reasons, names, {}, frozenset(within))
    for table in _tables(found):
        _headed(revision.text, pieces, found, table, out, reasons)
    return out


def _tables(found: Sequence[Hint | None]) -> Iterator[list[int]]:
    """The pieces of each table that has a head row; one with several heads, one below the other, is several tables."""
    celled = [i for i, hint in enumerate(found) if hint and hint.cell and hint.region == Region.BODY]
    for _, table in groupby(celled, key=lambda i: found[i].cell.table):  # type: ignore[union-attr]
        part: list[int] = []
        headed = under = False
        for _, group in groupby(table, key=lambda i: found[i].cell.row):  # type: ignore[union-attr]
            row = list(group)
            is_head = any(found[i].cell.header for i in row)  # type: ignore[union-attr]
            if is_head and under:
                yield part
                part, headed, under = [], False, False
            part += row
            headed, under = headed or is_head, under or (headed and not is_head)
        if headed:
            yield part


def _headed(
    text: str,
    pieces: Sequence[Piece],
    found: Sequence[Hint | None],
    table: Sequence[int],
    out: Evidence,
    reasons: dict[int, str],
) -> None:
    """A table whose head names the columns: where one holds titles, each row below is a post, up to one that has others."""
    cells = {i: hint.cell for i in table if (hint := found[i]) and hint.cell}
    kinds: dict[int, str] = {}
    sections: dict[int, str] = {}
    names: dict[int, str] = {}
    for i, cell in cells.items():
        if cell.header:
            words = text[pieces[i].body : pieces[i].end]
            known = phrases.whole(words)
            for column in range(cell.column, cell.column + cell.columns):
                names.setdefault(column, "".join(words.split()))
                if known:
                    kinds.setdefault(column, known.kind)
                if known and known.use in _HEADS.get(known.kind, ()):
                    sections.setdefault(column, known.kind)
            out.scores[i, tags.OUTSIDE] += CERTAIN
            reasons[i] = "table-head"
    if any(map(_is_person, names.values())) and not {"duties", "requirements"} & set(kinds.values()):
        rows = [i for i in table if not cells[i].header]
        out.scores[rows, tags.OUTSIDE] += CERTAIN
        reasons.update(dict.fromkeys(rows, "persons"))
        return
    if "title" not in kinds.values():
        return
    head = min(cell.row for cell in cells.values() if cell.header)
    columns = {cell.column for cell in cells.values() if cell.header}
    reached = False
    for row, group in groupby((i for i in table if not cells[i].header), key=lambda i: cells[i].row):
        members = list(group)
        begun = {cells[i].column for i in members}
        if row > head and reached and not columns >= begun:
            break
        if row > head and not reached:  # the head may have left a column without a name
            columns, reached = columns | begun, True
        named = [i for i in members if kinds.get(cells[i].column) == "title"]
        if not named or row < head:
            out.scores[members, tags.OUTSIDE] += CERTAIN
            reasons.update(dict.fromkeys(members, "table-head" if row < head else "row-without-title"))
            continue
        _post(members, named, kinds, names, cells, out)
        _entries(members, sections, cells, out.scores)


def _is_person(column: str) -> bool:
    """Whether a column lists persons: "姓名", "母亲姓名"; "联系人姓名" says whom to ask about a post."""
    return column.endswith(_PERSON) and "联系" not in column


def _post(
    members: Sequence[int],
    named: Sequence[int],
    kinds: Mapping[int, str],
    names: Mapping[int, str],
    cells: Mapping[int, Cell],
    out: Evidence,
) -> None:
    """One row: its title heads the post, what stands before it are fields, each other cell begins a block."""
    scores, head = out.scores, named[0]
    scores[head, tags.ROLE] += CERTAIN
    scores[named[1:], tags.CONTINUATION] += CERTAIN
    out.rows[head] = members[0]
    last: int | None = None
    for i in members:
        column = cells[i].column
        new, last = column != last, column
        if i in named:
            continue
        kind = kinds.get(column)
        scores[i, [tags.OUTSIDE, tags.ROLE]] -= CERTAIN
        if new:
            scores[i, tags.CONTINUATION] -= CERTAIN
            out.names[i] = names.get(column, "")
        if i < head:
            scores[i, _FIELDS] += KIND if not new else CERTAIN
        elif kind in _BODY:
            scores[i, _BODY[kind]] += KIND
        elif new:
            scores[i, _FIELDS] += KIND


def _entries(members: Sequence[int], sections: Mapping[int, str], cells: Mapping[int, Cell], scores: Floats) -> None:
    """A cell under the head of a section holds entries, no values, and begins with one: "制单" under "岗位职责"."""
    last: int | None = None
    for i in members:
        column = cells[i].column
        if column in sections:
            entries = _ENTRIES[sections[column]]
            scores[i, _FIELDS if column == last else [t for t in range(tags.COUNT) if t not in entries]] -= CERTAIN
        last = column
