"""The model of structure at work: from the description of pieces to what each of them is, with its probability.

The layers (trained by `pipeline/train/structure.py`): summed embeddings of the features, dilated convolutions over the
pieces (Yu & Koltun, 2016), twice a look at the mean of the pieces that are of the same words, the same shape and the
same line and at the lines above and below, and a linear chain on top (Lafferty et al., 2001).

All weights and activations lie on a grid of powers of two, so that every sum is exact whatever its order: the same text
gets the same labels on any machine, with any number of threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelError
from pipeline.segment import tags
from pipeline.segment.describe import SIZES, Description
from pipeline.segment.hashing import Ints

Floats = NDArray[np.float64]

GRID = 256.0
"""Steps of an activation in 1."""

EMBEDDING_GRID = 128.0
"""Steps of an embedding's weight in 1; a weight has 8 bits."""

WEIGHT_GRID = 1024.0
"""Steps of any other weight in 1; a weight has 16 bits."""

DILATIONS = (1, 2, 4, 8, 16, 1, 4, 16)
POOL_AFTER = (1, 4, 6)
"""Layers after which a piece looks at the pieces of the same words, shape and line."""

MOST = 2000
"""Pieces that are looked at together; a longer text is read in parts, so that cost stays linear and memory bounded."""

MARGIN = 64
"""Pieces of context on either side of a part: more than the convolutions reach."""


class Model(NamedTuple):
    """The weights, as they lie in the file."""

    slots: NDArray[np.int8]
    words: NDArray[np.int8]
    bag: NDArray[np.int8]
    bias: Floats
    convs: tuple[tuple[Floats, Floats], ...]
    pools: tuple[tuple[Floats, Floats], ...]
    out: tuple[Floats, Floats]
    transitions: Floats
    first: Floats
    temperature: float
    """Divides the scores before they are read as probabilities: found on documents that were not trained on."""


class Read(NamedTuple):
    """What the model says of n pieces: tag, probability of the tag's label and of its kind, probability that a role
    begins there, and that a heading stands under another one."""

    tags: list[int]
    label: Floats
    kind: Floats
    begins: Floats
    deeper: Floats


@cache
def packaged() -> Model:
    """The model that comes with the package."""
    with as_file(files(__package__).joinpath("structure.npz")) as path:
        return load(path)


def load(path: Path) -> Model:
    """A model out of its file. Raises ModelError when it is missing, none, or of another version."""
    try:
        with path.open("rb") as file, np.load(file) as data:
            return model_of({name: data[name] for name in data.files})
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise ModelError(f"{path}: no model of structure of this version ({error})") from error


def model_of(arrays: Mapping[str, NDArray[Any]]) -> Model:
    """A model out of its arrays. Raises KeyError and ValueError where they are not those of one."""
    wide = {k: v.astype(np.float64) / WEIGHT_GRID for k, v in arrays.items() if v.dtype == np.int16}
    if arrays["slots"].shape[0] != sum(SIZES) or wide["first"].shape != (tags.COUNT,):
        raise ValueError("its features or tags are others")
    return Model(
        arrays["slots"],
        arrays["words"],
        arrays["bag"],
        wide["bias"],
        tuple((wide[f"conv{i}"], wide[f"conv{i}_bias"]) for i in range(len(DILATIONS))),
        tuple((wide[f"pool{i}"], wide[f"pool{i}_bias"]) for i in range(len(POOL_AFTER))),
        (wide["out"], wide["out_bias"]),
        wide["transitions"],
        wide["first"],
        float(arrays["temperature"]),
    )


def scores(model: Model, d: Description) -> Floats:
    """One row for each piece: the tags' emissions, then the log-odds of a beginning and of a deeper heading."""
    h = _relu(_embedded(model, d))
    groups = [_Group.of(g) for g in (d.same, d.alike, d.style, d.line)]
    pools = iter(model.pools)
    for i, ((weight, bias), step) in enumerate(zip(model.convs, DILATIONS, strict=True)):
        pad = np.zeros((step, h.shape[1]))
        around = np.concatenate([np.concatenate([pad, h])[: len(h)], h, np.concatenate([h, pad])[step:]], axis=1)
        h = h + _relu(around @ weight + bias)
        if i in POOL_AFTER:
            weight, bias = next(pools)
            parts = [h, *(g.mean(h) for g in groups), h[d.before], h[d.after]]
            h = h + _relu(np.concatenate(parts, axis=1) @ weight + bias)
    weight, bias = model.out
    out: Floats = h @ weight + bias
    return out


