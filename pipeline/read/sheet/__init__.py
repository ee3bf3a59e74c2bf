"""Spreadsheets: each sheet is a table, its cells as they are shown.

A row is a line, its cells parted by tabs. Where a row names the columns, merged cells hold for each row that they reach
into, so that one row says all of one post. Hidden rows, columns and sheets are left out, and a warning says so.
"""

from __future__ import annotations

from pipeline.read.package import Package
from pipeline.read.parts import Extract
from pipeline.read.sheet import delimited, workbook
from pipeline.read.writer import Writer

__all__ = ["read_text", "read_workbook"]


def read_workbook(package: Package) -> Extract:
    """The text of an Excel workbook (.xlsx) with its layout. Raises ReadError."""
    book = workbook.Workbook(package)
    writer = Writer()
    for sheet in book.sheets():
        writer.table(sheet)
        writer.blank()
    text, layout = writer.done()
    left_out = " and ".join(sorted(book.left_out))
    return Extract(text, layout, (("left-out", f"{left_out} of the file were left out"),) if left_out else ())


def read_text(data: bytes, name: str) -> Extract:
    """The text of a CSV or TSV file with its layout. Raises ReadError, DecodeError as plain text does."""
    table, encoding, warnings = delimited.read(data, name)
    writer = Writer()
    writer.table(table)
    text, layout = writer.done()
    return Extract(text, layout, warnings, encoding)
