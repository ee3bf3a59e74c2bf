"""Lexicon files of the user's own: read as those of the package are, and held to what the correctors can use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline import lexicons
from pipeline.errors import LexiconError
from pipeline.model import Category

Row = tuple[str, ...]
_TABLES = re.compile(r"\w+(,\w+)*")
_MOST = 10_000_000
"""Bytes of a lexicon file."""


def text_of(path: Path, most: int) -> str:
    """The text of a file of at most `most` bytes. Raises LexiconError naming file and reason, and the line that is no UTF-8."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise LexiconError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > most:
        raise LexiconError(f"{path}: over the limit of {most:,} bytes")
    try:
        return data.decode("utf-8-sig")  # editors on Windows write a byte-order mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LexiconError(f"{path}:{line}: not UTF-8 at byte {error.start}") from error


def rows(kind: str, path: Path) -> tuple[Row, ...]:
    """The rows of a file for a key of `[lexicons]`. Raises LexiconError naming file, line and reason."""
    columns, check = _KINDS[kind]
    text = text_of(path, _MOST)
    return tuple(_checked(text, path, columns, check))


def _checked(text: str, path: Path, columns: int, check: Callable[[Row], str]) -> Iterator[Row]:
    for number, row in lexicons.numbered(text, str(path), columns):
        wrong = "a column is empty" if not all(row) else check(row)
        if wrong:
            raise LexiconError(f"{path}:{number}: {wrong}")
        yield row


def _phrase(row: Row) -> str:
    return "" if row[2] in set(Category) else f"{row[2]!r} is no category"


def _swap(row: Row) -> str:
    if not _TABLES.fullmatch(row[2]) or "discovered" in row[2]:
        return f"{row[2]!r} names no table; names are joined by commas"
    return _synonym(row)


def _synonym(row: Row) -> str:
    """A word is found by its first two characters, which must be among the 65,536 that fonts commonly have."""
    if len(row[0]) < 2 or max(row[0]) > "\uffff":
        return f"{row[0]!r} is no word of two or more common characters"
    return "a word is put for itself" if row[0] == row[1] else ""


_KINDS: dict[str, tuple[int, Callable[[Row], str]]] = {
    "protected": (1, lambda _: ""),
    "phrases": (3, _phrase),
    "spin": (3, _swap),
    "synonyms": (2, _synonym),
}
"""Columns of each kind, and what is wrong with a row of it."""
