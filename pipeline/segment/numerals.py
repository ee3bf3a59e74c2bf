"""Numbers as Chinese documents write them in front of an entry."""

from __future__ import annotations

import unicodedata

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = {"I": 1, "V": 5, "X": 10}


def value(text: str) -> int | None:
    """What a numeral counts: "12", "十二", "⑫", "Ⅳ", "iv", "丙", "c"; None when it is no numeral.

    Letters count from a = 1. A lone i, v or x is a letter; longer runs of them are Roman.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    if text in _STEMS and len(text) == 1:
        return _STEMS.index(text) + 1
    if all(c in _DIGITS or c in "十百拾" for c in text):
        return _chinese(text)
    if len(text) == 1 and not text.isascii():
        plain = unicodedata.normalize("NFKC", text).strip("().")
        return value(plain) if plain and plain != text else _dingbat(text)
    if text.isascii() and text.isalpha():
        return _roman(text.upper()) if len(text) > 1 else ord(text.lower()) - 96
    return None


def _chinese(text: str) -> int | None:
    """One to 999, in full ("一百零三") or as bare digits ("一二")."""
    text = text.replace("拾", "十")
    if not text:
        return None
    if "十" not in text and "百" not in text:
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, None
    for c in text:
        if c in "十百":
            total += (1 if digit is None else digit) * (10 if c == "十" else 100)
            digit = None
        else:
            digit = _DIGITS[c]
    return total + (digit or 0)


def _roman(text: str) -> int | None:
    if set(text) - set(_ROMAN):
        return None
    values = [_ROMAN[c] for c in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-a if a < b else a for a, b in pairs)


def _dingbat(text: str) -> int | None:
    """❶..❿, ➀..➉ and ➊..➓ have no compatibility mapping."""
    code = ord(text)
    return (code - 0x2776) % 10 + 1 if 0x2776 <= code <= 0x2793 else None
