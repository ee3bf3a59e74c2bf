"""Characters that were left out: "熟悉系统常命令" for 常用命令, "；备优秀的能力" for 具备.

Where the language model knows neither trigram across a bound between two characters, or finds the second most unlikely,
and knows the four characters that one more would make, that one may have been lost. Boosted trees weigh how much better
the text reads with it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language.dictionary import ABSENT, REACH, Rates, standing
from pipeline.correct.language.ngrams import Codes, Language, fingerprints, load
from pipeline.correct.language.rescoring import Scored, pad, rate
from pipeline.correct.page import NUMERALS, Page
from pipeline.correct.proposal import NO_PRIOR, Proposal
from pipeline.correct.propose.odd import simplified
from pipeline.correct.propose.usual import counted
from pipeline.correct.scan.channel import load_channel

ALONE = frozenset(
    "依且带有写到给得并及以或做作按对与和在将从由让把各每全该其此所未需须会加任担爱懂学管教读看想找用试测建查买卖议精"
    "要主收工均法点力性度届感员"
)
"""Characters that are words, or ends of words, by themselves where a word of two would do as well: "依制度办理" lacks no 据,
"思维力" no 能. One that only makes a word with such a character is suggested."""

NEAR = 4
"""Characters on either side in which a missing one must not stand: "自义定控件" lacks no 定, it has it in the wrong place."""

TRIED = 8
"""Characters tried at a bound: those that most often follow what stands before it, and those that precede what follows."""

UNLIKELY = -3.0
"""log10 of the chance of a character up to which one may be missing before it, though the language model knows the two
together: postings have mistakes of one kind more than once ("分析能；")."""

LEAST = 3.0
"""log10 units that a text must gain by a character to be weighed."""

PUT, OPTIONAL = "missing.character", "missing.optional"
"""The rules of a character that the text needs, and of one that it reads better with: that is only suggested."""


def propose(language: Language, page: Page) -> list[Proposal]:
    """The best character for each gap of a text that may be one."""
    scored = page.scored
    bounds = _odd_bounds(scored)
    if not len(bounds):
        return []
    places, codes = _fitting(language, scored.codes, bounds)
    if not len(places):
        return []
    put = [language.characters[code] for code in codes.tolist()]
    gain = rate(language, scored, places, places, put).gain
    best: dict[int, int] = {}
    for n in np.argsort(-gain, kind="stable").tolist():
        if gain[n] >= LEAST:
            best.setdefault(int(places[n]), n)
    found = [(place, put[n]) for place, n in sorted(best.items()) if put[n] not in NUMERALS]
    if not found:
        return []
    return [
        Proposal((place,), 0, char, PUT if needed else OPTIONAL, "missing", NO_PRIOR)
        for (place, char), needed in zip(found, _needed(page.text, found), strict=True)
        if not _misplaced(page.text, place, char)
    ]


def _misplaced(text: str, at: int, char: str) -> bool:
    """Whether a character stands close to where it is missing, whatever blanks there are between."""
    before, behind = ("".join(part.split()) for part in (text[max(0, at - 3 * NEAR) : at], text[at : at + 3 * NEAR]))
    return char in before[-NEAR:] + behind[:NEAR]


def _needed(text: str, found: list[tuple[int, str]]) -> list[bool]:
    """Whether each character makes a word with one beside it that is none by itself; not at the end of a line, "苗圃工"."""
    out = []
    for (at, _), before, behind, longer in zip(found, *_made(text, found), strict=True):
        pairs = [char for char, rate in ((text[at - 1], before), (text[at : at + 1], behind)) if rate > ABSENT]
        needed = bool(set(pairs) - ALONE) or (not pairs and longer > ABSENT)
        out.append(needed and text[at : at + 1] not in ("", "\n"))
    return out


def _odd_bounds(scored: Scored) -> NDArray[np.int64]:
    """The places before which a character may be missing."""
    if len(scored.codes) < 3:
        return np.zeros(0, np.int64)
    orders = np.append(scored.orders, np.int8(1))
    han = simplified()[scored.codes]
    beside = han[:-1] | han[1:]
    here, behind = orders[1:-1], orders[2:]
    unknown = np.maximum(here, behind) <= 2
    unlikely = (scored.scores[1:] < UNLIKELY) & (behind <= 3)
    return np.flatnonzero(beside & (unknown | unlikely)) + 1


def _fitting(language: Language, codes: Codes, bounds: NDArray[np.int64]) -> tuple[NDArray[np.int64], Codes]:
    """The characters that make four known ones with three of a bound's neighbours: the bound, and the character's number."""
    around = pad(codes)[bounds[:, None] + np.arange(2, 6)]  # two before the bound, two behind
    choices = np.concatenate([load_channel().following[around[:, 1], :TRIED], _preceding(around[:, 2])], axis=1)
    place, n = np.nonzero(simplified()[choices])
    wanted = choices[place, n]
    near = around[place]
    rows = np.column_stack([near[:, :2], wanted, near[:, 2:]])
    known = language.seen(fingerprints(rows, 4)).any(axis=1)
    pairs = np.unique(np.stack([bounds[place[known]], wanted[known]]), axis=1)  # a character may stand in both lists
    return pairs[0], pairs[1]


def _preceding(codes: Codes) -> Codes:
    """What most often stands before each character; 0 is none."""
    rows, ready = _table()
    for code in np.unique(codes[~ready[codes]]).tolist():
        counts, known = counted(load(), np.stack([_every(), np.full(len(_every()), code)], 1))
        best = np.argsort(-np.where(known, counts, -1.0), kind="stable")[:TRIED]
        rows[code], ready[code] = np.where(known[best], _every()[best], 0), True
    return rows[codes]


@cache
def _table() -> tuple[Codes, NDArray[np.bool_]]:
    """What stands before each character, and for which that has been looked up."""
    size = len(load_channel().following)
    return np.zeros((size, TRIED), np.int64), np.zeros(size, bool)


@cache
def _every() -> Codes:
    return np.flatnonzero(simplified())


def _made(text: str, found: list[tuple[int, str]]) -> tuple[Rates, Rates, Rates]:
    """How usual the words are that each character put in makes with the one before it, with the one behind, and with more."""
    windows = [text[max(0, p - REACH) : p] + c + text[p : p + REACH] for p, c in found]
    word, longer = standing("\n".join(windows))
    ends = np.cumsum([0, *(len(window) + 1 for window in windows)])[:-1]
    put = ends + np.minimum([p for p, _ in found], REACH)
    return word[put - 1], word[put], np.maximum(longer[put - 1], longer[put])
