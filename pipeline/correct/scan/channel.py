"""What a scanner makes of characters: for each that stands on a page, what may have been printed, and how likely."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct.language.ngrams import Codes, Floats, load, load_following, points_of
from pipeline.correct.page import ROWS, rows_of

LOST = -1
"""The reading of a mark that nothing printed stands behind."""

KNOWN = 48
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


@cache
def load_channel() -> Channel:
    """The packaged channel, from the confusions that were counted and the model of the language.

    A mistake is as likely as it is among those of the character that was printed.
    """
    ids, counted = load().ids, lexicons.rows("confusions")
    wrong, right = (points_of("".join(row[n] for row in counted)).astype(np.int64) for n in (0, 1))
    seen = np.array([int(row[2]) for row in counted])
    mistakes = np.bincount(right, seen)[right]
    costs = ERROR + np.log10(np.maximum(seen, FAINT) / (mistakes + RARE)) + np.where(right == _NOTHING, EXTRA, 0.0)
    codes = np.where(right == _NOTHING, LOST, ids[right].astype(np.int64))
    kept = (codes == LOST) | (codes > 3)
    order = np.lexsort((-right, -costs, wrong))
    order = order[kept[order]]
    rows, place = rows_of("".join(map(chr, wrong[order].tolist()))), ranks(wrong[order])
    few = place < KNOWN
    known = np.zeros((ROWS, KNOWN), np.int16)
    table = np.full((ROWS, KNOWN), NEVER, np.float32)
    known[rows[few], place[few]] = codes[order][few]
    table[rows[few], place[few]] = costs[order][few]
    return Channel(known, table, load_following())


_NOTHING = ord("-")


def ranks(sorted_keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of each among those of its key."""
    return np.arange(len(sorted_keys)) - np.searchsorted(sorted_keys, sorted_keys)
