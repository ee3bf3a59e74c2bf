"""Which markers inside a line number its entries, and which are part of a sentence.

Markers are kept where they count on from one another, and dropped where they do not: "…四个方面：(1)…；(2)…" is one
sentence, "熟悉JDK1.7、1.8" names versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple

from pipeline.segment import markers
from pipeline.segment.headings import Heading
from pipeline.segment.markers import Marker


class _Candidate(NamedTuple):
    marker: Marker
    strength: int
    """3 at the line's start or behind a heading, 2 behind a stop or space, 1 behind a comma or colon, 0 glued to a word."""
    decimal: bool = False


_INLINE = re.compile(
    r"""
      (?<![\d．A-Za-z+*/~-])(?<![^\u4e00-\u9fff]\.)(?<!\d[:：])\d{1,2}[ ]{0,3}(?:[、，）:：]|[,](?!\d)|[.．)](?![A-Za-z]{2,4}\b))
    | (?<![^；;。：:！!\s])\d{1,2}(?=[\u4e00-\u9fff]|[A-Za-z]{3}|[ ][\u4e00-\u9fffA-Za-z])
    | [（(]\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?[)）]
    | (?<![一二三四五六七八九十百第数万统])[一二三四五六七八九十]{1,3}\s?[、.．:：]
    | [①-⑳⑴-⒇⒈-⒛㈠-㈩❶-❿]
    | [•●◆◇■□▲★☆※➢►✓√❖♦·\uf000-\uf0ff]\s*
    | [-–—]{1,2}\s?[-–—]{0,2}\s?(?=[\u4e00-\u9fffA-Za-z0-9])
    | \*\s?(?=[\u4e00-\u9fffA-Za-z0-9])
    """,
    re.VERBOSE,
)
MOST_LOST = 3
"""Numbers that a list may skip at once, behind a stop: "…责任心强； 7、有…" after the fourth entry."""

STARS = 3
"""Stars of a line, the first behind a heading or at its start, from which those glued to words begin entries too."""

_STOPS = "。；;！!？?…"
_PAUSES = "，,、.:：）)】」』”\"'’"
_GLUED = ("arabic、", "arabic.", "arabic,", "arabic)")
_ENUMERATED = ("(", "circled", "numdot")
"""Styles that also number the parts of a sentence."""


def of_line(text: str, start: int, end: int, first: Marker | None, found: list[Heading]) -> list[Marker]:
    candidates = list(_candidates(text, start, end, first, found))
    return _with_hidden(text, _chain(candidates)) if candidates else []


def _with_hidden(text: str, kept: list[Marker]) -> list[Marker]:
    """The markers, and between two whose numbers skip one the missing one glued to a digit: "…ES62. 会用…"."""
    out = kept[:1]
    for before, marker in pairwise(kept):
        if before.number and marker.number == before.number + 2 and before.style == marker.style in _GLUED:
            number = before.number + 1
            m = re.compile(rf"(?<=\d){number}[、.．,，)）](?!\d)\s*").search(text, before.end, marker.start)
            if m:
                out.append(Marker(m.start(), m.end(), m[0].strip(), marker.style, number))
        out.append(marker)
    return out


def _candidates(text: str, start: int, end: int, first: Marker | None, found: list[Heading]) -> list[_Candidate]:
    ends = {skip(text, h.end, end) for h in found}
    inside = {at for h in found for at in range(h.start, h.end)}
    out = [_Candidate(first, 3)] if first else []
    at_start = markers.decimal_like(text, start, end) if not first else None
    if at_start:
        out.append(_Candidate(at_start, 2, True))
    for m in _INLINE.finditer(text, first.end if first else start, end):
        at = m.start()
        if at in inside:
            continue
        marker = markers.at(text, at, end) or markers.decimal_like(text, at, end)
        marker = marker or markers.bare(text, at, end)
        if marker is None:
            continue
        decimal = marker.end < end and text[marker.end].isdigit() and marker.style in ("arabic.", "arabic:")
        out.append(
            _Candidate(
                marker, 3 if at in ends or (at == start and marker.style == "bare") else _strength(text, at), decimal
            )
        )
    return _starred(text, out)


