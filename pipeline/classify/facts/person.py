"""Age and sex, where a text asks for them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.classify.facts.clauses import Clause
from pipeline.classify.spans import source_span
from pipeline.model import Age, Gender, SpanModel
from pipeline.text import Revision

_RANGE = re.compile(r"(?<!\d)(?P<low>[1-6]\d)\s*(?:周?岁)?\s*[-—–~～至到]+\s*(?P<high>[1-6]\d)\s*(?:周)?岁")
_AGE_RANGE = re.compile(r"年龄[^\d]{0,8}(?P<low>[1-6]\d)\s*(?:周?岁)?\s*[-—–~～至到]+\s*(?P<high>[1-6]\d)")
_BELOW = re.compile(
    r"(?<!\d)(?P<high>[1-6]\d)\s*(?:周)?岁?\s*(?:及|含|或|[（(]含[)）])?(?:以下|以内|之内|内|为限)|(?:不超过|不大于|小于|低于)\s*(?P<high2>[1-6]\d)\s*(?:周)?岁"
)
_ABOVE = re.compile(
    r"(?<!\d)(?P<low>[1-6]\d)\s*(?:周)?岁\s*(?:及|含|或|[（(]含[)）])?以上|(?:年满|不低于|大于|满)\s*(?P<low2>[1-6]\d)\s*(?:周)?岁"
)
_EITHER = re.compile(r"男女(?:均可|不限|皆可|都可)|不限男女|性别不限|性别[:：]?\s*(?:不限|男女)|不限性别|男[、/或]女")
_ONE = re.compile(
    r"(?:限|仅限|只限|性别(?:要求)?[:：为]?|要求|^\s*|身体健康的)\s*(?P<sex>[男女])(?:性|士|生)?(?=$|\s|[、/（(]|\d)"
)


def age(revision: Revision, clauses: Sequence[Clause]) -> Age | None:
    """Bounds of age, from the first clause that gives any."""
    for clause in clauses:
        if "岁" not in clause.text and "年龄" not in clause.text:
            continue
        m = _RANGE.search(clause.text) or _AGE_RANGE.search(clause.text)
        if m:
            return Age(min=int(m["low"]), max=int(m["high"]), span=_span(revision, clause, m))
        below, above = _BELOW.search(clause.text), _ABOVE.search(clause.text)
        if below or above:
            low = int(above["low"] or above["low2"]) if above else None
            high = int(below["high"] or below["high2"]) if below else None
            some = below or above
            assert some is not None
            return Age(min=low, max=high, span=_span(revision, clause, some))
    return None


def gender(clauses: Sequence[Clause]) -> Gender | None:
    """The sex asked for; one that is only preferred is not."""
    for clause in clauses:
        if _EITHER.search(clause.text):
            return Gender.ANY
        m = _ONE.search(clause.text)
        if m and not clause.preferred and not clause.text.lstrip().startswith(("男女", "女生", "男生")):
            return Gender(m["sex"])
    return None


def _span(revision: Revision, clause: Clause, m: re.Match[str]) -> SpanModel:
    return source_span(revision, clause.start + m.start(), clause.start + m.end())
