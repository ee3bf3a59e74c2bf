"""The two lists of proposers: rules that know by themselves, and those that the decision weighs."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.correct.language.ngrams import Language
from pipeline.correct.page import Page
from pipeline.correct.proposal import Judged, Proposal
from pipeline.correct.propose import (
    blanks,
    confusable,
    doubled,
    gaps,
    letters,
    lost,
    marks,
    phrases,
    spin,
    tools,
    words,
)
from pipeline.correct.scan import reread

RULES: tuple[Callable[[str, Language], list[Judged]], ...] = (
    marks.judge,
    blanks.judge,
    lost.judge,
    phrases.judge,
    tools.judge,
    doubled.judge,
    spin.judge,
)
"""Rules that need no decision: each says how often it was right where it was measured."""

WEIGHED: tuple[Callable[[Language, Page], list[Proposal]], ...] = (confusable.propose, words.propose, gaps.propose)


def proposals(language: Language, page: Page) -> list[Proposal]:
    """All that the decision weighs for a page. A scanner's page is told by its single characters, then read anew."""
    single = letters.propose(language, page)
    found = [*single, *reread.propose(language, page, single)]
    known = {(p.places, p.size, p.replacement): p for p in found}  # a reading goes before the same single character
    return [*known.values(), *(p for propose in WEIGHED for p in propose(language, page))]
