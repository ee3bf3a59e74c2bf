"""Phrases that are wrong wherever they stand: no context could make them right."""

from __future__ import annotations

import re
from functools import cache

from pipeline import lexicons
from pipeline.correct.rescoring import Candidate
from pipeline.correct.spin import Judged

CONFIDENCE = 0.97
"""The lexicon is reviewed, not measured; a name could still hold such letters."""


@cache
def _table() -> dict[str, tuple[str, str]]:
    return {wrong: (right, category) for wrong, right, category in lexicons.rows("phrases")}


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_table(), key=len, reverse=True)
    return re.compile("|".join(f"(?<![月周年季期始本岁])(?:{w})" if w.startswith("末") else w for w in words))


@cache
def _tools() -> dict[str, str]:
    return {wrong: right for wrong, right in lexicons.rows("tool-names")}


@cache
def _tool_pattern() -> re.Pattern[str]:
    words = "|".join(sorted(_tools(), key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])", re.IGNORECASE)


def judge(text: str) -> list[Judged]:
    """Every phrase of the lexicons in a text, with what it should read."""
    out = []
    for m in _tool_pattern().finditer(text):
        right = _tools()[m[0].lower()]
        candidate = Candidate(m.start(), m.end(), right.lower() if m[0].islower() else right, "tool-name", "typo")
        out.append(Judged(candidate, True, CONFIDENCE, "a known misspelling"))
    for m in _pattern().finditer(text):
        right, category = _table()[m[0]]
        candidate = Candidate(m.start(), m.end(), right, "phrase", category)
        out.append(Judged(candidate, True, CONFIDENCE, "a phrase that is wrong wherever it stands"))
    return out
