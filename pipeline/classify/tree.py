"""From the flat stream of blocks to the tree of a role."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.blocks import Block, Label
from pipeline.classify.spans import block_span
from pipeline.model import FieldNode, Item, Kind, Node, Paragraph, Section, SectionHeading, SpanModel, SpannedText
from pipeline.text import Revision, fold_lines

_BRACKETS = re.compile(r"^[【\[「〖](.*)[】\]」〗]$")


_KINDS: dict[str | None, Kind] = {None: Kind.OTHER, **{kind.value: kind for kind in Kind}}


class Builder:
    """Builds the nodes of one role."""

    def __init__(self, revision: Revision, blocks: Sequence[Block]) -> None:
        self._revision = revision
        self._blocks = blocks

    def nodes(self) -> tuple[Node, ...]:
        """The role's content."""
        return self._children(0, len(self._blocks))

    def span(self, start: int, end: int) -> SpanModel:
        """The source span of a stretch of the revision's text."""
        span = block_span(self._revision, start, end)
        return SpanModel(start=span.start, end=span.end)

    def spanned(self, block: Block) -> SpannedText:
        """A role heading or subtitle."""
        return SpannedText(text=self._text(block.start, block.end), span=self.span(block.start, block.end))

    def _children(self, first: int, behind: int) -> tuple[Node, ...]:
        out: list[Node] = []
        i = first
        while i < behind:
            block = self._blocks[i]
            j = i + 1
            holds = block.label in (Label.SECTION_HEADING, Label.ITEM)
            while holds and j < behind and self._blocks[j].depth > block.depth:
                j += 1
            if block.label not in (Label.ROLE_HEADING, Label.SUBTITLE):
                out.append(self._node(i, j))
            i = j
        return tuple(out)

    def _node(self, i: int, behind: int) -> Node:
        block = self._blocks[i]
        kind = _KINDS[block.kind]
        span = self.span(block.start, block.end)
        if block.label == Label.SECTION_HEADING:
            heading = SectionHeading(text=self._heading(block), marker=block.marker, number=block.number, span=span)
            return Section(
                heading=heading,
                level=block.depth,
                kind=kind,
                confidence=block.confidence,
                content=self._children(i + 1, behind),
            )
        text = self._text(block.body, block.end)
        if block.label == Label.ITEM:
            inner = self._children(i + 1, behind)
            if behind > i + 1:
                span = self.span(block.start, self._blocks[behind - 1].end)
            return Item(
                marker=block.marker,
                number=block.number,
                text=text,
                kind=kind,
                confidence=block.kind_confidence,
                span=span,
                content=inner,
            )
        if block.label == Label.FIELD:
            return FieldNode(name=block.note or "", value=text.rstrip(" |｜"), kind=kind, span=span)
        return Paragraph(text=text, kind=kind, confidence=block.kind_confidence, span=span)

    def _text(self, start: int, end: int) -> str:
        return fold_lines(self._revision.text[start:end])

    def _heading(self, block: Block) -> str:
        """Without brackets and colon: "【任职要求】：" reads "任职要求"."""
        text = self._text(block.body, block.end)
        bare = text.strip(" \t:：")
        return _BRACKETS.sub(r"\1", bare).strip() or text
