"""Clauses: the unit in which a requirement is stated and in which "优先" has its reach."""

from __future__ import annotations

from typing import NamedTuple

import regex

_PREFERRED = regex.compile("优[先选]|[更尤者最]佳|更好|加分|为佳|最好|优势")
_BREAK = regex.compile(r"[，,；;。！!\n]")


class Clause(NamedTuple):
    """A clause at `start` of the revision's text; `entry` counts the entry that it is part of.

    `preferred` says that its own words, or the heading over it, make it a wish and not a condition.
    """

    start: int
    text: str
    entry: int
    preferred: bool


def of_entry(text: str, start: int, end: int, entry: int, preferred: bool) -> list[Clause]:
    """The clauses of the entry `text[start:end]`."""
    out = []
    wish = not preferred and _PREFERRED.search(text, start, end) is not None
    at = start
    for words in _BREAK.split(text[start:end]):
        if words and not words.isspace():
            out.append(Clause(at, words, entry, preferred or (wish and _PREFERRED.search(words) is not None)))
        at += len(words) + 1
    return out
