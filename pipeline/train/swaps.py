"""Train the discovery of swaps that no table holds, on postings that the project rewrites itself.

    python -m pipeline.train.swaps CORPUS OUT_FOLDER [--apart TEXTS.jsonl ...]

Writes the usual words of the field (`usual-words.npy`), counted on what the language model was counted on, and the two
models (`swaps.json`). Half of the held-out postings are rewritten with swaps drawn from the lexicons, seeded; of those
most are hidden from the lexicon of synonyms, since pages come with swaps that it lacks. The other half is left to measure
on (`corpus.Posting.measured`).
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.clean import clean
from pipeline.correct import discover
from pipeline.correct.discover import NAMES, ON_PAGE, Found
from pipeline.correct.language import Floats, encode, load
from pipeline.correct.rescoring import Scored
from pipeline.correct.usual import load_usual
from pipeline.train import corpus
from pipeline.train.decision import fit
from pipeline.train.language import split, texts

WORDS, LEAST = 1100, 2.0
"""Usual words kept, and the entropy of their neighbours and their pointwise mutual information from which they are words."""

PAGES, SOUND, HIDDEN, KEPT = 2400, 0.45, 0.6, 0.12
"""Pages to train on; shares of them that are left alone, of swaps hidden, and of occurrences that are not swapped."""

DENSITIES = (0.08, 0.15, 0.3, 0.5)
SEED = 3


class Page(NamedTuple):
    """What is found on a page, and which of it is right."""

    found: list[Found]
    right: list[bool]
    size: int


def usual_words(kept: list[str]) -> NDArray[np.uint32]:
    """The most frequent two-character words of texts, as code points: what stands in many contexts and sticks together."""
    text = "\n".join(kept)
    ids = load().ids
    codes, size = encode(ids, text), int(ids.max()) + 1
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    han = (points >= 0x4E00) & (points < 0xA000) & (codes > 3)
    at = np.flatnonzero(han[:-1] & han[1:])
    at = at[(at > 0) & (at < len(codes) - 2)]
    words, inverse, count = np.unique(codes[at] * size + codes[at + 1], return_inverse=True, return_counts=True)
    entropy = [_entropy(inverse * size + codes[at + side], size, count) for side in (-1, 2)]
    single = np.bincount(codes, minlength=size)
    mutual = np.log(count * len(codes) / (single[words // size] * single[words % size]))
    fit_words = np.flatnonzero((entropy[0] >= LEAST) & (entropy[1] >= LEAST) & (mutual >= LEAST))
    best = fit_words[np.argsort(-count[fit_words], kind="stable")[:WORDS]]
    characters = np.zeros(size, np.uint32)
    characters[ids[points[han]]] = points[han]
    return np.stack([characters[words[best] // size], characters[words[best] % size]], 1)


def _entropy(pairs: NDArray[np.int64], size: int, count: NDArray[np.int64]) -> Floats:
    found, times = np.unique(pairs, return_counts=True)
    word = found // size
    share = times / count[word]
    return np.bincount(word, -share * np.log(share), minlength=len(count)).astype(np.float64)


def swaps() -> dict[str, list[str]]:
    """For each usual word what lexicons know to have been put for it."""
    out: dict[str, list[str]] = defaultdict(list)
    for swapped, original, *_ in (*lexicons.rows("spin"), *lexicons.rows("synonyms")):
        if swapped not in out[original]:
            out[original].append(swapped)
    return dict(out)


def rewrite(text: str, table: dict[str, str], chance: random.Random) -> tuple[str, dict[int, tuple[str, str]]]:
    """A text with the words of a table swapped in, and at which offsets what stands for what."""
    pattern = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    parts: list[str] = []
    truth: dict[int, tuple[str, str]] = {}
    last = size = 0
    for m in pattern.finditer(text):
        if chance.random() < KEPT:
            continue
        parts += [text[last : m.start()], table[m[0]]]
        size += m.start() - last
        truth[size] = (table[m[0]], m[0])
        size += len(table[m[0]])
        last = m.end()
    return "".join([*parts, text[last:]]), truth


def pages(path: Path) -> Iterator[Page]:
    """The pages to train on."""
    chance, table = random.Random(SEED), swaps()
    originals, usual = sorted(table), load_usual()
    known = dict(usual.synonyms)
    postings = [p for p in corpus.read(path) if p.held_out and not p.measured][:PAGES]
    for posting in postings:
        text, truth, hidden = clean(posting.text).text, dict[int, tuple[str, str]](), set[tuple[str, str]]()
        if chance.random() >= SOUND:
            density = chance.choice(DENSITIES)
            drawn = {o: chance.choice(table[o]) for o in originals if chance.random() < density}
            hidden = {(swapped, o) for o, swapped in drawn.items() if chance.random() < HIDDEN}
            if drawn:
                text, truth = rewrite(text, drawn, chance)
        usual.synonyms.clear()
        usual.synonyms.update(
            {w: frozenset(i for i in rows if (w, usual.texts[i]) not in hidden) for w, rows in known.items()}
        )
        found = discover.find(load(), text, Scored.of(load(), text))
        right = [any(truth.get(p) == (f.word, f.right) for p in f.places) for f in found]
        yield Page(found, right, len(text))
    usual.synonyms.clear()
    usual.synonyms.update(known)


def train(collected: list[Page]) -> dict[str, dict[str, object]]:
    """The two models: what a swap is worth alone, and what on its page."""
    collected = [page for page in collected if page.found]
    right = np.array([r for page in collected for r in page.right])
    alone = np.array([f.features for page in collected for f in page.found])
    weights, bias = fit(alone, right)
    chances = 1 / (1 + np.exp(-(alone @ weights + bias)))
    bounds = np.cumsum([0, *(len(page.found) for page in collected)])
    rows = [
        discover.on_page(page.found, chances[a:b], page.size)[0]
        for page, a, b in zip(collected, bounds, bounds[1:], strict=False)
    ]
    weights_on_page, bias_on_page = fit(np.concatenate(rows), right)
    print(f"{len(right)} swaps considered, {int(right.sum())} right, on {len(collected)} pages")
    return {
        "swap": {"bias": round(bias, 4), "weights": _named(NAMES, weights)},
        "swap on its page": {"bias": round(bias_on_page, 4), "weights": _named(ON_PAGE, weights_on_page)},
    }


def _named(names: tuple[str, ...], weights: Floats) -> dict[str, float]:
    return {name.strip(): round(float(w), 4) for name, w in zip(names, weights, strict=True)}


def main() -> None:
    """Count the usual words, train the models, and write both."""
    parser = argparse.ArgumentParser(description="Train the discovery of swaps.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path, help="folder of the model's files")
    parser.add_argument("--apart", type=Path, nargs="*", default=[], help="JSON lines with texts not to count")
    arguments = parser.parse_args()
    kept, _ = split(corpus.read(arguments.corpus), [t for path in arguments.apart for t in texts(path)])
    np.save(arguments.out / "usual-words.npy", usual_words(kept))
    models = train(list(pages(arguments.corpus)))
    (arguments.out / "swaps.json").write_text(json.dumps(models, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
