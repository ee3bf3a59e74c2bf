"""A text as the language model should read it: without the line breaks that only the width of a page put there."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.channel import rows_of
from pipeline.correct.language import Codes, Language
from pipeline.correct.rescoring import Scored

FULL = 0.7
"""Share of the longest line that a line must reach to be taken for a full one."""

SHORT = 16
"""Characters up to which no line is full: the longest line of a list of words is no measure."""

NUMERALS = "一二三四五六七八九十百千万两甲乙丙丁戊"
"""A numeral is never read as another: a wrong number is worse than a garbled one."""

_ENUMERATOR = re.compile(f"(?m)(?:^[(（第【]?|[(（第【])([{NUMERALS}]+)(?=[、.．,，:：)）章篇节】])")
_JOINT = re.compile("(?<=[\u4e00-\u9fff，、])\n+(?=[\u4e00-\u9fff])")
_GAP = re.compile("(?<=\n)\n+")


@dataclass(frozen=True, slots=True)
class Page:
    """`text` without soft breaks, scored, and for each of its characters the offset in the text that it came from.

    `rows` are the characters' rows in tables over all Han characters (`channel.rows_of`), 0 for others and for
    enumerators: 甲、 is not 一、 because most pages say so.
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
        rows[m.start(1) : m.end(1)] = 0
    return Page(view, offsets, rows, scored, scored.support())
