"""Characters that a scanner or a typist took for others."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import NamedTuple

from pipeline import lexicons
from pipeline.correct.language import Language
from pipeline.correct.rescoring import Candidate, Scored, gains
from pipeline.correct.spin import Judged

DOUBTFUL = 3
"""Support up to which a character is looked at: it is part of no longer n-gram that was ever seen."""

LIKELY = 3.5
"""Gain in log10 units from which a change is suggested."""

MARGIN = 1.0
"""How much the best candidate must lead the next."""


class Bar(NamedTuple):
    """What a change must reach: gain in log10 units, and the order of the n-gram that holds it once it is made."""

    gain: float
    held: int
    doubt: int


PAGE = {"shape": Bar(7.5, 5, 2), "two": Bar(6.0, 5, 2), "sound": Bar(8.0, 5, 3)}
"""On a page that shows no sign of a scanner; measured on clean postings."""

SCAN = {"shape": Bar(4.5, 4, 3), "two": Bar(4.5, 4, 3), "sound": Bar(7.5, 4, 3)}
"""On a page that does; measured on scans."""

WITNESSES = 2
"""Changes of shape that pass the bar of a page and so show that it was scanned."""


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
    best: dict[int, list[_Rated]] = defaultdict(list)
    for candidate, (gain, held) in zip(found, gains(language, scored, found), strict=True):
        if gain >= LIKELY:
            shorter = gain - (candidate.end - candidate.start - 1) * 2  # two changes need more than one
            best[candidate.start].append(_Rated(shorter, held, int(support[candidate.start]), candidate))
    choices = [_choose(rated) for rated in best.values()]
    scanned = sum(c.passes(PAGE) and c.candidate.category == "ocr" for c in choices) >= WITNESSES
    return [c.judged(SCAN if scanned else PAGE) for c in choices if c.gain >= LIKELY]


class _Rated(NamedTuple):
    gain: float
    held: int
    doubt: int
    candidate: Candidate


class _Choice(NamedTuple):
    """The best candidate for a place and its lead over the next."""

    gain: float
    held: int
    doubt: int
    candidate: Candidate
    lead: float

    def passes(self, bars: dict[str, Bar]) -> bool:
        bar = bars[self.candidate.rule.rpartition(".")[2]]
        return self.gain >= bar.gain and self.held >= bar.held and self.doubt <= bar.doubt and self.lead >= MARGIN

    def judged(self, bars: dict[str, Bar]) -> Judged:
        sure = self.passes(bars)
        confidence = round(min(0.99, 0.5 + 0.06 * self.gain), 2) if sure else 0.5
        evidence = f"reads {self.gain:.1f} better (log10), {self.lead:.1f} better than the next choice"
        return Judged(self.candidate, sure, confidence, evidence)


def _choose(rated: list[_Rated]) -> _Choice:
    rated.sort(key=lambda r: -r.gain)
    lead = rated[0].gain - rated[1].gain if len(rated) > 1 else rated[0].gain
    return _Choice(*rated[0], lead)


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
