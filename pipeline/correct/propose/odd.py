"""The odd words of a page, and the usual words of the field that fit where they stand.

A word of two Han characters is odd where the language model never saw it beside the character before it or behind it.
Only such places say anything: a page may use the same word elsewhere in its right sense ("岗位职责" beside "职责心强").
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language.ngrams import STEP, Codes, Floats, Language, fingerprints, load
from pipeline.correct.language.rescoring import Scored
from pipeline.correct.propose.usual import Usual, counted, fit_beside
from pipeline.text import is_simplified

UNKNOWN = -0.3
"""log10 of the count that a word is given which was never counted: every second time it is one."""


class Words(NamedTuple):
    """The odd words of a text: their odd places one word behind the other, where each word's begin, how many, and more.

    `boths` are the places that are odd on both sides, `others` the word's places that are not odd at all.
    """

    places: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    boths: NDArray[np.int64]
    others: NDArray[np.int64]
    pairs: NDArray[np.int64]
    """All two-character words of the text as numbers, sorted."""

    def take(self, kept: NDArray[np.int64]) -> Words:
        """Some of the words."""
        count = self.sizes[kept]
        ends = np.cumsum(count)
        places = self.places[np.repeat(self.starts[kept] - (ends - count), count) + np.arange(count.sum())]
        return Words(places, ends - count, count, self.boths[kept], self.others[kept], self.pairs)

    def occurrences(self, language: Language, words: Codes) -> NDArray[np.int64]:
        """How often the text has each word, given by its two character numbers."""
        key = words[..., 0] * language.size + words[..., 1]
        return np.searchsorted(self.pairs, key, side="right") - np.searchsorted(self.pairs, key)


def odd_words(language: Language, scored: Scored) -> Words | None:
    """The odd words of a text, None where there is none."""
    codes, size = scored.codes, language.size
    han = simplified()[codes]
    key = np.where(han[:-1] & han[1:], codes[:-1] * size + codes[1:], -1)
    fit = np.concatenate([scored.orders >= 3, [False]])
    odd = (key >= 0) & ~(fit[1:-1] & fit[2:])
    both = odd & ~fit[1:-1] & ~fit[2:]
    pairs = np.sort(key)
    places = np.flatnonzero(odd)
    places = places[np.argsort(key[places], kind="stable")]
    if not len(places):
        return None
    ranked = key[places]
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    sizes = np.diff(np.append(starts, len(ranked)))
    words = ranked[starts]
    there = np.searchsorted(pairs, words, side="right") - np.searchsorted(pairs, words)
    return Words(places, starts, sizes, np.add.reduceat(both[places], starts, dtype=np.int64), there - sizes, pairs)


@cache
def simplified() -> NDArray[np.bool_]:
    """The character numbers of simplified Chinese, GB 2312: a word in traditional characters is no odd word."""
    language = load()
    table = np.zeros(language.size, bool)
    points = [point for point in range(0x4E00, 0xA000) if is_simplified(chr(point))]
    table[language.ids[points]] = True
    table[:4] = False
    return table


class Rated(NamedTuple):
    """For each odd word: how well each usual word fits its odd places, how well the word itself does, and how the word
    and its neighbours hold together: log10 of its count in laws and in postings, and by how much the two characters, the first with the one
    before, and the second with the one behind, stand together more often than by chance (means over its places)."""

    rate: NDArray[np.float32]
    own: Floats
    in_laws: Floats
    common: Floats
    inner: Floats
    before: Floats
    behind: Floats

    def take(self, kept: NDArray[np.int64]) -> Rated:
        """Some of the words."""
        return Rated(self.rate[kept], *(column[kept] for column in self[1:]))


def rated(language: Language, usual: Usual, scored: Scored, words: Words) -> Rated:
    """A rough look at all usual words in the places of each odd word, by the characters on either side."""
    around = np.concatenate([[1], scored.codes, [1]])
    before, first, second, behind = (around[words.places + n] for n in range(4))
    rates = usual.rate(language, before, behind)
    fits = rates[words.starts]
    for n in np.flatnonzero(words.sizes > 1).tolist():  # most words are odd in one place
        start = int(words.starts[n])
        fits[n] = rates[start : start + int(words.sizes[n])].sum(axis=0)
    counts, together = _together(language, first, second)
    own = counts + fit_beside(language, np.stack([before, first, second], 1), counts, before)
    own += fit_beside(language, np.stack([first, second, behind], 1), counts, behind)
    sides = [_together(language, before, first)[1], _together(language, second, behind)[1]]
    return Rated(
        fits + (words.sizes[:, None] * usual.counts).astype(np.float32),
        np.add.reduceat(own, words.starts),
        _in_laws(language, first[words.starts], second[words.starts]),
        counts[words.starts],
        together[words.starts],
        *(np.add.reduceat(side, words.starts) / words.sizes for side in sides),
    )


def _together(language: Language, first: Codes, second: Codes) -> tuple[Floats, Floats]:
    """log10 of how often two characters stand together, and by how much that is more than chance has it."""
    counts, known = counted(language, np.stack([first, second], 1))
    counts = np.where(known, counts, UNKNOWN)
    return counts, counts - language.postings.total - language.unigrams[first] - language.unigrams[second]


def _in_laws(language: Language, first: Codes, second: Codes) -> Floats:
    """log10 of how often the laws have two characters together."""
    counts, known = language.laws.lookup.find(fingerprints(np.stack([first, second], 1), 2)[:, 0])
    return np.where(known, counts * STEP, UNKNOWN)
