"""Inputs are found, and cut into units: the same units in every run, so that one run goes on where another stopped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any, NamedTuple

from pipeline import columnar, streams
from pipeline.cluster import storage
from pipeline.cluster.plan import ClusterPlan, Found, Unit
from pipeline.cluster.storage import Place
from pipeline.errors import ReadError

_LINES = (".parquet", ".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst")
"""What files of postings end in, in a folder; one that is named itself may end in anything."""
_TOGETHER = 32
"""Documents of a unit, on average."""
_CHUNK = 1 << 20
_ODD = re.compile(r"[^\w.-]+")


class Source(NamedTuple):
    """A file of postings, or a folder of documents (`files`; None of the former)."""

    place: Place
    file: Found
    files: tuple[Found, ...] | None = None


def sources(place: Place, out: Place, lines: bool) -> Iterator[Source]:
    """What there is to parse at a place: itself, or the files below it that are not hidden nor in the output folder.

    Raises ReadError where it cannot be looked at.
    """
    found = list(_files(place, out))
    if not lines:
        yield Source(place, Found(place.path, 0, 0), tuple(found))
        return
    for file in found:
        if file.path == place.path or file.path.lower().endswith(_LINES):
            yield Source(place, file)


def _files(place: Place, out: Place) -> Iterator[Found]:
    from pyarrow.fs import FileSelector, FileType

    try:
        (info,) = place.filesystem.get_file_info([place.path])
        if info.type == FileType.NotFound:
            raise ReadError(f"{place.path}: no such file or folder")
        whole = [info]
        if info.type == FileType.Directory:
            whole = place.filesystem.get_file_info(FileSelector(place.path, recursive=True))
    except (OSError, ValueError) as error:
        raise ReadError(f"{place.path}: {storage.problem(error)}") from error
    base = place.path.rstrip("/") + "/"
    for info in sorted(whole, key=lambda info: str(info.path)):
        below = info.path.removeprefix(base)
        hidden = info.path != place.path and any(part.startswith(".") for part in below.split("/"))
        own = out.filesystem.equals(place.filesystem) and f"{info.path}/".startswith(out.path.rstrip("/") + "/")
        if info.type == FileType.File and not hidden and not own:
            yield Found(info.path, info.size or 0, info.mtime_ns or 0)


# -- cutting ----------------------------------------------------------------------------------------------------------


def cut(source: Source, plan: ClusterPlan) -> Iterator[Unit]:
    """The units of a source. What cannot be read is one unit, whose work tells why. Raises MissingPackageError."""
    if source.files is not None:
        yield from _of_documents(source, source.files)
    elif source.file.path.endswith(columnar.SUFFIX):
        yield from _of_rows(source, plan)
    else:
        yield from _of_lines(source, plan)


def _of_documents(source: Source, files: Iterable[Found]) -> Iterator[Unit]:
    """Some files each. Where one ends is said by the files' own names: one more or less changes no unit but its own."""
    together: list[Found] = []
    for file in files:
        together.append(file)
        if int(_digest(file.path.removeprefix(source.place.path)), 16) % _TOGETHER == 0:
            yield _documents(source, together)
            together = []
    if together:
        yield _documents(source, together)


def _documents(source: Source, together: list[Found]) -> Unit:
    name = f"{_stem(source.place.path)}-{_digest(source.place.path)[:12]}-{_digest(together[0].path)[:16]}"
    return Unit(name, source.place.path, tuple(together))


def _of_rows(source: Source, plan: ClusterPlan) -> Iterator[Unit]:
    """Rows of a Parquet file, by the mean size of their text."""
    arrow, parquet = columnar.packages(source.file.path)
    rows, size = 0, 0
    try:
        with storage.reading(Place(source.place.filesystem, source.file.path)) as raw, parquet.ParquetFile(raw) as file:
            rows = file.metadata.num_rows
            size = sum(_size(file.metadata.row_group(i), plan) for i in range(file.num_row_groups))
    except (OSError, ValueError, arrow.ArrowException):
        pass  # whoever works on it will tell
    step = max(1, rows * plan.size_of_unit(size) // max(size, 1))
    for number, first in enumerate(range(0, max(rows, 1), step)):
        last = first + step
        yield _part(source, number, first, None if last >= rows else last)


def _size(group: Any, plan: ClusterPlan) -> int:
    """Bytes of the texts in a row group."""
    columns = (group.column(i) for i in range(group.num_columns))
    wanted = plan.of_lines.text_field.partition(".")[0]
    return sum(c.total_uncompressed_size for c in columns if c.path_in_schema.partition(".")[0] == wanted)


def _of_lines(source: Source, plan: ClusterPlan) -> Iterator[Unit]:
    """Lines of a file, by their bytes; packed ones are unpacked for that."""
    place = Place(source.place.filesystem, source.file.path)
    suffix = PurePosixPath(source.file.path).suffix
    is_packed = suffix in (streams.GZIP, streams.ZSTD)
    number, first, offset = 0, 0, 0
    with closing(_ends(place, suffix, plan.size_of_unit(source.file.size))) as ends:
        for line, end in ends:
            yield _part(source, number, first, line, 0 if is_packed else offset)
            number, first, offset = number + 1, line, end
    yield _part(source, number, first, None, 0 if is_packed else offset)


def _ends(place: Place, suffix: str, step: int) -> Generator[tuple[int, int], None, None]:
    """The number of lines and bytes up to the first line end behind each `step` bytes, not counting that of the file."""
    lines, size, mark = 0, 0, step
    try:
        with storage.reading(place) as raw, streams.unpacked(raw, suffix, place.path) as file:
            for chunk, is_last in _chunks(file):
                start = 0
                while size + len(chunk) >= mark:
                    end = chunk.find(b"\n", max(mark - size - 1, start)) + 1
                    if not end or (is_last and end == len(chunk)):
                        break
                    lines += chunk.count(b"\n", start, end)
                    start = end
                    mark = size + end + step
                    yield lines, size + end
                lines += chunk.count(b"\n", start)
                size += len(chunk)
    except streams.broken(suffix, place.path):
        return  # whoever works on what is behind the last end will tell


def _chunks(file: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The bytes of a file, piece by piece, and whether it is the last one."""
    before = file.read(_CHUNK)
    for chunk in iter(partial(file.read, _CHUNK), b""):
        yield before, False
        before = chunk
    yield before, True


def _part(source: Source, number: int, first: int, last: int | None, offset: int = 0) -> Unit:
    path = source.file.path
    name = f"{_stem(path)}-{_digest(path)[:12]}-{number:05}"
    return Unit(name, path, (source.file,), first, last, offset)


def _stem(path: str) -> str:
    """The beginning of a file's name, of characters that every file system takes."""
    return _ODD.sub("_", PurePosixPath(path).name.partition(".")[0])[:40] or "part"


def _digest(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()
