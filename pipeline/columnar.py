"""Parquet as a stream: rows in as if each were a line of JSON, records out, a row each. Needs the extra `parquet`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson

from pipeline.errors import LimitError, MissingPackageError, ReadError
from pipeline.streams import Line, whole

if TYPE_CHECKING:
    from pipeline.lines import Made

SUFFIX = ".parquet"
_ROWS = 256
"""Rows that are taken out of a file at a time."""
_GROUP = 1 << 25
"""Bytes of records that are held in memory and written as one row group."""


# -- in ---------------------------------------------------------------------------------------------------------------


def lines(path: Path, fields: Sequence[str], most: int) -> Iterator[Line]:
    """The rows of a file, each as the line of JSON that says the same; see `lines_in`. Raises MissingPackageError."""
    return lines_in(lambda: path.open("rb"), str(path), fields, most)


def lines_in(
    open_raw: Callable[[], AbstractContextManager[IO[bytes]]],
    where: str,
    fields: Sequence[str],
    most: int,
    first: int = 0,
    last: int | None = None,
) -> Iterator[Line]:
    """Rows `first` to `last` of a Parquet file, from 0 and half-open, as lines of JSON with the columns of `fields`.

    A field `a.b` is in the column `a`. Of a row of more than `most` bytes a LimitError stands there, of one that JSON
    cannot hold a ReadError. Where the file cannot be read on, a ReadError stands for the rest.
    """
    arrow, parquet = packages(where)
    number = first
    try:
        with open_raw() as raw, parquet.ParquetFile(raw) as file:
            for row in _rows(file, {field.partition(".")[0] for field in fields}, first, last):
                number += 1
                yield _line(row, where, number, most)
    except (OSError, ValueError, arrow.ArrowException) as error:
        why = getattr(error, "strerror", None) or error
        yield Line(where, number + 1, b"", ReadError(f"{where}: cannot be read behind row {number}: {why}"))


def packages(where: object) -> tuple[Any, Any]:
    """The modules `pyarrow` and `pyarrow.parquet`. Raises MissingPackageError, which names `where`."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingPackageError(f"{where}: needs the package pyarrow: pip install 'gangwei[parquet]'") from error
    return pyarrow, pyarrow.parquet


def _rows(file: Any, names: set[str], first: int, last: int | None) -> Iterator[Callable[[], dict[str, Any]]]:
    """The rows of the row groups that hold them; each is made when asked for, since one that is broken raises."""
    columns = [name for name in file.schema_arrow.names if name in names]
    last = file.metadata.num_rows if last is None else last
    groups, start, skipped = [], 0, 0
    for group in range(file.num_row_groups):
        end = start + file.metadata.row_group(group).num_rows
        if end <= first:
            skipped = end
        elif start < last:
            groups.append(group)
        start = end
    number = skipped
    for batch in file.iter_batches(batch_size=_ROWS, row_groups=groups, columns=columns, use_threads=False):
        for i in range(max(first - number, 0), min(last - number, batch.num_rows)):
            yield partial(_row, batch, columns, i)
        number += batch.num_rows


def _row(batch: Any, columns: Sequence[str], i: int) -> dict[str, Any]:
    return {name: batch[name][i].as_py() for name in columns}


def _line(row: Callable[[], dict[str, Any]], where: str, number: int, most: int) -> Line:
    try:
        data = orjson.dumps(row())
    except (TypeError, ValueError) as error:  # a type that JSON lacks; bytes that are no UTF-8
        return Line(where, number, b"", ReadError(f"{where}:{number}: no text or number: {error}"))
    if len(data) > most:
        return Line(where, number, b"", LimitError(f"{where}:{number}: over the limit of {most:,} bytes"))
    return Line(where, number, data)


# -- out --------------------------------------------------------------------------------------------------------------


class Writer:
    """Writes records into a Parquet file: columns `name`, `roles` (their number) and `record`, the record as JSON."""

    def __init__(self, raw: IO[bytes], where: object) -> None:
        self._arrow, parquet = packages(where)
        arrow = self._arrow
        types = (("name", arrow.string()), ("roles", arrow.int32()), ("record", arrow.string()))
        self._schema = arrow.schema([arrow.field(name, kind, nullable=False) for name, kind in types])
        self._file = parquet.ParquetWriter(raw, self._schema, compression="zstd")
        self._held: list[Made] = []
        self._size = 0

    def write(self, made: Made) -> None:
        """Add a record. Raises OSError."""
        self._held.append(made)
        self._size += len(made.record)
        if self._size >= _GROUP:
            self._flush()

    def close(self) -> None:
        """Write what is held, and the end of the file. Raises OSError."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        if self._held:
            columns = [
                [made.name for made in self._held],
                [made.roles for made in self._held],
                [made.record.removesuffix(b"\n") for made in self._held],
            ]
            arrays = [self._arrow.array(c, field.type) for c, field in zip(columns, self._schema, strict=True)]
            self._file.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
            self._held, self._size = [], 0


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A file of records that is there once it is whole, as that of `streams.writing` is. Raises as it does."""
    packages(path)
    with whole(path) as raw:
        writer = Writer(raw, path)
        try:
            yield writer
        finally:
            writer.close()
