"""What `gangwei export` does: records that were parsed before, written in another format."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import click

from pipeline import outputs
from pipeline.errors import PipelineError, ReadError
from pipeline.export import WRITERS
from pipeline.export.rows import Record
from pipeline.export.views import VIEWS, Book, Page
from pipeline.inputs import EXPORTS, QUARANTINE
from pipeline.model import Document
from pipeline.names import STDIO, readable
from pipeline.terminal import complain

_RECORD = ".json"


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported, a folder of records or one record's file, and how.

    `out` is a file, a folder or standard output; None is a folder below the records. `mark` asks for a byte-order mark.
    """

    source: Path
    view: Book | Page
    out: Path | None = None
    mark: bool = False

    @property
    def folder(self) -> Path:
        """Where files go when nothing else is said."""
        return (self.source if self.source.is_dir() else self.source.parent) / EXPORTS


class _Tally:
    """How many records were written, and how many not."""

    def __init__(self) -> None:
        self.exported = self.failed = 0

    def fail(self, error: PipelineError) -> None:
        """Tell of what is left out."""
        self.failed += 1
        complain(error)


def view(name: str) -> Book | Page:
    """The format of a name of VIEWS."""
    return next(each for each in VIEWS if each.name == name)


def run(export: Export, quiet: bool = False) -> int:
    """Write the records in the format; the exit code.

    A record that is broken, or that the format cannot hold, is told of and left out. Raises ReadError where there is no
    record at all, WriteError, MissingPackageError, and LimitError for more than one file of the format holds.
    """
    tally = _Tally()
    found = _find(export.source, tally)
    if not found and not tally.failed:
        raise ReadError(f"{export.source}: no record in it; `gangwei parse` writes them as NAME.json")
    records = _records(found, tally)
    if isinstance(export.view, Book):
        _book(export, export.view, records, tally)
    else:
        _pages(export, export.view, records, tally)
    if not quiet:
        click.echo(f"{tally.exported} exported, {tally.failed} failed", err=True)
    return 1 if tally.failed else 0


# -- records ----------------------------------------------------------------------------------------------------------


def _find(source: Path, tally: _Tally) -> list[tuple[str, Path]]:
    """Names and paths of the records in a folder and its sub-folders, in a fixed order; or of the one file."""
    if not source.is_dir():
        return [(readable(source.stem), source)]
    out: list[tuple[str, Path]] = []
    errors: list[OSError] = []
    for folder, folders, names in os.walk(source, onerror=errors.append):
        own = (QUARANTINE, EXPORTS) if Path(folder) == source else ()
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in own)
        paths = (Path(folder, name) for name in sorted(names) if name.endswith(_RECORD) and not name.startswith("."))
        out += [(readable(path.relative_to(source).with_suffix("").as_posix()), path) for path in paths]
    for error in errors:
        tally.fail(ReadError(f"{error.filename}: {error.strerror}"))
    return out


def _records(found: list[tuple[str, Path]], tally: _Tally) -> Iterator[Record]:
    for name, path in found:
        try:
            yield Record(name, _read(path))
        except PipelineError as error:
            tally.fail(error)


def _read(path: Path) -> Document:
    """A record, held against the published schema. Raises ReadError, and InvalidRecordError which names the place."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror}") from error
    WRITERS["json"].check(data, str(path))
    return WRITERS["json"].read(data)


# -- one file for all -------------------------------------------------------------------------------------------------


def _book(export: Export, book: Book, records: Iterator[Record], tally: _Tally) -> None:
    """Write all records that can be; where there is none, nothing is written."""
    good = _held(book, records, tally)
    first = next(good, None)
    if first is None:
        return
    good = chain([first], good)
    write = book.marked if export.mark and book.marked else book.write
    if str(export.out) == STDIO:
        with tempfile.TemporaryDirectory(prefix="gangwei-") as folder:
            part = Path(folder, book.file)  # workbooks and databases are not written from front to back
            write(good, part)
            with part.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
        return
    target = export.out or export.folder
    target = target / book.file if export.out is None or target.is_dir() else target
    with outputs.occupied(target.parent, lambda: outputs.sweep([target.parent])):
        if book.grows and target.exists() and outputs.is_inside(target.parent, target):
            write(good, target)
        else:
            with outputs.whole(target.parent, target.name) as part:
                write(good, part)


def _held(book: Book, records: Iterator[Record], tally: _Tally) -> Iterator[Record]:
    """The records that a format can hold."""
    for record in records:
        try:
            if book.check:
                book.check(record)
        except PipelineError as error:
            tally.fail(error)
        else:
            tally.exported += 1
            yield record


# -- a file a record --------------------------------------------------------------------------------------------------


def _pages(export: Export, page: Page, records: Iterator[Record], tally: _Tally) -> None:
    """Write each record that can be."""
    for record in records:
        try:
            _page(export, page, record)
        except PipelineError as error:
            tally.fail(error)
        else:
            tally.exported += 1


def _page(export: Export, page: Page, record: Record) -> None:
    data, out = page.write(record), export.out or export.folder
    if str(export.out) == STDIO:
        sys.stdout.buffer.write(data)
    elif export.out is not None and not export.source.is_dir() and not out.is_dir():
        outputs.write(out.parent, out.name, {"": data})
    else:
        outputs.write(out, record.name, {page.suffix: data})
