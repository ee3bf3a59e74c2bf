"""Skills with the level that is asked for: 精通 over 熟练 over 熟悉 over 了解."""

from __future__ import annotations

from functools import cache

import regex

from pipeline import lexicons
from pipeline.classify.facts import phrases
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
        for a, b in _with_tools(revision.text, p, list(names(revision.text, p, marks, Tag.SKILL, phrases.skills))):
            name = fold_lines(revision.text[a:b])
            if not _names_something(name) or name.lower() in out:
                continue
            if english and not _stands_out(name):
                continue
            span = source_span(revision, a, b)
            out[name.lower()] = Skill(name=name, level=_level(revision.text, p, a), preferred=wished(p, a), span=span)
    return tuple(out.values())


def _with_tools(text: str, p: Passage, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The names that the model finds in a passage, and the tools beside them that everybody knows by name."""
    known = (m.span() for m in _tool().finditer(text, p.start, p.end))
    return sorted([*found, *(span for span in known if not any(a < span[1] and span[0] < b for a, b in found))])


@cache
def _tool() -> regex.Pattern[str]:
    return regex.compile(r"(?<![A-Za-z\d.])(?i:\L<tools>)(?![A-Za-z\d])", tools=[t for t in _tools() if len(t) > 2])


@cache
def _classes() -> frozenset[str]:
    """Words for a class of things, which say nothing alone: "掌握方法", "熟悉流程"."""
    return frozenset(word for word, _ in lexicons.rows("name-words"))


_LONGEST = 40
_SINGLE = frozenset("CcRr")
_LETTER = regex.compile(r"\p{L}")
_YEARS = regex.compile(r"\d{1,2}\s*+年")
"""例: "5年以上者优先"."""


def _names_something(name: str) -> bool:
    """Whether it is neither a lone character, a number ("985" are universities), a class word, a certificate, a talent
    ("文案功底"), a time nor half a sentence."""
    if len(name) == 1:
        return name in _SINGLE
    if _YEARS.match(name) or not _LETTER.search(name):
        return False
    return len(name) <= _LONGEST and name not in _classes() and not name.endswith(("证", "证书", "执照", "功底"))


_HAN, _LATIN = regex.compile(r"\p{Han}"), regex.compile(r"[A-Za-z]")
_NAME = regex.compile(r"[A-Z]{2}|[\d+#.]|\p{Han}")


def _english(text: str, p: Passage) -> bool:
    """Whether a passage is written in English, where any word might pass for the name of a tool."""
    return len(_HAN.findall(text, p.start, p.end)) * 4 < len(_LATIN.findall(text, p.start, p.end))


@cache
def _tools() -> frozenset[str]:
    return frozenset(name.lower() for name, use in lexicons.rows("tools") if use == "name")


def _stands_out(name: str) -> bool:
    """ "CAD" and "Python" in an English sentence, not "Education" and "above"."""
    return name.lower() in _tools() or _NAME.search(name) is not None


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
