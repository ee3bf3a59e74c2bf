"""Does a short line that says nothing but a title name a role? Its last word and what stands around it decide."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from pipeline.blocks import Label
from pipeline.segment import titles
from pipeline.segment.headings import ATTRIBUTE
from pipeline.segment.pieces import Piece
from pipeline.segment.titles import Named

_SECTIONS = ("duties", "requirements", "qualities")

_SUMMARY = re.compile(r"^.{0,20}\d+\s*[名人](?!以上).{0,40}$", re.MULTILINE)
"""A line under a title that sums the vacancy up: "流程部 5名 本科及以上 相关工作2年以上"."""


@dataclass(frozen=True, slots=True)
class Start:
    """The role heading is `pieces[index]`; the role goes on to the next start."""

    index: int
    named: Named


def stands(text: str, pieces: list[Piece], i: int, named: Named, starts: list[Start]) -> bool:
    """Whether a short line is a title: by its last word and by the headings that follow it."""
    piece = pieces[i]
    style = piece.marker.style if piece.marker else ""
    follower = _follower(text, pieces, i)
    if follower is None or (starts and _says_again(pieces, named, i, starts[-1])):
        return False
    if is_value(pieces, i) or (starts and _repeats_title(pieces, i, named, starts[-1])):
        return False
    like = titles.ends_like_title(named.title)
    if like and not style and (ends_menu(text, pieces, i) or _heads_stanza(text, pieces, i)):
        return not ends_menu(text, pieces, i)
    if style.startswith(("bullet", "dash", "star")) and not (like and piece.last and _sets_off(pieces, i, follower)):
        return False
    if style == "dotted" and like and piece.last and _is_section(follower):
        return True  # "1.1云存储工程师" above "工作职责："
    if style.startswith(("(arabic", "letter", "circled", "dotted", "lost", "roman", "stem", "numdot", "quote")):
        return False
    if not piece.last:  # "数据分析员岗位要求：1.…": the title and the heading in one line
        kinds = (*_SECTIONS, "other") if i == 0 else _SECTIONS
        return like and follower.heading is not None and follower.heading.kind in kinds and not style
    if style.startswith("hash"):
        return like or _is_section(follower)
    if like and _heads_list(text, pieces, i) and (i == 0 or _has_peers(text, pieces, i)):
        return True
    if like and not style and _SUMMARY.search(text, pieces[i + 1].start, pieces[i + 1].end) and pieces[i + 1].whole:
        return True
    if like and not style and _is_defined(text, pieces, i, named):
        return True
    if _is_section(follower) or _is_field(follower):
        if like and not (style.startswith("arabic") and _sibling_text(pieces, i)):
            return True
        return _repeats(text, pieces, i, follower, starts) and style[:6] != "arabic"
    return False


MENU = 3
"""Bare titles one below the other that are a menu of the site, or of the page itself, whatever follows the last."""


def ends_menu(text: str, pieces: list[Piece], i: int) -> bool:
    """Whether a title is the last of a run of titles, line below line, of which one may have an odd last word."""
    run = odd = 0
    while i >= 0 and run < MENU and pieces[i].whole and not pieces[i].heading and not pieces[i].marker:
        if _titled(text, pieces[i]):
            run += 1
        elif odd or titles.bare(pieces[i].text(text)) is None:
            break
        else:
            odd = 1
        if pieces[i].blank:
            break
        i -= 1
    return run >= MENU


def _heads_stanza(text: str, pieces: list[Piece], i: int) -> bool:
    """Whether a title opens a block of lines between blank ones, on a page of such blocks."""
    if not _opens_stanza(text, pieces, i):
        return False
    around = range(max(0, i - 12), min(len(pieces), i + 13))
    return sum(_opens_stanza(text, pieces, j) for j in around) >= MENU


def _opens_stanza(text: str, pieces: list[Piece], i: int) -> bool:
    following = pieces[i + 1] if i + 1 < len(pieces) else None
    if following is None or following.blank or not following.first or following.heading:
        return False
    return pieces[i].whole and not pieces[i].heading and pieces[i].blank > 0 and _titled(text, pieces[i])


def heads_chapter(pieces: list[Piece], i: int) -> bool:
    """Whether a Markdown heading below the page's own has sections under it, one of duties: it names a role."""
    style = pieces[i].markdown
    if style < "hash2" or pieces[i].heading:
        return False
    for piece in pieces[i + 1 : i + 40]:
        inner = piece.markdown
        if inner and inner <= style:
            return False
        if inner and (piece.heading is None or piece.heading.kind == "duties"):
            return piece.heading is not None
    return False


def is_value(pieces: list[Piece], i: int) -> bool:
    """Whether a line is the value of a name that has the line above to itself: "需求部门：" above "酒店研发部"."""
    above = pieces[i - 1] if i else None
    plain = not pieces[i].marker and not pieces[i].blank
    named = plain and above is not None and above.whole and above.heading is not None
    if not named or above is None or above.heading is None:
        return False
    return above.heading.use == "field" or ATTRIBUTE.match(above.heading.phrase) is not None


