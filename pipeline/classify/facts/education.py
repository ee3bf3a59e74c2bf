"""Schooling: the lowest level asked for, full-time or not, and the majors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.classify.facts import majors
from pipeline.classify.facts.clauses import Clause
from pipeline.classify.spans import source_span
from pipeline.model import Education, EducationLevel
from pipeline.text import Revision

_WORDS = {
    "博士": EducationLevel.DOCTOR,
    "硕士": EducationLevel.MASTER,
    "研究生": EducationLevel.MASTER,
    "MBA": EducationLevel.MASTER,
    "大学本科": EducationLevel.BACHELOR,
    "本科": EducationLevel.BACHELOR,
    "一本": EducationLevel.BACHELOR,
    "二本": EducationLevel.BACHELOR,
    "学士": EducationLevel.BACHELOR,
    "大学专科": EducationLevel.COLLEGE,
    "大专": EducationLevel.COLLEGE,
    "专科": EducationLevel.COLLEGE,
    "高职": EducationLevel.COLLEGE,
    "大学": EducationLevel.BACHELOR,
    "中专": EducationLevel.SECONDARY_VOCATIONAL,
    "中技": EducationLevel.SECONDARY_VOCATIONAL,
    "职高": EducationLevel.SECONDARY_VOCATIONAL,
    "技校": EducationLevel.SECONDARY_VOCATIONAL,
    "高中": EducationLevel.HIGH,
    "初中": EducationLevel.JUNIOR_HIGH,
}
_ORDER = list(EducationLevel)
_LEVEL = "|".join(_WORDS)
_MENTION = re.compile(
    rf"(?P<level>{_LEVEL})(?P<behind>\s*(?:研究生)?(?:或(?:相关|类似|同等))?(?:学历|学位|文凭|毕业)?\s*(?:[（(][^（()）]{{0,12}}[)）])?\s*(?:学历|学位)?"
    r"\s*(?:\+|(?:及|含|或|即)?(?:其|者)?(?:以上|之上|学历)|起|及上|最低|毕业|学历|学位|文凭|在读|应届|水平|程度|优先|\d年|[一二三四五六七八]年)?)"
)
_BEFORE = re.compile(
    r"(?:学历|学位|教育背景|文化程度|教育程度|最低学历|统招|全日制|国家承认|正规|至少|具有|具备|要求|不低于|受过|[:：])[^，。；]{0,8}$"
)
_NOT_BEHIND = re.compile(
    r"生(?!物|命|态|产|学历|及|或|、|，|。|；|$)|医院|院校|课程|老师|教师|教育(?!背景|学)|班|导师|同学|区|城|部|英语|语文|数学|校|四级|六级"
)
_SCHOOLED = re.compile(r"\s*(?:学历|学位|文凭|毕业|及|或|以上|\+)")
_CHAINED = re.compile(rf"\s*[/、或和及]\s*(?:{_LEVEL})")
_STATED = re.compile(r"\s*(?:学历|学位)?(?:及|或|含)?以上(?:学历|学位)?\s*[\s、:：（(]")
_EXCEPTION = re.compile(r"(?:优秀|突出|出色)(?:的|者)?(?:应届)?$")
"""例: "硕士及以上，或成绩突出的本科生": whom a firm takes besides is not what it asks."""

_EITHER = re.compile(r"本科[^，。；]{0,4}年[^，。；]{0,8}[，、或/；]{1,2}(?:大专|专科)[^，。；]{0,4}年")
"""例: "本科3年以上，大专5年以上相关经验": years stand in for schooling, so the lower level will do."""

_FULL_TIME = re.compile(r"全日制|统招|统分")
_UNLIMITED = re.compile(r"学历不限|不限学历|不限制学历")


def read(revision: Revision, clauses: Sequence[Clause]) -> Education:
    """The schooling that the clauses ask for.

    The first level asked for counts, and of alternatives joined by 或 the lowest; a level that is only preferred does
    not. Majors are those of all clauses, preferred ones too: they say what fits the post.
    """
    level, span_bounds = _level(clauses)
    names, first = majors.read(clauses)
    full_time = True if level and any(_FULL_TIME.search(c.text) for c in clauses) else None
    bounds = span_bounds or first
    span = source_span(revision, *bounds) if bounds else None
    return Education(min_level=level, full_time=full_time, majors=names, span=span)


def _level(clauses: Sequence[Clause]) -> tuple[EducationLevel | None, tuple[int, int] | None]:
    for clause, behind in zip(clauses, [*clauses[1:], None], strict=False):
        if _UNLIMITED.search(clause.text):
            return None, None
        if behind and behind.entry == clause.entry and _EITHER.search(f"{clause.text}，{behind.text}"):
            return EducationLevel.COLLEGE, (clause.start, behind.start + len(behind.text))
        found = [m for m in _MENTION.finditer(clause.text) if _asked(clause, m)]
        if not found:
            continue
        found = [
            found[0],
            *(m for m in found[1:] if not _EXCEPTION.search(clause.text, max(0, m.start() - 8), m.start())),
        ]
        lowest = min(found, key=lambda m: _ORDER.index(_WORDS[m["level"]]))
        first = (
            found[0]
            if not re.search(r"[或/、]|均可|不等", clause.text[found[0].end("level") : found[-1].start()])
            else lowest
        )
        return _WORDS[first["level"]], (clause.start + found[0].start(), clause.start + found[-1].end())
    return None, None


def _asked(clause: Clause, m: re.Match[str]) -> bool:
    """Whether a level is a condition: "本科以上学历", and not "本科优先", "大学生活", "专科医院"."""
    behind = m.end("level")
    if m["level"] == "大学" and not _SCHOOLED.match(clause.text, behind):
        return False
    if _NOT_BEHIND.match(clause.text, behind):
        return False
    if _preferred(clause, m):
        return False
    told = bool(m["behind"].strip()) or bool(_BEFORE.search(clause.text, max(0, m.start() - 16), m.start()))
    alone = clause.text.strip(" :：、。") in (m["level"], m["level"] + "生")
    return told or alone or _CHAINED.match(clause.text, behind) is not None


def _preferred(clause: Clause, m: re.Match[str]) -> bool:
    if not clause.preferred:
        return False
    return _STATED.match(clause.text, m.end("level")) is None
