"""Hold a record against its source text: the contract's invariants, as far as the two can show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline import places
from pipeline.errors import PipelineError
from pipeline.export import WRITERS
from pipeline.layout import Hint
from pipeline.model import Document, Entry, FieldNode, Item, Kind, Node, Paragraph, Role, Section, SpanModel
from pipeline.text import NORMALISATION, Change, Revision, Span, fold_lines

__all__ = ["broken", "depth", "verify"]

_SHOWN = 24
"""Characters of a text that a message quotes."""
_LONGEST_MARKER = 8
"""Characters, white space aside, that may stand before the name of a numbered field: it has no `marker` of its own."""


def verify(document: Document, source_text: str, layout: Sequence[Hint] = ()) -> list[str]:
    """What is wrong with a record, a readable line each; an empty list when every invariant holds.

    `source_text` is the text that the record's spans count in: that of its file, or of its `NAME.source.txt`. With the
    `layout` of the file itself, the record must place its stretches where the file has them.
    """
    return [*broken(document, source_text, layout), *_round_trips(document)]


def broken(document: Document, source_text: str, layout: Sequence[Hint] = ()) -> list[str]:
    """The invariants that a record breaks, a readable line each, but for those of its formats: some 15 μs a block."""
    if document.source.characters != len(source_text):
        return [f"the record is of {document.source.characters} characters, the source text has {len(source_text)}"]
    outside = list(_outside(document, len(source_text)))
    if outside:
        return outside
    blocks = list(_blocks(document))
    replay = list(_replay(document, source_text))
    problems = [*_coverage(blocks, source_text), *replay, *places.problems(document.places, source_text)]
    if layout and document.places != places.of_layout(layout):
        problems.append("the places are not those of the file")
    if not replay:
        problems += _texts(blocks, _Reading.of(document, source_text))
    for role in document.roles:
        problems += _order(role)
        problems += _views(role)
    return problems


def depth(document: Document) -> int:
    """Levels of content in the deepest role; counted without recursion, so that any record can be asked."""
    deepest, nodes = 0, [(1, node) for role in document.roles for node in role.content]
    while nodes:
        level, node = nodes.pop()
        deepest = max(deepest, level)
        if isinstance(node, Section | Item):
            nodes += [(level + 1, inner) for inner in node.content]
    return deepest


# -- what a record is made of -----------------------------------------------------------------------------------------


class _Block(NamedTuple):
    """A stretch of the source that is one block's own, and the texts that it must read as, in this order."""

    label: str
    span: Span
    texts: tuple[str, ...]
    exact: bool


def _blocks(document: Document) -> Iterator[_Block]:
    for left in document.leftovers:
        yield _Block("leftover", _own(left.span), (left.text,), True)
    for role in document.roles:
        if role.heading:
            yield _Block("role heading", _own(role.heading.span), (role.heading.text,), True)
        if role.subtitle:
            yield _Block("subtitle", _own(role.subtitle.span), (role.subtitle.text,), True)
        for node in _walk(role.content):
            if (block := _block(node)) is not None:
                yield block


def _walk(nodes: Sequence[Node]) -> Iterator[Node]:
    """All nodes, each before what it holds."""
    for node in nodes:
        yield node
        if isinstance(node, Section | Item):
            yield from _walk(node.content)


def _block(node: Node) -> _Block | None:
    if isinstance(node, Section):
        head = node.heading
        return _Block("section heading", _own(head.span), (head.marker or "", head.text), False) if head else None
    if isinstance(node, Item):
        end = min((_extent(inner).start for inner in node.content), default=node.span.end)
        return _Block("item", Span(node.span.start, end), (node.marker or "", node.text), False)
    if isinstance(node, FieldNode):
        return _Block("field", _own(node.span), (node.name, node.value), False)
    return _Block("paragraph", _own(node.span), (node.text,), True)


