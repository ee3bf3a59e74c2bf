"""Decisions on kinds, titles and the beginnings of roles, applied to the blocks of a document.

They are applied before the record is built, so that flat views, qualifications and warnings follow them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.blocks import Block, Label, RoleBlocks, Segmented
from pipeline.model import SpanModel
from pipeline.review.decisions import Decision, KindDecision, Misfit, RoleDecision, TitleDecision
from pipeline.text import Revision

REASON = "decision"
"""The reason of a leftover that a person took out of the roles."""

_HEADS = (Label.ROLE_HEADING, Label.SUBTITLE)


class _Found(NamedTuple):
    """Where a block is: the number of its role, None for a leftover, and its own number there."""

    role: int | None
    at: int


def apply(segmented: Segmented, decisions: Sequence[Decision]) -> tuple[Segmented, list[Misfit]]:
    """The blocks as a person wants them: first where roles begin, then their titles, then the kinds."""
    if not decisions:
        return segmented, []
    structure = _Structure(segmented)
    misfits: list[Misfit] = []
    for wanted in (RoleDecision, TitleDecision, KindDecision):
        for decision in decisions:
            if isinstance(decision, wanted):
                why = structure.decide(decision)
                misfits += [Misfit(decision, why)] if why else []
    return structure.segmented(), misfits


class _Structure:
    """The roles and leftovers of a document while they are decided about."""

    def __init__(self, segmented: Segmented) -> None:
        self._given = segmented
        self._revision = segmented.corrected.revision
        self._roles = list(segmented.roles)
        self._left = list(segmented.leftovers)

    def segmented(self) -> Segmented:
        """The document as it is now."""
        return replace(self._given, roles=tuple(self._roles), leftovers=tuple(self._left))

    def decide(self, decision: Decision) -> str:
        """Apply a decision; why that cannot be done, empty where it was."""
        found = self._find(decision.span)
        if found is None:
            return "no block stands there any more"
        if isinstance(decision, RoleDecision):
            return self._begin(found, decision.title) if decision.begins else self._end(found)
        if isinstance(decision, TitleDecision):
            return self._name(found, decision.title)
        return self._say(found, decision) if isinstance(decision, KindDecision) else ""

    # -- finding -------------------------------------------------------------------------------------------------------

    def _find(self, span: SpanModel) -> _Found | None:
        for k, role in enumerate(self._roles):
            for i, block in enumerate(role.blocks):
                if _starts(self._revision, block, span) and span.end in self._ends(role.blocks, i, span.end):
                    return _Found(k, i)
        for i, block in enumerate(self._left):
            if _starts(self._revision, block, span):
                return _Found(None, i)
        return None

    def _ends(self, blocks: Sequence[Block], i: int, asked: int) -> Iterator[int]:
        """Where a block may be said to end: its own end, that of what stands under it, either with marks taken out."""
        last = i
        while last + 1 < len(blocks) and blocks[last + 1].depth > blocks[i].depth:
            last += 1
        for end in (blocks[i].end, blocks[last].end):
            yield self._revision.to_source((blocks[i].start, end)).end
            if self._revision.from_source(asked) == end:
                yield asked

    def _is_anchor(self, found: _Found) -> bool:
        """Whether a block is the one that a role is known by."""
        return found.role is not None and found.at == _anchor(self._roles[found.role])

    # -- where roles begin ---------------------------------------------------------------------------------------------

    def _begin(self, found: _Found, title: str | None) -> str:
        if found.role is None:
            self._begin_outside(found.at, title)
        elif self._is_anchor(found) or found.at == 0:
            role = self._roles[found.role]
            self._roles[found.role] = role._replace(title=title or role.title, confidence=1.0)
        else:
            role = self._roles[found.role]
            blocks = (self._headed(role.blocks[found.at], title), *role.blocks[found.at + 1 :])
            self._roles[found.role] = role._replace(blocks=role.blocks[: found.at])
            self._roles.insert(found.role + 1, _role(blocks, title))
        return ""

    def _begin_outside(self, at: int, title: str | None) -> None:
        """Begin a role at text that belonged to none: it takes what follows of the role around it."""
        first = self._left.pop(at)
        first = self._headed(first._replace(label=Label.PARAGRAPH, kind="other", note=None), title)
        k = sum(role.blocks[0].start < first.start for role in self._roles)  # roles before it
        behind: tuple[Block, ...] = ()
        if k:
            around = self._roles[k - 1]
            behind = tuple(b for b in around.blocks if b.start > first.start)
            self._roles[k - 1] = around._replace(blocks=tuple(b for b in around.blocks if b.start < first.start))
        self._roles.insert(k, _role((first, *behind), title))

    def _headed(self, block: Block, title: str | None) -> Block:
        """A role's first block: its heading where it says the title, else what it is."""
        said = "".join(self._revision.text[block.start : block.end].split())
        if title and "".join(title.split()) in said:
            return block._replace(
                label=Label.ROLE_HEADING, body=block.start, depth=1, note=None, kind=None, confidence=1.0
            )
        return block

    def _end(self, found: _Found) -> str:
        """Begin no role here: its blocks go to the one before, or, of the first role, to none."""
        if found.role is None or not (self._is_anchor(found) or found.at == 0):
            return ""
        role = self._roles.pop(found.role)
        if found.role == 0:
            self._left += [b._replace(label=Label.LEFTOVER, body=b.start, note=REASON) for b in role.blocks]
            self._left.sort(key=lambda b: b.start)
            return ""
        before = self._roles[found.role - 1]
        blocks = [_as_paragraph(b) if b.label in _HEADS else b for b in role.blocks]
        joined = sorted((*before.blocks, *blocks), key=lambda b: b.start)
        self._roles[found.role - 1] = before._replace(blocks=tuple(joined))
        return ""

    # -- titles and kinds ----------------------------------------------------------------------------------------------

    def _name(self, found: _Found, title: str | None) -> str:
        if found.role is None or not (self._is_anchor(found) or found.at == 0):
            return "no role begins there any more"
        self._roles[found.role] = self._roles[found.role]._replace(title=title or None, confidence=1.0)
        return ""

    def _say(self, found: _Found, decision: KindDecision) -> str:
        if found.role is None:
            return "it belongs to no role any more"
        role = self._roles[found.role]
        block = role.blocks[found.at]
        if block.label in _HEADS:
            return "it heads a role now"
        heading = block.label == Label.SECTION_HEADING
        said = block._replace(
            kind=decision.kind.value,
            kind_confidence=1.0,
            confidence=1.0 if heading else block.confidence,
        )
        self._roles[found.role] = role._replace(blocks=(*role.blocks[: found.at], said, *role.blocks[found.at + 1 :]))
        return ""


def _starts(revision: Revision, block: Block, span: SpanModel) -> bool:
    """Whether a block starts where a span of the record does, which takes in marks that were taken out around it."""
    return (
        revision.to_source((block.start, block.end)).start == span.start
        or revision.from_source(span.start) == block.start
    )


def _as_paragraph(head: Block) -> Block:
    """What a heading of a role is once none begins there."""
    return head._replace(label=Label.PARAGRAPH, body=head.start, marker=None, number=None, kind="other")


def _anchor(role: RoleBlocks) -> int:
    """The block that a role is known by: its heading, else its first."""
    return next((i for i, b in enumerate(role.blocks) if b.label == Label.ROLE_HEADING), 0)


def _role(blocks: Sequence[Block], title: str | None) -> RoleBlocks:
    """A role that a person begins: its blocks start at the outermost depth."""
    least = min((b.depth for b in blocks if b.label not in _HEADS), default=1)
    return RoleBlocks(tuple(b._replace(depth=max(1, b.depth - least + 1)) for b in blocks), title or None)
