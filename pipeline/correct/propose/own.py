"""What the user knows of the texts: replacements that are always made, and confusions that the language model weighs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.correct.language.ngrams import Language
from pipeline.correct.language.rescoring import Scored, gains
from pipeline.correct.proposal import Candidate, Judged

SURE, LIKELY = 3.0, 1.0
"""Gain in log10 units from which a confusion is mended, and from which that is suggested: the user has seen it happen."""


def replacements(text: str, pairs: Mapping[str, str]) -> list[Judged]:
    """Every occurrence of a text that the user wants replaced."""
    return [
        Judged(candidate, True, 1.0, "a replacement of your own")
        for candidate in _found(text, pairs, "own.replacement")
    ]


def confusions(text: str, pairs: Mapping[str, str], language: Language) -> list[Judged]:
    """The occurrences of a text that the user has seen put for another, where the other reads better."""
    candidates = list(_found(text, pairs, "own.confusion"))
    if not candidates:
        return []
    rated = gains(language, Scored.of(language, text), candidates)
    return [
        Judged(
            c, gain >= SURE, 0.9 if gain >= SURE else 0.5, f"a confusion of your own; reads {gain:.1f} better (log10)"
        )
        for c, (gain, _) in zip(candidates, rated, strict=True)
        if gain >= LIKELY
    ]


def _found(text: str, pairs: Mapping[str, str], rule: str) -> Iterator[Candidate]:
    for wrong, right in pairs.items():
        for m in re.finditer(re.escape(wrong), text):
            yield Candidate(*m.span(), right, rule, "typo")
