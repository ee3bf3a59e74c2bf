"""One character read or typed for another that looks or sounds like it."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct.language.dictionary import ABSENT
from pipeline.correct.language.ngrams import Language, load
from pipeline.correct.language.rescoring import swaps
from pipeline.correct.page import NUMERALS, Page, rows_of
from pipeline.correct.proposal import NO_PRIOR, Proposal
from pipeline.correct.scan.channel import load_channel

DOUBTFUL = 3
"""Support up to which a character is looked at: it is part of no longer n-gram that was ever seen."""

LEAST = 3.0
"""log10 units that a text must gain by a character."""

EACH = 2
"""Characters that are weighed for a place, the best first."""

SHAPE, SOUND = "misread.shape", "misread.sound"
"""The rules of a character that looks, and of one that sounds, like the one that stands there."""


def propose(language: Language, page: Page) -> list[Proposal]:
    """The best characters for each doubtful place: where no word of the language stands, or the n-grams know none."""
    table = _table()
    doubtful = (page.support <= DOUBTFUL) & ((page.covered == ABSENT) | (page.support < DOUBTFUL))
    places = np.flatnonzero(doubtful & table.any[page.rows])
    if not len(places):
        return []
    found = swaps(language, page.scored, places, table.right[page.rows[places]].astype(np.int64))
    best: dict[int, list[tuple[float, int]]] = defaultdict(list)
    kept = found.gain >= LEAST
    columns = (found.place[kept].tolist(), found.code[kept].tolist(), found.gain[kept].tolist())
    for place, code, gain in zip(*columns, strict=True):
        best[int(places[place])].append((gain, code))
    out = []
    for place, options in best.items():
        for _, code in sorted(set(options), reverse=True)[:EACH]:
            right, wrong = load().characters[code], page.text[place]
            if right == wrong or (right in NUMERALS and wrong in NUMERALS):
                continue
            shape, prior = table.why[wrong, right]
            rule, category = (SHAPE, "ocr") if shape else (SOUND, "typo")
            out.append(Proposal((place,), 1, right, rule, category, prior))
    return out


class _Table(NamedTuple):
    """The confusions as arrays over rows of characters: what each may have been (0: none), and which have any.

    `why` says of each pair whether its shapes were confused, and the log10 chance of that.
    """

    right: NDArray[np.int16]
    any: NDArray[np.bool_]
    why: dict[tuple[str, str], tuple[bool, float]]


@cache
def _table() -> _Table:
    channel, ids, characters = load_channel(), load().ids, load().characters
    options: dict[int, list[int]] = defaultdict(list)
    why: dict[tuple[str, str], tuple[bool, float]] = {}
    for wrong, right, reason, _ in lexicons.rows("confusions"):
        if reason == "sound" and ids[ord(right)] > 3:
            options[int(rows_of(wrong)[0])].append(int(ids[ord(right)]))
            why[wrong, right] = (False, NO_PRIOR)
    for row, codes in enumerate(channel.known):
        wrong = chr(row - 1 + 0x4E00)
        for code, cost in zip(codes.tolist(), channel.costs[row].tolist(), strict=True):
            if code > 0:
                why[wrong, characters[code]] = (True, max(cost, NO_PRIOR))
    sound = np.zeros((len(channel.known), max(map(len, options.values()))), np.int16)
    for row, rights in options.items():
        sound[row, : len(rights)] = rights
    table = np.concatenate([np.maximum(channel.known, 0), sound], axis=1)
    return _Table(table, np.asarray((table > 0).any(axis=1)), why)
