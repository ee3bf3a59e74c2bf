"""One character read or typed for another that looks or sounds like it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from pipeline.correct.scan.channel import load_channel, ranks

DOUBTFUL = 3
"""Support up to which a character is looked at: it is part of no longer n-gram that was ever seen."""

LEAST, MAKES_WORD = 2.0, -1.0
"""log10 units that a text must gain by a character, and by one that makes a word where none stands: a trade's words are rare."""

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
    rows = page.rows[places]
    place, which, words = _fitting(language, page, places, table.right[rows].astype(np.int64))
    codes = table.right[rows[place], which].astype(np.int64)
    gain, _ = put(language, page.scored, places[place], codes[:, None])
    made = words & (page.covered[places[place]] == ABSENT)
    kept = np.flatnonzero(gain >= np.where(made, MAKES_WORD, LEAST))
    liked = gain + WORD * words
    best: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for n in kept.tolist():
        best[int(places[place[n]])].append((float(liked[n]), int(codes[n]), n))
    out = []
    for at, options in best.items():
        for _, code, n in sorted(options, reverse=True)[:EACH]:
            right, option = load().characters[code], (rows[place[n]], which[n])
            if right in NUMERALS and page.text[at] in NUMERALS:
                continue
            rule, category = (SHAPE, "ocr") if table.shape[option] else (SOUND, "typo")
            out.append(Proposal((at,), 1, right, rule, category, float(table.prior[option]), float(gain[n])))
    return out


def _fitting(
    language: Language, page: Page, places: NDArray[np.int64], choices: Codes
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Which choices [place, n] make a word with a neighbour, or three characters that were ever seen, or two with either
    neighbour: `place` and n, and whether it makes a word; a choice of 0 is none."""
    place, which = np.nonzero(choices > 0)
    codes = choices[place, which]
    around = pad(page.codes)[places[:, None] + np.arange(REACH - 2, REACH + 3)][place]
    around[:, 2] = codes
    points = np.pad(points_of(page.text), 2)[places[:, None] + np.arange(5)][place].astype(np.uint32)
    points[:, 2] = _points()[codes]
    known = load_dictionary().lookup
    pairs, threes = fingerprints(points[:, 1:4], 2), fingerprints(points, 3)
    words = np.asarray(known.has(pairs).any(axis=1) | known.has(threes).any(axis=1))
    beside = language.seen(fingerprints(around[:, 1:4], 2)).all(axis=1)
    fits = words | beside | language.seen(fingerprints(around, 3)).any(axis=1)
    return place[fits], which[fits], words[fits]


@cache
def _points() -> Points:
    """The code point of each character number."""
    out = np.zeros(load().size, np.uint32)
    for code, char in load().characters.items():
        out[code] = ord(char)
    return out


class _Table(NamedTuple):
    """The confusions as arrays over rows of characters: what each may have been (0: none), and which have any.

    `shape` says of each whether its shape was confused, `prior` the log10 chance of that.
    """

    right: NDArray[np.int16]
    any: NDArray[np.bool_]
    shape: NDArray[np.bool_]
    prior: NDArray[np.float32]


@cache
def _table() -> _Table:
    """All confusions that are known; of a pair that is known twice what was counted goes first, then how it looks."""
    channel, ids = load_channel(), load().ids
    counted, n = np.nonzero(channel.known > 0)
    looks, looked = _pairs({wrong: alike for wrong, alike in lexicons.rows("shapes")})
    sounds, heard = _pairs(_sounding())
    row = np.concatenate([counted, looks, sounds])
    code = np.concatenate([channel.known[counted, n].astype(np.int64), looked, heard])
    shape = np.arange(len(row)) < len(counted) + len(looks)
    prior = np.full(len(row), NO_PRIOR, np.float32)
    prior[: len(counted)] = np.maximum(channel.costs[counted, n], NO_PRIOR)
    prior[len(counted) : len(counted) + len(looks)] = LOOKS_ALIKE
    kept = np.flatnonzero((row > 0) & (code > 3) & (code != ids[row - 1 + FIRST]))
    kept = kept[np.unique(row[kept] * load().size + code[kept], return_index=True)[1]]
    place = ranks(row[kept])
    made = _Table(*(np.zeros((ROWS, int(place.max()) + 1), kind) for kind in (np.int16, bool, bool, np.float32)))
    made.right[row[kept], place], made.shape[row[kept], place] = code[kept], shape[kept]
    made.prior[row[kept], place] = prior[kept]
    return made._replace(any=np.asarray((made.right > 0).any(axis=1)))


def _pairs(options: Mapping[str, Sequence[str]]) -> tuple[Codes, Codes]:
    """The row of each character and the number of each of its options."""
    wrong = "".join(char * len(rights) for char, rights in options.items())
    return rows_of(wrong), load().encode("".join("".join(rights) for rights in options.values()))


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
