"""Train the decision over misread characters on the project's own scans.

    python -m pipeline.train.decision SCANS.jsonl ... --clean CORPUS --out FOLDER

Scans are rows with `truth` and `ocr`, of postings that the language model did not count. Each is also taken in part,
a stretch of what was read amid what was printed, since pages are stitched together. The held-out postings of the corpus
show what sound pages look like: there every change is wrong. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from pipeline.clean import clean
from pipeline.correct import before_misread, damage, scan, slips
from pipeline.correct import page as pages
from pipeline.correct.channel import LOST, load_channel
from pipeline.correct.decision import Model
from pipeline.correct.language import Floats, load
from pipeline.correct.misread import PHANTOM_HINT
from pipeline.correct.page import Page
from pipeline.correct.scan import Changes, Matrix
from pipeline.correct.trees import Trees
from pipeline.correct.usual import load_usual
from pipeline.train import boost, corpus, noise

ROUNDS = 40
RIDGE = 1.0
SEED = 5

TERMS = 12
"""Words of a sound page that are made terms of a trade that nothing knows."""


class Rows(NamedTuple):
    """The changes proposed for a page, and whether each is right."""

    page: Page
    mended: int
    misread: Changes
    phantom: Changes
    misread_right: NDArray[np.bool_]
    phantom_right: NDArray[np.bool_]


def printed(page: Page, truth: str) -> dict[int, str]:
    """For each Han character of a page what was printed there; '?' where that cannot be told."""
    places = [i for i, c in enumerate(page.text) if _han(c)]
    seen, true = "".join(page.text[i] for i in places), "".join(filter(_han, truth))
    out: dict[int, str] = {}
    for tag, i, j, k, m in difflib.SequenceMatcher(None, seen, true, autojunk=False).get_opcodes():
        for n in range(i, j):
            even = tag == "equal" or j - i == m - k
            out[places[n]] = true[k + n - i] if even else "" if tag == "delete" else "?" + true[k:m]
    return out


def _han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _right(changes: Changes, true: dict[int, str], characters: dict[int, str]) -> NDArray[np.bool_]:
    put = ["" if code == LOST else characters[code] for code in changes.codes.tolist()]
    there = [true.get(place, "?") for place in changes.places.tolist()]
    return np.array([t == p or (t[:1] == "?" and p != "" and p in t) for t, p in zip(there, put, strict=True)], bool)


def collect(texts: Iterator[tuple[str, str | None]]) -> Iterator[Rows]:
    """The changes that would be proposed for pages, with what was printed on them; None: what stands there."""
    language, channel = load(), load_channel()
    characters = language.characters
    for ocr, truth in texts:
        revision = before_misread(clean(ocr))
        page = pages.read(language, revision.text)
        if len(page.codes):
            true = printed(page, truth) if truth is not None else {}
            misread, phantom = scan.misread(language, channel, page), scan.phantoms(language, page)
            rights = (_right(changes, true, characters) for changes in (misread, phantom))
            yield Rows(page, len(slips(revision)), misread, phantom, *rights)


def fit(features: Matrix, right: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Weights and bias of a logistic regression (Newton's method, a ridge on standardised weights)."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    inputs = np.concatenate([np.ones((len(features), 1)), (features - mean) / spread], axis=1)
    weights = np.zeros(inputs.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-(inputs @ weights)))
        slope = inputs.T @ (right - chance) - RIDGE * weights
        curve = inputs.T @ (inputs * (chance * (1 - chance) + 1e-6)[:, None]) + RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, slope)
    scaled = weights[1:] / spread
    return scaled, float(weights[0] - (scaled * mean).sum())


def scans(paths: Sequence[Path]) -> Iterator[tuple[str, str | None]]:
    """Text read and text printed of each page, whole and in part."""
    chance = random.Random(SEED)
    for path in paths:
        for row in map(orjson.loads, path.read_bytes().splitlines()):
            yield row["ocr"], row["truth"]
            yield noise.stitch(row["truth"], row["ocr"], chance), row["truth"]


def sound(path: Path) -> Iterator[tuple[str, str | None]]:
    """The postings of a corpus that are kept for training decisions, as they are and with terms that nothing knows."""
    chance = random.Random(SEED)
    for posting in corpus.read(path):
        if posting.held_out and not posting.measured:
            yield posting.text, None
            yield noise.unfamiliar(clean(posting.text).text, load_usual(), chance.randint(2, TERMS), chance), None


def invented(damaged: list[Rows]) -> Model:
    """The model of characters that were not printed, its weights rounded as they are written."""
    features = np.concatenate([rows.phantom.features for rows in damaged])
    right = np.concatenate([rows.phantom_right for rows in damaged])
    weights, bias = fit(features, right)
    print(f"not printed: {len(right)} changes, {int(right.sum())} right")
    return Model(scan.PHANTOM, np.array([round(float(w), 4) for w in weights]), round(bias, 4))


def misread(rows: list[Rows], phantom: Model) -> dict[str, Trees]:
    """The two models of misread characters: what a change is worth alone, and what on its page."""
    rows = [r for r in rows if len(r.misread_right)]
    right = np.concatenate([r.misread_right for r in rows])
    alone = np.concatenate([r.misread.features for r in rows])
    half = np.repeat(np.arange(len(rows)) // 2 % 2 == 0, [len(r.misread_right) for r in rows])  # a scan and its part
    chances = boost.halves(alone, right, half)
    bounds = np.cumsum([0, *(len(r.misread_right) for r in rows)])
    on_page = [
        damage.on_page(r.page, r.misread, chances[a:b], _signs(r, phantom))
        for r, a, b in zip(rows, bounds, bounds[1:], strict=False)
    ]
    print(f"misread: {len(right)} changes, {int(right.sum())} right, on {len(rows)} pages")
    return {"alone": boost.grow(alone, right), "on_page": boost.grow(np.concatenate(on_page), right)}


def _signs(rows: Rows, phantom: Model) -> damage.Signs:
    chances = phantom.chances(rows.phantom.features)
    return damage.Signs(len(scan.stretches(rows.page)), float(chances[chances >= PHANTOM_HINT].sum()), rows.mended)


def main() -> None:
    """Train and write the models; print what they were trained on."""
    parser = argparse.ArgumentParser(description="Train the decision over misread characters.")
    parser.add_argument("scans", type=Path, nargs="+")
    parser.add_argument("--clean", type=Path, required=True, help="corpus of postings")
    parser.add_argument("--out", type=Path, required=True, help="folder of the models")
    arguments = parser.parse_args()
    damaged = list(collect(scans(arguments.scans)))
    phantom = invented(damaged)
    written = {"bias": phantom.bias, "weights": dict(zip(phantom.names, phantom.weights.tolist(), strict=True))}
    (arguments.out / "decision.json").write_text(
        json.dumps({"phantom": written}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    whole = list(collect(sound(arguments.clean)))
    boost.save(misread([*damaged, *whole], phantom), arguments.out / "misread.npz")


if __name__ == "__main__":
    main()
