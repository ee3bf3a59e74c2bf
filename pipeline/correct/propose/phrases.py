"""Phrases that are wrong wherever they stand: no context could make them right."""

from __future__ import annotations

import re
from functools import cache

from pipeline import lexicons
from pipeline.correct.language.ngrams import Language
from pipeline.correct.proposal import Candidate, Judged

CONFIDENCE = 0.97
"""The lexicon is reviewed, not measured; a name could still hold such letters."""


@cache
def _table() -> dict[str, tuple[str, str]]:
    return {wrong: (right, category) for wrong, right, category in lexicons.rows("phrases")}


@cache
def _pattern() -> re.Pattern[str]:
    """The phrases behind a class of their first characters: it skips most of a text four times as fast."""
    words = sorted((wrong for wrong, *_ in lexicons.rows("phrases")), key=len, reverse=True)
    first = "".join(sorted({w[0] for w in words}))
    return re.compile(f"(?=[{first}])(?:{'|'.join(words)})")


def judge(text: str, _language: Language) -> list[Judged]:
    """Every phrase of the lexicon in a text, with what it should read."""
    out = []
    for m in _pattern().finditer(text):
        right, category = _table()[m[0]]
        candidate = Candidate(m.start(), m.end(), right, "phrase", category)
        out.append(Judged(candidate, True, CONFIDENCE, "a phrase that is wrong wherever it stands"))
    return out
