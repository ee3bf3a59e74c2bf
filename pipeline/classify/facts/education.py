"""Schooling: the lowest level asked for, full-time or not, and the majors."""

from __future__ import annotations

import regex

from pipeline.classify.facts import phrases
from pipeline.classify.facts.candidates import Sort
from pipeline.classify.facts.tagged import Tagged, names, odds
from pipeline.classify.facts.tagger import Tag
from pipeline.classify.spans import source_span
from pipeline.model import Education, EducationLevel
from pipeline.text import Revision, fold_lines

_FULL_TIME = regex.compile("全日制|统招|统分")


def read(revision: Revision, counted: Tagged, named: Tagged) -> Education:
    """The schooling that a role asks for: the level that most surely is a condition, and all subjects named.

    `counted` are the passages with candidates, `named` those with names.

    Majors are those that are only preferred too: they say what fits the post.
    """
    level, bounds = _level(counted)
    majors, first = _majors(revision.text, named)
    full_time = None
    if level and any(_FULL_TIME.search(revision.text, p.start, p.end) for p, _ in counted):
        full_time = True
    bounds = bounds or first
    span = source_span(revision, *bounds) if bounds else None
    return Education(min_level=level, full_time=full_time, majors=majors, span=span)


def _level(tagged: Tagged) -> tuple[EducationLevel | None, tuple[int, int] | None]:
    """The surest level; of others that the same clause names as surely, the lowest: "专科/本科" lets 专科 do."""
    found = [
        (odds(p, marks, c, Tag.LEVEL), i, c)
        for i, (p, marks) in enumerate(tagged)
        for c in p.candidates
        if c.sort == Sort.LEVEL
    ]
    if not found:
        return None, None
    best, where, first = max(found, key=lambda f: f[0])
    if best <= 0:
        return None, None
    near = [c for sure, i, c in found if i == where and sure > _DOUBT and abs(c.start - first.start) <= _NEAR]
    level = min((c.value for c in near if isinstance(c.value, EducationLevel)), key=_ORDER.index)
    return level, (min(c.start for c in near), max(c.end for c in near))


_ORDER = list(EducationLevel)
_DOUBT = 0.0
"""Log-odds above which a level beside the surest one may stand for it."""
_NEAR = 8
"""Characters between alternatives: "中专、高中均可"."""

_TAIL = regex.compile(r"(?:等|相关|相近|类似|及|或|专业|学科|方向|类|系)++$")


_OTHERWISE = regex.compile("专业(?:知识|技能|层面|能力|角度|术语|人[员士]|素[养质]|水平|[化性])")
"""Not a subject that somebody studied: "医学专业知识"."""


def _majors(text: str, tagged: Tagged) -> tuple[tuple[str, ...], tuple[int, int] | None]:
    out: dict[str, tuple[int, int]] = {}
    for p, marks in tagged:
        for a, b in names(text, p, marks, Tag.MAJOR, phrases.subjects):
            if _OTHERWISE.match(text, b, p.end):
                continue
            name = _TAIL.sub("", fold_lines(text[a:b]))
            if len(name) > 1:
                out.setdefault(name, (a, b))
    return tuple(out), next(iter(out.values()), None)
