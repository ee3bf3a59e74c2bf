"""Flat rows of a record: what tables of all kinds are filled from, so that they cannot disagree.

`span_start` and `span_end` are half-open and count code points of the source text: a column `end` would have to be quoted
in most dialects of SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from pipeline.model import Document, Role


class Record(NamedTuple):
    """A document and the name of its record: the path below the folder of records, without suffix.

    The name is unique in that folder, where `document.source.name` may not be: it knows of no sub-folders.
    """

    name: str
    document: Document

    @property
    def roles(self) -> Iterator[tuple[str, Role]]:
        """Each role with its key, `NAME#1` and so on."""
        return ((f"{self.name}#{n}", role) for n, role in enumerate(self.document.roles, 1))


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role; all that is asked of a candidate is in QualificationRow, too.

    `occupation` is the name of the occupation, or group of occupations, with that code.
    """

    document: str
    role: str
    ordinal: int | None
    title: str | None
    heading: str | None
    subtitle: str | None
    confidence: float
    department: str | None
    reports_to: str | None
    subordinates: tuple[str, ...]
    authority: tuple[str, ...]
    function: str | None
    headcount: str | None
    place: str | None
    pay: str | None
    hours: str | None
    education: str | None
    full_time: bool | None
    majors: tuple[str, ...]
    age_min: int | None
    age_max: int | None
    gender: str | None
    occupation_code: str | None
    occupation: str | None
    occupation_confidence: float | None
    span_start: int
    span_end: int


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A heading within a role, with what it heads: `position` counts the role's sections from 1, in reading order."""

    document: str
    role: str
    position: int
    parent: int | None
    level: int
    heading: str | None
    marker: str | None
    number: int | None
    kind: str
    confidence: float
    span_start: int | None
    span_end: int | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An item, paragraph or field of a role, of whatever kind; `position` counts them from 1, in reading order.

    `section` is the position of the section that it stands in, `parent` that of the entry that it stands under; `name`
    is a field's, `text` its value. A field has no probability of its own.
    """

    document: str
    role: str
    position: int
    title: str | None
    section: int | None
    heading: str | None
    parent: int | None
    type: str
    kind: str
    marker: str | None
    number: int | None
    name: str | None
    text: str
    confidence: float | None
    span_start: int
    span_end: int

    @property
    def words(self) -> str:
        """The text as the flat views of a record have it, a field's name in front."""
        return f"{self.name}：{self.text}" if self.name else self.text


@dataclass(frozen=True, slots=True)
class QualificationRow:
    """One thing that can be checked of a candidate; `position` counts them from 1.

    `about` is education, major, experience, age, gender, language, certificate or skill; `least` and `most` are years,
    of experience or of age.
    """

    document: str
    role: str
    position: int
    title: str | None
    about: str
    name: str | None = None
    level: str | None = None
    full_time: bool | None = None
    least: float | None = None
    most: float | None = None
    preferred: bool = False
    preferred_years: float | None = None
    span_start: int | None = None
    span_end: int | None = None


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A change that was made, or only suggested; `position` counts a document's from 1, those made first."""

    document: str
    position: int
    made: bool
    original: str
    replacement: str
    category: str
    rule: str
    confidence: float
    evidence: str
    span_start: int
    span_end: int


@dataclass(frozen=True, slots=True)
class LeftoverRow:
    """Source text that belongs to no role; `position` counts a document's from 1."""

    document: str
    position: int
    reason: str
    text: str
    span_start: int
    span_end: int


def values(row: Any, columns: tuple[str, ...]) -> tuple[Any, ...]:
    """What a row says in the named columns, two or more of them."""
    found: tuple[Any, ...] = attrgetter(*columns)(row)
    return found
