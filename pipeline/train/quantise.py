"""Weights on the grids that the models are run on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from pipeline.segment.network import EMBEDDING_GRID, WEIGHT_GRID


def bytes8(weight: Tensor) -> NDArray[np.int8]:
    """Embeddings in 8 bits; what lies beyond one is cut to it."""
    values: NDArray[np.float32] = weight.detach().numpy() * EMBEDDING_GRID
    return np.clip(np.rint(values), -127, 127).astype(np.int8)


def words16(weight: Tensor) -> NDArray[np.int16]:
    """Any other weight in 16 bits."""
    values: NDArray[np.float32] = weight.detach().numpy() * WEIGHT_GRID
    return np.clip(np.rint(values), -32767, 32767).astype(np.int16)
