"""Reading a corpus: JSON lines with `id` and `text`, plain or gzipped."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson

from pipeline.errors import ReadError


class Posting(NamedTuple):
    """One document of a corpus."""

    id: str
    text: str
    title: str = ""

    @property
    def held_out(self) -> bool:
        """Whether it is kept from training: one in ten, by a hash of its id, so that every model keeps the same ones."""
        return zlib.crc32(self.id.encode()) % 10 == 0

    @property
    def measured(self) -> bool:
        """Whether it is one of the half of those kept from all training, decisions too."""
        return zlib.crc32(self.id.encode()) % 20 == 10


def read(path: Path) -> Iterator[Posting]:
    """The postings of a corpus file, each distinct text once, in the order of the file.

    Raises ReadError naming file and line where a line is not an object with `id` and `text`.
    """
    seen: set[int] = set()
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                posting = _posting(path, number, line)
                key = hash(posting.text)
                if key not in seen:
                    seen.add(key)
                    yield posting
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}") from error


def _posting(path: Path, number: int, line: bytes) -> Posting:
    try:
        row = orjson.loads(line)
        return Posting(str(row["id"]), str(row["text"]), str(row.get("title") or ""))
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise ReadError(f"{path}:{number}: not an object with id and text") from error
