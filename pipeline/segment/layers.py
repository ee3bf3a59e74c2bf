"""What the networks of this stage are made of: rows out of tables, products, activations in whole steps."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.segment.hashing import Ints

Floats = NDArray[np.float64]

GRID = 256.0
"""Steps of an activation in 1."""

LEAST = 1e-5
"""Added to the variance, so that a row without any is divided by something (layer normalisation: Ba et al., 2016)."""

ROWS = 8
MOST = 1 << 18
"""Rows of one product, and half of them where it takes more multiplications than MOST: so few that no library of linear algebra
wakes a thread for them, which costs more than it gains."""


def padded(rows: int) -> int:
    """The least number of rows, not below `rows`, that products can be taken of."""
    return -(-rows // ROWS) * ROWS


Real = TypeVar("Real", np.float32, np.float64)


def product(rows: NDArray[Real], weight: NDArray[Real]) -> NDArray[Real]:
    """The matrix product; the number of rows is one that `padded` gives."""
    together = ROWS if ROWS * weight.size <= MOST else ROWS // 2
    out: NDArray[Real] = (rows.reshape(-1, together, len(weight)) @ weight).reshape(len(rows), -1)
    return out


def activated(x: Floats) -> Floats:
    """The nearest whole steps, none of them negative; in place."""
    np.rint(x, out=x)
    return np.maximum(x, 0, out=x)


def normed(x: Floats, one: float) -> Floats:
    """Each row with mean 0 and variance 1, in ones, in place; `one` are the steps of `x` in 1."""
    x -= x.mean(axis=1, keepdims=True)
    x /= np.sqrt((x * x).mean(axis=1, keepdims=True) + LEAST * one**2)
    return x


def looked_up(table: NDArray[np.int8], ids: Ints) -> NDArray[np.int8]:
    """The rows of a table, each fetched as one item, which is faster than byte by byte."""
    width = table.shape[1]
    return table.view(f"V{width}").ravel().take(ids).view(np.int8).reshape(*ids.shape, width)


def summed(table: NDArray[np.int8], ids: Ints) -> NDArray[np.int16]:
    """The sums of rows of a table over the first axis of their numbers; some dozens of 8 bits fit 16."""
    out: NDArray[np.int16] = looked_up(table, ids).sum(axis=0, dtype=np.int16)
    return out
