"""From the tree of a record to its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pipeline.export.rows import CorrectionRow, EntryRow, LeftoverRow, QualificationRow, Record, RoleRow, SectionRow
from pipeline.model import Correction, FieldNode, Item, NamedMention, Node, Paragraph, Role, Section, Skill


def role_rows(record: Record) -> Iterator[RoleRow]:
    """A row a role."""
    for key, role in record.roles:
        profile, asked, occupation = role.profile, role.qualifications, role.occupation
        yield RoleRow(
            document=record.name,
            role=key,
            ordinal=role.ordinal,
            title=role.title,
            heading=role.heading.text if role.heading else None,
            subtitle=role.subtitle.text if role.subtitle else None,
            confidence=role.confidence,
            department=profile.department,
            reports_to=profile.reports_to,
            subordinates=profile.subordinates,
            authority=profile.authority,
            function=profile.function,
            headcount=profile.headcount,
            place=profile.place,
            pay=profile.pay,
            hours=profile.hours,
            education=asked.education.min_level,
            full_time=asked.education.full_time,
            majors=asked.education.majors,
            age_min=asked.age.min if asked.age else None,
            age_max=asked.age.max if asked.age else None,
            gender=asked.gender,
            occupation_code=occupation.code if occupation else None,
            occupation=occupation.name if occupation else None,
            occupation_confidence=occupation.confidence if occupation else None,
            span_start=role.span.start,
            span_end=role.span.end,
        )


# -- the tree ---------------------------------------------------------------------------------------------------------


class Tree(NamedTuple):
    """What stands in the trees of a record's roles, in reading order."""

    sections: list[SectionRow]
    entries: list[EntryRow]


def tree_rows(record: Record) -> Tree:
    """A row a section and a row an item, paragraph or field, nested ones included; each tree is walked once."""
    walks = [_Walk(record.name, key, role) for key, role in record.roles]
    return Tree([row for walk in walks for row in walk.sections], [row for walk in walks for row in walk.entries])


class _Walk:
    """The sections and entries of one role, numbered in reading order."""

    def __init__(self, document: str, key: str, role: Role) -> None:
        self._document, self._key, self._title = document, key, role.title
        self.sections: list[SectionRow] = []
        self.entries: list[EntryRow] = []
        self._nodes(role.content, None, None)

    def _nodes(self, nodes: tuple[Node, ...], section: SectionRow | None, parent: int | None) -> None:
        for node in nodes:
            if isinstance(node, Section):
                self.sections.append(row := self._section(node, section))
                self._nodes(node.content, row, parent)
                continue
            self.entries.append(self._entry(node, section, parent))
            if isinstance(node, Item):
                self._nodes(node.content, section, len(self.entries))

    def _section(self, node: Section, outer: SectionRow | None) -> SectionRow:
        heading = node.heading
        return SectionRow(
            document=self._document,
            role=self._key,
            position=len(self.sections) + 1,
            parent=outer.position if outer else None,
            level=node.level,
            heading=heading.text if heading else None,
            marker=heading.marker if heading else None,
            number=heading.number if heading else None,
            kind=node.kind,
            confidence=node.confidence,
            span_start=heading.span.start if heading else None,
            span_end=heading.span.end if heading else None,
        )

    def _entry(self, node: Item | Paragraph | FieldNode, section: SectionRow | None, parent: int | None) -> EntryRow:
        return EntryRow(
            document=self._document,
            role=self._key,
            position=len(self.entries) + 1,
            title=self._title,
            section=section.position if section else None,
            heading=section.heading if section else None,
            parent=parent,
            type=node.type,
            kind=node.kind,
            marker=node.marker if isinstance(node, Item) else None,
            number=node.number if isinstance(node, Item) else None,
            name=node.name if isinstance(node, FieldNode) else None,
            text=node.value if isinstance(node, FieldNode) else node.text,
            confidence=None if isinstance(node, FieldNode) else node.confidence,
            span_start=node.span.start,
            span_end=node.span.end,
        )


# -- what can be checked ----------------------------------------------------------------------------------------------


def qualification_rows(record: Record) -> Iterator[QualificationRow]:
    """A row a thing asked for, skills included; nothing for what a role is silent about."""
    for key, role in record.roles:
        for position, facts in enumerate(_asked(role), 1):
            yield QualificationRow(document=record.name, role=key, position=position, title=role.title, **facts)


def _asked(role: Role) -> Iterator[dict[str, Any]]:
    asked = role.qualifications
    education = asked.education
    if education.min_level is not None or education.full_time is not None:
        yield {"about": "education", "level": education.min_level, "full_time": education.full_time, **_at(education)}
    for major in education.majors:
        yield {"about": "major", "name": major, **_at(education)}
    for each in asked.experience:
        years = {"least": each.min_years, "most": each.max_years, "preferred_years": each.preferred_years}
        yield {"about": "experience", "name": each.field, "preferred": each.preferred, **years, **_at(each)}
    if asked.age:
        yield {"about": "age", "least": asked.age.min, "most": asked.age.max, **_at(asked.age)}
    if asked.gender:
        yield {"about": "gender", "name": asked.gender}
    mentions: tuple[tuple[str, tuple[NamedMention | Skill, ...]], ...] = (
        ("language", asked.languages),
        ("certificate", asked.certificates),
        ("skill", asked.skills),
    )
    for about, named in mentions:
        for one in named:
            yield {"about": about, "name": one.name, "level": one.level, "preferred": one.preferred, **_at(one)}


def _at(fact: Any) -> dict[str, int]:
    return {"span_start": fact.span.start, "span_end": fact.span.end} if fact.span else {}


# -- of the whole document --------------------------------------------------------------------------------------------


def correction_rows(record: Record) -> Iterator[CorrectionRow]:
    """A row a correction, then a row a suggestion."""
    document = record.document
    changes: list[tuple[bool, Correction]] = [(True, change) for change in document.corrections]
    changes += [(False, change) for change in document.suggestions]
    for position, (made, change) in enumerate(changes, 1):
        yield CorrectionRow(
            document=record.name,
            position=position,
            made=made,
            original=change.original,
            replacement=change.replacement,
            category=change.category,
            rule=change.rule,
            confidence=change.confidence,
            evidence=change.evidence,
            span_start=change.span.start,
            span_end=change.span.end,
        )


def leftover_rows(record: Record) -> Iterator[LeftoverRow]:
    """A row a leftover."""
    for position, left in enumerate(record.document.leftovers, 1):
        yield LeftoverRow(record.name, position, left.reason, left.text, left.span.start, left.span.end)
