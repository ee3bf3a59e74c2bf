"""Train the decision over all proposals: sound and noisy texts of known and unknown trades, and the project's own scans.

    python -m pipeline.train.decision CORPUS LAWS DOCUMENTS OUT_FOLDER --scans SCANS.jsonl ...

Scans are rows with `truth` and `ocr`, of texts that no language model counted. Needs scikit-learn. The same files give the same
bytes.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import orjson

from pipeline.clean import clean
from pipeline.correct.decide import weigh
from pipeline.correct.decide.trees import Trees
from pipeline.correct.language import context
from pipeline.train import boost, noise, pages
from pipeline.train.pages import Labelled
from pipeline.train.sources import Scan, Source, sources

SEED = 5

NETWORK = Path(__file__).with_name("context-apart.npz")

PART = 3
"""Of so many scans one is also taken in part, since pages are stitched together."""


def scans(paths: Sequence[Path]) -> list[Scan]:
    """The pages, and of some also a part of what was read amid what was printed."""
    chance, out = random.Random(SEED), list[Scan]()
    for path in paths:
        for number, row in enumerate(map(orjson.loads, path.read_bytes().splitlines())):
            out.append(Scan(row["id"], clean(row["ocr"]).text, row["truth"]))
            if number % PART == 0:
                out.append(out[-1]._replace(ocr=clean(noise.stitch(row["truth"], row["ocr"], chance)).text))
    return out


def collect(source: Source, read: Sequence[Scan]) -> Iterator[Labelled]:
    """The labelled pages of a source: its texts with noise, and the scans that are strange to its language model."""
    yield from pages.noisy(source, random.Random(SEED))
    for scan in filter(source.strange, read):
        labelled = pages.scanned(source.language, scan.ocr, scan.truth)
        if labelled:
            yield labelled


def train(found: Sequence[Labelled]) -> dict[str, Trees]:
    """The three models: what a proposal is worth alone, what among those of its page, and what in its sentence."""
    right = np.concatenate([page.right for page in found])
    alone = np.concatenate([page.rows.columns for page in found])
    half = np.arange(len(found)) // 4 % 2 == 0  # a text and its noise together
    chances = boost.halves(alone, right, np.repeat(half, [len(page.right) for page in found]))
    bounds = np.cumsum([0, *(len(page.right) for page in found)])
    looked, rows = [], []
    for page, a, b in zip(found, bounds, bounds[1:], strict=False):
        looked.append(np.flatnonzero(chances[a:b] > weigh.AGAIN))
        rows.append(weigh.on_page(page.page, page.rows, chances[a:b], {}, looked[-1]))
    columns = np.concatenate(rows)
    kept = np.concatenate([page.right[again] for page, again in zip(found, looked, strict=True)])
    then = boost.halves(columns, kept, np.repeat(half, [len(again) for again in looked]))
    closely, rows, at = then > weigh.CLOSELY, [], 0
    for page, again in zip(found, looked, strict=True):
        part, at = slice(at, at + len(again)), at + len(again)
        close = closely[part]
        if close.any():
            of_page = columns[part][close], then[part][close], again[close]
            rows.append(weigh.in_sentence(page.language, page.page, page.rows, *of_page))
    print(
        f"{len(right)} proposals, {int(right.sum())} right, on {len(found)} pages; {len(kept)} looked at again, "
        f"{int(closely.sum())} closely"
    )
    return {
        "alone": boost.grow(alone, right),
        "on_page": boost.grow(columns, kept),
        "in_sentence": boost.grow(np.concatenate(rows), kept[closely]),
    }


def main() -> None:
    """Train and write the models; print what they were trained on."""
    parser = argparse.ArgumentParser(description="Train the decision over proposals.")
    parser.add_argument("corpus", type=Path, help="postings")
    parser.add_argument("laws", type=Path)
    parser.add_argument("documents", type=Path, help="folder of annotated documents")
    parser.add_argument("out", type=Path, help="folder of the models")
    parser.add_argument(
        "--network", type=Path, default=NETWORK, help="a character network that has seen none of the fields"
    )
    parser.add_argument("--scans", type=Path, nargs="+", required=True)
    arguments = parser.parse_args()
    read, found = scans(arguments.scans), list[Labelled]()
    for source in sources(arguments.corpus, arguments.laws, arguments.documents, context.read(arguments.network)):
        before = len(found)
        found += collect(source, read)
        print(f"{source.name}: {len(source.texts)} texts, {len(found) - before} pages", flush=True)
    boost.save(train(found), arguments.out / "decision.npz")


if __name__ == "__main__":
    main()
