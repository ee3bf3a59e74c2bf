"""Schooling: the lowest level asked for, full-time or not, and the majors."""

from __future__ import annotations

import regex

from pipeline.classify.facts.candidates import Sort
from pipeline.classify.facts.tagged import Tagged, names, odds
from pipeline.classify.facts.tagger import Tag
from pipeline.classify.spans import source_span
from pipeline.model import Education, EducationLevel
from pipeline.text import Revision, fold_lines

_FULL_TIME = regex.compile("全日制|统招|统分")


def read(revision: Revision, tagged: Tagged) -> Education:
    """The schooling that a role asks for: the level that most surely is a condition, and all subjects named.

    Majors are those that are only preferred too: they say what fits the post.
    """
    level, bounds = _level(tagged)
    majors, first = _majors(revision.text, tagged)
    full_time = None
    if level and any(_FULL_TIME.search(revision.text, p.start, p.end) for p, _ in tagged):
        full_time = True
    bounds = bounds or first
    span = source_span(revision, *bounds) if bounds else None
    return Education(min_level=level, full_time=full_time, majors=majors, span=span)


def _level(tagged: Tagged) -> tuple[EducationLevel | None, tuple[int, int] | None]:
    best, level, bounds = 0.0, None, None
    for p, scores in tagged:
        for c in p.candidates:
            if c.sort == Sort.LEVEL and isinstance(c.value, EducationLevel):
                sure = odds(p, scores, c, Tag.LEVEL)
                if sure > best:
                    best, level, bounds = sure, c.value, (c.start, c.end)
    return level, bounds


_TAIL = regex.compile(r"(?:等|相关|相近|类似|及|或|专业|学科|方向|类|系)++$")


def _majors(text: str, tagged: Tagged) -> tuple[tuple[str, ...], tuple[int, int] | None]:
    out: dict[str, tuple[int, int]] = {}
    for p, scores in tagged:
        for a, b in names(text, p, scores, Tag.MAJOR, Tag.MAJOR_ON):
            name = _TAIL.sub("", fold_lines(text[a:b]))
            if len(name) > 1:
                out.setdefault(name, (a, b))
    return tuple(out), next(iter(out.values()), None)
