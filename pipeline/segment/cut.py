"""Cut a text into pieces, generously and without an opinion.

A piece ends wherever something new may begin: at a line's end, a tab, a bar, a run of blanks, a stop, a colon, a
bracket, before a marker, around a phrase that heads sections elsewhere. Most cuts within a line are none; the model
joins what belongs together (the tag CONTINUATION). What is never cut cannot be found, so recall is what counts here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from functools import cache
from itertools import chain, pairwise
from typing import NamedTuple

import regex

from pipeline.segment import markers, phrases
from pipeline.segment.markers import Family, Marker


class Cut(IntEnum):
    """What a piece begins after."""

    LINE = 0
    TAB = 1
    BAR = 2
    BLANKS = 3
    BLANK = 4
    STOP = 5
    COLON = 6
    BRACKET = 7
    QUOTE = 8
    COMMA = 9
    MARKER = 10  # nothing but the marker itself
    PHRASE = 11  # glued to a phrase that heads sections elsewhere, or before one


class Piece(NamedTuple):
    """A stretch of text between two cuts, `text[start:end]`, without white space at either end.

    `body` is where its words begin, after a marker; `blank` counts the empty lines above it; `last` says that its line
    ends with it.
    """

    start: int
    end: int
    body: int
    cut: Cut
    marker: Marker | None
    blank: int
    last: bool


# Alternatives that begin alike stand under one look at what they begin with, so that each character is tried few times.
_SEPARATOR = regex.compile(
    r"""
      (?P<stop>[。；;！!？?…]++["”’）)]*+[^\S\n]*+)
    | (?=[:：]) (?P<colon>(?<!\d)[:：](?!/)[^\S\n]*+|(?<=\d)[:：](?!\d)[^\S\n]*+)
    | (?=[\s|｜│┃¦/／]) (?:
        (?P<line>[^\S\n]*+\n\s*+)
      | (?P<tab>[^\S\n\t]*+\t[^\S\n]*+(?=[\S\n]))
      | (?P<bar>[^\S\n]*[|｜│┃¦]+[^\S\n]*+)
      | (?P<blanks>[^\S\n]{2,}+|\u3000)
      | (?P<blank>(?<![A-Za-z\s])[^\S\n](?=[\p{Han}\d（【(\[■●•·★◆▪]))
      | (?P<slash>(?<=\p{Han})\s?[/／]\s?(?=\p{Han}{2,4}[:：]))
      )
    | (?P<open>(?=[【\[「〖《](?!\d{1,3}[\]】])))
    | (?P<close>[】\]」〗》][:：]?[^\S\n]*+)
    | (?=[",，]) (?: (?P<quote>",(?=\S)|,(?=")) | (?P<count>(?<=\d[名人位]|[）)])[，,][^\S\n]*+) )
    | (?=[\\\-–—]) (?P<escape>\\r?\\n|(?:\\r)?\\n|(?<=\s)[-–—]{2}\s(?=\p{Han}))
    """,
    regex.VERBOSE,
)
_KINDS = {
    "line": Cut.LINE,
    "tab": Cut.TAB,
    "bar": Cut.BAR,
    "blanks": Cut.BLANKS,
    "blank": Cut.BLANK,
    "stop": Cut.STOP,
    "colon": Cut.COLON,
    "open": Cut.BRACKET,
    "close": Cut.BRACKET,
    "quote": Cut.QUOTE,
    "count": Cut.COMMA,
    "escape": Cut.BLANKS,
    "slash": Cut.BAR,
}
_INLINE = regex.compile(
    r"""
      (?<![\d．A-Za-z+*/~-])(?<![^\p{Han}\s]\.)(?<!\d[:：])\d{1,2}[ ]{0,3}(?:[、，）﹑]|[:：](?!\d)|[,](?!\d)|[.．。)](?![A-Za-z]{2,4}\b))
    | (?<![^；;。：:！!\s、，）】])(?<!\d[:：])\d{1,2}(?=\p{Han}|[A-Za-z]{3}|[ ][\p{Han}A-Za-z])
    | (?<=\p{Han})\d{1,2}[.．](?=\d{1,2}[.．]\d)
    | (?<!\d)\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?=\s?\p{Han})(?!\s?[年个月天万千元亿倍米小名人岁])
    | [（(]\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?[)）]
    | (?<![一二三四五六七八九十百第数万统])[一二三四五六七八九十]{1,3}\s?[、.．:：]
    | [①-⑳⑴-⒇⒈-⒛㈠-㈩❶-❿]
    | \d\ufe0f?\u20e3
    | (?<![\p{Han}])[A-H][、.．)）](?![A-Za-z.])
    | 第[一二三四五六七八九十]{1,3}[条章节篇部]
    | [•●◆◇■□▲★☆※➢►✓√❖♦▪◎○▍\p{Co}]\s*+
    | (?<=[\s。；;：:）)】])·\s?(?=\p{Han})
    | (?<![\dA-Za-z])[-–—]{1,2}\s?[-–—]{0,2}\s?(?=[\p{Han}A-Za-z0-9])
    | \*\s?(?=[\p{Han}A-Za-z0-9])
    | (?<=[\p{Han}）)])[?？](?=\p{Han})
    | \p{Extended_Pictographic}(?<![\d#*©®])\ufe0f?
    """,
    regex.VERBOSE,
)
_LABEL = regex.compile(r"[，,、\d)）]([\p{Han}/]{2,7})[:：]")
"""A name after a comma or a number: "岗位：会计，人数：2人", "调度员岗位职责2职责："."""

_CELL = regex.compile(r"[,，](?=[^\s])|[;；](?=[\"'])")
_COMMA = regex.compile(r"[，,]\s*+(?=\p{Han})")
_PROSE = 12
"""Characters from which a piece in a line without markers is cut at its commas: prose names a post in mid-sentence."""

_QUOTED = regex.compile(r"""(?:^|[,;])["']|["'](?:[,;]|$)""", regex.MULTILINE)
_CSV = 4
"""Quotation marks at commas from which a text is taken for comma-separated cells."""


_ANSWERS = regex.compile(
    r"(?P<asked>[:：][^\S\n\t]*+)?+[□☐☑☒√✓■](?>[^\S\n\t]*+[^\s□☐☑☒√✓■|｜，。；;:：]{1,12}+[^\S\n\t]*+[□☐☑☒√✓■])++"
)
"""Boxes to tick: "学历：□大专 ☑本科 □硕士", "密级：内部□ 公开☑"."""
_EMPTY, _TICKED = frozenset("□☐"), frozenset("☑☒√✓■")

_SIGN = re.compile(
    "[0-9①-⑳⑴-⒛㈠-㈩❶-❿（(一二三四五六七八九十第A-H•●◆◇■□▲★☆※➢►✓√❖♦▪◎○▍\ue000-\uf8ff·\\-–—*?？\u2600-\u27bf\U0001f000-\U0001faff]"
)
"""What a marker within a line can begin with: one look at each character, so that the grammar is tried at few."""


@cache
def _glued() -> re.Pattern[str]:
    """The headings that are cut out wherever they stand. A plain alternation: 15 ns a character, a named list 930."""
    words = sorted(phrases.glued(), key=lambda w: (-len(w), w))
    return re.compile(f"(?:{'|'.join(words)})(?:[^\\S\\n]*[:：])?")


def cut(
    text: str, unbroken: Sequence[tuple[int, int]] = (), known: Mapping[int, Cut] | None = None
) -> tuple[Piece, ...]:
    """All pieces of a text, in order; white space lies between them, everything else in exactly one.

    No cut is made within the `unbroken` stretches: what a change put for a source text of another length has no places
    of its own in the source. `known` are places where the file itself says that something begins.
    """
    places = [*_outside(_places(text, known or {}), unbroken), (len(text), Cut.LINE)]
    out: list[Piece] = []
    at = 0
    line_end = -1  # of the line that is being cut
    marked = False  # whether this line has had a marker
    while at < len(places) - 1:
        start, kind = places[at]
        first = _skip(text, start, places[at + 1][0])
        if first == places[at + 1][0]:  # nothing but white space
            at += 1
            if out and places[at][1] == Cut.LINE:
                out[-1] = Piece(*out[-1][:-1], last=True)
            continue
        kind = kind if out else Cut.LINE
        if line_end < first:
            at_break = text.find("\n", first)
            line_end = at_break if at_break >= 0 else len(text)
        marker = markers.at(text, first, line_end)
        at += 1
        while marker and places[at][0] <= marker.end and not _parts(places[at][1], kind, marker):
            at += 1  # the blank after "1." is no cut
        stop, following = places[at]
        end = stop
        while text[end - 1].isspace():
            end -= 1
        if marker and marker.end > end:  # "1<tab>、": what reaches over a cell is none
            marker = markers.at(text, first, end)
        blank = text.count("\n", out[-1].end if out else 0, first) - bool(out) if kind == Cut.LINE else 0
        marked = marker is not None or (marked and kind != Cut.LINE)
        commas = [] if marked or end - first < _PROSE else [m.end() for m in _COMMA.finditer(text, first, end)]
        body = marker.end if marker else first
        for a, b in pairwise([first, *commas, end]):
            out.append(Piece(a, b, body if a == first else a, kind, marker, blank, b == end and following == Cut.LINE))
            kind, blank = Cut.COMMA, 0
    return _counted(tuple(out))


def _outside(places: list[tuple[int, Cut]], unbroken: Sequence[tuple[int, int]]) -> list[tuple[int, Cut]]:
    if not unbroken:
        return places
    starts = [start for start, _ in unbroken]
    out = []
    for at, kind in places:
        i = bisect_left(starts, at) - 1
        if i < 0 or at >= unbroken[i][1]:
            out.append((at, kind))
    return out


def _parts(cut: Cut, before: Cut, marker: Marker) -> bool:
    """Whether a cut right after a marker parts it from what follows: "8<blanks>不限", "…岗位职责 篇1 职责：…"."""
    if cut in (Cut.LINE, Cut.TAB, Cut.BAR, Cut.QUOTE):
        return True
    if marker.family == Family.BARE:
        return cut != Cut.BLANK
    return marker.family == Family.PART and before != Cut.LINE and cut != Cut.MARKER


def _skip(text: str, at: int, stop: int) -> int:
    while at < stop and text[at].isspace():
        at += 1
    return at


def _places(text: str, known: Mapping[int, Cut]) -> list[tuple[int, Cut]]:
    """Where pieces begin, and after what; the first that names a place keeps it."""
    found: dict[int, Cut] = {0: Cut.LINE, **known}
    for m in _SEPARATOR.finditer(text):
        found.setdefault(m.end(), _KINDS[m.lastgroup or "line"])
    at = 0
    for sign in _SIGN.finditer(text):
        marker = _INLINE.match(text, sign.start()) if sign.start() >= at else None
        if marker:
            found.setdefault(marker.start(), Cut.MARKER)
            at = marker.end()
    for at in _after_letters(text):
        found.setdefault(at, Cut.MARKER)
    for phrase in _glued().finditer(text):
        found.setdefault(phrase.start(), Cut.PHRASE)
        found.setdefault(phrase.end(), Cut.PHRASE)
    last = 0
    for at in sorted(at for at, kind in found.items() if kind == Cut.COLON):
        start = phrases.ending_at(text, at) if text[last:at].strip(phrases.TO_COLON) else None
        last = at  # a run of colons ends one phrase
        if start is not None:
            found.setdefault(start, Cut.PHRASE)
    for m in _LABEL.finditer(text):
        found.setdefault(m.start(1), Cut.COMMA)
    if len(_QUOTED.findall(text)) >= _CSV:
        for m in _CELL.finditer(text):
            found.setdefault(m.end(), Cut.QUOTE)
    return _unparted(text, sorted(found.items()))


def _after_letters(text: str) -> Iterator[int]:
    """Where a number right after a letter counts on from the one before it in its line, and no other does: "2、熟悉websocket3、熟悉
    W3C标准". Not in "1、转MP3、MP4"."""
    last, line_end = 0, -1
    for m, following in pairwise(chain(_NUMBER.finditer(text), [None])):
        assert m is not None
        if m.start() > line_end:  # the first of its line
            last, line_end = 0, text.find("\n", m.start())
            line_end = line_end if line_end >= 0 else len(text)
        number = int(m[1])
        if not _LETTER.match(text, m.start() - 1):
            last = number
        elif last and number == last + 1 and not (following and int(following[1]) == number):
            last = number
            yield m.start()


_LETTER = re.compile("[A-Za-z+#]")
_NUMBER = regex.compile(r"(?<!\d|\d\.)(\d{1,2})[、.．](?=\p{Han})")


def _unparted(text: str, places: list[tuple[int, Cut]]) -> list[tuple[int, Cut]]:
    """Without the cuts at boxes to tick, which mark no entries: some of them are empty, and some are ticked or a name asks."""
    within: set[int] = set()
    for m in _ANSWERS.finditer(text):
        boxes = {*m[0]}
        if boxes & _EMPTY and (m["asked"] or boxes & _TICKED):
            within.update(range(m.start(), m.end() + 1))
    return [(at, kind) for at, kind in places if at not in within or kind in (Cut.LINE, Cut.COLON)]


def _counted(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Digits glued to words ("1负责", "3D设计") are markers only where a neighbour of their kind counts on from them."""
    bare = [i for i, p in enumerate(pieces) if p.marker and p.marker.family == Family.BARE]
    numbers = {i: pieces[i].marker.number for i in bare}  # type: ignore[union-attr]
    counts = set()
    for a, b in pairwise(bare):
        if numbers[b] == (numbers[a] or 0) + 1:
            counts |= {a, b}
    return tuple(
        p._replace(marker=None, body=p.start) if i in numbers and i not in counts else p for i, p in enumerate(pieces)
    )
