"""The model of structure at work: from the description of pieces to what each of them is, with its probability.

The layers (trained by `pipeline/train/structure.py`): summed embeddings of the features and what is read of the characters,
dilated convolutions over the pieces (Yu & Koltun, 2016), three times a look at the mean of the pieces that are of the same
words, the same shape and the same line and at the lines above and below, twice at all pieces (`attention`), and a linear
chain on top (Lafferty et al., 2001).

All weights and activations lie on a grid of powers of two, so that every sum is exact whatever its order: the same text
gets the same labels on any machine, with any number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelError
from pipeline.segment import attention, characters, layers, tags
from pipeline.segment.attention import Attention
from pipeline.segment.characters import Reader
from pipeline.segment.describe import SIZES, Description
from pipeline.segment.hashing import Ints
from pipeline.segment.layers import GRID, Floats

EMBEDDING_GRID = 128.0
"""Steps of an embedding's weight in 1; a weight has 8 bits."""

WEIGHT_GRID = 1024.0
"""Steps of any other weight in 1; a weight has 16 bits."""

DILATIONS = (1, 2, 4, 8, 16, 1, 4, 16)
REACH = max(DILATIONS)
POOL_AFTER = (1, 4, 6)
"""Layers after which a piece looks at the pieces of the same words, shape and line."""

ATTEND_AFTER = (4, 7)
"""Layers after which it looks at all pieces."""

MOST = 1000
"""Pieces that are looked at together; a longer text is read in parts, so that cost stays linear and memory bounded. The longest
document that was learnt from has 342."""

MARGIN = 64
"""Pieces of context on either side of a part: more than the convolutions reach."""


class Model(NamedTuple):
    """The weights; activations are counted in steps of GRID, so that biases are, too, and `out` turns steps to scores."""

    slots: NDArray[np.int8]
    words: NDArray[np.int8]
    bag: NDArray[np.int8]
    reader: Reader
    read: Floats
    bias: Floats
    convs: tuple[tuple[Floats, Floats], ...]
    pools: tuple[tuple[Floats, Floats], ...]
    looks: tuple[Attention, ...]
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
        characters.reader_of(arrays),
        wide["read"] * (GRID / characters.GRID),
        wide["bias"] * GRID,
        tuple((wide[f"conv{i}"], wide[f"conv{i}_bias"] * GRID) for i in range(len(DILATIONS))),
        tuple((wide[f"pool{i}"], wide[f"pool{i}_bias"] * GRID) for i in range(len(POOL_AFTER))),
        tuple(attention.attention_of(wide, i) for i in range(len(ATTEND_AFTER))),
        (wide["out"] / GRID, wide["out_bias"]),
        wide["transitions"],
        wide["first"],
        float(arrays["temperature"]),
    )


def scores(model: Model, d: Description) -> Floats:
    """One row for each piece: the tags' emissions, then the log-odds of a beginning and of a deeper heading."""
    n, width = len(d.slots), len(model.bias)
    rows = layers.padded(n)
    padded = np.zeros((REACH + rows + REACH, width))  # so that a piece may look beyond either end
    h = padded[REACH : REACH + n]
    h[:] = _embedded(model, d)
    around, near = np.zeros((rows, 3, width)), np.zeros((rows, _NEAR, width))
    groups = _Groups.of(d)
    pools, looks = iter(model.pools), iter(model.looks)
    for i, ((weight, bias), step) in enumerate(zip(model.convs, DILATIONS, strict=True)):
        for tap in range(3):
            first = REACH + (tap - 1) * step
            around[:n, tap] = padded[first : first + n]
        h += layers.activated(layers.product(around, weight)[:n] + bias)
        if i in POOL_AFTER:
            weight, bias = next(pools)
            near[:n, :-2] = h[:, None]
            groups.put_means(h, near.reshape(-1, width))
            h.take(d.before, axis=0, out=near[:n, -2])
            h.take(d.after, axis=0, out=near[:n, -1])
            h += layers.activated(layers.product(near, weight)[:n] + bias)
        if i in ATTEND_AFTER:
            attention.look(next(looks), h)
    weight, bias = model.out
    out: Floats = layers.product(padded[REACH : REACH + rows], weight)[:n] + bias
    return out


_NEAR = 7
"""What a piece looks at between layers: itself, the means of its four groups, the lines above and below."""


def _embedded(model: Model, d: Description) -> Floats:
    ids = (d.slots + _slot_bases()).T
    whole = layers.summed(model.slots, ids) + layers.summed(model.words, d.words.T)
    sizes = d.ends - d.starts
    stops = np.cumsum(sizes)
    firsts = stops - sizes
    places = np.repeat(d.starts - firsts, sizes) + np.arange(stops[-1])
    bag = layers.looked_up(model.bag, d.bag[places]).astype(np.int32)
    pairs = layers.looked_up(model.bag, d.pairs[places])
    pairs[stops - 1] = 0
    bag += pairs
    total = np.add.reduceat(bag, firsts)
    scaled = np.rint(total / np.sqrt(2 * sizes - 1)[:, None])
    said = np.zeros((layers.padded(len(sizes)), characters.PARTS))
    said[: len(sizes)] = characters.of_pieces(model.reader, d.points, d.starts, d.ends)
    said = layers.product(said, model.read)[: len(sizes)]
    return layers.activated((whole + scaled) * (GRID / EMBEDDING_GRID) + said + model.bias)


@cache
def _slot_bases() -> Ints:
    return np.concatenate([[0], np.cumsum(SIZES)[:-1]])


