"""Train the second look at where roles may begin, on readings of documents that the network had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.segment import network, second, tags
from pipeline.segment.network import Model
from pipeline.train.annotated import Annotated

SEED = 12
ROUNDS, LEAVES = 120, 7
COMMON = {
    "learning_rate": 0.05,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.7,
    "seed": SEED,
    "num_threads": 1,
    "verbose": -1,
    "deterministic": True,
    "force_row_wise": True,
}
"""How all trees of this stage are grown."""

Table = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Features, and whether each row begins a role."""

Arrays = dict[str, NDArray[Any]]


def table(model: Model, documents: Sequence[Annotated]) -> Table:
    """The candidates of documents that the model was not trained on."""
    features, right = [], []
    for document in documents:
        out = network.scores(model, document.description)
        path = network.best_path(model, out[:, : tags.COUNT])
        found = second.candidates(model, document.description, document.pieces, out, path)
        keep = document.begins[found.places] >= 0
        if keep.any():
            features.append(found.features[keep])
            wanted = (document.begins == 1) & document.allowed[:, tags.ROLE]
            right.append(wanted[found.places][keep].astype(float))
    return np.vstack(features), np.concatenate(right)


def fit(rows: Table) -> Arrays:
    """Boosted trees as the arrays that `pipeline/segment/trees.py` reads."""
    import lightgbm

    x, y = rows
    parameters = {**COMMON, "objective": "binary", "num_leaves": LEAVES, "min_data_in_leaf": 15, "lambda_l2": 2.0}
    return arrays_of(lightgbm.train(parameters, lightgbm.Dataset(x, y), ROUNDS))


def arrays_of(model: Any) -> Arrays:
    """The trees of a LightGBM model as arrays."""
    nodes: list[tuple[int, float, int, int, float]] = []
    roots = [_add(tree["tree_structure"], nodes) for tree in model.dump_model()["tree_info"]]
    feature, bound, left, right, value = zip(*nodes, strict=True)
    return {
        "feature": np.array(feature, np.int32),
        "bound": np.array(bound),
        "left": np.array(left, np.int32),
        "right": np.array(right, np.int32),
        "value": np.array(value),
        "roots": np.array(roots, np.int32),
    }


def _add(node: dict[str, Any], nodes: list[tuple[int, float, int, int, float]]) -> int:
    """Append a node and all below it; its number."""
    at = len(nodes)
    nodes.append((-1, 0.0, 0, 0, 0.0))
    if "leaf_value" in node:
        nodes[at] = (-1, 0.0, 0, 0, float(node["leaf_value"]))
    else:
        left, right = _add(node["left_child"], nodes), _add(node["right_child"], nodes)
        nodes[at] = (int(node["split_feature"]), float(node["threshold"]), left, right, 0.0)
    return at


def save(arrays: Arrays, path: Path) -> None:
    """Write the trees."""
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
