"""The two kinds of proposers: rules that know by themselves, and those that the decision weighs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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
from pipeline.correct.propose.usual import load_usual
from pipeline.correct.scan import reread
from pipeline.correct.settings import Lexicons

Rule = Callable[[str, Language], list[Judged]]


def rules(own: Lexicons) -> tuple[Rule, ...]:
    """Rules that need no decision: each says how often it was right where it was measured. `own` rows join the tables."""
    return (
        marks.judge,
        blanks.judge,
        lost.judge,
        partial(phrases.judge, own=own.phrases),
        tools.judge,
        doubled.judge,
        partial(spin.judge, own=own.spin),
    )


def proposals(language: Language, page: Page, own: Lexicons | None = None) -> list[Proposal]:
    """All that the decision weighs for a page. A scanner's page is told by its single characters, then read anew."""
    pairs = (*own.synonyms, *own.spin) if own else ()
    usual = load_usual(tuple((swapped, original) for swapped, original, *_ in pairs)) if pairs else load_usual()
    single = letters.propose(language, page)
    found = [*single, *reread.propose(language, page, single)]
    known = {(p.places, p.size, p.replacement): p for p in found}  # a reading goes before the same single character
    weighed = (confusable.propose(language, page), words.propose(language, page, usual), gaps.propose(language, page))
    return [*known.values(), *(proposal for found in weighed for proposal in found)]
