"""What is known of an odd word and a usual one that it may stand for: the columns that the decision weighs besides its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language import sound
from pipeline.correct.language.ngrams import Floats, Language
from pipeline.correct.propose.odd import Rated, Words
from pipeline.correct.propose.usual import Usual

WORTH = 6.0
"""log10 units that a usual word must gain in full; few swaps gain less."""

BEST, TIED = 3, 6
"""Ranks of the usual words that are weighed for an odd one: of those that share a character, and of those that the lexicon
ties to it. The best one is weighed in any case."""

NONE, NEVER = -1, -99.0
"""No choice, and the gain of none."""

Matrix = NDArray[np.float64]


class Evidence(NamedTuple):
    """Pairs of an odd word and a usual one, a row each, those of a word together.

    `word` is the place in `names`, `right` the usual word, `features` what speaks for it (FEATURES). `gains` [place, n]
    are those of choice n of the word (`choice`) at each of `words.places`.
    """

    words: Words
    names: list[str]
    gains: Floats
    word: NDArray[np.int64]
    choice: NDArray[np.int64]
    right: list[str]
    features: Matrix

    def places(self, row: int) -> dict[int, float]:
        """The odd places of the word of a row, and what its usual word gains at each."""
        start, size = self.words.starts[self.word[row]], self.words.sizes[self.word[row]]
        part = slice(int(start), int(start + size))
        return dict(zip(self.words.places[part].tolist(), self.gains[part, self.choice[row]].tolist(), strict=True))


class Found(NamedTuple):
    """What a page was found to hold: `top` [word, n] are the choices, `gain` and `held` [place, n] what each is worth."""

    words: Words
    names: list[str]
    rough: Rated
    top: NDArray[np.int64]
    gain: Floats
    held: NDArray[np.int8]
    standing: Matrix
    odd: int
    """Odd words of the page, those too that have no usual word behind them: a page of another field has many."""
    size: int


GAIN = ("places", "total", "mean", "least", "most", "lead", "lead each", "rank", "held", "better", "worse")
WORD = ("both", "others", "share odd", "in laws", "common", "inner", "before", "behind", "peak", "rough")
USUAL = ("usual", "there", "expected", "excess", "rarer")
KNOW = (
    "synonym",
    "akin",
    "sound",
    "listed",
    "usual too",
    "share",
    "share first",
    "share second",
    "bond",
    "odd each",
    "lost",
    "at large",
    "across",
    "within",
    "usual at large",
)
FEATURES = (*GAIN, *WORD, *USUAL, *KNOW)
"""Names of the evidence for a swap, in order: of what the places gain, of the odd word, of the usual one, of the two."""

SOUND_AT = FEATURES.index("sound")


def weighed(language: Language, usual: Usual, page: Found) -> Evidence | None:
    """The pairs that are worth a look: the best of each word, and those that the lexicon knows."""
    total = np.add.reduceat(page.gain, page.words.starts)
    itself = np.array([usual.at.get(name, -1) for name in page.names])
    total[page.top == itself[:, None]] = NEVER
    order = np.argsort(-total, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(total.shape[1])[None], 1)
    known = np.zeros((3, *total.shape))
    for n, name in enumerate(page.names):
        row, sounding, akin = page.top[n].tolist(), usual.sounding(name), usual.akin(name)
        if sounding:
            known[2, n] = [sound.alike(name, usual.texts[i]) if i in sounding else 0.0 for i in row]
        if akin:
            known[1, n] = [akin.get(i, 0.0) for i in row]
        if name in usual.synonyms:
            known[0, n] = [i in usual.synonyms[name] for i in row]
    shares = np.array([[bool(set(name) & set(usual.texts[i])) for i in row] for name, row in _named(page)])
    likely = (rank == 0) | ((rank < BEST) & shares) | ((rank < TIED) & known.any(axis=0))
    word, choice = np.nonzero((total >= WORTH) & likely)
    if not len(word):
        return None
    rival = total[word, order[word, np.where(rank[word, choice] == 0, 1, 0)]]
    right = page.top[word, choice]
    columns = [
        *_of_gain(page, word, choice, total[word, choice], rival, rank[word, choice]),
        *_of_words(language, usual, page, word, right),
        *known[:, word, choice],
        *_of_names(usual, page.names, word, right),
        *(np.full(len(word), told) for told in (page.odd / page.size, 1 - len(page.names) / page.odd)),
        *page.standing[word].T,
        usual.rates[right],
    ]
    features = np.array(columns, dtype=np.float64).T
    return Evidence(page.words, page.names, page.gain, word, choice, [usual.texts[i] for i in right.tolist()], features)


def _named(page: Found) -> Iterator[tuple[str, list[int]]]:
    """Each odd word with its choices."""
    return zip(page.names, page.top.tolist(), strict=True)


def _of_gain(
    page: Found,
    word: NDArray[np.int64],
    choice: NDArray[np.int64],
    total: Floats,
    rival: Floats,
    rank: NDArray[np.int64],
) -> list[NDArray[Any]]:
    starts, gain = page.words.starts, page.gain
    places = page.words.sizes[word].astype(np.float64)
    least, most, better, worse = (
        table[word, choice]
        for table in (
            np.minimum.reduceat(gain, starts),
            np.maximum.reduceat(gain, starts),
            np.add.reduceat(gain > 2, starts, dtype=np.float64),
            np.add.reduceat(gain < 0, starts, dtype=np.float64),
        )
    )
    held = np.minimum.reduceat(page.held, starts)[word, choice].astype(np.float64)
    lead = total - rival
    return [
        *(places, total, total / places, least, most, lead, lead / places, rank, held),
        *(better / places, worse / places),
    ]


def _of_words(
    language: Language, usual: Usual, page: Found, word: NDArray[np.int64], right: NDArray[np.int64]
) -> list[Floats]:
    words, rough = page.words, page.rough
    size, others = words.sizes[word].astype(np.float64), words.others[word].astype(np.float64)
    best = rough.rate.max(axis=1, keepdims=True)
    spread = (np.log10((10 ** (rough.rate - best)).sum(axis=1, keepdims=True)) + best)[:, 0]
    rate, counts = rough.rate[word, right].astype(np.float64), usual.counts[right]
    there = words.occurrences(language, usual.codes[right]).astype(np.float64)
    expected = page.size * 10 ** (counts - language.postings.total)
    return [
        *(words.boths[word] / size, others, size / (size + others), rough.in_laws[word]),
        *(column[word] for column in (rough.common, rough.inner, rough.before, rough.behind)),
        *(rate - spread[word], rate - rough.own[word]),
        *(counts, there, expected, np.log1p(there) - np.log1p(expected), counts - rough.common[word]),
    ]


def _of_names(usual: Usual, names: list[str], word: NDArray[np.int64], right: NDArray[np.int64]) -> Matrix:
    """Whether the odd word is listed, is a usual one too, and shares a character, the first, the second with the right;
    how the lexicon ties their characters."""
    listed, usual_too = (np.array([test(name) for name in names]) for test in (usual.listed, usual.at.__contains__))
    pairs = [(names[n], usual.texts[i]) for n, i in zip(word.tolist(), right.tolist(), strict=True)]
    alike = [(a[0] in b or a[1] in b, a[0] == b[0], a[1] == b[1]) for a, b in pairs]
    bonds = [usual.ties.bond(*pair) for pair in pairs]
    return np.concatenate([[listed[word], usual_too[word]], np.array(alike).T, [bonds]])
