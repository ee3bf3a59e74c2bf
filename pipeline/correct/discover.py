"""Swaps that no table holds, found from the page itself.

Rewriting software puts the same odd word wherever the usual one stood, so a page tells on itself: a word that the
language model finds odd, and another that would read far better in its places (`evidence`). Boosted trees weigh the
evidence for each, and a second model of trees also what else of the page was swapped: what is odd alone is a name, or a
trade that the corpus hardly knows.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct.evidence import FEATURES, Evidence, Matrix, find
from pipeline.correct.language import Floats, Language
from pipeline.correct.rescoring import Candidate, Scored, gains
from pipeline.correct.spin import Judged
from pipeline.correct.trees import load_trees, odds
from pipeline.correct.usual import Usual, load_usual

RULE, SLIP = "spin.discovered", "misread.word"
"""The rules of a word that was swapped, and of one that was typed or read for another that sounds or looks alike."""

SURE, LONE, HEARD, LIKELY = 0.88, 0.93, 0.73, 0.7
"""Chance from which a swap is taken back, from which one is that has little company but several places, from which a word
is put right that was typed for one that is read alike, and from which all are suggested."""

COMPANY, TELLING = 0.8, 0.5
"""Other swaps of the page, by the sum of their chances, that are company, and the chance from which each counts: a page of
another field has many odd words, each of little chance."""

TOLD, SEEN = 0.1, 0.02
"""Chance alone from which a swap tells of the others of its page, and from which it is looked at again."""

ALSO = 1.0
"""log10 units that a place must gain where the word is not odd, once the swap is sure."""

ON_PAGE = (*FEATURES, "alone", "company", "company each", "sure", "places each", "rival", "kin")
"""Names of what the second model weighs."""


SOUND = FEATURES.index("sound")
KIN = [FEATURES.index(name) for name in ("synonym", "akin", "share")]


class OnPage(NamedTuple):
    """The rows of evidence that are looked at again, and what the second model weighs for each."""

    rows: NDArray[np.int64]
    features: Matrix


def on_page(evidence: Evidence, chances: Floats, size: int, found: int = 0) -> OnPage:
    """What the second model weighs: the first one's chance of each pair, and the other swaps of the page.

    `found` counts those that were found and taken back before: a table that is known says nothing of other words.
    """
    starts = np.flatnonzero(np.diff(evidence.word, prepend=-1))
    of_word = np.cumsum(np.diff(evidence.word, prepend=-1) > 0) - 1
    swapped = np.where(evidence.features[:, SOUND] > 0, 0.0, chances)
    best = np.maximum.reduceat(swapped, starts)
    told = np.where(best > TOLD, best, 0.0)
    many = told * evidence.words.sizes[evidence.word[starts]]
    sure = told > SURE
    rows = np.flatnonzero(chances > SEEN)
    rivals = np.array(
        [_rival(chances, starts, n, w) for n, w in zip(rows.tolist(), of_word[rows].tolist(), strict=True)]
    )
    others = (told.sum() - told)[of_word[rows]] + found
    columns = [
        odds(chances[rows]),
        others,
        500 * others / size,
        (sure.sum() - sure)[of_word[rows]] + found,
        500 * ((many.sum() - many)[of_word[rows]] + found) / size,
        odds(rivals),
        _kin(evidence, told, starts, of_word)[rows] + found,
    ]
    return OnPage(rows, np.column_stack([evidence.features[rows], *columns]))


def _kin(evidence: Evidence, told: Floats, starts: NDArray[np.int64], of_word: NDArray[np.int64]) -> Floats:
    """For each pair the other swaps of the page that the lexicon knows or that share a character, by their chances."""
    known = evidence.features[:, KIN].any(axis=1)
    kin = told * np.maximum.reduceat(known, starts)
    out: Floats = (kin.sum() - kin)[of_word]
    return out


def _rival(chances: Floats, starts: NDArray[np.int64], row: int, word: int) -> float:
    """The best chance of another usual word behind the same odd one."""
    end = int(starts[word + 1]) if word + 1 < len(starts) else len(chances)
    others = [c for n, c in enumerate(chances[starts[word] : end].tolist(), int(starts[word])) if n != row]
    return max(others, default=0.0)


def judge(text: str, language: Language, listed: int = 0, found: Collection[str] = ()) -> list[Judged]:
    """The swaps of a text that no table holds: those to take back, and those to suggest.

    `listed` counts the different swaps that a table held and that were taken back before, `found` are the words that were
    put back like these.
    """
    scored = Scored.of(language, text)
    usual = load_usual()
    evidence = find(language, usual, text, scored)
    if evidence is None:
        return []
    models = load_trees("swaps.npz")
    again = on_page(evidence, models["alone"].chances(evidence.features), len(text), len(found))
    if not len(again.rows):
        return []
    chances = models["on_page"].chances(again.features)
    best = _best(evidence, usual, again.rows, chances)
    typed = evidence.features[:, SOUND] > 0
    swapped = dict.fromkeys(found, 1.0) | _originals(evidence, [(c, row) for c, row in best if not typed[row]])
    company = listed + sum(swapped.values())
    out = list[Judged]()
    for chance, row in best:
        name, right = evidence.names[int(evidence.word[row])], evidence.right[row]
        if chance < LIKELY:
            continue
        slip, places = "typo" if typed[row] else _slip(name, right), evidence.places(row)
        sure = _sure(chance, slip, len(places), alone=company - swapped.get(right, 0.0) < COMPANY)
        told = f"{sum(places.values()):.1f} better (log10) in {len(places)} places, "
        told += SLIPS[slip] if slip else f"{company:.1f} swaps on the page"
        put = [p for p, gain in places.items() if gain >= 0]
        if sure and not slip:
            put += _also(language, text, scored, (name, right), places)
        confidence = round(min(chance, 0.98), 2)
        out += [Judged(_change(p, name, right, slip), sure, confidence, told) for p in sorted(put)]
    return out


def _best(evidence: Evidence, usual: Usual, rows: NDArray[np.int64], chances: Floats) -> list[tuple[float, int]]:
    """The likeliest usual word behind each odd one, unless it would say another thing: its chance, and its row."""
    best: dict[int, tuple[float, int]] = {}
    for row, chance in zip(rows.tolist(), chances.tolist(), strict=True):
        word = int(evidence.word[row])
        best[word] = max(best.get(word, (0.0, -1)), (chance, row))
    pairs = {word: (evidence.names[word], evidence.right[row]) for word, (_, row) in best.items()}
    return [at for word, at in best.items() if not usual.opposed(*pairs[word]) and not usual.distinct(*pairs[word])]


def _originals(evidence: Evidence, best: list[tuple[float, int]]) -> dict[str, float]:
    """The chances of the words that were swapped: a table has one word for each, so that "客人" and "宾客", both taken for
    客户, are no company for each other."""
    out: dict[str, float] = {}
    for chance, row in best:
        if chance > TELLING:
            out[evidence.right[row]] = max(out.get(evidence.right[row], 0.0), chance)
    return out


def _sure(chance: float, slip: str, places: int, alone: bool) -> bool:
    """A slip happens once; a swap that stands alone on its page must at least stand there twice."""
    if slip == "typo":
        return chance >= HEARD
    return chance >= SURE if not alone else chance >= LONE and (bool(slip) or places > 1)


SLIPS = {"typo": "read alike", "ocr": "look alike"}
"""What ties the two words of a slip, by category."""


def _slip(word: str, right: str) -> str:
    """Whether one character was put for another that scanners take it for: no swap, and category "ocr"."""
    apart = [pair for pair in zip(word, right, strict=True) if pair[0] != pair[1]]
    return "ocr" if len(apart) == 1 and apart[0] in _confused() else ""


@cache
def _confused() -> frozenset[tuple[str, str]]:
    """Pairs of a character read and the one printed, as they were counted."""
    counted = lexicons.rows("confusions")
    return frozenset((wrong, right) for wrong, right, why, seen in counted if why == "shape" and seen != "0")


def _also(language: Language, text: str, scored: Scored, pair: tuple[str, str], places: dict[int, float]) -> list[int]:
    """The places of a sure swap where its word is not odd, and the right one reads better all the same."""
    rest, at = list[Candidate](), text.find(pair[0])
    while at >= 0:
        if at not in places:
            rest.append(_change(at, *pair))
        at = text.find(pair[0], at + 1)
    return [c.start for c, g in zip(rest, gains(language, scored, rest), strict=True) if g.gain >= ALSO]


def _change(place: int, word: str, right: str, slip: str = "") -> Candidate:
    """A swap, or what a word differs in that was mistyped or misread."""
    if not slip:
        return Candidate(place, place + 2, right, RULE, "spin")
    start, end = int(word[0] == right[0]), 1 + int(word[1] != right[1])
    return Candidate(place + start, place + end, right[start:end], SLIP, slip)
