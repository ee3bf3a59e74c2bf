"""Skills with the level that is asked for: 精通 over 熟练 over 熟悉 over 了解."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.classify.facts.clauses import Clause
from pipeline.classify.spans import source_span
from pipeline.model import Skill, SkillLevel
from pipeline.text import Revision

_LEVELS = {
    "精通": SkillLevel.EXPERT,
    "熟练": SkillLevel.PROFICIENT,
    "熟悉": SkillLevel.FAMILIAR,
    "掌握": SkillLevel.FAMILIAR,
    "熟知": SkillLevel.FAMILIAR,
    "了解": SkillLevel.AWARE,
}
_GRADED = re.compile(
    r"(?P<level>精通|熟练|熟悉|熟知|掌握|了解)(?:地|的)?(?:掌握|使用|运用|应用|操作|编写|并掌握)?(?:以及|及|和|或|并|[/、])?(?:精通|熟练|熟悉|掌握|了解|使用|运用|操作)?\s*(?P<what>[^；;。，,！!\n（(]{2,60})"
)
_SPLIT = re.compile(
    r"[、/]|以及|及其|或者|(?<=[A-Za-z0-9+#\u4e00-\u9fff])\s*(?:和|与|及|或)\s*(?=[A-Za-z0-9\u4e00-\u9fff])"
)
_STRIP = re.compile(
    r"^(?:了解|理解|熟悉|使用|运用|应用|操作|掌握|相关|常用的?|各种|各类|主流的?|一般|基本的?|至少一?[门种]|国家|并|及|能|一定的?|[一两][门种])+|(?:等(?:的)?(?:相关|主流|各种|常用|多种|办公)*(?:[\u4e00-\u9fff]{2,6})?|更佳|者?优先|者|之一|中的?一种|其中[一两]种|的使用|[一两任]种.*)+$"
)
_NOT = re.compile(r"优先|经验|能力|至少|以上|以下|情况|之一$|^[的等其]|工作$|一[门种]")


def read(revision: Revision, clauses: Sequence[Clause]) -> tuple[Skill, ...]:
    """Graded skills in document order, each once, with the first level named."""
    found: dict[str, Skill] = {}
    for clause in clauses:
        for m in _GRADED.finditer(clause.text):
            for start, name in _names(m["what"], m.start("what")):
                if name.lower() in found:
                    continue
                at = clause.start + start
                span = source_span(revision, at, at + len(name))
                found[name.lower()] = Skill(name=name, level=_LEVELS[m["level"]], preferred=clause.preferred, span=span)
    return tuple(found.values())


def _names(what: str, offset: int) -> list[tuple[int, str]]:
    out, at = [], 0
    for m in [*(s for s in _SPLIT.finditer(what) if not _compound(what, s)), None]:
        part = what[at : m.start() if m else len(what)]
        name = _STRIP.sub("", part.strip())
        if 1 < len(name) <= 24 and not _NOT.search(name):
            out.append((offset + at + part.find(name), name))
        at = m.end() if m else len(what)
    return out


def _compound(what: str, slash: re.Match[str]) -> bool:
    """ "C/C++" and "TCP/IP" are one name each."""
    around = what[max(0, slash.start() - 3) : slash.end() + 3]
    return slash[0] == "/" and bool(re.search(r"(?i)(?<![a-z])c/c\+\+|tcp/ip|b/s|c/s|i/o|a/b", around))