class _Groups(NamedTuple):
    """The groups of two and more pieces that share their mean: one row for each membership, ordered by group.

    `members` are the pieces, `places` their rows among what all pieces look at, `group` numbers the groups, which begin
    at `bounds` and have `sizes`.
    """

    members: Ints
    places: Ints
    group: Ints
    bounds: Ints
    sizes: Floats

    @classmethod
    def of(cls, d: Description) -> _Groups:
        n = len(d.same)
        numbers = np.concatenate([d.same, d.alike + n, d.style + 2 * n, d.line + 3 * n])
        shared = np.flatnonzero(np.bincount(numbers)[numbers] > 1)
        order = shared[numbers[shared].argsort(kind="stable")]
        sizes = np.bincount(numbers[order])
        sizes = sizes[sizes > 0]
        kind, member = np.divmod(order, n)
        group = np.repeat(np.arange(len(sizes)), sizes)
        return cls(member, member * _NEAR + 1 + kind, group, sizes.cumsum() - sizes, sizes[:, None].astype(np.float64))

    def put_means(self, h: Floats, near: Floats) -> None:
        """Writes the mean of each group to the rows of its members; a piece that is alone keeps its own row."""
        if len(self.members):
            means = np.add.reduceat(h.take(self.members, axis=0), self.bounds)
            means /= self.sizes
            near[self.places] = np.rint(means, out=means)[self.group]


Searched = dict[tuple[int, int, int | None, int | None, bytes], list[int]]
"""The likeliest tags of runs of pieces, by bounds, the tags before and after, and the scores of a role heading."""


def best_path(model: Model, emissions: Floats, searched: Searched | None = None) -> list[int]:
    """The likeliest sequence of tags; of equal ones that of the lower tags.

    A tag that leads by more than the transitions on both sides can make up for is on the likeliest path whatever its
    neighbours are. Only the runs of pieces between such ones are searched, and of emissions that differ in their role
    headings alone (the divisions of a document) each run once: `searched` keeps what was found.
    """
    searched = {} if searched is None else searched
    emissions = emissions.copy()
    emissions[0] += model.first
    swing = 2 * (model.transitions.max() - model.transitions.min())
    near = emissions >= emissions.max(axis=1, keepdims=True) - swing
    unsure = np.flatnonzero(near.sum(axis=1) > 1).tolist()
    path: list[int] = emissions.argmax(axis=1).tolist()
    for a, b in _runs(unsure):
        before, after = path[a - 1] if a else None, path[b] if b < len(path) else None
        run = a, b, before, after, emissions[a:b, tags.ROLE].tobytes()
        if run not in searched:
            searched[run] = _viterbi(model.transitions, emissions[a:b], before, after)
        path[a:b] = searched[run]
    return path


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The stretches of consecutive numbers."""
    for _, run in groupby(enumerate(places), key=lambda e: e[1] - e[0]):
        members = [place for _, place in run]
        yield members[0], members[-1] + 1


def _viterbi(transitions: Floats, emissions: Floats, before: int | None, after: int | None) -> list[int]:
    """The likeliest tags of a run (Viterbi, 1967), given the tags right before and after it, if there are any."""
    score = emissions[0] if before is None else emissions[0] + transitions[before]
    back = []
    for row in emissions[1:]:
        total = score[:, None] + transitions
        arg = total.argmax(axis=0)
        back.append(arg)
        score = total[arg, _EACH] + row
    tag = int((score if after is None else score + transitions[:, after]).argmax())
    path = [tag]
    for arg in reversed(back):
        tag = int(arg[tag])
        path.append(tag)
    return path[::-1]


_EACH = np.arange(tags.COUNT)


def given(model: Model, emissions: Floats, path: Sequence[int]) -> Floats:
    """The score of every tag of each piece, the pieces on either side of it being what the path says."""
    out, tag = emissions.copy(), np.array(path)
    out[1:] += model.transitions[tag[:-1]]
    out[:-1] += model.transitions.T[tag[1:]]
    out[0] += model.first
    return out


def read(model: Model, out: Floats, path: list[int]) -> Read:
    """The tags of all pieces, and how sure they are: each piece's probability given the tags on either side of it."""
    score = given(model, out[:, : tags.COUNT], path) / model.temperature
    chance = np.exp(score - score.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    tag = np.array(path)
    label = (chance * _SAME_LABEL[tag]).sum(axis=1)
    body = (chance * (_KIND_OF >= 0)).sum(axis=1)
    kind = (chance * _SAME_KIND[tag]).sum(axis=1) / np.maximum(body, 1e-9)
    kind[_KIND_OF[tag] < 0] = 0.0  # what has no kind, should it be given one later, was not sure of it
    extra = 1 / (1 + np.exp(-out[:, tags.COUNT :] / model.temperature))
    return Read(path, label, kind, extra[:, 0], extra[:, 1])


def _label_group(tag: int) -> int:
    label = tags.label(tag)
    return tag if label is None or tag < tags.FIRST_BODY else tags.FIRST_BODY + tags.BODY.index(label)


_LABEL_OF = np.array([_label_group(t) for t in range(tags.COUNT)])
_KIND_OF = np.array([tags.KINDS.index(k) if (k := tags.kind(t)) else -1 for t in range(tags.COUNT)])
_SAME_LABEL = _LABEL_OF[:, None] == _LABEL_OF
_SAME_KIND = _KIND_OF[:, None] == _KIND_OF
"""Which tags (columns) agree with a tag (a row) on its label, on its kind."""
