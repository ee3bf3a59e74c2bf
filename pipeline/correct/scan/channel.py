"""What a scanner makes of characters: for each that stands on a page, what may have been printed, and how likely."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct.language.ngrams import Codes, Floats, load, load_following
from pipeline.correct.page import ROWS, rows_of

LOST = -1
"""The reading of a mark that nothing printed stands behind."""

KNOWN = 24
"""Readings of a character that are tried: those it was most often mistaken for."""

ERROR = -1.3
"""log10 of the chance that a character in a doubtful stretch is misread: one in twenty."""

UNSEEN = -4.2
"""log10 of the chance of a mistake that was never counted, of a character that fits the text."""

FAINT = 0.3
"""The count that a confusion known only from the script is worth."""

RARE = 4
"""Added to the mistakes counted for a character, so that a few are no certainty."""

EXTRA = -1.1
"""log10 of what a text gains by being a character shorter."""

NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Channel:
    """`known` [row, n] and `costs` hold KNOWN readings a character and their log10 chances; 0 is no reading.

    A character's row is given by `rows_of`; `following` holds for each character number what often follows it.
    """

    known: NDArray[np.int16]
    costs: NDArray[np.float32]
    following: Codes

    def readings(self, rows: Codes) -> tuple[Codes, Floats]:
        """What each character may have been, and the log10 chance of each."""
        return self.known[rows].astype(np.int64), self.costs[rows].astype(np.float64)

    @staticmethod
    def free(rows: Codes) -> Floats:
        """The log10 chance that a character is misread for one that only the text suggests."""
        return np.where(rows > 0, UNSEEN, NEVER)


def _counted() -> dict[str, list[tuple[float, str]]]:
    """For each character that a scanner put, what was printed, the likeliest first, and the log10 chance of each."""
    rows = [(wrong, right, int(seen)) for wrong, right, seen in lexicons.rows("confusions")]
    mistakes: dict[str, int] = defaultdict(int)
    for _, right, seen in rows:
        mistakes[right] += seen
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for wrong, right, seen in rows:
        chance = np.log10(max(seen, FAINT) / (mistakes[right] + RARE))
        found[wrong].append((ERROR + float(chance) + (EXTRA if right == "-" else 0.0), right))
    return {wrong: sorted(options, reverse=True) for wrong, options in found.items()}


@cache
def load_channel() -> Channel:
    """The packaged channel, from the confusions that were counted and the model of the language."""
    ids = load().ids
    known = np.zeros((ROWS, KNOWN), np.int16)
    costs = np.full((ROWS, KNOWN), NEVER, np.float32)
    for wrong, options in _counted().items():
        row = int(rows_of(wrong)[0])
        ranked = [(c, r) for c, r in options if r == "-" or ids[ord(r)] > 3][:KNOWN]
        for place, (cost, right) in enumerate(ranked):
            known[row, place] = LOST if right == "-" else int(ids[ord(right)])
            costs[row, place] = cost
    return Channel(known, costs, load_following())
