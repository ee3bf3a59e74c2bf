"""What each piece of a role is, and how deep it stands."""

from __future__ import annotations

import re

from pipeline.blocks import Label
from pipeline.segment import markers
from pipeline.segment.headings import ATTRIBUTE, SECTION_KINDS
from pipeline.segment.pieces import Piece

_STOP = re.compile(r"[。；;！!？?]")
_COLON_END = re.compile(r"[:：]\s*$")
_MAX_HEADING = 30
"""Characters; a longer line is an entry, whatever follows it."""


def label(text: str, pieces: list[Piece]) -> None:
    """Give each piece of one role its label and depth."""
    _label(text, pieces)
    _nest(pieces)


def _label(text: str, pieces: list[Piece]) -> None:
    numbered: dict[str, bool] = {}  # style -> whether the first entry of its list was a heading
    for i, piece in enumerate(pieces):
        if piece.label is not None:
            continue
        if piece.aside:
            headed = i + 1 < len(pieces) and pieces[i + 1].marker is not None and not pieces[i + 1].first
            piece.label = Label.SECTION_HEADING if headed else Label.PARAGRAPH
            continue
        following = pieces[i + 1] if i + 1 < len(pieces) else None
        if i and pieces[i - 1].label == Label.FIELD and not piece.first and not piece.heading:
            piece.label = Label.PARAGRAPH  # the field's value
        elif piece.heading:
            listed = not piece.marker and _opens_list(pieces[i + 2 : i + 3])
            piece.label = _in_row(pieces, i) or _in_column(pieces, i) or _heading_label(text, piece, following, listed)
        elif piece.marker:
            heads = _numbered_heads(text, pieces, i, following, numbered)
            numbered[piece.marker.style] = heads
            piece.label = Label.SECTION_HEADING if heads else Label.ITEM
        elif _plain_heads(text, pieces, i, following):
            piece.label = Label.SECTION_HEADING
        else:
            piece.label = _body_label(text, pieces, i)


def _opens_list(pieces: list[Piece]) -> bool:
    return any(p.marker is not None and p.marker.number == 1 and not p.first for p in pieces)


def _heading_label(text: str, piece: Piece, following: Piece | None, listed: bool) -> Label:
    """A name and its value on one line make a field, unless a list or running text about duties follows.

    `listed` says that a list goes on behind what follows: "福利待遇：条件优厚 1. 年终奖；…".
    """
    heading = piece.heading
    assert heading is not None
    alone = following is None or following.first
    if heading.use == "field" or heading.kind == "title":
        return Label.FIELD
    if alone and _only_listed(piece, following):
        return Label.ITEM
    if alone or (following and (following.marker or following.heading)):
        return Label.SECTION_HEADING
    if (
        heading.kind == "requirements"
        and ATTRIBUTE.match(heading.phrase)
        and following
        and following.end - following.start <= 40
    ):
        return Label.FIELD
    longest = 120 if re.search(r"地[点址]|时间", heading.phrase) else 40
    if heading.kind == "other" and following and following.end - following.start <= longest and not listed:
        return Label.FIELD
    return Label.SECTION_HEADING


_SHORT_VALUE = 40
"""Characters up to which what stands behind a name is taken for its value."""


def _in_row(pieces: list[Piece], i: int) -> Label | None:
    """ "年龄：20-40 学历：中专 性格：善于交流": in a row of names and values on one line the next is a field too."""
    heading, above = pieces[i].heading, pieces[i - 2] if i > 1 else None
    value = pieces[i + 1] if i + 1 < len(pieces) else None
    if above is None or above.label != Label.FIELD or pieces[i].first or pieces[i - 1].first or pieces[i].marker:
        return None
    if value is None or value.first or value.marker or value.heading or value.end - value.start > _SHORT_VALUE:
        return None
    return Label.FIELD if heading and heading.use != "strong" and heading.kind in SECTION_KINDS else None


_ASKED = re.compile(
    r"教育|学历|专业|经验|知识|技能|技巧|能力|素质|性格|培训|外语|语言|证书|身体|健康|年龄|性别|户[口籍]"
)
"""What a line of a job specification names before its value: "教育水平：大学专科"."""


def _in_column(pieces: list[Piece], i: int) -> Label | None:
    """Lines of names and short values one below the other are fields: "专业：物流管理", "经验：三年以上"."""
    if not _named_value(pieces, i):
        return None
    above = next((j for j in range(i - 1, max(-1, i - 3), -1) if pieces[j].first), None)
    beside = above is not None and pieces[above].label == Label.FIELD
    return Label.FIELD if beside or _named_value(pieces, i + 2) else None


