"""Train the models of structure and of titles from annotated documents.

    python -m pipeline.train.layouts DOCUMENTS ... --corpus postings.jsonl.gz --laws laws.jsonl.gz --out pipeline/segment

First on pages composed of a corpus's postings, which teach what duties, demands and headings sound like; then on the
documents, varied anew in each epoch, and on excerpts of laws, which are numbered and speak of duties but describe no
post. The same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import os
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from pipeline import annotation
from pipeline.annotation import Annotation, Mark
from pipeline.segment import network, tags
from pipeline.segment.characters import Reader
from pipeline.segment.network import Model
from pipeline.train import annotated, augment, compose, corpus, division, harvest, postings, second, structure, titles
from pipeline.train.annotated import Annotated

SEED = 12
PAGES, PAGE_EPOCHS = 3000, 4
EPOCHS, RATE = 10, 3e-3
LAST, LAST_RATE = 3, 1e-3
"""Epochs after that which see the documents as they are."""

VARIED = 0.6
"""Share of the documents of an epoch that are varied."""

EXCERPTS, OF_EPOCH = 600, 60
"""Excerpts of laws, and how many of them an epoch sees."""
SHORTEST, LONGEST = 400, 2000
"""Characters of an excerpt."""

FOLDS = 2
"""Parts of the families that are each left out once, for what is learnt from readings of unseen documents. The packaged
network saw every document: it reads strangers better than the mean of such, and scores as they do, one by one, whose
readings the trees were trained on."""

EVERY = 3
"""One posting in so many is taken for the composed pages."""

MADE_UP = 9000
"""Titles put together, and as many that postings have."""

HEADINGS, TITLE_EPOCHS = 48_000, 10
"""Composed role headings for the model of titles, and how often it sees all."""


def base(path: Path, log: Callable[[str], None]) -> tuple[structure.Network, harvest.Harvest]:
    """A network that has seen composed pages only, and what they were composed of."""
    texts = ((p.title, p.text) for n, p in enumerate(corpus.read(path)) if n % EVERY == 0)
    stock = harvest.harvest(texts)
    pages = [annotated.of(page) for page in compose.pages(stock, PAGES, SEED)]
    log(f"{len(stock.posts)} postings make {len(pages)} pages")
    torch.manual_seed(SEED)
    net = structure.Network()
    net.reads = False  # composed pages say in the words of postings what the characters should not be bent to
    structure.fit(net, lambda rng: pages, PAGE_EPOCHS, RATE, SEED, size=12, chained=0.2, log=log)
    net.reads = True
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


def excerpts(path: Path, seed: int) -> list[Annotated]:
    """Stretches of laws, from line to line, annotated as part of no role."""
    rng = random.Random(seed)
    texts = [law.text for law in corpus.read(path) if len(law.text) > 2 * LONGEST]
    out = []
    for text in rng.sample(texts, min(EXCERPTS, len(texts))):
        start = text.find("\n", rng.randrange(len(text) - LONGEST)) + 1
        words = text[start : start + rng.randrange(SHORTEST, LONGEST)].rsplit("\n", 1)[0]
        out.append(annotated.of(Annotation("law", "law", words, (Mark(0, len(words), "boilerplate"),))))
    return [excerpt for excerpt in out if excerpt.pieces]


def varied(documents: Sequence[Annotation], share: float, laws: Sequence[Annotated] = ()) -> structure.Source:
    """The documents of each epoch, some of them dressed differently, and some of the excerpts of laws."""
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
        yield from rng.sample(laws, min(OF_EPOCH, len(laws)))

    return lambda rng: list(epoch(rng))


def fit_titles(documents: Sequence[Annotation], known: Sequence[str], reader: Reader) -> titles.Network:
    """The model of titles from the role headings of documents and from some composed of these, known and made-up titles."""
    rows = [heading for d in documents for heading in titles.headings(annotated.of(d))]
    pool = sorted({text[a:b] for text, (a, b) in rows}) + names(SEED, MADE_UP)
    pool += random.Random(SEED).sample(known, min(len(known), MADE_UP))
    rows = rows * 3 + list(titles.composed(pool, HEADINGS, SEED))
    random.Random(SEED).shuffle(rows)
    return titles.fit(rows, reader, TITLE_EPOCHS, SEED)


def _is_apart(document: Annotation, fold: int) -> bool:
    """Whether a fold leaves the document out; of fold FOLDS there is none."""
    return zlib.crc32(document.family.encode()) % FOLDS == fold


def _fitted(
    documents: Sequence[Annotation], laws: Sequence[Annotated], start: structure.Network, fold: int
) -> structure.Network:
    torch.set_num_threads(1)
    net = structure.Network()
    net.load_state_dict(start.state_dict())
    kept = [d for d in documents if not _is_apart(d, fold)]
    structure.fit(net, varied(kept, VARIED, laws), EPOCHS, RATE, SEED + fold)
    structure.fit(net, varied(kept, 0.0, laws), LAST, LAST_RATE, SEED + fold, chained=1.0)
    return net


def networks(
    documents: Sequence[Annotation], laws: Sequence[Annotated], start: structure.Network
) -> list[structure.Network]:
    """Networks trained without one part of the families each, and then one of all documents, a core for each."""
    with ProcessPoolExecutor(min(FOLDS + 1, os.cpu_count() or 1), mp_context=get_context("fork")) as pool:
        return list(pool.map(partial(_fitted, documents, laws, start), range(FOLDS + 1)))


Reading = tuple[Model, list[Annotated]]
"""A network, and documents that it was not trained on."""


def looks(readings: Sequence[Reading], out: Path, log: Callable[[str], None]) -> None:
    """Train and write what decides where roles begin: the judgement of each place, and the choice of a division."""
    tables = [second.table(model, apart) for model, apart in readings]
    rows = np.vstack([x for x, _ in tables]), np.concatenate([y for _, y in tables])
    second.save(second.fit(rows), out / "second.npz")
    found = [
        group
        for fold, (model, apart) in enumerate(readings)
        for group in division.groups(model, [*tables[:fold], *tables[fold + 1 :]], apart)
    ]
    second.save(division.fit(found), out / "division.npz")
    log(f"{len(rows[1])} places; {sum(len(y) for _, y in found)} divisions of {len(found)} documents")


def temperature(readings: Sequence[Reading]) -> float:
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
    parser.add_argument("--laws", type=Path, required=True, help="laws as JSON lines with id and text")
    parser.add_argument("--out", type=Path, required=True, help="folder for structure, second, division and titles.npz")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    documents = [d for path in arguments.documents for d in annotation.folder(path)] + [
        d for d, _ in postings.annotated(arguments.corpus)
    ]
    print(f"{len(documents)} annotated documents", flush=True)
    start, stock = base(arguments.corpus, print)
    *trained, whole = networks(documents, excerpts(arguments.laws, SEED), start)
    print(f"{len(trained)} networks and one", flush=True)
    readings = [
        (structure.to_model(net), [annotated.of(d) for d in documents if _is_apart(d, fold)])
        for fold, net in enumerate(trained)
    ]
    looks(readings, arguments.out, print)
    sure = temperature(readings)
    print(f"temperature {sure}", flush=True)
    structure.save(whole, arguments.out / "structure.npz", sure)
    reader = structure.to_model(whole).reader
    titles.save(fit_titles(documents, stock.titles, reader), arguments.out / "titles.npz")


if __name__ == "__main__":
    main()
