"""Where the entries of one line begin: "1、…2、…任职要求：1、…" is four pieces.

Crawlers drop line breaks, so 71% of real postings come as one line. Headings are found by looking back from what must
follow them (a colon, a bracket, a first marker); markers are kept where they count on from one another, and dropped
where they are part of a sentence ("…四个方面：(1)…；(2)…", "熟悉JDK1.7、1.8").
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from pipeline.segment import headings, markers
from pipeline.segment.headings import Heading
from pipeline.segment.markers import Marker


class Cut(NamedTuple):
    """A place where a piece begins, and with what: a marker, a heading, both, or plain text."""

    start: int
    marker: Marker | None = None
    heading: Heading | None = None


class _Candidate(NamedTuple):
    marker: Marker
    strength: int
    """3 at the line's start or behind a heading, 2 behind a stop or space, 1 behind a comma or colon, 0 glued to a word."""
    decimal: bool = False


_INLINE = re.compile(
    r"""
      (?<![\d.．A-Za-z+*/~-])(?<!\d[:：])\d{1,2}[ ]?(?:[、，）:：]|[,](?!\d)|[.．)](?![A-Za-z]{2,4}\b))
    | [（(]\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?[)）]
    | (?<![一二三四五六七八九十百第数万统])[一二三四五六七八九十]{1,3}\s?[、.．:：]
    | [①-⑳⑴-⒇⒈-⒛㈠-㈩❶-❿]
    | [•●◆◇■□▲★☆※➢►✓√❖♦·\uf000-\uf0ff]\s*
    | [-–—]{1,2}\s?[-–—]{0,2}\s?(?=[\u4e00-\u9fffA-Za-z0-9])
    | \*\s?(?=[\u4e00-\u9fffA-Za-z0-9])
    """,
    re.VERBOSE,
)
_COLON = re.compile(r"[:：]")
_BRACKET = re.compile(r"[【\[「〖《<]\s*([^】\]」〗》>\n]{1,24}?)\s*[】\]」〗》>]\s*[:：]?")
_CELL = re.compile(r"\|\s*([^|\n]{2,16}?)\s*\|(?=\s*[^|\s])")
"""The first cell of a row of a Markdown table: "| 岗位名称 | 前端工程师 |"."""

_STOPS = "。；;！!？?…"
_PAUSES = "，,、.:：）)】」』”\"'’"
_ENUMERATED = ("(", "circled", "numdot")
"""Styles that also number the parts of a sentence."""


def of_line(text: str, start: int, end: int) -> list[Cut]:
    """The cuts of the line `text[start:end]`, in order; the first one is at `start`."""
    first = markers.at(text, start, end)
    found = _headings(text, first.end if first else start, end)
    kept = _markers(text, start, end, first, found)
    return _merge(text, start, end, kept, found)


# -- headings --------------------------------------------------------------------------------------------------------


def _headings(text: str, start: int, end: int) -> list[Heading]:
    """Headings of a line: the whole of it, before a colon, in brackets, before a first marker, or first and spaced off."""
    whole = headings.whole(text[start:end])
    if whole and text[end - 1] not in _STOPS and not (whole[1] == "field" and text[end - 1] not in ":："):
        return [Heading(start, end, headings.bare(text[start:end]), *whole)]
    found = [h for m in _BRACKET.finditer(text, start, end) if (h := _bracketed(text, m))]
    for m in _COLON.finditer(text, start, end):
        floor = max([start] + [h.end for h in found if h.end <= m.start()])
        heading = headings.ending_at(text, floor, m.start(), listed=bool(_FIRST.match(text, m.end(), end)))
        if heading and not _clock(text, m.start()):
            found.append(heading._replace(end=m.end()))
    found += _tabbed(text, start, end)
    cell = _CELL.match(text, start, end)
    known = headings.lookup(cell[1]) if cell else None
    if cell and known:
        found.append(Heading(start, cell.end(), cell[1], *known))
    found += _before_first_markers(text, start, end)
    found += _after_stops(text, start, end)
    spaced = _spaced_off(text, start, end)
    if spaced:
        found.append(spaced)
    return _disjoint(found)


def _bracketed(text: str, m: re.Match[str]) -> Heading | None:
    """ "【岗位职责】" anywhere; other brackets only around a phrase that the lexicon has."""
    known = headings.whole(m[1])
    return Heading(m.start(), m.end(), headings.bare(m[1]), *known) if known else None


def _clock(text: str, colon: int) -> bool:
    """ "工作时间9：00" is no heading at its inner colon."""
    return text[colon - 1].isdigit() and text[colon + 1 : colon + 2].isdigit()


_FIRST = re.compile(r"[ ]?(?:[（(]?(?:0?1|一)[、.．,，)）:：](?!\d)|①|⑴|⒈|[•●◆■▲★➢·*-][ ]?(?=[\u4e00-\u9fff]))")


