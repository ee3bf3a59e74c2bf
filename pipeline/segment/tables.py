"""Vacancies in the rows of a table, its cells parted by tabs: "序号<tab>岗位<tab>人数<tab>学历"."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from pipeline.blocks import Label
from pipeline.segment import headings, titles
from pipeline.segment.headings import Heading
from pipeline.segment.pieces import Piece

HEAD = "table head"
"""The reason of the leftover that holds the names of the columns."""

_TITLE_COLUMN = re.compile(r"(?:招聘|需求|应聘)?(?:岗位|职位|工种|职务)(?:名称)?")
_NUMBER_COLUMN = re.compile(r"序号|编号|No\.?", re.IGNORECASE)
_CELL = re.compile(r"[^\t\n]+")
_LEAST_COLUMNS = 3


class _Cell(NamedTuple):
    start: int
    end: int
    text: str


def part(text: str, pieces: list[Piece]) -> None:
    """Replace the pieces of such a table by one for each cell; a row begins with the title of its post."""
    if "\t" not in text:
        return
    lines = [_cells(text, m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    new: dict[int, list[Piece]] = {}
    ends: dict[int, int] = {}
    for n, head in enumerate(lines):
        title = next((k for k, cell in enumerate(head) if _TITLE_COLUMN.fullmatch(cell.text)), None)
        if title is None or len(head) < _LEAST_COLUMNS:
            continue
        rows = _rows(lines, n + 1, head, title)
        if rows:
            for row in (head, *rows):
                new[row[0].start] = [_named(head)] if row is head else _row(head, row, title)
                ends[row[0].start] = row[-1].end
    if new:
        pieces[:] = _replaced(pieces, new, ends)


def _cells(text: str, start: int, end: int) -> list[_Cell]:
    found = []
    for m in _CELL.finditer(text, start, end):
        inner = m[0].strip()
        if inner:
            at = m.start() + m[0].index(inner)
            found.append(_Cell(at, at + len(inner), inner))
    return found


def _rows(lines: list[list[_Cell]], first: int, head: list[_Cell], title: int) -> list[list[_Cell]]:
    """The lines right below the head that have a cell for each of its names, the one of the title a title."""
    out = []
    for row in islice(lines, first, None):
        if len(row) != len(head) or titles.bare(row[title].text) is None:
            break
        out.append(row)
    return out


def _replaced(pieces: list[Piece], new: dict[int, list[Piece]], ends: dict[int, int]) -> list[Piece]:
    """The pieces, with those of each row that begins at a key of `new` replaced."""
    out: list[Piece] = []
    behind = -1
    for piece in pieces:
        if piece.start in new:
            behind = ends[piece.start]
            new[piece.start][0].blank = piece.blank
            out += new[piece.start]
        elif piece.start >= behind:
            out.append(piece)
    return out


def _named(head: list[_Cell]) -> Piece:
    start = head[0].start
    return Piece(start, head[-1].end, start, None, None, True, True, 0, label=Label.LEFTOVER, note=HEAD)


def _row(head: list[_Cell], row: list[_Cell], title: int) -> list[Piece]:
    """The title, with what stands before it, and each further cell as the value of its column's name."""
    named = titles.bare(row[title].text)
    first = Piece(row[0].start, row[title].end, row[title].start, None, None, True, False, 0)
    first.title = named.title if named else row[title].text
    first.ordinal = int(row[0].text) if title and _NUMBER_COLUMN.match(head[0].text) and row[0].text.isdigit() else None
    out = [first]
    for name, cell in list(zip(head, row, strict=True))[title + 1 :]:
        known = headings.lookup(headings.bare(name.text)) or ("other", "field")
        heading = Heading(cell.start, cell.start, name.text, known[0], "field")
        out.append(Piece(cell.start, cell.end, cell.start, None, heading, False, False, 0))
    out[-1].last = True
    return out
