"""Years of experience: how many, in what, and whether required."""

from __future__ import annotations

import regex

from pipeline.classify.facts.candidates import Candidate, Sort
from pipeline.classify.facts.passages import Passage
from pipeline.classify.facts.tagged import Tagged, odds
from pipeline.classify.facts.tagger import Tag
from pipeline.classify.spans import source_span
from pipeline.model import Experience
from pipeline.text import Revision

_BOUND = regex.compile(
    r"\s*+(?P<bound>(?:及|含|或|[（(]含[)）])?其?以上|以内|以下|左右|\+)?(?P<what>[^，,；;。\n]{0,40})"
)
_WORK = regex.compile("经验|经历|从业|工龄|工作|背景|阅历")
_TRIM = regex.compile(
    r"^(?:的|以上|及以上|相关|或以上|丰富|工作|从事|从业|实际|全职|专职|同等|类似|在|于|与)++"
    r"|(?:的|相关|工作|从业|实际|开发|丰富|方面|类似|优先|者|岗位|职位|行业|等|或|及)++$"
)
_NAMED = regex.compile(r"(?P<field>[^或\d]*?)(?:工作)?(?:经验|经历|背景|阅历)")


_DOUBT = -1.5
"""Log-odds from which years are a condition: annotators name one number a role, so a second one is judged too low."""


def read(revision: Revision, tagged: Tagged) -> tuple[Experience, ...]:
    """Every statement of years of experience, in document order."""
    out = []
    for p, marks in tagged:
        for c in p.candidates:
            if c.sort != Sort.YEARS:
                continue
            if _wished(p, c):
                out.append(_statement(revision, p, c, True))
            elif odds(p, marks, c, Tag.YEARS) > _DOUBT:
                out.append(_statement(revision, p, c, False))
    return tuple(out)


def _wished(p: Passage, c: Candidate) -> bool:
    """Whether a clause that only prefers speaks of the years as of work: "五年以上经验者优先"."""
    clause = next((k for k in p.clauses if k.start <= c.start < k.start + len(k.text)), None)
    return clause is not None and clause.preferred and _WORK.search(clause.text) is not None


def _statement(revision: Revision, p: Passage, c: Candidate, wish: bool) -> Experience:
    m = _BOUND.match(revision.text, c.end, p.end)
    assert m is not None and isinstance(c.value, float)
    low, high = c.value, c.high
    if m["bound"] in ("以内", "以下"):
        low, high = (0.0, low) if high is None else (low, high)
    field = _field(m["what"])
    end = m.end("bound") if m["bound"] else c.end
    span = source_span(revision, c.start, end)
    if wish:
        return Experience(field=field, preferred=True, preferred_years=low, span=span)
    return Experience(min_years=low or None, max_years=high, field=field, span=span)


def _field(what: str) -> str | None:
    """ "以上互联网产品运营工作经验" -> "互联网产品运营"."""
    m = _NAMED.match(what)
    if m is None:
        return None
    name, before = m["field"].strip(), None
    while before != name:
        before = name
        name = _TRIM.sub("", name).strip(" 、")
    return name if 2 <= len(name) <= 24 else None
