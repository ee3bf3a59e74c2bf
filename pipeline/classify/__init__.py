"""Say what each block means, read the facts out of it, and build the record."""

from __future__ import annotations

from collections import Counter, defaultdict

from pipeline.blocks import Block, Label, RoleBlocks, Segmented
from pipeline.classify import checks, facts, kinds, profile
from pipeline.classify.kinds import Guess
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
    roles = tuple(_role(revision, blocks, f"{source.name}#{n}") for n, blocks in enumerate(segmented.roles, 1))
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


def _role(revision: Revision, role: RoleBlocks, name: str) -> Role:
    blocks = role.blocks
    guesses = _guesses(revision.text, blocks)
    builder = Builder(revision, blocks, guesses)
    content = builder.nodes()
    flat: dict[Kind, list[Entry]] = {kind: [] for kind in Kind}
    _flatten(content, flat)
    heading = next((b for b in blocks if b.label == Label.ROLE_HEADING), None)
    subtitle = next((b for b in blocks if b.label == Label.SUBTITLE), None)
    clauses = _clauses(revision.text, blocks, guesses)
    return Role(
        id=name,
        title=role.title,
        heading=builder.spanned(heading) if heading else None,
        subtitle=builder.spanned(subtitle) if subtitle else None,
        ordinal=role.ordinal,
        span=builder.span(blocks[0].start, max(b.end for b in blocks)),
        profile=profile.read(role.title, content),
        content=content,
        duties=tuple(flat[Kind.DUTIES]),
        requirements=tuple(flat[Kind.REQUIREMENTS]),
        qualities=tuple(flat[Kind.QUALITIES]),
        qualifications=facts.read(revision, clauses),
    )


def _guesses(text: str, blocks: tuple[Block, ...]) -> dict[int, Guess]:
    """The kind of every block of a role: of entries by their words, of headings by the lexicon or what stands below."""
    above = _headings_above(blocks)
    body = [i for i, b in enumerate(blocks) if b.label in (Label.ITEM, Label.PARAGRAPH)]
    spans = [(blocks[i].body, blocks[i].end) for i in body]
    heads = [_nearest_kind(blocks, above, i) for i in body]
    found = kinds.guess(text, spans, heads, _lists(blocks, above, body))
    guesses = dict(zip(body, found, strict=True))
    below: dict[int | None, list[int]] = defaultdict(list)
    for i, heading in enumerate(above):
        below[heading].append(i)
    for i in range(len(blocks) - 1, -1, -1):
        block = blocks[i]
        if block.label == Label.SECTION_HEADING:
            guesses[i] = _heading_guess(blocks, above, [guesses[j] for j in below[i] if j in guesses], i)
        elif i not in guesses:
            guesses[i] = Guess(Kind(block.kind) if block.kind else Kind.OTHER, 0.9)
    return guesses


def _headings_above(blocks: tuple[Block, ...]) -> list[int | None]:
    """For each block the index of the section heading it is under."""
    out: list[int | None] = []
    stack: list[int] = []
    for i, block in enumerate(blocks):
        while stack and blocks[stack[-1]].depth >= block.depth:
            stack.pop()
        out.append(next((j for j in reversed(stack) if blocks[j].label == Label.SECTION_HEADING), None))
        stack.append(i)
    return out


def _lists(blocks: tuple[Block, ...], above: list[int | None], body: list[int]) -> list[int]:
    """A number for the list that each entry is in: a list ends with its heading, or where its numbers start again."""
    out: list[int] = []
    last: dict[int, int] = {}
    for n, i in enumerate(body):
        block, before = blocks[i], blocks[body[n - 1]] if n else None
        fresh = before is None or above[i] != above[body[n - 1]]
        number = block.number
        if number is not None:
            fresh = fresh or number < last.get(block.depth, 0)
            last[block.depth] = number
        out.append(n if fresh else out[-1])
    return out


def _nearest_kind(blocks: tuple[Block, ...], above: list[int | None], i: int) -> str | None:
    """The kind of the nearest heading above that has one."""
    at = above[i]
    while at is not None:
        if blocks[at].kind:
            return blocks[at].kind
        at = above[at]
    return blocks[0].kind if blocks[0].label == Label.ROLE_HEADING else blocks[i].kind


def _heading_guess(blocks: tuple[Block, ...], above: list[int | None], under: list[Guess], i: int) -> Guess:
    """The kind of a heading: its own, else what the blocks `under` it are most, else that of what it is under."""
    known = blocks[i].kind
    if known:
        return Guess(Kind(known), 0.95)
    if not under:
        inherited = _nearest_kind(blocks, above, i)
        return Guess(Kind(inherited) if inherited else Kind.OTHER, 0.5)
    votes = Counter[Kind]()
    for guess in under:
        votes[guess.kind] += round(guess.confidence * 1000)
    kind, weight = max(votes.items(), key=lambda v: (v[1], v[0]))
    return Guess(kind, round(weight / max(1, sum(votes.values())), 3))


def _clauses(text: str, blocks: tuple[Block, ...], guesses: dict[int, Guess]) -> list[facts.Clause]:
    """The clauses in which qualifications are looked for: entries that say requirements, and fields."""
    out: list[facts.Clause] = []
    preferred_from: int | None = None
    for i, block in enumerate(blocks):
        if preferred_from is not None and block.depth <= preferred_from:
            preferred_from = None
        if block.label == Label.SECTION_HEADING:
            if any(w in text[block.body : block.end] for w in ("优先", "加分")):
                preferred_from = block.depth
        elif block.label == Label.FIELD:
            if block.kind == "requirements":
                out += facts.of_entry(text, block.start, block.end, i, False)
        elif block.label in (Label.ITEM, Label.PARAGRAPH) and guesses[i].kind in (Kind.REQUIREMENTS, Kind.QUALITIES):
            out += facts.of_entry(text, block.body, block.end, i, preferred_from is not None)
    return out


def _flatten(nodes: tuple[Node, ...], flat: dict[Kind, list[Entry]]) -> None:
    for node in nodes:
        if isinstance(node, Item | Paragraph):
            flat[node.kind].append(Entry(text=node.text, confidence=node.confidence, span=node.span))
        if isinstance(node, Item | Section):
            _flatten(node.content, flat)
        elif isinstance(node, FieldNode) and node.kind != Kind.OTHER:
            flat[node.kind].append(Entry(text=f"{node.name}：{node.value}", confidence=0.9, span=node.span))


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
