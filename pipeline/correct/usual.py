"""The usual two-character words of the field, and how well they stand beside each character."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct.language import STEP, Codes, Floats, Language, fingerprints, load

UNSEEN = 2.0
"""log10 units that a word loses beside a character that it was never seen beside."""


def counted(language: Language, codes: Codes) -> tuple[Floats, NDArray[np.bool_]]:
    """log10 of the count of each n-gram [..., n], and whether it is known."""
    counts, known = language.lookup.find(fingerprints(codes, codes.shape[-1])[..., 0])
    return np.multiply(counts, STEP, dtype=np.float64), known


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual two-character words of the field: character numbers, log10 counts, texts, and what they may have become.

    `sides[0][a]` and `sides[1][b]` are log10 of how often each word has the character numbered a before, b behind it;
    rows are filled when first asked for.
    """

    codes: Codes
    counts: Floats
    texts: tuple[str, ...]
    synonyms: dict[str, frozenset[int]]
    sides: NDArray[np.float32]
    ready: NDArray[np.bool_]

    def rate(self, language: Language, before: Codes, behind: Codes) -> NDArray[np.float32]:
        """log10 of how well each word fits between two characters, a row a place."""
        for side, chars in enumerate((np.unique(before), np.unique(behind))):
            new = chars[~self.ready[side, chars]]
            rows = np.empty((len(new), len(self.codes), 3), np.int64)
            rows[:, :, 1 - side : 3 - side] = self.codes
            rows[:, :, 2 * side] = new[:, None]
            self.sides[side, new] = fit_beside(language, rows, self.counts, new[:, None])
            self.ready[side, new] = True
        out: NDArray[np.float32] = self.sides[0, before] + self.sides[1, behind]
        return out


def fit_beside(language: Language, rows: Codes, counts: Floats, chars: Codes) -> Floats:
    """log10 of how often a word has a character beside it: of the three in each row, of which `chars` is the one."""
    found, known = counted(language, rows)
    return np.where(known, found - counts, language.unigrams[chars] - UNSEEN)


@cache
def load_usual() -> Usual:
    """The packaged words, and the synonyms of `lexicons/synonyms.tsv`."""
    language = load()
    with as_file(files(__package__).joinpath("usual-words.npy")) as path:
        points = np.load(path)
    texts = tuple("".join(map(chr, row)) for row in points.tolist())
    codes = language.ids[points].astype(np.int64)
    at = {text: i for i, text in enumerate(texts)}
    synonyms: dict[str, frozenset[int]] = {}
    for swapped, original in lexicons.rows("synonyms"):
        if original in at:
            synonyms[swapped] = synonyms.get(swapped, frozenset()) | {at[original]}
    size = int(language.ids.max()) + 1
    sides = np.empty((2, size, len(texts)), np.float32)
    return Usual(codes, counted(language, codes)[0], texts, synonyms, sides, np.zeros((2, size), bool))
