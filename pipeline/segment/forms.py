"""What the cells of a form say of its pieces: names beside values, what heads a part of it, where something else begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from pipeline.layout import Cell, Hint
from pipeline.segment import phrases, tags
from pipeline.segment.cut import Piece

SENTENCE = 8
"""Characters from which a paragraph of a cell is taken for something that is said, and no part of a name."""

TITLE = 20
"""Characters that what heads a part of a form has at most."""


def row_of(cell: Cell) -> tuple[int, int]:
    """The table of a cell, and its row."""
    return cell.table, cell.row


def names(layout: Sequence[Hint]) -> Iterator[tuple[int, int]]:
    """The stretches of the source in cells that name their neighbour: no cut is made within one, "素    质", "学历<line>要求"."""
    for cell, group in groupby(layout, key=lambda hint: hint.cell):
        if cell and cell.label:
            told = list(group)
            yield told[0].start, told[-1].end


def is_next(above: Hint | None, hint: Hint) -> bool:
    """Whether a paragraph begins within a cell, after one that is no name: each says something of its own."""
    return (
        above is not None
        and above.cell is not None
        and above.cell == hint.cell
        and not above.cell.label
        and above.paragraph != hint.paragraph
        and above.end - above.start >= SENTENCE
    )


def is_named_section(text: str, label: Piece, above: Hint | None, hint: Hint) -> bool:
    """Whether a cell follows one that names a section: what it says is the section's, not the heading's.

    E.g. "岗位职责" and beside it "1 制订检验标准".
    """
    if (
        above is None
        or not above.cell
        or not hint.cell
        or above.cell == hint.cell
        or row_of(above.cell) != row_of(hint.cell)
    ):
        return False
    known = phrases.whole(text[label.body : label.end])
    return known is not None and known.use == "strong" and known.kind in tags.KINDS


def cells_of(found: Sequence[Hint | None]) -> list[tuple[int, Cell]]:
    """The pieces that stand in a cell, and which."""
    return [(i, hint.cell) for i, hint in enumerate(found) if hint and hint.cell]


def row_starts(found: Sequence[Hint | None]) -> frozenset[int]:
    """The pieces that begin a row of a table in its first column: none goes on with what the row above says.

    E.g. "岗位代码" beside an empty cell, and below it "所属部门 | 财务部".
    """
    cells = cells_of(found)
    first: dict[int, int] = {}
    for _, cell in cells:
        first[cell.table] = min(cell.column, first.get(cell.table, cell.column))
    return frozenset(
        i
        for (_, above), (i, cell) in pairwise(cells)
        if cell.table == above.table and cell.row != above.row and cell.column == first[cell.table]
    )


def across(found: Sequence[Hint | None]) -> frozenset[int]:
    """The pieces that are all there is in a row, in a cell over all columns, as what heads a part of a form: "汇报关系"."""
    cells = cells_of(found)
    width: dict[int, int] = {}
    for _, cell in cells:
        width[cell.table] = max(cell.column + cell.columns - 1, width.get(cell.table, 1))
    many = Counter(cell for _, cell in cells)
    return frozenset(i for i, cell in cells if many[cell] == 1 and 1 < cell.columns == width[cell.table])


def beside_sections(text: str, pieces: Sequence[Piece], found: Sequence[Hint | None]) -> dict[int, str]:
    """The pieces in the rows beside a cell that names a section and spans them, with its kind: "岗位职责" beside
    "1 制订检验标准", "2 处理客户投诉". No role begins there. Of cells that span a row the last one counts."""
    spans: dict[int, list[tuple[int, str]]] = {}  # of each table the rows where such cells end, and their kinds
    out: dict[int, str] = {}
    for i, cell in cells_of(found):
        begun = spans.setdefault(cell.table, [])
        while begun and begun[-1][0] <= cell.row:
            begun.pop()
        if begun:
            out[i] = begun[-1][1]
        known = phrases.whole(text[pieces[i].body : pieces[i].end]) if cell.rows > 1 else None
        if known and known.use != "field" and known.kind in tags.KINDS:
            begun.append((cell.row + cell.rows, known.kind))
    return out
