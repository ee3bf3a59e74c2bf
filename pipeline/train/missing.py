"""Train the search for characters that were left out, on postings from which the project takes some.

    python -m pipeline.train.missing CORPUS OUT_FOLDER

Writes `missing.npz`. The postings and language models are those that swaps are learnt on (`pipeline.train.swaps`), so that
an odd place in a field that the model does not know is no gap for that. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.missing import Matrix, find
from pipeline.correct.rescoring import Scored
from pipeline.train import boost, noise
from pipeline.train.swaps import sources

SOUND, MOST, ROUNDS = 0.3, 3, 3
"""The share of the postings that are left whole, the most characters that are taken from one, and how often each is used."""

SEED = 7


def rows(path: Path) -> Iterator[tuple[Matrix, NDArray[np.bool_]]]:
    """What is found in each posting, and which of it was taken out of it."""
    chance = random.Random(SEED)
    for source in sources(path):
        for again in range(ROUNDS):
            for text in source.texts:
                count = 0 if again == 0 and chance.random() < SOUND else chance.randint(1, MOST)
                noisy = noise.drop(text, count, chance)
                found = find(source.language, noisy.text, Scored.of(source.language, noisy.text))
                if found is not None:
                    put = zip(found.places.tolist(), found.characters, strict=True)
                    yield found.features, np.array([noise.restores(noisy, at, char) for at, char in put])


def main() -> None:
    """Train the model and write it."""
    parser = argparse.ArgumentParser(description="Train the search for missing characters.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path, help="folder of the model")
    arguments = parser.parse_args()
    found = list(rows(arguments.corpus))
    features, right = np.concatenate([f for f, _ in found]), np.concatenate([r for _, r in found])
    print(f"missing: {len(right)} characters, {int(right.sum())} right, of {len(found)} pages")
    boost.save({"alone": boost.grow(features, right)}, arguments.out / "missing.npz")


if __name__ == "__main__":
    main()
