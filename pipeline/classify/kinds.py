"""What each entry says: duties, requirements, qualities, or something else.

The words of the entry decide, by a small linear model (`features.py`); the heading above is evidence, and so, where
there is no heading, is what the rest of the list says. The model is trained by `train.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.classify import features
from pipeline.model import Kind

CLASSES = (Kind.DUTIES, Kind.REQUIREMENTS, Kind.QUALITIES, Kind.OTHER)
Table = NDArray[np.float64]

_UNDER = {
    "duties": (0.93, 0.03, 0.01, 0.03),
    "requirements": (0.03, 0.57, 0.37, 0.03),
    "qualities": (0.04, 0.25, 0.68, 0.03),
    "other": (0.05, 0.05, 0.02, 0.88),
}
"""Share of each class under a heading of a kind: counted on annotated postings, rounded, and kept away from 0."""

_ANYWHERE = (0.42, 0.32, 0.18, 0.08)
_TEMPERATURE = 1.6
"""Divides the text's scores: the training labels come from headings, so the model is surer than it may be."""


class Guess(NamedTuple):
    """A kind and the probability that it is right."""

    kind: Kind
    confidence: float


@cache
def _weights() -> NDArray[np.float32]:
    with as_file(files(__package__).joinpath("kinds.npz")) as path, np.load(path) as data:
        table: NDArray[np.float32] = data["weights"].astype(np.float32) * data["scale"]
    return table


def guess(text: str, spans: Sequence[tuple[int, int]], heads: Sequence[str | None], groups: Sequence[int]) -> list[Guess]:
    """The kind of each span of a text.

    `heads` are the kinds of the headings above, None where there is none; spans with the same number in `groups` form
    one list, whose entries say something about each other where no heading does.
    """
    if not spans:
        return []
    logits = features.scores(text, spans, _weights()).astype(float) / _TEMPERATURE
    logits += np.log(_priors(logits, heads, groups))
    chance = np.exp(logits - logits.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    best = chance.argmax(axis=1)
    return [Guess(CLASSES[k], round(float(row[k]), 3)) for k, row in zip(best, chance, strict=True)]


def _priors(logits: Table, heads: Sequence[str | None], groups: Sequence[int]) -> Table:
    """What stands above each entry, or, without a heading, what its list is most likely under."""
    out = np.empty_like(logits)
    under = np.array([_UNDER["duties"], _UNDER["requirements"], _UNDER["other"]])
    lists = np.asarray(groups)
    for i, head in enumerate(heads):
        if head:
            out[i] = _UNDER[head]
            continue
        others = (lists == groups[i]) & (np.arange(len(heads)) != i)
        if not others.any():
            out[i] = _ANYWHERE
            continue
        # the likelihood of the other entries under each heading that this list may have lost
        text = np.exp(logits[others] - logits[others].max(axis=1, keepdims=True))
        likely = np.log(text @ under.T).sum(axis=0)
        share = np.exp(0.7 * (likely - likely.max()))
        out[i] = 0.7 * (share / share.sum()) @ under + 0.3 * np.array(_ANYWHERE)
    return out
