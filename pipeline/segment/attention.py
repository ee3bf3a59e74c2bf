"""How a piece looks at all others of its text: multi-head attention (Vaswani et al., 2017) with a bias by distance.

The convolutions see some dozen pieces on either side, and the means over groups only what is alike. Here a piece finds others by
what they are: the other titles, the heading that its list stands under, the line that says there is one post.

What is asked and found is rounded to the grid, and weights are read from a table, so that every sum is exact whatever its order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pipeline.segment import layers
from pipeline.segment.hashing import Ints
from pipeline.segment.layers import GRID, Floats

HEADS = 4
NEAREST, SIDE = 4, 12
BUCKETS = 2 * SIDE
"""Distances that have a bias of their own: up to NEAREST one by one, then in steps that grow, SIDE of them on each side."""


STEPS, LOWEST = 64, 16
"""Steps of a log-weight in 1, and how far below the largest one counts for nothing."""

BLOCK = 256
"""Pieces whose looks are taken together, so that memory stays bounded."""

_WEIGHTS = np.roll(np.rint(np.exp(-np.arange(STEPS * LOWEST)[::-1] / STEPS) * 2.0**20), 1)
"""By the steps below the largest log-weight, counted from the end as -1, -2 ...; the lowest is nothing."""
_WEIGHTS[1] = 0


@cache
def _by_distance(n: int) -> Ints:
    """The bucket of each distance from 1 - n to n - 1; positive is backwards."""
    away = np.arange(1 - n, n)
    size = np.abs(away)
    far = NEAREST + np.log2(np.maximum(size, NEAREST) / NEAREST) * 1.4
    out: Ints = np.where(size < NEAREST, size, np.minimum(far, SIDE - 1)).astype(np.int64) + SIDE * (away > 0)
    return out


def buckets(n: int) -> Ints:
    """The bucket of the distance from each of n pieces to each."""
    out: Ints = _by_distance(n)[np.arange(n)[:, None] - np.arange(n) + n - 1]
    return out


class Attention(NamedTuple):
    """The weights of one look; biases of activations are in steps of GRID."""

    norm: Floats
    norm_bias: Floats
    asked: Floats
    asked_bias: Floats
    found: Floats
    found_bias: Floats
    far: Floats
    inner_norm: Floats
    inner_norm_bias: Floats
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats


def named(look: int) -> dict[str, str]:
    """The parts of a look, and their names in a file."""
    return {part: f"look{look}_{part}" for part in Attention._fields}


def attention_of(arrays: Mapping[str, NDArray[Any]], look: int) -> Attention:
    """A look out of its arrays, which are in ones. Raises KeyError where they are not those of one."""
    return Attention(*(arrays[name] * (GRID if part.endswith("bias") else 1) for part, name in named(look).items()))


def look(weights: Attention, h: Floats) -> None:
    """Adds to each piece, a row of `h`, what it finds at all others; in whole steps of GRID."""
    n, width = h.shape
    x = np.zeros((layers.padded(n), width))
    x[:n] = h
    asked = np.rint(layers.product(_normed(x, weights.norm, weights.norm_bias), weights.asked) + weights.asked_bias)
    x += np.rint(layers.product(_found(weights, asked, n), weights.found) + weights.found_bias)
    inner = layers.product(_normed(x, weights.inner_norm, weights.inner_norm_bias), weights.inner) + weights.inner_bias
    x += np.rint(layers.product(layers.activated(inner), weights.outer) + weights.outer_bias)
    h[:] = x[:n]


def _normed(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """Each row with mean 0 and variance 1, scaled and shifted."""
    out = layers.normed(x.copy(), GRID)
    out *= weight * GRID
    out += bias
    return np.rint(out, out=out)


def _found(weights: Attention, asked: Floats, n: int) -> Floats:
    """What each piece finds: the mean of what the pieces have to say, weighted by how well they fit what it asks."""
    rows, width = len(asked), asked.shape[1] // 3
    size = width // HEADS
    out = np.empty((rows, width))
    away = _by_distance(rows)[::-1]
    last = len(_WEIGHTS) - 1
    for head in range(HEADS):
        query, key, value = (asked[:, at : at + size] for at in range(head * size, 3 * width, width))
        key, value = np.ascontiguousarray(key[:n].T), np.ascontiguousarray(value[:n])
        far = sliding_window_view((weights.far[:, head] * STEPS).take(away), n)[rows - 1 :: -1]
        for first in range(0, rows, BLOCK):
            fit = layers.product(np.ascontiguousarray(query[first : first + BLOCK]), key)
            fit *= STEPS / (GRID**2 * math.sqrt(size))
            fit += far[first : first + BLOCK]
            fit -= fit.max(axis=1, keepdims=True)
            np.maximum(fit, -last, out=fit)
            share = _WEIGHTS.take(np.rint(fit, out=fit).astype(np.int64), mode="wrap")
            found = layers.product(share, value)
            found /= share.sum(axis=1, keepdims=True)
            out[first : first + BLOCK, head * size : (head + 1) * size] = np.rint(found)
    return out
