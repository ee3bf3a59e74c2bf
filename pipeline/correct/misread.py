"""Characters that a scanner or a typist took for others."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from pipeline import lexicons
from pipeline.correct.language import Language
from pipeline.correct.rescoring import Candidate, Gain, Scored, gains
from pipeline.correct.spin import Judged

DOUBTFUL = 2
"""Support up to which a character is looked at: it is part of no longer n-gram that was ever seen."""

CERTAIN = {"shape": 5.0, "two": 5.0, "sound": 7.0}
"""Gain in log10 units from which a change is made, by rule; measured on scans and on clean postings."""

LIKELY = 3.5
"""Gain from which it is suggested."""

MARGIN = 1.0
"""How much the best candidate must lead the next."""


@cache
def _confusions() -> dict[str, list[tuple[str, str]]]:
    """For each character what it may have been, and why: shape or sound."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for wrong, right, why in lexicons.rows("confusions"):
        found[wrong].append((right, why))
    return dict(found)


def judge(text: str, language: Language, scored: Scored) -> list[Judged]:
    """Misread characters: single ones, and two neighbours at once."""
    support = scored.support()
    places = [i for i, c in enumerate(text) if support[i] <= DOUBTFUL and c in _confusions()]
    found = [c for i in places for c in _single(text, i)]
    doubtful = set(places)
    found += [c for i in places if i + 1 in doubtful for c in _double(text, i)]
    best: dict[int, list[tuple[float, int, Candidate]]] = defaultdict(list)
    for candidate, (gain, held) in zip(found, gains(language, scored, found), strict=True):
        if gain >= LIKELY:
            best[candidate.start].append((gain - (candidate.end - candidate.start - 1) * 2, held, candidate))
    return [j for rated in best.values() if (j := _decide(rated))]


def _single(text: str, i: int) -> list[Candidate]:
    return [Candidate(i, i + 1, right, f"misread.{why}", _category(why)) for right, why in _confusions()[text[i]]]


def _double(text: str, i: int) -> list[Candidate]:
    return [
        Candidate(i, i + 2, a + b, "misread.two", "ocr")
        for a, why_a in _confusions()[text[i]]
        for b, why_b in _confusions()[text[i + 1]]
        if why_a == why_b == "shape"
    ]


def _category(why: str) -> str:
    return "ocr" if why == "shape" else "typo"


def _decide(rated: list[tuple[float, int, Candidate]]) -> Judged | None:
    rated.sort(key=lambda r: -r[0])
    gain, held, candidate = rated[0]
    lead = gain - rated[1][0] if len(rated) > 1 else gain
    sure = gain >= CERTAIN[candidate.rule.rpartition(".")[2]] and held >= 3 and lead >= MARGIN
    confidence = round(min(0.99, 0.5 + 0.07 * gain), 2) if sure else 0.5
    evidence = f"reads {gain:.1f} better (log10), {lead:.1f} better than the next choice"
    return Judged(candidate, sure, confidence, evidence)


__all__ = ["Gain", "judge"]
