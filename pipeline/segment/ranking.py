"""What the divisions of a document into roles are ranked by, all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.segment import second, tags
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.describe import Description
from pipeline.segment.hashing import Ints
from pipeline.segment.layers import Floats
from pipeline.segment.network import Model
from pipeline.segment.second import Candidates

Mask = NDArray[np.bool_]

_NONE = -9.0
"""Stands for a statistic over no places."""


class Division(NamedTuple):
    """Which of the places begin a role, and how the document reads then."""

    begins: Mask
    path: list[int]


class Judged(NamedTuple):
    """A first reading, the places where a role may begin, and the log-odds that one does."""

    out: Floats
    path: list[int]
    found: Candidates
    odds: Floats


def features(model: Model, d: Description, pieces: Sequence[Piece], judged: Judged, put: Sequence[Division]) -> Floats:
    """The features of each division, one row each."""
    begins = np.array([division.begins for division in put])
    tag = np.array([division.path for division in put])
    heads = _Heads.of(tag)
    columns = [
        *_of_judgement(judged.odds, begins),
        *_of_reading(model, judged.out, tag, heads),
        *_of_roles(tag, heads),
        *_of_headings(d, pieces, judged, begins, heads),
    ]
    return np.stack([np.broadcast_to(column, len(put)) for column in columns], axis=1).astype(np.float64)


class _Heads(NamedTuple):
    """The role headings of all divisions, in their order: of which division each is, where it stands, where its role ends;
    and how many each division has."""

    division: Ints
    at: Ints
    stop: Ints
    many: Ints

    @classmethod
    def of(cls, tag: Ints) -> _Heads:
        division, at = np.nonzero(tag == tags.ROLE)
        last = np.append(division[1:] != division[:-1], True)[: len(at)]
        stop = np.where(last, tag.shape[1], np.append(at[1:], 0)[: len(at)])
        return cls(division, at, stop, np.bincount(division, minlength=len(tag)))

    def mean(self, values: Floats | Ints | Mask) -> Floats:
        """The mean of a figure over the headings of each division, 0 where it has none."""
        sums = np.bincount(self.division, weights=values, minlength=len(self.many))
        out: Floats = sums / np.maximum(1, self.many)
        return out

    def least(self, values: Floats | Ints, none: float = _NONE) -> Floats:
        """The least of a figure over the headings of each division."""
        out = np.full(len(self.many), np.inf)
        np.minimum.at(out, self.division, values)
        return np.where(self.many > 0, out, none)


def _over(values: Floats, where: Mask) -> tuple[Floats, Floats, Floats]:
    """Mean, least and largest of values where each row has them; `_NONE` where it has none."""
    count = where.sum(axis=1)
    none = count == 0
    mean = np.where(none, _NONE, np.where(where, values, 0.0).sum(axis=1) / np.maximum(1, count))
    least = np.where(none, _NONE, np.where(where, values, np.inf).min(axis=1))
    return mean, least, np.where(none, _NONE, np.where(where, values, -np.inf).max(axis=1))


AGREES = 1
"""The column of the features that says how likely a division is, by the log-odds of its places one by one (`_of_judgement`)."""


def _of_judgement(odds: Floats, begins: Mask) -> list[Floats | int]:
    """How well a division agrees with what the places were judged to be."""
    agreement = -np.logaddexp(0, np.where(begins, -odds, odds)).sum(axis=1)
    return [len(odds), agreement, agreement / len(odds), *_over(odds, begins), _over(odds, ~begins)[2]]


def _of_reading(model: Model, out: Floats, tag: Ints, heads: _Heads) -> list[Floats | Ints | int]:
    """What a division loses against the likeliest of all, and how much text lies in roles, before them and outside."""
    n = tag.shape[1]
    score = model.first[tag[:, 0]] + out[np.arange(n), tag].sum(axis=1)
    score += model.transitions[tag[:, :-1], tag[:, 1:]].sum(axis=1)
    less = score - score[0]
    first = heads.least(heads.at, n).astype(np.int64)
    body = np.zeros((len(tag), n + 1), np.int64)
    (tag >= tags.FIRST_BODY).cumsum(axis=1, out=body[:, 1:])
    before = body[np.arange(len(tag)), first]
    duties, demands, _, _, outside, _, _ = second.sums(tag)[..., -1] / n
    begins = out[:, tags.COUNT]
    return [
        n,
        less,
        less / n,
        less / np.maximum(1, heads.many),
        before,
        before / n,
        first / n,
        duties,
        demands,
        outside,
        begins.max(),
        (begins > 0).sum(),
    ]


def _of_roles(tag: Ints, heads: _Heads) -> list[Floats | Ints]:
    """How many roles there are, what they hold, and how alike each is to the one before."""
    row, at, stop, count = heads
    totals = second.sums(tag)
    duties, demands, _, _, outside, _, _ = totals[:, row, stop] - totals[:, row, at]
    entries = duties + demands
    spread = np.sqrt(np.maximum(0, heads.mean(entries**2) - heads.mean(entries) ** 2))
    held = np.zeros((tags.COUNT - 1, len(tag), tag.shape[1] + 1), np.int32)  # of a continuation nothing is said
    (tag == np.arange(1, tags.COUNT)[:, None, None]).cumsum(axis=2, out=held[..., 1:])
    has = held[:, row, stop] > held[:, row, at]
    both, either = (has[:, 1:] & has[:, :-1]).sum(axis=0), (has[:, 1:] | has[:, :-1]).sum(axis=0)
    pairs = row[1:] == row[:-1]
    follow = _Heads(row[1:][pairs], at[1:][pairs], stop[1:][pairs], np.maximum(0, count - 1))
    alike = both[pairs] / np.maximum(1, either[pairs])
    return [
        count,
        heads.mean(entries > 0),
        heads.mean(duties > 0),
        heads.mean(demands > 0),
        spread / (1 + heads.mean(entries)),
        heads.mean(stop - at - outside),
        np.where(follow.many > 0, follow.mean(alike), -1.0),
        follow.least(alike, -1.0),
    ]


def _of_headings(
    d: Description, pieces: Sequence[Piece], judged: Judged, begins: Mask, heads: _Heads
) -> list[Floats | Ints]:
    """How alike the headings are, and which places that are like them are left out."""
    row, at, _, count = heads
    among = int(d.alike.max()) + 1
    kinds, alike = np.unique(row * among + d.alike[at], return_counts=True)
    most = np.zeros(len(count))
    np.maximum.at(most, kinds // among, alike)
    styles = np.zeros((len(count), int(d.style.max()) + 1), bool)
    styles[row, d.style[at]] = True
    siblings = ~begins & styles[:, d.style[judged.found.places]]
    left, (mean, _, best) = siblings.sum(axis=1), _over(judged.odds, siblings)
    lines = np.array([pieces[i].cut == Cut.LINE for i in at], bool)
    lengths = np.array([pieces[i].end - pieces[i].start for i in at], np.int64)
    likely = judged.out[at, tags.COUNT]
    return [
        most / np.maximum(1, count),
        left,
        left / np.maximum(1, count),
        best,
        mean,
        heads.mean(lines),
        heads.mean(lengths),
        -heads.least(-lengths, 0.0),
        np.where(count > 0, heads.mean(likely), _NONE),
        heads.least(likely),
    ]
