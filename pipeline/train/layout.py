"""Lay out n-grams so that `pipeline.correct.language.lookup` finds each with three reads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language.lookup import Lookup, Wide, places, share

BUCKET = 5
"""Fingerprints for each bucket, on average: more make a smaller table, and pilots that take longer to find."""

FULL = 0.97
"""Share of the places that are filled."""

PILOTS = 1 << 16
"""Pilots that can be tried for a bucket."""


def lay_out(fingerprints: Wide, counts: NDArray[np.uint8]) -> Lookup:
    """The table of n-grams and their counts. The same n-grams in the same order give the same table.

    Buckets are placed together, the largest first, while there is most room; each tries pilot after pilot until its
    fingerprints fall on free places. Raises ValueError where a bucket finds none: two fingerprints are the same.
    """
    size = int(len(fingerprints) / FULL) + 1
    pilots = np.zeros(len(fingerprints) // BUCKET + 1, np.uint16)
    bucket = share(fingerprints, len(pilots))
    by_bucket = np.argsort(bucket, kind="stable")
    held = np.bincount(bucket, minlength=len(pilots))
    start = np.cumsum(held) - held
    taken = np.zeros(size, dtype=bool)
    for many in range(int(held.max(initial=0)), 0, -1):
        found = np.flatnonzero(held == many)
        pilots[found] = _pilots(fingerprints[by_bucket[start[found][:, None] + np.arange(many)]], taken)
    at = places(fingerprints, pilots[bucket], size)
    prints, packed = np.zeros(size, np.uint16), np.zeros(size, np.uint8)
    prints[at], packed[at] = fingerprints.astype(np.uint16), counts
    return Lookup(pilots, prints, packed)


def _pilots(fingerprints: Wide, taken: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """A pilot for each row of fingerprints, under which they fall on places of their own; these are marked as taken.

    Rows that fall on each other's places give way to the one that comes first.
    """
    pilots = np.zeros(len(fingerprints), np.uint16)
    left = np.arange(len(fingerprints))
    first = np.empty(len(taken), np.int64)
    for pilot in range(PILOTS):
        if not len(left):
            return pilots
        at = places(fingerprints[left], np.full(1, pilot, np.uint16), len(taken))
        free = np.flatnonzero(~taken[at].any(axis=1))
        at = at[free]
        own = np.arange(at.size).reshape(at.shape)
        first[at.ravel()[::-1]] = own.ravel()[::-1]
        alone = (first[at] == own).all(axis=1)
        taken[at[alone]] = True
        pilots[left[free[alone]]] = pilot
        left = np.delete(left, free[alone])
    raise ValueError(f"{len(left)} buckets of {fingerprints.shape[1]} fingerprints find no pilot")
