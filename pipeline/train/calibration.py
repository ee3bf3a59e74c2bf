"""From the scores of titles that were left out of training to a confidence, and to what is confident enough to be said.

The labels are rough: of titles that are an alias of the classification half bear another code. `occupation-read.tsv`
therefore holds what a reader found of some of the titles where model and label disagree: to which level the model was
right. Such a title counts for all that it was drawn from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.occupation import table
from pipeline.train.classification import Classification, Titled
from pipeline.train.softmax import Floats, Ints

NAMES = ("scales", "sure", "least")
"""What `calibrate` gives."""
AIM = 0.95
"""Of what is said at a level so much must be right."""
_STEPS = 64.0
"""Steps of a scale or weight in 1."""
_TRUST = 0.5
"""Of the weight that duties earn here: the tasks of the classification are in its own words, a posting's are not."""
_SCALES = np.arange(24, 129, 8) / _STEPS
_SHARP = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0)


class Judged(NamedTuple):
    """A title that was left out, its scores, and those of duties, if any."""

    titled: Titled
    by_title: Floats
    by_duties: Floats | None


def calibrate(known: Classification, cases: Sequence[Judged]) -> dict[str, NDArray[np.generic]]:
    """The arrays of a model that say how its tables are weighed."""
    alone = [c for c in cases if c.by_duties is None]
    both = [c for c in cases if c.by_duties is not None]
    first = max(_SCALES, key=lambda a: _likelihood(known, alone, a, 0.0, 1.0))
    sharp = max(_SHARP, key=lambda s: _likelihood(known, both, 0.0, 1.0, s))
    _, title, duty = max((_likelihood(known, both, a, b, sharp), a, b) for a in _SCALES for b in _SCALES[::2])
    scales = np.array([first, title, np.rint(duty * _TRUST * _STEPS) / _STEPS, sharp])
    print(f"scales: {scales}")
    chances = [chance(case, scales) for case in cases]
    sure, least = [], []
    for level in range(1, table.LEVELS + 1):
        facts = _facts(known, cases, chances, level)
        weights = _logistic(facts)
        sure.append(weights)
        least.append(_threshold(facts, weights, level))
    return {"scales": scales, "sure": np.array(sure), "least": np.array(least)}


def chance(case: Judged, scales: Floats) -> Floats:
    """The probability of each occupation."""
    if case.by_duties is None:
        return table.chances(scales[0] * case.by_title)
    return table.chances(
        scales[1] * case.by_title + scales[2] * np.log(table.chances(scales[3] * case.by_duties) + table.FLOOR)
    )


def _likelihood(known: Classification, cases: Iterable[Judged], title: float, duty: float, sharp: float) -> float:
    scales = np.array([title, title, duty, sharp])
    right = (chance(c, scales)[known.tree.below[c.titled.node]].sum() for c in cases)
    return float(np.log(np.array(list(right)) + 1e-6).sum())


class _Facts(NamedTuple):
    evidence: Floats
    right: NDArray[np.bool_]
    weight: Floats


def _facts(known: Classification, cases: Sequence[Judged], chances: Sequence[Floats], level: int) -> _Facts:
    """Evidence and outcome at a level, those read by a person in place of all where model and label disagree."""
    paths, verdicts = known.tree.paths, readings()
    evidence, right, apart, read = [], [], [], []
    for case, all_of in zip(cases, chances, strict=True):
        wanted = node_at(paths, known.tree.below[case.titled.node], level)
        if wanted is None:
            continue
        mass = table.at_level(all_of, paths, level, len(known.codes))
        said, path = int(mass.argmax()), paths[int(all_of.argmax())]
        verdict = verdicts.get((case.titled.title, known.codes[path[-1]])) if said == path[level - 1] else None
        evidence.append(table.evidence(mass, case.by_duties is not None))
        right.append(said == wanted or (verdict is not None and verdict >= level))
        apart.append(said != wanted)
        read.append(verdict is not None)
    told = np.array(evidence)
    return _Facts(told, np.array(right), _weighed(told[:, 1], np.array(apart), np.array(read)))


def _weighed(log_odds: Floats, apart: NDArray[np.bool_], read: NDArray[np.bool_]) -> Floats:
    """A weight for each case: among those that disagree with their label the read ones stand for the others of their band."""
    out = np.ones(len(apart))
    bands = np.digitize(log_odds, _BANDS)
    for band in np.unique(bands[read & apart]):
        unlike = (bands == band) & apart
        out[unlike] = 0.0
        out[unlike & read] = unlike.sum() / (unlike & read).sum()
    return out


_BANDS = (-2.0, -0.5, 0.5, 1.5, 2.5)
"""Of the log-odds of the first."""


def node_at(paths: Ints, below: Ints, level: int) -> int | None:
    """The node of a level that all the leaves below a label share; None where the label is less deep."""
    found = np.unique(paths[below, level - 1])
    return int(found[0]) if len(found) == 1 else None


def readings() -> dict[tuple[str, str], int]:
    """Title and code that the model said, and the level down to which a reader found that right, from 0."""
    lines = files(__package__).joinpath("occupation-read.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {(title, code): int(level) for title, code, level in rows}


def _logistic(facts: _Facts) -> Floats:
    """Logistic regression by Newton's method, slightly held back, its weights on a grid."""
    weights = np.zeros(facts.evidence.shape[1])
    for _ in range(30):
        said = 1 / (1 + np.exp(-facts.evidence @ weights))
        slope = facts.evidence.T @ (facts.weight * (said - facts.right)) + weights
        curve = (facts.evidence * (facts.weight * said * (1 - said))[:, None]).T @ facts.evidence
        weights -= np.linalg.solve(curve + np.eye(len(weights)), slope)
    out: Floats = np.rint(weights * _STEPS) / _STEPS
    return out


def _threshold(facts: _Facts, weights: Floats, level: int) -> float:
    """The least confidence from which AIM of the titles are right; more than 1 where there is none."""
    said = 1 / (1 + np.exp(-facts.evidence @ weights))
    order = np.argsort(-said, kind="stable")
    right = np.cumsum((facts.weight * facts.right)[order]) / np.maximum(np.cumsum(facts.weight[order]), 1e-9)
    good = np.flatnonzero((right >= AIM) & (np.arange(1, len(right) + 1) >= 40))
    if not len(good):
        return 1.01
    least = float(np.ceil(said[order][good[-1]] * 100) / 100)
    print(f"level {level}: said from {least:.2f}, {(said >= least).mean():.2f} of titles; weights {weights}")
    return least
