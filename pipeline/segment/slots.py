"""The slots of a piece: one small number each, of how it stands in its line, its list and its document."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.segment import phrases
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.hashing import Ints
from pipeline.segment.markers import Marker

SLOTS: tuple[tuple[str, int], ...] = (
    ("cut", 12),
    ("next_cut", 13),
    ("family", 21),
    ("step", 9),
    ("blank", 4),
    ("line_last", 2),
    ("length", 12),
    ("phrase", 64),
    ("ends_in", 12),
    ("starts_in", 8),
    ("same", 4),
    ("alike", 5),
    ("decile", 10),
    ("from_top", 8),
    ("from_bottom", 8),
    ("in_line", 6),
    ("of_line", 6),
    ("line_length", 8),
    ("document", 6),
    ("marked", 5),
    ("digits", 4),
    ("latin", 4),
    ("number", 8),
    ("wrapped", 4),
    ("line_same", 4),
    ("heading_again", 4),
    ("blank_below", 4),
    ("column", 64),
)
"""Names and sizes of the slots, in order."""

SIZES = tuple(size for _, size in SLOTS)
_ENDS = {
    "。": 1,
    "；": 2,
    ";": 2,
    "，": 3,
    ",": 3,
    "、": 4,
    "：": 5,
    ":": 5,
    "！": 6,
    "!": 6,
    "？": 6,
    "?": 6,
    ".": 7,
    ")": 8,
    "）": 8,
    "】": 8,
    "]": 8,
    "」": 8,
}
_KINDS = ("duties", "requirements", "qualities", "other", "company", "contact", "trailer", "title", "fluff")
_USES = ("strong", "plain", "field", "core", "modifier", "suffix")
_PHRASES = {(k, u): 1 + i * len(_USES) + j for i, k in enumerate(_KINDS) for j, u in enumerate(_USES)}


_COLUMN = {name: n for n, (name, _) in enumerate(SLOTS)}
_SECTIONS = [number for phrase, number in _PHRASES.items() if phrases.Phrase(*phrase).section]


def section_lines(slots: Ints) -> NDArray[np.bool_]:
    """The pieces at the start of a line that say nothing but what heads a section everywhere, up to the line's end or to a
    marker: "岗位职责：", "岗位职责  1、…". None of them names a post: of 10,084 role headings of the annotated documents one
    does ("部门职责")."""
    marked = np.append(slots[1:, _COLUMN["family"]] > 0, False)
    alone = (slots[:, _COLUMN["cut"]] == Cut.LINE) & (marked | (slots[:, _COLUMN["line_last"]] == 1))
    out: NDArray[np.bool_] = alone & np.isin(slots[:, _COLUMN["phrase"]], _SECTIONS)
    return out


def groups(keys: Sequence[object]) -> Ints:
    """Equal keys get equal numbers, counted from 0 in order of appearance."""
    seen: dict[object, int] = {}
    return np.array([seen.setdefault(key, len(seen)) for key in keys])


def slots_of(
    text: str, pieces: Sequence[Piece], plane: NDArray[np.uint32], same: Ints, line: Ints, first: Ints
) -> tuple[Ints, Ints]:
    """The slots of all pieces, and the groups of pieces of one shape.

    `plane` has the code points of the text, `line` the number of each piece's line, `first` the first piece of each line.
    """
    n, lines = len(pieces), len(first)
    starts, stops, firsts, cuts, markers, blanks, lasts = zip(*pieces, strict=True)
    start, end, body, cut, blank = (np.array(column) for column in (starts, stops, firsts, cuts, blanks))
    bodies = [text[a:b] for a, b in zip(firsts, stops, strict=True)]
    family = np.array([m.family if m else 0 for m in markers])
    known = [phrases.whole(words) for words in bodies]
    phrase = np.array([_PHRASES.get((k.kind, k.use), 0) if k else 0 for k in known])
    final = np.concatenate([first[1:], [n]]) - 1
    following = np.concatenate([cut[1:], [len(Cut)]])
    kinds = _classes().take(plane)
    ends_in = _end_classes().take(plane[end - 1])
    starts_in = np.where(body < end, kinds[np.minimum(body, len(text) - 1)], 0)
    size = end - body
    length = _LENGTHS.searchsorted(size, side="right")
    line_size = end[final] - start[first]
    line_keys = groups([text[a:b] for a, b in zip(start[first].tolist(), end[final].tolist(), strict=True)])
    shapes = np.array([cut, following, family, phrase, ends_in, np.minimum(length, 8), starts_in])
    alike = groups([*zip(*shapes.tolist(), strict=True)])
    above = np.concatenate([blank[first][1:], [3]])
    each = np.arange(n)
    columns = (
        cut,
        following,
        family,
        _steps(pieces),
        np.minimum(blank, 3),
        lasts,
        length,
        phrase,
        ends_in,
        starts_in,
        np.minimum(np.bincount(same)[same], 4) - 1,
        _REPEATS.searchsorted(np.bincount(alike)[alike], side="right"),
        np.minimum(10 * each // n, 9),
        _ROWS.searchsorted(line, side="right"),
        _ROWS.searchsorted(lines - 1 - line, side="right"),
        np.minimum(each - first[line], 5),
        np.minimum(np.bincount(line)[line] - 1, 5),
        _LINE_LENGTHS.searchsorted(line_size[line], side="right"),
        bisect_right((12, 40, 120, 400, 1500), n),
        bisect_right((1, 3, 6, 10), int((family > 0).sum()) * 20 // n),
        *_shares(kinds, body, end),
        [_number(m) for m in markers],
        [_wrapped(words) for words in bodies],
        np.minimum(np.bincount(line_keys)[line_keys], 4)[line] - 1,
        _again(known),
        np.minimum(above, 3)[line],
        _columns(pieces, phrase.tolist()),
    )
    slots = np.empty((len(columns), n), np.int64)
    for slot, column in zip(slots, columns, strict=True):
        slot[:] = column
    return slots.T, alike


_LENGTHS = np.array((1, 2, 3, 4, 5, 7, 10, 14, 20, 30, 50))
_LINE_LENGTHS = np.array((4, 8, 14, 25, 40, 80, 200))
_ROWS = np.array((1, 2, 3, 5, 8, 13, 25))
_REPEATS = np.array((2, 3, 5, 10))
_HAN, _LATIN, _DIGIT = 1, 2, 3


@cache
def _classes() -> NDArray[np.uint8]:
    """Han 1, letter 2, digit 3, anything else 0."""
    table = np.zeros(0x10000, np.uint8)
    for code in range(0x10000):
        c = chr(code)
        table[code] = _HAN if 0x4E00 <= code <= 0x9FFF else _DIGIT if c.isdigit() else _LATIN if c.isalpha() else 0
    return table


@cache
def _end_classes() -> NDArray[np.uint8]:
    table = _classes() + np.uint8(8)
    for char, number in _ENDS.items():
        table[ord(char)] = number
    return table


def _shares(kinds: NDArray[np.uint8], body: Ints, end: Ints) -> Ints:
    """How much of each piece are digits, and how much letters: 0 none, 1 some, 2 a quarter, 3 three quarters and more."""
    total = np.zeros((2, len(kinds) + 1), np.int64)
    (kinds == np.array([[_DIGIT], [_LATIN]])).cumsum(axis=1, out=total[:, 1:])
    part, whole = 4 * (total[:, end] - total[:, body]), np.maximum(end - body, 1)
    return np.where(part == 0, 0, 1 + (part >= whole) + (part >= whole * 3))


def _again(known: Sequence[phrases.Phrase | None]) -> list[int]:
    """Of each heading phrase how many of its kind the text had before, from 1; 0 for what is none."""
    seen: Counter[str] = Counter()
    out = []
    for phrase in known:
        if phrase:
            seen[phrase.kind] += 1
        out.append(min(3, seen[phrase.kind]) if phrase else 0)
    return out


_CELLS = (Cut.TAB, Cut.BAR, Cut.QUOTE, Cut.BLANKS)
_HEADED = 3
"""Known names among the cells of a line that make it the head row of what is below."""


def _columns(pieces: Sequence[Piece], phrase: Sequence[int]) -> list[int]:
    """For each cell of a row the phrase that heads its column, 0 where there is none."""
    out = [0] * len(pieces)
    if sum(v > 0 for v in phrase) < _HEADED:
        return out
    head: list[int] = []
    row: list[int] = []
    column = 0
    for i, p in enumerate(pieces):
        if p.cut == Cut.LINE:
            if sum(v > 0 for v in row) >= _HEADED:
                head = row
            row, column = [], 0
        elif p.cut in _CELLS:
            column += 1
        if len(row) == column:
            row.append(phrase[i])
        if column < len(head) and (column or (i + 1 < len(pieces) and pieces[i + 1].cut in _CELLS)):
            out[i] = head[column]
    return out


def _number(marker: Marker | None) -> int:
    if marker is None:
        return 0
    if marker.number is None:
        return 1
    return 2 + bisect_right((1, 2, 3, 4, 10), marker.number)


_BRACKETS = {"【": "】", "[": "]", "「": "」", "〖": "〗", "《": "》", "（": "）", "(": ")"}


def _wrapped(body: str) -> int:
    """1: in brackets throughout; 2: brackets only at the end; 3: brackets within."""
    bare = body.rstrip(":： ")
    if len(bare) > 2 and _BRACKETS.get(bare[0]) == bare[-1]:
        return 1
    if bare and bare[-1] in "）)】]":
        return 2
    return 3 if "（" in bare or "(" in bare else 0


def _steps(pieces: Sequence[Piece]) -> list[int]:
    """How each marker counts on from the last one of its style: 1 first of its style, 2 next, 3 the same number,
    4 skips, 5 starts again at one, 6 goes back, 7 counts nothing, 8 counts on from another style."""
    last: dict[object, int] = {}
    latest: int | None = None
    out = []
    for p in pieces:
        m = p.marker
        if m is None:
            out.append(0)
            continue
        if m.number is None:
            out.append(7)
            continue
        before = last.get(m.style)
        if before is None:
            out.append(8 if latest is not None and m.number == latest + 1 and m.number > 1 else 1)
        elif m.number == before + 1:
            out.append(2)
        elif m.number == before:
            out.append(3)
        elif m.number == 1:
            out.append(5)
        else:
            out.append(4 if m.number > before else 6)
        last[m.style] = latest = m.number
    return out
