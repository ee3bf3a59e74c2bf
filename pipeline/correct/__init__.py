"""Correct what scanners, typists and rewriting software did to a text, and leave the rest alone.

language   what is known: n-grams of postings and of laws, words of the language at large, readings
propose    what may be wrong, and what may stand there instead: a module for each way in which a text goes wrong
scan       pages that came through a scanner, read anew
decide     the evidence for each proposal, and the one decision over all
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.blocks import Corrected
from pipeline.correct import page as pages
from pipeline.correct.decide import weigh
from pipeline.correct.decide.settle import LEFT, MADE, SUGGESTED, overlapping, settle
from pipeline.correct.language.ngrams import load
from pipeline.correct.language.rescoring import Scored, gains
from pipeline.correct.page import Page
from pipeline.correct.proposal import Judged
from pipeline.correct.propose import own, spin, words
from pipeline.correct.propose.proposers import proposals, rules
from pipeline.correct.propose.usual import load_usual
from pipeline.correct.settings import Lexicons, Settings
from pipeline.text import Change, Edit, Revision

__all__ = ["Considered", "Lexicons", "Settings", "correct", "explain", "forget"]


class Considered(NamedTuple):
    """A change that was considered, in offsets of the source; its verdict (MADE, SUGGESTED, LEFT), and what decided it."""

    change: Change
    verdict: str
    why: str


UNTOLD, WORSE = "the page does not show that its table was used", "the text would read worse"
"""Why a swap that a table knows of is left."""


def correct(cleaned: Revision, settings: Settings | None = None) -> Corrected:
    """The text with its certain errors mended; errors that were seen but are not certain are suggestions."""
    revision, considered = _run(cleaned, settings or Settings())
    suggestions = [c.change for c in considered if c.verdict == SUGGESTED]
    return Corrected(revision, _standing(suggestions, revision))


def explain(cleaned: Revision, settings: Settings | None = None) -> tuple[Considered, ...]:
    """All that `correct` considers, in the order of the text: what it makes, suggests and leaves, and why."""
    settings = settings or Settings()
    revision, considered = _run(cleaned, settings)
    left = [Considered(_change(cleaned, j), LEFT, why) for j, why in _unsaid(cleaned, settings)]
    seen = {(c.change.start, c.change.replacement) for c in considered}
    considered += [c for c in left if (c.change.start, c.change.replacement) not in seen]
    made = [(c.start, c.end) for c in revision.corrections()]
    out = [
        c._replace(verdict=LEFT, why="overtaken by a correction")
        if c.verdict == SUGGESTED and _meets(c.change, made)
        else c
        for c in considered
    ]
    return tuple(sorted(out, key=lambda c: (c.change.start, c.verdict != MADE)))


def _run(cleaned: Revision, settings: Settings) -> tuple[Revision, list[Considered]]:
    """Each pass reads the text as the pass before left it: a misread word is easier to see once its neighbours are
    right, and where every other word was swapped one swap hides the next."""
    revision, considered = cleaned, dict[tuple[int, int, str], Considered]()
    for find in (_own, _by_rule, *(_weighed,) * ROUNDS) if _HAN.search(cleaned.text) else (_own,):
        judged = find(revision, settings)
        decided = settle(revision.text, judged, settings) if judged else []
        for d in decided:
            change = _change(revision, d.judged)
            considered[change.start, change.end, change.replacement] = Considered(change, d.verdict, d.why)
        edits = [_edit(d.judged) for d in decided if d.verdict == MADE]
        revision = revision.apply(edits) if edits else revision
        if find is _weighed and not edits:
            break  # it would find in the same text what it has found
    return revision, list(considered.values())


ROUNDS = 3
"""Times that a text is weighed, as long as something is mended."""


def _by_rule(revision: Revision, settings: Settings) -> list[Judged]:
    text, language = revision.text, load()
    found = [judged for judge in rules(settings.lexicons) for judged in judge(text, language)]
    return [*found, *own.confusions(text, settings.confusions, language)]


def _weighed(revision: Revision, settings: Settings) -> list[Judged]:
    language, out = load(), list[Judged]()
    mended = _mended(revision)
    for start, end in pages.parts(revision.text):
        page = pages.read(language, revision.text[start:end])
        if len(page.codes):
            made = _made(mended, start, end)
            found = proposals(language, page, settings.lexicons)
            out += [_moved(j, page, start) for j in weigh.judge(language, page, found, made)]
    return out


def _mended(revision: Revision) -> list[tuple[int, str, str, str]]:
    """What was mended of a text, in order: place, category, original and replacement; swaps of tables that are known are
    "listed": such a table says nothing of other words."""
    return [
        (
            revision.from_source(c.start),
            "listed" if c.rule.startswith("spin.") and c.rule != words.SWAP else c.category,
            c.original,
            c.replacement,
        )
        for c in revision.corrections()
    ]


def _made(mended: Sequence[tuple[int, str, str, str]], start: int, end: int) -> Counter[str]:
    """What was mended of a part of a text, by category, the same swap once."""
    first, last = bisect_left(mended, (start,)), bisect_left(mended, (end,))
    return Counter(kind for kind, *_ in {swap[1:] for swap in mended[first:last]})


def _moved(judged: Judged, page: Page, by: int) -> Judged:
    """What was judged of a page, in offsets of the text that it was read from."""
    c = judged.candidate
    start, last = page.offsets[[c.start, max(c.start, c.end - 1)]].tolist()
    return judged._replace(candidate=c._replace(start=start + by, end=last + 1 + by))


def forget() -> None:
    """Forget what was made of the lexicons, so that they are read again."""
    spin.table.cache_clear()
    load_usual.cache_clear()


def _unsaid(revision: Revision, settings: Settings) -> list[tuple[Judged, str]]:
    """The swaps that a table knows of and that nothing speaks for, and what speaks against them."""
    swaps = spin.candidates(revision.text, settings.lexicons.spin)
    rated = gains(load(), Scored.of(load(), revision.text), swaps) if swaps else []
    return [
        (Judged(c, False, 0.0, f"reads {gain:+.1f} (log10)"), UNTOLD if gain > 0 else WORSE)
        for c, (gain, _) in zip(swaps, rated, strict=True)
    ]


def _own(revision: Revision, settings: Settings) -> list[Judged]:
    return own.replacements(revision.text, settings.replacements)


_HAN = re.compile("[\u4e00-\u9fff]")


def _edit(judged: Judged) -> Edit:
    c = judged.candidate
    return Edit(c.start, c.end, c.replacement, c.rule, c.category, judged.confidence, judged.evidence)


def _standing(suggestions: list[Change], revision: Revision) -> tuple[Change, ...]:
    """The suggestions that no correction has overtaken, in order."""
    made = [(c.start, c.end) for c in revision.corrections()]
    return tuple(sorted((s for s in suggestions if not _meets(s, made)), key=lambda s: s.start))


def _meets(change: Change, made: list[tuple[int, int]]) -> bool:
    return bool(overlapping(made, change.start, change.end))


def _change(cleaned: Revision, judged: Judged) -> Change:
    c = judged.candidate
    span = cleaned.to_source((c.start, c.end))
    original = cleaned.source[span.start : span.end]
    return Change(*span, original, c.replacement, c.rule, c.category, judged.confidence, judged.evidence)
