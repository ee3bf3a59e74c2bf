"""A second look at where a role may begin: by what the first reading makes of the whole document.

The network labels piece by piece. Whether a line names a post also depends on how the document would read with it: a post has
duties or demands, the posts of a document look alike and count on from one another, a list of other openings has none
of that. Each place that is, or nearly is, a role heading is described by these, judged by boosted trees (Friedman,
2001; trained by `pipeline/train/second.py`). Which of them do begin one is then decided of all together (`division`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.segment import network, tags
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.describe import Description
from pipeline.segment.hashing import Ints
from pipeline.segment.layers import Floats
from pipeline.segment.network import Model

NEAR = 11.0
"""How much less than the best tag a role heading may score at a place that is looked at."""


class Candidates(NamedTuple):
    """Places that may begin a role, and their features, one row a place."""

    places: Ints
    features: Floats


def candidates(model: Model, d: Description, pieces: Sequence[Piece], out: Floats, path: Sequence[int]) -> Candidates:
    """The places that are, or nearly are, role headings, with what the reading makes of them."""
    emissions = out[:, : tags.COUNT]
    score = network.given(model, emissions, path)
    loss = score.max(axis=1) - score[:, tags.ROLE]
    places = np.flatnonzero((loss < NEAR) | (np.array(path) == tags.ROLE))
    if not len(places):
        return Candidates(places, np.zeros((0, 0)))
    return Candidates(places, _View.of(np.array(path), places).features(pieces, d, _chance(emissions), loss, out))


def _chance(emissions: Floats) -> Floats:
    shifted = np.exp(emissions - emissions.max(axis=1, keepdims=True))
    out: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return out


class _View(NamedTuple):
    """The first reading, and where each of the places lies between the role headings that it names.

    `last` and `stop` are the role headings before and after each place, -1 and the number of pieces where there is none;
    `totals` sums, up to each piece, entries of duties, of demands, fields, headings, pieces outside, new blocks and body.
    """

    tag: Ints
    places: Ints
    chosen: Ints
    is_chosen: NDArray[np.bool_]
    last: Ints
    stop: Ints
    totals: Ints

    @classmethod
    def of(cls, tag: Ints, places: Ints) -> _View:
        totals = sums(tag)
        chosen = np.flatnonzero(tag == tags.ROLE)
        is_chosen = tag[places] == tags.ROLE
        at = chosen.searchsorted(places)
        return cls(
            tag,
            places,
            chosen,
            is_chosen,
            np.concatenate([[-1], chosen])[at],
            np.concatenate([chosen, [len(tag)]])[at + is_chosen],
            totals,
        )

    def features(self, pieces: Sequence[Piece], d: Description, chance: Floats, loss: Floats, out: Floats) -> Floats:
        """The features of all places, one row each."""
        n, i = len(self.tag), self.places
        outside, role = chance[:, tags.OUTSIDE], chance[:, tags.ROLE]
        around = np.concatenate([[1.0], outside, [1.0]])
        gap = self.totals[:, i] - self.totals[:, self.last + 1]
        columns = [
            loss[i],
            role[i],
            outside[i],
            out[i, tags.COUNT],
            role.max(),
            len(self.chosen) - self.is_chosen,
            *self.filled(),
            *(self.totals[:5, self.stop] - self.totals[:5, i + 1]),
            self.stop - i,
            i - self.last,
            *gap[:5],
            self.last >= 0,
            gap[5] == 0,
            self.stop < n,
            np.concatenate([i[1:] - i[:-1], [99]]),
            *(column for group in (d.style, d.alike, d.same) for column in self.alike(group)),
            i / n,
            i,
            *self.marks(pieces),
            around[i],
            around[i + 2],
            np.concatenate([role, [0.0]])[i + 1],
            self.totals[6, i] > 0,
        ]
        rows = np.empty((len(columns), len(i)))
        for row, column in zip(rows, columns, strict=True):
            row[:] = column
        return rows.T

    def filled(self) -> tuple[Floats, Floats]:
        """How many of the other role headings have entries under them, and how many entries the middle one has.

        If a place that is a role heading itself is left out, the heading before it extends to the next one.
        """
        entries, m = self.totals[0] + self.totals[1], len(self.chosen)
        ends = np.concatenate([self.chosen[1:], [len(self.tag)]])
        sizes = entries[ends] - entries[self.chosen + 1]
        without = np.tile(sizes, (m, 1))
        without[np.arange(1, m), np.arange(m - 1)] = entries[ends[1:]] - entries[self.chosen[:-1] + 1]
        without = without[~np.eye(m, dtype=bool)].reshape(m, max(0, m - 1))
        places = len(self.places)
        share, middle = _share(sizes[None]).repeat(places), _middle(sizes[None]).repeat(places)
        share[self.is_chosen], middle[self.is_chosen] = _share(without), _middle(without)
        return share, middle

    def alike(self, group: Ints) -> tuple[Ints, Ints]:
        """How many of each place's like are role headings, and how many there are."""
        own = group[self.places]
        roles = np.bincount(group[self.chosen], minlength=int(own.max()) + 1)
        return roles[own] - self.is_chosen, np.bincount(group)[own]

    def marks(self, pieces: Sequence[Piece]) -> Floats:
        """Size, place in the line and marker of each place, and whether and by how much it counts on from the heading before."""
        rows = []
        for i, k in zip(self.places.tolist(), self.last.tolist(), strict=True):
            p, previous = pieces[i], pieces[k].marker if k >= 0 else None
            counts_on = p.marker is not None and previous is not None and p.marker.style == previous.style
            step = (p.marker.number or 0) - (previous.number or 0) if counts_on and p.marker and previous else 0
            rows.append((p.end - p.start, p.cut == Cut.LINE, p.last, p.marker is not None, counts_on, step))
        return np.array(rows, float).T


def _share(sizes: Ints) -> Floats:
    """The share of each row that is above zero; 0 of an empty one."""
    out: Floats = (sizes > 0).sum(axis=1) / max(1, sizes.shape[1])
    return out


def _middle(sizes: Ints) -> Floats:
    """The median of each row; 0 of an empty one."""
    ranked, m = np.sort(sizes, axis=1), sizes.shape[1]
    return (ranked[:, (m - 1) // 2] + ranked[:, m // 2]) / 2 if m else np.zeros(len(sizes))


def sums(tag: Ints) -> Ints:
    """Up to each piece how many entries of duties, of demands, fields, headings, pieces outside, new blocks and body there are.

    `tag` may hold several readings of the pieces, one a row.
    """
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
    out = np.zeros((*each.shape[:-1], each.shape[-1] + 1), np.int64)
    each.cumsum(axis=-1, out=out[..., 1:])
    return out
