"""Words that a field of a record may be, numbers within bounds, and how a field is described."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Ordinal = Annotated[int, Field(ge=1)]
Confidence = Annotated[float, Field(ge=0, le=1, description="Probability that this is right, 0 to 1.", examples=[0.97])]
Years = Annotated[float, Field(ge=0, description="Years; 0.5 is half a year.")]


def said(description: str, *examples: Any) -> Any:
    """What a field holds, in words, and examples of it as they stand in JSON."""
    return Field(description=description, examples=list(examples))


class Frozen(BaseModel):
    """What all models of a record have in common: values never change, unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