def _starred(text: str, found: list[_Candidate]) -> list[_Candidate]:
    """ "…文化*通过数据…*检验…": stars within a line are bullets where the first stands like one; "C*算法", "3*4" are not."""
    stars = [c for c in found if c.marker.style == "star"]
    if len(stars) < STARS or stars[0].strength < 3:
        return found
    return [
        c._replace(strength=max(2, c.strength))
        if c.marker.style == "star" and "\u4e00" <= text[c.marker.start - 1] <= "\u9fff"
        else c
        for c in found
    ]


def skip(text: str, at: int, end: int) -> int:
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
        if depth is None:
            depth = _skipped(stack, candidates, i)
        if depth is None:
            depth = _leapt(stack, candidates, i)
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


def _skipped(stack: list[Marker], candidates: list[_Candidate], i: int) -> int | None:
    """Depth of the open list that goes on behind a lost number: 2, then 4 and 5, wherever they are glued."""
    marker = candidates[i].marker
    for depth in range(len(stack) - 1, -1, -1):
        last = stack[depth]
        if (
            marker.style != last.style
            or marker.number is None
            or last.number is None
            or marker.number != last.number + 2
        ):
            continue
        if not candidates[i].decimal and any(
            c.marker.style == marker.style and c.marker.number == marker.number + 1 for c in _later(candidates, i)
        ):
            return depth
    return None


def _leapt(stack: list[Marker], candidates: list[_Candidate], i: int) -> int | None:
    """Depth of the open list that goes on behind several lost numbers: 4, then 7 behind a stop, and nothing in between."""
    marker, strength, decimal = candidates[i]
    for depth in range(len(stack) - 1, -1, -1):
        last = stack[depth]
        if marker.style != last.style or marker.number is None or last.number is None or decimal or strength < 2:
            continue
        lost = range(last.number + 1, marker.number)
        between = (c for c in _later(candidates, i) if c.marker.style == marker.style and c.marker.number in lost)
        if 2 <= len(lost) <= MOST_LOST and next(between, None) is None:
            return depth
    return None


def _later(candidates: list[_Candidate], i: int) -> Iterator[_Candidate]:
    """The candidates behind one, without copying them all each time."""
    return (candidates[k] for k in range(i + 1, len(candidates)))


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
    if marker.style == "bare":
        return marker.number == 1 and _counts_to_three(candidates, i)
    if strength == 3:
        return marker.number is not None or i == 0 or not marker.style.startswith("lost")
    if marker.number is None:
        stands = strength >= 1 or _bullet_stands(candidates[i])
        return stands and any(c.marker.style == marker.style and _bullet_stands(c) for c in _later(candidates, i))
    if marker.number == 2 and strength == 2 and marker.style in ("arabic、", "arabic."):
        return not any(m.style == marker.style for m in stack) and not candidates[i].decimal  # the 1 was lost
    if marker.number != 1 or not _followed(candidates, i):
        return False
    if marker.style.startswith(_ENUMERATED):
        return strength == 2 and (not stack or any(m.style == marker.style for m in stack))
    return strength >= 1 or (marker.style == "arabic、" and not stack)


def _counts_to_three(candidates: list[_Candidate], i: int) -> bool:
    later = (c.marker.number for c in _later(candidates, i) if c.marker.style == candidates[i].marker.style)
    return list(islice(later, 2)) == [2, 3]


def _followed(candidates: list[_Candidate], i: int) -> bool:
    """Whether number 2 of the same list comes before the next number 1."""
    style = candidates[i].marker.style
    for later in _later(candidates, i):
        if later.marker.style == style and later.marker.number in (1, 2):
            return later.marker.number == 2
    return False