def _before_first_markers(text: str, start: int, end: int) -> list[Heading]:
    """ "岗位职责1、用机器学习…": a heading without a colon, before the first of a list."""
    found = []
    for m in _FIRST.finditer(text, start + 2, end):
        heading = headings.ending_at(text, start, m.start())
        if heading and (heading.use == "strong" or heading.start == start):
            found.append(heading)
    return found


def _tabbed(text: str, start: int, end: int) -> list[Heading]:
    """Names and values in a row of a table: "性别要求<tab>女<tab>年龄要求<tab>20-25"."""
    if "\t" not in text[start:end]:
        return []
    found, cells = [], list(_TABBED.finditer(text, start, end))
    for cell, value in pairwise(cells):
        known = headings.lookup(headings.bare(cell[0]))
        if known and known[1] != "strong" and not headings.lookup(headings.bare(value[0])):
            found.append(Heading(cell.start(), cell.end(), headings.bare(cell[0]), known[0], "field"))
    return found


_TABBED = re.compile(r"[^\t\n]+")
_AFTER_STOP = re.compile(r"(?<=[。；;！!])[ ]?(?=[\u4e00-\u9fff]{5})")
_NO_HEADING_BEFORE = tuple("的和及与、是为中，,里上")


def _after_stops(text: str, start: int, end: int) -> list[Heading]:
    """ "…尤佳。岗位优势收获进入大公司…": a heading that lost its colon, behind a sentence."""
    found = []
    for m in _AFTER_STOP.finditer(text, start, end):
        for size in (6, 5, 4):
            known = headings.lookup(text[m.end() : m.end() + size])
            if known and known[1] == "strong" and not text.startswith(_NO_HEADING_BEFORE, m.end() + size):
                found.append(Heading(m.end(), m.end() + size, text[m.end() : m.end() + size], *known))
                break
    return found


_RUN_ON = re.compile(
    r"负责|参与|协助|根据|完成|制定|组织|独立|配合|按照|建立|进行|主要|从事|本科|大专|全日制|熟悉|熟练|精通|具有|具备|有|\d{1,2}年|计算机|统招|学历"
)
"""What a text may begin with right behind a heading that lost its colon: "岗位职责负责增长相关…"."""

_SPACED = re.compile(r"[\u4e00-\u9fff/及和与]{2,12}(?=[ \t\u3000]+\S|[（(])")


def _spaced_off(text: str, start: int, end: int) -> Heading | None:
    """ "项目介绍     为多个产品线…": the line's first words, set off by white space or by how the text goes on."""
    for size in (6, 5, 4):
        known = headings.lookup(text[start : start + size]) if start + size < end else None
        if known and known[1] == "strong" and _RUN_ON.match(text, start + size, end):
            return Heading(start, start + size, text[start : start + size], *known)
    m = _SPACED.match(text, start, end)
    known = headings.lookup(m[0]) if m else None
    if known and known[0] == "title" and len(m[0] if m else "") < 4:
        return None  # "招聘（专员、文员）" is an entry, "岗位名称  质检员" a label
    if (
        m is None
        or known is None
        or (known[1] not in ("strong", "field") and not text[m.end() :].startswith(("  ", "\t")))
    ):
        return None
    return Heading(start, m.end(), m[0], *known)


def _disjoint(found: list[Heading]) -> list[Heading]:
    kept: list[Heading] = []
    for heading in sorted(found, key=lambda h: (h.start, -h.end)):
        if not kept or heading.start >= kept[-1].end:
            kept.append(heading)
    return kept


# -- markers ---------------------------------------------------------------------------------------------------------


def _markers(text: str, start: int, end: int, first: Marker | None, found: list[Heading]) -> list[Marker]:
    candidates = list(_candidates(text, start, end, first, found))
    return _chain(candidates) if candidates else []


def _candidates(text: str, start: int, end: int, first: Marker | None, found: list[Heading]) -> list[_Candidate]:
    ends = {_skip(text, h.end, end) for h in found}
    inside = [(h.start, h.end) for h in found]
    out = [_Candidate(first, 3)] if first else []
    at_start = markers.decimal_like(text, start, end) if not first else None
    if at_start:
        out.append(_Candidate(at_start, 2, True))
    for m in _INLINE.finditer(text, first.end if first else start, end):
        at = m.start()
        if any(a <= at < b for a, b in inside):
            continue
        marker = markers.at(text, at, end) or markers.decimal_like(text, at, end)
        if marker is None:
            continue
        decimal = marker.end < end and text[marker.end].isdigit() and marker.style in ("arabic.", "arabic:")
        out.append(_Candidate(marker, 3 if at in ends else _strength(text, at), decimal))
    return out


