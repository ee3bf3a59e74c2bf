"""The decision: how likely a change is right, by a logistic model over its evidence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from pipeline.correct.language import Floats
from pipeline.correct.scan import Matrix


@dataclass(frozen=True, slots=True)
class Model:
    """Weights for named features, and what is added."""

    names: tuple[str, ...]
    weights: Floats
    bias: float

    def chances(self, features: Matrix) -> Floats:
        """The probability, 0 to 1, that the change in each row of features is right."""
        return 1 / (1 + np.exp(-(features @ self.weights + self.bias)))


@cache
def load_models() -> dict[str, Model]:
    """The trained models of decision.json by name: phantom."""
    raw = json.loads(files(__package__).joinpath("decision.json").read_text(encoding="utf-8"))
    return {
        name: Model(tuple(m["weights"]), np.array(list(m["weights"].values())), m["bias"]) for name, m in raw.items()
    }
