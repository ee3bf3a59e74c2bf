"""The language model: character n-grams of postings and of laws, packed into arrays that are mapped from disk.

Scores are "stupid backoff" (Brants et al., 2007): the logarithm of the relative frequency of the longest n-gram that was
seen, less a penalty for each order that was not. N-grams are known by their fingerprints; a whole text is looked up
with a few vectorised reads (`lookup`) in the table as it lies on disk, where an n-gram takes three bytes and a half, one
of them a logarithm of its count. One that was not counted is taken for one that was once in some 66,000 times.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language import context
from pipeline.correct.language.lookup import Lookup

ORDERS = 5
BACKOFF = float(np.log10(0.4))
STEP = 0.03
"""log10 units of one step of a packed count: 255 steps reach 4.5 million."""

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Points = NDArray[np.uint32]

_PENALTIES = BACKOFF * np.arange(ORDERS - 2, -1, -1)
"""What an n-gram of two, three… loses for each longer one that was not seen."""

APART = 0.3
"""log10 units that the score of the laws loses: a text is a priori as likely to be a posting, its language the likelier."""

_BREAK, _DIGIT, _LETTER = 1, 2, 3


@dataclass(frozen=True, eq=False)
class Table:
    """The n-grams of one corpus: `lookup` gives the logarithms of their counts, `total` is log10 of its characters."""

    lookup: Lookup
    total: float

    def score(self, prints: NDArray[np.uint64], lead: int) -> tuple[Floats, NDArray[np.int8]]:
        """log10 score of each character after those before it, and the order of the n-gram that gave it.

        `prints` are the fingerprints of the n-grams that end at each character, a row an order; `lead` characters stand
        before the first of them.
        """
        counts, known = self.lookup.find(prints)
        for order in range(lead + 2, ORDERS + 1):
            known[order - 1, ..., : order - 1 - lead] = False  # they would begin before the text
        logs = np.multiply(counts, STEP, dtype=np.float64)
        best = np.where(known[0], logs[0] - self.total, -self.total) + BACKOFF * (ORDERS - 1)
        order_of = np.ones(best.shape, dtype=np.int8)
        found = known[1:, ..., 1:] & known[:-1, ..., :-1]  # the n-gram and its context
        values = np.minimum(logs[1:, ..., 1:] - logs[:-1, ..., :-1] + _PENALTIES.reshape(-1, *[1] * (best.ndim)), 0)
        for order in range(2, ORDERS + 1):
            np.copyto(best[..., 1:], values[order - 2], where=found[order - 2])
            np.copyto(order_of[..., 1:], order, where=found[order - 2])
        return best, order_of

    def follow(self, contexts: NDArray[np.uint64], wanted: NDArray[np.uint64], first: Floats) -> Floats:
        """log10 score of choices: `contexts` [order, ...] and `wanted` [order, ..., n] are fingerprints, `first` is that
        of each choice alone."""
        best = first
        logs, met = self.lookup.find(contexts)
        counts, hit = self.lookup.find(wanted)
        for n in range(len(contexts)):
            value = np.minimum((counts[n] * STEP) - (logs[n] * STEP)[..., None], 0) + _PENALTIES[n]
            best = np.where(hit[n] & met[n][..., None], value, best)
        return best


class Scores(NamedTuple):
    """For each character: the better log10 score, the order of the longest n-gram seen, and the score by each table."""

    best: Floats
    orders: NDArray[np.int8]
    postings: Floats
    laws: Floats


@dataclass(frozen=True, eq=False)
class Language:
    """A loaded model: `ids` maps code points to the characters known, `postings` and `laws` count their n-grams.

    The two are kept apart: a text is as likely as the better of them has it, so that what either knows is no error.
    """

    ids: NDArray[np.uint16]
    postings: Table
    laws: Table
    network: context.Network | None = None
    """The character network, unless it is the one that comes with the package."""

    @cached_property
    def context(self) -> context.Network:
        """The character network, read when it is first asked for."""
        return self.network or context.load()

    def encode(self, text: str) -> Codes:
        """Character numbers; digits count as one, letters too, and what was not seen is 0."""
        return encode(self.ids, text)

    @property
    def tables(self) -> tuple[tuple[Table, float], ...]:
        """The tables, and what a score of each loses (log10)."""
        return (self.postings, 0.0), (self.laws, APART)

    def seen(self, wanted: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Whether an n-gram with each of these fingerprints is known to either."""
        return self.postings.lookup.has(wanted) | self.laws.lookup.has(wanted)

    def score(self, codes: Codes, since: int = 0) -> Scores:
        """How likely each character is after those before it. Works on one text or on the rows of a matrix, from the
        characters `since` on."""
        lead = max(since - 1, 0)
        prints = _ending(codes, lead)
        own, orders = self.postings.score(prints, lead)
        laws, longer = self.laws.score(prints, lead)
        if since:
            own, orders, laws, longer = own[..., 1:], orders[..., 1:], laws[..., 1:], longer[..., 1:]
        laws -= APART
        return Scores(np.maximum(own, laws), np.maximum(orders, longer), own, laws)

    def follow(self, contexts: Codes, choices: Codes) -> Floats:
        """log10 score of each choice [..., n] after its context [..., ORDERS - 1]."""
        behind, characters = contexts.astype(np.uint64), choices.astype(np.uint64)
        before, wanted = [], []
        for order in range(2, ORDERS + 1):
            state = np.full(behind.shape[:-1], _SEEDS[order - 2])
            last = np.full(behind.shape[:-1], _SEEDS[order - 1])
            for i in range(ORDERS - order, ORDERS - 1):
                _fold(state, behind[..., i])
                _fold(last, behind[..., i])
            whole = np.repeat(last[..., None], choices.shape[-1], axis=-1)
            _fold(whole, characters)
            before.append(state)
            wanted.append(whole)
        shortest, longest = np.stack(before), np.stack(wanted)
        first = self.unigrams[np.maximum(choices, 0)] + BACKOFF * (ORDERS - 1)
        rated = [table.follow(shortest, longest, first) - less for table, less in self.tables]
        out: Floats = np.maximum(*rated)
        return out

    @cached_property
    def size(self) -> int:
        """How many character numbers there are."""
        return int(self.ids.max()) + 1

    @cached_property
    def unigrams(self) -> Floats:
        """log10 relative frequency of each character number."""
        numbers = fingerprints(np.arange(self.size)[:, None], 1)[:, 0]
        rates = []
        for table, less in self.tables:
            counts, known = table.lookup.find(numbers)
            rates.append(np.where(known, counts * STEP, 0.0) - table.total - less)
        out: Floats = np.maximum(*rates)
        return out

    @cached_property
    def characters(self) -> dict[int, str]:
        """The character of each number; classes have none."""
        return {int(code): chr(at) for at, code in enumerate(self.ids) if code > _LETTER}


