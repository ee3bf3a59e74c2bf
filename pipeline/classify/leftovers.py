"""Source text that belongs to no role, so that nothing is lost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from pipeline.blocks import Block, Label, Segmented
from pipeline.classify.spans import block_span
from pipeline.model import Leftover, SpanModel
from pipeline.text import Change, Revision, Span, fold_lines


def leftovers_of(segmented: Segmented) -> tuple[Leftover, ...]:
    """The leftovers that segmentation found, and what was taken out between blocks: tags, emphasis, strays."""
    revision = segmented.corrected.revision
    found = [(b.start, b.end, b.note or "unplaced") for b in segmented.leftovers]
    out = [
        _leftover(revision.to_source((start, end)), fold_lines(revision.text[start:end]), reason)
        for start, end, reason in found
    ]
    gone = [c for c in revision.changes if not c.replacement.strip() and c.original.strip()]
    if gone:
        out += [_leftover(Span(c.start, c.end), "", c.rule) for c in _between(segmented, revision, gone)]
    return tuple(sorted(out, key=lambda left: left.span.start))


def _between(segmented: Segmented, revision: Revision, gone: list[Change]) -> list[Change]:
    """The removed characters that lie in no block."""
    spans = [span for role in segmented.roles for span in _extents(revision, role.blocks)]
    spans += [revision.to_source((b.start, b.end)) for b in segmented.leftovers]
    spans.sort()
    starts = [span.start for span in spans]
    out = []
    for change in gone:
        at = bisect_right(starts, change.start) - 1
        if at < 0 or spans[at].end <= change.start:
            out.append(change)
    return out


def _extents(revision: Revision, blocks: tuple[Block, ...]) -> Iterator[Span]:
    """The source span of each block; an entry that holds others reaches to the first of them."""
    for block, behind in zip(blocks, [*blocks[1:], None], strict=True):
        span = block_span(revision, block.start, block.end)
        if behind and block.label == Label.ITEM and behind.depth > block.depth:
            span = Span(span.start, block_span(revision, behind.start, behind.end).start)
        yield span


def _leftover(span: Span, text: str, reason: str) -> Leftover:
    return Leftover(span=SpanModel(start=span.start, end=span.end), text=text, reason=reason)
