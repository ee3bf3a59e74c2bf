"""Characters that a conversion could not show and put a question mark for: "公司核?系统", "能独?完成", "使?常?测试?具".

It happens to whole pages: a font had some characters under other numbers. What stood there is what the language model
puts there, where nothing else comes near; what is sure first helps with the next.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language.dictionary import ABSENT, standing
from pipeline.correct.language.ngrams import Codes, Floats, Language, fingerprints, load
from pipeline.correct.language.rescoring import Scored, put
from pipeline.correct.page import NUMERALS
from pipeline.correct.proposal import Candidate, Judged
from pipeline.correct.propose.marks import asked
from pipeline.text import is_han

_LOST = re.compile(
    r"(?<=[\u4e00-\u9fff])[?？]+(?=[\u4e00-\u9fff，。；、])|(?<=[\u4e00-\u9fff][、，])[?？](?=[\u4e00-\u9fff])"
)

_MARKS = "，。；、：（）"
"""What a question mark may stand for besides a character: a bullet or a stop, which are not told from each other here."""

SURE, LIKELY = 0.95, 0.6
"""Chance of a character from which it is put, and from which it is suggested."""

SEVERAL = 2
"""Places of a page that must be sure: one question mark may be a question."""

MOST, ROUNDS = 400, 4
"""Places of a page that are looked at, and how often: a character that is back tells of its neighbours."""

SAID, RADICAL = 1.5, 1.5
"""log10 units that a character loses which the page shows elsewhere, since what a font lacks is lost wherever it stood; and
that one gains which has a second number as a radical, as 用 and 力 have: fonts that use those make most of such pages."""

NEVER = -99.0
"""The gain of a character that was never seen beside its neighbours."""

WRONG_NUMBER = 10
"""By how much the chance of another numeral counts: "统招?本" may be of either sort."""


def judge(text: str, language: Language) -> list[Judged]:
    """The characters that were lost, on a page that lost several."""
    places = [i for m in _LOST.finditer(text) if not asked(text, m.start()) for i in range(*m.span())]
    if not SEVERAL <= len(places) <= MOST:
        return []
    filled, prior = list(text), _prior(text)
    best = dict[int, tuple[str, float]]()
    for _ in range(ROUNDS):
        scored = Scored.of_codes(language, language.encode("".join(filled)))
        found = {i: _likeliest(language, scored, prior, i) for i in places if filled[i] == text[i]}
        best |= found
        sure = {i: char for i, (char, chance) in found.items() if chance >= SURE and char not in _MARKS}
        for i, char in sure.items():
            filled[i] = char
        if not sure:
            break
    before, after = _words(text), _words("".join(filled))
    back = {i for i in places if filled[i] != text[i] and after[i] and not _closed(before, text, i)}
    if len(back) < SEVERAL:
        return []
    told = f"{len(back)} characters of the page are lost"
    return [
        Judged(Candidate(i, i + 1, char, "lost.character", "missing"), i in back, round(min(chance, 0.98), 2), told)
        for i, (char, chance) in sorted(best.items())
        if chance >= LIKELY and char not in _MARKS
    ]


def _words(text: str) -> NDArray[np.bool_]:
    """Whether each character is part of a word of the language."""
    out: NDArray[np.bool_] = np.maximum(*standing(text).of_characters()) > ABSENT
    return out


def _closed(words: NDArray[np.bool_], text: str, place: int) -> bool:
    """Whether what stands beside a place lacks nothing: "高产?团队" may hide a bullet."""
    return all(words[i] for i in (place - 1, place + 1) if is_han(text[i]))


def _prior(text: str) -> Floats:
    """What speaks for each character before one looks at a place."""
    characters, _ = _characters()
    said = np.array([char in text and char not in _MARKS for char in characters])
    return np.array([RADICAL * (char in _radicals()) for char in characters]) - SAID * said


@cache
def _radicals() -> frozenset[str]:
    """The characters that stand among the Kangxi radicals too, U+2F00 to U+2FD5."""
    return frozenset(unicodedata.normalize("NFKC", chr(point)) for point in range(0x2F00, 0x2FD6))


def _likeliest(language: Language, scored: Scored, prior: Floats, place: int) -> tuple[str, float]:
    """The likeliest character of a place, and its chance among all of them, marks too; a numeral has to be surer."""
    characters, numbers = _characters()
    gain = np.full(len(numbers), NEVER)
    met = np.flatnonzero(_met(language, scored.codes, place, numbers))
    if not len(met):
        return "", 0.0
    gain[met] = put(language, scored, np.full(len(met), place), numbers[met, None])[0] + prior[met]
    share = 10 ** (gain - gain.max())
    at = int(share.argmax())
    if characters[at] in NUMERALS:
        share[[n for n, char in enumerate(characters) if char in NUMERALS and n != at]] *= WRONG_NUMBER
    return characters[at], float(share[at] / share.sum())


def _met(language: Language, codes: Codes, place: int, numbers: Codes) -> NDArray[np.bool_]:
    """Which characters were ever seen beside one of the neighbours of a place."""
    beside = np.full((2, len(numbers), 2), numbers[:, None])
    beside[0, :, 0], beside[1, :, 1] = codes[place - 1], codes[place + 1]
    before, behind = language.seen(fingerprints(beside, 2))[..., 0]
    return np.asarray(before | behind)


@cache
def _characters() -> tuple[str, Codes]:
    """The Han characters that the model knows and the marks, with their numbers."""
    ids = load().ids
    known = "".join(chr(point) for point in range(0x4E00, 0xA000) if ids[point]) + _MARKS
    return known, load().encode(known)
