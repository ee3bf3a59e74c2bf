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

_NAMES = tuple(_UNDER)

_ANYWHERE = (0.42, 0.32, 0.18, 0.08)
_TRUST = 0.93
"""How often a list says what its heading promises; the rest is for lists under a wrong heading."""

_COMPANY = 0.5
"""Weight of an entry's neighbours: they are not independent, so each counts for less than one."""

_TEMPERATURE = 1.6
"""Divides the text's scores: the training labels come from headings, so the model is surer than it may be."""


FEW = 6
"""Characters of text below which it says less than what stands above it: "数据仓库" under "技能要求"."""


class Guess(NamedTuple):
    """A kind and the probability that it is right."""

    kind: Kind
    confidence: float


@cache
def _weights() -> NDArray[np.float32]:
    with as_file(files(__package__).joinpath("kinds.npz")) as path, np.load(path) as data:
        table: NDArray[np.float32] = data["weights"].astype(np.float32) * data["scale"]
    return table


def guess(
    text: str, spans: Sequence[tuple[int, int]], heads: Sequence[str | None], groups: Sequence[int]
) -> list[Guess]:
    """The kind of each span of a text.

    `heads` are the kinds of the headings above, None where there is none; spans in a row with the same number in
    `groups` form one list, whose entries say something about each other where no heading does.
    """
    if not spans:
        return []
    logits = features.scores(text, spans, _weights()).astype(float) / _TEMPERATURE
    sizes = np.array([end - start for start, end in spans])
    logits *= np.minimum(np.maximum(sizes / FEW, 0.25), 1)[:, None]
    logits += np.log(_priors(logits, heads, groups))
    chance = np.exp(logits - logits.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    best = chance.argmax(axis=1)
    return [Guess(CLASSES[k], round(row[k], 3)) for k, row in zip(best.tolist(), chance.tolist(), strict=True)]


def _priors(logits: Table, heads: Sequence[str | None], groups: Sequence[int]) -> Table:
    """What stands above each entry, or, without a heading, what its list is most likely under."""
    under = _under()
    text = np.exp(logits - logits.max(axis=1, keepdims=True))
    fit = np.log(text @ under.T)  # how well each entry fits under each kind of heading
    numbers = np.array(groups)
    lists = np.concatenate([[0], np.cumsum(numbers[1:] != numbers[:-1])])
    whole = np.zeros((lists[-1] + 1, len(_NAMES)))
    np.add.at(whole, lists, fit)
    likely = _said(heads) + _COMPANY * (whole[lists] - fit)
    share = np.exp(likely - likely.max(axis=1, keepdims=True))
    out: Table = share / share.sum(axis=1, keepdims=True) @ under
    bare = np.array([head is None for head in heads])
    out[bare] = 0.7 * out[bare] + 0.3 * np.array(_ANYWHERE)
    return out


@cache
def _under() -> Table:
    return np.array([_UNDER[name] for name in _NAMES])


def _said(heads: Sequence[str | None]) -> Table:
    """What each heading says of the list below it, as logarithms; a missing one says nothing."""
    rows = _sayings()
    return np.array([rows[head] for head in heads])


@cache
def _sayings() -> dict[str | None, Table]:
    rows: dict[str | None, Table] = {None: np.full(len(_NAMES), -np.log(len(_NAMES)))}
    for name in _NAMES:
        rows[name] = np.log([_TRUST if other == name else (1 - _TRUST) / 3 for other in _NAMES])
    return rows
