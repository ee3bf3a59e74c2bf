"""Usual words that an odd word of a page may stand for: swapped by software, typed or read for one that sounds or looks alike.

Rewriting software puts the same odd word wherever the usual one stood, so a page tells on itself: a word that the language
model finds odd, and another that would read far better in its places. All places of a word are weighed together.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct.language.dictionary import ABSENT, Standing
from pipeline.correct.language.ngrams import Floats, Language
from pipeline.correct.language.rescoring import REACH, Scored, put
from pipeline.correct.page import Page
from pipeline.correct.proposal import NO_PRIOR, Proposal
from pipeline.correct.propose.evidence import NEVER, NONE, SOUND_AT, Evidence, Found, Matrix, weighed
from pipeline.correct.propose.odd import Words, odd_words, rated
from pipeline.correct.propose.usual import Usual, load_usual

CHOICES, SOUND, KNOWN, AKIN = 8, 2, 4, 4
"""Usual words scored in full for an odd word: by their fit, by their sound, by the lexicon, and by way of the lexicon.
Where it is tied to none, only those that fit."""

SHARED = 1.0
"""log10 units that a usual word is given in the rough look for a character that it shares with the odd one."""

MOST, EACH = 128, 4
"""Odd words of a page that are looked at, and characters of a longer page for each."""

PROMISING = 5.0
"""log10 units that the best usual word must gain in the rough look."""

COSTLY = -9.0
"""log10 score of the six characters from an odd word on up to which it is looked at."""

SHORTEST = 12
"""Characters of a text that has context enough."""


def propose(language: Language, page: Page, usual: Usual | None = None) -> list[Proposal]:
    """For each odd word of a page the usual words that might stand behind it, each with all its places."""
    usual = usual or load_usual()
    found = find(language, usual, page.text, page.scored, page.words)
    if found is None:
        return []
    out = []
    for row, (n, right) in enumerate(zip(found.word.tolist(), found.right, strict=True)):
        name = found.names[n]
        if usual.opposed(name, right) or usual.distinct(name, right):
            continue
        places = tuple(sorted(place for place, gain in found.places(row).items() if gain >= 0))
        if places:
            category = "typo" if found.features[row, SOUND_AT] > 0 else slip(name, right)
            rule = SLIP if category else SWAP
            known = tuple(found.features[row].tolist())
            out.append(Proposal(places, 2, right, rule, category or "spin", NO_PRIOR, known=known))
    return out


SWAP, SLIP = "spin.discovered", "misread.word"
"""The rules of a word that was swapped, and of one that was typed or read for another that sounds or looks alike."""


def slip(word: str, right: str) -> str:
    """Whether one character was put for another that scanners take it for: no swap, and category "ocr"."""
    apart = [pair for pair in zip(word, right, strict=True) if pair[0] != pair[1]]
    return "ocr" if len(apart) == 1 and apart[0] in _confused() else ""


@cache
def _confused() -> frozenset[tuple[str, str]]:
    """Pairs of a character read and the one printed that were counted more than once: once is any two characters."""
    counted = lexicons.rows("confusions")
    return frozenset((wrong, right) for wrong, right, seen in counted if seen not in "01")


def find(language: Language, usual: Usual, text: str, scored: Scored, at_large: Standing) -> Evidence | None:
    """For each odd word of a text the usual words that might stand behind it; None where nothing is odd enough."""
    odd = odd_words(language, scored) if len(scored.codes) >= SHORTEST else None
    if odd is None:
        return None
    costly = np.flatnonzero(_costs(scored, odd) <= COSTLY)
    if not len(costly):
        return None
    words = odd.take(costly)
    words = words.take(np.flatnonzero(_written(usual, _names(text, words), at_large, words)))
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
    page = Found(words, names, rough, top, gain, held, _standing(at_large, words), len(odd.sizes), len(text))
    return weighed(language, usual, page)


def _costs(scored: Scored, words: Words) -> Floats:
    """What the characters from each odd word on score, a mean over its places: no word can gain more than they lose."""
    sums = np.concatenate([[0.0], np.cumsum(scored.scores)])
    ends = np.minimum(words.places + REACH + 2, len(scored.codes))
    out: Floats = np.add.reduceat(sums[ends] - sums[words.places], words.starts) / words.sizes
    return out


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
