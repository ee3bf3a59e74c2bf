"""Weights and activations on the grids that the models are run on."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipeline.segment.characters import FULL
from pipeline.segment.network import EMBEDDING_GRID, WEIGHT_GRID


def bytes8(weight: Tensor) -> NDArray[np.int8]:
    """Embeddings in 8 bits; what lies beyond one is cut to it."""
    values: NDArray[np.float32] = weight.detach().numpy() * EMBEDDING_GRID
    return np.clip(np.rint(values), -127, 127).astype(np.int8)


def words16(weight: Tensor) -> NDArray[np.int16]:
    """Any other weight in 16 bits."""
    values: NDArray[np.float32] = weight.detach().numpy() * WEIGHT_GRID
    return np.clip(np.rint(values), -32767, 32767).astype(np.int16)


class _Rounded(torch.autograd.Function):
    """Rounding whose gradient is that of no rounding (Bengio et al., 2013)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return torch.round(x)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        return grad


def on_grid(x: Tensor, steps: int, least: int, rounded: bool) -> Tensor:
    """Activations or weights from `least` up to what 8 bits hold in such steps, and rounded to them where asked."""
    x = x.clamp(least / steps, FULL / steps)
    return _Rounded.apply(x * steps) / steps if rounded else x
