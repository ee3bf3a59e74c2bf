"""The character network: how well each character fits what stands on both sides of it.

Two stacks of dilated causal convolutions (van den Oord et al., 2016), one that reads towards a character from the left and one
from the right, never the character itself; what both say is put together and compared with every character there is. So
"what stands here" is asked without a mask, and without the order of n-grams: thirty characters on either side count.

Trained by `pipeline/train/characters.py`. All weights and activations are whole numbers of 8 bits, so that every sum is exact
whatever its order: the same text gets the same scores on any machine, with any number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

STEPS = 32
"""Steps of an activation, and of an embedding's weight, in 1."""

FINER = 64
"""Steps of any other weight in 1."""

FULL = 127
"""The largest activation, in steps."""

DILATIONS = (1, 2, 4, 8, 1)

SEEN = 2 * sum(DILATIONS)
"""Characters before the last one that a stack sees."""

BREAK = 1
"""The number of a line break; stands beyond either end of a text."""


class Stack(NamedTuple):
    """The layers that read in one direction: three taps to a hidden layer, and from there back."""

    inner: tuple[Singles, ...]
    bias: tuple[Singles, ...]
    outer: tuple[Singles, ...]


class Network(NamedTuple):
    """The weights; `met` and `said` stand for the characters that are read and for those that are asked about."""

    met: Singles
    left: Stack
    right: Stack
    joined: Singles
    joined_bias: Singles
    last: Singles
    said: Singles
    said_bias: Singles


@cache
def load() -> Network:
    """The network that comes with the package."""
    with as_file(files(__package__).joinpath("context.npz")) as path:
        return read(path)


def read(path: Path) -> Network:
    """The network in a file."""
    with np.load(path) as arrays:
        single = {name: arrays[name].astype(np.float32) for name in arrays.files}
    left, right = (
        Stack(*(tuple(single[f"{side}.{part}{n}"] for n in range(len(DILATIONS))) for part in Stack._fields))
        for side in ("left", "right")
    )
    rest = ("joined", "joined_bias", "last", "said", "said_bias")
    return Network(single["met"], left, right, *(single[name] for name in rest))


def known(codes: NDArray[np.integer[Any]], size: int) -> NDArray[Any]:
    """Character numbers as a network of `size` characters has them: n-grams know more, which are unknown to it (0)."""
    return np.where(codes < size, codes, 0).astype(codes.dtype)


def chances(network: Network, rows: Sequence[Codes], places: Sequence[int], width: int) -> Floats:
    """Natural logarithm of the chance of every character [row, width, character] at `width` characters from a place of each
    row of character numbers on; beyond either end of a row stand breaks."""
    windows = np.full((len(rows), 2 * SEEN + width + 2), BREAK)
    for window, row, place in zip(windows, rows, places, strict=True):
        first = place - SEEN - 1
        inside = row[max(0, first) : max(0, first + len(window))]
        window[max(0, -first) : max(0, -first) + len(inside)] = inside
    windows = known(windows, len(network.met))
    left = _read(network, network.left, windows[:, : SEEN + width])
    right = _read(network, network.right, windows[:, ::-1][:, : SEEN + width])[:, ::-1]
    both = _cut(np.concatenate([left, right], axis=2), -FULL)
    hidden = _cut(_product(both, network.joined) + network.joined_bias, 0)
    scores = _product(_cut(_product(hidden, network.last), -FULL), network.said) + network.said_bias
    scores = scores.astype(np.float64) / STEPS**2
    scores -= scores.max(axis=2, keepdims=True)
    out: Floats = scores - np.log(np.exp(scores).sum(axis=2, keepdims=True))
    return out


def _read(network: Network, stack: Stack, rows: Codes) -> Singles:
    """What a stack makes of the characters of each row that have SEEN before them; in steps of 1 / (STEPS * FINER)."""
    h = network.met[rows] * np.float32(FINER)
    for inner, bias, outer, step in zip(stack.inner, stack.bias, stack.outer, DILATIONS, strict=True):
        x = _cut(h, -FULL)
        taps = np.concatenate([x[:, 2 * step :], x[:, step:-step], x[:, : -2 * step]], axis=2)
        h = h[:, 2 * step :] + _product(_cut(_product(taps, inner) + bias, 0), outer)
    return h


_ROWS, _COLUMNS = 8, 512
"""Rows and columns of one product: so few that no library of linear algebra wakes a thread for them. Threads wait for each
other: beside other work on the same cores that has cost fifty times the product itself."""


def _product(rows: Singles, weight: Singles) -> Singles:
    """The matrix product of each row; sums are exact, so that it is the same in whatever parts it is taken."""
    flat = rows.reshape(-1, rows.shape[-1])
    padded = np.zeros((-(-len(flat) // _ROWS), _ROWS, flat.shape[1]), np.float32)
    padded.reshape(-1, flat.shape[1])[: len(flat)] = flat
    out = np.empty((*padded.shape[:2], weight.shape[1]), np.float32)
    for first in range(0, weight.shape[1], _COLUMNS):
        out[..., first : first + _COLUMNS] = padded @ weight[:, first : first + _COLUMNS]
    return out.reshape(-1, weight.shape[1])[: len(flat)].reshape(*rows.shape[:-1], -1)


def _cut(sums: Singles, least: int) -> Singles:
    """Sums of products as activations: rounded to steps, and cut to what 8 bits hold."""
    out: Singles = np.rint(sums * np.float32(1 / FINER))
    np.clip(out, least, FULL, out=out)
    return out
