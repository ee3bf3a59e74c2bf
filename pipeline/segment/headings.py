"""Heading phrases: which words head a section, name a field, or begin what belongs to no role.

A phrase is a heading when the lexicon has it, or when it is a core ("要求") behind known modifiers ("其他", "专业"), or
several of these joined ("岗位职责及要求"). What follows decides: a colon, a marker, a closing bracket, or the line's end.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline import lexicons

SECTION_KINDS = ("duties", "requirements", "qualities", "other")
LONGEST = 16
"""Characters in the longest phrase that is looked up."""

_ENGLISH = {
    "responsibilities": "duties",
    "responsibility": "duties",
    "job responsibilities": "duties",
    "key responsibilities": "duties",
    "main responsibilities": "duties",
    "job description": "duties",
    "duties": "duties",
    "what you will do": "duties",
    "requirements": "requirements",
    "job requirements": "requirements",
    "qualifications": "requirements",
    "qualification": "requirements",
    "requirement": "requirements",
    "skills": "requirements",
    "benefits": "other",
}
_JOINTS = re.compile(r"[及和与/&、+＆]|以及")
_LATIN_TAIL = re.compile(r"[\s（(]*[A-Za-z]{2}[A-Za-z&;,'’/ .\-]*[)）]?$")
_SENTENCES = (
    (re.compile(r"(?:如|若)?(?:您|你)?(?:有|具有|具备|符合|满足)?以下.{0,14}(?:优先|加分).{0,5}"), "requirements"),
    (re.compile(r"我们(?:希望|期望|期待|需要)(?:您|你)能?(?:具备|符合|满足|拥有)(?:以下)?的?.{0,4}"), "requirements"),
    (
        re.compile(
            r"(?:我们|公司)(?:将|能|可以)?(?:为|给)(?:您|你|员工)?提供(?:以下.{0,6}|的(?:福利|待遇|薪酬).{0,4})"
        ),
        "other",
    ),
    (re.compile(r"(?:该|本)(?:职位|岗位)的?主要(?:职责|工作)(?:包括|如下|有)?"), "duties"),
)
"""Short sentences that head a list: "具备以下条件者优先考虑", "我们希望您符合以下的描述", "该职位的主要职责包括"."""

_GLUE_STOPS = frozenset(
    "的其该本此和与及按照据合足各守尽行履悉解知写确担对为于符成好完从以在的同述下上种项些份类个之无请具"
)
"""Characters before which a glued phrase is part of the sentence: "符合岗位要求：", "熟悉工作内容："."""


_LONG_CONTACTS = ("简历投递", "投递方式", "联系方式", "联系电话", "应聘方式", "报名方式", "投递邮箱", "联系邮箱")
"""Contact words that stand glued to what is before them: "周一至周五简历投递方式：…"."""


ATTRIBUTE = re.compile(r"学历|专业要求|年龄|性别|经验要求|语言|工作年限|身高|证书|文化程度|教育程度|最低")
"""What is asked of a candidate in one value: "学历要求：本科" is a field."""


class Heading(NamedTuple):
    """A heading phrase at `text[start:end]`, brackets and colon included; `phrase` is its bare words, a translation too."""

    start: int
    end: int
    phrase: str
    kind: str
    use: str


@cache
def _table() -> dict[str, tuple[str, str]]:
    rows = lexicons.rows("headings")
    return {phrase: (kind, use.split("+")[0]) for phrase, kind, use in rows if use not in ("modifier", "suffix")}


@cache
def _words(use: str) -> frozenset[str]:
    return frozenset(phrase for phrase, _, uses in lexicons.rows("headings") if use in uses.split("+"))


@cache
def _suffixes() -> tuple[str, ...]:
    return tuple(sorted(_words("suffix")))


@cache
def _last_characters() -> frozenset[str]:
    return frozenset(phrase[-1] for phrase, _, _ in lexicons.rows("headings"))


_TRADITIONAL = str.maketrans(
    "門職責務資歷經驗業應徵條專學歷薪時間點請處員工職描說內容範圍單與關際",
    "门职责务资历经验业应征条专学历薪时间点请处员工职描说内容范围单与关际",
)
"""Characters of headings that a page may have in their traditional form."""


def simplified(phrase: str) -> str:
    """A phrase with those characters in their simplified form."""
    return phrase.translate(_TRADITIONAL)


@lru_cache(maxsize=65536)
def lookup(phrase: str) -> tuple[str, str] | None:
    """Kind and use of a bare phrase, or None."""
    phrase = simplified(phrase)
    found = _table().get(phrase)
    if found:
        return found
    if not phrase or len(phrase) > LONGEST or phrase[-1] not in _last_characters():
        return None
    for suffix in _suffixes() if phrase.endswith(_suffixes()) else ():
        if phrase.endswith(suffix) and len(phrase) > len(suffix) + 1:
            inner = lookup(phrase[: -len(suffix)])
            if inner and inner[1] != "field":
                return inner
    return _composed(phrase) or _joined(phrase) or _sentence(phrase)


def _sentence(phrase: str) -> tuple[str, str] | None:
    return next(((kind, "plain") for pattern, kind in _SENTENCES if pattern.fullmatch(phrase)), None)


def _composed(phrase: str) -> tuple[str, str] | None:
    """ "其他" + "专业" + "要求"; the cores have two characters each."""
    core = phrase[-2:]
    if core in _words("core") and _all_modifiers(phrase[:-2]):
        return _table()[core][0], "plain"
    return None


@lru_cache(maxsize=8192)
def _all_modifiers(text: str) -> bool:
    words, sizes = _modifiers()
    return not text or any(text[:n] in words and _all_modifiers(text[n:]) for n in sizes if n <= len(text))


@cache
def _modifiers() -> tuple[frozenset[str], tuple[int, ...]]:
    """The words that may stand before a core, and how many characters they have."""
    words = _words("modifier") | _words("core")
    return words, tuple(sorted({len(word) for word in words}))


def _joined(phrase: str) -> tuple[str, str] | None:
    parts = _JOINTS.split(phrase)
    if len(parts) < 2:
        return None
    found = [lookup(p) if p else None for p in parts]
    if not found[0] or not all(f or _all_modifiers(p) for f, p in zip(found, parts, strict=True)):
        return None
    return found[0][0], "plain"


def bare(text: str) -> str:
    """A heading line without brackets, colon, ordinal and translation: "【任职要求Requirements】：" -> "任职要求"."""
    text = text.strip(" \t\u3000:：-—=*#~·●■◆★_【】[]「」〖〗《》<>“”\"'。;；,，、.!！|｜")
    return _LATIN_TAIL.sub("", text).replace(" ", "").strip("（）() :：")


@lru_cache(maxsize=256)
def whole(text: str) -> tuple[str, str] | None:
    """Kind and use of a text that is nothing but a heading."""
    if len(text) > 60:
        return None
    phrase = bare(text)
    found = lookup(phrase) or (lookup(re.sub("[，,]", "", phrase)) if "，" in phrase or "," in phrase else None)
    if found:
        return found
    english = _ENGLISH.get(text.strip(" \t:：【】[]*#").lower())
    if english:
        return english, "plain"
    inner = re.fullmatch(r"(.{2,14}?)[（(].{1,16}[)）]?", phrase)
    return lookup(inner[1]) if inner else None


def ending_at(text: str, floor: int, end: int, listed: bool = False, in_fields: bool = False) -> Heading | None:
    """The longest heading phrase that ends at `end` and starts at `floor` or later.

    It must start at `floor` or behind white space, a stop or a bracket, unless it is a strong one, or `listed`: the
    first entry of a list follows; or the name of a field `in_fields`: "工作地点：城北招聘人数：5人".
    """
    stop = end
    while stop > floor and text[stop - 1] in " \t":
        stop -= 1
    latin = _LATIN_TAIL.search(text, max(floor, stop - 40), stop)
    stop = latin.start() if latin and latin.start() > floor else stop
    if stop <= floor or text[stop - 1] not in _last_characters():
        return None
    for start in range(max(floor, stop - LONGEST), stop - 1):
        found = lookup(text[start:stop])
        glues = found is not None and (
            found[1] == "strong"
            or listed
            or (
                in_fields
                and found[1] == "field"
                and stop - start >= 4
                and (found[0] != "title" or text[start + 2] == "名")
            )
            or (found[0] == "contact" and text.startswith(_LONG_CONTACTS, start))
        )
        if found and _stands(text, floor, start, found, glues) and not _of_the_clause(text, floor, start, stop):
            return Heading(start, end, text[start:end].strip(), *found)
    return None


def _of_the_clause(text: str, floor: int, start: int, stop: int) -> bool:
    """Whether a phrase begins with the last word of the clause that it is glued to: "…的开发工作" before "任职要求："."""
    if start == floor or not text.startswith("工作", start) or not "\u4e00" <= text[start - 1] <= "\u9fff":
        return False
    rest = lookup(text[start + 2 : stop])
    return rest is not None and rest[1] == "strong" and stop - start >= 6


def _stands(text: str, floor: int, start: int, found: tuple[str, str], glues: bool) -> bool:
    if start > floor and text[start - 1] in "，," and found[1] == "plain" and not glues:
        return False  # "本科以上，专业：法学" is one entry
    if start == floor or not _inner(text[start - 1]) or found[0] == "trailer":
        return True
    return glues and text[start - 1] not in _GLUE_STOPS


def _inner(char: str) -> bool:
    """Whether a character before a phrase belongs to a word or clause that the phrase may be part of."""
    return char.isalnum() or char in "的、和与及/&+（("
