"""Looking up n-grams by their fingerprints in a table that lies on disk as it is used.

The table is laid out by hash and displace (Belazzougui, Botelho and Dietzfelbinger, 2009; Pibiri and Trani, 2021):
a fingerprint falls into a small bucket, the bucket's pilot says where each of its fingerprints lies, and at that one
place stand its low 16 bits, to tell it from others, and its count. A look-up is three reads, whatever the order, and 97
of 100 places are full. Pilots are found by trial when the model is counted (`pipeline.train.layout`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Wide = NDArray[np.uint64]

_HALF = np.uint64(32)
_IN_RANGE: Literal["clip"] = "clip"
"""Every index is in range by how it is made, and NumPy reads twice as fast where it need not check."""
_PLACED = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Lookup:
    """`pilots`, one a bucket; `prints` and `counts`, one a place. Empty places hold 0."""

    pilots: NDArray[np.uint16]
    prints: NDArray[np.uint16]
    counts: NDArray[np.uint8]

    def find(self, wanted: Wide) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """The count of each fingerprint, and whether it is known."""
        at = self._places(wanted)
        return self.counts.take(at, mode=_IN_RANGE), self.prints.take(at, mode=_IN_RANGE) == wanted.astype(np.uint16)

    def has(self, wanted: Wide) -> NDArray[np.bool_]:
        """Whether each fingerprint is known."""
        return np.asarray(self.prints.take(self._places(wanted), mode=_IN_RANGE) == wanted.astype(np.uint16))

    def _places(self, wanted: Wide) -> NDArray[np.int64]:
        return places(wanted, self.pilots.take(share(wanted, len(self.pilots)), mode=_IN_RANGE), len(self.prints))


def share(fingerprints: Wide, size: int) -> NDArray[np.int64]:
    """A number below `size` for each fingerprint, by its high half (Lemire, 2019)."""
    out = fingerprints >> _HALF
    out *= np.uint64(size)
    out >>= _HALF
    return out.view(np.int64)


def places(fingerprints: Wide, pilots: NDArray[np.uint16], size: int) -> NDArray[np.int64]:
    """Where each fingerprint lies among `size` places, given the pilot of its bucket."""
    mixed: Wide = fingerprints ^ pilots
    mixed *= _PLACED
    return share(mixed, size)
