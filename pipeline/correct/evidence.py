"""The evidence that an odd word of a page stands for a usual one: what both models of `discover` weigh."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct import sound
from pipeline.correct.dictionary import ABSENT, Standing, standing_of
from pipeline.correct.language import Floats, Language
from pipeline.correct.odd import Rated, Words, odd_words, rated
from pipeline.correct.rescoring import Scored, put
from pipeline.correct.usual import Usual

CHOICES, SOUND, KNOWN, AKIN = 8, 2, 4, 4
"""Usual words scored in full for an odd word: by their fit, by their sound, by the lexicon, and by way of the lexicon.
Where it is tied to none, only those that fit."""

NONE, NEVER = -1, -99.0
"""No choice, and the gain of none."""

SHARED = 1.0
"""log10 units that a usual word is given in the rough look for a character that it shares with the odd one."""

MOST, EACH = 128, 4
"""Odd words of a page that are looked at, and characters of a longer page for each."""

PROMISING, WORTH = 5.0, 6.0
"""log10 units that the best usual word must gain in the rough look, and each in full; few swaps gain less."""

BEST = 3
"""Usual words that are weighed for an odd one, those that the lexicon knows aside."""

SHORTEST = 12
"""Characters of a text that has context enough."""

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


def find(language: Language, usual: Usual, text: str, scored: Scored) -> Evidence | None:
    """For each odd word of a text the usual words that might stand behind it; None where nothing is odd enough."""
    odd = odd_words(language, scored) if len(scored.codes) >= SHORTEST else None
    if odd is None:
        return None
    at_large = standing_of(text)
    words = odd.take(np.flatnonzero(_written(usual, _names(text, odd), at_large, odd)))
    if not len(words.sizes):
        return None
    rough = rated(language, usual, scored, words)
    lead = rough.rate.max(axis=1) - rough.own
    kept = np.flatnonzero(lead >= PROMISING)
    kept = kept[np.argsort(-lead[kept], kind="stable")[: max(MOST, len(text) // EACH)]]
    if not len(kept):
        return None
    words, rough = words.take(kept), rough.take(kept)
    names = _names(text, words)
    top = _choices(usual, rough.rate, names)
    gain, held = _in_full(language, usual, scored, words.places, np.repeat(top, words.sizes, 0))
    page = _Page(words, names, rough, top, gain, held, _standing(at_large, words), len(odd.sizes), len(text))
    return _weighed(language, usual, page)


def _names(text: str, words: Words) -> list[str]:
    return [text[i : i + 2] for i in words.places[words.starts].tolist()]


def _written(usual: Usual, names: list[str], at_large: Standing, words: Words) -> NDArray[np.bool_]:
    """Which odd words somebody or some software can have put there: words of the language, words with ties that are not
    the end of one word and the beginning of the next ("简厉" in "精简厉行节约"), and what makes no word with its neighbours."""
    at = words.places[words.starts]
    before, behind = _across(at_large, at)
    tied = np.array([usual.tied(name) for name in names])
    bare = np.maximum(np.maximum(before, behind), at_large.longer[at]) == ABSENT
    written: NDArray[np.bool_] = (at_large.word[at] > ABSENT) | bare | (tied & (np.minimum(before, behind) == ABSENT))
    return written


def _across(at_large: Standing, at: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How usual the words are that lie across the first bound of each word, and across its last."""
    rates = np.concatenate([[np.float32(ABSENT)], at_large.word])
    return rates[at], rates[at + 2]  # the last character begins no word


def _standing(at_large: Standing, words: Words) -> Matrix:
    """For each odd word how usual it is at large, and how usual are the words across its bounds and the longer ones that
    hold it (means over its places)."""
    at = words.places
    rows = np.column_stack([at_large.word[at], np.maximum(*_across(at_large, at)), at_large.longer[at]])
    return np.add.reduceat(rows.astype(np.float64), words.starts) / words.sizes[:, None]


