"""Numbers in running text: "3", "3.5", "三", "十二", "半", "两", "一年半"."""

from __future__ import annotations

NUMBER = r"(?:\d{1,2}(?:\.\d)?(?!\d)|[一二两三四五六七八九十半几]{1,3})"
"""A pattern for quantities of years; three digits and more are no years of experience."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}


def value(text: str) -> float:
    """What a match of NUMBER counts, 0 for "几"; of "两三" it is the lower one."""
    if text[0].isdigit():
        return float(text)
    if text == "半":
        return 0.5
    if "十" in text:
        tens, _, ones = text.partition("十")
        return float(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))
    return float(_DIGITS.get(text[0], 0))
