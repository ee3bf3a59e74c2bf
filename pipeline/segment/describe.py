"""Describe each piece by numbers: what the model of structure sees.

Three kinds of features, all whole numbers, so that the same text gives the same description on any machine:
slots   one small number each, of how a piece stands in its line, list and document
words   hashed character n-grams at its ends, and of its first run of letters as a whole
bag     hashed unigrams and bigrams of all its words

Beside them go the characters themselves (`characters`).

Hashing trick: Weinberger et al., 2009. Digits count as 0, letters as lower case, full-width marks as half-width ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from pipeline.segment import hashing
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.hashing import Codes, Ints
from pipeline.segment.slots import SIZES, SLOTS, groups, slots_of

BITS = 16
ROWS = 1 << BITS
"""Rows of the table that n-grams are hashed into."""


class Description(NamedTuple):
    """The features of n pieces.

    `points`: the code points of the text. `slots`: n x len(SLOTS), each below its size. `words`: n x WORDS rows of the hash
    table. `bag`: rows of the hash table, of which those from `starts[i]` up to `ends[i]` are piece i's unigrams, and `pairs`
    likewise its bigrams. `same`, `alike`, `style`, `line`: for each piece the number of the group of pieces of the same words,
    of the same shape, with the same style of marker, of the same line. `before` and `after`: the index of the first piece of
    the line above and below.
    """

    points: NDArray[np.uint32]
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


def describe(text: str, pieces: Sequence[Piece]) -> Description:
    """The description of all pieces of a text; the text has at least one, and the first begins a line."""
    plane = hashing.plane(text + "\n\n")
    letters = hashing.folded(plane)
    starts = np.array([p.body if p.body < p.end else p.start for p in pieces])
    ends = np.array([p.end for p in pieces])
    cores = [_core(text, a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    same = groups([text[a:b] for a, b in cores])
    begins = np.array([p.cut == Cut.LINE for p in pieces])
    line_first, line = begins.nonzero()[0], begins.cumsum() - 1
    slots, alike = slots_of(text, pieces, plane[:-2], same, line, line_first)
    phrase = slots[:, 7].tolist()
    return Description(
        points=plane[:-2],
        slots=slots,
        words=_words(letters, starts, ends, np.array(cores)),
        bag=hashing.rows(BITS, 1, letters[:-2]),
        pairs=hashing.rows(BITS, 2, letters[:-2], letters[1:-1]),
        starts=starts,
        ends=ends,
        same=same,
        alike=alike,
        style=groups([p.marker.style if p.marker else (p.cut, k) for p, k in zip(pieces, phrase, strict=True)]),
        line=line,
        before=line_first[np.maximum(line - 1, 0)],
        after=line_first[np.minimum(line + 1, line[-1])],
    )


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    m = _CORE.search(text, start, end)
    return (m.start(), m.end()) if m else (start, end)


_FROM_END = np.arange(3)[:, None]
_ONE, _TWO, _THREE = (np.array(salts, np.uint64)[:, None] for salts in ((3, 6, 9, 12), (4, 7, 10), (5, 8, 11)))


def _words(letters: Codes, starts: Ints, ends: Ints, cores: Ints) -> Ints:
    """Rows of the n-grams at both ends of each piece, and at both ends of its first run of letters."""
    none = np.uint64(0)
    first, last = cores.T
    head, tail, core_tail = starts + _FROM_END, ends - 1 - _FROM_END, last - 1 - _FROM_END
    a, b, c = np.stack(
        [
            np.where(head < ends, letters[head], none),
            np.where(tail >= starts, letters[tail], none),
            np.where(core_tail >= first, letters[core_tail], none),
        ],
        axis=1,
    )
    out = np.empty((WORDS, len(starts)), np.int64)
    out[0::3] = hashing.rows(BITS, _ONE, np.concatenate([a, _run_hash(letters, first, last)[None]]))
    out[1::3] = hashing.rows(BITS, _TWO, a, b)
    out[2::3] = hashing.rows(BITS, _THREE, a, b, c)
    return out.T


_RUN = np.arange(12)[:, None]


def _run_hash(letters: Codes, first: Ints, last: Ints) -> Codes:
    """One hash of each run of letters: a polynomial in wrapping 64-bit arithmetic, from its first 12 letters."""
    places = first + _RUN
    out = np.zeros(len(first), dtype=np.uint64)
    for inside, letter in zip(places < last, letters[np.minimum(places, len(letters) - 1)], strict=True):
        out = np.where(inside, (out * hashing.FACTOR) ^ letter, out)
    return out


__all__ = ["BITS", "ROWS", "SIZES", "SLOTS", "WORDS", "Description", "describe"]
