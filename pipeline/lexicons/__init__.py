"""Reviewed text data, and the one way to read it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from pipeline.errors import LexiconError


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `name`.tsv, without header and comments; read once, on first use.

    Raises LexiconError naming file and line when rows differ in their number of columns.
    """
    found: list[tuple[str, ...]] = []
    text = files(__package__).joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        row = tuple(line.split("\t"))
        if found and len(row) != len(found[0]):
            raise LexiconError(f"{name}.tsv:{number}: {len(row)} columns, not {len(found[0])}")
        found.append(row)
    return tuple(found)


@cache
def version() -> str:
    """Twelve hexadecimal digits that change when any lexicon does."""
    digest = hashlib.sha256()
    for entry in sorted(files(__package__).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".tsv"):
            digest.update(entry.name.encode() + entry.read_bytes())
    return digest.hexdigest()[:12]
