"""XML in the style of HR Open (HR-XML 3): a PositionOpening a document, a PositionProfile a role.

The elements are those that receivers of HR-XML read; what has no slot there goes into UserArea, in a namespace of our
own. It was not held against HR Open's schemas, which are not free to pass on: hence "style".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

from pipeline.errors import InvalidRecordError
from pipeline.export.characters import visible
from pipeline.export.rows import Record
from pipeline.model import Entry, Experience, Kind, NamedMention, Qualifications, Role, Skill, wording

NAMESPACE = "http://www.hr-xml.org/3"
OWN = "urn:gangwei:hr-open:1"
"""Namespace of what stands in UserArea."""

_PREFIXES: Any = {None: NAMESPACE, "gangwei": OWN}
_VIEWS = (Kind.DUTIES, Kind.REQUIREMENTS, Kind.QUALITIES)
_IN_PROFILE = ("department", "headcount")
"""Fields of a profile that have a slot; the others go into UserArea."""


def write(record: Record) -> bytes:
    """UTF-8, indented. Raises InvalidRecordError for a text that is no Unicode."""
    root = etree.Element(_name(NAMESPACE, "PositionOpening"), nsmap=_PREFIXES)
    try:
        _add(root, "DocumentID", record.name)
        for key, role in record.roles:
            _profile(root, key, role)
    except UnicodeEncodeError as error:
        raise InvalidRecordError(f"{record.name}: cannot be written as XML: {error}") from error
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _profile(root: etree._Element, key: str, role: Role) -> None:
    profile = _add(root, "PositionProfile", languageCode="zh")
    _add(profile, "ProfileID", key)
    _add(profile, "PositionTitle", role.title or (role.heading.text if role.heading else ""))
    if role.profile.department is not None:
        unit = _add(_add(profile, "PositionOrganization"), "OrganizationIdentifiers")
        _add(unit, "OrganizationName", role.profile.department)
    if _counted(role):
        _add(profile, "PositionOpenQuantity", role.profile.headcount)
    _qualifications(profile, role.qualifications)
    for view in _VIEWS:
        _description(profile, wording.KINDS[view], getattr(role, view))
    _user_area(profile, role)


def _counted(role: Role) -> bool:
    """Whether the head count is a bare number, which alone has a slot."""
    return role.profile.headcount is not None and role.profile.headcount.isdecimal()


def _description(profile: etree._Element, title: str, entries: tuple[Entry, ...]) -> None:
    """A block of text, an entry a line; the title says of what."""
    if entries:
        block = _add(profile, "PositionFormattedDescription")
        _add(block, "ShortDescription", title)
        _add(block, "Content", "\n".join(entry.text for entry in entries))


def _qualifications(profile: etree._Element, asked: Qualifications) -> None:
    parent = etree.Element(_name(NAMESPACE, "PositionQualifications"))
    for taxonomy, named in (("skill", asked.skills), ("language", asked.languages)):
        _competencies(parent, taxonomy, named)
    for certificate in asked.certificates:
        if not certificate.preferred:
            _add(parent, "LicenseTypeCode", certificate.name)
    if asked.education.min_level is not None:
        _add(_add(parent, "EducationRequirement"), "EducationLevelCode", asked.education.min_level)
    years = [each for each in asked.experience if each.min_years is not None and not each.preferred]
    if years:
        summary = _add(parent, "ExperienceSummary")
        for each in years:
            _experience(summary, each)
    if len(parent):
        profile.append(parent)


def _competencies(parent: etree._Element, taxonomy: str, named: Iterable[NamedMention | Skill]) -> None:
    for one in named:
        competency = _add(parent, "PositionCompetency")
        _add(competency, "CompetencyName", one.name)
        _add(competency, "TaxonomyID", taxonomy)
        if one.level is not None:
            wish = "DesiredProficiencyLevel" if one.preferred else "RequiredProficiencyLevel"
            _add(_add(competency, wish), "ScoreText", one.level)


def _experience(summary: etree._Element, asked: Experience) -> None:
    category = _add(summary, "ExperienceCategory")
    if asked.field is not None:
        _add(category, "CategoryName", asked.field)
    _add(category, "Measure", wording.number(asked.min_years or 0), unitCode="Year")


# -- what has no slot -------------------------------------------------------------------------------------------------


def _user_area(profile: etree._Element, role: Role) -> None:
    area = etree.Element(_name(NAMESPACE, "UserArea"))
    for name in wording.PROFILE:
        if name not in _IN_PROFILE or (name == "headcount" and not _counted(role)):
            _own(area, name, getattr(role.profile, name))
    asked = role.qualifications
    if asked.education.full_time is not None:
        _own(area, "full_time", "true" if asked.education.full_time else "false")
    _own(area, "major", asked.education.majors)
    if role.occupation:
        code, name = role.occupation.code, _text(role.occupation.name)
        etree.SubElement(area, _name(OWN, "occupation"), {"code": code, "name": name})
    if asked.age:
        bounds = {side: str(value) for side, value in asked.age if side != "span" and value is not None}
        etree.SubElement(area, _name(OWN, "age"), bounds)
    _own(area, "gender", asked.gender)
    _own(area, "experience", tuple(wording.experience(each) for each in asked.experience if not _is_plain(each)))
    named: tuple[NamedMention | Skill, ...] = (*asked.skills, *asked.languages, *asked.certificates)
    _own(area, "preferred", tuple(one.name for one in named if one.preferred))
    if len(area):
        profile.append(area)


def _is_plain(asked: Experience) -> bool:
    """Whether a least number of years in a field is all that is said, which alone has a slot."""
    more = (asked.max_years, asked.preferred_years)
    return asked.min_years is not None and not asked.preferred and more == (None, None)


def _own(area: etree._Element, name: str, value: str | tuple[str, ...] | None) -> None:
    """An element of our own for a text, or one for each of several."""
    for text in (value,) if isinstance(value, str) else value or ():
        etree.SubElement(area, _name(OWN, name)).text = _text(text)


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, _name(NAMESPACE, name), attributes)
    if text is not None:
        element.text = _text(text)
    return element


def _text(text: str) -> str:
    """A text as XML can hold it. Raises UnicodeEncodeError for what is no Unicode, which lxml would not name."""
    text.encode("utf-8")
    return visible(text)


def _name(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"