def _relu(x: Floats) -> Floats:
    return np.maximum(np.rint(x * GRID), 0) / GRID


def _embedded(model: Model, d: Description) -> Floats:
    whole = model.slots[d.slots + _slot_bases()].sum(axis=1, dtype=np.int64)
    whole += model.words[d.words].sum(axis=1, dtype=np.int64)
    sizes = d.ends - d.starts
    ids = np.repeat(d.starts - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
    last = np.cumsum(sizes) - 1
    bag = model.bag[d.bag[ids]].astype(np.int64)
    pairs = model.bag[d.pairs[ids]].astype(np.int64)
    pairs[last] = 0
    total = np.add.reduceat(bag + pairs, np.concatenate([[0], last[:-1] + 1]))
    scaled = np.rint(total / np.sqrt(2 * sizes - 1)[:, None])
    out: Floats = (whole + scaled) / EMBEDDING_GRID + model.bias
    return out


@cache
def _slot_bases() -> Ints:
    return np.concatenate([[0], np.cumsum(SIZES)[:-1]])


class _Group(NamedTuple):
    """Pieces that share their mean."""

    number: Ints
    order: Ints
    bounds: Ints
    sizes: Ints

    @classmethod
    def of(cls, number: Ints) -> _Group:
        sizes = np.bincount(number)
        return cls(number, np.argsort(number, kind="stable"), np.cumsum(sizes) - sizes, sizes)

    def mean(self, h: Floats) -> Floats:
        sums = np.add.reduceat(h[self.order], self.bounds)
        out: Floats = (np.rint(sums / self.sizes[:, None] * GRID) / GRID)[self.number]
        return out


def best_path(model: Model, emissions: Floats) -> list[int]:
    """The likeliest sequence of tags (Viterbi, 1967); of equal ones that of the lower tags."""
    score = model.first + emissions[0]
    back = []
    for row in emissions[1:]:
        total = score[:, None] + model.transitions
        arg = total.argmax(axis=0)
        back.append(arg)
        score = total[arg, _EACH] + row
    tag = int(score.argmax())
    path = [tag]
    for arg in reversed(back):
        tag = int(arg[tag])
        path.append(tag)
    return path[::-1]


_EACH = np.arange(tags.COUNT)


def given(model: Model, emissions: Floats, path: Sequence[int]) -> Floats:
    """The score of every tag of each piece, the pieces on either side of it being what the path says."""
    out = emissions.copy()
    out[1:] += model.transitions[path[:-1]]
    out[:-1] += model.transitions[:, path[1:]].T
    out[0] += model.first
    return out


def read(model: Model, out: Floats, path: list[int]) -> Read:
    """The tags of all pieces, and how sure they are: each piece's probability given the tags on either side of it."""
    score = given(model, out[:, : tags.COUNT], path) / model.temperature
    chance = np.exp(score - score.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    groups = np.array([_label_group(t) for t in range(tags.COUNT)])
    kinds = np.array([tags.KINDS.index(k) if (k := tags.kind(t)) else -1 for t in range(tags.COUNT)])
    label = (chance * (groups[path][:, None] == groups)).sum(axis=1)
    body = (chance * (kinds >= 0)).sum(axis=1)
    kind = (chance * (kinds[path][:, None] == kinds)).sum(axis=1) / np.maximum(body, 1e-9)
    kind[kinds[path] < 0] = 0.0  # what has no kind, should it be given one later, was not sure of it
    extra = 1 / (1 + np.exp(-out[:, tags.COUNT :] / model.temperature))
    return Read(path, label, kind, extra[:, 0], extra[:, 1])


def _label_group(tag: int) -> int:
    label = tags.label(tag)
    return tag if label is None or tag < tags.FIRST_BODY else tags.FIRST_BODY + tags.BODY.index(label)
