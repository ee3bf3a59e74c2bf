"""Correct what scanners, typists and rewriting software did to a text, and leave the rest alone.

marks      doubled and stray marks
spin       words swapped by a known table, where the page shows the table at work
misread    characters mistaken for others of like shape or sound, where a phrase is certain
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from pipeline import lexicons
from pipeline.blocks import Corrected
from pipeline.correct import doubled, marks, misread, phrases, spin, tools
from pipeline.correct.language import load
from pipeline.correct.rescoring import Candidate, Scored, gains
from pipeline.correct.settings import Settings, load_settings
from pipeline.correct.spin import Judged
from pipeline.text import Change, Edit, Revision

__all__ = ["Settings", "correct", "load_settings"]


def correct(cleaned: Revision, settings: Settings | None = None) -> Corrected:
    """The text with its certain errors mended; errors that were seen but are not certain are suggestions."""
    settings = settings or Settings()
    revision, suggestions = cleaned, list[Change]()
    for find in _PASSES if _HAN.search(cleaned.text) else (_own,):
        chosen = _settle(revision, find(revision, settings), settings)
        suggestions += [_change(revision, j) for j in chosen if not j.applied]
        revision = revision.apply([_edit(j) for j in chosen if j.applied])
    return Corrected(revision, _standing(suggestions, revision))


def _marks_and_swaps(revision: Revision, _settings: Settings) -> list[Judged]:
    text = revision.text
    language, swaps = load(), spin.candidates(text)
    rated = gains(language, Scored.of(language, text), swaps) if swaps else []
    return [
        *marks.judge(text),
        *phrases.judge(text),
        *tools.judge(text),
        *doubled.judge(text, language),
        *spin.judge(text, swaps, rated),
    ]


def _misread(revision: Revision, _settings: Settings) -> list[Judged]:
    mended = sorted(revision.from_source(c.start) for c in revision.changes if c.category == "ocr")
    return misread.judge(revision.text, load(), mended)


def _own(revision: Revision, settings: Settings) -> list[Judged]:
    """The user's own replacements, as they stand."""
    return [
        Judged(Candidate(*m.span(), replacement, "own", "typo"), True, 1.0, "a replacement of your own")
        for original, replacement in settings.replacements.items()
        for m in re.finditer(re.escape(original), revision.text)
    ]


_HAN = re.compile("[\u4e00-\u9fff]")
_PASSES: tuple[Callable[[Revision, Settings], list[Judged]], ...] = (_own, _marks_and_swaps, _misread)
"""Each pass reads what the one before it made of the text: a misread word is easier to see once its neighbours are right."""


def _settle(revision: Revision, judged: list[Judged], settings: Settings) -> list[Judged]:
    """Of judgements that overlap the one most sure, the longer first; none inside a protected word."""
    guarded = [m.span() for m in _protected(settings.protected).finditer(revision.text)]
    judged = [j._replace(applied=j.applied and j.confidence >= settings.apply_above) for j in judged]
    ranked = sorted(judged, key=lambda j: (not j.applied, -j.confidence, j.candidate.start - j.candidate.end))
    taken: list[tuple[int, int]] = list(guarded)
    kept = []
    for j in ranked:
        start, end = j.candidate.start, j.candidate.end
        if j.candidate.category in settings.off or any(start < b and a < end for a, b in taken):
            continue
        taken.append((start, end))
        kept.append(j)
    return sorted(kept, key=lambda j: j.candidate.start)


def _edit(judged: Judged) -> Edit:
    c = judged.candidate
    return Edit(c.start, c.end, c.replacement, c.rule, c.category, judged.confidence, judged.evidence)


@lru_cache(maxsize=8)
def _protected(own: tuple[str, ...]) -> re.Pattern[str]:
    """Phrases that are right as they stand: those of the lexicon and the user's own."""
    words = sorted({row[0] for row in lexicons.rows("protected")} | set(own), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def _standing(suggestions: list[Change], revision: Revision) -> tuple[Change, ...]:
    """The suggestions that no correction has overtaken, in order."""
    made = [(c.start, c.end) for c in revision.corrections()]
    left = [s for s in suggestions if not any(s.start < end and start < s.end for start, end in made)]
    return tuple(sorted(left, key=lambda s: s.start))


def _change(cleaned: Revision, judged: Judged) -> Change:
    c = judged.candidate
    span = cleaned.to_source((c.start, c.end))
    original = cleaned.source[span.start : span.end]
    return Change(*span, original, c.replacement, c.rule, c.category, judged.confidence, judged.evidence)
