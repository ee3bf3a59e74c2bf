"""Documents with other subjects, skills, levels, numerals, bounds and sexes in the places of their own."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from pipeline.classify.facts import candidates
from pipeline.classify.facts.candidates import LEVELS, Sort
from pipeline.classify.facts.tagger import Tag
from pipeline.train.stated import Part


class Lists(NamedTuple):
    """Names that can stand for one another."""

    majors: Sequence[str]
    skills: Sequence[str]


_NUMERALS = dict(zip("123456789", "一两三四五六七八九", strict=True))
_SMALL = regex.compile(r"(?<![\d.\-—~～至到])[1-9](?=\s?(?:年|个月))")
_ONE_YEAR = regex.compile(r"(?<![\d.\-—~～至到一二三四五六七八九十])(?:[半一1]年|[36]个月)(?!\d)")
_BOUND = regex.compile("(?:及|或|含)?(?:以[下上内]|之内)")
_BOUNDS = {
    "下": ["以下", "以内", "及以下", "或以下", "之内"],
    "内": ["以下", "以内", "之内"],
    "上": ["以上", "及以上", "或以上", "含以上", "起"],
}
_LEVELS = [w for w in LEVELS if w not in ("大学", "硕博", "MBA", "中等专业", "研究生", "博士研究生", "硕士研究生")]


def varied(parts: Sequence[Part], lists: Lists, rng: random.Random) -> list[Part]:
    """A document with other subjects, skills, levels, numerals and sexes in the places of its own."""
    out = []
    for p in parts:
        if rng.random() < 0.04:
            continue
        changes = [
            *_renamed(p, Tag.MAJOR, lists.majors, rng),
            *_renamed(p, Tag.SKILL, lists.skills, rng),
            *_reworded(p, rng),
        ]
        out.append(_flipped(_changed(p, changes), rng))
    return out or list(parts)


_LIMIT = regex.compile(r"(?P<age>\d\d)\s*周?岁(?:及|或|含)?(?P<bound>以下|以上|以内)")


def _flipped(p: Part, rng: random.Random) -> Part:
    """With some upper bounds of age made lower ones, and the reverse: "45岁以下" "20岁以上"."""
    text, allowed = p.text, p.allowed
    for m in _LIMIT.finditer(p.text):
        a, b = m.span("age")
        if allowed[a, [Tag.AGE_MIN, Tag.AGE_MAX]].sum() == 1 and allowed[a].sum() == 1 and rng.random() < 0.35:
            allowed = allowed.copy()
            allowed[a:b, [Tag.AGE_MIN, Tag.AGE_MAX]] = allowed[a:b, [Tag.AGE_MAX, Tag.AGE_MIN]]
            turned = "以下" if m["bound"] == "以上" else "以上"
            text = text[: m.start("bound")] + turned + text[m.end("bound") :]
    return p._replace(text=text, allowed=allowed)


Change = tuple[int, int, str]


def _renamed(p: Part, tag: Tag, names: Sequence[str], rng: random.Random) -> Iterable[Change]:
    if not names:
        return
    begins = np.flatnonzero(p.allowed[:, tag] & (p.allowed.sum(1) == 1))
    for at in begins.tolist():
        end = at + 1
        while end < len(p.text) and p.allowed[end, tag + 1] and p.allowed[end].sum() == 1:
            end += 1
        if rng.random() < 0.4:
            yield at, end, rng.choice(names)


def _reworded(p: Part, rng: random.Random) -> Iterable[Change]:
    for m in _SMALL.finditer(p.text):
        if rng.random() < 0.3:
            yield m.start(), m.end(), _NUMERALS[m[0]]
    for m in _ONE_YEAR.finditer(p.text):
        if rng.random() < 0.4:
            yield (
                m.start(),
                m.end(),
                rng.choice(["6个月", "3个月", "12个月", "18个月", "六个月", "1年", "半年", "一年", "10年"]),
            )
    for c in candidates.find(p.text, 0, len(p.text)):
        if c.sort == Sort.LEVEL and p.text[c.start : c.end] in _LEVELS and rng.random() < 0.3:
            yield c.start, c.end, rng.choice(_LEVELS)
        elif c.sort == Sort.SEX and c.end - c.start == 1 and rng.random() < 0.5:
            yield c.start, c.end, rng.choice("男女")
    for m in _BOUND.finditer(p.text):
        if rng.random() < 0.3:
            yield m.start(), m.end(), rng.choice(_BOUNDS[m[0][-1]])
    for m in regex.finditer("[，；、]", p.text):
        if rng.random() < 0.05:
            yield m.start(), m.end(), rng.choice("，；、, 。")


def _changed(p: Part, changes: Iterable[Change]) -> Part:
    text, rows, at = [], [], 0
    for start, end, new in sorted(changes):
        if start < at:
            continue
        text += [p.text[at:start], new]
        row = p.allowed[start : start + 1]
        later = p.allowed[start + 1 : start + 2] if end - start > 1 else _going_on(row)
        rows += [p.allowed[at:start], row, *[later] * (len(new) - 1)]
        at = end
    return p._replace(text="".join([*text, p.text[at:]]), allowed=np.concatenate([*rows, p.allowed[at:]]))


def _going_on(row: NDArray[np.bool_]) -> NDArray[np.bool_]:
    out = row.copy()
    for tag in (Tag.MAJOR, Tag.SKILL):
        if row[0, tag] and not row[0, Tag.NONE]:
            out[0, tag], out[0, tag + 1] = False, True
    return out
