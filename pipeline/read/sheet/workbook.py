"""An Excel workbook, read part by part: no sheet is held as a tree, so what a sheet claims as its size costs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from pipeline.read.package import Package, attribute, child, integer, kind, switch
from pipeline.read.parts import GridCell, Paragraph, Row, Run, Table
from pipeline.read.sheet import formats

_CELLS = 2
"""Levels of a sheet at which rows, merged ranges and columns stand."""
_MOST_CELLS = 1_000_000
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


class _Value(NamedTuple):
    """What a cell shows."""

    text: str
    bold: bool = False


class _Merge(NamedTuple):
    """A merged range; rows and columns count from 1, both ends are in it."""

    top: int
    left: int
    bottom: int
    right: int


class _Format(NamedTuple):
    """How cells of one style show numbers."""

    id: int
    code: str | None
    bold: bool


@dataclass(slots=True)
class _Sheet:
    """The cells of a sheet that are seen and not empty, by row and column."""

    rows: dict[int, dict[int, _Value]] = field(default_factory=dict)
    merges: list[_Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


class Workbook:
    """The visible sheets of a workbook; `left_out` says what is not among them. Raises ReadError."""

    def __init__(self, package: Package) -> None:
        main = package.related("", "officeDocument")
        if main is None:
            raise package.refusal("a damaged container: it names no workbook")
        self._package = package
        self._main = main
        self._formats = list(self._styles(package.related(main, "styles")))
        self._strings = list(self._shared(package.related(main, "sharedStrings")))
        self._from_1904 = False
        self._cells = 0
        self.left_out: set[str] = set()

    def sheets(self) -> Iterator[Table]:
        """The sheets in their order, each as a table."""
        targets = {r.id: r.target for r in self._package.relations(self._main) if r.type == "worksheet"}
        root = self._package.root(self._main)
        properties = child(root, "x:workbookPr")
        self._from_1904 = properties is not None and attribute(properties, "date1904") in ("1", "true")
        listed = child(root, "x:sheets")
        for sheet in listed if listed is not None else ():
            target = targets.get(attribute(sheet, "id") or "")
            if target is None or target not in self._package:
                continue
            if (attribute(sheet, "state") or "visible") != "visible":
                self.left_out.add("hidden sheets")
                continue
            yield self._table(self._sheet(target))

    # -- parts that sheets refer to ------------------------------------------------------------------------------------

    def _shared(self, part: str | None) -> Iterator[str]:
        for entry in self._package.elements(part, 1) if part else ():
            yield _rich(entry)

    def _styles(self, part: str | None) -> Iterator[_Format]:
        if part is None:
            return
        root = self._package.root(part)
        parts = {kind(element): element for element in root}
        codes = {attribute(f, "numFmtId"): attribute(f, "formatCode") for f in parts.get("x:numFmts", ())}
        bold = [bool(switch(font, "x:b")) for font in parts.get("x:fonts", ())]
        for look in parts.get("x:cellXfs", ()):
            number, font = integer(attribute(look, "numFmtId")) or 0, integer(attribute(look, "fontId")) or 0
            yield _Format(number, codes.get(str(number)), 0 <= font < len(bold) and bold[font])

    # -- one sheet -----------------------------------------------------------------------------------------------------

    def _sheet(self, part: str) -> _Sheet:
        sheet = _Sheet()
        last = 0
        for element in self._package.elements(part, _CELLS):
            name = kind(element)
            if name == "x:row":
                last = integer(attribute(element, "r")) or last + 1
                self._row(sheet, last, element)
            elif name == "x:mergeCell" and (merge := _merge(attribute(element, "ref"))):
                sheet.merges.append(merge)
            elif name == "x:col" and attribute(element, "hidden") in ("1", "true"):
                first, behind = integer(attribute(element, "min")), integer(attribute(element, "max"))
                sheet.hidden_columns.append((first or 0, behind or 0))
        return sheet

    def _row(self, sheet: _Sheet, number: int, element: etree._Element) -> None:
        if attribute(element, "hidden") in ("1", "true"):
            sheet.hidden_rows.add(number)
            if len(element):
                self.left_out.add("hidden rows")
            return
        column = 0
        for cell in element:
            place = _place(attribute(cell, "r"))
            column = place[1] if place else column + 1
            value = self._value(cell)
            if not value.text.strip():
                continue
            if any(first <= column <= last for first, last in sheet.hidden_columns):
                self.left_out.add("hidden columns")
                continue
            self._cells += 1
            if self._cells > _MOST_CELLS:
                raise self._package.refusal(f"too large: the limit is {_MOST_CELLS:,} cells")
            sheet.rows.setdefault(number, {})[column] = value

    def _value(self, cell: etree._Element) -> _Value:
        type_ = attribute(cell, "t") or "n"
        if type_ == "inlineStr":
            inner = child(cell, "x:is")
            return _Value(_rich(inner) if inner is not None else "")
        stored = child(cell, "x:v")
        text = (stored.text or "") if stored is not None else ""
        style = integer(attribute(cell, "s")) or 0
        look = self._formats[style] if 0 <= style < len(self._formats) else _Format(0, None, False)
        if type_ == "s":
            index = integer(text)
            return _Value(
                self._strings[index] if index is not None and 0 <= index < len(self._strings) else "", look.bold
            )
        if type_ == "b":
            text = "TRUE" if text == "1" else "FALSE"
        elif type_ == "n" and text:
            text = formats.shown(text, look.id, look.code, self._from_1904)
        return _Value(text, look.bold)

    def _table(self, sheet: _Sheet) -> Table:
        """The sheet as a table of the columns that hold anything."""
        merges = {(m.top, m.left): m for m in sheet.merges}
        columns = sorted({column for row in sheet.rows.values() for column in row})
        over: dict[int, dict[int, _Merge]] = {}
        for merge in merges.values():
            for row in range(merge.top, min(merge.bottom, merge.top + 1000) + 1):
                if row in sheet.rows or row == merge.top:
                    over.setdefault(row, {}).update({c: merge for c in columns if merge.left <= c <= merge.right})
        return Table(tuple(_shown_row(sheet, n, columns, over.get(n, {})) for n in sorted(sheet.rows)))


def _shown_row(sheet: _Sheet, number: int, columns: list[int], over: dict[int, _Merge]) -> Row:
    cells = []
    for column in columns:
        merge = over.get(column)
        if merge is None:
            cells.append(GridCell(column, _blocks(sheet.rows[number].get(column))))
        elif column == merge.left or column == min(c for c in columns if c >= merge.left):
            value = sheet.rows.get(merge.top, {}).get(merge.left)
            rows, wide = merge.bottom - merge.top + 1, merge.right - merge.left + 1
            cells.append(GridCell(column, _blocks(value), rows, wide, merged=number > merge.top))
    return Row(number, tuple(cells))


def _blocks(value: _Value | None) -> tuple[Paragraph, ...]:
    if value is None:
        return ()
    text = value.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return (Paragraph((Run(text, value.bold),)),)


def _rich(entry: etree._Element) -> str:
    """A string with its runs; how it is pronounced, which Japanese files note, is no part of it."""
    out = []
    for part in entry:
        if kind(part) == "x:t":
            out.append(part.text or "")
        elif kind(part) == "x:r" and (text := child(part, "x:t")) is not None:
            out.append(text.text or "")
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: "\n" if m[1].upper() in ("000D", "000A") else m[0], "".join(out))


def _place(reference: str | None) -> tuple[int, int] | None:
    """Row and column of "B12"."""
    m = _REFERENCE.fullmatch(reference or "")
    if m is None:
        return None
    column = 0
    for letter in m[1]:
        column = column * 26 + ord(letter) - 64
    return int(m[2]), column


def _merge(reference: str | None) -> _Merge | None:
    first, _, last = (reference or "").partition(":")
    a, b = _place(first), _place(last)
    if a is None or b is None or a > b:
        return None
    return _Merge(a[0], a[1], b[0], max(a[1], b[1]))
