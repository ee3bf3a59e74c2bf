"""How characters are read: which words an input method takes for each other."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from pipeline import lexicons

EXACT, NEAR = 1.0, 0.5
"""How far two words sound alike: to the syllable, or as the south says them (zh for z, ing for in, l for n)."""

_FINAL, _INITIAL = re.compile("(?<=[ei])ng$"), re.compile("^([zcs])h")


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """The syllables of each character."""
    return {char: tuple(syllables.split(",")) for char, syllables in lexicons.rows("readings")}


@cache
def near(syllable: str) -> str:
    """A syllable without the differences that many speakers do not make."""
    plain = _INITIAL.sub(r"\1", _FINAL.sub("n", syllable))
    return "l" + plain[1:] if plain.startswith("n") else plain


def keys(word: str) -> list[tuple[str, ...]]:
    """The ways to read a word, near enough; none where a character has no reading."""
    parts = [sorted({near(s) for s in readings().get(char, ())}) for char in word]
    return list(product(*parts))


def alike(word: str, other: str) -> float:
    """EXACT or NEAR for words of one length that are read alike, 0 for others."""
    read = readings()
    pairs = [(set(read.get(a, ())), set(read.get(b, ()))) for a, b in zip(word, other, strict=True) if a != b]
    if all(a & b for a, b in pairs):
        return EXACT
    folded = [({near(s) for s in a}, {near(s) for s in b}) for a, b in pairs]
    return NEAR if all(a & b for a, b in folded) else 0.0
