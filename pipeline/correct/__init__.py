"""Correct what scanners, typists and rewriting software did to a text, and leave the rest alone.

marks      doubled and stray marks, blanks within words, characters lost or doubled
spin       words swapped by a known table, where the page shows the table at work
discover   words put for usual ones: swapped by a table that nobody knows, typed or read for one that sounds or looks alike
missing    characters that were left out
misread    characters mistaken for others of like shape or sound, by what else the page shows of a scanner
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.blocks import Corrected
from pipeline.correct import (
    blanks,
    confusable,
    discover,
    doubled,
    lost,
    marks,
    misread,
    missing,
    own,
    phrases,
    spin,
    tools,
)
from pipeline.correct.language import load
from pipeline.correct.rescoring import Scored, gains
from pipeline.correct.settings import Settings, load_settings
from pipeline.correct.settle import LEFT, MADE, SUGGESTED, overlapping, settle
from pipeline.correct.spin import Judged
from pipeline.text import Change, Edit, Revision

__all__ = ["Considered", "Settings", "correct", "explain", "load_settings"]


class Considered(NamedTuple):
    """A change that was considered, in offsets of the source; its verdict (MADE, SUGGESTED, LEFT), and what decided it."""

    change: Change
    verdict: str
    why: str


Pass = Callable[[Revision, Settings], list[Judged]]

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
    left = [Considered(_change(cleaned, j), LEFT, why) for j, why in _unsaid(cleaned)]
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


def _run(
    cleaned: Revision, settings: Settings, passes: Sequence[Pass] | None = None
) -> tuple[Revision, list[Considered]]:
    revision, considered = cleaned, dict[tuple[int, int, str], Considered]()
    last, edits = None, list[Edit]()
    for find in (passes or _PASSES) if _HAN.search(cleaned.text) else (_own,):
        if find is last and not edits:
            continue  # it would find in the same text what it has found
        judged = find(revision, settings)
        decided = settle(revision.text, judged, settings) if judged else []
        for d in decided:
            change = _change(revision, d.judged)
            considered[change.start, change.end, change.replacement] = Considered(change, d.verdict, d.why)
        last, edits = find, [_edit(d.judged) for d in decided if d.verdict == MADE]
        revision = revision.apply(edits) if edits else revision
    return revision, list(considered.values())


def _marks_and_swaps(revision: Revision, settings: Settings) -> list[Judged]:
    text = revision.text
    language, swaps, typed = load(), spin.candidates(text), confusable.candidates(text)
    rated = gains(language, Scored.of(language, text), [*swaps, *typed])
    return [
        *marks.judge(text),
        *blanks.judge(text, language),
        *lost.judge(text, language),
        *phrases.judge(text),
        *tools.judge(text),
        *doubled.judge(text, language),
        *confusable.judge(text, typed, rated[len(swaps) :]),
        *own.confusions(text, settings.confusions, language),
        *spin.judge(text, swaps, rated[: len(swaps)]),
    ]


def _unsaid(revision: Revision) -> list[tuple[Judged, str]]:
    """The swaps that a table knows of and that nothing speaks for, and what speaks against them."""
    swaps = spin.candidates(revision.text)
    rated = gains(load(), Scored.of(load(), revision.text), swaps) if swaps else []
    return [
        (Judged(c, False, 0.0, f"reads {gain:+.1f} (log10)"), UNTOLD if gain > 0 else WORSE)
        for c, (gain, _) in zip(swaps, rated, strict=True)
    ]


def _unlisted_swaps(revision: Revision, _settings: Settings) -> list[Judged]:
    swaps = {(c.original, c.replacement, c.rule) for c in revision.corrections() if c.category == "spin"}
    found = {right for _, right, rule in swaps if rule == discover.RULE}
    listed = sum(rule != discover.RULE for *_, rule in swaps)
    return discover.judge(revision.text, load(), listed, found)


def _more_unlisted_swaps(revision: Revision, settings: Settings) -> list[Judged]:
    """What can be seen only now: where every other word was swapped, one swap hides the next."""
    found = any(c.rule == discover.RULE for c in revision.corrections())
    return _unlisted_swaps(revision, settings) if found else []


def _missing(revision: Revision, _settings: Settings) -> list[Judged]:
    return missing.judge(revision.text, load())


def _misread(revision: Revision, _settings: Settings) -> list[Judged]:
    return misread.judge(revision.text, load(), slips(revision))


def slips(revision: Revision) -> list[int]:
    """Where in a text that was read up to its misread characters a slip was mended, in order."""
    found = (c for c in revision.changes if c.category == "ocr" or c.rule == discover.SLIP)
    return sorted(revision.from_source(c.start) for c in found)


def before_misread(cleaned: Revision) -> Revision:
    """The text as the search for misread characters finds it, to train on."""
    return _run(cleaned, Settings(), _PASSES[:-1])[0]


def _own(revision: Revision, settings: Settings) -> list[Judged]:
    return own.replacements(revision.text, settings.replacements)


_HAN = re.compile("[\u4e00-\u9fff]")
_PASSES: tuple[Pass, ...] = (
    _own,
    _marks_and_swaps,
    _unlisted_swaps,
    _more_unlisted_swaps,
    _more_unlisted_swaps,
    _missing,
    _misread,
)
"""Each pass reads what the one before it made of the text: a misread word is easier to see once its neighbours are right."""


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
