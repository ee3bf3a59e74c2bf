"""Reviewed text data, and the one way to read it."""

from __future__ import annotations

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
