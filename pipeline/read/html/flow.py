"""Lines and tables of a page while it is read; they are closed when all of it is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.layout import Region
from pipeline.read.parts import Block, GridCell, Paragraph, Row, Run, Table

_MOST_SPANNED = 1000
_MOST_CELLS = 100_000
"""Cells that spans over rows may make of a table."""
TYPED = re.compile(r"\s*(?:[(（]?[\d一二三四五六七八九十]{1,3}\s*[、.．)）]|[①-⑳⑴-⒇]|[•●■◆·\-—*])")
"""A number or bullet that the author typed."""


@dataclass(slots=True)
class Line:
    """A paragraph; `links` counts its characters that are links."""

    runs: list[Run] = field(default_factory=list)
    links: int = 0
    heading: int | None = None
    list_level: int | None = None
    number: str | None = None
    centred: bool = False
    region: Region = Region.BODY

    @property
    def text(self) -> str:
        """Its letters without the number."""
        return "".join(run.text for run in self.runs)

    def closed(self) -> Paragraph:
        """The paragraph as it is handed on."""
        runs = tuple(run._replace(region=self.region) for run in self.runs)
        heading = self.heading if self.region == Region.BODY else None
        return Paragraph(runs, None, heading, self.list_level, self.number, self.centred)


@dataclass(slots=True)
class OpenCell:
    """A cell: what flows in it, and how far it reaches."""

    column: int
    rows: int
    columns: int
    header: bool
    flow: Flow = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """A table."""

    rows: list[list[tuple[OpenCell, bool]]] = field(default_factory=list)
    """Of each row its cells, and whether such a cell only goes on from above."""
    spanning: dict[int, tuple[OpenCell, int]] = field(default_factory=dict)
    """By column the cells that reach into rows below, and into how many."""
    heads: set[int] = field(default_factory=set)
    cells: int = 0

    def row(self, head: bool = False) -> None:
        """Begin a row."""
        self.rows.append([])
        if head:
            self.heads.add(len(self.rows) - 1)
        self._go_on()

    def cell(self, rows: int, columns: int, header: bool) -> OpenCell:
        """Begin a cell of the last row, of which there must be one."""
        if not self.rows:
            self.row()
        self._go_on()
        last = self.rows[-1]
        at = last[-1][0].column + last[-1][0].columns if last else 1
        made = OpenCell(at, min(max(rows, 1), _MOST_SPANNED), min(max(columns, 1), _MOST_SPANNED), header)
        last.append((made, False))
        self.cells += 1
        if made.rows > 1:
            self.spanning[at] = (made, made.rows - 1)
        return made

    def _go_on(self) -> None:
        """Put in the cells that reach down from above at the next free column."""
        last = self.rows[-1]
        at = last[-1][0].column + last[-1][0].columns if last else 1
        while at in self.spanning and self.cells < _MOST_CELLS:
            above, left = self.spanning[at]
            last.append((above, True))
            self.cells += 1
            if left > 1:
                self.spanning[at] = (above, left - 1)
            else:
                del self.spanning[at]
            at = above.column + above.columns

    def closed(self) -> Table:
        """The table as it is handed on."""
        rows = []
        for n, row in enumerate(self.rows):
            cells = (
                GridCell(c.column, tuple(closed(c.flow)), c.rows, c.columns, merged, header=c.header)
                for c, merged in row
            )
            rows.append(Row(n + 1, tuple(cells), header=n in self.heads))
        return Table(tuple(rows))


Flow = list[Line | Grid]


def closed(flow: Iterable[Line | Grid]) -> Iterator[Block]:
    """What flows, as it is handed on."""
    return (part.closed() for part in flow)


def lines(flow: Iterable[Line | Grid]) -> Iterator[Line]:
    """All lines, those in cells too, each once."""
    for part in flow:
        if isinstance(part, Line):
            yield part
            continue
        for row in part.rows:
            for cell, merged in row:
                if not merged:
                    yield from lines(cell.flow)


def unnumbered(items: Iterable[Line], found: Iterable[Line]) -> None:
    """Take the numbers of a list away where its author typed some, or where its items are of several lines each.

    Sites show no others beside typed ones; and a list of such items is a row of cards, which have no bullets.
    """
    first = [line for line in items if line.number]
    typed = sum(bool(TYPED.match(line.text)) for line in first)
    cards = all(line.number == "•" for line in first) and sum(1 for _ in found) > 2 * len(first)
    if first and (cards or 2 * typed >= len(first)):
        for line in first:
            line.number = None
