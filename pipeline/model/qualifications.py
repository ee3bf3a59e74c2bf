"""What can be checked of a candidate."""

from __future__ import annotations

from typing import Annotated

from pydantic import NonNegativeInt

from pipeline.model.content import SpanModel
from pipeline.model.vocabulary import EducationLevel, Frozen, Gender, SkillLevel, Years, said

_SPAN = said("Where the source text says so.", {"start": 25, "end": 31})
_PREFERRED = said("Whether it is an advantage only, and not required.", False)


class Education(Frozen):
    """The schooling that a role asks for."""

    min_level: Annotated[
        EducationLevel | None, said("The lowest level that will do; null if none is named.", "专科")
    ] = None
    full_time: Annotated[
        bool | None, said("Whether it must be full-time schooling (全日制); null where the text is silent.", True)
    ] = None
    majors: Annotated[tuple[str, ...], said("Subjects, as they are written.", ["会计", "财务管理"])] = ()
    span: Annotated[
        SpanModel | None, said("Where the source text says so; null if it does not.", {"start": 25, "end": 31})
    ] = None


class Experience(Frozen):
    """Years of experience, in which field: required from `min_years` to `max_years`, or only `preferred`."""

    min_years: Annotated[Years | None, said("Years that are needed at least; 0.5 is half a year.", 3)] = None
    max_years: Annotated[Years | None, said("Years that are wanted at most; 0.5 is half a year.", 5)] = None
    field: Annotated[str | None, said("What the experience is in, as it is written.", "出纳工作")] = None
    preferred: Annotated[bool, _PREFERRED] = False
    preferred_years: Annotated[Years | None, said("Years that are an advantage, beside those required.", 5)] = None
    span: Annotated[SpanModel, _SPAN]


class Age(Frozen):
    """Bounds of age in years, both included."""

    min: Annotated[NonNegativeInt | None, said("The lowest age in years; null where there is none.", 18)] = None
    max: Annotated[NonNegativeInt | None, said("The highest age in years; null where there is none.", 45)] = None
    span: Annotated[SpanModel, _SPAN]


class Skill(Frozen):
    """A skill, tool, language or field of knowledge, and how well it must be known."""

    name: Annotated[str, said("What must be known.", "Excel")]
    level: Annotated[
        SkillLevel | None, said("How well it must be known; null where the text does not say.", "熟练")
    ] = None
    preferred: Annotated[bool, _PREFERRED] = False
    span: Annotated[SpanModel, _SPAN]


class NamedMention(Frozen):
    """A language or certificate that a role asks for."""

    name: Annotated[str, said("The language or certificate.", "英语")]
    level: Annotated[str | None, said("Its level as it is written; null where there is none.", "四级")] = None
    preferred: Annotated[bool, _PREFERRED] = False
    span: Annotated[SpanModel, _SPAN]


class Qualifications(Frozen):
    """What can be checked of a candidate, read out of the entries."""

    education: Annotated[
        Education,
        said(
            "The schooling that is asked for.",
            {"min_level": "专科", "full_time": None, "majors": [], "span": {"start": 25, "end": 31}},
        ),
    ] = Education()
    experience: Annotated[
        tuple[Experience, ...],
        said(
            "Each statement on years of experience, in order.",
            [{"min_years": 3, "field": "出纳工作", "span": {"start": 25, "end": 36}}],
        ),
    ] = ()
    age: Annotated[
        Age | None,
        said("Bounds of age; null where there are none.", {"min": 18, "max": 45, "span": {"start": 25, "end": 32}}),
    ] = None
    gender: Annotated[Gender | None, said("The sex that is asked for; null where the text is silent.", "不限")] = None
    languages: Annotated[
        tuple[NamedMention, ...],
        said("Languages, in order.", [{"name": "英语", "level": "四级", "span": {"start": 25, "end": 29}}]),
    ] = ()
    certificates: Annotated[
        tuple[NamedMention, ...],
        said("Certificates and licences, in order.", [{"name": "初级会计证", "span": {"start": 25, "end": 30}}]),
    ] = ()
    skills: Annotated[
        tuple[Skill, ...],
        said(
            "Skills, tools and fields of knowledge, in order.",
            [{"name": "Excel", "level": "熟练", "span": {"start": 25, "end": 32}}],
        ),
    ] = ()