def _named_value(pieces: list[Piece], i: int) -> bool:
    piece, value = pieces[i] if i < len(pieces) else None, pieces[i + 1] if i + 1 < len(pieces) else None
    if piece is None or value is None or piece.heading is None or piece.marker or not piece.first:
        return False
    named = piece.heading.use == "plain" and piece.heading.kind in ("requirements", "qualities")
    short = not value.first and value.last and not value.heading and not value.marker
    return bool(named and short and value.end - value.start <= _SHORT_VALUE and _ASKED.search(piece.heading.phrase))


def _only_listed(piece: Piece, following: Piece | None) -> bool:
    """ "3、晋升空间" between 2 and 4 is an entry, though the words head sections elsewhere."""
    a, b = piece.marker, following.marker if following else None
    if a is None or a.number is None or not a.style.startswith("arabic"):
        return False
    if piece.heading is None or piece.heading.kind in ("duties", "requirements"):
        return False
    return following is None or (b is not None and b.style == a.style and b.number == a.number + 1)


def _numbered_heads(text: str, pieces: list[Piece], i: int, following: Piece | None, numbered: dict[str, bool]) -> bool:
    """Whether a numbered line heads what follows it: short, without a stop, and followed by deeper text."""
    piece = pieces[i]
    body = piece.text(text)
    marker = piece.marker
    assert marker is not None
    if following is None or following.label is not None or len(body) > _MAX_HEADING or _STOP.search(body):
        return False
    if following.heading and following.heading.kind in SECTION_KINDS and following.heading.use != "field":
        return False
    if marker.style.startswith(("hash", "part")):
        return True
    seen_flat = marker.number not in (1, None) and numbered.get(marker.style) is False
    if following.marker and following.marker.style != marker.style:
        if seen_flat and following.marker.number is None and not _COLON_END.search(body):
            return False  # "5、…优先" above "*所有职位…": its fellows head nothing either
        deeper = following.marker.number in (1, None) or marker.style.startswith(("chinese", "(chinese"))
        if not _COLON_END.search(body) and (marker.number is None or re.search(r"[，,]", body)):
            return False
        return deeper and not _closes(pieces, i, following) and (piece.last or bool(_COLON_END.search(body)))
    if following.marker or not following.first or not piece.last:
        return False
    longer = following.end - following.start > len(body) * 1.3 or numbered.get(marker.style, False)
    first = marker.number == 1 or numbered.get(marker.style, False)
    return (bool(_COLON_END.search(body)) or (first and longer and following.blank == 0)) and marker.number is not None


def _closes(pieces: list[Piece], i: int, following: Piece) -> bool:
    """Whether the marker that follows goes on with a list from before, so that nothing stands under this piece."""
    assert following.marker is not None
    number = following.marker.number
    if number in (1, None):
        return number is None and any(
            p.marker and p.marker.style == following.marker.style for p in pieces[max(0, i - 8) : i]
        )
    for before in reversed(pieces[:i]):
        if before.marker and before.marker.style == following.marker.style:
            return before.marker.number == number - 1 and not _outer(pieces, i)
    return False


def _outer(pieces: list[Piece], i: int) -> bool:
    """Running numbers go on under the next outer heading: 一、 1 2 3 二、 4 5."""
    marker = pieces[i].marker
    return bool(marker and marker.style.startswith(("chinese", "(chinese")))


def _plain_heads(text: str, pieces: list[Piece], i: int, following: Piece | None) -> bool:
    """Whether a line without marker and known phrase is a heading: "行政方面：" above a list."""
    piece = pieces[i]
    body = piece.text(text)
    if following is None or following.label is not None or not piece.first or _STOP.search(body):
        return False
    if _COLON_END.search(body):
        return len(body) <= _MAX_HEADING and (piece.last or following.marker is not None)
    if not piece.last or len(body) > 14 or re.search(r"[，,、.]", body):
        return False
    opens = following.marker is not None and following.marker.number in (1, None) and following.first
    above = pieces[i - 1] if i else None
    if not opens or above is None or above.label == Label.SUBTITLE:
        return opens
    assert following.marker is not None
    if above.label == Label.SECTION_HEADING:
        return following.marker.number == 1
    same = above.marker is not None and above.marker.style == following.marker.style
    return not (same and following.marker.number is None)


