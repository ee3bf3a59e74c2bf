"""Words that rewriting software swapped in, found by the tables that such software uses.

A page is rewritten with one table throughout, so it tells on itself: where several different swaps of one table read
much worse than what they replaced, the table is at work, and its other swaps nearby are believed on less. A swap that
stands alone is a word like any other: "持续改进", "潜在客户", "推荐产品" stay.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct.language.ngrams import Language, points_of
from pipeline.correct.language.rescoring import STRANGE, Scored, rate
from pipeline.correct.proposal import Candidate, Judged

STRONG = 4.0
"""Gain in log10 units from which a swap speaks for its table; by all that is known, since a word that laws have is a word of
another trade. The others need only gain by the language of postings, which such pages are written in."""

REACH = 700
"""Characters on either side within which swaps speak for each other: pages are stitched from parts."""

WITNESSES = ((3, 3, 12.0), (2, 2, 15.0))
"""What shows a table at work: at least so many different strong swaps, so many places, and so much gain in all."""

ALONE = (1, 3, 15.0)
"""What shows it in the language of postings, too. In another trade a word that stands three times is a word of that trade: 例:
"装备" in a list of duties of a smelter."""

ENOUGH = 1.3
"""Gain that a swap needs where its table is at work."""

FAMILIAR = 0.4
"""Gain that it needs where, besides, the same swap was strong elsewhere nearby."""

HINT = 6.0
"""Gain from which a swap without witnesses is suggested."""


class _Table(NamedTuple):
    """The tables by the first two characters of a swapped word, and which characters can begin one and go second."""

    rows: dict[str, list[tuple[str, str, str]]]
    first: NDArray[np.bool_]
    second: NDArray[np.bool_]


Row = tuple[str, ...]


@lru_cache(maxsize=4)
def table(own: tuple[Row, ...] = ()) -> _Table:
    """The rows of the lexicon and the user's own."""
    rows: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    first, second = np.zeros(0x10000, bool), np.zeros(0x10000, bool)
    for swapped, original, generation in dict.fromkeys((*lexicons.rows("spin"), *own)):
        rows[swapped[:2]].append((swapped, original, f"spin.{generation}"))
        first[ord(swapped[0])] = second[ord(swapped[1])] = True
    return _Table(dict(rows), first, second)


def candidates(text: str, own: tuple[Row, ...] = ()) -> list[Candidate]:
    """Every swap that the tables and the user's own rows know of, overlapping ones too."""
    known = table(own)
    raw = np.minimum(points_of(text), 0xFFFF)
    return [
        Candidate(at, at + len(swapped), original, rule, "spin")
        for at in np.flatnonzero(known.first[raw[:-1]] & known.second[raw[1:]]).tolist()
        for swapped, original, rule in known.rows.get(text[at : at + 2], ())
        if text.startswith(swapped, at)
    ]


def judge(text: str, language: Language, own: tuple[Row, ...] = ()) -> list[Judged]:
    """The swaps to make and to suggest."""
    found = candidates(text, own)
    if not found:
        return []
    starts, ends = np.array([(c.start, c.end) for c in found]).T
    scored = Scored.of(language, text)
    gained = rate(language, scored, starts, ends, [c.replacement for c in found])
    rated = list(zip(found, gained.gain.tolist(), gained.postings.tolist(), strict=True))
    strong: dict[str, list[_Witness]] = defaultdict(list)
    for c, gain, _ in rated:
        if gain >= STRONG:
            for table in _tables(c):
                strong[table].append(_Witness(c.start, (text[c.start : c.end], c.replacement), gain))
    out = []
    for c, strength, gain in rated:
        if gain < FAMILIAR or strength < 0:
            continue
        table, near = max(((t, _near(strong[t], c.start)) for t in _tables(c)), key=lambda pair: len(pair[1]))
        c = c._replace(rule=f"spin.{table}")
        pair = (text[c.start : c.end], c.replacement)
        others = sum(w.pair == pair for w in near) - (strength >= STRONG)
        evidence = f"reads {gain:.1f} better (log10), {len({w.pair for w in near})} swaps of the table nearby"
        if _at_work(near, _is_strange(scored, c.start)) and gain >= (FAMILIAR if others > 0 else ENOUGH):
            out.append(Judged(c, True, _confidence(gain, len(near)), evidence))
        elif strength >= HINT:
            out.append(Judged(c, False, 0.5, evidence))
    return out


def _tables(candidate: Candidate) -> list[str]:
    """The tables that have the swap: a row for several reads "1,2"."""
    return candidate.rule.removeprefix("spin.").split(",")


class _Witness(NamedTuple):
    start: int
    pair: tuple[str, str]
    gain: float


def _near(strong: list[_Witness], at: int) -> list[_Witness]:
    return strong[bisect_left(strong, (at - REACH,)) : bisect_left(strong, (at + REACH + 1,))]


def _is_strange(scored: Scored, at: int) -> bool:
    """Whether the text around a place is of another trade than the language of postings."""
    return bool(scored.postings[max(0, at - REACH) : at + REACH].mean() < STRANGE)


def _at_work(near: list[_Witness], strange: bool) -> bool:
    """Overlapping candidates for one place ("职责" in "职责心") count once."""
    kinds = len({w.pair[0][:2] for w in near})
    places = len({w.start for w in near})
    total = sum(w.gain for w in near)
    return any(kinds >= k and places >= p and total >= g for k, p, g in (WITNESSES if strange else (*WITNESSES, ALONE)))


def _confidence(gain: float, witnesses: int) -> float:
    """Grows with both kinds of evidence; never quite certain."""
    return round(min(0.99, 0.8 + 0.02 * gain + 0.01 * witnesses), 2)
