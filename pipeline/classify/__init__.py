"""Say what each block means, read the facts out of it, and build the record."""

from __future__ import annotations

from itertools import islice

from pipeline.blocks import Label, RoleBlocks, Segmented
from pipeline.classify import checks, facts, occupation, profile
from pipeline.classify.leftovers import leftovers_of
from pipeline.classify.tree import Builder
from pipeline.model import (
    Correction,
    Document,
    DocumentWarning,
    Entry,
    FieldNode,
    Generator,
    Item,
    Kind,
    Node,
    Normalisation,
    Paragraph,
    Qualifications,
    Role,
    Section,
    Source,
    SpanModel,
)
from pipeline.text import Change, Revision

__all__ = ["classify"]


def classify(segmented: Segmented, generator: Generator) -> Document:
    """The record of a segmented document."""
    revision, source = segmented.corrected.revision, segmented.source
    found = [list(facts.of_role(revision.text, role.blocks)) for role in segmented.roles]
    scores = iter(facts.tag(revision.text, [p for passages in found for p in passages]))
    roles = tuple(
        _role(
            revision, blocks, f"{source.name}#{n}", facts.read(revision, passages, list(islice(scores, len(passages))))
        )
        for n, (blocks, passages) in enumerate(zip(segmented.roles, found, strict=True), 1)
    )
    leftovers = leftovers_of(segmented)
    warnings = [DocumentWarning(code=code, message=message) for code, message in source.warnings]
    return Document(
        generator=generator,
        source=Source(
            name=source.name,
            media_type=source.media_type,
            encoding=source.encoding,
            sha256=source.sha256,
            characters=len(source.text),
        ),
        roles=roles,
        corrections=tuple(_correction(c) for c in revision.corrections()),
        suggestions=tuple(_correction(c) for c in segmented.corrected.suggestions),
        normalisations=_normalisations(revision.normalisations()),
        leftovers=leftovers,
        warnings=(*warnings, *checks.document(roles, source.text)),
    )


def _role(revision: Revision, role: RoleBlocks, name: str, qualifications: Qualifications) -> Role:
    blocks = role.blocks
    builder = Builder(revision, blocks)
    content = builder.nodes()
    flat: dict[Kind, list[Entry]] = {kind: [] for kind in Kind}
    _flatten(content, flat)
    heading = next((b for b in blocks if b.label == Label.ROLE_HEADING), None)
    subtitle = next((b for b in blocks if b.label == Label.SUBTITLE), None)
    return Role(
        id=name,
        title=role.title,
        heading=builder.spanned(heading) if heading else None,
        subtitle=builder.spanned(subtitle) if subtitle else None,
        ordinal=role.ordinal,
        confidence=role.confidence,
        span=builder.span(blocks[0].start, max(b.end for b in blocks)),
        profile=profile.read(role, builder.spanned(heading).text if heading else "", content),
        occupation=occupation.of_role(role.title, [entry.text for entry in flat[Kind.DUTIES]]),
        content=content,
        duties=tuple(flat[Kind.DUTIES]),
        requirements=tuple(flat[Kind.REQUIREMENTS]),
        qualities=tuple(flat[Kind.QUALITIES]),
        qualifications=qualifications,
    )


def _flatten(nodes: tuple[Node, ...], flat: dict[Kind, list[Entry]]) -> None:
    for node in nodes:
        if isinstance(node, Item | Paragraph):
            flat[node.kind].append(Entry(text=node.text, confidence=node.confidence, span=node.span))
        if isinstance(node, Item | Section):
            _flatten(node.content, flat)
        elif isinstance(node, FieldNode) and node.kind != Kind.OTHER:
            flat[node.kind].append(Entry(text=node.words, confidence=0.9, span=node.span))


def _correction(change: Change) -> Correction:
    return Correction(
        span=SpanModel(start=change.start, end=change.end),
        original=change.original,
        replacement=change.replacement,
        category=change.category,  # type: ignore[arg-type]
        rule=change.rule,
        confidence=change.confidence,
        evidence=change.evidence,
    )


def _normalisations(changes: tuple[Change, ...]) -> tuple[Normalisation, ...]:
    """The changes grouped by what they do, since a page has hundreds of the same."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for change in changes:
        groups.setdefault((change.rule, change.original, change.replacement), []).append(change.start)
    return tuple(
        Normalisation(rule=rule, original=original, replacement=replacement, at=tuple(at))
        for (rule, original, replacement), at in sorted(groups.items())
    )
