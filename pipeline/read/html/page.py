"""A page, read tag by tag: no tree is built, so that neither size nor depth of a page matters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.layout import Region
from pipeline.read import symbols
from pipeline.read.html import rules
from pipeline.read.html.flow import Flow, Grid, Line, closed, lines, unnumbered
from pipeline.read.html.lists import Numbered, numbered
from pipeline.read.parts import Block, Run
from pipeline.text import WIDE

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_DEEPEST = 24
"""Tables within each other; pages that were laid out by tables have some ten."""


@dataclass(slots=True)
class _Frame:
    """An open element and what holds within it."""

    tag: str
    hidden: bool
    bold: bool
    centred: bool
    link: bool
    pre: bool
    font: str | None
    heading: int | None
    marker: bool
    level: int | None
    within: bool = False
    """It stands in a part of the page that has a head and a foot of its own."""
    region: Region | None = None
    kind: str = ""
    start: int = 0
    """Where in its flow the element began."""
    opened: str = ""
    """What of a table it opened: grid, cell or nothing."""


_ROOT = _Frame("", False, False, False, False, False, None, None, False, None)


class Page:
    """The target of lxml's parser: takes tags and text as they come; `blocks` gives what they make."""

    def __init__(self) -> None:
        self._frames = [_ROOT]
        self._flows: list[Flow] = [[]]
        self._grids: list[Grid] = []
        self._lists: list[Numbered] = []
        self._heads: dict[str, list[list[Line]]] = {}
        """The lines of each head and foot, by the kind of element."""
        self._line = Line()
        self._gap = ""
        """White space that has been seen and not yet written."""
        self._number: str | None = None
        """The number of the list item that has begun and has no line yet."""
        self._marker = ""

    # -- what the parser calls -----------------------------------------------------------------------------------------

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        frame = self._frame(tag, attributes)
        self._frames.append(frame)
        if frame.hidden:
            return
        if tag in rules.BLOCKS:
            self._end_line()
        if tag == "br":
            self._break()
        elif tag in ("ul", "ol", "menu", "dir"):
            self._lists.append(numbered(tag, attributes))
        elif tag == "li":
            self._item(attributes)
        else:
            frame.opened = self._table_part(tag, attributes)
        frame.start = len(self._flows[-1])

    def end(self, tag: str) -> None:
        """An element ends."""
        if len(self._frames) == 1:
            return
        frame = self._frames.pop()
        if frame.hidden:
            return
        if frame.tag in rules.BLOCKS:
            self._end_line()
        flow = self._flows[-1]
        if frame.tag in ("ul", "ol", "menu", "dir") and self._lists:
            items = self._lists.pop().items
            self._number = None
            found = list(lines(flow[frame.start :]))
            unnumbered(items, found)
            if rules.is_menu(found):
                _mark(found, Region.NAVIGATION)
        if frame.region is not None:
            found = list(lines(flow[frame.start :]))
            if rules.holds(frame.region, found):
                self._apart(frame, frame.region, found)
        self._close_part(frame.opened)

    def data(self, text: str) -> None:
        """Characters within the open element."""
        frame = self._frames[-1]
        if frame.hidden:
            return
        if frame.font and symbols.is_symbol_font(frame.font):
            text = symbols.shown(text, frame.font)
        if frame.marker:
            self._marker += text
        elif frame.pre:
            self._put(text.replace("\r\n", "\n").replace("\r", "\n"), frame)
        else:
            self._flowing(text, frame)

    def comment(self, text: str) -> None:
        """What is commented out is not read."""

    def close(self) -> None:
        """The page ends."""
        self._end_line()

    def blocks(self) -> Iterator[Block]:
        """The page's paragraphs and tables in their order."""
        flow = self._flows[0]
        found = list(lines(flow))
        if not any(line.region == Region.BODY for line in found):
            _mark(found, Region.BODY)  # a page that is nothing but feet and menus is none of these
        return closed(flow)

    # -- lines ---------------------------------------------------------------------------------------------------------

    def _frame(self, tag: str, attributes: Mapping[str, str]) -> _Frame:
        above = self._frames[-1]
        weight = rules.weight(attributes)
        heading = int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else above.heading
        return _Frame(
            tag,
            above.hidden or rules.is_hidden(tag, attributes),
            (above.bold or tag in rules.BOLD or heading is not None) if weight is None else weight,
            above.centred or rules.is_centred(tag, attributes),
            above.link or tag == "a",
            above.pre
            or tag in ("pre", "listing", "xmp")
            or "white-space:pre" in attributes.get("style", "").replace(" ", ""),
            rules.font(attributes) or above.font,
            heading,
            above.marker or rules.is_marker(attributes),
            rules.list_level(attributes) or above.level,
            above.within or rules.is_part(tag),
            rules.region(tag, attributes, above.within) if tag in rules.BLOCKS else None,
            rules.kind_of(tag, attributes),
        )

    def _apart(self, frame: _Frame, region: Region, found: list[Line]) -> None:
        """A menu, a head or a foot of the page; but what has several heads or feet of one kind is a list of cards."""
        if region == Region.NAVIGATION:
            _mark(found, region)
            return
        same = self._heads.setdefault(frame.kind, [])
        same.append(found)
        if len(same) == 1:
            _mark(found, region)
        elif len(same) == 2:
            _mark([line for line in same[0] if line.region == region], Region.BODY)

    def _flowing(self, text: str, frame: _Frame) -> None:
        """Text in which any white space is one blank, and a line's end between two wide characters none."""
        at = 0
        for m in _BLANKS.finditer(text):
            if m.start() > at:
                self._word(text[at : m.start()], frame)
            self._gap = "\n" if "\n" in m[0] and self._gap != " " else " "
            at = m.end()
        if at < len(text):
            self._word(text[at:], frame)

    def _word(self, word: str, frame: _Frame) -> None:
        last = self._line.runs[-1].text[-1:] if self._line.runs else "\n"
        if self._gap and last != "\n" and not (self._gap == "\n" and WIDE.match(last) and WIDE.match(word)):
            word = " " + word
        self._gap = ""
        self._put(word, frame)

    def _put(self, text: str, frame: _Frame) -> None:
        if not text:
            return
        line = self._line
        if line.runs and line.runs[-1].bold == frame.bold:
            line.runs[-1] = Run(line.runs[-1].text + text, frame.bold)
        else:
            line.runs.append(Run(text, frame.bold))
        if frame.link:
            line.links += len(text.strip())
        line.heading = frame.heading
        line.centred = frame.centred
        line.list_level = frame.level or (len(self._lists) if self._lists else None)

    def _break(self) -> None:
        self._gap = ""
        if self._line.runs:
            self._put("\n", self._frames[-2])

    def _end_line(self) -> None:
        line, self._line = self._line, Line()
        marker, self._marker = self._marker.strip(), ""
        self._gap = ""
        if not line.text.strip():
            return
        line.number = marker or self._number
        if self._number and self._lists:
            self._lists[-1].items.append(line)
        self._number = None
        self._flows[-1].append(line)

    def _item(self, attributes: Mapping[str, str]) -> None:
        if not self._lists:
            self._lists.append(Numbered("bullet", 1, 1))
        here = self._lists[-1]
        if re.fullmatch(r"-?\d{1,6}", attributes.get("value", "")):
            here.next = int(attributes["value"])
        self._number = here.number()

    # -- tables --------------------------------------------------------------------------------------------------------

    def _table_part(self, tag: str, attributes: Mapping[str, str]) -> str:
        """Open what a tag opens of a table, and say which; tables too deep within each other are read as lines."""
        if tag in ("table", "dl") and len(self._grids) < _DEEPEST:
            self._grids.append(Grid())
            self._flows[-1].append(self._grids[-1])
            self._flows.append([])  # what stands in the table and in no cell
            return "grid"
        if not self._grids or len(self._grids) == _DEEPEST:
            return ""
        grid = self._grids[-1]
        if tag == "tr":
            grid.row(head=any(frame.tag == "thead" for frame in self._frames[-3:]))
        elif tag in ("td", "th"):
            self._flows.append(grid.cell(_span(attributes, "rowspan"), _span(attributes, "colspan"), tag == "th").flow)
            return "cell"
        elif tag in ("dt", "dd"):
            if tag == "dt" or not grid.rows or len(grid.rows[-1]) > 1:
                grid.row()
            self._flows.append(grid.cell(1, 1, tag == "dt").flow)
            return "cell"
        return ""

    def _close_part(self, opened: str) -> None:
        if opened == "grid":
            self._grids.pop()
            stray = self._flows.pop()
            table = self._flows[-1].pop()
            self._flows[-1] += [*stray, table]  # a caption stands above
        elif opened == "cell":
            self._flows.pop()


def _span(attributes: Mapping[str, str], name: str) -> int:
    said = attributes.get(name, "1").strip()
    return int(said) if re.fullmatch(r"\d{1,6}", said) else 1


def _mark(found: list[Line], region: Region) -> None:
    for line in found:
        line.region = region
