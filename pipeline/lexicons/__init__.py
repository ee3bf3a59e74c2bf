"""Reviewed text data, and the one way to read it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from pipeline.errors import LexiconError


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `name`.tsv, without header and comments; read once, on first use.

    Raises LexiconError naming file and line when rows differ in their number of columns.
    """
    text = files(__package__).joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    return tuple(row for _, row in numbered(text, f"{name}.tsv"))


def numbered(text: str, name: str, columns: int = 0) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a lexicon's text, each with its line from 1; users' own lexicons are read with it, too.

    `columns` is their number, by default that of the first row. Raises LexiconError naming the file, `name`, and line.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        row = tuple(line.split("\t"))
        columns = columns or len(row)
        if len(row) != columns:
            raise LexiconError(f"{name}:{number}: {len(row)} columns, not {columns}")
        yield number, row


@cache
def version() -> str:
    """Twelve hexadecimal digits that change when any lexicon or any model does: `models.tsv` lists the models."""
    digest = hashlib.sha256()
    for entry in sorted(files(__package__).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".tsv"):
            digest.update(entry.name.encode() + entry.read_bytes())
    return digest.hexdigest()[:12]
