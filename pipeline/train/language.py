"""Count the language model from a corpus.

    python -m pipeline.train.language CORPUS OUT_FOLDER

N-grams rarer than CUTOFFS are dropped. The same corpus gives the same bytes. One posting in ten is held out, to measure
on (`corpus.Posting.held_out`).
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.clean import clean
from pipeline.correct.language import ORDERS, STEP, Language, fingerprints, special
from pipeline.train import corpus

CUTOFFS = (1, 2, 3, 3, 4)
"""The least count of an n-gram that is kept, by order."""

RAREST = 5
"""A character seen less often than this counts as unknown."""


def alphabet(texts: list[str]) -> NDArray[np.uint16]:
    """A number for each code point of the basic plane: 0 unknown, 1-3 classes, the others in order of code point."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(text)
    known = sorted(c for c, n in seen.items() if n >= RAREST and special(c) is None and ord(c) < 0x10000)
    table = np.zeros(0x10000, dtype=np.uint16)
    for number, char in enumerate(known, 4):
        table[ord(char)] = number
    for code in range(0x10000):
        number_of_class = special(chr(code))
        if number_of_class:
            table[code] = number_of_class
    return table


def count(table: NDArray[np.uint16], texts: list[str]) -> Language:
    """The packed counts of all n-grams of the texts."""
    shell = Language(table, (), (), 0.0)
    codes = shell.encode("\n".join(texts))
    keys, counts = [], []
    for order in range(1, ORDERS + 1):
        found, number = np.unique(fingerprints(codes, order), return_counts=True)
        kept = number >= CUTOFFS[order - 1]
        keys.append(found[kept])
        counts.append(np.minimum(np.round(np.log10(number[kept]) / STEP), 255).astype(np.uint8))
    return Language(table, tuple(keys), tuple(counts), float(np.log10(len(codes))))


def save(model: Language, folder: Path) -> None:
    """Write the arrays beside each other as .npy files, which can be mapped."""
    np.save(folder / "language-ids.npy", model.ids)
    np.save(folder / "language-total.npy", np.float64(model.total))
    for order in range(1, ORDERS + 1):
        np.save(folder / f"language-keys{order}.npy", model.keys[order - 1])
        np.save(folder / f"language-counts{order}.npy", model.counts[order - 1])


def perplexity(model: Language, texts: list[str]) -> float:
    """Perplexity per character of texts that were not counted."""
    logs = [model.score(model.encode(text))[0] for text in texts if text]
    return float(10 ** -np.concatenate(logs).mean())


def main(corpus_path: str, out: str) -> None:
    """Count a corpus and write the model; print what a model card needs."""
    kept: list[str] = []
    held: list[str] = []
    for posting in corpus.read(Path(corpus_path)):
        (held if posting.held_out else kept).append(clean(posting.text).text)
    model = count(alphabet(kept), kept)
    save(model, Path(out))
    sizes = [len(k) for k in model.keys]
    print(f"postings {len(kept)}, characters {sum(map(len, kept))}, n-grams {sizes}, bytes {5 * sum(sizes)}")
    print(f"held-out postings {len(held)}, perplexity {perplexity(model, held[:500]):.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
