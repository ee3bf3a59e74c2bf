"""Numbers as lists show them: 一 ① (甲) iv …, by the names that Word has for the ways of counting."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL_SIMPLE = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_FULL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ENCLOSED = {
    "decimalEnclosedCircle": ("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"),
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": _STEMS,
    "ideographZodiac": _BRANCHES,
}
_LARGEST = 9999
"""Above it the Chinese ways of counting are not needed, and decimals are shown."""


def shown(number: int, way: str) -> str:
    """The number as counted in a way that ST_NumberFormat of ECMA-376 names; decimal where the way is not known.

    A way with no signs for so large a number is decimal too, as in Word.
    """
    if way in _ENCLOSED:
        signs = _ENCLOSED[way]
        return signs[number - 1] if 0 < number <= len(signs) else str(number)
    make = _WAYS.get(way)
    return make(number) if make and 0 <= number <= _LARGEST else str(number)


def _grouped(number: int, digits: str, units: str, zero: str, ten: str) -> str:
    """Thousands, hundreds and tens by name; `ten` is what 10 to 19 begin with."""
    if number == 0:
        return zero
    out, skipped = "", False
    for unit, size in zip((*units, ""), (1000, 100, 10, 1), strict=True):
        digit = number // size % 10
        if digit == 0:
            skipped = bool(out)
            continue
        out += (zero if skipped else "") + (ten if size == 10 and digit == 1 and not out else digits[digit] + unit)
        skipped = False
    return out


def _chinese(number: int) -> str:
    """一 … 九十九; above it digit by digit, which is what sets this way apart from counting by thousands."""
    return _thousand(number) if number < 100 else "".join("○一二三四五六七八九"[int(d)] for d in str(number))


def _thousand(number: int) -> str:
    return _grouped(number, _DIGITS, "千百十", "零", "十")


def _japanese(number: int) -> str:
    out = ""
    for unit, size in zip("千百十", (1000, 100, 10), strict=True):
        digit = number // size % 10
        out += (_DIGITS[digit] if digit > 1 else "") + unit if digit else ""
    return out + (_DIGITS[number % 10] if number % 10 or not out else "")


def _spelled(number: int, digits: str = _DIGITS) -> str:
    return "".join(digits[int(d)] for d in str(number))


def _letters(number: int, first: str = "A") -> str:
    """A … Z, AA, BB …, as Word goes on behind Z."""
    if number < 1:
        return str(number)
    turn, letter = divmod(number - 1, 26)
    return chr(ord(first) + letter) * (turn + 1)


def _roman(number: int) -> str:
    signs = zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
    out = ""
    for size, sign in signs:
        out += sign * (number // size)
        number %= size
    return out


def _sexagenary(number: int) -> str:
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12]


def _wide(number: int) -> str:
    return "".join(chr(ord(d) + 0xFEE0) for d in str(number))


_WAYS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda n: f"{n:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda n: _letters(n, "a"),
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "numberInDash": lambda n: f"- {n} -",
    "chineseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "chineseCountingThousand": _thousand,
    "taiwaneseCountingThousand": _thousand,
    "japaneseCounting": _japanese,
    "koreanCounting": _japanese,
    "ideographDigital": _spelled,
    "japaneseDigitalTenThousand": _spelled,
    "taiwaneseDigital": lambda n: _spelled(n, "○一二三四五六七八九"),
    "chineseLegalSimplified": lambda n: _grouped(n, _LEGAL_SIMPLE, "仟佰拾", "零", "壹拾"),
    "ideographLegalTraditional": lambda n: _grouped(n, _LEGAL_FULL, "仟佰拾", "零", "壹拾"),
    "ideographZodiacTraditional": _sexagenary,
    "ordinal": lambda n: f"{n}{'th' if n // 10 % 10 == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}",
    "hex": lambda n: f"{n:X}",
    "none": lambda n: "",
}
