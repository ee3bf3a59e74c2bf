"""The language model: character n-grams of postings, packed into arrays that are mapped from disk.

Scores are "stupid backoff" (Brants et al., 2007): the logarithm of the relative frequency of the longest n-gram that was
seen, less a penalty for each order that was not. Keys are 32-bit fingerprints; a whole text is looked up with a few
vectorised reads (`lookup`), and a chance hit is one in three thousand. On disk an n-gram takes three bytes: the
lower half of its key and a logarithm of its count; the upper halves are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.lookup import Lookup

ORDERS = 5
BACKOFF = float(np.log10(0.4))
STEP = 0.03
"""log10 units of one step of a packed count: 255 steps reach 4.5 million."""

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

_PENALTIES = BACKOFF * np.arange(ORDERS - 2, -1, -1)
"""What an n-gram of two, three… loses for each longer one that was not seen."""

_BREAK, _DIGIT, _LETTER = 1, 2, 3


@dataclass(frozen=True)
class Language:
    """A loaded model. `ids` maps code points to characters known, `keys` and `counts` hold one array an order."""

    ids: NDArray[np.uint16]
    keys: tuple[NDArray[np.uint32], ...]
    counts: tuple[NDArray[np.uint8], ...]
    total: float

    def encode(self, text: str) -> Codes:
        """Character numbers; digits count as one, letters too, and what was not seen is 0."""
        raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return self.ids[np.minimum(raw, 0xFFFF)].astype(np.int64)

    @cached_property
    def lookup(self) -> Lookup:
        """The n-grams, laid out to be found fast."""
        return Lookup.of(self.keys, self.counts)

    def log_counts(self, codes: Codes) -> tuple[Floats, NDArray[np.bool_]]:
        """log10 of the counts of the n-grams that end at each character, a row an order, and which of them are known."""
        counts, known = self.lookup.find(_ending(codes))
        for order in range(2, ORDERS + 1):
            known[order - 1, ..., : order - 1] = False  # they would begin before the text
        return np.multiply(counts, STEP, dtype=np.float64), known

    def seen(self, wanted: NDArray[np.uint32], order: int) -> NDArray[np.bool_]:
        """Whether an n-gram with each of these fingerprints is known."""
        return np.asarray(self.lookup.find(wanted[None].astype(np.uint64), order)[1][0])

    def score(self, codes: Codes) -> tuple[Floats, NDArray[np.int8]]:
        """log10 probability of each character after those before it, and the order of the n-gram that gave it.

        Works on one text or on the rows of a matrix.
        """
        logs, known = self.log_counts(codes)
        best = np.where(known[0], logs[0] - self.total, -self.total) + BACKOFF * (ORDERS - 1)
        order_of = np.ones(codes.shape, dtype=np.int8)
        found = known[1:, ..., 1:] & known[:-1, ..., :-1]  # the n-gram and its context
        values = np.minimum(logs[1:, ..., 1:] - logs[:-1, ..., :-1] + _PENALTIES.reshape(-1, *[1] * codes.ndim), 0)
        for order in range(2, ORDERS + 1):
            np.copyto(best[..., 1:], values[order - 2], where=found[order - 2])
            np.copyto(order_of[..., 1:], order, where=found[order - 2])
        return best, order_of

    def follow(self, contexts: Codes, choices: Codes) -> Floats:
        """log10 probability of each choice [..., n] after its context [..., ORDERS - 1]."""
        best = self.unigrams[np.maximum(choices, 0)] + BACKOFF * (ORDERS - 1)
        logs, known = self.log_counts(contexts)
        for order in range(2, ORDERS + 1):
            before = contexts[..., ORDERS - order :]
            context, met = logs[order - 2, ..., -1:], known[order - 2, ..., -1:]
            state = np.full(before.shape[:-1], order, dtype=np.uint64)
            for i in range(order - 1):
                state = _fold(state, before[..., i])
            counts, hit = self.lookup.find((_fold(state[..., None], choices) >> np.uint64(32))[None], order)
            value = np.minimum(counts[0] * STEP - context, 0) + BACKOFF * (ORDERS - order)
            best = np.where(hit[0] & met, value, best)
        return best

    @cached_property
    def unigrams(self) -> Floats:
        """log10 relative frequency of each character number."""
        logs, known = self.log_counts(np.arange(int(self.ids.max()) + 1)[:, None])
        return np.where(known, logs, 0.0)[0, :, 0] - self.total


def _fold(state: NDArray[np.uint64], codes: Codes | NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed: NDArray[np.uint64] = (state ^ codes.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _ending(codes: Codes) -> NDArray[np.uint64]:
    """The fingerprints of the n-grams that end at each character, a row an order."""
    size = codes.shape[-1]
    padded = np.zeros((*codes.shape[:-1], ORDERS - 1 + size), np.uint64)
    padded[..., ORDERS - 1 :] = codes
    mixed = np.empty((ORDERS, *codes.shape), dtype=np.uint64)
    mixed.T[:] = np.arange(1, ORDERS + 1)
    for back in reversed(range(ORDERS)):  # the longer n-grams begin further back
        at = ORDERS - 1 - back
        mixed[back:] = _fold(mixed[back:], padded[..., at : at + size])
    return mixed >> np.uint64(32)


def fingerprints(codes: Codes, order: int) -> NDArray[np.uint32]:
    """A 32-bit key for each n-gram of `order` characters, by multiplicative hashing (Knuth, TAOCP 6.4)."""
    size = codes.shape[-1] - order + 1
    mixed = np.full((*codes.shape[:-1], size), order, dtype=np.uint64)
    for i in range(order):
        mixed = _fold(mixed, codes[..., i : i + size])
    return (mixed >> np.uint64(32)).astype(np.uint32)


def special(char: str) -> int | None:
    """The number of a character that stands for its class."""
    if char == "\n":
        return _BREAK
    if char.isdigit():
        return _DIGIT
    return _LETTER if char.isascii() and char.isalpha() else None


def pack(keys: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Sorted keys as the number of keys in each bucket of their high halves, and their low halves: two bytes a key."""
    sizes = np.bincount(keys >> np.uint32(16), minlength=0x10000)
    if sizes.max() > 0xFF:
        raise ValueError(f"{sizes.max()} keys in one bucket; a byte counts 255")
    return sizes.astype(np.uint8), (keys & np.uint32(0xFFFF)).astype(np.uint16)


def unpack(sizes: NDArray[np.uint8], lows: NDArray[np.uint16]) -> NDArray[np.uint32]:
    """The sorted keys that `pack` was given."""
    highs: NDArray[np.uint32] = np.repeat(np.arange(0x10000, dtype=np.uint32) << np.uint32(16), sizes)
    highs |= lows
    return highs


@cache
def load() -> Language:
    """The packaged model: mapped from disk, its keys unpacked, which takes some 10 ms."""
    folder = files(__package__)
    arrays = {}
    for name in NAMES:
        with as_file(folder.joinpath(f"language-{name}.npy")) as path:
            arrays[name] = np.asarray(np.load(path, mmap_mode="r"))
    return Language(
        arrays["ids"],
        tuple(unpack(arrays[f"sizes{n}"], arrays[f"lows{n}"]) for n in range(1, ORDERS + 1)),
        tuple(arrays[f"counts{n}"] for n in range(1, ORDERS + 1)),
        float(arrays["total"]),
    )


NAMES = ("ids", "total", *(f"{kind}{n}" for kind in ("sizes", "lows", "counts") for n in range(1, ORDERS + 1)))
"""The arrays of the packed model, one file each."""
