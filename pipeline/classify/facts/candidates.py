"""Words that may state a fact: levels of schooling, numbers of years, ages, sexes. Whether they do, the tagger says."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

import regex

from pipeline.classify.facts.numbers import NUMBER, value
from pipeline.model import EducationLevel, Gender


class Sort(IntEnum):
    """What a candidate may state."""

    LEVEL = 1
    YEARS = 2
    AGE = 3
    SEX = 4


class Candidate(NamedTuple):
    """A word or a number at `text[start:end]` and what it would mean.

    `value` is a level, a sex, an age in years, or the lower bound of years of experience; `high` the upper bound.
    `bound` is 1 where the words right behind make an age an upper bound, -1 where a lower one: "35岁（含）以下", "18-45岁".
    """

    start: int
    end: int
    sort: Sort
    value: EducationLevel | Gender | float
    high: float | None = None
    bound: int = 0


LEVELS = {
    "博士研究生": EducationLevel.DOCTOR,
    "硕士研究生": EducationLevel.MASTER,
    "博士": EducationLevel.DOCTOR,
    "硕士": EducationLevel.MASTER,
    "研究生": EducationLevel.MASTER,
    "硕博": EducationLevel.MASTER,
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
    "中等专业": EducationLevel.SECONDARY_VOCATIONAL,
    "中专": EducationLevel.SECONDARY_VOCATIONAL,
    "中技": EducationLevel.SECONDARY_VOCATIONAL,
    "中职": EducationLevel.SECONDARY_VOCATIONAL,
    "中师": EducationLevel.SECONDARY_VOCATIONAL,
    "职高": EducationLevel.SECONDARY_VOCATIONAL,
    "技校": EducationLevel.SECONDARY_VOCATIONAL,
    "高中": EducationLevel.HIGH,
    "初中": EducationLevel.JUNIOR_HIGH,
}
_FOREIGN = {
    "bachelor": EducationLevel.BACHELOR,
    "master": EducationLevel.MASTER,
    "phd": EducationLevel.DOCTOR,
    "ph.d": EducationLevel.DOCTOR,
    "college degree": EducationLevel.COLLEGE,
}
_SEXES = {"男": Gender.MALE, "女": Gender.FEMALE, "male": Gender.MALE, "female": Gender.FEMALE}

_TENS = "[一二三四五六七]?十[一二三四五六七八九]?"
_DECADES = "(?:[二三四五六]十[一二三四五六七八九]?+|十[六七八九])"

_UNITS = "年|载|周年|个月|个学期|个采暖季|个榨季"
_NO_YEARS = r"(?![级度底薪终代月\d])"
_PATTERN = regex.compile(
    rf"""
    (?=[男女不\d一二两三四五六七八九十半几MFmf]) (?:
      (?P<sex>
          男[性士生]?\s*+[/、或和,，及]?\s*+女 | 女[性士生]?\s*+[/、或和,，及]?\s*+男     # 男女均可, 女生男生都行
        | (?<=性\s*别[^，。；\d]{{0,20}})不限 | 不限制?(?=性别|男女)                # 性别：不限
        | [男女] | (?i:\b(?:fe)?male\b)                                              # 限女性
      )
    | (?<![\d.])(?P<low>{NUMBER})\s*+(?:年|个月)?\s*+(?:[-—–－~～至到]|或)++\s*+        # 1-3年, 三到五年
      (?P<high>{NUMBER})\s*+(?P<unit>{_UNITS}|(?i:years?)){_NO_YEARS}
    | (?<![\d.一二三四五六七八九十])(?P<some>{NUMBER})\s*+                           # 满两年, 6个月, 5+ years
      (?P<only>{_UNITS}|(?i:\+?\s*years?)){_NO_YEARS}
    | (?<![\d.年月+])(?P<age>[1-7]\d)(?![\d.%％年月:：])                              # 18-45岁, 不超过40
      (?!\s*[人名元天个万千kK台间亿米层吨张])                                          # and not 招30人
    | (?P<aged>{_TENS})(?=周?岁|\s*[-—–~～至到]\s*{_TENS}\s*周?岁)                      # 三十五岁以下
    | (?<![一二三四五六七八九十百千万第零〇])(?P<told>{_DECADES})                          # 岁数别超过四十二
      (?![一二三四五六七八九十百千万亿\d年月日号周天时小分秒几多来余个名人位岁元块毛角度层楼米公里克斤吨升平亩台套件只头])
    )
    """,
    regex.VERBOSE,
)
_INITIALS = "".join(sorted({word[0] for word in (*LEVELS, *_FOREIGN, *map(str.upper, _FOREIGN))}))
_LEVEL = regex.compile(
    rf"""
    (?=[{_INITIALS}]) (?: 大学(?=\s*(?:学历|学位|文凭|文化|毕业|程度|水平|及|或|以上|\+))   # 大学以上, and not 大学生活, 大学城
      | \L<levels>
        (?!医院|医生|室|目|课|班|教师|老师|教学|生源|部(?!门)|阶段|语文|数学|英语|物理|化学|同学)  # and not 专科医院, 本科室, 高中数学
      | (?i:\L<foreign>)
    )
    """,
    regex.VERBOSE,
    levels=[w for w in LEVELS if w != "大学"],
    foreign=list(_FOREIGN),
)

_TRIGGER = regex.compile(r"[男女科专中博士本学校究职限\d年月岁载十]|(?i:male|year|MBA|master|bachelor|ph\.?d|degree)")
"""One of these stands in every text that has a candidate."""


def find(text: str, start: int, end: int) -> Iterator[Candidate]:
    """The candidates in `text[start:end]`, those of schooling first."""
    if not _TRIGGER.search(text, start, end):
        return
    passage = text[start:end]  # on its own, since the mark before it is no part of a number: "2.八年以上"
    for m in _LEVEL.finditer(passage):
        level = LEVELS.get(m[0]) or _FOREIGN.get(m[0].lower())
        if level:  # none for a word that is alike only where case is folded: "maſter"
            yield Candidate(start + m.start(), start + m.end(), Sort.LEVEL, level)
    for m in _PATTERN.finditer(passage):
        if (m["low"] or m["some"]) and _OTHER_YEARS.search(passage, max(0, m.start() - 8), m.start()):
            continue
        a, b = start + m.start(), start + m.end()
        if m["sex"]:
            yield Candidate(a, b, Sort.SEX, _SEXES.get(m[0].lower(), Gender.ANY))
        elif m["low"]:
            yield Candidate(a, b, Sort.YEARS, _years(m["low"], m["unit"]), _years(m["high"], m["unit"]))
        elif m["some"]:
            yield Candidate(a, b, Sort.YEARS, _years(m["some"], m["only"]))
        else:
            yield Candidate(a, b, Sort.AGE, value(m[0]), None, _bound(passage, m.start(), m.end(), len(passage)))


_OTHER_YEARS = regex.compile(
    r"(?:合同|协议|服务期限?|试用期?|签约?|党龄|有效期|质保期?|成立|历史|学制|第|近)[^，,；;。\n]{0,3}$"
)
"""Words before years that are not of work: "合同三年一签", "试用期3个月", "近三年"."""

_BEHIND = regex.compile(
    r"""
      (?P<most>(?:周?岁)?\s*+(?:[（(]含[^（()）]{0,4}[)）]|及|含|或)?\s*+(?:以下|以内|之内|为限|封顶))
    | (?P<least>(?:周?岁)?\s*+(?:[（(]含[^（()）]{0,4}[)）]|及|含|或)?\s*+(?:以上|起(?!来))
      | (?:周?岁)?\s*+[-—–－~～至到]++\s*+(?:\d\d|[二三四五六]十))
    """,
    regex.VERBOSE,
)
_SPANNED = regex.compile(rf"(?:(?<!\d)\d\d|{_DECADES})(?:周?岁)?\s*[-—–－~～至到]+\s*$")


def _bound(text: str, start: int, stop: int, end: int) -> int:
    m = _BEHIND.match(text, stop, end)
    if m and m["most"]:
        return 1
    if m and m["least"]:
        return -1
    return int(_SPANNED.search(text, max(0, start - 10), start) is not None)


def _years(number: str, unit: str) -> float:
    months = {"个月": 1, "个学期": 6}.get(unit)
    return round(value(number) * months / 12, 2) if months else value(number)
