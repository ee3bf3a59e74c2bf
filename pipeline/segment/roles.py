"""Which pieces begin a role, and what the role is called."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pipeline.blocks import Label
from pipeline.segment import clutter, departments, headings, peers, standing, tables, titles, vacancies
from pipeline.segment.pieces import Piece
from pipeline.segment.standing import Start
from pipeline.segment.titles import Named

_TRADE = re.compile("(?:研发|开发|测试|算法|设计|实习|运维|前端|后端|客户端|架构)$")
"""Trades that a Markdown heading may name instead of a title: "### 后端研发 - 支付方向"."""

NEAR = 400
"""Pieces above a label within which the sections of the role before it are looked for."""

_SECTIONS = ("duties", "requirements", "qualities")


def find(text: str, pieces: list[Piece]) -> list[Start]:
    """The starts of all roles that the text names, in order. Labels their pieces, subtitles and collection titles."""
    departments.promote(pieces)
    tables.part(text, pieces)
    vacancies.part(text, pieces)
    starts: list[Start] = []
    i = 0
    while i < len(pieces):
        named = _named(text, pieces, i, starts)
        if named:
            if _in_table(text, pieces[i]):
                starts.append(Start(_first_row(text, pieces, i), named))
            else:
                if pieces[i].heading:
                    _with_value(pieces, i)
                _split(text, pieces, i, named)
                starts.append(Start(i, named))
        i += 1
    starts = starts or departments.first(text, pieces)
    starts = peers.more(text, pieces, starts)
    starts = _without_collection_titles(pieces, starts)
    starts = _without_subtitles(text, pieces, starts)
    _mark_repeats(text, pieces, starts)
    for start in starts:
        piece = pieces[start.index]
        piece.title, piece.ordinal = start.named.title, start.named.ordinal
        if _in_table(text, piece):
            continue
        piece.label, piece.note = Label.ROLE_HEADING, start.named.title
        piece.kind = piece.kind or start.named.kind
    return starts


def _in_table(text: str, piece: Piece) -> bool:
    return text[piece.start] in "|｜"


def _first_row(text: str, pieces: list[Piece], i: int) -> int:
    """Where the table begins that names a role in one of its rows; a rule parts its head from them."""
    while i > 0 and (not pieces[i].first or _in_table(text, pieces[i - 1]) or not pieces[i - 1].first):
        above = pieces[i - 1]
        if above.label == Label.LEFTOVER and not any(c.isalnum() for c in text[above.start : above.end]):
            break
        i -= 1
    return i


def _named(text: str, pieces: list[Piece], i: int, starts: list[Start]) -> Named | None:
    piece = pieces[i]
    if piece.label == Label.LEFTOVER or _own_section(text, pieces, i, starts):
        return None
    if piece.title:
        number = piece.marker.number if piece.marker else piece.ordinal
        return Named(piece.title, number, piece.end - piece.body, True)
    if not piece.first:
        return _labelled_inside(text, pieces, i, starts)
    if piece.heading:
        return _labelled(text, pieces, i, starts) if piece.heading.kind == "title" else None
    body = piece.text(text)
    linked = titles.linked(body)
    if linked:
        return linked
    if len(body) > 60:
        return None
    if standing.heads_chapter(pieces, i):
        title = titles.clean(body)
        parts = re.split(r"[-—–/&·|（()）\s]+", title)
        names = 2 <= len(title) <= 40 and any(titles.ends_like_title(p) or _TRADE.search(p) for p in parts if p)
        return Named(title, None, len(body), False) if names else None
    named = titles.explicit(body)
    if named and _marker_allows(piece, named, starts):
        return _numbered(piece, named)
    named = titles.bare(body) or titles.advertised(body)
    if named and standing.stands(text, pieces, i, named, starts):
        return _numbered(piece, named)
    return None


def _own_section(text: str, pieces: list[Piece], i: int, starts: list[Start]) -> bool:
    """ "文案任职资格：" inside the role 文案 is a section heading, its title part of it."""
    piece, following = pieces[i], pieces[i + 1] if i + 1 < len(pieces) else None
    if not starts or piece.last or piece.heading or piece.marker or following is None or following.heading is None:
        return False
    if piece.text(text).strip() not in starts[-1].named.title or following.heading.kind not in _SECTIONS:
        return False
    following.start, following.body, following.first = piece.start, piece.start, True
    del pieces[i]
    return True


def _numbered(piece: Piece, named: Named) -> Named:
    ordinal = named.ordinal if named.ordinal is not None else piece.marker.number if piece.marker else None
    return named._replace(ordinal=ordinal)


def _marker_allows(piece: Piece, named: Named, starts: list[Start]) -> bool:
    """A numbered "客户经理的职责" inside the role 客户经理 is one of its sections."""
    if piece.marker is None or piece.marker.style.startswith(("hash", "part")):
        return True
    if starts and (named.title in starts[-1].named.title or starts[-1].named.title in named.title):
        return False
    if piece.marker.style.startswith(("chinese", "(chinese")):
        return titles.ends_like_title(named.title)
    return False


# -- titles behind a label -------------------------------------------------------------------------------------------


def _labelled(text: str, pieces: list[Piece], i: int, starts: list[Start]) -> Named | None:
    """ "招聘岗位：销售经理" starts a role, unless it repeats the name of one that has just begun."""
    value = _value(text, pieces, i)
    if value is None:
        return None
    named = titles.bare(value) or Named(titles.clean(value).rstrip("。；"), None, len(value), False)
    if len(named.title) > 30:
        named = _first_clause(value) or named
    if not 1 < len(named.title) <= 30:
        return None
    between = pieces[max(starts[-1].index + 1, i - NEAR) : i] if starts else []
    if starts and starts[-1].named.title == named.title and not any(_opens_section(p) for p in between):
        return None  # a job specification says its title again in its first table
    if starts and not _has_sections(between):
        known = starts[-1].named.title
        if known in named.title or named.title in known or pieces[starts[-1].index].heading is None:
            return None
    return named._replace(explicit=True)


def _first_clause(value: str) -> Named | None:
    """ "软件工程师，月薪8000元，双休": a title, and what else the line says."""
    named = titles.bare(re.split("[，,]", value)[0])
    return named if named and titles.ends_like_title(named.title) else None


def _labelled_inside(text: str, pieces: list[Piece], i: int, starts: list[Start]) -> Named | None:
    """ "…优先。岗位名称：算法工程师 岗位职责：…" in the midst of a line, where a title and its sections follow."""
    piece, behind = pieces[i], pieces[i + 2] if i + 2 < len(pieces) else None
    if piece.heading is None or piece.heading.kind != "title" or behind is None or behind.first:
        return None
    named = _labelled(text, pieces, i, starts)
    follows = behind.heading is not None and behind.heading.kind in (*_SECTIONS, "other")
    return named if named and follows and titles.ends_like_title(named.title) else None


def _has_sections(between: list[Piece]) -> bool:
    return any(_opens_section(p) or p.marker for p in between)


def _opens_section(piece: Piece) -> bool:
    return piece.heading is not None and piece.heading.kind in _SECTIONS and piece.heading.use != "field"


def _value(text: str, pieces: list[Piece], i: int) -> str | None:
    following = pieces[i + 1] if i + 1 < len(pieces) else None
    if following is None or following.heading or following.marker or (following.first and following.blank > 1):
        return None
    value = following.text(text)
    return None if value.startswith((">", "»", "›")) else value  # where the reader is on the site


def _with_value(pieces: list[Piece], i: int) -> None:
    """The label and the title behind it are one heading."""
    value = pieces.pop(i + 1)
    pieces[i].end, pieces[i].last = value.end, value.last


# -- after the first look --------------------------------------------------------------------------------------------


def _split(text: str, pieces: list[Piece], i: int, named: Named) -> None:
    """ "渠道客户经理岗位职责2职责:" is a role heading and a section heading."""
    piece = pieces[i]
    if piece.heading or piece.body + named.size >= piece.end or not named.explicit:
        if not piece.heading and not piece.last and named.explicit is False:
            _absorb(pieces, i)
        return
    at = piece.body + named.size
    known = headings.whole(text[at : piece.end])
    if known is None:
        return
    heading = headings.Heading(at, piece.end, headings.bare(text[at : piece.end]), *known)
    pieces.insert(i + 1, Piece(at, piece.end, at, None, heading, False, piece.last, 0))
    piece.end, piece.last = at, False


def _absorb(pieces: list[Piece], i: int) -> None:
    """ "出纳岗位职责：" on a line of its own heads the role as a whole."""
    following = pieces[i + 1]
    heading = following.heading
    if (
        heading
        and heading.kind == "duties"
        and following.marker is None
        and (following.last or "职责" in heading.phrase)
    ):
        pieces[i].end, pieces[i].last, pieces[i].kind = following.end, following.last, "duties"
        del pieces[i + 1]


def _content(pieces: list[Piece], start: Start, stop: int) -> list[Piece]:
    return [p for p in pieces[start.index + 1 : stop] if p.label != Label.LEFTOVER]


def _without_collection_titles(pieces: list[Piece], starts: list[Start]) -> list[Start]:
    """A heading with nothing but an introduction before the numbered roles of the same name titles the collection."""
    kept = []
    for i, start in enumerate(starts):
        following = starts[i + 1] if i + 1 < len(starts) else None
        if following is None or not start.named.explicit or start.named.ordinal is not None:
            kept.append(start)
            continue
        between = _content(pieces, start, following.index)
        plain = not any(p.heading or p.marker for p in between)
        same = start.named.title in following.named.title or titles.generic(start.named.title)
        numbered = following.named.ordinal == 1
        department = not between and titles.of_department(following.named.title, start.named.title)
        untold = titles.generic(start.named.title) or (not between and not same) or department
        if plain and ((same and numbered) or untold):
            pieces[start.index].label, pieces[start.index].note = Label.LEFTOVER, clutter.COLLECTION
            for piece in between:
                piece.label, piece.note = Label.LEFTOVER, clutter.INTRODUCTION
        else:
            kept.append(start)
    return kept


def _without_subtitles(text: str, pieces: list[Piece], starts: list[Start]) -> list[Start]:
    """A role heading right below another that says the same, or more, is its subtitle."""
    kept: list[Start] = []
    for start in starts:
        above = kept[-1] if kept else None
        if above and start.index == above.index + 1 and _same_post(above.named.title, start.named.title):
            pieces[start.index].label = Label.SUBTITLE
            kept[-1] = replace(above, named=above.named)
        else:
            kept.append(start)
    return kept


def _mark_repeats(text: str, pieces: list[Piece], starts: list[Start]) -> None:
    """A line that says the role's title again above one of its sections heads no other role, nor is it an entry."""
    for start, stop in pairwise([*(s.index for s in starts), len(pieces)]):
        title = next(s.named.title for s in starts if s.index == start)
        for i in range(start + 1, stop - 1):
            piece = pieces[i]
            plain = piece.whole and not (piece.heading or piece.marker or piece.label) and piece.end - piece.start < 40
            if plain and pieces[i + 1].heading and titles.clean(piece.text(text)) == title:
                piece.label = Label.SUBTITLE


def _same_post(a: str, b: str) -> bool:
    return a in b or b in a
