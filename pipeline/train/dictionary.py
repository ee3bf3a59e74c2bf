"""Pack the words of the language at large from jieba's dictionary.

    python -m pipeline.train.dictionary OUT_FOLDER

Writes `dictionary.npz`: fingerprints of words and the logarithms of how often they were counted, in news and other general
text; no text. The same dictionary gives the same bytes. Needs jieba (MIT licence), of which no code runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from pipeline.correct.language.dictionary import SIZES
from pipeline.correct.language.ngrams import STEP, fingerprints, points_of
from pipeline.errors import ReadError
from pipeline.text import is_han
from pipeline.train.layout import lay_out

FEWEST = {2: 1, 3: 5, 4: 5}
"""Counts from which a word is kept, by its characters: of the longer ones below most are names."""


def words(lines: Iterable[str]) -> dict[str, int]:
    """The words of a dictionary that are kept and their counts, from lines of word, count and part of speech."""
    found = {}
    for line in lines:
        word, count, _ = line.split(" ")
        if len(word) in SIZES and all(map(is_han, word)) and int(count) >= FEWEST[len(word)]:
            found[word] = int(count)
    return found


def installed() -> Path:
    """The dictionary that comes with jieba. Raises ReadError where jieba is not installed."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ReadError("jieba is not installed: its dictionary is what the words are packed from")
    return Path(spec.origin).parent / "dict.txt"


def main() -> None:
    """Pack the words and write them."""
    parser = argparse.ArgumentParser(description="Pack the words of the language at large.")
    parser.add_argument("out", type=Path, help="folder of the model")
    arguments = parser.parse_args()
    known = words(installed().read_text(encoding="utf-8").splitlines())
    by_size = [sorted(word for word in known if len(word) == size) for size in SIZES]
    prints = [fingerprints(np.stack([points_of(w) for w in some]), len(some[0]))[:, 0] for some in by_size]
    counts = np.array([known[word] for some in by_size for word in some])
    packed = np.minimum(np.log10(1 + counts) / STEP, 255).round().astype(np.uint8)
    table = lay_out(np.concatenate(prints), packed)
    np.savez_compressed(arguments.out / "dictionary.npz", pilots=table.pilots, prints=table.prints, counts=table.counts)
    print(f"{len(packed)} words")


if __name__ == "__main__":
    main()
