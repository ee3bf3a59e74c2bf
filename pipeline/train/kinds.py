"""Train the model of kinds by weak supervision: entries under unmistakable headings teach it what entries say.

    python -m pipeline.train.kinds CORPUS OUT

Under a heading of duties an entry says duties. Under one of requirements it says requirements or qualities, and words
that occur in only one of the two decide; an entry with both, or neither, teaches nothing. Data programming: Ratner et
al., 2016. The learner is multinomial logistic regression with AdaGrad (Duchi et al., 2011) over `features.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.blocks import Corrected, Label, RoleBlocks
from pipeline.classify import features
from pipeline.classify.kinds import CLASSES
from pipeline.clean import clean
from pipeline.lexicons import rows
from pipeline.model import Kind
from pipeline.segment import segment
from pipeline.text import SourceText
from pipeline.train import corpus

EPOCHS = 2
RATE = 0.5
DECAY = 1e-4
BATCH = 2048
SEED = 7
LONGEST = 200
"""Characters; a longer entry is running text that says several things."""


_STRAY = (
    "熟悉",
    "精通",
    "具有",
    "具备",
    "良好",
    "较强",
    "有较",
    "有良",
    "有责任",
    "思路",
    "性格",
    "热爱",
    "为人",
    "工作认真",
    "能吃苦",
)
"""How requirements and qualities begin that strayed under a heading of duties."""


class Example(NamedTuple):
    """An entry and what it teaches."""

    text: str
    label: int
    held_out: bool


class Teacher:
    """Labels entries by the heading above them and by the cues of `lexicons/kind-cues.tsv`."""

    def __init__(self) -> None:
        self._cues: dict[str, list[str]] = {kind.value: [] for kind in Kind}
        for cue, kind in rows("kind-cues"):
            self._cues[kind].append(cue)

    def label(self, text: str, head: str | None) -> Kind | None:
        """What an entry under a heading of kind `head` says, None when that is in doubt."""
        counts = {kind: sum(cue in text for cue in cues) for kind, cues in self._cues.items()}
        if counts["other"] and not (counts["requirements"] or counts["qualities"]) and head != "duties":
            return Kind.OTHER
        if head == "duties":
            stray = counts["requirements"] >= 2 or counts["qualities"] >= 2 or text.startswith(_STRAY)
            return None if stray else Kind.DUTIES
        if head == "other":
            return Kind.OTHER
        if head in ("requirements", "qualities"):
            return self._candidate(counts["requirements"], counts["qualities"])
        return None

    @staticmethod
    def _candidate(hard: int, soft: int) -> Kind | None:
        if hard > 2 * soft:
            return Kind.REQUIREMENTS
        return Kind.QUALITIES if soft > 2 * hard else None


def examples(path: Path) -> Iterator[Example]:
    """The entries of a corpus that teach something, each text once."""
    teacher, seen = Teacher(), set[str]()
    for posting in corpus.read(path):
        revision = clean(posting.text)
        source = SourceText(revision.source, posting.id, "text/plain", "utf-8", "")
        for role in segment(source, Corrected(revision)).roles:
            for text, head in _entries(revision.text, role):
                kind = teacher.label(text, head) if 4 <= len(text) <= LONGEST and text not in seen else None
                if kind:
                    seen.add(text)
                    yield Example(text, CLASSES.index(kind), posting.held_out)


def _entries(text: str, role: RoleBlocks) -> Iterator[tuple[str, str | None]]:
    heads: list[tuple[int, str | None]] = []
    for block in role.blocks:
        while heads and heads[-1][0] >= block.depth:
            heads.pop()
        if block.label == Label.SECTION_HEADING:
            heads.append((block.depth, block.kind))
        elif block.label in (Label.ITEM, Label.PARAGRAPH):
            yield text[block.body : block.end], next((kind for _, kind in reversed(heads) if kind), None)


class Data:
    """All examples as one text, with the feature rows of each."""

    def __init__(self, found: list[Example]) -> None:
        sizes = np.array([len(e.text) for e in found])
        self._starts = np.concatenate([[0], np.cumsum(sizes + 1)[:-1]])
        self._ends = self._starts + sizes
        codes = features.codes("\n".join(e.text for e in found))
        self._two, self._three = features.ngrams(codes)
        self._edges = features.edges(codes, self._starts, self._ends)
        self.labels = np.array([e.label for e in found])
        self.held_out = np.array([e.held_out for e in found])

    def batch(self, index: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Feature rows of the examples, the example of each row, and each example's scale."""
        parts, counts = [], []
        for i in index:
            start, end = self._starts[i], self._ends[i]
            rows_here = [self._two[start : end - 1], self._three[start : max(start, end - 2)], self._edges[i]]
            parts += rows_here
            counts.append(sum(map(len, rows_here)))
        size = np.array(counts)
        return np.concatenate(parts), np.repeat(np.arange(len(index)), size), 1 / np.sqrt(size)