_FACTOR, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(31)
_SEEDS = np.array(
    [0xD1342543DE82EF95, 0xAF251AF3B0F025B5, 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F], np.uint64
)
"""What the fingerprints of each order begin with: n-grams of all orders lie in one table."""


def _fold(state: NDArray[np.uint64], codes: NDArray[np.uint64]) -> None:
    """Mix one more character into each fingerprint, in its place."""
    state ^= codes
    state *= _FACTOR
    state ^= state >> _SHIFT


def _ending(codes: Codes, since: int = 0) -> NDArray[np.uint64]:
    """The fingerprints of the n-grams that end at each character from `since` on, a row an order."""
    size = codes.shape[-1]
    padded = np.zeros((*codes.shape[:-1], ORDERS - 1 + size), np.uint64)
    padded[..., ORDERS - 1 :] = codes
    mixed = np.empty((ORDERS, *codes.shape[:-1], size - since), dtype=np.uint64)
    mixed.T[:] = _SEEDS
    for back in reversed(range(ORDERS)):  # the longer n-grams begin further back
        at = ORDERS - 1 - back
        _fold(mixed[back:], padded[..., at + since : at + size])
    return mixed


def fingerprints(codes: Codes | Points, order: int) -> NDArray[np.uint64]:
    """A number of 64 bits for each n-gram of `order` characters, by multiplicative hashing (Knuth, TAOCP 6.4)."""
    size = codes.shape[-1] - order + 1
    mixed = np.full((*codes.shape[:-1], size), _SEEDS[order - 1])
    characters = codes.astype(np.uint64)
    for i in range(order):
        _fold(mixed, characters[..., i : i + size])
    return mixed


def special(char: str) -> int | None:
    """The number of a character that stands for its class."""
    if char == "\n":
        return _BREAK
    if char.isdigit():
        return _DIGIT
    return _LETTER if char.isascii() and char.isalpha() else None


def encode(ids: NDArray[np.uint16], text: str) -> Codes:
    """The number of each character of a text, given those of the code points."""
    return ids[np.minimum(points_of(text), 0xFFFF)].astype(np.int64)


def points_of(text: str) -> Points:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@cache
def load() -> Language:
    """The packaged model, mapped from disk, which takes a millisecond; processes share its memory."""
    return Language(_array("ids"), _table("postings"), _table("laws"))


@cache
def load_following() -> Codes:
    """For each character number the numbers of the characters that most often follow it, the most frequent first."""
    return _array("following").astype(np.int64)


def _table(name: str) -> Table:
    pilots, prints, counts, total = (_array(f"{name}-{part}") for part in PARTS)
    return Table(Lookup(pilots, prints, counts), float(total))


def _array(name: str) -> NDArray[Any]:
    with as_file(files(__package__).joinpath(f"{name}.npy")) as path:
        return np.asarray(np.load(path, mmap_mode="r"))


PARTS = ("pilots", "prints", "counts", "total")
"""The arrays of a packed table, one file each."""
