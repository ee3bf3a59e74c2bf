"""Which of the candidate places begin a role: decided jointly, since the posts of a document stand or fall together.

Several divisions of the document into roles are put forward, the document is read under each, and boosted trees rank them
(XE-NDCG: Bruch, 2021; trained by `pipeline/train/division.py`): by what the places were judged to be, by what the first
reading loses, by how alike the roles are, and by what is left over.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.segment import network, ranking, second, slots, tags, trees
from pipeline.segment.cut import Piece
from pipeline.segment.describe import Description
from pipeline.segment.layers import Floats
from pipeline.segment.network import Model
from pipeline.segment.ranking import Division, Judged, Mask
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

AGREEMENT = 0.1
"""What the trees' score gains for each unit of the log-likelihood of a division, were each place to begin a role with the odds that it
was judged to have. Trees see that, too, but tell no long lists apart by it: of 139 posts of a handbook three were left out that
were each likelier than not."""

LEFT = 3
"""Entries of duties or demands under a heading such as "岗位职责：" that no division may leave without a role."""


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
    rows = ranking.features(model, d, pieces, judged, put)
    rank = trees.judge(trees.packaged("division.npz"), rows) + AGREEMENT * rows[:, ranking.AGREES]
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
    searched: network.Searched = {}
    return [_divided(model, judged, begins, searched) for begins in _masks(d, judged, _first(judged))]


def _first(judged: Judged) -> Mask:
    """Which places the first reading has begin a role."""
    out: Mask = np.array(judged.path)[judged.found.places] == tags.ROLE
    return out


def _divided(model: Model, judged: Judged, begins: Mask, searched: network.Searched) -> Division:
    """How the document reads where just these places begin a role."""
    return Division(begins, network.best_path(model, _decided(judged, begins)[:, : tags.COUNT], searched))


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
