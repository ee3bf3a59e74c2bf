"""Which of the places that may begin a role do: of all together, since the posts of a document stand or fall with each other.

Several divisions of the document into roles are put forward, the document is read under each, and boosted trees rank them
(XE-NDCG: Bruch, 2021; trained by `pipeline/train/division.py`): by what the places were judged to be, by what the first
reading loses, by how alike the roles are, and by what is left over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.segment import network, second, tags, trees
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.describe import Description
from pipeline.segment.hashing import Ints
from pipeline.segment.layers import Floats
from pipeline.segment.network import Model
from pipeline.segment.second import Candidates
from pipeline.segment.trees import Trees

SURE = 1000.0
"""Put on or taken from the score of a role heading once it is decided."""

LEAST = -3.0
"""Log-odds of a place below which only the first reading can have a role begin there."""

ODDS = (1.0, 0.5, 0.0, -0.3, -0.6, -1.0, -1.5, -2.0)
LOSSES = (0.5, 1.0, 2.0, 4.0)
"""Bounds of log-odds, and of what a role heading loses against the best tag: the places beyond each make a division."""

EVEN = -0.3
"""Log-odds of the places that a group of like ones is joined with."""

MOST = 60
"""Divisions that are looked at."""

_NONE = -9.0
"""In place of a figure over no place at all."""

Mask = NDArray[np.bool_]


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


def look(
    model: Model, d: Description, pieces: Sequence[Piece], scores: Floats, more: Floats
) -> tuple[Floats, list[int]]:
    """The scores and the reading of a document. `more`, where there is any, is added to the scores of the tags."""
    out = scores
    if len(more):
        out = scores.copy()
        out[:, : tags.COUNT] += more
    judged = judge(model, d, pieces, out, trees.packaged("second.npz"))
    if not len(judged.odds):
        return out, judged.path
    best = chosen(model, d, pieces, judged)
    out = out.copy()
    out[judged.found.places, tags.ROLE] += np.where(best.begins, SURE, -SURE)
    return out, best.path


def judge(model: Model, d: Description, pieces: Sequence[Piece], out: Floats, of_places: Trees) -> Judged:
    """The first reading and the second look."""
    path = network.best_path(model, out[:, : tags.COUNT])
    found = second.candidates(model, d, pieces, out, path)
    odds = trees.judge(of_places, found.features) if len(found.places) else np.zeros(0)
    return Judged(out, path, found, odds)


def chosen(model: Model, d: Description, pieces: Sequence[Piece], judged: Judged) -> Division:
    """The division that ranks highest."""
    put = divisions(model, d, judged)
    if len(put) == 1:
        return put[0]
    return put[int(trees.judge(trees.packaged("division.npz"), features(model, d, pieces, judged, put)).argmax())]


def divisions(model: Model, d: Description, judged: Judged) -> list[Division]:
    """What is put forward, and how the document reads under each."""
    places, tag = judged.found.places, np.array(judged.path)
    out = []
    for begins in _masks(d, judged, tag[places] == tags.ROLE):
        emissions = judged.out[:, : tags.COUNT].copy()
        emissions[places, tags.ROLE] += np.where(begins, SURE, -SURE)
        out.append(Division(begins, network.best_path(model, emissions)))
    return out


def _masks(d: Description, judged: Judged, first: Mask) -> list[Mask]:
    """The places of each division: of the first reading, beyond some bound, all that are alike, one, none."""
    odds, loss = judged.odds, judged.found.features[:, 0]
    likely = odds > LEAST
    masks = [first, *(odds > bound for bound in ODDS), *(likely & (loss < bound) for bound in LOSSES)]
    masks += [np.zeros_like(first), likely & (odds == odds.max())]
    for group in (d.style, d.alike, d.same):
        of_place = group[judged.found.places]
        for number in np.unique(of_place[likely]).tolist():
            alike = likely & (of_place == number)
            if alike.sum() > 1:
                masks += [alike, alike | (odds > EVEN)]
    return list({mask.tobytes(): mask for mask in masks}.values())[:MOST]


# -- what divisions are ranked by -------------------------------------------------------------------------------------


def features(model: Model, d: Description, pieces: Sequence[Piece], judged: Judged, put: Sequence[Division]) -> Floats:
    """The features of each division, one row each."""
    lines = np.array([p.cut == Cut.LINE for p in pieces])
    lengths = np.array([p.end - p.start for p in pieces])
    best = _score(model, judged.out, judged.path)
    return np.array(
        [
            [
                *_of_judgement(judged, division.begins),
                *_of_reading(judged.out, np.array(division.path), _score(model, judged.out, division.path) - best),
                *_of_roles(np.array(division.path)),
                *_of_heads(d, judged, division, lines, lengths),
            ]
            for division in put
        ]
    )


def _score(model: Model, out: Floats, path: Sequence[int]) -> float:
    tag = np.array(path)
    emissions = out[np.arange(len(tag)), tag].sum()
    return float(model.first[tag[0]] + emissions + model.transitions[tag[:-1], tag[1:]].sum())


def _of_judgement(judged: Judged, begins: Mask) -> list[float]:
    """How well a division agrees with what the places were judged to be."""
    odds = judged.odds
    agreement = -np.logaddexp(0, np.where(begins, -odds, odds)).sum()
    yes, no = odds[begins], odds[~begins]
    return [
        len(odds),
        agreement,
        agreement / len(odds),
        *((yes.mean(), yes.min(), yes.max(), np.median(yes)) if len(yes) else (_NONE,) * 4),
        no.max() if len(no) else _NONE,
    ]


def _of_reading(out: Floats, tag: Ints, less: float) -> list[float]:
    """What the first reading loses, and what lies in roles, before them and outside."""
    n, heads = len(tag), np.flatnonzero(tag == tags.ROLE)
    first = int(heads[0]) if len(heads) else n
    before = int((tag[:first] >= tags.FIRST_BODY).sum())
    totals, begins = second.sums(tag)[:, -1] / n, out[:, tags.COUNT]
    return [
        n,
        less,
        less / n,
        less / max(1, len(heads)),
        before,
        before / n,
        first / n,
        totals[0],
        totals[1],
        totals[4],
        begins.max(),
        (begins > 0).sum(),
    ]


def _of_roles(tag: Ints) -> list[float]:
    """How many roles there are, what they hold, and how alike they are."""
    heads = np.flatnonzero(tag == tags.ROLE)
    if not len(heads):
        return [0.0, *(0.0,) * 5, -1.0, -1.0]
    stops = np.append(heads[1:], len(tag))
    totals = second.sums(tag)
    duties, demands, _, _, outside, _, _ = totals[:, stops] - totals[:, heads]
    entries = duties + demands
    held = np.zeros((tags.COUNT, len(tag) + 1), np.int64)
    (tag == np.arange(tags.COUNT)[:, None]).cumsum(axis=1, out=held[:, 1:])
    has = (held[:, stops] > held[:, heads])[1:]  # a continuation says nothing of what a role is made of
    both, either = has[:, 1:] & has[:, :-1], has[:, 1:] | has[:, :-1]
    alike = both.sum(axis=0) / np.maximum(1, either.sum(axis=0))
    return [
        len(heads),
        (entries > 0).mean(),
        (duties > 0).mean(),
        (demands > 0).mean(),
        entries.std() / (1 + entries.mean()),
        np.median(stops - heads - outside),
        alike.mean() if len(alike) else -1.0,
        alike.min() if len(alike) else -1.0,
    ]


def _of_heads(d: Description, judged: Judged, division: Division, lines: Mask, lengths: Ints) -> list[float]:
    """How alike the headings are, and which places that are like them are left out."""
    heads = np.flatnonzero(np.array(division.path) == tags.ROLE)
    if not len(heads):
        return [0.0, 0.0, 0.0, _NONE, _NONE, 0.0, 0.0, 0.0, _NONE, _NONE]
    places, begins = judged.found.places, judged.out[heads, tags.COUNT]
    siblings = ~division.begins & np.isin(d.style[places], d.style[heads])
    odds = judged.odds[siblings]
    return [
        np.unique(d.alike[heads], return_counts=True)[1].max() / len(heads),
        len(odds),
        len(odds) / len(heads),
        odds.max() if len(odds) else _NONE,
        odds.mean() if len(odds) else _NONE,
        lines[heads].mean(),
        np.median(lengths[heads]),
        lengths[heads].max(),
        begins.mean(),
        begins.min(),
    ]
