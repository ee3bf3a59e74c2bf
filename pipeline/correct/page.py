"""A text as the models should read it: without the line breaks that only the width of a page put there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language.dictionary import Rates, Standing, standing
from pipeline.correct.language.ngrams import Codes, Language, points_of
from pipeline.correct.language.rescoring import Scored

FULL = 0.7
"""Share of the longest line that a line must reach to be taken for a full one."""

SHORT = 16
"""Characters up to which no line is full: the longest line of a list of words is no measure."""

PART = 1500
"""Characters from which a text is judged in parts: it may be stitched together from pages that have different pasts."""

NUMERALS = "一二三四五六七八九十百千万两甲乙丙丁戊"
"""A numeral is never read as another: a wrong number is worse than a garbled one."""

FIRST, LAST = 0x4E00, 0x9FFF
ROWS = LAST - FIRST + 2
"""Rows of a table over all Han characters of the basic block, and one for all others."""

_ENUMERATOR = re.compile(
    f"(?m)(?:^[(（第【]?|[(（第【])([{NUMERALS}]+)(?=[、.．,，:：)）章篇节】])|^\\s*+(篇[{NUMERALS}]+)(?!\\w)"
)
_JOINT = re.compile("(?<=[\u4e00-\u9fff，、])\n+(?=[\u4e00-\u9fff])")
_GAP = re.compile("(?<=\n)\n+")


@dataclass(frozen=True)
class Page:
    """`text` without soft breaks, scored, and for each of its characters the offset in the text that it came from.

    `rows` are the characters' rows in tables over all Han characters (`rows_of`), 0 for others and for enumerators:
    甲、 is not 一、 because most pages say so, nor is 篇一 a 第一.
    """

    text: str
    offsets: NDArray[np.int64]
    rows: Codes
    scored: Scored
    support: NDArray[np.int8]

    @property
    def codes(self) -> Codes:
        """The character numbers of the text."""
        return self.scored.codes

    @cached_property
    def words(self) -> Standing:
        """The words of the language at large that the characters from each place on make."""
        return standing(self.text)

    @cached_property
    def covered(self) -> Rates:
        """For each character how usual the most usual word is that it is part of."""
        return np.maximum(*self.words.of_characters())


def rows_of(text: str) -> Codes:
    """The row of each character of a text in tables over all Han characters of the basic block; 0 for any other."""
    points = points_of(text).astype(np.int64)
    return np.where((points >= FIRST) & (points <= LAST), points - FIRST + 1, 0)


def parts(text: str) -> Iterator[tuple[int, int]]:
    """The parts in which a text is judged, from line to line."""
    start = 0
    while len(text) - start > 2 * PART:
        end = text.find("\n", start + PART)
        if end < 0:
            break
        yield start, end + 1
        start = end + 1
    yield start, len(text)


def read(language: Language, text: str) -> Page:
    """The page of a cleaned text."""
    kept = np.ones(len(text), dtype=bool)
    longest = max(map(len, text.split("\n")), default=0)
    if "\n" in text:
        for m in _GAP.finditer(text):
            kept[m.start() : m.end()] = False
        for m in _JOINT.finditer(text):
            if m.start() - text.rfind("\n", 0, m.start()) - 1 >= max(SHORT, FULL * longest):
                kept[m.start() : m.end()] = False
    offsets = np.flatnonzero(kept)
    view = text if len(offsets) == len(text) else "".join(text[i] for i in offsets.tolist())
    scored = Scored.of(language, view)
    rows = rows_of(view)
    for m in _ENUMERATOR.finditer(view):
        rows[m.start(m.lastindex or 0) : m.end()] = 0
    return Page(view, offsets, rows, scored, scored.support())
