"""Batches of documents for training the model of structure: their descriptions one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipeline.segment.describe import ROWS, SIZES, Description

GAP = 16
"""Empty rows between two documents of a batch, so that no layer looks across."""


class Batch(NamedTuple):
    """Several documents one after the other, with rows of zeros between them."""

    slots: Tensor
    words: Tensor
    bag: Tensor
    bag_offsets: Tensor
    scale: Tensor
    groups: tuple[Tensor, Tensor, Tensor, Tensor]
    before: Tensor
    after: Tensor
    real: Tensor
    codes: Tensor
    starts: Tensor
    ends: Tensor
    lengths: list[int]
    offsets: list[int]


def collate(descriptions: Sequence[Description], numbers: NDArray[np.uint16]) -> Batch:
    """The documents of a batch as one; `numbers` gives each code point its row of the characters' table."""
    slot_base = np.concatenate([[0], np.cumsum(SIZES)[:-1]])
    slots, words, bags, pairs, sizes, before, after, real = [], [], [], [], [], [], [], []
    groups: list[list[np.ndarray]] = [[], [], [], []]
    tops = [0, 0, 0, 0]
    offsets, lengths = [], []
    codes, starts, ends = [], [], []
    at = letters = 0
    for d in descriptions:
        n = len(d.slots)
        offsets.append(at)
        lengths.append(n)
        slots.append(d.slots + slot_base)
        words.append(d.words)
        for a, b in zip(d.starts, d.ends, strict=True):
            bags.append(d.bag[a:b])
            pairs.append(d.pairs[a : b - 1])
            sizes.append(b - a)
        before.append(d.before + at)
        after.append(d.after + at)
        for k, g in enumerate((d.same, d.alike, d.style, d.line)):
            groups[k].append(g + tops[k])
            tops[k] += int(g.max()) + 1
        real += [True] * n
        slots.append(np.full((GAP, d.slots.shape[1]), int(slot_base[-1]) + SIZES[-1]))
        words.append(np.full((GAP, d.words.shape[1]), ROWS))
        for k in range(4):
            groups[k].append(np.full(GAP, tops[k]))
            tops[k] += 1
        before.append(np.arange(at + n, at + n + GAP))
        after.append(np.arange(at + n, at + n + GAP))
        bags += [np.zeros(0, np.int64)] * GAP
        pairs += [np.zeros(0, np.int64)] * GAP
        sizes += [1] * GAP
        real += [False] * GAP
        codes += [numbers[d.points].astype(np.int64), np.full(GAP, -1)]
        starts.append(d.starts + letters)
        ends.append(d.ends + letters)
        letters += len(d.points) + GAP
        at += n + GAP
    both = [np.concatenate([u, p]) for u, p in zip(bags, pairs, strict=True)]
    bag_sizes = np.array([len(b) for b in both])
    return Batch(
        torch.from_numpy(np.concatenate(slots)),
        torch.from_numpy(np.concatenate(words)),
        torch.from_numpy(np.concatenate(both)),
        torch.from_numpy(np.concatenate([[0], np.cumsum(bag_sizes)[:-1]])),
        torch.from_numpy(1 / np.sqrt(np.maximum(bag_sizes, 1))).float(),
        tuple(torch.from_numpy(np.concatenate(g)) for g in groups),
        torch.from_numpy(np.concatenate(before)),
        torch.from_numpy(np.concatenate(after)),
        torch.tensor(real),
        torch.from_numpy(np.concatenate(codes)),
        torch.from_numpy(np.concatenate(starts)),
        torch.from_numpy(np.concatenate(ends)),
        lengths,
        offsets,
    )
