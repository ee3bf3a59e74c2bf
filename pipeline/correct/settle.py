"""What becomes of each judgement on a text: the correction is made, suggested or left, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline import lexicons
from pipeline.correct.settings import Settings
from pipeline.correct.spin import Judged

MADE, SUGGESTED, LEFT = "made", "suggested", "left"


class Decided(NamedTuple):
    """A judgement, its verdict (MADE, SUGGESTED or LEFT), and why the verdict is not the judgement's own, if it is not."""

    judged: Judged
    verdict: str
    why: str = ""


def settle(text: str, judged: Sequence[Judged], settings: Settings) -> list[Decided]:
    """Of judgements that overlap the one most sure stands, the longer first; none inside a protected word."""
    first = [_alone(j, settings) for j in judged]
    taken = [(*m.span(), f"the protected {m[0]}") for m in _protected(settings.protected).finditer(text)]
    out = []
    for decided in sorted(first, key=_rank):
        c = decided.judged.candidate
        if decided.verdict != LEFT:
            other = next((what for start, end, what in taken if c.start < end and start < c.end), None)
            if other:
                decided = Decided(decided.judged, LEFT, f"overlaps {other}")
            else:
                taken.append(
                    (c.start, c.end, f"{text[c.start : c.end]} -> {c.replacement or 'nothing'}, which is surer")
                )
        out.append(decided)
    return sorted(out, key=lambda d: d.judged.candidate.start)


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
