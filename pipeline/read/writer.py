"""Paragraphs and tables become source text and layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.layout import Cell, Hint
from pipeline.read import grid
from pipeline.read.parts import Block, GridCell, Paragraph, Row, Run, Table

_CLOSED = re.compile(r"[、，。）)】》〉」』\s]$")
"""Ends of a number behind which a letter cannot be mistaken for a part of it."""


class Writer:
    """Takes blocks in reading order.

    A paragraph is a line, or several where it has line breaks of its own; an empty one between others is one empty
    line, however many there are. A row of a table is a line whose cells are parted by tabs; a cell of several
    paragraphs keeps their line ends. An automatic number stands before its paragraph as it is shown.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0
        self._hints: list[Hint] = []
        self._paragraphs = self._tables = 0
        self._gap = ""
        """What must stand before the next paragraph."""

    def blocks(self, blocks: Iterable[Block]) -> None:
        """Write blocks one below the other."""
        for block in blocks:
            if isinstance(block, Table):
                self.table(block)
            else:
                self.paragraph(block)

    def paragraph(self, paragraph: Paragraph, cell: Cell | None = None) -> None:
        """Write a paragraph; one without a visible character leaves an empty line, none in a cell."""
        if not paragraph.text.strip():
            if cell is None:
                self.blank()
            return
        self._put(self._gap)
        self._gap = "\n"
        self._paragraphs += 1
        for run in _shown(paragraph, in_cell=cell is not None):
            start = self._size
            self._put(run.text)
            first = not self._hints or self._hints[-1].paragraph != self._paragraphs
            self._hint(_hint(start, self._size, self._paragraphs, paragraph, run, cell, first))

    def blank(self) -> None:
        """Leave an empty line before the next paragraph."""
        if self._gap == "\n":
            self._gap = "\n\n"

    def table(self, table: Table) -> None:
        """Write a table; what `grid` makes out of it goes into the cells."""
        self._tables += 1
        number = self._tables
        plan = grid.plan(table)
        for index, row in enumerate(table.rows):
            self._row(plan, number, index, row)

    def _row(self, plan: grid.Plan, number: int, index: int, row: Row) -> None:
        tabs = 0
        started = False
        for cell in row.cells:
            blocks = plan.blocks(index, cell)
            if any(_visible(block) for block in blocks):
                if started:
                    self._gap = "\t" * tabs
                elif plan.in_columns(index):
                    self._gap = (self._gap or "\n" if self._size else "") + "\t" * tabs
                started = True
                tabs = 0
                self._cell(blocks, _place(plan, number, index, row, cell))
            tabs += 1
        if started:
            self._gap = "\n"

    def _cell(self, blocks: Sequence[Block], place: Cell) -> None:
        for block in blocks:
            if isinstance(block, Table):
                self.table(block)
            else:
                self.paragraph(block, place)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)

    def _hint(self, hint: Hint) -> None:
        last = self._hints[-1] if self._hints else None
        if (
            last
            and last.end == hint.start
            and replace(hint, start=last.start, number=last.number) == replace(last, end=hint.end)
        ):
            self._hints[-1] = replace(last, end=hint.end)
        else:
            self._hints.append(hint)

    def done(self) -> tuple[str, tuple[Hint, ...]]:
        """The text and its layout."""
        return "".join(self._parts), tuple(self._hints)


def _hint(start: int, end: int, ordinal: int, paragraph: Paragraph, run: Run, cell: Cell | None, first: bool) -> Hint:
    return Hint(
        start,
        end,
        ordinal,
        page=paragraph.page if run.page is None else run.page,
        region=run.region,
        cell=cell,
        heading=paragraph.heading,
        list_level=paragraph.list_level,
        number=paragraph.number if first else None,
        bold=run.bold,
        centred=paragraph.centred,
        framed=paragraph.framed,
        size=paragraph.size,
        box=run.box or paragraph.box,
        confidence=run.confidence,
    )


def _shown(paragraph: Paragraph, in_cell: bool) -> list[Run]:
    """The runs with the number before them and without line ends around them; in a cell a tab would part it in two."""
    runs = [run for run in paragraph.runs if run.text]
    while runs and not runs[0].text.strip("\n"):
        runs.pop(0)
    while runs and not runs[-1].text.strip():
        runs.pop()
    runs[0] = runs[0]._replace(text=runs[0].text.lstrip("\n"))
    runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip())
    if paragraph.number:
        gap = "" if _CLOSED.search(paragraph.number) else " "
        runs[0] = runs[0]._replace(text=paragraph.number + gap + runs[0].text.lstrip())
    if in_cell:
        runs = [run._replace(text=run.text.replace("\t", " ")) for run in runs]
    return runs


def _visible(block: Block) -> bool:
    if isinstance(block, Paragraph):
        return bool(block.text.strip())
    return any(_visible(inner) for row in block.rows for cell in row.cells if not cell.merged for inner in cell.blocks)


def _place(plan: grid.Plan, number: int, index: int, row: Row, cell: GridCell) -> Cell:
    return Cell(
        number,
        row.number,
        cell.column,
        1 if cell.merged else cell.rows,
        cell.columns,
        header=plan.is_header(index),
        label=plan.is_label(index, cell),
    )