def _own(span: SpanModel) -> Span:
    return Span(span.start, span.end)


def _extent(node: Node) -> Span:
    """A node with all that it holds; a section reaches from its heading to the end of its content."""
    if not isinstance(node, Section):
        return _own(node.span)
    spans = [_own(node.heading.span)] if node.heading else []
    spans += [_extent(inner) for inner in node.content]
    return Span(min(s.start for s in spans), max(s.end for s in spans)) if spans else Span(0, 0)


def _outside(document: Document, size: int) -> Iterator[str]:
    """Spans that are no stretch of the source."""
    for what, span in _spans(document):
        if not span.start <= span.end <= size:
            yield f"{what}: the span {span.start}-{span.end} is no stretch of the source"


def _spans(document: Document) -> Iterator[tuple[str, SpanModel]]:
    yield from (("correction", c.span) for c in document.corrections)
    yield from (("suggestion", s.span) for s in document.suggestions)
    yield from (("leftover", left.span) for left in document.leftovers)
    yield from (("warning", w.span) for w in document.warnings if w.span)
    yield from (("place", p.span) for p in document.places)
    for role in document.roles:
        yield role.id, role.span
        yield from (("role heading", part.span) for part in (role.heading, role.subtitle) if part)
        for node in _walk(role.content):
            part = node.heading if isinstance(node, Section) else node
            if part:
                yield node.type, part.span
        wanted = role.qualifications
        yield from (("education", s) for s in (wanted.education.span,) if s)
        mentions = (*wanted.languages, *wanted.certificates)
        for facts in (wanted.experience, mentions, wanted.skills, (wanted.age,) if wanted.age else ()):
            yield from (("qualification", fact.span) for fact in facts)


# -- 1 nothing is lost ------------------------------------------------------------------------------------------------


def _coverage(blocks: Sequence[_Block], source_text: str) -> Iterator[str]:
    """Stretches with a visible character that are in no block, or in two; visible is what is not white space."""
    last = 0
    for start, end in [*sorted(block.span for block in blocks), Span(len(source_text), len(source_text))]:
        if start > last and source_text[last:start].strip():
            yield f"characters {last}-{start} {_quote(source_text[last:start])} are in no block"
        elif start < last and source_text[start : min(end, last)].strip():
            both = min(end, last)
            yield f"characters {start}-{both} {_quote(source_text[start:both])} are in two blocks"
        last = max(last, end)


# -- 2 and 3 every change can be taken back ---------------------------------------------------------------------------


def _replay(document: Document, source_text: str) -> Iterator[str]:
    """What keeps the changes from being made over the source, or from being taken back."""
    starts = [c.span.start for c in document.corrections]
    if starts != sorted(starts):
        yield "the corrections are not in the order of the source"
    for suggestion in document.suggestions:
        if source_text[suggestion.span.start : suggestion.span.end] != suggestion.original:
            yield f"the suggestion at {suggestion.span.start}: the source does not read {_quote(suggestion.original)}"
    changes = _changes(document)
    last: Change | None = None
    sound = True
    for change in changes:
        what = "correction" if change.category else "normalisation"
        if source_text[change.start : change.end] != change.original:
            yield f"the {what} at {change.start}: the source does not read {_quote(change.original)}"
            sound = False
        if last and (change.start < last.end or change[:2] == last[:2]):
            yield f"the {what} at {change.start} overlaps the change at {last.start}"
            sound = False
        last = change
    if sound and Revision.from_changes(source_text, changes).undo() != source_text:
        yield "the changes taken back do not give the source"


def _changes(document: Document) -> list[Change]:
    out = [
        Change(c.span.start, c.span.end, c.original, c.replacement, c.rule, c.category.value)
        for c in document.corrections
    ]
    for n in document.normalisations:
        size = len(n.original)
        out += [Change(at, at + size, n.original, n.replacement, n.rule, NORMALISATION) for at in n.at]
    return sorted(out, key=lambda c: (c.start, c.end))


