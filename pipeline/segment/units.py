"""Which unit of the firm each role stands under: the line "二、财务部" above the posts of the department."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from pipeline.segment import phrases, tags
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.joined import EDGES, Joined
from pipeline.segment.markers import Family
from pipeline.segment.network import Read

_NAME = regex.compile(
    r"(?P<name>\p{Han}{1,9}?(?:部|处|科|室|股|中心|车间|工段|队|组|班)|(?P<whole>\p{Han}{2,9}?(?:公司|厂|院|所|站|店|馆|局|库)))"
    r"(?:\s*+[（(\[]?\s*+(?:共|缺)?\d{1,3}\s*+[人名个][）)\]]?|\s++[A-Za-z][A-Za-z &]*+)?+"
)
"""E.g. "财务部", "（四）机修车间 12人", "Ⅲ 甲板部 DECK"."""
_NO_NAME = regex.compile(
    r"(?:岗位|职责|职务|人员|领导)|(?:[干全内外]部|俱乐部|^(?:大学|统招|全日制)?[本专学文理工]科|[上下加早中晚夜白轮倒跟]班|会议室|教室|[好用各到之]处|为中心)$"
)
"""What ends as a unit's name does and is none: "工艺储备干部", "需周末上班"."""
_LONGEST = 40
_EDGES = EDGES + "=≡◢▌▍★☆─—-┌┐<>《》“”·.、"
_OPEN = regex.compile(r"[^\p{L}\d]")
_UNNUMBERED = (Family.BULLET, Family.DASH, Family.STAR, Family.QUOTE, Family.LOST, Family.HASH)


class _Unit(NamedTuple):
    """A unit's name, and the style of marker before it."""

    name: str
    style: tuple[object, str] | None


def of_roles(
    text: str, pieces: Sequence[Piece], read: Read, parted: Sequence[Sequence[Joined]], outside: Collection[int]
) -> list[str | None]:
    """The unit that each of the roles stands under, None where no line names one.

    A unit's line stands right above a role, or is numbered and begins the role of the unit itself. It holds the roles down to the
    next such line wherever that stands, or to a line or a role that is numbered as it is ("三、门卫" after "二、财务部"). At the
    pieces `outside` no unit is named: the file says that they are a list of contents or the like.
    """
    begins = {blocks[0].first: n for n, blocks in enumerate(parted)}
    out: list[str | None] = [None] * len(parted)
    unit: _Unit | None = None
    for first, stop in _lines(pieces):
        named = _named(text, pieces[first], pieces[stop - 1]) if first not in outside else None
        style = _style(text, pieces[first])
        if named:
            unit = named if stop in begins or (first in begins and style) else None
        elif unit and style and style == unit.style and (read.tags[first] == tags.OUTSIDE or first in begins):
            unit = None
        for i in range(first, stop):
            if unit and not named and i in begins:
                out[begins[i]] = unit.name
    return out


def _lines(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """The lines as the first of their pieces and the one after the last."""
    starts = [i for i, piece in enumerate(pieces) if piece.cut == Cut.LINE]
    return pairwise([*starts, len(pieces)])


def _named(text: str, first: Piece, last: Piece) -> _Unit | None:
    """The unit that a whole line names."""
    if last.end - first.start > _LONGEST:
        return None
    words = text[first.body : last.end].strip(_EDGES)
    m = _NAME.fullmatch(words)
    style = _style(text, first)
    if m is None or _NO_NAME.search(m["name"]) or (m["whole"] and style is None) or phrases.whole(words):
        return None
    return _Unit(m["name"], style)


def _style(text: str, piece: Piece) -> tuple[object, str] | None:
    """What numbers or decks a line: the style of its marker, else a sign that it begins with."""
    if piece.marker:
        return (
            piece.marker.style if piece.marker.family not in _UNNUMBERED else (piece.marker.family, piece.marker.text)
        )
    return ("sign", text[piece.start]) if _OPEN.match(text, piece.start) else None
