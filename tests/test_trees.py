"""Packed trees say what a walk from node to node says, and depend on nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.correct.decide import features, weigh
from pipeline.correct.decide.trees import Trees, load_trees

DEPTH, FEATURES = 3, 4


def made(count: int) -> Trees:
    chance = np.random.default_rng(7)
    inner = 2**DEPTH - 1
    return Trees(
        chance.integers(0, FEATURES, (count, inner), dtype=np.uint8),
        chance.normal(size=(count, inner)).astype(np.float32),
        chance.normal(size=(count, inner + 1)).astype(np.float32),
        -0.5,
    )


def walked(trees: Trees, row: list[float]) -> float:
    odds = trees.bias
    for asked, thresholds, values in zip(trees.features, trees.thresholds, trees.values, strict=True):
        node = 0
        while node < len(asked):
            node = 2 * node + (2 if np.float32(row[asked[node]]) > thresholds[node] else 1)
        odds += float(values[node - len(asked)])
    return float(1 / (1 + np.exp(-odds)))


def test_chance_is_that_of_a_walk_through_each_tree() -> None:
    trees, rows = made(9), np.random.default_rng(8).normal(size=(50, FEATURES))
    assert trees.chances(rows) == pytest.approx([walked(trees, row) for row in rows.tolist()], abs=1e-6)


def test_rows_are_weighed_apart() -> None:
    trees, rows = made(9), np.random.default_rng(9).normal(size=(20, FEATURES))
    assert (trees.chances(rows)[5:6] == trees.chances(rows[5:6])).all()


@pytest.mark.parametrize(("model", "names"), [("alone", features.NAMES), ("on_page", weigh.ON_PAGE)])
def test_packed_models_fit_the_evidence_that_is_gathered(model: str, names: tuple[str, ...]) -> None:
    used = load_trees("decision.npz")[model].features
    assert used.max() < len(names)
    assert len(np.unique(used)) > len(names) // 2
