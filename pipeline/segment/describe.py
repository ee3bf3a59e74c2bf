"""Describe each piece by numbers: what the model of structure sees.

Three kinds of features, all whole numbers, so that the same text gives the same description on any machine:
slots   one small number each, of how a piece stands in its line, list and document
words   hashed character n-grams at its ends, and of its first run of letters as a whole
bag     hashed unigrams and bigrams of all its words

Hashing trick: Weinberger et al., 2009. Digits count as 0, letters as lower case, full-width marks as half-width ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import regex

from pipeline.segment import hashing
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.hashing import Codes, Ints
from pipeline.segment.slots import SIZES, SLOTS, groups, slots_of

BITS = 16
ROWS = 1 << BITS
"""Rows of the table that n-grams are hashed into."""


class Description(NamedTuple):
    """The features of n pieces.

    `slots`: n x len(SLOTS), each below its size. `words`: n x WORDS rows of the hash table. `bag`: rows of the hash
    table, of which those from `bag_starts[i]` up to `bag_ends[i]` are piece i's unigrams, and `pairs` likewise its
    bigrams. `same`, `alike`, `style`, `line`: for each piece the number of the group of pieces of the same words, of the
    same shape, with the same style of marker, of the same line. `before` and `after`: the index of the first piece of
    the line above and below.
    """

    slots: Ints
    words: Ints
    bag: Ints
    pairs: Ints
    starts: Ints
    ends: Ints
    same: Ints
    alike: Ints
    style: Ints
    line: Ints
    before: Ints
    after: Ints


WORDS = 10

_CORE = regex.compile(r"[\p{Han}A-Za-z]++(?:[/+#.&][\p{Han}A-Za-z]++)*+")
"""The first run of letters of a piece: "收银员" in "收银员（2名）", "任职要求" in "【任职要求】："."""


def _mix(salt: int, *columns: Codes) -> Ints:
    return hashing.rows(BITS, salt, *columns)


def describe(text: str, pieces: Sequence[Piece]) -> Description:
    """The description of all pieces of a text; the text has at least one."""
    letters = hashing.codes(text + "\n\n")
    starts = np.array([p.body if p.body < p.end else p.start for p in pieces])
    ends = np.array([p.end for p in pieces])
    cores = [_core(text, int(a), int(b)) for a, b in zip(starts, ends, strict=True)]
    core = np.array(cores)
    line = np.cumsum([p.cut == Cut.LINE for p in pieces]) - 1
    same = groups([text[a:b] for a, b in cores])
    slots, alike = slots_of(text, pieces, cores, same, line)
    line_first = np.flatnonzero(np.diff(line, prepend=-1))
    return Description(
        slots=slots,
        words=_words(letters, starts, ends, core[:, 0], core[:, 1]),
        bag=_mix(1, letters[:-2]),
        pairs=_mix(2, letters[:-2], letters[1:-1]),
        starts=starts,
        ends=ends,
        same=same,
        alike=alike,
        style=groups(
            [p.marker.style if p.marker else (p.cut, k) for p, k in zip(pieces, slots[:, 7].tolist(), strict=True)]
        ),
        line=line,
        before=line_first[np.maximum(line - 1, 0)],
        after=line_first[np.minimum(line + 1, line[-1])],
    )


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    m = _CORE.search(text, start, end)
    return (m.start(), m.end()) if m else (start, end)


def _words(letters: Codes, starts: Ints, ends: Ints, first: Ints, last: Ints) -> Ints:
    """Rows of the n-grams at both ends of each piece, and at both ends of its first run of letters."""
    none = np.uint64(0)

    def at(index: Ints, low: Ints, high: Ints) -> Codes:
        inside = (index >= low) & (index < high)
        return np.where(inside, letters[np.clip(index, 0, len(letters) - 1)], none)

    a, b, c = (at(starts + i, starts, ends) for i in range(3))
    z, y, x = (at(ends - 1 - i, starts, ends) for i in range(3))
    r, s, t = (at(last - 1 - i, first, last) for i in range(3))
    whole = _run_hash(letters, first, last)
    return np.stack(
        [
            _mix(3, a),
            _mix(4, a, b),
            _mix(5, a, b, c),
            _mix(6, z),
            _mix(7, z, y),
            _mix(8, z, y, x),
            _mix(9, r),
            _mix(10, r, s),
            _mix(11, r, s, t),
            _mix(12, whole),
        ],
        axis=1,
    )


def _run_hash(letters: Codes, first: Ints, last: Ints) -> Codes:
    """One hash of each run of letters: a polynomial in wrapping 64-bit arithmetic, from its first 12 letters."""
    out = np.zeros(len(first), dtype=np.uint64)
    for i in range(12):
        inside = first + i < last
        out = np.where(inside, (out * hashing.FACTOR) ^ letters[np.minimum(first + i, len(letters) - 1)], out)
    return out


__all__ = ["BITS", "ROWS", "SIZES", "SLOTS", "WORDS", "Description", "describe"]
