"""How the lexicon of synonyms ties two words that it does not pair: by words that it pairs with both, or by their characters.

No list holds every swap that software makes, but what it swaps is of kin: "带给" for "提供" is in the sense of many pairs
that put 给 for 供. Both measures leave out the pair itself, so that they say the same of a pair that a list lacks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from math import log1p
from typing import NamedTuple


class Ties(NamedTuple):
    """The pairs of a lexicon as a graph, and how often characters stand across from each other in them."""

    neighbours: dict[str, tuple[str, ...]]
    """The words that are paired with a word, either way, sorted."""
    across: dict[tuple[str, str], int]
    """In how many pairs one character stands in the one word and another in the other."""
    counts: dict[str, int]
    """In how many pairs a character stands, with how many characters across."""
    total: int

    def kin(self, word: str) -> dict[str, float]:
        """The words that share neighbours with a word, and how telling those are (Adamic and Adar, 2003)."""
        found: dict[str, float] = defaultdict(float)
        for middle in self.neighbours.get(word, ()):
            others = self.neighbours[middle]
            for other in others:
                if other != word:
                    found[other] += 1 / log1p(len(others))
        return dict(found)

    def bond(self, word: str, other: str) -> float:
        """How much more often than by chance the characters in which two words differ stand across from each other.

        The sum of log(1 + n / (1 + expected)) over the characters of both, this pair not counted.
        """
        own = other in self.neighbours.get(word, ())
        total = 0.0
        for pair in product([a for a in word if a not in other], [b for b in other if b not in word]):
            seen = self.across.get(pair, 0) - own
            if seen > 0:
                expected = self.counts[pair[0]] * self.counts[pair[1]] / self.total
                total += log1p(seen / (1 + expected))
        return total


def tie(pairs: Iterable[tuple[str, str]]) -> Ties:
    """The ties between the two-character words of some pairs."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for word, other in pairs:
        if len(word) == len(other) == 2:
            neighbours[word].add(other)
            neighbours[other].add(word)
    across: dict[tuple[str, str], int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    for word, others in neighbours.items():
        for other in others:
            for a, b in product(word, other):
                across[a, b] += 1
                counts[a] += 1
    found = {word: tuple(sorted(others)) for word, others in neighbours.items()}
    return Ties(found, dict(across), dict(counts), sum(counts.values()))
