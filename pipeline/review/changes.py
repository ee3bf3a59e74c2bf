"""Decisions on corrections and suggestions: what a person rejected is taken back, what they accepted is made."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.blocks import Corrected
from pipeline.review.decisions import ChangeDecision, Misfit
from pipeline.text import Change, Edit, Revision

RULE = "decision"
"""The rule of a change that was made because a person wants it."""

Matter = tuple[int, int, str]
"""What a change is known by: start, end, replacement."""


def apply(
    cleaned: Revision, corrected: Corrected, decisions: Sequence[ChangeDecision]
) -> tuple[Corrected, list[Misfit]]:
    """What correction made of a text, and a person of that; `cleaned` is what it was before correction.

    All other changes stay as they are, so that a record differs from the one that was looked at by the decisions alone.
    """
    if not decisions:
        return corrected, []
    rejected = {_of(d): d for d in decisions if d.verdict == "reject"}
    accepted = {_of(d): d for d in decisions if d.verdict == "accept"}
    revision = _confirmed(_taken_back(cleaned, corrected.revision, set(rejected)), set(accepted))
    made = [change[:2] for change in revision.corrections()]
    misfits = [
        Misfit(d, "another correction stands there") for matter, d in rejected.items() if _meets(matter[:2], made)
    ]
    standing = {_matter(change) for change in revision.corrections()}
    edits: list[Edit] = []
    for matter, d in accepted.items():
        if matter in standing:
            continue
        if _meets(matter[:2], made):
            misfits.append(Misfit(d, "another correction stands there"))
            continue
        made.append(matter[:2])
        edits.append(_edit(revision, d, corrected.suggestions))
    revision = revision.apply(edits)
    decided = set(rejected) | set(accepted)
    left = (s for s in corrected.suggestions if _matter(s) not in decided and not _meets(s[:2], made))
    return Corrected(revision, tuple(left)), misfits


def _of(decision: ChangeDecision) -> Matter:
    return decision.span.start, decision.span.end, decision.replacement


def _matter(change: Change) -> Matter:
    return change.start, change.end, change.replacement


def _taken_back(cleaned: Revision, revision: Revision, rejected: set[Matter]) -> Revision:
    """Without the rejected corrections. What cleaning had done to the same characters stands again."""
    gone = [c for c in revision.corrections() if _matter(c) in rejected]
    if not gone:
        return revision
    kept = [c for c in revision.changes if c not in gone]
    known = set(kept)
    for change in gone:
        kept += [c for c in cleaned.changes if change.start <= c.start and c.end <= change.end and c not in known]
    return Revision.from_changes(revision.source, sorted(kept, key=lambda c: (c.start, c.end)))


def _confirmed(revision: Revision, accepted: set[Matter]) -> Revision:
    """With the corrections that a person accepts as sure as can be."""
    changes = [
        c._replace(confidence=1.0, evidence="; ".join(filter(None, (c.evidence, "accepted by a person"))))
        if c.category and _matter(c) in accepted
        else c
        for c in revision.changes
    ]
    return Revision.from_changes(revision.source, changes)


def _meets(span: tuple[int, int], made: Sequence[tuple[int, int]]) -> bool:
    """Whether a change would touch one that is made: share a character with it, or be put in at the same place."""
    start, end = span
    return any((start < b and a < end) or span == (a, b) for a, b in made)


def _edit(revision: Revision, decision: ChangeDecision, suggestions: Sequence[Change]) -> Edit:
    start, end = (revision.from_source(offset) for offset in (decision.span.start, decision.span.end))
    seen = next((s for s in suggestions if _matter(s) == _of(decision)), None)
    why = f"a person accepted what {seen.rule} suggested at {seen.confidence:.2f}" if seen else "a person wants it"
    evidence = f"{why}: {seen.evidence}" if seen and seen.evidence else why
    return Edit(start, end, decision.replacement, RULE, decision.category.value, 1.0, evidence)
