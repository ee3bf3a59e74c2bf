"""Titles that a line holds besides other text: "…有价证券。 会计岗位职责：1、…", "1、保安员10名：男，18-45岁"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pipeline.blocks import Label
from pipeline.segment import titles
from pipeline.segment.pieces import Piece

LEAST = 2
"""Such titles that a text must hold: one alone may be a clause."""

_TAIL = re.compile(r"(?:(?<=[。；;！!.])\s*|(?<=\s))(?P<title>[\u4e00-\u9fffA-Za-z/]{2,10})\s*\Z")
_COUNTED = re.compile(
    r"(?P<head>(?P<title>[^，。；：、,;:\d\s]{2,14}?)[ ]?[（(]?(?:\d{1,3}|若干|[一二三四五六七八九十]{1,2})[名人位个][)）]?[ ]*"
    r"(?:[:：，,；;。]|(?=[\u4e00-\u9fff])))\s*(?=\S)"
)
_CLAUSE = re.compile(
    r"(?:^|(?<=[；;。:：]))\s*(?P<title>[\u4e00-\u9fffA-Za-z]{2,10}?)[ ]?[（(]?(?:\d{1,3}|若干|[一二三四五六七八九十]{1,2})[名人位个]"
)


def part(text: str, pieces: list[Piece]) -> None:
    """Part the pieces so that each such title begins one of its own."""
    _part_before_headings(text, pieces)
    _part_counted(text, pieces)


def _part_before_headings(text: str, pieces: list[Piece]) -> None:
    """A title between the end of an entry and a heading of duties, as in a page without line breaks."""
    found = [(i, m) for i in range(1, len(pieces)) if (m := _title_before(text, pieces, i))]
    opening = len(pieces) > 1 and _is_duties(pieces[1]) and not pieces[1].first and not pieces[0].marker
    if len(found) + opening < LEAST:
        return
    for i, m in reversed(found):
        before, heading = pieces[i - 1], pieces[i]
        start = m.start("title")
        before.end = len(text[: m.start("title")].rstrip())
        before.last = True
        pieces[i] = Piece(start, heading.end, start, None, None, True, heading.last, 0)


def _title_before(text: str, pieces: list[Piece], i: int) -> re.Match[str] | None:
    before, heading = pieces[i - 1], pieces[i]
    if not _is_duties(heading) or heading.first or heading.marker or before.heading or before.label == Label.LEFTOVER:
        return None
    m = _TAIL.search(text, max(before.body, heading.start - 14), heading.start)
    return m if m and m.start("title") > before.body and titles.ends_like_title(m["title"]) else None


def _is_duties(piece: Piece) -> bool:
    heading = piece.heading
    return heading is not None and heading.use == "strong" and heading.kind == "duties" and "职" in heading.phrase


def _part_counted(text: str, pieces: list[Piece]) -> None:
    """Entries of a vacancy list that name a post, how many are sought, and what is asked of them."""
    for i in range(len(pieces) - 1, -1, -1):
        clauses = _clauses(text, pieces, i)
        if len(clauses) > 1:
            pieces[i : i + 1] = clauses
    found = [(i, m) for i, p in enumerate(pieces) if (m := _counted(text, p))]
    if len(found) < LEAST:
        return
    for i, m in reversed(found):
        piece = pieces[i]
        rest = replace(piece, start=m.end(), body=m.end(), marker=None, first=False, blank=0)
        piece.end, piece.last, piece.title = m.end("head"), False, titles.clean(m["title"])
        pieces.insert(i + 1, rest)


def _clauses(text: str, pieces: list[Piece], i: int) -> list[Piece]:
    """The clauses of "急聘：文员2名，要求…；司机1名，…", each as a piece, where two or more name posts."""
    piece, above = pieces[i], pieces[i - 1] if i else None
    label = above is not None and above.heading is not None and above.heading.kind == "title" and not piece.first
    if piece.marker or piece.heading or not (piece.first or label) or piece.label == Label.LEFTOVER:
        return [piece]
    starts = [m.start("title") for m in _CLAUSE.finditer(text, piece.start, piece.end) if _names_post(m)]
    if len(starts) < LEAST:
        return [piece]
    if above is not None and label:
        above.heading, above.last = None, True
    bounds = [*([piece.start] if starts[0] > piece.start else []), *starts, piece.end]
    return [
        replace(piece, start=a, body=a, end=a + len(text[a:b].rstrip()), blank=0, first=True, last=True)
        for a, b in pairwise(bounds)
    ]


def _names_post(m: re.Match[str]) -> bool:
    return titles.ends_like_title(m["title"]) and not titles.names_department(m["title"])


def _counted(text: str, piece: Piece) -> re.Match[str] | None:
    if piece.heading or not piece.first or piece.label == Label.LEFTOVER or piece.markdown:
        return None
    m = _COUNTED.match(text, piece.body, piece.end)
    return m if m and _names_post(m) else None
