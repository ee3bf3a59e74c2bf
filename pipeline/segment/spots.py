"""Where headings stand in a line, whole or between other text.

A heading is found by looking back from what must follow it: a colon, a closing bracket, a first marker, the line's end.
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.segment import headings
from pipeline.segment.headings import Heading

_STOPS = "。；;！!？?…"
_COLON = re.compile(r"[:：]")
_BRACKET = re.compile(r"[【\[「〖《<]\s*([^】\]」〗》>\n]{1,24}?)\s*[】\]」〗》>]\s*[:：]?")
_CELL = re.compile(r"\|\s*([^|\n]{2,16}?)\s*\|(?=\s*[^|\s])")
"""The first cell of a row of a Markdown table: "| 岗位名称 | 前端工程师 |"."""


def of_line(text: str, start: int, end: int) -> list[Heading]:
    """Headings of a line: the whole of it, before a colon, in brackets, before a first marker, or first and spaced off."""
    whole = headings.whole(text[start:end])
    if whole and text[end - 1] not in _STOPS and not (whole[1] == "field" and text[end - 1] not in ":："):
        return [Heading(start, end, headings.bare(text[start:end]), *whole)]
    found = [h for m in _BRACKET.finditer(text, start, end) if (h := _bracketed(text, m))]
    floor, ends = start, [h.end for h in reversed(found)]
    for m in _COLON.finditer(text, start, end):
        while ends and ends[-1] <= m.start():
            floor = max(floor, ends.pop())
        listed = bool(_FIRST.match(text, m.end(), end))
        in_fields = bool(found) and (found[-1].use == "field" or found[-1].kind == "other")
        heading = headings.ending_at(text, floor, m.start(), listed, in_fields)
        if heading and not _clock(text, m.start()):
            floor = m.end()
            found.append(heading._replace(end=floor))
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


_FIRST = re.compile(
    r"[ ]?(?:[（(]?(?:0?1|一)[、.．,，)）:：](?!\d)(?=[ \t]*\S)|①|⑴|⒈|[•●◆■▲★➢·*-][ ]?(?=[\u4e00-\u9fff]))"
)


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
        if known and (known[1] != "strong" or known[0] == "other") and not headings.lookup(headings.bare(value[0])):
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
        or (known[1] not in ("strong", "field") and not text.startswith(("  ", "\t"), m.end()))
    ):
        return None
    return Heading(start, m.end(), m[0], *known)


def _disjoint(found: list[Heading]) -> list[Heading]:
    kept: list[Heading] = []
    for heading in sorted(found, key=lambda h: (h.start, -h.end)):
        if not kept or heading.start >= kept[-1].end:
            kept.append(heading)
    return kept
