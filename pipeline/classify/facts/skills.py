"""Skills with the level that is asked for: 精通 over 熟练 over 熟悉 over 了解."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import regex

from pipeline import lexicons
from pipeline.classify.facts.passages import Passage
from pipeline.classify.facts.tagged import Tagged, names, wished
from pipeline.classify.facts.tagger import Tag
from pipeline.classify.spans import source_span
from pipeline.model import Skill, SkillLevel
from pipeline.text import Revision, fold_lines

_LEVELS = {
    "精通": SkillLevel.EXPERT,
    "熟练": SkillLevel.PROFICIENT,
    "熟悉": SkillLevel.FAMILIAR,
    "掌握": SkillLevel.FAMILIAR,
    "熟知": SkillLevel.FAMILIAR,
    "了解": SkillLevel.AWARE,
}
_LEVEL = regex.compile(r"\L<levels>", levels=list(_LEVELS))
_STOP = regex.compile(r"[；;。\n]")


def read(revision: Revision, tagged: Tagged) -> tuple[Skill, ...]:
    """The skills in document order, each once, with the level named before the first mention in its sentence."""
    out: dict[str, Skill] = {}
    for p, marks in tagged:
        english = _english(revision.text, p)
        for a, b in _with_tools(revision.text, p, names(revision.text, p, marks, Tag.SKILL)):
            name = fold_lines(revision.text[a:b])
            if name.lower() in out or (len(name) == 1 and name not in _SINGLE):
                continue
            if english and not _stands_out(name):
                continue
            span = source_span(revision, a, b)
            out[name.lower()] = Skill(name=name, level=_level(revision.text, p, a), preferred=wished(p, a), span=span)
    return tuple(out.values())


def _with_tools(text: str, p: Passage, found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The names that the model finds in a passage, and the tools beside them that everybody knows by name, which it may miss
    in an English sentence: "good at AutoCAD"."""
    spans = list(found)
    known = (m.span() for m in _tool().finditer(text, p.start, p.end))
    return sorted([*spans, *(tool for tool in known if not any(a < tool[1] and tool[0] < b for a, b in spans))])


@cache
def _tools() -> frozenset[str]:
    return frozenset(name.lower() for name, use in lexicons.rows("tools") if use == "name")


@cache
def _tool() -> regex.Pattern[str]:
    return regex.compile(r"(?<![A-Za-z\d.])(?i:\L<tools>)(?![A-Za-z\d])", tools=[t for t in _tools() if len(t) > 2])


_HAN, _LATIN = regex.compile(r"\p{Han}"), regex.compile(r"[A-Za-z]")
_JOINED = regex.compile(r"(?i)\b(?:and|or|with|the|of|in|to|for|at|a|an)\b")
_NAME = regex.compile(r"[A-Z]{2}|[\d+#.]|\p{Han}")


def _english(text: str, p: Passage) -> bool:
    """Whether a passage is an English sentence, where any word might pass for the name of a tool; a list of tools is none."""
    if len(_HAN.findall(text, p.start, p.end)) * 4 >= len(_LATIN.findall(text, p.start, p.end)):
        return False
    return _JOINED.search(text, p.start, p.end) is not None


def _stands_out(name: str) -> bool:
    """ "CAD" and "Python" in an English sentence, not "Education" and "above"."""
    return name.lower() in _tools() or _NAME.search(name) is not None


_SINGLE = frozenset("CcRr")
"""Skills of one letter."""


def _level(text: str, p: Passage, at: int) -> SkillLevel | None:
    """The nearest word of level before a name; "熟练掌握" is 熟练."""
    level = None
    end = p.start
    for m in _LEVEL.finditer(text, p.start, at):
        if _STOP.search(text, end, m.start()):
            level = None
        if level is None or m.start() > end:
            level = _LEVELS[m[0]]
        end = m.end()
    return None if _STOP.search(text, end, at) else level
