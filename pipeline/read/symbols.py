"""Letters of symbol fonts as the characters that they look like.

In Wingdings "l" is a black dot. Word stores such a letter as itself in that font, or as U+F000 plus its code; programs
that drop the font make "l" or an empty box of it. A ticked box and an empty one stay different.
"""

from __future__ import annotations

import re

_WINGDINGS = {
    0x22: "✂",
    0x28: "☎",
    0x2A: "✉",
    0x46: "☞",
    0x4A: "☺",
    0x6C: "●",
    0x6D: "❍",
    0x6E: "■",
    0x6F: "□",
    0x70: "□",
    0x71: "□",
    0x72: "□",
    0x73: "◆",
    0x74: "◆",
    0x75: "◆",
    0x76: "❖",
    0x77: "◆",
    0x78: "☒",
    0x9E: "·",
    0x9F: "•",
    0xA0: "▪",
    0xA1: "○",
    0xA2: "○",
    0xA4: "◉",
    0xA5: "◎",
    0xA7: "▪",
    0xA8: "□",
    0xAB: "★",
    0xB2: "✧",
    0xD8: "➢",
    0xDC: "➲",
    0xE0: "→",
    0xE8: "➔",
    0xF0: "⇨",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_WINGDINGS2 = {
    0x30: "□",
    0x4F: "✗",
    0x50: "✓",
    0x51: "☒",
    0x52: "☑",
    0x53: "☒",
    0x54: "☒",
    0x96: "•",
    0x97: "●",
    0x98: "●",
    0x99: "●",
    0x9F: "•",
    0xA2: "■",
    0xA3: "□",
    0x2A: "□",
}
_SYMBOL = {0xB7: "•", 0xA7: "■", 0xA8: "◆", 0xAE: "→", 0xDE: "⇒", 0xD7: "·", 0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB4: "×"}
_WEBDINGS = {0x3C: "■", 0x63: "□", 0x61: "✓", 0x3D: "●"}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS2, "symbol": _SYMBOL, "webdings": _WEBDINGS}
_UNKNOWN = {**_WINGDINGS, 0xB7: "•"}
"""For a private-use character whose font is not told: Word's own bullets are of Wingdings and Symbol."""
_PRIVATE = 0xF000
_IN_PRIVATE = re.compile("[\uf000-\uf0ff]")


def is_symbol_font(font: str | None) -> bool:
    """Whether the letters of a font are no letters."""
    return bool(font) and str(font).strip("'\" ").lower() in _FONTS


def shown(text: str, font: str | None = None) -> str:
    """A text set in a font, as it is seen; a symbol without a counterpart is "▪" where it comes from private use."""
    signs = _FONTS.get((font or "").strip("'\" ").lower())
    if signs is None and not _IN_PRIVATE.search(text):
        return text
    return "".join(_sign(c, signs) for c in text)


def _sign(character: str, signs: dict[int, str] | None) -> str:
    code = ord(character)
    if _PRIVATE <= code <= _PRIVATE + 0xFF:
        return (_UNKNOWN if signs is None else signs).get(code - _PRIVATE, "▪" if code > _PRIVATE + 0x20 else " ")
    if signs is not None and 0x20 < code <= 0xFF and code != 0xA0:  # a blank that does not break is one in any font
        return signs.get(code, character)
    return character
