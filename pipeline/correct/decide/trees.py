"""Boosted trees (Friedman, 2001): how likely a change is right, where one sign means more beside another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language.ngrams import Floats


@dataclass(frozen=True, slots=True)
class Trees:
    """Complete binary trees of one depth, a row a tree; `bias` is added to what they say.

    Node n asks whether its feature is above its threshold and goes on to node 2n + 1 or 2n + 2; `values` are those of
    the last row of nodes, in log-odds.
    """

    features: NDArray[np.uint8]
    thresholds: NDArray[np.float32]
    values: NDArray[np.float32]
    bias: float

    def chances(self, rows: Floats) -> Floats:
        """The probability, 0 to 1, that the change in each row of features is right."""
        count, inner = self.features.shape
        inputs, features, thresholds = rows.astype(np.float32).ravel(), self.features.ravel(), self.thresholds.ravel()
        row = (np.arange(len(rows)) * rows.shape[1])[:, None]
        first, at = (np.arange(count) * inner)[None], np.zeros((len(rows), count), np.int64)
        for _ in range((inner + 1).bit_length() - 1):
            node = first + at
            at = 2 * at + 1 + (inputs.take(row + features.take(node)) > thresholds.take(node))
        leaves = at - inner + np.arange(count) * (inner + 1)
        total = self.values.ravel().take(leaves).sum(axis=1, dtype=np.float64) + self.bias
        chances: Floats = 1 / (1 + np.exp(-total))
        return chances


def log_odds(chances: Floats) -> Floats:
    """Natural logarithm of the odds of each chance, bounded: how a second model sees what the first one said."""
    return np.log(chances + 1e-4) - np.log(1 - chances + 1e-4)


@cache
def load_trees(name: str) -> dict[str, Trees]:
    """The trained models of a packed file, by name."""
    with as_file(files(__package__).joinpath(name)) as path, np.load(path) as arrays:
        names = sorted({key.split(".")[0] for key in arrays.files})
        return {
            n: Trees(
                arrays[f"{n}.features"], arrays[f"{n}.thresholds"], arrays[f"{n}.values"], float(arrays[f"{n}.bias"])
            )
            for n in names
        }
