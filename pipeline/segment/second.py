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

LEAST = -0.3
"""Log-odds from which a place begins a role: below even, since a post that is lost costs more than one too many."""

SURE = 1000.0
"""Put on or taken from the score of a role heading once it is judged."""

_TAGS = np.arange(tags.COUNT)
_SHOWN = (tags.OUTSIDE, tags.ROLE, tags.SUBTITLE)


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
    """Log-odds that each row begins a role."""
    total = np.zeros(len(features))
    rows = np.arange(len(features))
    for root in trees.roots:
        node = np.full(len(features), root)
        while (inner := trees.feature[node] >= 0).any():
            go = features[rows, np.maximum(trees.feature[node], 0)] <= trees.bound[node]
            node = np.where(inner, np.where(go, trees.left[node], trees.right[node]), node)
        total += trees.value[node]
    return total


def again(
    model: Model, d: Description, pieces: Sequence[Piece], out: Floats, path: Sequence[int]
) -> tuple[Floats, list[int]]:
    """The scores and the reading after the second look."""
    found = candidates(model, d, pieces, out, path)
    if not len(found.places):
        return out, list(path)
    verdict = judge(_packaged(), found.features) > LEAST
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
    chance = _chance(emissions)
    tag = np.array(path)
    chosen = np.flatnonzero(tag == tags.ROLE)
    rows = [_row(int(i), loss, chance, out, tag, chosen, places, pieces, d) for i in places]
    return Candidates(places, np.array(rows))


def _chance(emissions: Floats) -> Floats:
    shifted = np.exp(emissions - emissions.max(axis=1, keepdims=True))
    out: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return out


def _row(
    i: int,
    loss: Floats,
    chance: Floats,
    out: Floats,
    tag: Ints,
    chosen: Ints,
    places: Ints,
    pieces: Sequence[Piece],
    d: Description,
) -> list[float]:
    """The features of one place."""
    others = chosen[chosen != i]
    after, before = others[others > i], others[others < i]
    stop = int(after[0]) if len(after) else len(tag)
    last = int(before[-1]) if len(before) else -1
    span = tag[i + 1 : stop]
    body = _count(span)
    ends = [*others[1:], len(tag)] if len(others) else []
    bodies = [_count(tag[a + 1 : b]) for a, b in zip(others, ends, strict=True)] or [(0.0,) * 5]
    held = sum(b[0] + b[1] > 0 for b in bodies) / len(bodies)
    gap = tag[last + 1 : i]
    nearest = places[places > i]
    p = pieces[i]
    marker, previous = p.marker, pieces[last].marker if last >= 0 else None
    counts_on = marker is not None and previous is not None and marker.style == previous.style
    step = (marker.number or 0) - (previous.number or 0) if counts_on and marker and previous else 0
    return [
        float(loss[i]),
        float(chance[i, tags.ROLE]),
        float(chance[i, tags.OUTSIDE]),
        float(out[i, tags.COUNT]),
        float(chance[:, tags.ROLE].max()),
        float(len(others)),
        held,
        float(np.median([b[0] + b[1] for b in bodies])),
        *body,
        float(stop - i),
        float(i - last),
        *_count(gap),
        float(last >= 0),
        float(i - 1 == last or not (gap != tags.CONTINUATION).any()),
        float(stop < len(tag)),
        float(nearest[0] - i) if len(nearest) else 99.0,
        *_of_group(d.style, i, others),
        *_of_group(d.alike, i, others),
        *_of_group(d.same, i, others),
        i / len(tag),
        float(i),
        float(p.end - p.start),
        float(p.cut == Cut.LINE),
        float(p.last),
        float(marker is not None),
        float(counts_on),
        float(step),
        float(chance[i - 1, tags.OUTSIDE]) if i else 1.0,
        float(chance[i + 1, tags.OUTSIDE]) if i + 1 < len(tag) else 1.0,
        float(chance[i + 1, tags.ROLE]) if i + 1 < len(tag) else 0.0,
        float((tag[:i] >= tags.FIRST_BODY).any()),
    ]


def _count(span: Ints) -> tuple[float, float, float, float, float]:
    """Entries of duties, of demands, fields, headings, and pieces outside, in a stretch of tags."""
    body = span[span >= tags.FIRST_BODY] - tags.FIRST_BODY
    label, kind = body // len(tags.KINDS), body % len(tags.KINDS)
    entry = (label == 1) | (label == 2)
    return (
        float((entry & (kind == 0)).sum()),
        float((entry & ((kind == 1) | (kind == 2))).sum()),
        float((label == 3).sum()),
        float((label == 0).sum()),
        float((span == tags.OUTSIDE).sum()),
    )


def _of_group(group: Ints, i: int, others: Ints) -> tuple[float, float]:
    """How many of a piece's like are role headings, and how many there are."""
    same = group == group[i]
    return float(same[others].sum()), float(same.sum())
