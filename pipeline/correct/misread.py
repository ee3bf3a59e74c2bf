"""Characters that a scanner or a typist took for others.

Most pages never saw a scanner, and there a change needs overwhelming evidence: the language model must read one
character's change as far better, and no other choice may come near. A page that shows the marks of a scanner is
decoded anew (`scan`), and its changes are believed on less.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct import damage, scan
from pipeline.correct import page as pages
from pipeline.correct.channel import LOST, load_channel, rows_of
from pipeline.correct.decision import load_models
from pipeline.correct.language import Floats, Language, load
from pipeline.correct.page import NUMERALS, Page
from pipeline.correct.rescoring import Candidate, swaps
from pipeline.correct.spin import Judged

DOUBTFUL = 3
"""Support up to which a character is looked at: it is part of no longer n-gram that was ever seen."""

MARGIN = 1.0
"""How much the best candidate must lead the next."""


class Bar(NamedTuple):
    """What a change must reach: gain in log10 units, and the order of the n-gram that holds it once it is made."""

    gain: float
    held: int
    doubt: int


LIKELY = Bar(7.0, 4, 2)
"""What a change must reach to be suggested."""

BARS = {"shape": Bar(9.5, 4, 2), "sound": Bar(7.5, 4, 3)}
"""On a page that shows no sign of a scanner; measured on clean postings."""

WITNESS, HINT = Bar(4.5, 4, 2), Bar(3.5, 4, 2)
"""A change of shape that reaches the first is a sign of a scanner; one that reaches the second adds to it."""

PHANTOM_WITNESS, PHANTOM_HINT = 0.8, 0.5
"""The same for the chance that a character was not printed."""

HINTED = 0.08
"""Hints for each doubtful stretch that a page must show to be decoded: text of another field is odd, but not damaged."""

SIGNS, SHARE = 1.0, 0.15
"""Changes that must be right, by the sum of their chances, in all and for each doubtful stretch, to show a scanner."""

ON_SCAN, ELSEWHERE = 0.36, 0.95
"""Chance from which a change is made on a page that shows a scanner, and on one that may have seen one."""

SUGGEST, PERHAPS = 0.25, 0.6
"""Chance from which it is suggested on each."""

INVENTED = 0.4
"""Chance from which a character that hardly was printed goes on a page that shows a scanner."""

CERTAIN = 0.9
"""Chance from which a character goes on any page that nobody can have written there."""

PART = 1500
"""Characters from which a text is judged in parts."""


class _Choice(NamedTuple):
    """The best character for a place, by how much it reads better, and its lead over the next."""

    place: int
    right: str
    why: str
    gain: float
    held: int
    lead: float


def judge(text: str, language: Language, mended: Sequence[int] = ()) -> list[Judged]:
    """Misread and mistyped characters of a cleaned text; `mended` are the places of those found before.

    A long text is judged in parts, since it may be stitched together from pages that have different pasts.
    """
    out: list[Judged] = []
    for start, end in _parts(text):
        page = pages.read(language, text[start:end])
        before = bisect_left(mended, end) - bisect_left(mended, start)
        out += [_moved(j, start) for j in _judge(language, page, before)]
    return out


def _parts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while len(text) - start > 2 * PART:
        end = text.find("\n", start + PART)
        if end < 0:
            break
        yield start, end + 1
        start = end + 1
    yield start, len(text)


def _moved(judged: Judged, by: int) -> Judged:
    c = judged.candidate
    return judged._replace(candidate=c._replace(start=c.start + by, end=c.end + by))


def _judge(language: Language, page: Page, mended: int) -> list[Judged]:
    if not len(page.codes):
        return []
    choices = _choices(language, page)
    phantoms = scan.phantoms(language, page)
    invented = load_models()["phantom"].chances(phantoms.features)
    judged = _scanned(language, page, choices, mended, phantoms, invented)
    if judged is None:
        judged = [_weigh(page, c) for c in _telling(page, [c for c in choices if _reaches(page, c, LIKELY)])]
    sure = [
        _scan_judged(page, place, LOST, gain, chance, CERTAIN, float("nan"))
        for place, gain, chance in zip(phantoms.places.tolist(), phantoms.gains.tolist(), invented, strict=True)
        if chance >= CERTAIN and scan.unsaid(page, place)
    ]
    kept = {j.candidate.start for j in sure}
    return [*sure, *(j for j in judged if j.candidate.start not in kept)]


def _scanned(
    language: Language, page: Page, choices: list[_Choice], mended: int, phantoms: scan.Changes, invented: Floats
) -> list[Judged] | None:
    """The changes of a page that came through a scanner, None for any other page."""
    telling = _telling(page, [c for c in choices if c.gain >= HINT.gain])  # no bar is lower
    signs = mended + _count(page, telling, WITNESS) + int((invented >= PHANTOM_WITNESS).sum())
    hints = mended + _count(page, telling, HINT) + int((invented >= PHANTOM_HINT).sum())
    stretches = len(scan.stretches(page))
    if not signs or hints < HINTED * stretches:
        return None
    misread = scan.misread(language, load_channel(), page)
    unprinted = float(invented[invented >= PHANTOM_HINT].sum())
    likely = damage.weigh(page, misread, damage.Signs(stretches, unprinted, mended))
    weight = mended + unprinted + float(likely[likely >= PHANTOM_HINT].sum())
    scanned = weight >= max(SIGNS, SHARE * stretches)
    least = ON_SCAN if scanned else ELSEWHERE
    found: dict[int, Judged] = {}
    for changes, chances, bar in ((phantoms, invented, INVENTED if scanned else 1.0), (misread, likely, least)):
        for row in zip(changes.places.tolist(), changes.codes.tolist(), changes.gains.tolist(), chances, strict=True):
            judged = _scan_judged(page, *row, bar, weight)
            at = judged.candidate.start
            if judged.confidence >= (SUGGEST if scanned else PERHAPS) and (
                at not in found or found[at].confidence < judged.confidence
            ):
                found[at] = judged
    sure = [_weigh(page, c) for c in (choices if scanned else telling) if _reaches(page, c, BARS[c.why])]
    return [*found.values(), *(j for j in sure if j.candidate.start not in found)]


def _telling(page: Page, choices: list[_Choice]) -> list[_Choice]:
    """The choices without rare confusions of shape, which fit any text that is merely odd."""
    places, ids = np.array([c.place for c in choices], np.int64), load().ids
    codes = np.array([ids[ord(c.right)] for c in choices], np.int64)
    speaking = scan.speaks(load_channel(), page, places, codes)
    return [c for c, speaks in zip(choices, speaking, strict=True) if speaks or c.why == "sound"]


def _count(page: Page, choices: list[_Choice], bar: Bar) -> int:
    """How many changes of shape reach a bar, whatever their lead."""
    return sum(
        c.why == "shape" and c.gain >= bar.gain and c.held >= bar.held and page.support[c.place] <= bar.doubt
        for c in choices
    )


def _scan_judged(page: Page, place: int, code: int, gain: float, chance: float, least: float, weight: float) -> Judged:
    at = int(page.offsets[place])
    put = "" if code == LOST else load().characters[code]
    rule = "misread.phantom" if code == LOST else "misread.scan"
    where = "where nobody writes it" if isnan(weight) else f"on a page with some {weight:.0f} misread"
    evidence = f"reads {gain:.1f} better (log10), {chance:.0%} likely {where}"
    return Judged(Candidate(at, at + 1, put, rule, "ocr"), chance >= least, round(float(chance), 2), evidence)


def _choices(language: Language, page: Page) -> list[_Choice]:
    """The best single change of each doubtful place."""
    table = _table()
    places = np.flatnonzero((page.support <= DOUBTFUL) & table.any[page.rows])
    if not len(places):
        return []
    found = swaps(language, page.scored, places, table.right[page.rows[places]].astype(np.int64))
    best: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for place, code, gain, held in zip(
        found.place.tolist(), found.code.tolist(), found.gain.tolist(), found.held.tolist(), strict=True
    ):
        if gain > 0:
            best[place].append((gain, code, held))
    out = []
    for k, options in best.items():
        options.sort(reverse=True)
        gain, code, held = options[0]
        lead = gain - options[1][0] if len(options) > 1 else gain
        place = int(places[k])
        right = load().characters[code]
        if right in NUMERALS and page.text[place] in NUMERALS:
            continue
        out.append(_Choice(place, right, table.why[page.text[place], right], gain, held, lead))
    return out


def _reaches(page: Page, choice: _Choice, bar: Bar) -> bool:
    return (
        choice.gain >= bar.gain
        and choice.held >= bar.held
        and page.support[choice.place] <= bar.doubt
        and choice.lead >= MARGIN
    )


def _weigh(page: Page, choice: _Choice) -> Judged:
    sure = _reaches(page, choice, BARS[choice.why])
    confidence = round(min(0.99, 0.5 + 0.06 * choice.gain), 2) if sure else 0.5
    evidence = f"reads {choice.gain:.1f} better (log10), {choice.lead:.1f} better than the next choice"
    at = int(page.offsets[choice.place])
    category = "ocr" if choice.why == "shape" else "typo"
    return Judged(Candidate(at, at + 1, choice.right, f"misread.{choice.why}", category), sure, confidence, evidence)


class _Table(NamedTuple):
    """The confusions as arrays over rows of characters: what each may have been (0: none), and which have any."""

    right: NDArray[np.int16]
    any: NDArray[np.bool_]
    why: dict[tuple[str, str], str]


@cache
def _table() -> _Table:
    channel, ids = load_channel(), load().ids
    options: dict[int, list[int]] = defaultdict(list)
    why: dict[tuple[str, str], str] = {}
    for wrong, right, reason, _ in lexicons.rows("confusions"):
        if right == "-":
            continue
        why[wrong, right] = reason
        if reason == "sound" and ids[ord(right)] > 3:
            options[int(rows_of(wrong)[0])].append(int(ids[ord(right)]))
    sound = np.zeros((len(channel.known), max(map(len, options.values()))), np.int16)
    for row, rights in options.items():
        sound[row, : len(rights)] = rights
    table = np.concatenate([np.maximum(channel.known, 0), sound], axis=1)
    return _Table(table, np.asarray((table > 0).any(axis=1)), why)
