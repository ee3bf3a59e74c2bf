"""Hashed characters: the same for training and for use, vectorised over a whole text.

Digits count as 0, letters as lower case, full-width marks as half-width ones. Hashing trick: Weinberger et al., 2009;
multiplicative hashing: Knuth, TAOCP 6.4.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.uint64]

FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT, _TOP = np.uint64(29), np.uint64(48)
_FOLD = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "！": "!", "？": "?", "．": ".", "【": "[", "】": "]"}


@cache
def _fold_table() -> Codes:
    table = np.arange(0x10000, dtype=np.uint64)
    table[ord("0") : ord("9") + 1] = ord("0")
    for c in range(ord("A"), ord("Z") + 1):
        table[c] = c + 32
    for full, half in _FOLD.items():
        table[ord(full)] = ord(half)
    return table


def plane(text: str) -> NDArray[np.uint32]:
    """The code points of a text; those outside the basic plane count as its last."""
    return np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32), 0xFFFF)


def folded(points: NDArray[np.uint32]) -> Codes:
    """The folded code points."""
    return _fold_table().take(points)


def codes(text: str) -> Codes:
    """The folded code points of a text; those outside the basic plane count as one."""
    return folded(plane(text))


def rows(bits: int, salt: int | Codes, *columns: Codes) -> Ints:
    """Rows, below 2**bits, of one to three code points each; the salt keeps kinds of features apart."""
    mixed = columns[0] ^ (np.uint64(salt) << _TOP)
    for column in columns[1:]:
        mixed *= FACTOR
        mixed ^= mixed >> _SHIFT
        mixed ^= column
    mixed *= FACTOR
    mixed ^= mixed >> _SHIFT
    mixed *= FACTOR
    mixed >>= np.uint64(64 - bits)
    return mixed.view(np.int64)
