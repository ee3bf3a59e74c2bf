"""Boosted trees (Friedman, 2001): read from their file, and asked about rows of features."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.segment.hashing import Ints
from pipeline.segment.layers import Floats


class Trees(NamedTuple):
    """Boosted trees as arrays: of each node its feature, its bound and its two children, first where the feature is above
    the bound and then where it is not. Leaves are their own children and hold a value; `depth` steps reach them all."""

    feature: Ints
    bound: Floats
    children: Ints
    value: Floats
    roots: Ints
    depth: int

    @classmethod
    def of(cls, data: Mapping[str, NDArray[Any]]) -> Trees:
        """The trees out of the arrays of their file, in which leaves have no feature."""
        leaf = data["feature"] < 0
        own = np.arange(len(leaf))
        children = np.stack([np.where(leaf, own, data["right"]), np.where(leaf, own, data["left"])], axis=1)
        roots = data["roots"].astype(np.int64)
        depth, level = 0, roots
        while not leaf[level].all():
            depth, level = depth + 1, children[level].ravel()
        feature = np.where(leaf, 0, data["feature"]).astype(np.int64)
        return cls(feature, data["bound"], children.ravel(), data["value"], roots, depth)


@cache
def packaged(name: str) -> Trees:
    """The trees of a file that comes with the package."""
    with as_file(files(__package__).joinpath(name)) as path, np.load(path) as data:
        return Trees.of(data)


def judge(trees: Trees, features: Floats) -> Floats:
    """What all trees together say of each row, walked down at once."""
    values = features.ravel()
    firsts = np.arange(len(features))[:, None] * features.shape[1]
    node = np.tile(trees.roots, (len(features), 1))
    for _ in range(trees.depth):
        below = values.take(firsts + trees.feature.take(node)) <= trees.bound.take(node)
        node = trees.children.take(2 * node + below)
    out: Floats = trees.value.take(node).sum(axis=1)
    return out