def _choices(usual: Usual, rate: NDArray[np.float32], names: list[str]) -> NDArray[np.int64]:
    """The usual words that fit best, a few that the lexicon knows for the odd one among them, a row a word; NONE behind."""
    width = CHOICES + SOUND + KNOWN + AKIN
    liked = rate.copy()
    for row, name, rates in zip(liked, names, rate, strict=True):
        for char in name:
            if char in usual.having:
                row[usual.having[char]] = rates[usual.having[char]] + SHARED
    top = np.argpartition(liked, -width, axis=1)[:, -width:]
    top = np.take_along_axis(top, np.argsort(-np.take_along_axis(liked, top, 1), axis=1, kind="stable"), 1)
    for row, name, rates in zip(top, names, rate, strict=True):
        known = sorted(usual.synonyms.get(name, ()), key=lambda i: -rates[i])[:KNOWN]
        akin = sorted(usual.akin(name), key=lambda i: -rates[i])[:AKIN]
        heard = sorted(usual.sounding(name), key=lambda i: -rates[i])[:SOUND]
        wanted = list(dict.fromkeys((*known, *akin, *heard)))
        if wanted:
            row[:] = [*wanted, *(i for i in row.tolist() if i not in wanted)][:width]
        else:
            row[CHOICES:] = NONE
    return top


def _in_full(
    language: Language, usual: Usual, scored: Scored, places: NDArray[np.int64], choices: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.int8]]:
    """What each of choices[place, n] gains at its place, and the support of its characters once there."""
    place, n = np.nonzero(choices != NONE)
    gain, held = np.full(choices.shape, NEVER), np.zeros(choices.shape, np.int8)
    gain[place, n], held[place, n] = put(language, scored, places[place], usual.codes[choices[place, n]])
    return gain, held


class _Page(NamedTuple):
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
WORD = ("both", "others", "share odd", "common", "inner", "before", "behind", "peak", "rough")
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
    "size",
    "odd each",
    "lost",
    "at large",
    "across",
    "within",
    "usual at large",
)
FEATURES = (*GAIN, *WORD, *USUAL, *KNOW)
"""Names of the evidence for a swap, in order: of what the places gain, of the odd word, of the usual one, of the two."""


def _weighed(language: Language, usual: Usual, page: _Page) -> Evidence | None:
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
    word, choice = np.nonzero((total >= WORTH) & ((rank < BEST) | known.any(axis=0)))
    if not len(word):
        return None
    rival = total[word, order[word, np.where(rank[word, choice] == 0, 1, 0)]]
    right = page.top[word, choice]
    columns = [
        *_of_gain(page, word, choice, total[word, choice], rival, rank[word, choice]),
        *_of_words(language, usual, page, word, right),
        *known[:, word, choice],
        *_of_names(usual, page.names, word, right),
        *(
            np.full(len(word), told)
            for told in (np.log(page.size), page.odd / page.size, 1 - len(page.names) / page.odd)
        ),
        *page.standing[word].T,
        usual.rates[right],
    ]
    features = np.array(columns, dtype=np.float64).T
    return Evidence(page.words, page.names, page.gain, word, choice, [usual.texts[i] for i in right.tolist()], features)


def _of_gain(
    page: _Page,
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
    language: Language, usual: Usual, page: _Page, word: NDArray[np.int64], right: NDArray[np.int64]
) -> list[Floats]:
    words, rough = page.words, page.rough
    size, others = words.sizes[word].astype(np.float64), words.others[word].astype(np.float64)
    best = rough.rate.max(axis=1, keepdims=True)
    spread = (np.log10((10 ** (rough.rate - best)).sum(axis=1, keepdims=True)) + best)[:, 0]
    rate, counts = rough.rate[word, right].astype(np.float64), usual.counts[right]
    there = words.occurrences(language, usual.codes[right]).astype(np.float64)
    expected = page.size * 10 ** (counts - language.total)
    return [
        *(words.boths[word] / size, others, size / (size + others)),
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
