"""Places in the source of what was found in the corrected text."""

from __future__ import annotations

from bisect import bisect_left

from pipeline.model import SpanModel
from pipeline.text import Change, Revision, Span


def source_span(revision: Revision, start: int, end: int) -> SpanModel:
    """The source span of a stretch of the revision's text."""
    span = revision.to_source((start, end))
    return SpanModel(start=span.start, end=span.end)


def block_span(revision: Revision, start: int, end: int) -> Span:
    """The source span of a block, the emphasis marks included that stood right around it: "**职位描述**"."""
    first, last = revision.to_source((start, end))
    changes = revision.changes
    if not changes:
        return Span(first, last)
    before = bisect_left(changes, (first,)) - 1
    if before >= 0 and changes[before].end == first and _are_marks(changes[before]) and _opens(revision, before):
        first = changes[before].start
    behind = bisect_left(changes, (last,))
    if behind < len(changes) and changes[behind].start == last and _are_marks(changes[behind]):
        last = changes[behind].end
    return Span(first, last)


def _are_marks(change: Change) -> bool:
    """Whether a change took out marks of emphasis and nothing else: of "描述:** " it left a colon, which is another block's."""
    return not change.replacement and "emphasis" in change.rule.split("+")


def _opens(revision: Revision, i: int) -> bool:
    """Whether no text stands right before a change: the marks between "**职责：**" and "划线" close what is before them."""
    start, changes = revision.changes[i].start, revision.changes
    return start == 0 or revision.source[start - 1].isspace() or (i > 0 and changes[i - 1].end == start)
