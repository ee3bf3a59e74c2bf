"""The words of the language at large: which strings of two to four Han characters are any, and how usual.

Postings know the trades that they are of. A word that they hardly have, "参差不齐" or "亟待", is sound all the same; and two
characters that meet where one word ends and the next begins, "简厉" in "精简厉行节约", are no word that anybody put there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language.lookup import Lookup
from pipeline.correct.language.ngrams import STEP, Points, fingerprints, points_of

SIZES = (2, 3, 4)
"""Characters of the words that are known."""

REACH = max(SIZES) - 1
"""Characters on either side that a word may reach."""

ABSENT = -1.0
"""What stands for the logarithm of the count of a string that is no word."""

Rates = NDArray[np.float32]


class Standing(NamedTuple):
    """For the two characters from each place of a text on: log10 of the count of the word that they are, and of the most
    usual longer word that holds both; ABSENT for none."""

    word: Rates
    longer: Rates

    def of_characters(self) -> Standing:
        """The same for each character: the most usual words that it is part of."""
        return Standing(*(np.maximum(rates, np.append(np.float32(ABSENT), rates[:-1])) for rates in self))


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The logarithms of the counts of words, by the fingerprints of their code points."""

    lookup: Lookup

    def standing(self, points: Points) -> Standing:
        """What words the characters of a text make, given its code points."""
        out = Standing(*(np.full(len(points), ABSENT, np.float32) for _ in range(2)))
        for size in SIZES:
            if len(points) < size:
                break
            counts, known = self.lookup.find(fingerprints(points, size))
            rates = np.where(known, counts * np.float32(STEP), np.float32(ABSENT))
            for at in range(size - 1):
                here = (out.longer if size > 2 else out.word)[at : at + len(rates)]
                np.maximum(here, rates, out=here)
        return out


def standing(text: str) -> Standing:
    """What packaged words the characters of a text make."""
    return load_dictionary().standing(points_of(text))


@lru_cache(maxsize=1)
def standing_of(text: str) -> Standing:
    """The same, kept for the text that was asked for last: the passes mostly ask for the same."""
    return standing(text)


@cache
def load_dictionary() -> Dictionary:
    """The packaged words."""
    with as_file(files(__package__).joinpath("dictionary.npz")) as path, np.load(path) as arrays:
        return Dictionary(Lookup(arrays["pilots"], arrays["prints"], arrays["counts"]))
