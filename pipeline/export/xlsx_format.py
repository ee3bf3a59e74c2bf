"""Excel: a workbook of four sheets for people to read, sort and filter. Needs the extra `excel`.

Every text is a string cell, whatever it begins with, and is written whole or not at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import InvalidRecordError, LimitError, MissingPackageError
from pipeline.export.characters import visible
from pipeline.export.flatten import correction_rows, qualification_rows, role_rows, tree_rows
from pipeline.export.rows import Record
from pipeline.model import Category, Kind, wording

LONGEST = 32_767
"""UTF-16 code units that an Excel cell holds."""
MOST_ROWS = 1_048_576
"""Rows that an Excel sheet holds, its header included."""

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CREATED = datetime(2000, 1, 1)
"""Of all workbooks, or the same records would not be the same bytes."""
_LINE, _HIGHEST = 16, 409
"""Points of a line, and of the highest row that Excel has."""
_HAN, _LATIN = 2.2, 1.1
"""Widths of characters in the unit of columns, with something to spare."""
_Row = tuple[Any, ...]


class Sheet(NamedTuple):
    """A sheet: the titles of its columns with their widths in characters, and the rows of a record in it."""

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: Callable[[Record], Iterator[_Row]]


def _roles(record: Record) -> Iterator[_Row]:
    for row, role in zip(role_rows(record), record.document.roles, strict=True):
        asked = role.qualifications
        facts = (wording.education(asked.education), tuple(wording.experience(e) for e in asked.experience))
        counts = (len(role.duties), len(role.requirements), len(role.qualities))
        profile = (getattr(row, name) for name in wording.PROFILE)
        age = wording.age(asked.age) if asked.age else None
        occupation = (row.occupation_code, row.occupation)
        yield (
            row.role,
            row.title,
            row.heading,
            *profile,
            *occupation,
            *facts,
            age,
            row.gender,
            *counts,
            row.confidence,
        )


def _entries(record: Record) -> Iterator[_Row]:
    for row in tree_rows(record).entries:
        kind, form = wording.KINDS[Kind(row.kind)], wording.LABELS[row.type]
        yield (row.role, row.title, row.heading, kind, form, row.marker, row.name, row.text, row.confidence)


def _qualifications(record: Record) -> Iterator[_Row]:
    for row in qualification_rows(record):
        about, preferred = wording.ASKED[row.about], "优先" if row.preferred else None
        years = (row.least, row.most, row.preferred_years)
        yield (row.role, row.title, about, row.name, row.level, *years, row.full_time, preferred)


def _corrections(record: Record) -> Iterator[_Row]:
    for row in correction_rows(record):
        made, category = wording.MADE if row.made else wording.SUGGESTED, wording.CATEGORIES[Category(row.category)]
        change = (row.original, row.replacement, category, row.confidence, row.rule, row.evidence)
        yield (row.document, made, *change, row.span_start, row.span_end)


SHEETS = (
    Sheet(
        "roles",
        (
            ("编号", 24),
            ("岗位", 18),
            ("标题", 26),
            *((title, 30 if name in ("authority", "function") else 14) for name, title in wording.PROFILE.items()),
            (f"{wording.OCCUPATION}代码", 12),
            (wording.OCCUPATION, 22),
            ("学历", 24),
            ("经验", 22),
            ("年龄", 10),
            ("性别", 8),
            ("职责数", 8),
            ("要求数", 8),
            ("素质数", 8),
            (wording.CONFIDENCE, 8),
        ),
        _roles,
    ),
    Sheet(
        "entries",
        (
            ("编号", 24),
            ("岗位", 18),
            ("小标题", 20),
            ("类别", 8),
            ("形式", 8),
            ("序号", 8),
            ("名称", 14),
            ("内容", 80),
            (wording.CONFIDENCE, 8),
        ),
        _entries,
    ),
    Sheet(
        "qualifications",
        (
            ("编号", 24),
            ("岗位", 18),
            ("项目", 8),
            ("内容", 40),
            ("程度", 10),
            ("最低（年/岁）", 12),
            ("最高（年/岁）", 12),
            ("优先年限", 10),
            ("全日制", 8),
            ("优先", 8),
        ),
        _qualifications,
    ),
    Sheet(
        "corrections",
        (
            ("文件", 24),
            ("状态", 8),
            ("原文", 24),
            ("改为", 24),
            ("类别", 12),
            (wording.CONFIDENCE, 8),
            ("规则", 18),
            ("依据", 60),
            ("起", 8),
            ("止", 8),
        ),
        _corrections,
    ),
)


# -- limits -----------------------------------------------------------------------------------------------------------


def check(record: Record) -> None:
    """Raises LimitError for a text that no cell holds, InvalidRecordError for what is no Unicode or no finite number."""
    _checked(record)


def _checked(record: Record) -> list[list[_Row]]:
    """The rows of a record in each sheet; raises what `check` raises."""
    found = [list(sheet.rows(record)) for sheet in SHEETS]
    for sheet, rows in zip(SHEETS, found, strict=True):
        for row in rows:
            for (title, _), value in zip(sheet.columns, row, strict=True):
                _check_cell(value, f"{record.name}: {row[0]}, {sheet.name}, {title}")
    return found


def _check_cell(value: Any, where: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidRecordError(f"{where}: {value} is no number that Excel has")
    if isinstance(value, str | tuple):
        try:
            units = len(_text(value).encode("utf-16-le")) // 2
        except UnicodeEncodeError as error:
            raise InvalidRecordError(f"{where}: cannot be written as Excel: {error}") from error
        if units > LONGEST:
            raise LimitError(f"{where}: {units:,} characters, of which an Excel cell holds {LONGEST:,}")


def _text(value: str | tuple[str, ...]) -> str:
    return visible("\n".join(value) if isinstance(value, tuple) else value)


def _lines(value: Any, width: int) -> int:
    """About how many lines a cell takes in a column of some width."""
    if not isinstance(value, str | tuple):
        return 1
    texts = value if isinstance(value, tuple) else value.split("\n")
    return sum(math.ceil(max(1.0, sum(_HAN if c > "\u2000" else _LATIN for c in text) / width)) for text in texts)


# -- the workbook -----------------------------------------------------------------------------------------------------


def write(records: Iterable[Record], target: Path) -> None:
    """A workbook of all records, the file replaced; rows of one record at a time are held in memory.

    Raises what `check` raises, LimitError for more rows than a sheet has, MissingPackageError without the extra, OSError.
    """
    xlsxwriter = _package()
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    book.set_properties({"title": "岗位", "created": _CREATED})
    try:
        tables = [_Table(book, sheet) for sheet in SHEETS]
        for record in records:
            for table, rows in zip(tables, _checked(record), strict=True):
                table.add(rows)
        for table in tables:
            table.finish()
    finally:
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            cause = error.__cause__
            raise OSError(getattr(cause, "errno", 0), getattr(cause, "strerror", None) or str(error)) from error


def _package() -> Any:
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingPackageError("Excel needs the package xlsxwriter: pip install 'gangwei[excel]'") from error
    return xlsxwriter


class _Table:
    """A sheet that is being filled."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self._sheet, self._next = sheet, 1
        self._page = page = book.add_worksheet(sheet.name)
        text = {"text_wrap": True, "valign": "top"}
        self._plain = book.add_format(text)
        self._share = book.add_format(text | {"num_format": "0.00"})
        self._quoted = book.add_format(text | {"quote_prefix": True})
        page.freeze_panes(1, 2)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        head = book.add_format({"bold": True, "valign": "top", "bg_color": "#DDE6F0", "bottom": 1, "text_wrap": True})
        for at, (title, width) in enumerate(sheet.columns):
            page.set_column(at, at, width)
            page.write_string(0, at, title, head)

    def add(self, rows: Iterable[_Row]) -> None:
        """The rows of a record."""
        for row in rows:
            if self._next >= MOST_ROWS:
                raise LimitError(f"{self._sheet.name}: more than {MOST_ROWS:,} rows, which an Excel sheet cannot hold")
            lines = max(_lines(value, width) for value, (_, width) in zip(row, self._sheet.columns, strict=True))
            if lines > 1:  # Excel would see to it by itself, other programs show the first line only
                self._page.set_row(self._next, min(lines * _LINE, _HIGHEST))
            for at, value in enumerate(row):
                self._cell(at, value)
            self._next += 1

    def finish(self) -> None:
        """Let the rows be filtered, now that it is known how many they are."""
        self._page.autofilter(0, 0, self._next - 1, len(self._sheet.columns) - 1)

    def _cell(self, at: int, value: Any) -> None:
        if value is None or value == "" or value == ():
            return
        if isinstance(value, bool):
            value = "是" if value else "否"
        if isinstance(value, int | float):
            share = self._sheet.columns[at][0] == wording.CONFIDENCE
            self._page.write_number(self._next, at, value, self._share if share else self._plain)
            return
        text = _text(value)
        # The prefix keeps a text a text when somebody edits its cell: Excel would read it anew.
        self._page.write_string(self._next, at, text, self._quoted if text.startswith(_FORMULA) else self._plain)
