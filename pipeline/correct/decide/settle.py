"""What becomes of each judgement on a text: the correction is made, suggested or left, and why."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from pipeline import lexicons
from pipeline.correct.proposal import Judged
from pipeline.correct.settings import Settings

Range = TypeVar("Range", bound=tuple[Any, ...])

MADE, SUGGESTED, LEFT = "made", "suggested", "left"


class Decided(NamedTuple):
    """A judgement, its verdict (MADE, SUGGESTED or LEFT), and why the verdict is not the judgement's own, if it is not."""

    judged: Judged
    verdict: str
    why: str = ""


def settle(text: str, judged: Sequence[Judged], settings: Settings) -> list[Decided]:
    """Of judgements that overlap the one most sure stands, the longer first; none inside a protected word."""
    first = [_alone(j, settings) for j in judged]
    guarded = _protected(settings.protected).finditer(text)
    taken = [(*m.span(), n, f"the protected {m[0]}") for n, m in enumerate(guarded)]
    out = []
    for decided in sorted(first, key=_rank):
        c = decided.judged.candidate
        if decided.verdict != LEFT:
            others = overlapping(taken, c.start, c.end)
            if others:
                first_taken = min(others, key=lambda t: t[2])
                decided = Decided(decided.judged, LEFT, f"overlaps {first_taken[3]}")
            else:
                what = f"{text[c.start : c.end]} -> {c.replacement or 'nothing'}, which is surer"
                insort(taken, (c.start, c.end, len(taken), what))
        out.append(decided)
    return sorted(out, key=lambda d: d.judged.candidate.start)


def overlapping(taken: list[Range], start: int, end: int) -> list[Range]:
    """Of sorted, disjoint ranges (start, end and more), those that overlap the given one."""
    at = bisect_left(taken, (start,))
    first = at - 1 if at and taken[at - 1][1] > start else at
    return [t for t in taken[first : bisect_left(taken, (end,), at)] if t[1] > start]


def _rank(decided: Decided) -> tuple[bool, float, int]:
    c = decided.judged.candidate
    return decided.verdict != MADE, -decided.judged.confidence, c.start - c.end


def _alone(judged: Judged, settings: Settings) -> Decided:
    """The verdict on a judgement for itself, by what the user has set."""
    category, sure = judged.candidate.category, judged.confidence
    if category in settings.off:
        return Decided(judged, LEFT, f"the category {category} is switched off")
    bar = settings.bar(category)
    if judged.applied and sure >= bar:
        return Decided(judged, MADE)
    if sure < settings.suggest_above:
        return Decided(judged, LEFT, f"{sure:.2f} is below suggest_above, {settings.suggest_above:.2f}")
    return Decided(judged, SUGGESTED, f"{sure:.2f} is below apply_above, {bar:.2f}" if judged.applied else "")


@lru_cache(maxsize=8)
def _protected(own: tuple[str, ...]) -> re.Pattern[str]:
    """Phrases that are right as they stand: those of the lexicon and the user's own."""
    words = sorted({row[0] for row in lexicons.rows("protected")} | set(own), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))
