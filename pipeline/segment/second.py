"""A second look at where roles begin: by what the first reading makes of the whole document.

The network labels piece by piece. Whether a line names a post also hangs on what would become of it: a post has
duties or demands, the posts of a document look alike and count on from one another, a list of other openings has none
of that. Each place that is, or nearly is, a role heading is described by these, judged by boosted trees (Friedman,
2001; trained by `pipeline/train/second.py`), and the document is read once more with the judgement fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.segment import network, tags
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.describe import Description
from pipeline.segment.hashing import Ints
from pipeline.segment.network import Floats, Model

NEAR = 8.0
"""How much less than the best tag a role heading may score at a place that is looked at."""

LEAST = -0.8
"""Log-odds from which a place begins a role: below even, since a post that is lost costs more than one too many."""

SURE = 1000.0
"""Put on or taken from the score of a role heading once it is judged."""


class Candidates(NamedTuple):
    """Places that may begin a role, and their features, one row a place."""

    places: Ints
    features: Floats


class _Trees(NamedTuple):
    """Boosted trees as arrays: of each node its feature, bound and children; leaves have none and hold a value."""

    feature: NDArray[np.int32]
    bound: Floats
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Floats
    roots: NDArray[np.int32]


@cache
def _packaged() -> _Trees:
    with as_file(files(__package__).joinpath("second.npz")) as path, np.load(path) as data:
        return _Trees(*(data[name] for name in _Trees._fields))


def judge(trees: _Trees, features: Floats) -> Floats:
    """Log-odds that each row begins a role: all trees walked down at once."""
    rows = np.arange(len(features))[:, None]
    node = np.broadcast_to(trees.roots, (len(features), len(trees.roots)))
    while True:
        feature = trees.feature[node]
        inner = feature >= 0
        if not inner.any():
            break
        left = features[rows, np.maximum(feature, 0)] <= trees.bound[node]
        node = np.where(inner, np.where(left, trees.left[node], trees.right[node]), node)
    out: Floats = trees.value[node].sum(axis=1)
    return out


def look(
    model: Model, d: Description, pieces: Sequence[Piece], scores: Floats, more: Floats
) -> tuple[Floats, list[int]]:
    """Two looks: piece by piece, and at where roles begin. `more`, where there is any, is added to the scores of the tags."""
    out = scores
    if len(more):
        out = scores.copy()
        out[:, : tags.COUNT] += more
    return _again(model, d, pieces, out, network.best_path(model, out[:, : tags.COUNT]))


def _again(
    model: Model, d: Description, pieces: Sequence[Piece], out: Floats, path: Sequence[int]
) -> tuple[Floats, list[int]]:
    """The scores and the reading after the second look."""
    found = candidates(model, d, pieces, out, path)
    if not len(found.places):
        return out, list(path)
    chosen = np.array(path)[found.places] == tags.ROLE
    verdict = judge(_packaged(), found.features) > LEAST
    if chosen.sum() == 1:
        verdict |= chosen  # the only post that is named: there is no other to compare it with
    if (verdict == chosen).all():
        return out, list(path)
    out = out.copy()
    out[found.places, tags.ROLE] += np.where(verdict, SURE, -SURE)
    return out, network.best_path(model, out[:, : tags.COUNT])


def candidates(model: Model, d: Description, pieces: Sequence[Piece], out: Floats, path: Sequence[int]) -> Candidates:
    """The places that are, or nearly are, role headings, with what the reading makes of them."""
    emissions = out[:, : tags.COUNT]
    score = network.given(model, emissions, path)
    loss = score.max(axis=1) - score[:, tags.ROLE]
    places = np.flatnonzero((loss < NEAR) | (np.array(path) == tags.ROLE))
    if not len(places):
        return Candidates(places, np.zeros((0, 0)))
    view = _View.of(np.array(path), _chance(emissions), loss, out, places, d)
    return Candidates(places, np.array([view.row(int(i), pieces) for i in places]))


def _chance(emissions: Floats) -> Floats:
    shifted = np.exp(emissions - emissions.max(axis=1, keepdims=True))
    out: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return out


class _View(NamedTuple):
    """The first reading, with sums from which the features of any stretch are taken."""

    tag: Ints
    chance: Floats
    loss: Floats
    out: Floats
    places: Ints
    chosen: Ints
    totals: Ints
    groups: tuple[Ints, Ints, Ints]

    @classmethod
    def of(cls, tag: Ints, chance: Floats, loss: Floats, out: Floats, places: Ints, d: Description) -> _View:
        body = tag - tags.FIRST_BODY
        label, kind = body // len(tags.KINDS), body % len(tags.KINDS)
        entry = (body >= 0) & ((label == 1) | (label == 2))
        each = np.stack(
            [
                entry & (kind == 0),
                entry & ((kind == 1) | (kind == 2)),
                (body >= 0) & (label == 3),
                (body >= 0) & (label == 0),
                tag == tags.OUTSIDE,
                tag != tags.CONTINUATION,
                body >= 0,
            ]
        )
        totals = np.concatenate([np.zeros((len(each), 1), int), np.cumsum(each, axis=1)], axis=1)
        chosen = np.flatnonzero(tag == tags.ROLE)
        return cls(tag, chance, loss, out, places, chosen, totals, (d.style, d.alike, d.same))

    def between(self, first: int, stop: int) -> list[int]:
        """Entries of duties, of demands, fields, headings, pieces outside, new blocks and body in a stretch."""
        return (self.totals[:, stop] - self.totals[:, min(first, stop)]).tolist()  # type: ignore[no-any-return]

    def row(self, i: int, pieces: Sequence[Piece]) -> list[float]:
        """The features of one place."""
        n = len(self.tag)
        others = self.chosen[self.chosen != i]
        at = int(np.searchsorted(others, i))
        stop = int(others[at]) if at < len(others) else n
        last = int(others[at - 1]) if at else -1
        filled = self.totals[:2, np.append(others[1:], n)] - self.totals[:2, others + 1] if len(others) else None
        bodies = filled.sum(axis=0) if filled is not None else np.zeros(1)
        gap = self.between(last + 1, i)
        later = int(np.searchsorted(self.places, i, side="right"))
        p = pieces[i]
        marker, previous = p.marker, pieces[last].marker if last >= 0 else None
        counts_on = marker is not None and previous is not None and marker.style == previous.style
        step = (marker.number or 0) - (previous.number or 0) if counts_on and marker and previous else 0
        outside, role = self.chance[:, tags.OUTSIDE], self.chance[:, tags.ROLE]
        return [
            float(self.loss[i]),
            float(role[i]),
            float(outside[i]),
            float(self.out[i, tags.COUNT]),
            float(role.max()),
            len(others),
            float((bodies > 0).mean()),
            float(np.median(bodies)),
            *self.between(i + 1, stop)[:5],
            stop - i,
            i - last,
            *gap[:5],
            last >= 0,
            gap[5] == 0,
            stop < n,
            self.places[later] - i if later < len(self.places) else 99,
            *(v for group in self.groups for v in _of_group(group, i, others)),
            i / n,
            i,
            p.end - p.start,
            p.cut == Cut.LINE,
            p.last,
            marker is not None,
            counts_on,
            step,
            float(outside[i - 1]) if i else 1.0,
            float(outside[i + 1]) if i + 1 < n else 1.0,
            float(role[i + 1]) if i + 1 < n else 0.0,
            self.totals[6, i] > 0,
        ]


def _of_group(group: Ints, i: int, others: Ints) -> tuple[int, int]:
    """How many of a piece's like are role headings, and how many there are."""
    same = group == group[i]
    return int(same[others].sum()), int(same.sum())
