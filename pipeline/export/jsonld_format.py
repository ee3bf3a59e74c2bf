"""schema.org in JSON-LD: one node of type Occupation a role. Not JobPosting: documents name no employer and no date."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from urllib.parse import quote

import orjson

from pipeline.errors import InvalidRecordError
from pipeline.export.rows import Record
from pipeline.model import Education, Experience, Role

_CODE_SET = {"@type": "CategoryCodeSet", "name": "中华人民共和国职业分类大典（2022年版）"}
_MONTHS = 12
_Node = dict[str, Any]


def write(record: Record) -> bytes:
    """UTF-8, the roles as a graph. Raises InvalidRecordError for a text that is no Unicode."""
    graph = [_occupation(key, role) for key, role in record.roles]
    try:
        return orjson.dumps(
            {"@context": "https://schema.org", "@graph": graph}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
    except orjson.JSONEncodeError as error:
        raise InvalidRecordError(f"{record.name}: cannot be written as JSON-LD: {error}") from error


def _occupation(key: str, role: Role) -> _Node:
    asked, place = role.qualifications, role.profile.place
    node = {
        "@type": "Occupation",
        "@id": f"urn:gangwei:role:{quote(key, safe='', errors='surrogateescape')}",
        "identifier": key,
        "name": role.title or (role.heading.text if role.heading else None),
        "description": role.profile.function,
        "occupationLocation": {"@type": "AdministrativeArea", "name": place} if place else None,
        "occupationalCategory": _category(role),
        "responsibilities": [entry.text for entry in role.duties],
        "qualifications": [entry.text for entry in role.requirements],
        "educationRequirements": _education(asked.education),
        "experienceRequirements": [_experience(each) for each in asked.experience if _is_required(each)],
        "skills": [
            *(skill.name for skill in asked.skills),
            *(language.name for language in asked.languages),
            *(entry.text for entry in role.qualities),
        ],
    }
    return _said(node)


def _category(role: Role) -> _Node | None:
    if role.occupation is None:
        return None
    code, name = role.occupation.code, role.occupation.name
    return {"@type": "CategoryCode", "codeValue": code, "name": name, "inCodeSet": _CODE_SET}


def _said(node: _Node) -> _Node:
    """Without what the role is silent about."""
    return {name: value for name, value in node.items() if value not in (None, [])}


def _education(asked: Education) -> _Node | None:
    full_time = {True: "全日制", False: "不限全日制", None: None}[asked.full_time]
    node = {
        "credentialCategory": asked.min_level,
        "description": full_time,
        "about": [{"@type": "DefinedTerm", "name": major} for major in asked.majors],
    }
    said = _said(node)
    return {"@type": "EducationalOccupationalCredential", **said} if said else None


def _is_required(asked: Experience) -> bool:
    """Years that are only preferred are no requirement: they stay among the qualifications, in the text's own words."""
    return asked.min_years is not None and not asked.preferred


def _experience(asked: Experience) -> _Node:
    years = Fraction(asked.min_years or 0)  # floats multiplied would run over for the largest that a record may hold
    node = {"monthsOfExperience": round(years * _MONTHS), "description": asked.field}
    return {"@type": "OccupationalExperienceRequirements", **_said(node)}
