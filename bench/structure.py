"""Which model of structure holds on layouts it has not seen: cross-validation that leaves whole families out.

    python bench/structure.py --corpus postings.jsonl.gz [--folds 4] [--only 2] [--models crf trees network plain]

All models see the same pieces and the same features. `crf` is a linear chain over the features of a piece and of its
neighbours (python-crfsuite), `trees` gradient-boosted trees over the same with a Viterbi pass on top (LightGBM),
`network` the packaged kind of model, `plain` the same without the composed pages. Prints for each model the share of
pieces whose tag is right, and precision, recall and F of the beginnings of roles.
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from pipeline import annotation
from pipeline.segment import tags
from pipeline.segment.describe import SLOTS
from pipeline.train import layouts, structure
from pipeline.train.annotated import Annotated, of

DOCUMENTS = Path(__file__).resolve().parents[1] / "tests" / "documents"
Predict = Callable[[Annotated], list[int]]
Fit = Callable[[Sequence[Annotated]], Predict]

SEED = 12
AROUND = (-2, -1, 0, 1, 2)
"""Neighbours whose features a piece sees in the models that have no layers for that."""


def fold_of(family: str, folds: int) -> int:
    """The fold of a family; the same on any machine."""
    return zlib.crc32(family.encode()) % folds


def right_tags(document: Annotated) -> list[int]:
    """One right tag for each piece: the first of those that are."""
    return [int(row.argmax()) for row in document.allowed]


def rows_of(document: Annotated) -> np.ndarray:
    """The slots of each piece and of its neighbours, as numbers."""
    slots = document.description.slots
    padded = np.vstack([np.full((2, slots.shape[1]), -1), slots, np.full((2, slots.shape[1]), -1)])
    return np.hstack([padded[2 + a : 2 + a + len(slots)] for a in AROUND])


def fit_crf(documents: Sequence[Annotated]) -> Predict:
    """A linear chain on strings: slots and n-grams of the piece, slots of its neighbours."""
    import pycrfsuite

    def features(document: Annotated) -> list[list[str]]:
        d = document.description
        rows = rows_of(document)
        names = [f"{a}{name}" for a in AROUND for name, _ in SLOTS]
        out = []
        for i, row in enumerate(rows):
            own = [f"{n}={v}" for n, v in zip(names, row.tolist(), strict=True) if v]
            own += [f"w{k}={v}" for k, v in enumerate(d.words[i].tolist())]
            own += [f"b={v}" for v in d.pairs[d.starts[i] : max(d.starts[i], d.ends[i] - 1)][:30].tolist()]
            out.append(own)
        return out

    trainer = pycrfsuite.Trainer(verbose=False)
    for document in documents:
        trainer.append(features(document), [str(t) for t in right_tags(document)])
    trainer.set_params({"c1": 0.3, "c2": 0.05, "max_iterations": 90, "feature.possible_transitions": True})
    path = f"/tmp/structure-{time.time_ns()}.crf"
    trainer.train(path)
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    return lambda document: [int(t) for t in tagger.tag(features(document))]


def fit_trees(documents: Sequence[Annotated]) -> Predict:
    """Boosted trees on slots and on hashed words folded to few buckets, with transitions counted and a Viterbi pass."""
    import lightgbm

    def matrix(document: Annotated) -> np.ndarray:
        return np.hstack([rows_of(document), document.description.words % 512])

    x = np.vstack([matrix(d) for d in documents])
    y = np.concatenate([right_tags(d) for d in documents])
    model = lightgbm.LGBMClassifier(
        n_estimators=80, num_leaves=31, learning_rate=0.1, n_jobs=1, verbose=-1, random_state=SEED
    )
    model.fit(x, y)
    counts = np.ones((tags.COUNT, tags.COUNT))
    for document in documents:
        path = right_tags(document)
        np.add.at(counts, (path[:-1], path[1:]), 1)
    transitions = np.log(counts / counts.sum(axis=1, keepdims=True)) - np.log(counts.sum(axis=0) / counts.sum())

    def predict(document: Annotated) -> list[int]:
        chance = np.full((len(document.pieces), tags.COUNT), 1e-6)
        chance[:, model.classes_] = model.predict_proba(matrix(document))
        emissions = np.log(np.maximum(chance, 1e-6))
        score, back = emissions[0], []
        for row in emissions[1:]:
            total = score[:, None] + 0.5 * transitions
            back.append(total.argmax(axis=0))
            score = total.max(axis=0) + row
        path = [int(score.argmax())]
        for arg in reversed(back):
            path.append(int(arg[path[-1]]))
        return path[::-1]

    return predict


def network_fit(start: structure.Network | None) -> Fit:
    """The packaged kind of model, from a network that has seen composed pages, or from nothing."""

    def fit(documents: Sequence[Annotated]) -> Predict:
        net = structure.Network()
        if start:
            net.load_state_dict(start.state_dict())
        source = layouts.varied([d.annotation for d in documents], layouts.VARIED)
        structure.fit(net, source, layouts.EPOCHS, layouts.RATE, SEED)
        return lambda document: structure.decode(net, document.description)[0]

    return fit


def measure(documents: Sequence[Annotated], predict: Predict) -> np.ndarray:
    """Counts: pieces, right ones; beginnings of named roles found, right, wanted."""
    total = np.zeros(5, int)
    for document in documents:
        path = np.array(predict(document))
        total[0] += len(path)
        total[1] += document.allowed[np.arange(len(path)), path].sum()
        wanted = {*np.flatnonzero((document.begins == 1) & document.allowed[:, tags.ROLE])}
        free = {*np.flatnonzero(document.begins == -1)}
        found = {*np.flatnonzero(path == tags.ROLE)}
        total[2:] += len(found - free), len(found & wanted), len(wanted)
    return total


def main() -> None:
    """Cross-validate and print a line for each model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--only", type=int, default=4, help="folds that are measured")
    parser.add_argument("--models", nargs="+", default=["crf", "trees", "plain", "network"])
    arguments = parser.parse_args()
    documents = [of(d) for d in annotation.folder(DOCUMENTS / "taught")]
    base = layouts.base(arguments.corpus, print)[0] if "network" in arguments.models else None
    ways: dict[str, Fit] = {
        "crf": fit_crf,
        "trees": fit_trees,
        "plain": network_fit(None),
        "network": network_fit(base),
    }
    print(f"{len(documents)} documents, {len({d.annotation.family for d in documents})} families")
    for name in arguments.models:
        total, began = np.zeros(5, int), time.process_time()
        for fold in range(arguments.only):
            kept = [d for d in documents if fold_of(d.annotation.family, arguments.folds) != fold]
            apart = [d for d in documents if fold_of(d.annotation.family, arguments.folds) == fold]
            total += measure(apart, ways[name](kept))
        pieces, tagged, found, right, wanted = total.tolist()
        p, r = right / max(1, found), right / max(1, wanted)
        cost = (time.process_time() - began) / arguments.only
        print(
            f"{name:8} tags {tagged / pieces:.3f}  roles P {p:.3f} R {r:.3f} F {2 * p * r / (p + r):.3f}  {cost:.0f} s a fold",
            flush=True,
        )


if __name__ == "__main__":
    main()
