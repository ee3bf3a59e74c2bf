"""Tables without ruled lines, told by what stands below each other: three columns and more, three rows and more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.read.pdf.lines import Line, Piece

_LEAST_COLUMNS = 3
_LEAST_ROWS = 3
_NEAR = 1.1
"""Widths of a letter by which the beginnings, or the middles, of cells in one column may differ."""
_SAME_ROW = 1.9
"""Heights of a letter from one line of a row to the next."""


@dataclass(slots=True)
class AlignedTable:
    """Rows of cells, each cell the lines in it; a cell that is missing has none."""

    rows: list[list[list[Line]]] = field(default_factory=list)


def split(column: Sequence[Line]) -> list[list[Line] | AlignedTable]:
    """A column of lines cut into running text and the tables in it."""
    out: list[list[Line] | AlignedTable] = []
    text: list[Line] = []
    at = 0
    while at < len(column):
        table, behind = _table(column, at)
        if table is None:
            text.append(column[at])
            at += 1
            continue
        if text:
            out.append(text)
            text = []
        out.append(table)
        at = behind
    return [*out, text] if text else out


def _table(column: Sequence[Line], at: int) -> tuple[AlignedTable | None, int]:
    """The table that begins at a line, and the line behind it."""
    heads = column[at].pieces
    if len(heads) < _LEAST_COLUMNS:
        return None, at
    table = AlignedTable()
    full = 0
    behind = at
    for line in column[at:]:
        places = [_place(piece, heads, line.size) for piece in line.pieces]
        if None in places or len(set(places)) < len(places):
            break
        cells = {place: piece for place, piece in zip(places, line.pieces, strict=True) if place is not None}
        goes_on = behind > at and line.box.top - column[behind - 1].box.top < _SAME_ROW * line.size
        if 0 in cells and len(cells) > 1:
            table.rows.append([[] for _ in heads])
            full += len(cells) >= _LEAST_COLUMNS
        elif not table.rows or not goes_on or any(_reaches(piece, place, heads) for place, piece in cells.items()):
            break
        for place, piece in cells.items():
            table.rows[-1][place].append(Line(line.page, [piece]).close())
        behind += 1
    if len(table.rows) < _LEAST_ROWS or full < _LEAST_ROWS:
        return None, at
    return table, behind


def _place(piece: Piece, heads: Sequence[Piece], size: float) -> int | None:
    """The column in which a piece stands: it begins or is centred where the head does, or stands below it alone."""
    near = _NEAR * size
    middle = (piece.left + piece.right) / 2
    for n, head in enumerate(heads):
        if abs(piece.left - head.left) < near or abs(middle - (head.left + head.right) / 2) < near:
            return n
    return None


def _reaches(piece: Piece, place: int, heads: Sequence[Piece]) -> bool:
    """Whether a piece reaches into the next column, as running text does."""
    return place + 1 < len(heads) and piece.right > heads[place + 1].left
