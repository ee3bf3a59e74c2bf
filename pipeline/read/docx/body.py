"""Paragraphs and tables of Word in reading order, each with what its style, its list and its place say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.errors import ReadError
from pipeline.layout import Region
from pipeline.read.docx.inline import GONE, Inline, Letters, is_placeholder
from pipeline.read.docx.numbering import Numbering
from pipeline.read.docx.styles import Style, Styles, outline_of
from pipeline.read.package import attribute, child, integer, kind, switch, value
from pipeline.read.parts import Block, GridCell, Paragraph, Row, Run, Table

_THROUGH = frozenset(("w:ins", "w:moveTo", "w:customXml", "w:smartTag", "w:sdtContent"))
"""Elements that hold what stands in them and say nothing of their own."""
_DEEPEST = 16
"""Tables and boxes within each other; more is nobody's document."""
_MOST_COLUMNS = 1024
_CONTENTS = re.compile(r"\s*(?:目\s*[录錄次]|contents)\s*", re.IGNORECASE)


@dataclass(slots=True)
class _OpenCell:
    """A cell while rows below may still be merged with it."""

    column: int
    columns: int
    blocks: list[Block]
    shaded: bool
    rows: int = 1
    merged: bool = False
    origin: _OpenCell | None = None

    def closed(self) -> GridCell:
        """The cell as it is handed on."""
        source = self.origin or self
        return GridCell(self.column, tuple(source.blocks), source.rows, self.columns, self.merged, shaded=source.shaded)


@dataclass(slots=True)
class _Grid:
    """A table while it is read."""

    rows: list[tuple[list[_OpenCell], bool]] = field(default_factory=list)
    above: dict[int, _OpenCell] = field(default_factory=dict)

    def closed(self) -> Table:
        """The table as it is handed on."""
        rows = enumerate(self.rows, 1)
        return Table(tuple(Row(n, tuple(cell.closed() for cell in cells), header) for n, (cells, header) in rows))


