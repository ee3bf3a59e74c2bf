"""Which of the candidate places begin a role: decided jointly, since the posts of a document stand or fall together.

Several divisions of the document into roles are put forward, the document is read under each, and boosted trees rank them
(XE-NDCG: Bruch, 2021; trained by `pipeline/train/division.py`): by what the places were judged to be, by what the first
reading loses, by how alike the roles are, and by what is left over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.segment import network, second, slots, tags, trees
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.describe import Description
from pipeline.segment.hashing import Ints
from pipeline.segment.layers import Floats
from pipeline.segment.network import Model
from pipeline.segment.second import Candidates
from pipeline.segment.trees import Trees

SURE = 1000.0
"""Added to the score of a role heading that is decided, or taken from it, while the rest is read."""

LEAST = -2.0
"""Log-odds of a place below which only the first reading can have a role begin there."""

ODDS = (1.0, 0.5, 0.0, -0.3, -0.6, -1.0, -1.5, -2.0)
LOSSES = (0.5, 1.0, 2.0, 4.0)
"""Bounds of log-odds, and of what a role heading loses against the best tag: the places beyond each make a division."""

EVEN = -0.3
"""Log-odds that count as about even (the second look is careful); such places are joined with their group of like ones."""

MOST = 60
"""Divisions that are looked at."""

ALONE, LEAST_ALONE = 6, -2.5
"""The likeliest places, each of which alone makes a division, and their least log-odds: the heading of the only post may look
like none."""

BEGINS = 0.05
"""Probability from which a text that names no role is one from its first block on. Out of fold 12% of these began a role between
.05 and .1, 31% between .1 and .2; below .05 half of the texts describe no post."""

LEFT = 3
"""Entries of duties or demands under a heading such as "岗位职责：" that no division may leave without a role."""

_NONE = -9.0
"""Stands for a statistic over no places."""

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
    out = scores.copy()
    out[slots.section_lines(d.slots), tags.ROLE] -= SURE
    if len(more):
        out[:, : tags.COUNT] += more
    judged = judge(model, d, pieces, out, trees.packaged("second.npz"))
    if not len(judged.odds):
        return out, judged.path
    best = chosen(model, d, pieces, judged)
    return _believed(model, judged, best), best.path


def judge(model: Model, d: Description, pieces: Sequence[Piece], out: Floats, of_places: Trees) -> Judged:
    """The first reading and the second look."""
    path = network.best_path(model, out[:, : tags.COUNT])
    found = second.candidates(model, d, pieces, out, path)
    odds = trees.judge(of_places, found.features) if len(found.places) else np.zeros(0)
    return Judged(out, path, found, odds)


def chosen(model: Model, d: Description, pieces: Sequence[Piece], judged: Judged) -> Division:
    """The division that ranks highest; of those that name any role, where a place is about as likely as not to begin one, or where
    without one the text of a role would be left over."""
    put = divisions(model, d, judged)
    if len(put) == 1:
        return put[0]
    rank = trees.judge(trees.packaged("division.npz"), features(model, d, pieces, judged, put))
    best = put[int(rank.argmax())]
    if not best.begins.any() and (judged.odds.max() > EVEN or _is_left(model, d, judged.out, best.path)):
        rank[[not division.begins.any() for division in put]] = -np.inf
    return put[int(rank.argmax())]


def _is_left(model: Model, d: Description, out: Floats, path: Sequence[int]) -> bool:
    """Whether a reading that names no role has a section such as "岗位职责：" and its entries, and begins no role either."""
    read = np.array(path)
    body = read >= tags.FIRST_BODY
    duties, demands, *_ = second.sums(read)[:, -1]
    if duties + demands < LEFT or not (body & slots.section_lines(d.slots)).any():
        return False
    odds = out[int(body.argmax()), tags.COUNT] / model.temperature
    return bool(odds < np.log(BEGINS / (1 - BEGINS)))


def divisions(model: Model, d: Description, judged: Judged) -> list[Division]:
    """What is put forward, and how the document reads under each."""
    return [_divided(model, judged, begins) for begins in _masks(d, judged, _first(judged))]


def _first(judged: Judged) -> Mask:
    """Which places the first reading has begin a role."""
    out: Mask = np.array(judged.path)[judged.found.places] == tags.ROLE
    return out


def _divided(model: Model, judged: Judged, begins: Mask) -> Division:
    """How the document reads where just these places begin a role."""
    return Division(begins, network.best_path(model, _decided(judged, begins)[:, : tags.COUNT]))


def _decided(judged: Judged, begins: Mask) -> Floats:
    """The scores with it decided which of the places begin a role."""
    out = judged.out.copy()
    out[judged.found.places, tags.ROLE] += np.where(begins, SURE, -SURE)
    return out


def _believed(model: Model, judged: Judged, best: Division) -> Floats:
    """The scores, those of role headings at the places such that each has the odds that it was judged to have.

    What the file itself says of a place (`hints.CERTAIN`) stands.
    """
    out, places, heat = judged.out.copy(), judged.found.places, model.temperature
    score = network.given(model, out[:, : tags.COUNT], best.path)[places] / heat
    own = score[:, tags.ROLE] - np.logaddexp.reduce(np.delete(score, tags.ROLE, axis=1), axis=1)
    out[places, tags.ROLE] += heat * np.where(np.abs(own) < SURE, judged.odds - own, 0)
    return out


def _masks(d: Description, judged: Judged, first: Mask) -> list[Mask]:
    """The places of each division: of the first reading, beyond some bound, none, all that are alike, each alone."""
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
    alone = [n for n in np.argsort(-odds, kind="stable")[:ALONE].tolist() if odds[n] > LEAST_ALONE]
    masks += list(np.eye(len(odds), dtype=bool)[alone])
    return list({mask.tobytes(): mask for mask in masks}.values())[:MOST]


# -- what divisions are ranked by, all of them at once ------------------------------------------------------------------


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
