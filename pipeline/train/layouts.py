"""Train the models of structure and of titles from annotated documents.

    python -m pipeline.train.layouts DOCUMENTS ... --corpus postings.jsonl.gz --out pipeline/segment

First on pages composed of a corpus's postings, which teach what duties, demands and headings sound like; then on the
documents, varied anew in each epoch. The same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from pipeline import annotation
from pipeline.annotation import Annotation
from pipeline.segment import network, tags
from pipeline.segment.network import Model
from pipeline.train import annotated, augment, compose, corpus, harvest, postings, second, structure, titles
from pipeline.train.annotated import Annotated

SEED = 12
PAGES, PAGE_EPOCHS = 3000, 4
EPOCHS, RATE = 16, 3e-3
VARIED = 0.6
"""Share of the documents of an epoch that are varied."""

FOLDS = 4
"""Parts of the families that are each left out once, for what is learnt from readings of unseen documents. The packaged
network is the mean of the networks of all folds: steadier on strangers than one that saw every document."""

EVERY = 3
"""One posting in so many is taken for the composed pages."""

MADE_UP = 9000
"""Titles put together, and as many that postings have."""

HEADINGS = 48_000
"""Composed role headings for the model of titles."""


def base(path: Path, log: Callable[[str], None]) -> tuple[structure.Network, harvest.Harvest]:
    """A network that has seen composed pages only, and what they were composed of."""
    texts = ((p.title, p.text) for n, p in enumerate(corpus.read(path)) if n % EVERY == 0)
    stock = harvest.harvest(texts)
    pages = [annotated.of(page) for page in compose.pages(stock, PAGES, SEED)]
    log(f"{len(stock.posts)} postings make {len(pages)} pages")
    torch.manual_seed(SEED)
    net = structure.Network()
    structure.fit(net, lambda rng: pages, PAGE_EPOCHS, RATE, SEED, size=12, chained=0.2, log=log)
    return net, stock


_RANKS = ("",) * 8 + ("高级", "副", "资深", "初级", "见习", "助理", "特聘", "首席", "总")
"""What stands before a trade in every second title: part of it, not a word like "招聘" before it."""


TWICE = 0.1
"""Share of the titles that name two posts at once: "会计兼出纳"."""


def names(seed: int, count: int) -> list[str]:
    """Titles put together from the words of trades and of posts."""
    rng = random.Random(seed)

    def name() -> str:
        return rng.choice(_RANKS) + rng.choice(compose.words("trade")) + rng.choice(compose.words("post"))

    joint = ("兼", "及", "与", "、", "/")
    return [name() + (rng.choice(joint) + name() if rng.random() < TWICE else "") for _ in range(count)]


def varied(documents: Sequence[Annotation], share: float) -> structure.Source:
    """The documents of each epoch, some of them dressed differently."""
    plain = [annotated.of(d) for d in documents]
    parts = [augment.parts_of(d) for d in documents]
    wardrobe = augment.wardrobe_of(documents, names(SEED, 2000))

    def epoch(rng: random.Random) -> Iterator[Annotated]:
        for document, original in zip(plain, parts, strict=True):
            if rng.random() >= share:
                yield document
                continue
            other = annotated.of(augment.whole(augment.varied(original, wardrobe, rng), "varied", "varied"))
            yield other if other.pieces else document

    return lambda rng: list(epoch(rng))


def fit_titles(documents: Sequence[Annotation], known: Sequence[str]) -> titles.Network:
    """The model of titles from the role headings of documents and from some composed of these, known and made-up titles."""
    rows = [heading for d in documents for heading in titles.headings(annotated.of(d))]
    pool = sorted({text[a:b] for text, (a, b) in rows}) + names(SEED, MADE_UP)
    pool += random.Random(SEED).sample(known, min(len(known), MADE_UP))
    rows = rows * 3 + list(titles.composed(pool, HEADINGS, SEED))
    random.Random(SEED).shuffle(rows)
    return titles.fit(rows, 6, SEED)


def out_of_fold(
    documents: Sequence[Annotation], start: structure.Network, log: Callable[[str], None]
) -> Iterator[tuple[structure.Network, list[Annotated]]]:
    """Networks trained without one part of the families each, and the documents of that part."""
    for fold in range(FOLDS):
        kept = [d for d in documents if zlib.crc32(d.family.encode()) % FOLDS != fold]
        apart = [annotated.of(d) for d in documents if zlib.crc32(d.family.encode()) % FOLDS == fold]
        net = structure.Network()
        net.load_state_dict(start.state_dict())
        structure.fit(net, varied(kept, VARIED), EPOCHS, RATE, SEED + fold)
        log(f"fold {fold}: {len(kept)} documents, {len(apart)} apart")
        yield net, apart


def temperature(readings: Sequence[tuple[Model, list[Annotated]]]) -> float:
    """What the scores have to be divided by for probabilities to be true on documents that were not trained on.

    The one with the best likelihood of the right tags (temperature scaling: Guo et al., 2017).
    """
    rows, right = [], []
    for model, documents in readings:
        for document in documents:
            emissions = network.scores(model, document.description)[:, : tags.COUNT]
            rows.append(network.given(model, emissions, network.best_path(model, emissions)))
            right.append(document.allowed)
    score, allowed = np.concatenate(rows), np.concatenate(right)

    def loss(t: float) -> float:
        chance = np.exp((score - score.max(axis=1, keepdims=True)) / t)
        return float(-np.log((chance * allowed).sum(axis=1) / chance.sum(axis=1) + 1e-9).mean())

    return min((round(0.5 + 0.1 * n, 1) for n in range(60)), key=loss)


def main() -> None:
    """Train the models and write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("documents", nargs="+", type=Path, help="folders of annotated documents")
    parser.add_argument("--corpus", type=Path, required=True, help="postings as JSON lines with id, title and text")
    parser.add_argument("--out", type=Path, required=True, help="folder for structure.npz, second.npz and titles.npz")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    documents = [d for path in arguments.documents for d in annotation.folder(path)] + [
        d for d, _ in postings.annotated(arguments.corpus)
    ]
    print(f"{len(documents)} annotated documents", flush=True)
    start, stock = base(arguments.corpus, print)
    trained = list(out_of_fold(documents, start, lambda line: print(line, flush=True)))
    readings = [(structure.to_model(net), apart) for net, apart in trained]
    tables = [second.table(model, apart) for model, apart in readings]
    rows = np.vstack([x for x, _ in tables]), np.concatenate([y for _, y in tables])
    second.save(second.fit(rows), arguments.out / "second.npz")
    sure = temperature(readings)
    print(f"{len(rows[1])} places for the second look; temperature {sure}", flush=True)
    structure.save(structure.mean([net for net, _ in trained]), arguments.out / "structure.npz", sure)
    titles.save(fit_titles(documents, stock.titles), arguments.out / "titles.npz")


if __name__ == "__main__":
    main()
