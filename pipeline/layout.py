"""What a file says about stretches of its source text, beside the characters themselves.

A reader of Word, PDF, HTML or a spreadsheet hands these on with the text; what comes behind takes them as evidence.
Plain text has none. All of it is frozen and typed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Box", "Boxed", "Cell", "Hint", "Picture", "Region", "at"]


class Region(StrEnum):
    """What part of its file a stretch belongs to; only what is in the body can be part of a role."""

    BODY = "body"
    HEADER = "header"
    """The running head of a page, or the head of a web page."""
    FOOTER = "footer"
    """The running foot of a page with its number, or the foot of a web page."""
    CONTENTS = "contents"
    """A list of contents."""
    NAVIGATION = "navigation"
    """Menus, links and side columns of a web page."""
    HIDDEN = "hidden"
    """Text that the file's own program does not show."""
    FOOTNOTE = "footnote"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in a table a stretch stands; table, row and column count from 1.

    Columns are those of the grid, so that a merged cell takes several of both; of a cell that holds a table of its own
    the inner one is told. Rows of a spreadsheet are numbered as it numbers them, each sheet is a table.
    """

    table: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    header: bool = False
    """It stands in a row that names the columns, or in a repetition of it."""
    label: bool = False
    """It names what stands in the next cell of its row."""


class Box(NamedTuple):
    """A rectangle on a page, from its upper left corner: points of 1/72 inch in PDF, pixels in a picture."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Hint:
    """What the file says about `source_text[start:end]`: code points, half-open.

    The hints of a text are in its order, do not overlap, and hold every visible character. A paragraph gives one hint,
    or several with the same `paragraph` where parts of it differ.
    """

    start: int
    end: int
    paragraph: int = 0
    """From 1, in the order of the source text."""
    page: int | None = None
    """From 1; of Word the page on which its last editor laid it, if that wrote so."""
    region: Region = Region.BODY
    cell: Cell | None = None
    heading: int | None = None
    """Level by style or outline: 1 is the highest, 0 the title of the whole document."""
    list_level: int | None = None
    """Depth in a list, 1 the outermost; None outside of lists."""
    number: str | None = None
    """The number or bullet of an automatic list as it is shown. The text begins with it."""
    bold: bool = False
    centred: bool = False
    framed: bool = False
    """It stands in a text box."""
    size: float | None = None
    """Height of the letters: points, or pixels in a picture; None where the file leaves it to a default."""
    box: Box | None = None
    confidence: float | None = None
    """The recogniser's, 0 to 1, for text read from a picture."""


class Boxed(NamedTuple):
    """Where `source_text[start:end]` stands on a page of its file; pages count from 1."""

    start: int
    end: int
    page: int
    box: Box


class Picture(NamedTuple):
    """How a page of a file looks: a PNG of shades of grey. Width and height are in the unit of boxes on the page."""

    page: int
    width: float
    height: float
    png: bytes


def at(layout: Sequence[Hint], offset: int) -> Hint | None:
    """The hint that holds the character at `offset` of the source text; None where there is none."""
    i = bisect_right(layout, offset, key=lambda hint: hint.start) - 1
    return layout[i] if i >= 0 and offset < layout[i].end else None