def _body_label(text: str, pieces: list[Piece], i: int) -> Label:
    """A line among lines is an entry; a text that runs on, or stands alone behind its heading, is a paragraph."""
    piece = pieces[i]
    if not piece.whole:
        return Label.PARAGRAPH
    above = pieces[i - 1] if i else None
    below = pieces[i + 1] if i + 1 < len(pieces) else None
    lined = [
        p for p in (above, below) if p and p.whole and not p.heading and p.label in (None, Label.ITEM) and not p.marker
    ]
    if above and above.label == Label.ITEM:
        return Label.ITEM
    return Label.ITEM if lined and piece.end - piece.start <= 80 else Label.PARAGRAPH


# -- depth -----------------------------------------------------------------------------------------------------------


def _nest(pieces: list[Piece]) -> None:
    """Depths from the order in which styles appear: what opens inside something is deeper, what recurs closes back."""
    stack: list[tuple[str, Piece]] = []
    for piece in pieces:
        if piece.label in (Label.ROLE_HEADING, Label.SUBTITLE, Label.LEFTOVER):
            if piece.label == Label.ROLE_HEADING:
                stack = []
            while stack and stack[-1][1].label != Label.SECTION_HEADING:
                stack.pop()  # an entry cannot reach over text that is not its own
            continue
        if piece.aside:
            stack = [("H1", piece)] if piece.label == Label.SECTION_HEADING else []
            piece.depth = 1
        elif piece.label == Label.SECTION_HEADING or (piece.marker and piece.label == Label.ITEM):
            key = _key(piece, stack)
            if _goes_on_outside(piece, key, stack):
                stack = []
            while piece.marker is None and stack and stack[-1][1].label == Label.ITEM:
                stack.pop()  # a heading without a number closes the list above it
            if key.startswith("hash"):
                depth = next(
                    (d for d, (k, _) in enumerate(stack) if not (k.startswith("hash") and k < key)), len(stack)
                )
            elif key == "H1":
                depth = next((d for d, (_, p) in enumerate(stack) if not _chapter(p)), len(stack))
            else:
                depth = next((d for d, (k, p) in enumerate(stack) if k == key or _drifted(p, piece)), len(stack))
            del stack[depth:]
            stack.append((key, piece))
            piece.depth = len(stack)
        else:
            while stack and stack[-1][1].label != Label.SECTION_HEADING:
                stack.pop()
            piece.depth = len(stack) + 1


def _goes_on_outside(piece: Piece, key: str, stack: list[tuple[str, Piece]]) -> bool:
    """ "二、福利待遇" where no "一、" opened in this role goes on with a list outside it."""
    number = piece.marker.number if piece.marker else None
    heads = piece.label == Label.SECTION_HEADING and key.startswith("chinese")
    return heads and number is not None and number > 1 and all(k != key for k, _ in stack)


def _chapter(piece: Piece) -> bool:
    """A numbered heading that may hold whole sections: "一、市场部" above "岗位职责："."""
    outer = piece.marker is not None and piece.marker.style.startswith(("chinese", "(chinese", "part", "hash"))
    return outer and piece.label == Label.SECTION_HEADING and piece.heading is None


def _key(piece: Piece, stack: list[tuple[str, Piece]]) -> str:
    strong = piece.heading is not None and piece.heading.use == "strong"
    if piece.marker and not (strong and markers.pictured(piece.marker)):
        return piece.marker.style
    if strong:
        return "H1"
    above = stack[-1][1] if stack else None
    if above is not None and stack[-1][0] == "H1" and above.label == Label.SECTION_HEADING and _empty(above, piece):
        return "H2"
    outer = next((p for k, p in stack if k == "H1"), None)
    if piece.heading and outer is not None and outer.heading and piece.heading.kind != outer.heading.kind:
        return "H1"  # "权限：" behind "工作职责：" and its parts
    if any(k == "H2" for k, _ in stack):
        return "H2"
    return "H1" if piece.heading or not stack else "H2"


def _empty(above: Piece, piece: Piece) -> bool:
    return above.last and piece.first and piece.start - above.end <= 3


def _drifted(before: Piece, piece: Piece) -> bool:
    """ "3、" and then "4." are one list."""
    a, b = before.marker, piece.marker
    if not a or not b or a.number is None or b.number is None:
        return False
    return a.style[:6] == b.style[:6] == "arabic" and b.number == a.number + 1