def _repeats_title(pieces: list[Piece], i: int, named: Named, above: Start) -> bool:
    """Whether a role says its title again before anything else but fields: "职位描述", "某某实习生", "岗位职责"."""
    title = above.named.title
    if named.title not in title and (title not in named.title or titles.of_department(named.title, title)):
        return False
    return all(p.heading for p in pieces[above.index + 1 : i] if p.first and p.label != Label.LEFTOVER)


def _says_again(pieces: list[Piece], named: Named, i: int, above: Start) -> bool:
    """Whether a title is the one above, or stands right below it and is no post of the department above.

    Below a whole posting the same title begins another one, as where only what stands in brackets differs.
    """
    title = above.named.title
    if title != named.title:
        return above.index == i - 1 and not titles.of_department(named.title, title)
    following = pieces[i + 1].heading if i + 1 < len(pieces) else None
    seen = {p.heading.phrase for p in pieces[above.index + 1 : i] if p.heading and p.first}
    return following is None or following.phrase not in seen


def _sets_off(pieces: list[Piece], i: int, follower: Piece) -> bool:
    """Whether a bulleted line is a title: headings or fields follow, and the lines above have no such bullet."""
    marker, above = pieces[i].marker, pieces[i - 1] if i else None
    listed = above and above.marker and marker and above.marker.style == marker.style
    return (_is_section(follower) or _is_field(follower)) and not listed


def _follower(text: str, pieces: list[Piece], i: int) -> Piece | None:
    """The next piece that is no clutter; a line about numbers or places may lie between title and heading."""
    behind = [p for p in pieces[i + 1 : i + 5] if p.label != Label.LEFTOVER]
    for n, piece in enumerate(behind[:3]):
        if n and _is_section(piece):
            return piece
        if piece.heading or piece.marker or not piece.whole or piece.end - piece.start > 60:
            break
        if n < 2 and _titled(text, piece):
            break  # a list of titles, as in a site's menu
    return behind[0] if behind else None


_OF_IT = re.compile(r"(?:是|为|隶属|主要|负责|下设|成立|作为|承担|[，,（(])")


def _is_defined(text: str, pieces: list[Piece], i: int, named: Named) -> bool:
    """Whether the line below says what the line is: "联络处" above "联络处隶属于办公室，主要负责…"."""
    following = pieces[i + 1] if i + 1 < len(pieces) else None
    if following is None or not pieces[i].whole or not following.first or following.heading or following.marker:
        return False
    words = following.text(text)
    return words.startswith(named.title) and _OF_IT.match(words, len(named.title)) is not None


def _has_peers(text: str, pieces: list[Piece], i: int) -> bool:
    """Whether another line names a role, by its words or by the list below it."""
    others = (j for j in range(len(pieces)) if j != i and pieces[j].whole and not pieces[j].heading)
    return any(_heads_list(text, pieces, j) or titles.explicit(pieces[j].text(text)[:60]) for j in others)


def _titled(text: str, piece: Piece) -> bool:
    named = titles.bare(piece.text(text)) if piece.marker is None else None
    return named is not None and "、" not in named.title and titles.ends_like_title(named.title)


def _heads_list(text: str, pieces: list[Piece], i: int) -> bool:
    """Whether a title stands right above the first entry of a list."""
    piece, following = pieces[i], pieces[i + 1] if i + 1 < len(pieces) else None
    if following is None or not piece.whole or piece.heading or following.marker is None or not following.first:
        return False
    if piece.marker is not None and not piece.marker.style.startswith("chinese"):
        return False
    if following.marker.number not in (1, None) or following.marker.style == (
        piece.marker.style if piece.marker else ""
    ):
        return False
    named = titles.bare(piece.text(text))
    if named is None or not titles.ends_like_title(named.title):
        return False
    return piece.marker is None or titles.names_department(named.title)


def _is_section(piece: Piece) -> bool:
    return (
        piece.heading is not None and piece.heading.kind in _SECTIONS and piece.heading.use != "field" and piece.first
    )


def _is_field(piece: Piece) -> bool:
    return piece.heading is not None and piece.first and piece.heading.kind in ("other", "requirements")


def _repeats(text: str, pieces: list[Piece], i: int, follower: Piece, starts: list[Start]) -> bool:
    """Whether the heading that follows has been there before in this role, so that another role must begin."""
    floor = starts[-1].index if starts else 0
    kinds = {
        p.heading.kind
        for p, below in pairwise(pieces[floor:i])
        if p.heading and p.first and p.heading.use != "field" and below.heading is None
    }
    if not starts and i == 0:
        return _has_twin(text, pieces, follower)
    assert follower.heading is not None
    return follower is pieces[i + 1] and follower.heading.kind == "duties" and "duties" in kinds


def _has_twin(text: str, pieces: list[Piece], follower: Piece) -> bool:
    """Whether the heading under a first line comes again under another short line, as the next role's does."""
    phrase = follower.heading.phrase if follower.heading else None
    later = [
        before
        for before, piece in pairwise(pieces[2:])
        if piece.heading
        and piece.heading.phrase == phrase
        and before.whole
        and not before.heading
        and not before.marker
    ]
    return any(titles.bare(p.text(text)) for p in later)


def _sibling_text(pieces: list[Piece], i: int) -> bool:
    """Whether "3、技术支持" counts on from an entry right above it."""
    above = pieces[i - 1] if i else None
    marker = pieces[i].marker
    return bool(above and above.marker and marker and above.marker.style == marker.style)
