"""Clauses: the unit in which a requirement is stated and in which "优先" has its reach."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PREFERRED = re.compile(r"优先|更佳|尤佳|更好|加分|为佳|者佳|最佳|优选|最好|优势")
_BREAK = re.compile(r"[，,；;。！!\n]")


@dataclass(frozen=True, slots=True)
class Clause:
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
    at = start
    for m in [*_BREAK.finditer(text, start, end), None]:
        stop = m.start() if m else end
        words = text[at:stop]
        if words.strip():
            out.append(Clause(at, words, entry, preferred or bool(_PREFERRED.search(words))))
        at = m.end() if m else end
    return out
