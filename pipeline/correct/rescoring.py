"""How much better a text reads with a candidate in place: the gain that the language model sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language import ORDERS, Codes, Floats, Language

REACH = ORDERS - 1
"""Characters before and behind a change whose scores it can alter."""

LENGTH = 1.1
"""log10 units that a character costs on average: what a shorter text saves by being shorter."""


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

    @classmethod
    def of(cls, language: Language, text: str) -> Scored:
        """Score a text once."""
        codes = language.encode(text)
        return cls(codes, *language.score(codes))

    def support(self) -> NDArray[np.int8]:
        """For each character the order of the longest seen n-gram that it is part of."""
        best = self.orders.copy()
        for ahead in range(1, ORDERS):
            longer = np.zeros_like(best)
            longer[:-ahead] = np.where(self.orders[ahead:] > ahead, self.orders[ahead:], 0)
            best = np.maximum(best, longer)
        return best


class Gain(NamedTuple):
    """The gain of a candidate in log10 units, and the least support of its characters once in place."""

    gain: float
    support: int


def gains(language: Language, text: Scored, candidates: Sequence[Candidate]) -> list[Gain]:
    """The gain of each candidate on its own; all are scored in one matrix."""
    if not candidates:
        return []
    rows, first, last, old = _rows(language, text, candidates)
    scores, orders = language.score(rows)
    places = np.arange(rows.shape[1])
    inside = (places >= first[:, None]) & (places < last[:, None])
    new = np.where(inside, scores, 0).sum(axis=1)
    least = _least_support(orders, first, candidates)
    change = np.array([len(c.replacement) - (c.end - c.start) for c in candidates])
    gain = new - old + LENGTH * change
    return [Gain(float(g), int(s)) for g, s in zip(gain, least, strict=True)]


def _rows(
    language: Language, text: Scored, candidates: Sequence[Candidate]
) -> tuple[Codes, NDArray[np.int64], NDArray[np.int64], Floats]:
    """The changed windows as a matrix, where the scores that count begin and end in each, and the old scores' sum."""
    size = len(text.codes)
    sums = np.concatenate([[0.0], np.cumsum(text.scores)])
    new_codes = {r: language.encode(r) for r in {c.replacement for c in candidates}}
    windows, first, last, old = [], [], [], []
    for c in candidates:
        left, right = max(0, c.start - REACH), min(size, c.end + REACH)
        windows.append(
            np.concatenate([text.codes[left : c.start], new_codes[c.replacement], text.codes[c.end : right]])
        )
        first.append(c.start - left)
        last.append(len(windows[-1]))
        old.append(sums[right] - sums[c.start])
    rows = np.zeros((len(windows), max(map(len, windows))), dtype=np.int64)
    for row, window in zip(rows, windows, strict=True):
        row[: len(window)] = window
    return rows, np.array(first), np.array(last), np.array(old)


def _least_support(orders: NDArray[np.int8], first: NDArray[np.int64], candidates: Sequence[Candidate]) -> list[int]:
    best = orders.copy()
    for ahead in range(1, ORDERS):
        longer = np.zeros_like(best)
        longer[:, :-ahead] = np.where(orders[:, ahead:] > ahead, orders[:, ahead:], 0)
        best = np.maximum(best, longer)
    out = []
    for row, start, c in zip(best, first, candidates, strict=True):
        inside = row[start : start + len(c.replacement)]
        out.append(int(inside.min()) if len(inside) else int(row[max(0, start - 1) : start + 1].max()))
    return out
