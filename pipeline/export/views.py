"""The formats that records are exported to, besides JSON and XML: views of a record, made from it and not read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline.export import (
    csv_format,
    hropen_format,
    jsonl_format,
    jsonld_format,
    markdown_format,
    parquet_format,
    sqlite_format,
    xlsx_format,
)
from pipeline.export.rows import Record

Write = Callable[[Iterable[Record], Path], None]


class Book(NamedTuple):
    """A format with all records in one file.

    `file` is the file's usual name; `grows` says that records are put into a file that is there, instead of replacing
    it; `check` raises a PipelineError for a record that the format cannot hold; `marked` writes with a byte-order mark;
    `extra` is what `pip install 'gangwei[EXTRA]'` must have installed.
    """

    name: str
    file: str
    about: str
    write: Write
    check: Callable[[Record], None] | None = None
    marked: Write | None = None
    grows: bool = False
    extra: str | None = None


class Page(NamedTuple):
    """A format with a file a record; `suffix` is what the file's name ends in."""

    name: str
    suffix: str
    about: str
    write: Callable[[Record], bytes]
    extra: str | None = None


VIEWS: tuple[Book | Page, ...] = (
    Book(
        "csv-roles",
        "roles.csv",
        "a row a role, lists a line each within a cell",
        csv_format.write_roles,
        marked=partial(csv_format.write_roles, mark=True),
    ),
    Book(
        "csv-entries",
        "entries.csv",
        "a row an item, paragraph or field",
        csv_format.write_entries,
        marked=partial(csv_format.write_entries, mark=True),
    ),
    Book("jsonl", "records.jsonl", "the records themselves, one a line", jsonl_format.write),
    Book(
        "xlsx",
        "records.xlsx",
        "a workbook: roles, entries, qualifications, corrections",
        xlsx_format.write,
        check=xlsx_format.check,
        extra="excel",
    ),
    Book(
        "sqlite",
        "records.sqlite",
        "a database that each run brings up to date; its tables are in docs/sqlite.md",
        sqlite_format.write,
        grows=True,
    ),
    Book("parquet", "records.parquet", "a row a role, entries nested in it", parquet_format.write, extra="parquet"),
    Page("markdown", ".md", "a readable page a document", markdown_format.write),
    Page("jsonld", ".jsonld", "schema.org: a node of type Occupation a role", jsonld_format.write),
    Page("hropen", ".hropen.xml", "HR Open style: a PositionProfile a role", hropen_format.write),
)
"""In the order in which they are listed."""
