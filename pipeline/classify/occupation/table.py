"""The tables of weights at work: what the rows of a title, or of duties, say of each occupation.

A weight belongs to a row and to a node of the classification: an occupation, or one of the three levels above it, so
that what is learnt of one trade says something of its neighbours. The score of an occupation is the sum over its path.

Weights are whole steps of a power of two, summed exactly in whatever order, and scores are rounded to a grid before a
probability is made of them: the same title gets the same code on any machine. Trained by `pipeline/train/occupation.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.classify.occupation.features import Ints

Floats = NDArray[np.float64]

GRID = 16.0
"""Steps of a weight in 1; a weight has 8 bits."""
SCORE_GRID = 256.0
"""Steps of a score in 1."""
LEVELS = 4
FLOOR = 1 / 1024
"""What duties leave to each occupation at least, so that they can support a title but not overrule it."""


class Weights(NamedTuple):
    """Of the row `keys[i]` the nodes and weights from `starts[i]` to `starts[i + 1]`; `bias` is of each node,
    and 0 of one more that says nothing."""

    keys: Ints
    starts: Ints
    nodes: Ints
    steps: Floats
    bias: Floats


class Model(NamedTuple):
    """Both tables, and how they are weighed.

    `codes` and `names` are of all nodes; `named` finds the node of a name, the deeper one of two. A row of `paths` is an
    occupation: its node at each of the four levels, its own where there is no deeper one. `steps` are its columns, with
    the node of no weight for what only repeats the level above. `title_alone`, `title_weight`, `duty_weight` and
    `duty_scale` scale scores; a row of `sure` is of a level: the weights of what `evidence` gives; `least` is the
    confidence from which a level is said.
    """

    titles: Weights
    duties: Weights
    codes: tuple[str, ...]
    names: tuple[str, ...]
    named: Mapping[str, int]
    paths: Ints
    steps: Ints
    title_alone: float
    title_weight: float
    duty_weight: float
    duty_scale: float
    sure: Floats
    least: Floats


@cache
def packaged() -> Model:
    """The model that comes with the package; read once, on first use."""
    with as_file(files(__package__).joinpath("occupation.npz")) as path, np.load(path) as data:
        return model_of({name: data[name] for name in data.files})


def model_of(arrays: dict[str, NDArray[Any]]) -> Model:
    """A model out of its arrays, and the names of its nodes."""
    rows = lexicons.rows("occupations")
    codes, names = zip(*rows, strict=True)
    paths = paths_of(codes)
    again = np.diff(paths, axis=1, prepend=-1) == 0
    a = arrays["scales"]
    return Model(
        _weights(arrays, "titles"),
        _weights(arrays, "duties"),
        codes,
        names,
        {name: node for node, name in enumerate(names)},
        paths,
        np.ascontiguousarray(np.where(again, len(codes), paths).T),
        float(a[0]),
        float(a[1]),
        float(a[2]),
        float(a[3]),
        arrays["sure"],
        arrays["least"],
    )


def _weights(arrays: dict[str, NDArray[Any]], name: str) -> Weights:
    keys = np.cumsum(arrays[f"{name}_gaps"], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(arrays[f"{name}_sizes"], dtype=np.int64)])
    steps = arrays[f"{name}_weights"].astype(np.float64)
    bias = np.append(arrays[f"{name}_bias"] / GRID, 0.0)
    return Weights(keys, starts, arrays[f"{name}_nodes"].astype(np.int64), steps, bias)


def level_of(code: str) -> int:
    """1 of a main group such as 2-00-00-00, 4 of an occupation such as 2-06-03-01."""
    return 1 + sum(part != "00" for part in code.split("-")[1:])


def paths_of(codes: tuple[str, ...]) -> Ints:
    """A row for each code that has nothing below it: the places of its codes at levels 1 to 4, from 0.

    Where a level has no code of its own the one above stands for it, as an occupation does below its own level.
    """
    at = {code: i for i, code in enumerate(codes)}
    depth = {code: level_of(code) for code in codes}
    lines = {code: [c for c in _prefixes(code) if c in at] for code in codes}
    inner = {c for line in lines.values() for c in line if c != line[-1]}
    return np.array(
        [
            [at[[c for c in line if depth[c] <= level][-1]] for level in range(1, LEVELS + 1)]
            for code, line in lines.items()
            if code not in inner
        ],
        dtype=np.int64,
    )


def _prefixes(code: str) -> list[str]:
    """The code's main group, and so on down to itself."""
    parts = code.split("-")
    cut = ["-".join([*parts[:n], *["00"] * (LEVELS - n)]) for n in range(1, LEVELS + 1)]
    return list(dict.fromkeys(cut))


def scores(weights: Weights, rows: Ints, model: Model) -> Floats:
    """The score of each occupation: the sum over its path."""
    places = np.searchsorted(weights.keys, rows)
    places = places[weights.keys[np.minimum(places, len(weights.keys) - 1)] == rows]
    first = weights.starts[places]
    sizes = weights.starts[places + 1] - first
    taken = np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    sums = np.bincount(weights.nodes[taken], weights.steps[taken], minlength=len(model.codes) + 1)
    of_nodes = np.rint((sums / (GRID * np.sqrt(max(1, len(rows)))) + weights.bias) * SCORE_GRID)
    total: Floats = of_nodes[model.steps].sum(axis=0) / SCORE_GRID
    return total


def chances(scores_: Floats) -> Floats:
    """Probabilities of scores."""
    grown = np.exp(np.rint((scores_ - scores_.max()) * SCORE_GRID) / SCORE_GRID)
    out: Floats = grown / grown.sum()
    return out


def combined(model: Model, title: Floats, duties: Floats | None) -> Floats:
    """The probability of each occupation by the scores of a title, and of its duties where there are any."""
    if duties is None:
        return chances(model.title_alone * title)
    return chances(model.title_weight * title + model.duty_weight * np.log(chances(model.duty_scale * duties) + FLOOR))


def at_level(chance: Floats, paths: Ints, level: int, nodes: int) -> Floats:
    """The probability of each node of a level, from 1."""
    return np.bincount(paths[:, level - 1], chance, minlength=nodes).astype(np.float64)


def likeliest(mass: Floats, most: int) -> list[int]:
    """The places of the largest values, those of equal ones in their order."""
    found = np.flatnonzero(mass >= np.partition(mass, -most)[-most])
    return [int(i) for i in found[np.argsort(-mass[found], kind="stable")][:most]]


def evidence(mass: Floats, has_duties: bool) -> Floats:
    """What the confidence in the first of a level's nodes hangs on: a constant, its log-odds, whether duties were read."""
    first = float(mass.max())
    return np.array([1.0, np.log((first + _LITTLE) / (1 - first + _LITTLE)), float(has_duties)])


_LITTLE = 1 / 1024


def confidence(model: Model, mass: Floats, level: int, has_duties: bool) -> float:
    """The probability that the first of a level's nodes is right."""
    return float(1 / (1 + np.exp(-evidence(mass, has_duties) @ model.sure[level - 1])))
