"""A record as pages need it: its blocks in the order of the source, each with its own stretch, and its changes.

Both columns of a page are made from this, so that they agree on what is called what.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.model import Correction, Document, FieldNode, Item, Kind, Node, Role, Section, SpanModel
from pipeline.text import Span

SURE_CHANGE, SURE_KIND, SURE_ROLE = 0.9, 0.7, 0.8
"""Confidence below which a correction, a kind and the beginning of a role are shown as unsure: some one in ten of each.
A suggestion always is."""


class Block(NamedTuple):
    """A block: `span` is what the record says, `own` that without what stands in it; `anchor` is where its role is known by.

    `role` is the number of its role from 0, None for a leftover.
    """

    ref: str
    label: str
    span: SpanModel
    own: Span
    kind: Kind | None = None
    confidence: float | None = None
    role: int | None = None
    node: Node | None = None

    @property
    def unsure(self) -> bool:
        """Whether a person should look at what it says."""
        return self.confidence is not None and self.label != "role" and self.confidence < SURE_KIND


class Shown(NamedTuple):
    """A change: `made` is a correction, else a suggestion; `block` is the block that it stands in."""

    ref: str
    change: Correction
    made: bool
    block: str | None

    @property
    def unsure(self) -> bool:
        """Whether a person should decide on it."""
        return not self.made or self.change.confidence < SURE_CHANGE


@dataclass(frozen=True, slots=True)
class Outline:
    """A record and its source text, as pages need them."""

    document: Document
    text: str
    blocks: tuple[Block, ...]
    changes: tuple[Shown, ...]

    @classmethod
    def of(cls, document: Document, text: str) -> Outline:
        """The outline of a record; `text` is the source text that its spans count in."""
        found = [b for k, role in enumerate(document.roles) for b in _of_role(k, role)]
        found += [
            Block(f"l{n}", "leftover", left.span, Span(left.span.start, left.span.end))
            for n, left in enumerate(document.leftovers, 1)
        ]
        found.sort(key=lambda b: b.own)
        return cls(document, text, tuple(found), tuple(_changes(document, found)))

    def original(self, span: SpanModel) -> str:
        """What the source says at a span."""
        return self.text[span.start : span.end]

    def anchor(self, role: int) -> SpanModel:
        """What a role is known by in decisions: its heading, or its first block."""
        own = [b for b in self.blocks if b.role == role]
        return next((b.span for b in own if b.label == "role"), own[0].span if own else self.document.roles[role].span)

    def unsure(self) -> int:
        """How much waits for a person."""
        roles = sum(role.confidence < SURE_ROLE for role in self.document.roles)
        return roles + sum(b.unsure for b in self.blocks) + sum(c.unsure for c in self.changes)


def role_ref(number: int) -> str:
    """What a role is called on its page; numbers are from 0."""
    return f"p{number + 1}"


def _of_role(k: int, role: Role) -> Iterator[Block]:
    if role.heading:
        yield Block(role_ref(k), "role", role.heading.span, _own(role.heading.span), None, role.confidence, k)
    if role.subtitle:
        yield Block(f"{role_ref(k)}s", "subtitle", role.subtitle.span, _own(role.subtitle.span), role=k)
    for n, node in enumerate(_walk(role.content), 1):
        ref = f"b{k + 1}-{n}"
        if isinstance(node, Section):
            if node.heading:
                span = node.heading.span
                yield Block(ref, "section", span, _own(span), node.kind, node.confidence, k, node)
        elif isinstance(node, FieldNode):
            yield Block(ref, "field", node.span, _own(node.span), node.kind, None, k, node)
        else:
            end = node.span.end
            if isinstance(node, Item) and node.content:
                end = min((_start(inner) for inner in node.content), default=end)
            yield Block(ref, node.type, node.span, Span(node.span.start, end), node.kind, node.confidence, k, node)


def _walk(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Section | Item):
            yield from _walk(node.content)


def _start(node: Node) -> int:
    if not isinstance(node, Section):
        return node.span.start
    if node.heading:
        return node.heading.span.start
    return min(map(_start, node.content))


def _own(span: SpanModel) -> Span:
    return Span(span.start, span.end)


def _changes(document: Document, blocks: Sequence[Block]) -> list[Shown]:
    starts = [block.own.start for block in blocks]
    both = [(c, True) for c in document.corrections] + [(s, False) for s in document.suggestions]
    both.sort(key=lambda pair: (pair[0].span.start, pair[0].span.end, not pair[1]))
    out = []
    for n, (change, made) in enumerate(both, 1):
        at = bisect_right(starts, change.span.start) - 1
        inside = at >= 0 and change.span.start < max(blocks[at].own.end, blocks[at].own.start + 1)
        out.append(Shown(f"c{n}", change, made, blocks[at].ref if inside else None))
    return out
