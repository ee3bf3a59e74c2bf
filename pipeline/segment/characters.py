"""What pieces say, read character by character: two stacks of dilated causal convolutions (van den Oord et al., 2016), one
that reads from the left and one from the right.

They begin as layers of the character network of the corrections, which was trained on millions of sentences to say which
character stands where, and learn on with the model of structure. So words of trades that no annotated document speaks of are
read, too.

All weights and activations are whole numbers of 8 bits, and no sum leaves what floats hold exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.segment import layers
from pipeline.segment.hashing import Ints
from pipeline.segment.layers import Floats

Singles = NDArray[np.float32]

STEPS, FINER, FULL = 32, 64, 127
"""Steps of an activation and of a character's vector in 1, of any other weight in 1, and the largest activation in steps."""

SIZE, HIDDEN = 128, 192
"""Sizes of the vector of a character and of a hidden layer."""

DILATIONS, TAPS = (1, 2, 4), 3
PARTS = 4 * SIZE
"""Figures of a piece: of each stack those of the character that it comes to last, and the mean over all."""

FRACTIONS = 8
"""Parts of a step in which the mean over a piece is counted."""

GRID = 256.0
"""Steps of a figure in 1."""

STRETCH = 1024
"""Characters that are read at once: a text's figures fit a fast memory, and a long text takes no more of it."""

REACH = 2 * sum(DILATIONS)
"""Characters before each one that the layers see."""


class Stack(NamedTuple):
    """The layers that read in one direction: three taps to what is hidden, and from there back.

    `first` is what the first layer makes of every character at each of its taps: a text has each character many times, so that a
    third of all products is looked up.
    """

    inner: tuple[Singles, ...]
    bias: tuple[Singles, ...]
    outer: tuple[Singles, ...]
    first: tuple[Singles, ...]


_SAVED = ("inner", "bias", "outer")
"""The parts of a layer that a file has."""


class Reader(NamedTuple):
    """The weights; `numbers` gives each code point its row of `met`."""

    numbers: NDArray[np.uint16]
    met: Singles
    left: Stack
    right: Stack


def named(side: str, layer: int) -> Iterator[tuple[str, str]]:
    """The parts of a layer, and their names in a file."""
    return ((part, f"{side}.{part}{layer}") for part in _SAVED)


def reader_of(arrays: Mapping[str, NDArray[Any]]) -> Reader:
    """A reader out of its arrays. Raises KeyError where they are not those of one."""
    met = arrays["met"].astype(np.float32)
    rows = np.zeros((layers.padded(len(met)), SIZE), np.float32)
    rows[: len(met)] = met

    def stack(side: str) -> Stack:
        each = [{part: arrays[name].astype(np.float32) for part, name in named(side, n)} for n in range(len(DILATIONS))]
        saved = {part: tuple(layer[part] for layer in each) for part in _SAVED}
        return Stack(**saved, first=tuple(layers.product(rows, _tap(saved["inner"][0], tap)) for tap in range(TAPS)))

    return Reader(arrays["numbers"], met, stack("left"), stack("right"))


def _tap(inner: Singles, tap: int) -> Singles:
    """The weights of one tap of a layer."""
    return inner[tap * SIZE : (tap + 1) * SIZE]


def of_pieces(reader: Reader, points: NDArray[np.uint32], starts: Ints, ends: Ints) -> Floats:
    """The figures of the pieces from `starts` up to `ends` of a text of these code points: of mean 0 and variance 1, in steps
    of GRID."""
    left, right = _sides(reader, points)
    sizes = (ends - starts)[:, None]
    rows = np.empty((len(starts), 4, SIZE))
    for part, (said, last) in enumerate(((left, ends - 1), (right, starts))):
        rows[:, part] = np.rint(_sums(said, starts, ends) * FRACTIONS / sizes)
        rows[:, 2 + part] = said[last].astype(np.float64) * FRACTIONS
    out = layers.normed(rows.reshape(-1, PARTS), STEPS * FRACTIONS)
    out *= GRID
    return np.rint(out, out=out)


def of_characters(reader: Reader, points: NDArray[np.uint32]) -> NDArray[np.int8]:
    """What the stacks make of each character of a text of these code points, in steps of STEPS: from the left, from the right."""
    return np.concatenate(_sides(reader, points), axis=1)


def _sides(reader: Reader, points: NDArray[np.uint32]) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """What either stack makes of each character, in steps."""
    numbers = reader.numbers[points]
    return _read(reader.met, reader.left, numbers), _read(reader.met, reader.right, numbers[::-1])[::-1]


def _sums(said: NDArray[np.int8], starts: Ints, ends: Ints) -> NDArray[np.int64]:
    """The sum over the characters of each piece; pieces follow each other, with or without a gap."""
    last = ends == len(said)
    bounds = np.stack([starts, np.where(last, ends - 1, ends)], axis=1).ravel()
    sums: NDArray[np.int64] = np.add.reduceat(said, bounds, axis=0, dtype=np.int64)[::2]
    sums[last & (ends - 1 > starts)] += said[-1]
    return sums


def _read(met: Singles, stack: Stack, numbers: NDArray[np.uint16]) -> NDArray[np.int8]:
    """What a stack makes of each character, in steps."""
    out = np.empty((len(numbers), SIZE), np.int8)
    for start in range(0, len(numbers), STRETCH):
        seen = max(0, start - REACH)
        read = _layers(met, stack, numbers[seen : start + STRETCH])
        out[start : start + STRETCH] = read[start - seen :]
    return out


def _layers(met: Singles, stack: Stack, numbers: NDArray[np.uint16]) -> Singles:
    """What the layers make of each character. Before the first there is nothing."""
    n, before = len(numbers), (TAPS - 1) * max(DILATIONS)
    padded = np.zeros((before + layers.padded(n), SIZE), np.float32)
    x = padded[before:]
    h = np.zeros_like(x)
    np.multiply(met.take(numbers, axis=0), np.float32(FINER), out=h[:n])
    hidden = _looked_up(stack.first, numbers, len(x))
    for layer, step in enumerate(DILATIONS):
        if layer:
            _cut(h, -FULL, x)
            hidden = _tapped(padded, before, step, stack.inner[layer])
        hidden += stack.bias[layer]
        h += layers.product(_cut(hidden, 0, hidden), stack.outer[layer])
    return _cut(h, -FULL, x)[:n]


def _looked_up(first: tuple[Singles, ...], numbers: NDArray[np.uint16], rows: int) -> Singles:
    """The sum of the taps of the first layer."""
    out = np.zeros((rows, HIDDEN), np.float32)
    for tap, table in enumerate(first):
        back = tap * DILATIONS[0]
        out[back : len(numbers)] += table.take(numbers[: max(0, len(numbers) - back)], axis=0)
    return out


def _tapped(padded: Singles, before: int, step: int, inner: Singles) -> Singles:
    """The sum of the taps of a later layer, whose rows begin after `before` empty ones."""
    rows = len(padded) - before
    out = layers.product(padded[before:], _tap(inner, 0))
    for tap in range(1, TAPS):
        start = before - tap * step
        out += layers.product(padded[start : start + rows], _tap(inner, tap))
    return out


def _cut(sums: Singles, least: int, out: Singles) -> Singles:
    """Sums of products as activations: rounded to steps, and cut to what 8 bits hold."""
    np.multiply(sums, np.float32(1 / FINER), out=out)
    np.rint(out, out=out)
    return np.clip(out, least, FULL, out=out)
