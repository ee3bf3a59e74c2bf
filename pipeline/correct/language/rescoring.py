"""How much better a text reads with a candidate in place: the gain that the language model sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language.ngrams import ORDERS, Codes, Floats, Language
from pipeline.correct.proposal import Candidate

REACH = ORDERS - 1
"""Characters before and behind a change whose scores it can alter."""

LENGTH = 1.1
"""log10 units that a character costs on average: what a shorter text saves by being shorter."""

STRANGE = -2.0
"""Mean score (log10) of a text by the language of postings below which it is of another trade: of postings 97 in 100 have
more, of lists of other trades 9 in 10 less."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A text's codes with the score of each character, the order of n-gram behind it, and the score by each table."""

    codes: Codes
    scores: Floats
    orders: NDArray[np.int8]
    postings: Floats
    laws: Floats

    @staticmethod
    @lru_cache(maxsize=1)
    def of(language: Language, text: str) -> Scored:
        """Score a text once: the one that was asked for last is kept, since the passes mostly ask for the same."""
        return Scored.of_codes(language, language.encode(text))

    @classmethod
    def of_codes(cls, language: Language, codes: Codes) -> Scored:
        """The same for a text that is already encoded."""
        return cls(codes, *language.score(codes))

    def support(self) -> NDArray[np.int8]:
        """For each character the order of the longest seen n-gram that it is part of."""
        return support(self.orders)


def support(orders: NDArray[np.int8]) -> NDArray[np.int8]:
    """For each character the order of the longest n-gram that it is part of, given that which ends at each."""
    best = orders.copy()
    for ahead in range(1, min(ORDERS, orders.shape[-1])):
        longer, here = orders[..., ahead:], best[..., :-ahead]
        np.maximum(here, longer * (longer > ahead), out=here)
    return best


class Gains(NamedTuple):
    """For each replacement, made alone: its gain in log10 units, the gain by each table, and the least support of its
    characters once they are in place."""

    gain: Floats
    support: NDArray[np.int8]
    postings: Floats
    laws: Floats


def rate(language: Language, text: Scored, starts: Codes, ends: Codes, replacements: Sequence[str]) -> Gains:
    """What each replacement of text[start:end] gains on its own; all are scored in one matrix."""
    size = len(text.codes)
    length = np.array([len(put) for put in replacements], np.int64)
    new = np.full((len(replacements), max(1, int(length.max(initial=0)))), -1)
    new[np.arange(new.shape[1]) < length[:, None]] = language.encode("".join(replacements))
    scored = language.score(windows(text.codes, starts, ends, new, length), REACH - 1)
    tail = np.minimum(REACH, size - ends)
    places = np.arange(scored.best.shape[1]) - 1
    inside = (places >= 0) & (places < (length + tail)[:, None])
    shorter = LENGTH * (length - (ends - starts))
    gained = []
    for before, after in ((text.scores, scored.best), (text.postings, scored.postings), (text.laws, scored.laws)):
        sums = np.concatenate([[0.0], np.cumsum(before)])
        gained.append(np.where(inside, after, 0).sum(axis=1) - (sums[ends + tail] - sums[starts]) + shorter)
    upheld = support(np.where(places < (length + tail)[:, None], scored.orders, np.int8(0)))
    first = np.where(places[None] >= 0, upheld, 9)
    held = np.where(places[None] < length[:, None], first, 9).min(axis=1)
    held = np.where(length > 0, held, upheld[:, :2].max(axis=1))
    return Gains(gained[0], held.astype(np.int8), gained[1], gained[2])


class Gain(NamedTuple):
    """The gain of a candidate in log10 units, and the least support of its characters once in place."""

    gain: float
    support: int


def gains(language: Language, text: Scored, candidates: Sequence[Candidate]) -> list[Gain]:
    """The gain of each candidate on its own."""
    if not candidates:
        return []
    starts, ends = np.array([(c.start, c.end) for c in candidates]).T
    found = rate(language, text, starts, ends, [c.replacement for c in candidates])
    return list(map(Gain, found.gain.tolist(), found.support.tolist()))


def windows(codes: Codes, start: Codes, end: Codes, new: Codes, length: Codes) -> Codes:
    """The changed windows as a matrix: REACH characters, the new ones (not those below 0), REACH characters; breaks beyond the text."""
    padded = pad(codes)
    width = REACH + new.shape[1] + REACH
    behind = np.arange(width) - REACH - length[:, None]  # negative up to the end of what is new
    rows: Codes = padded[np.minimum(np.maximum(end[:, None] + behind + REACH, 0), len(padded) - 1)]
    rows[:, :REACH] = padded[start[:, None] + np.arange(REACH)]
    np.copyto(rows[:, REACH : REACH + new.shape[1]], new, where=new >= 0)
    return rows


def pad(codes: Codes) -> Codes:
    """The codes with breaks before and behind, so that every window is whole."""
    ends = np.ones(REACH, np.int64)
    return np.concatenate([ends, codes, ends])


def put(language: Language, text: Scored, places: NDArray[np.int64], words: Codes) -> tuple[Floats, NDArray[np.int8]]:
    """What each word of words[n, size] gains at its place, over as many characters, and its support once there."""
    size = words.shape[1]
    rows = pad(text.codes)[places[:, None] + np.arange(2 * REACH + size)]
    rows[:, REACH : REACH + size] = words
    scores, orders, *_ = language.score(rows, REACH)
    ends = np.minimum(places + REACH + size, len(text.codes))
    inside = np.arange(REACH + size) < (ends - places)[:, None]
    sums = np.concatenate([[0.0], np.cumsum(text.scores)])
    gain = np.where(inside, scores, 0).sum(axis=1) - (sums[ends] - sums[places])
    return gain, support(orders)[:, :size].min(axis=1)
