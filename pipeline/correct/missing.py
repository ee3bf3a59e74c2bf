"""Characters that were left out: "熟悉系统常命令" for 常用命令, "；备优秀的能力" for 具备.

Where the language model knows neither trigram across a bound between two characters, or finds the second most unlikely,
and knows the four characters that one more would make, that one may have been lost. Boosted trees weigh how much better
the text reads with it.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.channel import load_channel
from pipeline.correct.dictionary import ABSENT, REACH, Rates, standing, standing_of
from pipeline.correct.language import Codes, Language, fingerprints, load
from pipeline.correct.odd import simplified
from pipeline.correct.page import NUMERALS
from pipeline.correct.rescoring import Candidate, Scored, gains, pad
from pipeline.correct.spin import Judged
from pipeline.correct.trees import load_trees
from pipeline.correct.usual import counted

SURE, LIKELY = 0.9, 0.6
"""Chance from which a character is put in, and from which it is suggested."""

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

Matrix = NDArray[np.float64]

FEATURES = (
    "gain",
    "lead",
    "held",
    "order",
    "order behind",
    "order before",
    "support before",
    "support behind",
    "frequency",
    "Han before",
    "Han behind",
    "word across",
    "word before",
    "word behind",
    "word with before",
    "word with behind",
    "longer word",
    "again",
    "odd bounds",
    "size",
)
"""Names of what the trees weigh, in order."""

WITH = FEATURES.index("word with before")


class Gaps(NamedTuple):
    """Characters that may be missing: the offset that each would stand before, itself, and what speaks for it."""

    places: NDArray[np.int64]
    characters: list[str]
    features: Matrix


def judge(text: str, language: Language) -> list[Judged]:
    """The characters to put in, and those to suggest."""
    gaps = find(language, text, Scored.of(language, text))
    if gaps is None:
        return []
    chances = load_trees("missing.npz")["alone"].chances(gaps.features)
    out = []
    for at, char, chance, features in zip(
        gaps.places.tolist(), gaps.characters, chances.tolist(), gaps.features, strict=True
    ):
        if chance >= LIKELY:
            evidence = f"reads {features[0]:.1f} better (log10) with {char}"
            sure = chance >= SURE and _needed(text, at, features) and not _misplaced(text, at, char)
            out.append(Judged(_change(text, at, char), sure, round(min(chance, 0.98), 2), evidence))
    return out


def _misplaced(text: str, at: int, char: str) -> bool:
    """Whether a character stands close to where it is missing, whatever blanks there are between."""
    before, behind = ("".join(part.split()) for part in (text[max(0, at - 3 * NEAR) : at], text[at : at + 3 * NEAR]))
    return char in before[-NEAR:] + behind[:NEAR]


def _needed(text: str, at: int, features: NDArray[np.float64]) -> bool:
    """Whether a character makes a word with one beside it that is none by itself; not at the end of a line, "苗圃工"."""
    if text[at : at + 1] in ("", "\n"):
        return False
    before, behind, longer = features[WITH : WITH + 3]
    pairs = [char for char, rate in ((text[at - 1], before), (text[at : at + 1], behind)) if rate > ABSENT]
    return bool(set(pairs) - ALONE) or (not pairs and longer > ABSENT)


def _change(text: str, at: int, char: str) -> Candidate:
    """The character beside the gap with the one that is missing: an editor marks a place that has some extent."""
    if "\u4e00" <= text[at - 1 : at] <= "\u9fff":
        return Candidate(at - 1, at, text[at - 1] + char, "missing.character", "missing")
    return Candidate(at, at + 1, char + text[at], "missing.character", "missing")


def find(language: Language, text: str, scored: Scored) -> Gaps | None:
    """The best character for each gap of a text that may be one."""
    bounds = _odd_bounds(scored)
    if not len(bounds):
        return None
    places, codes = _fitting(language, scored.codes, bounds)
    if not len(places):
        return None
    put = [language.characters[code] for code in codes.tolist()]
    rated = gains(language, scored, [Candidate(p, p, c, "", "") for p, c in zip(places.tolist(), put, strict=True)])
    best: dict[int, list[tuple[float, int]]] = {}
    for n, (place, (gain, _)) in enumerate(zip(places.tolist(), rated, strict=True)):
        best.setdefault(place, []).append((gain, n))
    kept, leads = list[int](), list[float]()
    for options in best.values():
        options.sort(reverse=True)
        if options[0][0] >= LEAST and put[options[0][1]] not in NUMERALS:
            kept.append(options[0][1])
            leads.append(options[0][0] - (options[1][0] if len(options) > 1 else 0.0))
    if not kept:
        return None
    at, characters = places[kept], [put[n] for n in kept]
    rows = [[rated[n].gain, lead, rated[n].support] for n, lead in zip(kept, leads, strict=True)]
    told = np.column_stack([rows, _around(language, text, scored, at, codes[kept], len(bounds))])
    return Gaps(at, characters, told)


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


def _around(language: Language, text: str, scored: Scored, at: NDArray[np.int64], codes: Codes, bounds: int) -> Matrix:
    """What else is known of each gap: the n-grams and the words that it parts and makes."""
    last = len(scored.codes) - 1
    before, behind = np.maximum(at - 1, 0), np.minimum(at, last)
    orders, support, han = scored.orders, scored.support(), simplified()[scored.codes]
    large = standing_of(text)
    own = np.maximum(*large.of_characters())
    return np.column_stack(
        [
            orders[behind],
            orders[np.minimum(at + 1, last)],
            orders[before],
            support[before],
            support[behind],
            language.unigrams[codes],
            han[before],
            han[behind],
            large.word[before],
            own[before],
            own[behind],
            *_made(text, at, [language.characters[code] for code in codes.tolist()]),
            [text.count(text[p - 1 : p + 1]) for p in at.tolist()],
            np.full(len(at), 100 * bounds / len(text)),
            np.full(len(at), np.log(len(text))),
        ]
    ).astype(np.float64)


def _made(text: str, at: NDArray[np.int64], characters: list[str]) -> tuple[Rates, Rates, Rates]:
    """How usual the words are that each character put in makes with the one before it, with the one behind, and with more."""
    places = at.tolist()
    windows = [text[max(0, p - REACH) : p] + c + text[p : p + REACH] for p, c in zip(places, characters, strict=True)]
    word, longer = standing("\n".join(windows))
    ends = np.cumsum([len(window) + 1 for window in windows])
    put = np.append(0, ends[:-1]) + np.minimum(at, REACH)
    return word[put - 1], word[put], np.maximum(longer[put - 1], longer[put])
