"""Which pieces begin a role, and what the role is called."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.blocks import Label
from pipeline.segment import clutter, headings, titles
from pipeline.segment.pieces import Piece
from pipeline.segment.titles import Named


@dataclass(frozen=True, slots=True)
class Start:
    """The role heading is `pieces[index]`; the role goes on to the next start."""

    index: int
    named: Named


_SUMMARY = re.compile(r"^.{0,20}\d+\s*[名人](?!以上).{0,40}$", re.MULTILINE)
"""A line under a title that sums the vacancy up: "流程部 5名 本科及以上 相关工作2年以上"."""

_SECTIONS = ("duties", "requirements", "qualities")


def find(text: str, pieces: list[Piece]) -> list[Start]:
    """The starts of all roles that the text names, in order. Labels their pieces, subtitles and collection titles."""
    starts: list[Start] = []
    i = 0
    while i < len(pieces):
        named = _named(text, pieces, i, starts)
        if named:
            if pieces[i].heading:
                _with_value(pieces, i)
            _split(text, pieces, i, named)
            starts.append(Start(i, named))
        i += 1
    starts = _without_collection_titles(pieces, starts)
    starts = _without_subtitles(text, pieces, starts)
    for start in starts:
        piece = pieces[start.index]
        piece.label, piece.note, piece.ordinal = Label.ROLE_HEADING, start.named.title, start.named.ordinal
        piece.kind = piece.kind or start.named.kind
    return starts


def _named(text: str, pieces: list[Piece], i: int, starts: list[Start]) -> Named | None:
    piece = pieces[i]
    if piece.label == Label.LEFTOVER or not piece.first or _own_section(text, pieces, i, starts):
        return None
    if piece.heading:
        return _labelled(text, pieces, i, starts) if piece.heading.kind == "title" else None
    body = piece.text(text)
    linked = titles.linked(body)
    if linked:
        return linked
    if len(body) > 60:
        return None
    named = titles.explicit(body)
    if named and _marker_allows(piece, named, starts):
        return _numbered(piece, named)
    named = titles.bare(body)
    if named and _bare_stands(text, pieces, i, named, starts):
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
    named = titles.bare(value) or Named(titles.clean(value), None, len(value), False)
    if not 1 < len(named.title) <= 30:
        return None
    if starts and not _has_sections(pieces[starts[-1].index + 1 : i]):
        known = starts[-1].named.title
        if known in named.title or named.title in known or pieces[starts[-1].index].heading is None:
            return None
    return named._replace(explicit=True)


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


# -- titles that stand alone -----------------------------------------------------------------------------------------


def _bare_stands(text: str, pieces: list[Piece], i: int, named: Named, starts: list[Start]) -> bool:
    """Whether a short line is a title: by its last word and by the headings that follow it."""
    piece = pieces[i]
    style = piece.marker.style if piece.marker else ""
    follower = _follower(text, pieces, i)
    if follower is None or (starts and (starts[-1].named.title == named.title or starts[-1].index == i - 1)):
        return False
    like = titles.ends_like_title(named.title)
    if style.startswith(("bullet", "dash", "star")) and not (like and piece.last and _sets_off(pieces, i, follower)):
        return False
    if style.startswith(("(arabic", "letter", "circled", "dotted", "lost", "roman", "stem", "numdot", "quote")):
        return False
    if not piece.last:  # "数据分析员岗位要求：1.…": the title and the heading in one line
        return like and follower.heading is not None and follower.heading.kind in _SECTIONS and not style
    if style.startswith("hash"):
        return like or _is_section(follower)
    if like and _heads_list(text, pieces, i) and (i == 0 or _has_peers(text, pieces, i)):
        return True
    if like and not style and _SUMMARY.search(text, pieces[i + 1].start, pieces[i + 1].end) and pieces[i + 1].whole:
        return True
    if _is_section(follower) or _is_field(follower):
        if like and not (style.startswith("arabic") and _sibling_text(pieces, i)):
            return True
        return _repeats(text, pieces, i, follower, starts) and style[:6] != "arabic"
    return False


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
    kinds = {p.heading.kind for p in pieces[floor:i] if p.heading and p.first and p.heading.use != "field"}
    if not starts and i == 0:
        return _has_twin(text, pieces, follower)
    assert follower.heading is not None
    both = {"duties", "requirements"} <= kinds
    return follower.heading.kind in kinds and (both or follower.heading.kind == "duties")


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


def _has_sections(between: list[Piece]) -> bool:
    return any((p.heading and p.heading.kind in _SECTIONS and p.heading.use != "field") or p.marker for p in between)


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
        if plain and ((same and numbered) or titles.generic(start.named.title) or (not between and not same)):
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


def _same_post(a: str, b: str) -> bool:
    return a in b or b in a
