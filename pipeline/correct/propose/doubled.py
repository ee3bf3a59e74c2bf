"""Words that were typed or copied twice: "良好的的沟通", "负责负责", "经验经验的优先"."""

from __future__ import annotations

import re

import numpy as np

from pipeline.correct.language.dictionary import ABSENT, standing_of
from pipeline.correct.language.ngrams import Language
from pipeline.correct.language.rescoring import Scored, gains
from pipeline.correct.proposal import Candidate, Judged
from pipeline.text import is_han

SURE, LIKELY = 2.0, 1.0
"""Gain in log10 units from which a doubled word goes, and from which that is suggested."""

VERB_SURE = 0.5
"""The first for a verb that opens a clause."""

_PARTICLE = re.compile(r"(?<![标目])的的(?![确士])|和和(?![谐气平])|及及(?![时格早其])")
_WORD = re.compile(r"([\u4e00-\u9fff]{2,6})\1")
_VERBS = re.compile(
    "(?:负责|熟悉|熟练|熟练使用|熟练掌握|购买|完成|进行|基于|参与|协助|具备|具有|能够|制定|组织|根据|使用|提高|遵守|了解|掌握|精通|配合|执行"
    "|推动|建立|处理|跟进|维护|编写|开展|落实|确保|保证|撰写|收集|整理|审核|监督)"
)
_SENSE = re.compile(r"(?:具有|具备|拥有|(?<![\u4e00-\u9fff])有)(?=具有|具备|拥有)")
"""Verbs of one sense of which the first was left standing when the second was typed: "具有具备较好的沟通能力"."""

_KEYWORDS = re.compile(r"(?:关键字|关键词|职能类别|标签)[:：]")
"""Behind these come words in a row that mean to repeat each other: "数据开发开发工程师"."""

_WITHIN = re.compile(r".?[\u4e00-\u9fff]\Z|[\u4e00-\u9fff][、，]\Z", re.DOTALL)
"""What goes before a word that begins no sentence."""

_LABEL = re.compile(r"[\u4e00-\u9fff]{0,4}[:：]|时间|地点|地址|条件|内容|描述")
"""What a heading goes on with: "安排工作工作时间", "校园招聘招聘条件"."""

_CHARACTER = re.compile(r"([\u4e00-\u9fff])\1(?!\1)")

NAME = 1.0
"""log10 of the count up to which a character twice is a name at most, "门门", and no word as "天天" is."""

HELD, AGAIN, PARTED = 5, 4.0, 5.2
"""n-gram that a text must have without a character that stands there twice, and what it must gain (log10), also where the
second makes a word with what follows: a name may end before it."""

_MEANT = re.compile(
    r"[\u4e00-\u9fff]着\Z|[\u4e00-\u9fff]一[\u4e00-\u9fff]\Z|一[\u4e00-\u9fff]|很[\u4e00-\u9fff]"
    r"|研究|讨论|商量|考虑|了解|学习|交流|沟通|休息|佩服|不要|很多|非常|许多|好多|可喜可贺|上上|下下|天天|人人"
)
"""What Chinese doubles on purpose: "说着说着", "留一寸留一寸"."""


def judge(text: str, language: Language) -> list[Judged]:
    """Doubled particles, and doubled words where the text reads better without the second.

    Neither words in a list of keywords, nor one that the next heading begins with ("工作工作内容：").
    """
    particles = [_candidate(m.start() + 1, m.end(), "doubled.particle") for m in _PARTICLE.finditer(text)]
    out = [Judged(c, True, 0.95, "a particle twice") for c in particles]
    senses = (m for m in _SENSE.finditer(text) if text[m.start() : m.end()] != text[m.end() : m.end() + 2])
    out += [Judged(_candidate(*m.span(), "doubled.sense"), True, 0.95, "two verbs of one sense") for m in senses]
    last = _KEYWORDS.search(text)
    end = last.start() if last else len(text)
    out += _characters(text, end, language)
    found = [m for m in _WORD.finditer(text, 0, end) if not _MEANT.match(m[1]) and not _LABEL.match(text, m.end())]
    found = [m for m in found if len(m[1]) > 2 or not (_crossed(text, m.start()) or _joined(text, m))]
    candidates = [_candidate(m.end() - len(m[1]), m.end(), "doubled.word") for m in found]
    rated = gains(language, Scored.of(language, text), candidates) if candidates else []
    for m, candidate, (gain, _) in zip(found, candidates, rated, strict=True):
        sure = gain >= _bar(text, m)
        if sure or gain >= LIKELY:
            evidence = f"reads {gain:.1f} better (log10) with the word once"
            out.append(Judged(candidate, sure, 0.9 if sure else 0.5, evidence))
    return out


def _crossed(text: str, at: int) -> bool:
    """Whether two characters that stand there twice are no word, and those across them one: "海关报关报检"."""
    word = standing_of(text).word
    return bool(word[at] == ABSENT < word[at + 1])


def _joined(text: str, m: re.Match[str]) -> bool:
    """Whether a word of two characters is no word there: "一人一人一议", or from one day to another: "立冬至冬至"."""
    if m[1][1] == "至":
        return m.start() > 0 and is_han(text[m.start() - 1])
    return m[1][1] == "一" and bool(standing_of(text).word[m.start()] == ABSENT)


def _characters(text: str, end: int, language: Language) -> list[Judged]:
    """Single characters that stand twice, "信息部部对接", "测试报报告", where they make no word, and not one with what goes
    before and one with what follows: "保底底薪" is two words."""
    found = [m for m in _CHARACTER.finditer(text, 0, end) if not _PARTICLE.match(text, m.start())]
    found = [m for m in found if m[1] not in text[m.end() : m.end() + 2]]  # called out: "喂喂，喂"
    if not found:
        return []
    at_large = standing_of(text)
    words = np.maximum(*at_large)
    alone = [
        at
        for at in (m.start() for m in found)
        if words[at] <= NAME and min(words[at + 1], words[at - 1] if at else ABSENT) == ABSENT
    ]
    candidates = [_candidate(at + 1, at + 2, "doubled.character") for at in alone]
    rated = gains(language, Scored.of(language, text), candidates)
    return [
        Judged(candidate, True, 0.9, f"reads {gain:.1f} better (log10) with the character once")
        for candidate, (gain, held) in zip(candidates, rated, strict=True)
        if gain >= (AGAIN if words[candidate.start] == ABSENT else PARTED) and held >= HELD
    ]


def _bar(text: str, m: re.Match[str]) -> float:
    """What the gain must reach. "腾讯腾讯是…" is a heading glued to its text, "对结果负责负责推进" two clauses."""
    if _VERBS.fullmatch(m[1]):
        within = m.start() > 0 and is_han(text[m.start() - 1])
        return float("inf") if within else VERB_SURE
    return SURE if _WITHIN.match(text, max(0, m.start() - 2), m.start()) else float("inf")


def _candidate(start: int, end: int, rule: str) -> Candidate:
    return Candidate(start, end, "", rule, "dup")
