"""Hold a record against its source text: the contract's invariants, as far as the two can show them."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.export import WRITERS
from pipeline.model import Document, Entry, FieldNode, Item, Kind, Node, Paragraph, Role, Section, SpanModel
from pipeline.text import Change, Revision, fold_lines

__all__ = ["verify"]


def verify(document: Document, source_text: str) -> list[str]:
    """What is wrong with a record, a line each; an empty list when every invariant holds."""
    problems = [*_coverage(document, source_text), *_changes(document, source_text)]
    if not problems:
        revision = Revision.from_changes(source_text, _all_changes(document, source_text))
        problems += _undoing(revision)
        problems += _texts(document, revision)
    problems += [p for role in document.roles for p in _views(role)]
    problems += _round_trips(document)
    return problems


# -- 1 nothing is lost ------------------------------------------------------------------------------------------------


def _coverage(document: Document, source_text: str) -> Iterator[str]:
    count = bytearray(len(source_text))
    spans = [(left.span.start, left.span.end) for left in document.leftovers]
    for role in document.roles:
        spans += [(part.span.start, part.span.end) for part in (role.heading, role.subtitle) if part]
        spans += _extents(role.content)
    for start, end in spans:
        if not 0 <= start <= end <= len(source_text):
            yield f"span {start}-{end} lies outside the text"
            return
        for i in range(start, end):
            count[i] += count[i] < 2
    for i, char in enumerate(source_text):
        if count[i] != 1 and not char.isspace() and not _removed(document, i):
            yield f"character {i} ({char!r}) is in {'no block' if count[i] == 0 else 'two blocks'}"
            return


def _removed(document: Document, offset: int) -> bool:
    """Whether a character was taken out as invisible or as a stray: such a one lies between blocks."""
    gone = any(offset in range(at, at + len(n.original)) for n in document.normalisations if not n.replacement.strip() for at in n.at)
    return gone or any(c.span.start <= offset < c.span.end and not c.replacement for c in document.corrections)


def _extents(nodes: tuple[Node, ...]) -> Iterator[tuple[int, int]]:
    for node in nodes:
        if isinstance(node, Section):
            if node.heading:
                yield node.heading.span.start, node.heading.span.end
            yield from _extents(node.content)
        elif isinstance(node, Item) and node.content:
            yield node.span.start, min(_first(inner) for inner in node.content)
            yield from _extents(node.content)
        else:
            yield node.span.start, node.span.end


def _first(node: Node) -> int:
    if isinstance(node, Section):
        return node.heading.span.start if node.heading else min(_first(inner) for inner in node.content)
    return node.span.start


# -- 2 and 3 every change can be taken back ---------------------------------------------------------------------------


def _all_changes(document: Document, source_text: str) -> list[Change]:
    out = [Change(c.span.start, c.span.end, c.original, c.replacement, c.rule, c.category) for c in document.corrections]
    for n in document.normalisations:
        out += [Change(at, at + len(n.original), n.original, n.replacement, n.rule) for at in n.at]
    return sorted(out, key=lambda c: (c.start, c.end))


def _changes(document: Document, source_text: str) -> Iterator[str]:
    last = 0
    for change in _all_changes(document, source_text):
        if change.start < last:
            yield f"the change at {change.start} overlaps the one before it"
        if source_text[change.start : change.end] != change.original:
            yield f"the change at {change.start} says {change.original!r}, the source does not"
        last = change.end
    for s in document.suggestions:
        if source_text[s.span.start : s.span.end] != s.original:
            yield f"the suggestion at {s.span.start} says {s.original!r}, the source does not"


def _undoing(revision: Revision) -> Iterator[str]:
    if revision.undo() != revision.source:
        yield "the changes undone do not give back the source"


# -- texts are what the spans say -------------------------------------------------------------------------------------


def _texts(document: Document, revision: Revision) -> Iterator[str]:
    for left in document.leftovers:
        yield from _same(revision, left.span, left.text)
    for role in document.roles:
        for part in (role.heading, role.subtitle):
            if part:
                yield from _same(revision, part.span, part.text)
        yield from _node_texts(role.content, revision)


def _node_texts(nodes: tuple[Node, ...], revision: Revision) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Section):
            if node.heading:
                yield from _within(revision, node.heading.span, node.heading.text)
            yield from _node_texts(node.content, revision)
        elif isinstance(node, FieldNode):
            yield from _within(revision, node.span, node.value)
        elif isinstance(node, Paragraph):
            yield from _same(revision, node.span, node.text)
        else:
            yield from _within(revision, node.span, node.text)
            yield from _node_texts(node.content, revision)


def _slice(revision: Revision, span: SpanModel) -> str:
    return fold_lines(revision.text[revision.from_source(span.start) : revision.from_source(span.end)])


def _same(revision: Revision, span: SpanModel, text: str) -> Iterator[str]:
    if _slice(revision, span) != text:
        yield f"the text at {span.start} is not what its span says: {text[:20]!r}"


def _within(revision: Revision, span: SpanModel, text: str) -> Iterator[str]:
    """The text is a part of what the span says, beside a marker, a name, brackets or inner entries."""
    if " ".join(text.split()) not in " ".join(_slice(revision, span).split()):
        yield f"the text at {span.start} is not in what its span says: {text[:20]!r}"


# -- flat views and formats -------------------------------------------------------------------------------------------


def _views(role: Role) -> Iterator[str]:
    found: dict[Kind, list[SpanModel]] = {kind: [] for kind in Kind}
    _collect(role.content, found)
    for kind, view in ((Kind.DUTIES, role.duties), (Kind.REQUIREMENTS, role.requirements), (Kind.QUALITIES, role.qualities)):
        if [entry.span for entry in view] != found[kind] or not _ordered(view):
            yield f"{role.id}: {kind.value} is not what the tree says"


def _ordered(view: tuple[Entry, ...]) -> bool:
    starts = [entry.span.start for entry in view]
    return starts == sorted(starts)


def _collect(nodes: tuple[Node, ...], found: dict[Kind, list[SpanModel]]) -> None:
    for node in nodes:
        if not isinstance(node, Section):
            found[node.kind].append(node.span)
        if isinstance(node, Section | Item):
            _collect(node.content, found)


def _round_trips(document: Document) -> Iterator[str]:
    for name, writer in WRITERS.items():
        data = writer.write(document)
        writer.check(data, document.source.name)
        if writer.read(data) != document:
            yield f"{name} does not give back the record"
