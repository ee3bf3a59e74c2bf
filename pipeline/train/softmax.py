"""A softmax over the paths of a tree whose weights are sparse: a row of features has one for each node it was seen with.

Trained one example at a time by AdaGrad (Duchi et al., 2011), in a fixed order, so that the same examples give the same
weights. An example that is labelled with an inner node counts for all that lies below it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Example(NamedTuple):
    """Rows of features, the node that they are of, and how much that counts."""

    rows: Ints
    node: int
    weight: float = 1.0


class Tree(NamedTuple):
    """The paths of the leaves (one a row), and the leaves below each node."""

    paths: Ints
    below: tuple[Ints, ...]

    @classmethod
    def of(cls, paths: Ints, nodes: int) -> Tree:
        return cls(paths, tuple(np.flatnonzero((paths == n).any(axis=1)) for n in range(nodes)))

    def line(self, node: int) -> Ints:
        """A node and what stands above it."""
        if not len(self.below[node]):
            return np.array([node])
        path = self.paths[self.below[node][0]]
        return np.unique(path[: int(np.flatnonzero(path == node)[0]) + 1])


class Schedule(NamedTuple):
    """How long and how fast: `keep` is the share of an example's rows that is looked at each time."""

    epochs: int = 12
    rate: float = 0.5
    decay: float = 5e-4
    keep: float = 0.7


class Sparse:
    """The weights; `keys` are the rows that have any, sorted."""

    def __init__(self, tree: Tree, examples: Sequence[Example], most: int) -> None:
        """A weight for each row and node that occur together; rows of more than `most` nodes keep the upper levels only."""
        self.tree = tree
        nodes = len(tree.below)
        pairs = np.concatenate(
            [np.repeat(e.rows, len(line)) * nodes + np.tile(line, len(e.rows)) for e, line in self._lined(examples)]
        )
        row, self.nodes = np.divmod(np.unique(pairs), nodes)
        self.keys, place, counts = np.unique(row, return_inverse=True, return_counts=True)
        upper = np.zeros(nodes, bool)
        upper[tree.paths[:, :2]] = True
        kept = (counts[place] <= most) | upper[self.nodes]
        self.nodes = self.nodes[kept]
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(place[kept], minlength=len(self.keys)))])
        self.weights, self.bias = np.zeros(len(self.nodes)), np.zeros(nodes)
        self._seen, self._seen_bias = np.full(len(self.nodes), 1e-8), np.full(nodes, 1e-8)
        self._first = np.ones(tree.paths.shape, bool)
        self._first[:, 1:] = tree.paths[:, 1:] != tree.paths[:, :-1]

    def _lined(self, examples: Sequence[Example]) -> list[tuple[Example, Ints]]:
        return [(e, self.tree.line(e.node)) for e in examples]

    def _taken(self, rows: Ints) -> Ints:
        places = np.minimum(np.searchsorted(self.keys, rows), len(self.keys) - 1)
        places = places[self.keys[places] == rows]
        first = self.starts[places]
        sizes = self.starts[places + 1] - first
        return np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())

    def scores(self, rows: Ints) -> Floats:
        """The score of each leaf."""
        return self._scores(self._taken(rows), 1 / np.sqrt(max(1, len(rows))))

    def _scores(self, taken: Ints, scale: float) -> Floats:
        of_nodes = np.bincount(self.nodes[taken], self.weights[taken], minlength=len(self.bias)) * scale + self.bias
        out: Floats = (of_nodes[self.tree.paths] * self._first).sum(axis=1)
        return out

    def fit(self, draws: Sequence[Callable[[np.random.Generator], Example]], schedule: Schedule, seed: int) -> None:
        """Train on what `draws` give, each once an epoch."""
        rng = np.random.default_rng(seed)
        for epoch in range(schedule.epochs):
            rate = schedule.rate * (1 - 0.9 * epoch / schedule.epochs)
            for place in rng.permutation(len(draws)):
                example = draws[place](rng)
                rows = example.rows[rng.random(len(example.rows)) < schedule.keep]
                if len(rows):
                    self._step(Example(rows, example.node, example.weight), rate, schedule.decay)

    def _step(self, example: Example, rate: float, decay: float) -> None:
        scale = 1 / np.sqrt(len(example.rows))
        taken = self._taken(example.rows)
        scores = self._scores(taken, scale)
        chance = np.exp(scores - scores.max())
        chance /= chance.sum()
        right = self.tree.below[example.node]
        error = chance.copy()
        error[right] -= chance[right] / max(chance[right].sum(), 1e-12)
        error *= example.weight
        spread = (error[:, None] * self._first).ravel()
        of_nodes = np.bincount(self.tree.paths.ravel(), spread, minlength=len(self.bias))
        slope = of_nodes[self.nodes[taken]] * scale + decay * self.weights[taken]
        self._seen[taken] += slope * slope
        self.weights[taken] -= rate * slope / np.sqrt(self._seen[taken])
        slope = of_nodes + 1e-3 * self.bias
        self._seen_bias += slope * slope
        self.bias -= 0.3 * rate * slope / np.sqrt(self._seen_bias)

    def packed(self, name: str, grid: float, least: int) -> dict[str, NDArray[np.generic]]:
        """The arrays that `table.py` reads: weights of fewer than `least` steps are left out."""
        steps = np.clip(np.rint(self.weights * grid), -127, 127).astype(np.int8)
        kept = np.abs(steps.astype(np.int64)) >= least
        place = np.repeat(np.arange(len(self.keys)), np.diff(self.starts))[kept]
        sizes = np.bincount(place, minlength=len(self.keys))
        keys = self.keys[sizes > 0]
        return {
            f"{name}_gaps": np.diff(keys, prepend=0).astype(np.uint32),
            f"{name}_sizes": sizes[sizes > 0].astype(np.uint16),
            f"{name}_nodes": self.nodes[kept].astype(np.uint16),
            f"{name}_weights": steps[kept],
            f"{name}_bias": np.rint(self.bias * grid).astype(np.int16),
        }
