"""Boosted trees, grown with scikit-learn and packed into the arrays that `pipeline.correct.decide.trees` reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.decide.features import Matrix
from pipeline.correct.decide.trees import Trees
from pipeline.correct.language.ngrams import Floats

TREES, DEPTH, RATE, FEWEST, RIDGE = 150, 5, 0.1, 40, 5.0
"""Trees, their depth, the share of each that is taken, the rows that a leaf must have, and the penalty on leaves."""


def grow(features: Matrix, right: NDArray[np.bool_], trees: int = TREES) -> Trees:
    """Trees that tell right changes from wrong ones. The same rows give the same trees."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=trees,
        max_depth=DEPTH,
        learning_rate=RATE,
        max_leaf_nodes=None,
        min_samples_leaf=FEWEST,
        l2_regularization=RIDGE,
        early_stopping=False,
        random_state=0,
    )
    model.fit(features, right)
    return _packed([grown[0].nodes for grown in model._predictors], float(model._baseline_prediction[0, 0]))


def _packed(grown: list[Any], bias: float) -> Trees:
    inner = 2**DEPTH - 1
    features = np.zeros((len(grown), inner), np.uint8)
    thresholds = np.full((len(grown), inner), np.inf, np.float32)
    values = np.zeros((len(grown), inner + 1), np.float32)
    for t, nodes in enumerate(grown):
        todo = [(0, 0)]
        while todo:
            node, at = todo.pop()
            row = nodes[node]
            if at >= inner:
                values[t, at - inner] = row["value"]
            elif row["is_leaf"]:  # all that comes here goes on to the left
                todo.append((node, 2 * at + 1))
            else:
                features[t, at], thresholds[t, at] = row["feature_idx"], row["num_threshold"]
                todo += [(int(row["left"]), 2 * at + 1), (int(row["right"]), 2 * at + 2)]
    return Trees(features, thresholds, values, bias)


def halves(features: Matrix, right: NDArray[np.bool_], half: NDArray[np.bool_]) -> Floats:
    """The chance of each row by trees that were grown on the other half: as sure as they will be of rows unseen."""
    out = np.zeros(len(right))
    for side in (half, ~half):
        out[side] = grow(features[~side], right[~side]).chances(features[side])
    return out


def save(models: Mapping[str, Trees], path: Path) -> None:
    """Write models by name; the same models give the same bytes."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, m in models.items():
        arrays |= {f"{name}.features": m.features, f"{name}.thresholds": m.thresholds, f"{name}.values": m.values}
        arrays[f"{name}.bias"] = np.asarray(m.bias)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
