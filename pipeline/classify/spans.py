"""Places in the source of what was found in the corrected text."""

from __future__ import annotations

from pipeline.model import SpanModel
from pipeline.text import Revision


def source_span(revision: Revision, start: int, end: int) -> SpanModel:
    """The source span of a stretch of the revision's text."""
    span = revision.to_source((start, end))
    return SpanModel(start=span.start, end=span.end)