class Body:
    """Reads the block elements of a part, in order; the numbering counts on through all of them."""

    def __init__(self, styles: Styles, numbering: Numbering, inline: Inline, name: str) -> None:
        self._styles = styles
        self._numbering = numbering
        self._inline = inline
        self._name = name
        self._carried: list[Run] = []
        """Letters of a paragraph whose end was deleted: they stand before those of the next."""

    def blocks(self, element: etree._Element, region: Region = Region.BODY, depth: int = 0) -> Iterator[Block]:
        """What one block element holds: its paragraphs and tables, with the boxes that are anchored in them."""
        if depth > _DEEPEST:
            raise ReadError(f"{self._name}: tables or boxes within each other: the limit is {_DEEPEST}")
        name = kind(element)
        if name == "w:p":
            yield from self._paragraph(element, region, depth)
        elif name == "w:tbl":
            yield self._table(element, region, depth)
        elif name == "w:sdt":
            content = child(element, "w:sdtContent")
            if content is not None and not is_placeholder(element):
                inner = Region.CONTENTS if _holds_contents(element) else region
                for part in content:
                    yield from self.blocks(part, inner, depth)
        elif name in _THROUGH:
            for part in element:
                yield from self.blocks(part, region, depth)

    # -- paragraphs ----------------------------------------------------------------------------------------------------

    def _paragraph(self, element: etree._Element, region: Region, depth: int) -> Iterator[Block]:
        properties = child(element, "w:pPr")
        named = value(properties, "w:pStyle")
        style = self._styles.paragraph(named)
        letters = self._inline.read(element, style)
        for box in letters.before:
            yield from self._box(box, region, depth)
        mark = child(properties, "w:rPr") if properties is not None else None
        joins = mark is not None and any(kind(change) in ("w:del", "w:moveFrom") for change in mark)
        runs, self._carried = [*self._carried, *letters.runs], []
        if joins:
            self._carried = runs
        elif runs or not (letters.before or letters.behind):
            yield self._made(properties, named, style, letters, runs, region, _uncounted(properties, mark, letters))
        for box in letters.behind:
            yield from self._box(box, region, depth)

    def _made(
        self,
        properties: etree._Element | None,
        named: str | None,
        style: Style,
        letters: Letters,
        runs: list[Run],
        region: Region,
        uncounted: bool,
    ) -> Paragraph:
        number, level = (None, None) if uncounted else self._number(properties, named, style)
        outline = outline_of(properties)
        outline = style.outline if outline is None else outline
        alignment = value(properties, "w:jc")
        contents = _CONTENTS.fullmatch("".join(run.text for run in runs)) or (runs and style.contents)
        region = Region.CONTENTS if contents and region == Region.BODY else region
        return Paragraph(
            tuple(run._replace(region=region) if region != Region.BODY else run for run in runs),
            page=letters.page,
            heading=outline if outline is not None and outline <= 9 and region == Region.BODY else None,
            list_level=level,
            number=number,
            centred=alignment == "center" if alignment else bool(style.centred),
            size=letters.size,
        )

    def _number(
        self, properties: etree._Element | None, named: str | None, style: Style
    ) -> tuple[str | None, int | None]:
        """The automatic number and the depth in its list: of the paragraph itself, else of its style."""
        own = child(properties, "w:numPr") if properties is not None else None
        numbering, level = value(own, "w:numId"), integer(value(own, "w:ilvl"))
        if numbering is None:
            numbering = style.numbering
            if numbering is not None and level is None:
                level = self._numbering.level_of_style(numbering, named)
        if numbering is None or numbering == "0":
            return None, None
        if level is None:
            level = style.level or 0
        number = self._numbering.next(numbering, level)
        return number, level + 1 if number else None

    def _box(self, box: etree._Element, region: Region, depth: int) -> Iterator[Block]:
        for part in box:
            for block in self.blocks(part, region, depth + 1):
                yield replace(block, framed=True) if isinstance(block, Paragraph) else block

    # -- tables --------------------------------------------------------------------------------------------------------

    def _table(self, element: etree._Element, region: Region, depth: int) -> Table:
        grid = _Grid()
        for row in _held(element, "w:tr"):
            self._row(row, grid, region, depth)
        return grid.closed()

    def _row(self, row: etree._Element, grid: _Grid, region: Region, depth: int) -> None:
        properties = child(row, "w:trPr")
        if properties is not None and child(properties, "w:del") is not None:
            return
        column = 1 + _count(value(properties, "w:gridBefore"), 0)
        cells: list[_OpenCell] = []
        for element in _held(row, "w:tc"):
            look = child(element, "w:tcPr")
            columns = _count(value(look, "w:gridSpan"), 1)
            merge = child(look, "w:vMerge") if look is not None else None
            goes_on = merge is not None and (attribute(merge, "val") or "continue") == "continue"
            origin = grid.above.get(column) if goes_on else None
            if look is not None and value(look, "w:hMerge") == "continue" and cells:
                cells[-1].columns += columns
            elif origin is not None:
                origin.rows += 1
                cells.append(_OpenCell(column, columns, [], False, merged=True, origin=origin))
            else:
                blocks = [block for part in element for block in self.blocks(part, region, depth + 1)]
                cells.append(_OpenCell(column, columns, blocks, _is_shaded(look)))
                grid.above[column] = cells[-1]
                if merge is None:
                    del grid.above[column]
            column += columns
        grid.rows.append((cells, properties is not None and bool(switch(properties, "w:tblHeader"))))


def _uncounted(properties: etree._Element | None, mark: etree._Element | None, letters: Letters) -> bool:
    """Whether Word gives a paragraph no number: one that is hidden, or that is nothing but the end of a section."""
    ends = properties is not None and child(properties, "w:sectPr") is not None
    return not letters.seen and (ends or bool(switch(mark, "w:vanish")))


def _held(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows or cells, also those within content controls and tracked insertions."""
    for inner in element:
        here = kind(inner)
        if here == name:
            yield inner
        elif here == "w:sdt" or (here in _THROUGH and here not in GONE):
            yield from _held(inner, name)


def _count(text: str | None, default: int) -> int:
    number = integer(text)
    return default if number is None else min(max(number, default), _MOST_COLUMNS)


def _is_shaded(look: etree._Element | None) -> bool:
    shade = child(look, "w:shd") if look is not None else None
    fill = attribute(shade, "fill") if shade is not None else None
    return bool(fill) and str(fill).lower() not in ("auto", "ffffff")


def _holds_contents(control: etree._Element) -> bool:
    properties = child(control, "w:sdtPr")
    gallery = (
        next((e for e in properties.iter() if kind(e) == "w:docPartGallery"), None) if properties is not None else None
    )
    return gallery is not None and "contents" in (attribute(gallery, "val") or "").lower()
