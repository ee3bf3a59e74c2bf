"""How damaged a page is, and what that says of each change: a page that came through a scanner shows more than one sign."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language import Floats
from pipeline.correct.page import Page
from pipeline.correct.scan import MISREAD, Changes, Matrix
from pipeline.correct.trees import load_trees

TOLD = 0.1
"""Chance alone from which a change says something of its page."""

BESIDE, NEAR = 2, 150
"""Characters within which changes are of one word, and of one part of the page: pages are stitched together."""

ON_PAGE = (*MISREAD, "alone", "others", "others each", "in stretches", "speaking", "invented", "beside", "near")
"""Names of what the second model weighs."""


def on_page(page: Page, changes: Changes, chances: Floats, stretches: int, invented: float) -> Matrix:
    """What the second model weighs: the first one's chances, and the other changes of the page.

    `stretches` are the doubtful ones of the page, `invented` the characters that hardly were printed, by their chances.
    """
    told = np.where(chances > TOLD, chances, 0.0)
    others, speaking = told.sum() - told, told * changes.features[:, MISREAD.index("speaks")]
    columns = [
        np.log(chances + 1e-4) - np.log(1 - chances + 1e-4),
        others,
        500 * others / len(page.codes),
        others / max(1, stretches),
        speaking.sum() - speaking,
        np.full(len(told), invented),
        _within(changes.places, told, BESIDE),
        _within(changes.places, told, NEAR),
    ]
    return np.column_stack([changes.features, *columns])


def _within(places: NDArray[np.int64], told: Floats, reach: int) -> Floats:
    """The sum of the chances of the other changes within so many characters of each; places are in order."""
    sums = np.concatenate([[0.0], np.cumsum(told)])
    first, last = np.searchsorted(places, places - reach), np.searchsorted(places, places + reach, side="right")
    out: Floats = sums[last] - sums[first] - told
    return out


def weigh(page: Page, changes: Changes, stretches: int, invented: float) -> Floats:
    """The chance that each change is right, on the page where it stands."""
    if not len(changes.places):
        return np.zeros(0)
    models = load_trees("misread.npz")
    alone = models["alone"].chances(changes.features)
    return models["on_page"].chances(on_page(page, changes, alone, stretches, invented))
