"""Noise with the truth beside it: texts as rewriting software leaves them."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from pipeline import lexicons

KEPT = 0.12
"""Chance that an occurrence is not swapped: software leaves some, and people mend others."""


class Noisy(NamedTuple):
    """A text, and at which of its offsets what stands for what."""

    text: str
    truth: dict[int, tuple[str, str]]


def swaps() -> dict[str, list[str]]:
    """For each usual word what lexicons know to have been put for it."""
    out: dict[str, list[str]] = defaultdict(list)
    for swapped, original, *_ in (*lexicons.rows("spin"), *lexicons.rows("synonyms")):
        if swapped not in out[original]:
            out[original].append(swapped)
    return dict(out)


def rewrite(text: str, table: Mapping[str, str], chance: random.Random) -> Noisy:
    """A text with the words of a table (original to swapped) put in, the longest first."""
    if not table:
        return Noisy(text, {})
    pattern = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    parts: list[str] = []
    truth: dict[int, tuple[str, str]] = {}
    last = size = 0
    for m in pattern.finditer(text):
        if chance.random() < KEPT:
            continue
        swapped = table[m[0]]
        parts += [text[last : m.start()], swapped]
        size += m.start() - last
        truth[size] = _core(swapped, m[0])
        size += len(swapped)
        last = m.end()
    return Noisy("".join([*parts, text[last:]]), truth)


def _core(swapped: str, original: str) -> tuple[str, str]:
    """A swap without the character that both end in: 职责心 for 责任心 is 职责 for 责任."""
    if len(swapped) == len(original) == 3 and swapped[-1] == original[-1]:
        return swapped[:-1], original[:-1]
    return swapped, original