def _skip(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _strength(text: str, at: int) -> int:
    before = text[at - 1]
    if before in _STOPS or before.isspace() or (before in ",，" and text[at - 2] in _STOPS):
        return 2
    return 1 if before in _PAUSES else 0


def _chain(candidates: list[_Candidate]) -> list[Marker]:
    """The markers that count on from one another; a stack holds the lists that are open."""
    kept: list[Marker] = []
    stack: list[Marker] = []
    for i, candidate in enumerate(candidates):
        marker = candidate.marker
        depth = _continued(stack, candidate)
        if depth is not None:
            stack[depth:] = [marker]
        elif _begins(candidates, i, stack):
            open_at = next((d for d, m in enumerate(stack) if m.style == marker.style), len(stack))
            stack[open_at:] = [marker]
        else:
            continue
        kept.append(marker)
    return kept


def _continued(stack: list[Marker], candidate: _Candidate) -> int | None:
    """Depth of the open list that a candidate goes on with."""
    marker, strength = candidate.marker, candidate.strength
    for depth in range(len(stack) - 1, -1, -1):
        last = stack[depth]
        if marker.number is None or last.number is None:
            if marker.style == last.style and marker.number is last.number and _bullet_stands(candidate):
                return depth
            continue
        step = marker.number - last.number
        same = marker.style == last.style
        if step == 1 and same and strength >= (2 if candidate.decimal else 0) and _glue_ok(candidate):
            return depth
        if step == 1 and strength >= 2 and _kin(marker, last):
            return depth
        if step in (0, 2) and same and strength >= 2 and not candidate.decimal:
            return depth
    return None


def _glue_ok(candidate: _Candidate) -> bool:
    """Whether a marker may be glued to the word before it: "…日语3、对技术…", but not "统一、"."""
    return candidate.strength >= 1 or candidate.marker.style[:6] == "arabic" or candidate.marker.style[0] in "(cn"


def _kin(a: Marker, b: Marker) -> bool:
    """ "1、" and "2." belong to one list; "一、" and "2." do not."""
    return a.style[:6] == b.style[:6] == "arabic" or a.style[:7] == b.style[:7] == "chinese"


def _bullet_stands(candidate: _Candidate) -> bool:
    style = candidate.marker.style
    if style in ("dash", "star", "bullet·"):
        return candidate.strength >= 2
    return style.startswith("bullet")


def _begins(candidates: list[_Candidate], i: int, stack: list[Marker]) -> bool:
    """Whether a list starts here: first in the line, behind a heading, or a 1 that a 2 follows."""
    marker, strength, _ = candidates[i]
    if strength == 3:
        return marker.number is not None or i == 0 or not marker.style.startswith("lost")
    if marker.number is None:
        stands = strength >= 1 or _bullet_stands(candidates[i])
        return stands and any(c.marker.style == marker.style and _bullet_stands(c) for c in candidates[i + 1 :])
    if marker.number == 2 and strength == 2 and marker.style in ("arabic、", "arabic."):
        return not any(m.style == marker.style for m in stack) and not candidates[i].decimal  # the 1 was lost
    if marker.number != 1 or not _followed(candidates, i):
        return False
    if marker.style.startswith(_ENUMERATED):
        return strength == 2 and (not stack or any(m.style == marker.style for m in stack))
    return strength >= 1 or (marker.style == "arabic、" and not stack)


def _followed(candidates: list[_Candidate], i: int) -> bool:
    """Whether number 2 of the same list comes before the next number 1."""
    style = candidates[i].marker.style
    for later in candidates[i + 1 :]:
        if later.marker.style == style and later.marker.number in (1, 2):
            return later.marker.number == 2
    return False


# -- together --------------------------------------------------------------------------------------------------------


def _merge(text: str, start: int, end: int, kept: list[Marker], found: list[Heading]) -> list[Cut]:
    by_body = {m.end: m for m in kept}
    cuts: dict[int, Cut] = {m.start: Cut(m.start, m) for m in kept}
    after_all: list[int] = []
    firsts = {m.start for m in kept if m.number in (1, None)}
    for heading in found:
        marker = by_body.get(heading.start)
        after = _skip(text, heading.end, end)
        if marker and not _heads(heading, marker, after, end, firsts):
            continue  # "3、工作目标：…" is an entry that begins with a label
        at = marker.start if marker else heading.start
        cuts[at] = Cut(at, marker, heading)
        after_all.append(after)
    for after in after_all:
        if after < end and after not in cuts:
            cuts[after] = Cut(after)
    if start not in cuts:
        cuts[start] = Cut(start)
    return [cuts[at] for at in sorted(cuts)]


def _heads(heading: Heading, marker: Marker, after: int, end: int, firsts: set[int]) -> bool:
    """Whether a heading phrase right behind a marker heads what follows, or is the label of one entry."""
    if after >= end or after in firsts or heading.use == "strong" or heading.kind in ("trailer", "title"):
        return True
    if heading.use == "field":
        return marker.number is None  # "• 招聘人数：1人"
    return marker.style.startswith(("chinese", "(chinese", "hash", "part", "stem"))
