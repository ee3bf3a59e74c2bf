"""Hashed character n-grams of entries: the same for training and for use, vectorised over a whole document.

An entry's features are its bigrams and trigrams, its first two and three and its last two characters, each hashed into
2**BITS rows of a weight table. Digits count as 0 and letters as lower case. Hashing trick: Weinberger et al., 2009.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

BITS = 17
SIZE = 1 << BITS

Ints = NDArray[np.int64]

_FOLD = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "！": "!", "？": "?", "．": "."}
_SALTS = {"bigram": 1, "trigram": 2, "first2": 3, "first3": 4, "last2": 5}


@cache
def _fold_table() -> NDArray[np.uint32]:
    table = np.arange(0x10000, dtype=np.uint32)
    table[ord("0") : ord("9") + 1] = ord("0")
    for c in range(ord("A"), ord("Z") + 1):
        table[c] = c + 32
    for full, half in _FOLD.items():
        table[ord(full)] = ord(half)
    return table


def codes(text: str) -> NDArray[np.uint32]:
    """The folded code points of a text; those outside the basic plane count as one."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _fold_table()[np.minimum(raw, 0xFFFF)]


def _hash(salt: int, *columns: NDArray[np.uint32]) -> Ints:
    """Multiplicative hashing (Knuth, TAOCP 6.4) of one to three code points and a salt, in 64 bits."""
    mixed = np.full(len(columns[0]), salt, dtype=np.uint64)
    for column in columns:
        mixed = (mixed ^ column.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def ngrams(text_codes: NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """Feature rows of the bigram and of the trigram that start at each character."""
    a, b, c = text_codes[:-2], text_codes[1:-1], text_codes[2:]
    return _hash(_SALTS["bigram"], text_codes[:-1], text_codes[1:]), _hash(_SALTS["trigram"], a, b, c)


def edges(text_codes: NDArray[np.uint32], starts: Ints, ends: Ints) -> Ints:
    """Feature rows of how each entry begins and ends, one row an entry; entries have two characters or more."""
    third = np.minimum(starts + 2, ends - 1)
    first, second = text_codes[starts], text_codes[starts + 1]
    return np.stack(
        [
            _hash(_SALTS["first2"], first, second),
            _hash(_SALTS["first3"], first, second, text_codes[third]),
            _hash(_SALTS["last2"], text_codes[ends - 2], text_codes[ends - 1]),
        ],
        axis=1,
    )


def scores(text: str, spans: Sequence[tuple[int, int]], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """One row of class scores for each span of a text: the mean feature weight, times the root of their number.

    That scale lets a long entry be surer than a short one, but not in proportion to its length.
    """
    out = np.zeros((len(spans), weights.shape[1]), dtype=np.float32)
    usable = [i for i, (a, b) in enumerate(spans) if b - a >= 2]
    if not usable or len(text) < 3:
        return out
    starts = np.array([spans[i][0] for i in usable])
    ends = np.array([spans[i][1] for i in usable])
    first, last = int(starts.min()), max(int(ends.max()), int(starts.min()) + 3)
    text_codes = codes(text[first:last])
    starts, ends = starts - first, ends - first
    two, three = ngrams(text_codes)
    sums = _range_sums(weights, two, starts, ends - 1) + _range_sums(weights, three, starts, ends - 2)
    sums += weights[edges(text_codes, starts, ends)].sum(axis=1)
    count = (ends - 1 - starts) + np.maximum(ends - 2 - starts, 0) + 3
    out[usable] = sums / np.sqrt(count)[:, None]
    return out


def _range_sums(weights: NDArray[np.float32], rows: Ints, starts: Ints, ends: Ints) -> NDArray[np.float64]:
    total = np.zeros((len(rows) + 1, weights.shape[1]))
    np.cumsum(weights[rows], axis=0, dtype=np.float64, out=total[1:])
    return total[np.maximum(ends, starts)] - total[starts]
