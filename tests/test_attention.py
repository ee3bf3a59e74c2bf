"""How a piece looks at all others: exactly what the formula says, whatever the order of sums and the size of blocks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipeline.segment import attention, layers
from pipeline.segment.attention import BUCKETS, HEADS, NEAREST, SIDE, Attention, buckets, look
from pipeline.segment.layers import GRID, LEAST

WIDTH = 16


def weights(seed: int = 5) -> Attention:
    """Weights on the grid of models, large enough that what a piece asks matters."""
    rng = np.random.default_rng(seed)
    of = {name: (WIDTH, WIDTH) for name in ("found",)} | {
        "asked": (WIDTH, 3 * WIDTH),
        "inner": (WIDTH, 2 * WIDTH),
        "outer": (2 * WIDTH, WIDTH),
        "far": (BUCKETS, HEADS),
        "asked_bias": (3 * WIDTH,),
        "inner_bias": (2 * WIDTH,),
    }
    parts = {part: rng.normal(0, 0.4, of.get(part, (WIDTH,))) for part in Attention._fields}
    return Attention(**{p: np.rint(v * 1024) / 1024 * (GRID if p.endswith("bias") else 1) for p, v in parts.items()})


def pieces(n: int, seed: int = 1) -> np.ndarray:
    return np.rint(np.random.default_rng(seed).normal(0, GRID, (n, WIDTH)))


def by_formula(w: Attention, h: np.ndarray) -> np.ndarray:
    """Plain multi-head attention in ones, without grid or table."""

    def normed(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
        centred = x - x.mean(axis=1, keepdims=True)
        return centred / np.sqrt(x.var(axis=1, keepdims=True) + LEAST) * weight + bias / GRID

    n, x = len(h), h / GRID
    asked = normed(x, w.norm, w.norm_bias) @ w.asked + w.asked_bias / GRID
    size, found = WIDTH // HEADS, np.zeros((n, WIDTH))
    for head in range(HEADS):
        query, key, value = (asked[:, part * WIDTH + head * size :][:, :size] for part in range(3))
        fit = query @ key.T / math.sqrt(size) + w.far[buckets(n), head]
        share = np.exp(fit - fit.max(axis=1, keepdims=True))
        found[:, head * size : (head + 1) * size] = share / share.sum(axis=1, keepdims=True) @ value
    x = x + found @ w.found + w.found_bias / GRID
    inner = np.maximum(normed(x, w.inner_norm, w.inner_norm_bias) @ w.inner + w.inner_bias / GRID, 0)
    return x + inner @ w.outer + w.outer_bias / GRID


@pytest.mark.parametrize("n", [1, 2, 8, 13, 150])
def test_look_is_attention_up_to_the_grid(n: int) -> None:
    h, w = pieces(n), weights()
    wanted = by_formula(w, h) * GRID
    look(w, h)
    assert (h == np.rint(h)).all()
    assert np.abs(h - wanted).max() < 0.06 * GRID
    assert np.abs(h - wanted).mean() < 0.01 * GRID


def test_order_of_sums_and_size_of_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    w, once, again = weights(), pieces(100), pieces(100)
    look(w, once)
    monkeypatch.setattr(attention, "BLOCK", 16)
    monkeypatch.setattr(layers, "product", lambda rows, weight: rows[:, ::-1] @ weight[::-1])
    look(w, again)
    assert np.array_equal(once, again)


def test_piece_far_away_is_seen() -> None:
    w, seen, other = weights(), pieces(400), pieces(400)
    other[399] += 3 * GRID * np.arange(WIDTH)
    look(w, seen)
    look(w, other)
    assert not np.array_equal(seen[0], other[0])


def test_distances_are_told_apart_near_by_and_by_direction() -> None:
    found = buckets(200)
    assert {*found[:, 0].tolist(), *found[0].tolist()} == {*range(BUCKETS)} - {SIDE}
    assert [int(found[0, k]) for k in range(NEAREST)] == list(range(NEAREST))
    assert (found.T[np.triu_indices(200, 1)] == found[np.triu_indices(200, 1)] + SIDE).all()


def test_trained_layer_says_the_same() -> None:
    torch = pytest.importorskip("torch")
    from pipeline.train.attention import Attention as Trained

    layer, w, h = Trained(WIDTH).eval(), weights(), pieces(50)
    with torch.no_grad():
        for part, target in layer.parts().items():
            target.copy_(torch.tensor(getattr(w, part) / (GRID if part.endswith("bias") else 1)))
        said = layer(torch.tensor(h / GRID, dtype=torch.float32), [(0, 50)], torch.nn.Dropout(0)).numpy() * GRID
    look(w, h)
    assert np.abs(h - said).max() < 0.06 * GRID
