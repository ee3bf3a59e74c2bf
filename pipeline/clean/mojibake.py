"""Text that was decoded with the wrong codec once: mended where that loses nothing, reported where it cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text import Edit

_LATIN_LEAD = re.compile("[ãäåæçèéï][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6-\u20ac\u2122]")
_LATIN_RUN = re.compile(
    "[\x80-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{3,}"
)
_GB_SIGNS = "锛銆鐨璐鑱宀鍏"
"""What "，。的责职岗公" and their like begin with when their UTF-8 is read as GB18030."""

_HAN_RUN = re.compile("[\u20ac\u4e00-\u9fff\ue000-\uf8ff]{3,}")
_HAN = re.compile("[\u3001-\u3017\u4e00-\u9fff\uff01-\uff5e\u201c\u201d\u2014\u2026\xb7]+")
_LOST = re.compile("\ufffd+|锟斤拷|烫烫烫|屯屯屯|[锛銆]\\?")


def mend_misread_latin(text: str) -> Iterator[Edit]:
    """UTF-8 that was read as Windows-1252 or Latin-1, such as "å²—ä½\\x8d" for "岗位".

    Only where the whole run becomes Han text: a run of accented letters or of quotation marks never does, so it stays.
    """
    if _LATIN_LEAD.search(text):
        for m in _LATIN_RUN.finditer(text):
            yield from _mended(m, [_byte(char) for char in m[0]])


def mend_misread_gb18030(text: str) -> Iterator[Edit]:
    """UTF-8 that was read as GB18030, such as "宀椾綅鑱岃矗" for "岗位职责".

    Only where the whole run becomes Han text; real Chinese never is UTF-8 of other Chinese, short words like "联通"
    aside, whose bytes spell Arabic. A run with an odd number of bytes has lost one and stays.
    """
    if any(sign in text for sign in _GB_SIGNS):
        for m in _HAN_RUN.finditer(text):
            try:
                yield from _mended(m, [char.encode("gb18030") for char in m[0]])
            except UnicodeEncodeError:
                continue


def losses(text: str) -> tuple[tuple[str, str], ...]:
    """A warning (code and message) for what earlier conversions destroyed: "锟斤拷", U+FFFD. Nothing brings it back."""
    places = [m.start() for m in _LOST.finditer(text)]
    if not places:
        return ()
    where = f"first at character {places[0]}"
    return (("lost-characters", f"an earlier conversion lost characters in {len(places)} places, {where}"),)


def _mended(run: re.Match[str], data: list[bytes]) -> list[Edit]:
    """The edits that make Han text of a run, given the bytes of each of its characters; none where it makes no sense.

    Each Han character has an edit of its own, over the characters that its bytes begin in, so that the text can be cut
    anywhere and each piece still has a stretch of the source to itself.
    """
    try:
        plain = b"".join(data).decode("utf-8")
    except UnicodeDecodeError:
        return []
    if not _HAN.fullmatch(plain):
        return []
    edits: list[Edit] = []
    at = have = need = 0  # characters of the run that are used, their bytes, and those that the Han so far need
    for char in plain:
        start = at
        need += len(char.encode("utf-8"))
        while have < need:
            have += len(data[at])
            at += 1
        if at > start:
            edits.append(Edit(run.start() + start, run.start() + at, char, "mojibake"))
        else:  # all its bytes lie in a character that the one before it has used
            edits[-1] = edits[-1]._replace(replacement=edits[-1].replacement + char)
    return edits


def _byte(char: str) -> bytes:
    """The byte that Windows-1252 shows as this character; where it has none, Latin-1's."""
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1", "replace")
