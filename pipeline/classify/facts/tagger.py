"""The model that says what characters state: a required level, years, ages, a sex, a subject of study, a skill.

Summed embeddings of hashed n-grams and slots, then dilated convolutions (Yu & Koltun, 2016), trained by
`pipeline/train/facts.py`. Weights and activations lie on grids so coarse that every sum is exact in single precision
whatever its order: the same text gets the same facts on any machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.facts import passages
from pipeline.classify.facts.passages import Passage

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class Tag(IntEnum):
    """What a character is part of; MAJOR and SKILL begin a name, MAJOR_ON and SKILL_ON go on with it."""

    NONE = 0
    LEVEL = 1
    YEARS = 2
    AGE_MIN = 3
    AGE_MAX = 4
    SEX = 5
    MAJOR = 6
    MAJOR_ON = 7
    SKILL = 8
    SKILL_ON = 9


BITS = 15
GRAMS = 7
DILATIONS = (1, 2, 4, 8)
GRID = 64.0
"""Steps of an activation in 1."""
MOST = 8.0
"""The largest activation."""
WEIGHT_GRID = 128.0
"""Steps of a weight in 1; a weight has 8 bits, so that 192 products sum to less than 2**24 steps."""
EMBEDDING_GRID = 64.0

_BATCH = 1 << 14
"""Characters that are tagged together."""


class Weights(NamedTuple):
    """The layers; activations are counted in steps of GRID, so that embeddings and biases are, too. `rows` are the
    embeddings of all groups of slots and then of the n-grams, one item each, since a whole item is fetched faster; `bases`
    say where those of each group begin."""

    rows: NDArray[np.void]
    bases: Ints
    bias: Floats
    convs: tuple[tuple[Floats, Floats], ...]
    out: Floats
    out_bias: Floats


class Marks(NamedTuple):
    """What the model says of a passage: a row of scores for each character, a column for each `Tag`, the larger the
    likelier; and the likeliest tag of each character, one byte each."""

    scores: Floats
    best: bytes


NOTHING = bytes([Tag.NONE])
"""What the likeliest tags of a passage consist of where it states nothing."""


def tag(text: str, found: Sequence[Passage]) -> list[Marks]:
    """What each passage states."""
    out: list[Marks] = []
    for part in _parts(found):
        whole = passages.joined(text, part)
        rows = scores(weights(), passages.slots(text, part, whole), grams(whole))
        best = rows.argmax(axis=1).astype(np.uint8).tobytes()
        at = 0
        for p in part:
            end = at + p.end - p.start
            out.append(Marks(rows[at:end], best[at:end]))
            at = end + 1
    return out


def _parts(found: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    first = size = 0
    for i, p in enumerate(found):
        size += p.end - p.start + 1
        if size >= _BATCH or i + 1 == len(found):
            yield found[first : i + 1]
            first, size = i + 1, 0


def scores(w: Weights, slots: Ints, grams: Ints) -> Floats:
    """The scores of all characters in a row."""
    n, width = slots.shape[1], w.bias.shape[0]
    ids = np.empty((len(_GROUPS) + GRAMS, n), np.int64)
    for row, group in zip(ids, _GROUPS, strict=False):
        row[:] = slots[group[0]]
        for slot in group[1:]:
            row *= passages.SIZES[slot]
            row += slots[slot]
    ids[len(_GROUPS) :] = grams
    ids += w.bases
    h = np.zeros((-(-n // _ROWS) * _ROWS, width), np.float32)
    w.rows.take(ids.ravel()).view(np.float32).reshape(len(ids), n, width).sum(axis=0, out=h[:n])
    h[:n] += w.bias
    _activate(h)
    around = np.zeros((len(h), 3 * width), np.float32)
    for (weight, bias), step in zip(w.convs, DILATIONS, strict=True):
        around[:] = 0
        around[step:, :width] = h[:-step]
        around[:, width : 2 * width] = h
        around[:-step, 2 * width :] = h[step:]
        new = _product(around, weight)
        new += bias
        h += _activate(new)
        np.minimum(h, _TOP, out=h)
        h[n:] = 0
    out: Floats = _product(h, w.out)[:n] + w.out_bias
    return out


_ROWS = 64
"""Rows of one product: so few that no library of linear algebra wakes a thread for them."""


def _product(rows: Floats, weight: Floats) -> Floats:
    out: Floats = (rows.reshape(-1, _ROWS, rows.shape[1]) @ weight).reshape(len(rows), -1)
    return out


_TOP = np.float32(MOST * GRID)


def _activate(steps: Floats) -> Floats:
    """Whole steps, none below zero nor above MOST; in place."""
    np.rint(steps, out=steps)
    np.maximum(steps, np.float32(0), out=steps)
    return np.minimum(steps, _TOP, out=steps)


_GROUPS = ((0, 4, 6), (1, 7), (2, 3, 5))
"""Slots that are looked up together, since three tables cost less than eight."""


def _tables(slots: Floats) -> Iterator[Floats]:
    """The sums of the slots of each group, a row for each combination."""
    bases = np.cumsum(passages.SIZES) - passages.SIZES
    parts = [slots[b : b + size] for b, size in zip(bases, passages.SIZES, strict=True)]
    for group in _GROUPS:
        table = parts[group[0]]
        for slot in group[1:]:
            table = (table[:, None] + parts[slot]).reshape(-1, table.shape[1])
        yield table


_FOLD = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "！": "!", "？": "?", "．": ".", "【": "[", "】": "]"}


@cache
def _fold_table() -> NDArray[np.uint32]:
    table = np.arange(0x10000, dtype=np.uint32)
    table[ord("0") : ord("9") + 1] = ord("0")
    table[ord("A") : ord("Z") + 1] += 32
    for full, half in _FOLD.items():
        table[ord(full)] = ord(half)
    return table


_AROUND = np.array([(2, 2, 2), (1, 2, 2), (2, 3, 3), (1, 3, 3), (1, 2, 3), (2, 3, 4), (0, 1, 2)]).T[:, :, None]
"""Of each n-gram its characters, counted from two before the one that is looked at; the first has one, three have two."""
_SALTS = np.array((1, 2, 3, 7, 4, 5, 6), np.uint32)[:, None]


def grams(text: str) -> Ints:
    """Of each kind of n-gram the rows of all characters (hashing trick: Weinberger et al., 2009)."""
    n = len(text)
    raw = np.frombuffer(f"\n\n{text}\n\n".encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = _fold_table().take(np.minimum(raw, 0xFFFF))
    chars = codes.take(_AROUND + np.arange(n))
    mixed = _SALTS.repeat(n, axis=1)
    for kinds, more in zip((slice(None), slice(1, None), slice(4, None)), chars, strict=True):
        part = mixed[kinds]
        part ^= more[kinds]
        part *= np.uint32(0x9E3779B1)
        part ^= part >> np.uint32(15)
    mixed *= np.uint32(0x85EBCA77)
    mixed >>= np.uint32(32 - BITS)
    return mixed.astype(np.int64)


@cache
def weights() -> Weights:
    """The weights that come with the package."""
    with as_file(files(__package__).joinpath("tagger.npz")) as path, np.load(path) as data:
        scaled = {k: data[k].astype(np.float32) / np.float32(WEIGHT_GRID) for k in data.files}
        steps = np.float32(GRID)
        rescale = np.float32(WEIGHT_GRID / EMBEDDING_GRID) * steps
        taps = [np.concatenate(np.split(scaled[f"conv{i}"], 3, axis=1)) for i in range(len(DILATIONS))]
        convs = tuple((weight, scaled[f"conv{i}_bias"] * steps) for i, weight in enumerate(taps))
        tables = [*_tables(scaled["slots"] * rescale), *[scaled["grams"] * rescale]]
        rows = np.concatenate(tables).view(f"V{4 * tables[0].shape[1]}").ravel()
        firsts = np.cumsum([0] + [len(t) for t in tables[:-1]])
        bases = np.concatenate([firsts[:-1], np.repeat(firsts[-1:], GRAMS)])[:, None]
        return Weights(rows, bases, scaled["bias"] * steps, convs, scaled["out"] / steps, scaled["out_bias"])
