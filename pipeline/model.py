"""The document model: what every record says. The published schemas are made from it, or held against it.

All models are frozen and forbid unknown keys. Offsets are Unicode code points of the source text, half-open. Texts are
clean and corrected and come without their markers; `source_text[span]` is what they were read from.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

from pipeline.layout import Region

SCHEMA_VERSION = "1.0"

Ordinal = Annotated[int, Field(ge=1)]
Confidence = Annotated[float, Field(ge=0, le=1, description="Probability that this is right, 0 to 1.")]


class Kind(StrEnum):
    """What a heading or an entry says."""

    DUTIES = "duties"
    REQUIREMENTS = "requirements"
    QUALITIES = "qualities"
    OTHER = "other"


class Category(StrEnum):
    """Why a text needed a correction."""

    OCR = "ocr"
    TYPO = "typo"
    SPIN = "spin"
    PUNCT = "punct"
    DUP = "dup"
    MISSING = "missing"


class EducationLevel(StrEnum):
    """Levels of Chinese education, lowest first."""

    JUNIOR_HIGH = "初中"
    HIGH = "高中"
    SECONDARY_VOCATIONAL = "中专"
    COLLEGE = "专科"
    BACHELOR = "本科"
    MASTER = "硕士"
    DOCTOR = "博士"


class Gender(StrEnum):
    """The sex that a text asks for."""

    MALE = "男"
    FEMALE = "女"
    ANY = "不限"


class SkillLevel(StrEnum):
    """How well a skill must be mastered, as Chinese postings grade it, highest first."""

    EXPERT = "精通"
    PROFICIENT = "熟练"
    FAMILIAR = "熟悉"
    AWARE = "了解"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SpanModel(_Model):
    """A half-open range of code points of the source text."""

    start: NonNegativeInt
    end: NonNegativeInt


class SpannedText(_Model):
    """A text and where it stands in the source."""

    text: str
    span: SpanModel


class SectionHeading(_Model):
    """The heading of a section; `marker` is its numbering as written, `number` what that counts."""

    text: str
    marker: str | None = None
    number: NonNegativeInt | None = None
    span: SpanModel


class Section(_Model):
    """A heading and what stands under it."""

    type: Literal["section"] = "section"
    heading: SectionHeading | None = None
    level: Annotated[int, Field(ge=1, description="Depth of the section within its role, from 1.")]
    kind: Kind
    confidence: Confidence
    content: tuple[Node, ...] = ()


class Item(_Model):
    """One numbered, bulleted or line-separated entry; its span starts at its marker."""

    type: Literal["item"] = "item"
    marker: str | None = None
    number: NonNegativeInt | None = None
    text: str
    kind: Kind
    confidence: Confidence
    span: SpanModel
    content: tuple[Node, ...] = ()


class Paragraph(_Model):
    """Running text that is no entry."""

    type: Literal["paragraph"] = "paragraph"
    text: str
    kind: Kind
    confidence: Confidence
    span: SpanModel


class FieldNode(_Model):
    """A name and its value in a job specification."""

    type: Literal["field"] = "field"
    name: str
    value: str
    kind: Kind
    span: SpanModel

    @property
    def words(self) -> str:
        """Name and value, as the flat views have them; a value that stands by itself has no name."""
        return f"{self.name}：{self.value}" if self.name else self.value


Node = Annotated[Section | Item | Paragraph | FieldNode, Field(discriminator="type")]


class Entry(_Model):
    """An entry of the flat views `duties`, `requirements` and `qualities`."""

    text: str
    confidence: Confidence
    span: SpanModel


class Education(_Model):
    """The schooling that a role asks for."""

    min_level: EducationLevel | None = None
    full_time: bool | None = None
    majors: tuple[str, ...] = ()
    span: SpanModel | None = None


Years = Annotated[float, Field(ge=0, description="Years; 0.5 is half a year.")]


class Experience(_Model):
    """Years of experience, in which field: required from `min_years` to `max_years`, or only `preferred`."""

    min_years: Years | None = None
    max_years: Years | None = None
    field: str | None = None
    preferred: bool = False
    preferred_years: Years | None = None
    span: SpanModel


class Age(_Model):
    """Bounds of age in years, both included."""

    min: NonNegativeInt | None = None
    max: NonNegativeInt | None = None
    span: SpanModel


class Skill(_Model):
    """A skill, tool, language or field of knowledge, and how well it must be known."""

    name: str
    level: SkillLevel | None = None
    preferred: bool = False
    span: SpanModel


class NamedMention(_Model):
    """A language or certificate that a role asks for."""

    name: str
    level: str | None = None
    preferred: bool = False
    span: SpanModel


class Qualifications(_Model):
    """What can be checked of a candidate, read out of the entries."""

    education: Education = Education()
    experience: tuple[Experience, ...] = ()
    age: Age | None = None
    gender: Gender | None = None
    languages: tuple[NamedMention, ...] = ()
    certificates: tuple[NamedMention, ...] = ()
    skills: tuple[Skill, ...] = ()


class Profile(_Model):
    """The post's place in the organisation; null or empty where the text is silent."""

    department: str | None = None
    reports_to: str | None = None
    subordinates: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    function: str | None = None
    headcount: str | None = None
    place: str | None = None
    pay: str | None = None
    hours: str | None = None


class Role(_Model):
    """One post."""

    id: str
    title: str | None = None
    heading: SpannedText | None = None
    subtitle: SpannedText | None = None
    ordinal: NonNegativeInt | None = None
    confidence: Confidence = 1.0
    span: SpanModel
    profile: Profile = Profile()
    content: tuple[Node, ...] = ()
    duties: tuple[Entry, ...] = ()
    requirements: tuple[Entry, ...] = ()
    qualities: tuple[Entry, ...] = ()
    qualifications: Qualifications = Qualifications()


class Correction(_Model):
    """A change of meaning-bearing characters: made (corrections) or proposed (suggestions)."""

    span: SpanModel
    original: str
    replacement: str
    category: Category
    rule: str
    confidence: Confidence
    evidence: str = ""


class Normalisation(_Model):
    """One kind of change of width, white space or quotation style, and every source offset where it was made."""

    rule: str
    original: str
    replacement: str
    at: tuple[NonNegativeInt, ...]


class Leftover(_Model):
    """Source text that belongs to no role."""

    span: SpanModel
    text: str
    reason: str


class DocumentWarning(_Model):
    """Something that a person should look at; nothing was deleted for it."""

    code: str
    message: str
    span: SpanModel | None = None


class Place(_Model):
    """Where in its file a stretch of the source text stands; null is what the file does not have or say."""

    span: SpanModel
    page: Ordinal | None = None
    paragraph: Ordinal
    region: Region = Region.BODY
    table: Ordinal | None = None
    row: Ordinal | None = None
    column: Ordinal | None = None


class Generator(_Model):
    """What made the record."""

    name: str
    version: str
    lexicon_version: str


class Source(_Model):
    """Where the record comes from; `sha256` is of the file's bytes, `characters` counts the source text."""

    name: str
    media_type: str
    encoding: str | None
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    characters: NonNegativeInt


class Document(_Model):
    """One parsed document; `places` hold every visible character of its source text, plain text has none."""

    schema_version: Literal["1.0"] = "1.0"
    generator: Generator
    source: Source
    roles: tuple[Role, ...] = ()
    corrections: tuple[Correction, ...] = ()
    suggestions: tuple[Correction, ...] = ()
    normalisations: tuple[Normalisation, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    warnings: tuple[DocumentWarning, ...] = ()
    places: tuple[Place, ...] = ()
