"""Words that were typed for others and are words too: "参与方案的指定" for 制定, "经验者有限" for 优先.

No place of such a word is odd enough to be found as a slip. Each pair of the lexicon has its own bar for how much better
the text must read with the other word: 试用 is often right, 只能 before 硬件 never.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipeline import lexicons
from pipeline.correct.rescoring import Candidate, Gain
from pipeline.correct.spin import Judged

CONFIDENCE = 0.9
"""Of 45 that reached their bars in 5,046 held-out postings one was doubtful."""


@cache
def _table() -> dict[str, tuple[str, float]]:
    return {wrong: (right, float(bar)) for wrong, right, bar in lexicons.rows("confusables")}


@cache
def _pattern() -> re.Pattern[str]:
    first = "".join(sorted({word[0] for word in _table()}))
    return re.compile(f"(?=[{first}])(?:{'|'.join(sorted(_table()))})")


def candidates(text: str) -> list[Candidate]:
    """Every word of the lexicon in a text, with the other word of its pair."""
    return [Candidate(*m.span(), _table()[m[0]][0], "confusable", "typo") for m in _pattern().finditer(text)]


def judge(text: str, found: Sequence[Candidate], gains: Sequence[Gain]) -> list[Judged]:
    """The words to mend."""
    return [
        Judged(candidate, True, CONFIDENCE, f"reads {gain:.1f} better (log10)")
        for candidate, (gain, _) in zip(found, gains, strict=True)
        if gain >= _table()[text[candidate.start : candidate.end]][1]
    ]
