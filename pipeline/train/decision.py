"""Train the decision over misread characters on the project's own scans.

    python -m pipeline.train.decision SCANS.jsonl ... --clean CORPUS --out pipeline/correct/decision.json

Scans are rows with `truth` and `ocr`, of postings that the language model did not count. The held-out postings of the
corpus show what sound pages look like: there every change is wrong.
"""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from pipeline.clean import clean
from pipeline.correct import page as pages
from pipeline.correct import scan
from pipeline.correct.channel import LOST, load_channel
from pipeline.correct.language import Floats, load
from pipeline.correct.page import Page
from pipeline.correct.scan import Changes, Matrix
from pipeline.train import corpus

SOUND = 1500
"""Held-out postings taken for sound pages."""

ROUNDS = 40
RIDGE = 1.0


class Rows(NamedTuple):
    """Features of changes, and whether each is right."""

    features: list[Matrix]
    right: list[NDArray[np.bool_]]


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


def collect(texts: Iterator[tuple[str, str | None]]) -> dict[str, Rows]:
    """The changes that would be proposed for pages, with what was printed on them; None: what stands there."""
    language, channel = load(), load_channel()
    characters = {int(code): chr(at) for at, code in enumerate(language.ids) if code > 3}
    out = {"misread": Rows([], []), "phantom": Rows([], [])}
    for ocr, truth in texts:
        page = pages.read(language, clean(ocr).text)
        if not len(page.codes):
            continue
        true = printed(page, truth) if truth is not None else {}
        for name, changes in (
            ("misread", scan.misread(language, channel, page)),
            ("phantom", scan.phantoms(language, page)),
        ):
            out[name].features.append(changes.features)
            out[name].right.append(_right(changes, true, characters))
    return out


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
    """Text read and text printed of each page."""
    for path in paths:
        for row in map(orjson.loads, path.read_bytes().splitlines()):
            yield row["ocr"], row["truth"]


def sound(path: Path) -> Iterator[tuple[str, str | None]]:
    """Held-out postings of a corpus."""
    held = (p for p in corpus.read(path) if p.held_out)
    yield from ((p.text, None) for p in islice(held, SOUND))


def main() -> None:
    """Train and write the models; print what they were trained on."""
    parser = argparse.ArgumentParser(description="Train the decision over misread characters.")
    parser.add_argument("scans", type=Path, nargs="+")
    parser.add_argument("--clean", type=Path, required=True, help="corpus of postings")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    damaged, whole = collect(scans(arguments.scans)), collect(sound(arguments.clean))
    models = {}
    for name, names in (("misread", scan.MISREAD), ("phantom", scan.PHANTOM)):
        parts = [damaged[name], whole[name]] if name == "misread" else [damaged[name]]
        features = np.concatenate([f for p in parts for f in p.features])
        right = np.concatenate([r for p in parts for r in p.right])
        weights, bias = fit(features, right)
        rounded = {n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}
        models[name] = {"bias": round(bias, 4), "weights": rounded}
        print(f"{name}: {len(right)} changes, {int(right.sum())} right")
    arguments.out.write_text(json.dumps(models, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
