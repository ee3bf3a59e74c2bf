"""How damaged a page is, and what that says of each change: a page that came through a scanner shows more than one sign."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language import Floats
from pipeline.correct.page import Page
from pipeline.correct.scan import MISREAD, Changes, Matrix
from pipeline.correct.trees import load_trees, odds

TOLD = 0.1
"""Chance alone from which a change says something of its page."""

BESIDE, NEAR = 2, 150
"""Characters within which changes are of one word, and of one part of the page: pages are stitched together."""

ON_PAGE = (
    *MISREAD,
    "alone",
    "others",
    "others each",
    "in stretches",
    "speaking",
    "invented",
    "mended",
    "beside",
    "near",
)
"""Names of what the second model weighs."""


class Signs(NamedTuple):
    """What else of a page is known: its doubtful stretches, characters that hardly were printed (the sum of their
    chances), and slips that were mended before."""

    stretches: int
    invented: float
    mended: int


def on_page(page: Page, changes: Changes, chances: Floats, signs: Signs) -> Matrix:
    """What the second model weighs: the first one's chances, the other changes of the page, and its other signs."""
    told = np.where(chances > TOLD, chances, 0.0)
    others, speaking = told.sum() - told, told * changes.features[:, MISREAD.index("speaks")]
    columns = [
        odds(chances),
        others,
        500 * others / len(page.codes),
        others / max(1, signs.stretches),
        speaking.sum() - speaking,
        np.full(len(told), signs.invented),
        np.full(len(told), float(signs.mended)),
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


def weigh(page: Page, changes: Changes, signs: Signs) -> Floats:
    """The chance that each change is right, on the page where it stands."""
    if not len(changes.places):
        return np.zeros(0)
    models = load_trees("misread.npz")
    alone = models["alone"].chances(changes.features)
    return models["on_page"].chances(on_page(page, changes, alone, signs))
