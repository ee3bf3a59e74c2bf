"""Schooling: the lowest level asked for, full-time or not, and the majors."""

from __future__ import annotations

import regex

from pipeline.classify.facts.candidates import Candidate, Sort
from pipeline.classify.facts.tagged import Tagged, names, odds, wished
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
    level, bounds = _level(revision.text, counted)
    majors, first = _majors(revision.text, named)
    full_time = None
    if level and any(_FULL_TIME.search(revision.text, p.start, p.end) for p, _ in counted):
        full_time = True
    bounds = bounds or first
    span = source_span(revision, *bounds) if bounds else None
    return Education(min_level=level, full_time=full_time, majors=majors, span=span)


def _level(text: str, tagged: Tagged) -> tuple[EducationLevel | None, tuple[int, int] | None]:
    """The surest level; of alternatives joined to it, the lowest that is not plainly something else: "专科/本科" lets 专科 do."""
    found = [
        (odds(p, marks, c, Tag.LEVEL), i, c)
        for i, (p, marks) in enumerate(tagged)
        for c in p.candidates
        if c.sort == Sort.LEVEL and not (wished(p, c.start) and not _STATED.match(text, c.end, p.end))
    ]
    if not found:
        return None, None
    best, where, first = max(found, key=lambda f: f[0])
    if best <= 0:
        return None, None
    near = [first] + [c for sure, i, c in found if i == where and sure > _DOUBT and _joined(text, first, c)]
    level = min((c.value for c in near if isinstance(c.value, EducationLevel)), key=_ORDER.index)
    end = max(c.end for c in near)
    stated = _STATED.match(text, end, tagged[where][0].end)
    return level, (min(c.start for c in near), stated.end() if stated else end)


def _joined(text: str, a: Candidate, b: Candidate) -> bool:
    a, b = sorted((a, b), key=lambda c: c.start)
    return a is not b and _JOINT.fullmatch(text, a.end, b.start) is not None


_STATED = regex.compile(r"\s*+(?:学历|学位|毕业)?\s*+(?:及|或|含)?其?以上")
"""A level that holds although the clause goes on to a wish: "大专以上有经验者优先"."""
_ORDER = list(EducationLevel)
_DOUBT = -3.0
"""Log-odds above which an alternative to the surest level may stand for it."""
_JOINT = regex.compile(
    r"[^（()）；;。\n]{0,6}(?:或|/|、|和|及)[^（()）；;。\n]{0,2}|\s*(?:\d|[一二三四五六七八])\s*年[^，,；;。\n]{0,4}[，,]"
)
"""例: "本科3年或大专5年", "本科3年以上，大专5年以上", and not "本科（优秀者大专亦可）"."""


_OTHERWISE = regex.compile("专业(?:知识|技能|层面|能力|角度|术语|人[员士]|素[养质]|水平|[化性])")
"""Not a subject that somebody studied: "医学专业层面"."""


def _majors(text: str, tagged: Tagged) -> tuple[tuple[str, ...], tuple[int, int] | None]:
    out: dict[str, tuple[int, int]] = {}
    for p, marks in tagged:
        for a, b in names(text, p, marks, Tag.MAJOR):
            if b - a > 1 and not _OTHERWISE.match(text, b, p.end):
                out.setdefault(fold_lines(text[a:b]), (a, b))
    return tuple(out), next(iter(out.values()), None)
