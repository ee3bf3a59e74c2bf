"""Tables as text: fields parted by commas, tabs, semicolons or bars, quoted where they hold such."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from pipeline.errors import ReadError
from pipeline.read import plain
from pipeline.read.parts import GridCell, Paragraph, Row, Run, Table

_DELIMITERS = ",\t;|，"
_TOLD = re.compile(r"sep=(.)\r?\n")
"""The line in which Excel says what parts its fields."""
_TRIED = 40
"""Rows by which the delimiter is told."""
_MOST_CELLS = 1_000_000


def read(data: bytes, name: str) -> tuple[Table, str, tuple[tuple[str, str], ...]]:
    """The table, the encoding of its bytes and warnings. Raises ReadError, DecodeError."""
    found = plain.decode(data, name)
    text = found.text.removeprefix("\ufeff")
    told = _TOLD.match(text)
    delimiter = told[1] if told else _delimiter(text)
    rows: list[Row] = []
    cells = 0
    try:
        for number, fields in enumerate(_parsed(text[told.end() :] if told else text, delimiter), 1):
            cells += len(fields)
            if cells > _MOST_CELLS:
                raise ReadError(f"{name}: too large: the limit is {_MOST_CELLS:,} cells")
            rows.append(Row(number, tuple(_cell(n, field) for n, field in enumerate(fields, 1))))
    except csv.Error as error:
        raise ReadError(f"{name}: not readable as a table: {error}") from error
    return Table(tuple(rows)), found.encoding, found.warnings


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _cell(column: int, field: str) -> GridCell:
    text = field.replace("\r\n", "\n").replace("\r", "\n").strip()
    return GridCell(column, (Paragraph((Run(text),)),))


def _delimiter(text: str) -> str:
    """The one that gives most rows one and the same number of fields, and many of them; a comma where none does."""
    best, most = ",", 0.0
    for delimiter in _DELIMITERS:
        counts: Counter[int] = Counter()
        try:
            for fields, _ in zip(_parsed(text, delimiter), range(_TRIED), strict=False):
                counts[len(fields)] += any(field.strip() for field in fields)
        except csv.Error:
            continue
        wide = [(n * min(size, 8), size) for size, n in counts.items() if size > 1]
        if wide and max(wide)[0] > most:
            best, most = delimiter, max(wide)[0]
    return best
