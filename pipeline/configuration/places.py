"""The line of a TOML file that a key stands on, which tomllib does not say.

A TOML file is a row of expressions, each of which ends with a line: as few lines as are TOML by themselves are one.
So tomllib itself says where each begins and what keys it gives, whatever quotes, comments and brackets are in it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

_CLOSING = ("]", "}", '"""', "'''")
"""What a line has that ends an expression of several."""
_BUDGET = 8_000_000
"""Characters that are read over again, at most: a file that was made to cost more is told of without a line."""

Path = tuple[str, ...]


def line_of(text: str, key: Sequence[str | int]) -> int | None:
    """The line, from 1, on which a key of a sound TOML file is set, or else the nearest table or key that it is in.

    A table that is never named by itself stands where the first of its keys does.
    """
    best, line, inner = 0, None, None
    for number, path in _expressions(text.replace("\r\n", "\n")):
        if len(path) > best and path == tuple(key[: len(path)]):
            best, line = len(path), number
        elif inner is None and len(path) > len(key) and path[: len(key)] == tuple(key):
            inner = number
    return inner if inner and best < len(key) else line


def _expressions(text: str) -> Iterator[tuple[int, Path]]:
    """The line and the key of each expression; a table's header has the key of the table."""
    table: Path = ()
    for number, expression in _split(text):
        path = _path(tomllib.loads(expression))
        if expression.lstrip().startswith("["):
            table = path
            yield number, table
        else:
            yield number, (*table, *path)


def _split(text: str) -> Iterator[tuple[int, str]]:
    """The expressions, with the line that each begins on."""
    begun: list[str] = []
    first, spent = 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if not begun and not line.partition("#")[0].strip():
            continue
        first = first if begun else number
        begun.append(line)
        if len(begun) > 1 and not any(mark in line for mark in _CLOSING):
            continue
        expression = "\n".join(begun)
        spent += len(expression)
        if spent > _BUDGET:
            return
        with suppress(ValueError, RecursionError):
            tomllib.loads(expression)
            yield first, expression
            begun = []


def _path(value: Any) -> Path:
    """The keys that lead to the only value of nested tables, as far as there is one only."""
    path: list[str] = []
    while isinstance(value, dict) and len(value) == 1:
        [(key, value)] = value.items()
        path.append(key)
    return tuple(path)
