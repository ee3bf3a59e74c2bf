"""Titles that look like the others of their page.

A line such as "货车司机" above running text may be anything; on a page where other posts begin with such a line, below a
list that has ended, it begins one too. So do lines that count the openings ("美编（1名）"), or advertise ("会计招聘"),
where several do.
"""

from __future__ import annotations

import re

from pipeline.blocks import Label
from pipeline.segment import titles
from pipeline.segment.pieces import Piece
from pipeline.segment.standing import Start
from pipeline.segment.titles import Named

LEAST = 2
"""Lines of one look from which a page has that look."""

_COUNTED = re.compile(
    r"(?P<title>[^，。；：、,;:（(\d\s]{2,14})\s*[（(:：]?\s*(?:\d{1,3}|若干|[一二三四五六七八九十两]{1,2})\s*[名人位个](?:[，,、].{1,12})?[)）]?"
)
"""例: "保洁员（2名）", "舞蹈老师(1名，可兼职）", "实习生：若干名"."""

_STOPPED = tuple("。；;.！!)）…")


def more(text: str, pieces: list[Piece], starts: list[Start]) -> list[Start]:
    """The starts, with those that look like them."""
    taken = {start.index for start in starts}
    looks = {i: look for i, piece in enumerate(pieces) if (look := _look(text, piece, i in taken))}
    counts = {name: sum(look[0] == name for look in looks.values()) for name in ("counted", "advertised")}
    told = [i for i, (name, _) in looks.items() if counts.get(name, 0) >= LEAST and _free(pieces, i, looks, starts)]
    found = sorted([*starts, *(Start(i, looks[i][1]) for i in told)], key=lambda start: start.index)
    if sum(start.index in looks for start in found) < LEAST:
        return found
    plain = [i for i, (name, _) in looks.items() if name == "plain" and _free(pieces, i, looks, found)]
    alike = [i for i in plain if _closed(text, pieces, i) and _another(looks[i][1], i, found)]
    return sorted([*found, *(Start(i, looks[i][1]) for i in alike)], key=lambda start: start.index)


def _free(pieces: list[Piece], i: int, looks: dict[int, tuple[str, Named]], starts: list[Start]) -> bool:
    """Whether a line is no start yet, nor right below one, and something stands below it."""
    return not any(start.index in (i, i - 1) for start in starts) and _holds(pieces, i, looks)


def _another(named: Named, i: int, starts: list[Start]) -> bool:
    """Whether a line names a post, and another than the one above it; the first of a page is not found like this."""
    above = next((start for start in reversed(starts) if start.index < i), None)
    return above is not None and above.named.title != named.title and titles.ends_like_title(named.title)


def _look(text: str, piece: Piece, taken: bool) -> tuple[str, Named] | None:
    """How a line names a post, if it may."""
    if not piece.whole or piece.heading or piece.marker or (piece.label and not taken):
        return None
    words = piece.text(text)
    if len(words) > 40:
        return None
    m = _COUNTED.fullmatch(words.strip())
    if m and not titles.names_department(m["title"]):
        return "counted", Named(titles.clean(m["title"]), None, len(words), False)
    named = titles.advertised(words, any_word=True)
    if named:
        return "advertised", named
    named = titles.bare(words)
    return ("plain", named) if named else None


def _holds(pieces: list[Piece], i: int, looks: dict[int, tuple[str, Named]]) -> bool:
    """Whether something stands below the line that is not another such line."""
    following = pieces[i + 1] if i + 1 < len(pieces) else None
    if following is None or following.label == Label.LEFTOVER or looks.get(i + 1, ("",))[0] == looks[i][0] != "plain":
        return False
    named = looks.get(i + 1)
    return named is None or not titles.ends_like_title(named[1].title)


def _closed(text: str, pieces: list[Piece], i: int) -> bool:
    """Whether the list above has ended: a numbered entry, a sentence, an empty line or what belongs to no role."""
    above = pieces[i - 1] if i else None
    if above is None or above.label == Label.LEFTOVER or pieces[i].blank > 0:
        return True
    numbered = above.marker is not None and above.marker.number is not None
    return numbered or (above.heading is None and text[above.end - 1] in _STOPPED and above.end - above.start > 12)
