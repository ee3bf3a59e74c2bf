"""A document as a readable tree for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import click

from pipeline.model import Correction, Document, FieldNode, Node, Role, Section, SpanModel

_COLOURS = {"duties": "green", "requirements": "cyan", "qualities": "magenta", "other": "white"}


def lines(document: Document, source_text: str) -> Iterator[str]:
    """The lines of the tree. A correction stands where it was made, as [-old-]{+new+}."""
    marked = _Marked(document.corrections, source_text)
    for role in document.roles:
        yield from _role(role, marked)
    if document.leftovers:
        yield click.style("leftovers\n", bold=True)
        for left in document.leftovers:
            yield f"  {left.reason}: {_short(left.text)}\n"
    if document.suggestions:
        yield click.style("suggestions\n", bold=True)
        for s in document.suggestions:
            around = source_text[max(0, s.span.start - 6) : s.span.end + 6].replace("\n", " ")
            yield f"  {s.original} -> {s.replacement} ({s.category.value}, {s.confidence:.2f}) in …{around}…\n"
    if document.warnings:
        yield click.style("warnings\n", bold=True)
        for warning in document.warnings:
            yield f"  {warning.code}: {warning.message}\n"


class _Marked:
    """Source text with the corrections that fall into a span marked in it."""

    def __init__(self, corrections: tuple[Correction, ...], source_text: str) -> None:
        self._corrections = corrections
        self._source = source_text

    def text(self, span: SpanModel, clean: str) -> str:
        """The clean text, or, where something was corrected, the source text with the corrections marked."""
        inside = [c for c in self._corrections if span.start <= c.span.start and c.span.end <= span.end]
        if not inside:
            return clean
        parts, at = [], span.start
        for c in inside:
            parts.append(self._source[at : c.span.start])
            parts.append(click.style(f"[-{c.original}-]", fg="red") + click.style(f"{{+{c.replacement}+}}", fg="green"))
            at = c.span.end
        parts.append(self._source[at : span.end])
        return " ".join("".join(parts).split())


def _role(role: Role, marked: _Marked) -> Iterator[str]:
    yield click.style(f"{role.id}  {role.title or '(unnamed)'}\n", bold=True)
    facts = role.profile.model_dump(exclude_defaults=True)
    for name, value in facts.items():
        yield f"  {name}: {value if isinstance(value, str) else '、'.join(value)}\n"
    yield from _nodes(role.content, marked, 1)


def _nodes(nodes: tuple[Node, ...], marked: _Marked, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for node in nodes:
        tag = click.style(f"{node.kind.value[:3]}", fg=_COLOURS[node.kind.value])
        if isinstance(node, Section):
            heading = node.heading
            words = f"{heading.marker or ''}{marked.text(heading.span, heading.text)}" if heading else ""
            yield f"{indent}{tag} {click.style(words, underline=True)}\n"
            yield from _nodes(node.content, marked, depth + 1)
        elif isinstance(node, FieldNode):
            yield f"{indent}{tag} {node.name}: {node.value}\n"
        else:
            text = marked.text(node.span, f"{getattr(node, 'marker', None) or ''} {node.text}".strip())
            yield f"{indent}{tag} {text}\n"
            yield from _nodes(getattr(node, "content", ()), marked, depth + 1)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
