"""Train the discovery of swaps that no table holds, on postings that the project rewrites itself.

    python -m pipeline.train.swaps CORPUS OUT_FOLDER

Writes the two models, `swaps.npz`. Half of the held-out postings are rewritten several times, each time with swaps drawn
from the lexicons, seeded; many of those are hidden from the lexicon of synonyms, since pages come with swaps that it
lacks. The other half is left to measure on (`corpus.Posting.measured`). Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping
from math import exp, log
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clean import clean
from pipeline.correct.discover import on_page
from pipeline.correct.evidence import Evidence, find
from pipeline.correct.language import load
from pipeline.correct.rescoring import Scored
from pipeline.correct.trees import Trees
from pipeline.correct.usual import load_usual
from pipeline.train import boost, corpus, noise

ROUNDS, SOUND = 4, 0.4
"""Times that each posting is rewritten, and the share of postings that are left alone, once."""

TYPED, UNFAMILIAR, TERMS = 0.5, 0.9, 8
"""Shares of the postings that are left alone in which the other times words are mistyped, and of the rest up to so many
words are terms of a trade that nothing knows: an odd word that fits is no swap for that alone."""

FEWEST, MOST = 0.03, 0.5
"""The share of words that a table has swaps for, drawn evenly by its logarithm between these."""

HIDDEN = (0.3, 0.6, 0.8, 1.0)
"""Shares of a table that the lexicon does not know."""

SEED = 3


class Page(NamedTuple):
    """What is found on a page, which of it is right, and which half of the postings it belongs to."""

    found: Evidence
    right: NDArray[np.bool_]
    size: int
    half: bool


def pages(path: Path) -> Iterator[Page]:
    """The pages to train on."""
    chance, table = random.Random(SEED), noise.swaps()
    originals, alike = sorted(table), noise.homophones(load_usual())
    texts = [clean(p.text).text for p in corpus.read(path) if p.held_out and not p.measured]
    for again in range(ROUNDS):
        for number, text in enumerate(texts):
            hidden: set[tuple[str, str]] = set()
            noisy = noise.Noisy(text, {})
            if chance.random() >= SOUND:
                share = exp(chance.uniform(log(FEWEST), log(MOST)))
                drawn = {o: chance.choice(table[o]) for o in originals if chance.random() < share}
                part = chance.choice(HIDDEN)
                hidden = {(swapped, o) for o, swapped in drawn.items() if chance.random() < part}
                noisy = noise.rewrite(text, drawn, chance)
            elif again and chance.random() < TYPED:
                noisy = noise.mistype(text, alike, chance.choice((1, 1, 2, 3)), chance)
            elif again and chance.random() < UNFAMILIAR:
                noisy = noise.Noisy(noise.unfamiliar(text, load_usual(), chance.randint(1, TERMS), chance), {})
            elif again:
                continue
            page = _page(*noisy, hidden, number % 2 == 0)
            if page:
                yield page


def _page(text: str, truth: Mapping[int, tuple[str, str]], hidden: set[tuple[str, str]], half: bool) -> Page | None:
    usual = load_usual()
    known = dict(usual.synonyms)
    for swapped, original in hidden:
        if original in usual.at:
            usual.synonyms[swapped] -= {usual.at[original]}
    found = find(load(), text, Scored.of(load(), text))
    usual.synonyms.update(known)
    if found is None:
        return None
    pairs = [(found.names[n], right) for n, right in zip(found.word.tolist(), found.right, strict=True)]
    right = [any(truth.get(p) == pair for p in found.places(row)) for row, pair in enumerate(pairs)]
    return Page(found, np.array(right), len(text), half)


def train(collected: list[Page]) -> dict[str, Trees]:
    """The two models: what a swap is worth alone, and what on its page."""
    right = np.concatenate([page.right for page in collected])
    alone = np.concatenate([page.found.features for page in collected])
    half = np.repeat([page.half for page in collected], [len(page.right) for page in collected])
    chances = boost.halves(alone, right, half)
    bounds = np.cumsum([0, *(len(page.right) for page in collected)])
    again = [on_page(p.found, chances[a:b], p.size) for p, a, b in zip(collected, bounds, bounds[1:], strict=False)]
    rows = np.concatenate([page.rows + start for page, start in zip(again, bounds, strict=False)])
    print(f"{len(right)} swaps considered, {int(right.sum())} right, on {len(collected)} pages")
    features = np.concatenate([page.features for page in again])
    return {"alone": boost.grow(alone, right), "on_page": boost.grow(features, right[rows])}


def main() -> None:
    """Train the models and write them."""
    parser = argparse.ArgumentParser(description="Train the discovery of swaps.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path, help="folder of the models")
    arguments = parser.parse_args()
    boost.save(train(list(pages(arguments.corpus))), arguments.out / "swaps.npz")


if __name__ == "__main__":
    main()
