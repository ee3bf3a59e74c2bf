"""How much better a text reads with a candidate in place: the gain that the language model sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language import ORDERS, Codes, Floats, Language, fingerprints

REACH = ORDERS - 1
"""Characters before and behind a change whose scores it can alter."""

LENGTH = 1.1
"""log10 units that a character costs on average: what a shorter text saves by being shorter."""

Flags = NDArray[np.bool_]


class Candidate(NamedTuple):
    """A replacement that may be right, in offsets of the cleaned text."""

    start: int
    end: int
    replacement: str
    rule: str
    category: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A text's codes with the score of each character and the order of n-gram behind it."""

    codes: Codes
    scores: Floats
    orders: NDArray[np.int8]

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


class Gain(NamedTuple):
    """The gain of a candidate in log10 units, and the least support of its characters once in place."""

    gain: float
    support: int


def gains(language: Language, text: Scored, candidates: Sequence[Candidate]) -> list[Gain]:
    """The gain of each candidate on its own; all are scored in one matrix."""
    if not candidates:
        return []
    size = len(text.codes)
    start, end, length = np.array([(c.start, c.end, len(c.replacement)) for c in candidates]).T
    new = np.full((len(candidates), max(1, int(length.max()))), -1)
    new[np.arange(new.shape[1]) < length[:, None]] = language.encode("".join([c.replacement for c in candidates]))
    rows = _rows(text.codes, start, end, new, length)
    scores, orders = language.score(rows, REACH - 1)
    tail = np.minimum(REACH, size - end)
    places = np.arange(scores.shape[1]) - 1
    inside = (places >= 0) & (places < (length + tail)[:, None])
    sums = np.concatenate([[0.0], np.cumsum(text.scores)])
    old = sums[end + tail] - sums[start]
    gain = np.where(inside, scores, 0).sum(axis=1) - old + LENGTH * (length - (end - start))
    upheld = support(np.where(places < (length + tail)[:, None], orders, np.int8(0)))
    first = np.where(places[None] >= 0, upheld, 9)
    held = np.where(places[None] < length[:, None], first, 9).min(axis=1)
    bridge = upheld[:, :2].max(axis=1)
    return list(map(Gain, gain.tolist(), np.where(length > 0, held, bridge).tolist()))


def _rows(codes: Codes, start: Codes, end: Codes, new: Codes, length: Codes) -> Codes:
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


class Swapped(NamedTuple):
    """Single characters put in place of others: index of the place, the code put, gain, and support once in place."""

    place: NDArray[np.int64]
    code: Codes
    gain: Floats
    held: NDArray[np.int8]


def swaps(language: Language, text: Scored, places: NDArray[np.int64], choices: Codes) -> Swapped:
    """What each of choices[place, n] would gain at its place, if any n-gram of three was ever seen there; 0 is none."""
    around = pad(text.codes)[places[:, None] + np.arange(REACH - 2, REACH + 3)]
    place, which = np.nonzero(choices > 0)
    rows, codes = around[place], choices[place, which]
    rows[:, 2] = codes
    fits = language.seen(fingerprints(rows, 3)).any(axis=1)
    place, codes = place[fits], codes[fits]
    return Swapped(place, codes, *put(language, text, places[place], codes[:, None]))


def put(language: Language, text: Scored, places: NDArray[np.int64], words: Codes) -> tuple[Floats, NDArray[np.int8]]:
    """What each word of words[n, size] gains at its place, over as many characters, and its support once there."""
    size = words.shape[1]
    rows = pad(text.codes)[places[:, None] + np.arange(2 * REACH + size)]
    rows[:, REACH : REACH + size] = words
    scores, orders = language.score(rows, REACH)
    ends = np.minimum(places + REACH + size, len(text.codes))
    inside = np.arange(REACH + size) < (ends - places)[:, None]
    sums = np.concatenate([[0.0], np.cumsum(text.scores)])
    gain = np.where(inside, scores, 0).sum(axis=1) - (sums[ends] - sums[places])
    return gain, support(orders)[:, :size].min(axis=1)
