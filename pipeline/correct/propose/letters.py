"""One character read or typed for another that looks or sounds like it."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct.language import sound
from pipeline.correct.language.dictionary import ABSENT, load_dictionary
from pipeline.correct.language.ngrams import Codes, Language, Points, fingerprints, load, points_of
from pipeline.correct.language.rescoring import REACH, pad, put
from pipeline.correct.page import FIRST, NUMERALS, ROWS, Page, rows_of
from pipeline.correct.proposal import NO_PRIOR, Proposal
from pipeline.correct.scan.channel import load_channel

DOUBTFUL = 3
"""Support up to which a character is looked at: it is part of no longer n-gram that was ever seen."""

LEAST, MAKES_WORD = 3.0, 2.0
"""log10 units that a text must gain by a character, and by one that makes a word where none stands."""

WORD = 2.0
"""log10 units that a character that makes a word is given when the best are picked."""

EACH = 3
"""Characters that are weighed for a place, the best first."""

HOMOPHONES = 20
"""Characters that are tried for one of their sound."""

LOOKS_ALIKE = -5.0
"""What stands for the log10 chance of a mistake that was never counted, between characters that look alike."""

SHAPE, SOUND = "misread.shape", "misread.sound"
"""The rules of a character that looks, and of one that sounds, like the one that stands there."""


def propose(language: Language, page: Page) -> list[Proposal]:
    """The best characters for each doubtful place: where no word of the language stands, or the n-grams know none."""
    table = _table()
    doubtful = (page.support <= DOUBTFUL) & ((page.covered == ABSENT) | (page.support < DOUBTFUL))
    places = np.flatnonzero(doubtful & table.any[page.rows])
    if not len(places):
        return []
    place, codes, words = _fitting(language, page, places, table.right[page.rows[places]].astype(np.int64))
    gain, _ = put(language, page.scored, places[place], codes[:, None])
    made = words & (page.covered[places[place]] == ABSENT)
    kept = np.flatnonzero(gain >= np.where(made, MAKES_WORD, LEAST))
    liked = gain + WORD * words
    best: dict[int, list[tuple[float, int, float]]] = defaultdict(list)
    for n in kept.tolist():
        best[int(places[place[n]])].append((float(liked[n]), int(codes[n]), float(gain[n])))
    out = []
    for at, options in best.items():
        for _, code, gained in sorted(set(options), reverse=True)[:EACH]:
            right, wrong = load().characters[code], page.text[at]
            if right == wrong or (right in NUMERALS and wrong in NUMERALS):
                continue
            shape, prior = table.why[wrong, right]
            rule, category = (SHAPE, "ocr") if shape else (SOUND, "typo")
            out.append(Proposal((at,), 1, right, rule, category, prior, gained))
    return out


def _fitting(
    language: Language, page: Page, places: NDArray[np.int64], choices: Codes
) -> tuple[NDArray[np.int64], Codes, NDArray[np.bool_]]:
    """Which choices [place, n] make a word with a neighbour, or three characters that were ever seen: the row of the place,
    the character's number, and whether it makes a word; a number of 0 is none."""
    place, which = np.nonzero(choices > 0)
    codes = choices[place, which]
    around = pad(page.codes)[places[:, None] + np.arange(REACH - 2, REACH + 3)][place]
    around[:, 2] = codes
    points = np.pad(points_of(page.text), 1)[places[:, None] + np.arange(3)][place].astype(np.uint32)
    points[:, 1] = _points()[codes]
    words = np.asarray(load_dictionary().lookup.has(fingerprints(points, 2)).any(axis=1))
    fits = words | language.seen(fingerprints(around, 3)).any(axis=1)
    return place[fits], codes[fits], words[fits]


@cache
def _points() -> Points:
    """The code point of each character number."""
    out = np.zeros(load().size, np.uint32)
    for code, char in load().characters.items():
        out[code] = ord(char)
    return out


class _Table(NamedTuple):
    """The confusions as arrays over rows of characters: what each may have been (0: none), and which have any.

    `why` says of each pair whether its shapes were confused, and the log10 chance of that.
    """

    right: NDArray[np.int16]
    any: NDArray[np.bool_]
    why: dict[tuple[str, str], tuple[bool, float]]


@cache
def _table() -> _Table:
    channel, ids, characters = load_channel(), load().ids, load().characters
    why: dict[tuple[str, str], tuple[bool, float]] = {}
    options: dict[str, list[str]] = defaultdict(list)
    for wrong, others in _sounding().items():
        options[wrong] += others
        why |= {(wrong, right): (False, NO_PRIOR) for right in others}
    for wrong, alike in lexicons.rows("shapes"):
        options[wrong] += alike
        why |= {(wrong, right): (True, LOOKS_ALIKE) for right in alike}
    for row in np.flatnonzero((channel.known > 0).any(axis=1)).tolist():
        wrong = chr(row - 1 + FIRST)
        for code, cost in zip(channel.known[row].tolist(), channel.costs[row].tolist(), strict=True):
            if code > 0:
                options[wrong].append(characters[code])
                why[wrong, characters[code]] = (True, max(cost, NO_PRIOR))
    width = max(len(set(rights)) for rights in options.values())
    table = np.zeros((ROWS, width), np.int16)
    for wrong, rights in options.items():
        codes = sorted({int(ids[ord(right)]) for right in rights if right != wrong and ids[ord(right)] > 3})
        table[int(rows_of(wrong)[0]), : len(codes)] = codes
    return _Table(table, np.asarray((table > 0).any(axis=1)), why)


def _sounding() -> dict[str, list[str]]:
    """For each character the most frequent others that are read like it."""
    rates, ids = load().unigrams, load().ids
    said: dict[str, list[str]] = defaultdict(list)
    for char, syllables in sound.readings().items():
        for syllable in syllables:
            said[syllable].append(char)
    for chars in said.values():
        chars.sort(key=lambda char: -rates[ids[ord(char)]])
    return {
        char: list(dict.fromkeys(c for s in syllables for c in said[s][: HOMOPHONES + 1] if c != char))
        for char, syllables in sound.readings().items()
    }
