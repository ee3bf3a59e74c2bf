"""The furniture of a web page: its menus and footers, and what it says behind a contact line.

A menu is a run of short lines of which some are words that sites have ("首页", "联系我们"). The lines are many and
alike, so one alone decides nothing.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline import lexicons
from pipeline.blocks import Label
from pipeline.segment import titles
from pipeline.segment.headings import SECTION_KINDS
from pipeline.segment.pieces import Piece

MENU = "site clutter"
"""The reason of what is left over here."""

SHORT = 14
"""Characters of the longest line that may be a word of a menu."""

LEAST = 2
"""Site words that make a run of lines a menu."""

_SENTENCE = re.compile(r"[。；，;,、！!？?]")
_DECORATION = " \t\xa0\u3000>»›<«‹|｜·•-—–【】[]+＋:："
_BARS = re.compile(r"\s*[|｜丨]\s*")
_SITE_LIKE = re.compile(
    r"(?:关于|加入|了解|联系|走进|认识)\S{2,8}|\S{2,10}(?:首页|微信二维码|专区|频道|论坛|通道|商城)|>+\S{2,12}|Copyright.*",
    re.IGNORECASE,
)
"""例: "关于某某网", "加入某某公司", "某某大学首页", "商家通道"."""


@cache
def _words() -> frozenset[str]:
    return frozenset(row[0] for row in lexicons.rows("site-words"))


def mark(text: str, pieces: list[Piece]) -> None:
    """Label the lines of menus and footers."""
    i = 0
    while i < len(pieces):
        stop = i
        while stop < len(pieces) and _short_line(text, pieces[stop]):
            stop += 1
        if stop > i:
            _mark_run(text, pieces, i, stop)
        i = max(stop, i + 1)


def _short_line(text: str, piece: Piece) -> bool:
    """Whether a line may be of a menu: short, or words between bars, and no heading of a role's sections."""
    if not piece.whole or (piece.marker and piece.marker.number is not None) or _of_role(piece):
        return False
    words = text[piece.start : piece.end]
    if _barred(words):
        return True
    return len(words) <= SHORT and not _SENTENCE.search(words)


def _of_role(piece: Piece) -> bool:
    heading = piece.heading
    return heading is not None and (heading.kind in ("duties", "requirements", "qualities", "title"))


def _barred(words: str) -> bool:
    """ "登录 | 注册 | 设为首页"."""
    cells = [cell.strip(_DECORATION) for cell in _BARS.split(words)] if "|" in words or "｜" in words else []
    return len(cells) > 1 and sum(cell in _words() for cell in cells) * 2 >= len(cells)


def of_site(words: str) -> bool:
    """Whether a line is a word that sites have in their menus, or several between bars."""
    bare = "".join(words.strip(_DECORATION).split())
    return bare in _words() or _barred(words)


def _mark_run(text: str, pieces: list[Piece], start: int, stop: int) -> None:
    """The run of short lines is a menu from its first site word to its last, and what stands between."""
    site = [n for n in range(start, stop) if of_site(text[pieces[n].start : pieces[n].end])]
    if len(site) < LEAST and not any(_barred(text[pieces[n].start : pieces[n].end]) for n in site):
        return
    first, last = site[0], site[-1]
    while first > start and _like(text, pieces[first - 1]):
        first -= 1
    while last + 1 < stop and _like(text, pieces[last + 1]):
        last += 1
    inside = range(first, last + 1)
    if sum(n in site or _like(text, pieces[n]) for n in inside) * 4 < len(inside):
        inside = range(0)
    for n in inside:
        piece = pieces[n]
        if piece.label is None and not _names_role(text, pieces, n):
            piece.label, piece.note = Label.LEFTOVER, MENU


def _like(text: str, piece: Piece) -> bool:
    return _SITE_LIKE.fullmatch(text[piece.start : piece.end].strip()) is not None


def _names_role(text: str, pieces: list[Piece], n: int) -> bool:
    """A title above a heading or a field is no word of the menu, though it ends one."""
    following = pieces[n + 1] if n + 1 < len(pieces) else None
    named = titles.bare(pieces[n].text(text)) if pieces[n].marker is None else None
    if named is None or not titles.ends_like_title(named.title) or following is None or following.heading is None:
        return False
    return following.heading.kind in SECTION_KINDS and not of_site(text[following.start : following.end])


_SENT_OFF = re.compile(r"简历|投递|应聘|报名|@|立即申请|申请职位|我要应聘|招\s*贤\s*纳\s*士|诚\s*聘\s*英\s*才|联系方式")
"""What a line says that sends the applicant off: behind it a page speaks of itself."""


def close(text: str, pieces: list[Piece]) -> None:
    """Label the plain lines behind such a line, up to the next heading, number or title."""
    begun = closed = False
    for n, piece in enumerate(pieces):
        if piece.label == Label.LEFTOVER:
            sent_off = begun and piece.whole and _SENT_OFF.search(text, piece.start, piece.end)
            closed = closed or bool(sent_off and piece.end - piece.start <= 80)
        elif (
            piece.heading
            or piece.marker
            or not piece.whole
            or text[piece.start] in "|｜"
            or titles.explicit(piece.text(text)[:60])
        ):
            begun, closed = begun or piece.heading is not None or piece.marker is not None, False
        elif closed and not _may_be_title(text, pieces, n):
            piece.label, piece.note = Label.LEFTOVER, MENU
        else:
            closed = False


def _may_be_title(text: str, pieces: list[Piece], n: int) -> bool:
    named = titles.bare(pieces[n].text(text))
    following = pieces[n + 1] if n + 1 < len(pieces) else None
    if named is None:
        return False
    return titles.ends_like_title(named.title) or (following is not None and following.heading is not None)