# -- texts are what their spans say -----------------------------------------------------------------------------------


class _Reading(NamedTuple):
    """The corrected text, and how much was put in at places where nothing was taken out."""

    revision: Revision
    inserted: dict[int, int]

    @classmethod
    def of(cls, document: Document, source_text: str) -> _Reading:
        """Replay the record's changes over its source."""
        changes = _changes(document)
        return cls(
            Revision.from_changes(source_text, changes),
            {c.start: len(c.replacement) for c in changes if c.start == c.end},
        )

    def of_span(self, span: Span) -> Iterator[str]:
        """What a span reads as; several where text was put in at its very ends, which may belong to either side."""
        start, end = (self.revision.from_source(offset) for offset in span)
        for a in {start, start - self.inserted.get(span.start, 0)}:
            for b in {end, end - self.inserted.get(span.end, 0)}:
                yield self.revision.text[a:b]


def _texts(blocks: Sequence[_Block], reading: _Reading) -> Iterator[str]:
    for block in blocks:
        if not any(_says(block, text) for text in reading.of_span(block.span)):
            shown = next(reading.of_span(block.span))
            said = _quote(" ".join(filter(None, block.texts)))
            yield f"{block.label} at {block.span.start}: says {said} where its span reads {_quote(shown)}"


def _says(block: _Block, text: str) -> bool:
    """Whether a block's texts are what `text` reads.

    Running text must be it, folded onto one line. Of a heading, an item or a field every letter and digit must be in
    its marker, name, text or value; brackets, colons and bullets between and around these may go.
    """
    if block.exact:
        return fold_lines(text) == block.texts[0]
    first, second = ("".join(part.split()) for part in block.texts)
    rest = "".join(text.split())
    if block.label == "field":
        if rest == second:
            return True  # a cell of a table, whose head holds the name
        at = rest.find(first)
        if not 0 <= at <= _LONGEST_MARKER:
            return False
        rest = rest[at:]
    if not rest.startswith(first):
        return False
    rest = rest[len(first) :]
    at = rest.find(second)
    return at >= 0 and not any(map(str.isalnum, rest[:at] + rest[at + len(second) :]))


# -- order, flat views and formats ------------------------------------------------------------------------------------


def _order(role: Role) -> Iterator[str]:
    """What stands in a node lies within it, and in the order of the text."""
    holders: list[Role | Item] = [role, *(node for node in _walk(role.content) if isinstance(node, Item))]
    for holder in holders:
        last = holder.span.start
        for node in holder.content:
            start, end = _extent(node)
            if start < last or end > holder.span.end:
                where = f"{start}-{end} in {holder.span.start}-{holder.span.end}"
                yield f"{role.id}: {node.type} {where} is out of order or outside what holds it"
            last = end


def _views(role: Role) -> Iterator[str]:
    found: dict[Kind, list[tuple[str, SpanModel]]] = {kind: [] for kind in Kind}
    for node in _walk(role.content):
        if isinstance(node, FieldNode):
            found[node.kind].append((node.words, node.span))
        elif isinstance(node, Item | Paragraph):
            found[node.kind].append((node.text, node.span))
    views: dict[Kind, tuple[Entry, ...]] = {
        Kind.DUTIES: role.duties,
        Kind.REQUIREMENTS: role.requirements,
        Kind.QUALITIES: role.qualities,
    }
    for kind, view in views.items():
        if [(entry.text, entry.span) for entry in view] != found[kind]:
            yield f"{role.id}: {kind.value} are not what the tree says"


def _round_trips(document: Document) -> Iterator[str]:
    for name, writer in WRITERS.items():
        try:
            data = writer.write(document)
            writer.check(data, document.source.name)
            if writer.read(data) != document:
                yield f"{name} does not give back the record"
        except PipelineError as error:
            yield f"{name}: {error}"


def _quote(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
