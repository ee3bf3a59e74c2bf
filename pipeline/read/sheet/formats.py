"""Numbers of a spreadsheet as they are shown: dates, leading zeros, percentages, by the format of their cell."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    45: "mm:ss",
    46: "h:mm:ss",
    47: "mm:ss",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""Formats that a file names by number only, as a Chinese Excel has them (ECMA-376 part 1, 18.8.30)."""
_TOKENS = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[(?:\$([^\]-]*)[^\]]*|h+|m+|s+|[^\]]*)\]|(AM/PM|A/P|上午/下午)|(y+|m+|d+|h+|s+|a{3,4})|(.)',
    re.IGNORECASE | re.DOTALL,
)
_DATE = re.compile(r"[ymdhs]|a{3}", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"([^#0?.,]*)((?:[#0?],?)*[#0?])(?:\.([#0?]+))?(%?)(.*)", re.DOTALL)
_WEEKDAYS = "一二三四五六日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LAST_DAY = 2_958_465
"""31 December 9999, counted as spreadsheets do."""


def shown(value: str, format_id: int, code: str | None, from_1904: bool = False) -> str:
    """A number as the cell shows it; `code` is the format that the file defines for `format_id`, if it does.

    What is no number, and a number whose format is not understood, comes as it is stored.
    """
    try:
        number = float(value)
    except ValueError:
        return value
    code = code if code is not None else _BUILT_IN.get(format_id, "")
    section = _section(code, number)
    if not section or section.lower() == "general" or section == "@":
        return _general(value, number)
    if _is_date(section):
        return _date(number, section, from_1904) or _general(value, number)
    return _number(abs(number) if number < 0 and ";" in code else number, section) or _general(value, number)


def _section(code: str, number: float) -> str:
    """The part of a format that holds for a number of this sign."""
    parts = _sections(code)
    at = 1 if number < 0 and len(parts) > 1 else 2 if number == 0 and len(parts) > 2 else 0
    return parts[at] if parts else ""


@lru_cache(256)
def _sections(code: str) -> tuple[str, ...]:
    parts = re.findall(r'(?:"[^"]*"|\\.|[^;"\\])*', code)
    return tuple(part for n, part in enumerate(parts) if n == 0 or part)


@lru_cache(256)
def _is_date(section: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]', "", section, flags=re.IGNORECASE)
    return bool(_DATE.search(bare.lower().replace("general", "")))


def _general(value: str, number: float) -> str:
    """As a cell without a format: no exponent and no fraction that is not there."""
    if re.fullmatch(r"-?\d{1,20}", value):
        return value
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.11g}"


# -- dates ------------------------------------------------------------------------------------------------------------


def _date(number: float, section: str, from_1904: bool) -> str | None:
    if not 0 <= number <= _LAST_DAY:
        return None
    day = number if from_1904 or number >= 60 else number + 1  # the 29th of February 1900, which there was not
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    try:
        moment = start + timedelta(seconds=round(day * 86400))
    except OverflowError:
        return None
    tokens = list(_TOKENS.finditer(section))
    half = any(m[4] for m in tokens)
    out: list[str] = []
    for n, m in enumerate(tokens):
        literal = m[1] if m[1] is not None else m[2] or m[3]
        if literal is not None:
            out.append(literal)
        elif m[4]:
            out.append(
                ("下午" if moment.hour >= 12 else "上午") if "午" in m[4] else "PM" if moment.hour >= 12 else "AM"
            )
        elif m[5]:
            out.append(_unit(m[5].lower(), moment, half, _is_minute(tokens, n)))
        elif m[6]:
            out.append(m[6] if m[6] != "@" else "")
    return "".join(out).strip()


def _is_minute(tokens: list[re.Match[str]], n: int) -> bool:
    """Whether an "m" counts minutes: behind hours or before seconds."""
    before = next((t[5].lower() for t in reversed(tokens[:n]) if t[5]), "")
    behind = next((t[5].lower() for t in tokens[n + 1 :] if t[5]), "")
    return before.startswith("h") or behind.startswith("s")


def _unit(unit: str, moment: datetime, half: bool, minute: bool) -> str:
    if unit[0] == "y":
        return f"{moment.year:04}" if len(unit) > 2 else f"{moment.year % 100:02}"
    if unit[0] == "a":
        return ("周" if len(unit) == 3 else "星期") + _WEEKDAYS[moment.weekday()]
    if unit[0] == "m" and not minute and len(unit) >= 3:
        return _MONTHS[moment.month - 1]
    if unit[0] == "d" and len(unit) >= 3:
        return f"星期{_WEEKDAYS[moment.weekday()]}"
    hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
    number = {"m": moment.minute if minute else moment.month, "d": moment.day, "h": hour, "s": moment.second}[unit[0]]
    return f"{number:02}" if len(unit) > 1 else str(number)


# -- numbers ----------------------------------------------------------------------------------------------------------


def _number(number: float, section: str) -> str | None:
    """By a pattern of digits with what stands before and behind it; None for fractions, exponents and the like."""
    bare = "".join(
        m[1] if m[1] is not None else m[2] or m[3] or m[5] or m[6] or "" for m in _TOKENS.finditer(section) if not m[4]
    )
    if re.search(r"[Ee][+-]|/", bare):
        return None
    m = _PLAIN_NUMBER.fullmatch(bare)
    if m is None:
        return bare.strip() if bare and not re.search(r"[#0?]", bare) else None
    before, whole, fraction, percent, behind = m.groups()
    number *= 100 if percent else 1
    least = sum(c == "0" for c in whole)
    places = len(fraction or "")
    text = f"{abs(number):,.{places}f}" if "," in whole else f"{abs(number):.{places}f}"
    digits, _, tail = text.partition(".")
    kept = (fraction or "").rstrip("#?")
    while len(tail) > len(kept) and tail.endswith("0"):
        tail = tail[:-1]
    digits = digits.rjust(least, "0") if least else digits.lstrip("0") if digits == "0" and tail else digits
    sign = "-" if number < 0 and float(text.replace(",", "")) else ""
    return f"{before}{sign}{digits}{'.' if tail else ''}{tail}{percent}{behind}".strip()
