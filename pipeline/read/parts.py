"""What the readers of laid-out formats take a file apart into, and what every reader hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pipeline.layout import Box, Hint, Region


class Extract(NamedTuple):
    """A text, what its file says about stretches of it, and warnings as pairs of code and message.

    `encoding` is that of the file's characters, None for a format that is none of characters; `plain` says that the
    file's bytes, decoded by it, are the text itself.
    """

    text: str
    layout: tuple[Hint, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    encoding: str | None = None
    plain: bool = False


class Run(NamedTuple):
    """Letters of one look; a line feed ends a line within the paragraph.

    Page, box and confidence are those of the run where they differ within its paragraph.
    """

    text: str
    bold: bool = False
    region: Region = Region.BODY
    page: int | None = None
    box: Box | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its automatic number; the fields are those of `Hint`."""

    runs: tuple[Run, ...]
    page: int | None = None
    heading: int | None = None
    list_level: int | None = None
    number: str | None = None
    centred: bool = False
    framed: bool = False
    size: float | None = None
    box: Box | None = None

    @property
    def text(self) -> str:
        """The letters without the number."""
        return "".join(run.text for run in self.runs)

    @property
    def bold(self) -> bool:
        """Whether all that is seen of it is bold."""
        seen = [run.bold for run in self.runs if run.text.strip()]
        return bool(seen) and all(seen)


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table, merged or not.

    `column` counts from 1 in the grid. A cell that only goes on below the one it was merged with has `merged` set, and
    its `blocks` are those of that one.
    """

    column: int
    blocks: tuple[Paragraph | Table, ...]
    rows: int = 1
    columns: int = 1
    merged: bool = False
    header: bool = False
    """The file itself says that this cell names its row or column."""
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `number` counts from 1 as the file does; `header` where the file says so."""

    number: int
    cells: tuple[GridCell, ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells."""

    rows: tuple[Row, ...]


Block = Paragraph | Table
