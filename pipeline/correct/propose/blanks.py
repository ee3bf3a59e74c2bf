"""Blanks within a word, as lines that were wrapped and copied leave them: "沟通渠 道", "数据库开  发"."""

from __future__ import annotations

import re

import numpy as np

from pipeline.correct.language.dictionary import ABSENT, REACH, standing, standing_of
from pipeline.correct.language.ngrams import Language
from pipeline.correct.language.rescoring import Scored, gains
from pipeline.correct.proposal import Candidate, Judged

BETTER, HELD = 4.0, 4
"""log10 units that a text must gain without the blanks, and the n-gram that it must then have."""

_BLANKS = re.compile(r"(?<=[\u4e00-\u9fff]{2}) +(?=[\u4e00-\u9fff][^ \t])")
"""Not between letters that are all set apart: "教 育 程 度" is a heading. A tab parts cells: "岗位工作地<tab>上海"."""


def judge(text: str, language: Language) -> list[Judged]:
    """The blanks to take out: what stands on either side of them is no word by itself, and one together."""
    found = [m.span() for m in _BLANKS.finditer(text)]
    if not found:
        return []
    words = np.maximum(*standing_of(text).of_characters())
    parted = [(a, b) for a, b in found if min(words[a - 1], words[b]) == ABSENT and _one_word(text, a, b)]
    candidates = [Candidate(a, b, "", "mark.blank", "punct") for a, b in parted]
    rated = gains(language, Scored.of(language, text), candidates)
    return [
        Judged(candidate, True, 0.9, f"reads {gain:.1f} better (log10) without the blank")
        for candidate, (gain, held) in zip(candidates, rated, strict=True)
        if gain >= BETTER and held >= HELD
    ]


def _one_word(text: str, start: int, end: int) -> bool:
    """Whether the characters before and behind make a word of the language."""
    before = text[max(0, start - REACH) : start]
    word, longer = standing(before + text[end : end + REACH])
    at = len(before) - 1
    return bool(max(word[at], longer[at]) > ABSENT)
