"""Train the models of structure and of titles from annotated documents.

    python -m pipeline.train.layouts DOCUMENTS ... --corpus postings.jsonl.gz --out pipeline/segment

First on pages composed of a corpus's postings, which teach what duties, demands and headings sound like; then on the
documents, varied anew in each epoch. The same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import torch

from pipeline import annotation
from pipeline.annotation import UNNAMED, Annotation, Mark
from pipeline.train import annotated, augment, compose, corpus, structure, titles
from pipeline.train.annotated import Annotated

SEED = 12
PAGES, PAGE_EPOCHS = 3000, 4
EPOCHS, RATE = 18, 3e-3
VARIED = 0.6
"""Share of the documents of an epoch that are varied."""

EVERY = 3
"""One posting in so many is taken for the composed pages."""

HEADINGS = 12_000
"""Composed role headings for the model of titles."""


def postings(path: Path) -> list[Annotation]:
    """The annotated postings of the corpus: their marks are in `postings.jsonl`, their text is in the corpus alone."""
    rows = [json.loads(line) for line in files(__package__).joinpath("postings.jsonl").read_text("utf-8").splitlines()]
    wanted = {row["id"]: row["marks"] for row in rows}
    return [
        Annotation(p.id, p.id, p.text, tuple(_mark(p.text, row) for row in wanted[p.id]))
        for p in corpus.read(path)
        if p.id in wanted
    ]


def _mark(text: str, row: list[object]) -> Mark:
    start, end, label, kinds, alt, level, spans = row
    names = tuple(UNNAMED if span is None else text[span[0] : span[1]] for span in spans)  # type: ignore[attr-defined]
    return Mark(start, end, label, tuple(kinds), tuple(alt), level, names)  # type: ignore[arg-type]


def base(path: Path, log: Callable[[str], None]) -> tuple[structure.Network, compose.Harvest]:
    """A network that has seen composed pages only, and what they were composed of."""
    texts = ((p.title, p.text) for n, p in enumerate(corpus.read(path)) if n % EVERY == 0)
    stock = compose.harvest(texts)
    pages = [annotated.of(page) for page in compose.pages(stock, PAGES, SEED)]
    log(f"{len(stock.posts)} postings make {len(pages)} pages")
    torch.manual_seed(SEED)
    net = structure.Network()
    structure.fit(net, lambda rng: pages, PAGE_EPOCHS, RATE, SEED, size=12, chained=0.2, log=log)
    return net, stock


def names(seed: int, count: int) -> list[str]:
    """Titles put together from the words of trades and of posts."""
    rng = random.Random(seed)
    return [
        rng.choice(["", "", "", "高级", "副"]) + rng.choice(compose.words("trade")) + rng.choice(compose.words("post"))
        for _ in range(count)
    ]


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


def fit_titles(documents: Sequence[Annotation]) -> titles.Network:
    """The model of titles from the role headings of documents and from composed ones."""
    rows = [heading for d in documents for heading in titles.headings(annotated.of(d))]
    pool = sorted({text[a:b] for text, (a, b) in rows}) + names(SEED, 3000)
    rows = rows * 3 + list(titles.composed(pool, HEADINGS, SEED))
    random.Random(SEED).shuffle(rows)
    return titles.fit(rows, 8, SEED)


def main() -> None:
    """Train both models and write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("documents", nargs="+", type=Path, help="folders of annotated documents")
    parser.add_argument("--corpus", type=Path, required=True, help="postings as JSON lines with id, title and text")
    parser.add_argument("--out", type=Path, required=True, help="folder for structure.npz and titles.npz")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    documents = [d for path in arguments.documents for d in annotation.folder(path)] + postings(arguments.corpus)
    print(f"{len(documents)} annotated documents", flush=True)
    titles.save(fit_titles(documents), arguments.out / "titles.npz")
    net, _ = base(arguments.corpus, print)
    torch.save(net.state_dict(), arguments.out / "structure-base.pt")
    structure.fit(net, varied(documents, VARIED), EPOCHS, RATE, SEED, log=print)
    torch.save(net.state_dict(), arguments.out / "structure.pt")
    structure.save(net, arguments.out / "structure.npz")


if __name__ == "__main__":
    main()
