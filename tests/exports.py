"""What the exports of the seed say, as text that people can review; `python -m tests.exports` writes the golden files."""

from __future__ import annotations

import json
import re
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from pipeline.errors import MissingPackageError
from pipeline.export import parse_record
from pipeline.export.rows import Record
from pipeline.export.views import VIEWS, Book, Page

ROOT = Path(__file__).parents[1]
NAME = "客户经理岗位职责"
GOLDEN = ROOT / "tests" / "golden-exports"
RECORD = ROOT / "tests" / "golden" / f"{NAME}.json"


def seed() -> Record:
    """The golden record of the seed."""
    return Record(NAME, parse_record(RECORD.read_bytes(), "json"))


def golden(view: Book | Page) -> Path:
    """The golden file of a format: what it writes, or a text of it where that is binary."""
    if isinstance(view, Page):
        return GOLDEN / f"{NAME}{view.suffix}"
    return GOLDEN / (view.file + {"xlsx": ".txt", "sqlite": ".sql", "parquet": ".jsonl"}.get(view.name, ""))


def written(view: Book | Page, *records: Record) -> bytes:
    """The bytes of a format; those of one record where it writes a file a record."""
    if isinstance(view, Page):
        return view.write(records[0])
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, view.file)
        view.write(records, target)
        return target.read_bytes()


def as_text(view: Book | Page, data: bytes) -> bytes:
    """What a format wrote, as text: packing and pages of binary ones differ with the version of their library."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        readers = {"xlsx": _workbook, "sqlite": _database, "parquet": _columns}
        return readers[view.name](path).encode() if view.name in readers else data


def _workbook(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    return "".join(f"-- {name}\n{_lines(text)}\n" for name, text in parts.items())


def _lines(xml: str) -> str:
    """A line an element, but a row of a sheet on one."""
    rows = r"(?<=>)(?=<row |</sheetData>)"
    return re.sub(rows, "\n", xml) if "<sheetData>" in xml else xml.replace("><", ">\n<")


def _database(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return "\n".join([*database.iterdump(), ""])


def _columns(path: Path) -> str:
    from pyarrow import parquet

    table = parquet.read_table(path)
    schema = {field.name: str(field.type) for field in table.schema}
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (schema, *table.to_pylist()))


def main() -> None:
    """Write the golden files anew, but for formats whose extra is not installed."""
    GOLDEN.mkdir(exist_ok=True)
    for view in VIEWS:
        try:
            golden(view).write_bytes(as_text(view, written(view, seed())))
        except MissingPackageError as error:
            print(f"{golden(view).name} is left as it was: {error}")


if __name__ == "__main__":
    main()
