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
Codes = NDArray[np.uint64]

_FOLD = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "！": "!", "？": "?", "．": "."}
_BIGRAM, _TRIGRAM, _FIRST3 = np.uint64(1), np.uint64(2), np.uint64(4)
_ENDS = np.array([[3], [5]], np.uint64)
"""Salts of an entry's first two and last two characters, and above those of the other features."""

_FACTOR, _SHIFT, _HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(29), np.uint64(64 - BITS)


@cache
def _fold_table() -> NDArray[np.uint32]:
    table = np.arange(0x10000, dtype=np.uint32)
    table[ord("0") : ord("9") + 1] = ord("0")
    for c in range(ord("A"), ord("Z") + 1):
        table[c] = c + 32
    for full, half in _FOLD.items():
        table[ord(full)] = ord(half)
    return table


def codes(text: str) -> Codes:
    """The folded code points of a text; those outside the basic plane count as one."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _fold_table()[np.minimum(raw, 0xFFFF)].astype(np.uint64)


def _hash(salt: Codes | np.uint64, *columns: Codes) -> Ints:
    """Multiplicative hashing (Knuth, TAOCP 6.4) of one to three code points and a salt, in 64 bits."""
    mixed = columns[0] ^ salt
    for column in columns[1:]:
        mixed *= _FACTOR
        mixed ^= mixed >> _SHIFT
        mixed ^= column
    mixed *= _FACTOR
    mixed ^= mixed >> _SHIFT
    mixed >>= _HIGH
    return mixed.view(np.int64)


def ngrams(text_codes: Codes) -> tuple[Ints, Ints]:
    """Feature rows of the bigram and of the trigram that start at each character."""
    a, b, c = text_codes[:-2], text_codes[1:-1], text_codes[2:]
    return _hash(_BIGRAM, text_codes[:-1], text_codes[1:]), _hash(_TRIGRAM, a, b, c)


def edges(text_codes: Codes, starts: Ints, ends: Ints) -> Ints:
    """Feature rows of how each entry begins and ends, one row an entry; entries have two characters or more."""
    columns = text_codes[np.array([starts, ends - 2, starts + 1, ends - 1, np.minimum(starts + 2, ends - 1)])]
    first2, last2 = _hash(_ENDS, columns[:2], columns[2:4])
    return np.array([first2, _hash(_FIRST3, columns[0], columns[2], columns[4]), last2]).T


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
    total = np.zeros((len(two) + len(three) + 1, weights.shape[1]))
    np.cumsum(weights[np.concatenate([two, three])], axis=0, dtype=np.float64, out=total[1:])
    behind = starts + len(two)  # where an entry's trigrams begin
    from_to = np.array([starts, ends - 1, behind, np.maximum(ends - 2 + len(two), behind)])
    a, b, c, d = total[from_to]
    sums = b - a + (d - c) + weights[edges(text_codes, starts, ends)].sum(axis=1)
    count = (ends - 1 - starts) + np.maximum(ends - 2 - starts, 0) + 3
    out[usable] = sums / np.sqrt(count)[:, None]
    return out
