"""Words that were typed for others and are words too: "参与方案的指定" for 制定, "经验者有限" for 优先.

No place of such a word is odd enough to be found as a slip, so the pairs are listed.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline import lexicons
from pipeline.correct.language.ngrams import Language
from pipeline.correct.page import Page
from pipeline.correct.proposal import NO_PRIOR, Proposal

RULE = "confusable"


def propose(language: Language, page: Page) -> list[Proposal]:
    """Every word of the lexicon in a text, with the other word of its pair."""
    return [
        Proposal((m.start(),), len(m[0]), pairs()[m[0]], RULE, "typo", NO_PRIOR) for m in _pattern().finditer(page.text)
    ]


@cache
def pairs() -> dict[str, str]:
    """The word that each may have been typed for."""
    return dict(lexicons.rows("confusables"))  # type: ignore[arg-type]


@cache
def _pattern() -> re.Pattern[str]:
    first = "".join(sorted({word[0] for word in pairs()}))
    return re.compile(f"(?=[{first}])(?:{'|'.join(sorted(pairs()))})")