def fit(data: Data) -> NDArray[np.float64]:
    """The weights after EPOCHS passes over the training part; the same data give the same weights."""
    rng = np.random.default_rng(SEED)
    weights = np.zeros((features.SIZE, len(CLASSES)))
    squares = np.full_like(weights, 1e-3)
    train = np.flatnonzero(~data.held_out)
    share = np.bincount(data.labels[train], minlength=len(CLASSES)) / len(train)
    balance = (1 / np.maximum(share, 1e-6) / len(CLASSES)) ** 0.5
    for _ in range(EPOCHS):
        rng.shuffle(train)
        for at in range(0, len(train), BATCH):
            _step(data, train[at : at + BATCH], weights, squares, balance)
    return weights


def _step(
    data: Data,
    index: NDArray[np.int64],
    weights: NDArray[np.float64],
    squares: NDArray[np.float64],
    balance: NDArray[np.float64],
) -> None:
    feature, owner, scale = data.batch(index)
    slope = _chances(weights, feature, owner, scale, len(index))
    labels = data.labels[index]
    slope[np.arange(len(index)), labels] -= 1
    slope *= (balance[labels] * scale)[:, None]
    touched, inverse = np.unique(feature, return_inverse=True)
    for k in range(weights.shape[1]):
        gradient = np.bincount(inverse, slope[owner, k], len(touched)) + DECAY * weights[touched, k]
        squares[touched, k] += gradient**2
        weights[touched, k] -= RATE * gradient / np.sqrt(squares[touched, k])


def _chances(
    weights: NDArray[np.float64],
    feature: NDArray[np.int64],
    owner: NDArray[np.int64],
    scale: NDArray[np.float64],
    count: int,
) -> NDArray[np.float64]:
    columns = [np.bincount(owner, weights[feature, k], count) for k in range(weights.shape[1])]
    logits = np.stack(columns, axis=1) * scale[:, None]
    chance: NDArray[np.float64] = np.exp(logits - logits.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    return chance


def held_out_accuracy(data: Data, weights: NDArray[np.float64]) -> dict[str, float]:
    """Share of the held-out examples of each class whose class the weights find."""
    index = np.flatnonzero(data.held_out)
    best = np.concatenate(
        [_chances(weights, *data.batch(part), len(part)).argmax(axis=1) for part in np.array_split(index, 20)]
    )
    right = best == data.labels[index]
    return {kind.value: float(right[data.labels[index] == k].mean()) for k, kind in enumerate(CLASSES)}


def pack(weights: NDArray[np.float64]) -> tuple[NDArray[np.int8], np.float32]:
    """Weights in a byte each and their scale; the one in 2,000 largest are clipped."""
    scale = np.float32(np.quantile(np.abs(weights[weights != 0]), 0.9995) / 127)
    return np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale


def main(corpus_path: str, out: str) -> None:
    """Train on a corpus and write the packed weights."""
    data = Data(list(examples(Path(corpus_path))))
    weights = fit(data)
    packed, scale = pack(weights)
    np.savez_compressed(out, weights=packed, scale=scale)
    counts = np.bincount(data.labels, minlength=len(CLASSES))
    print("examples", dict(zip([k.value for k in CLASSES], counts.tolist(), strict=True)))
    print("held-out accuracy", {k: round(v, 4) for k, v in held_out_accuracy(data, weights).items()})


if __name__ == "__main__":
    main(*sys.argv[1:3])
