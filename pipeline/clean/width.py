"""Full-width letters and digits, half-width punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text import Edit

_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a％＋／＠＼＿]+")
_TO_NARROW = {ord(c): ord(c) - 0xFEE0 for c in map(chr, range(0xFF01, 0xFF5F))}
_HALF_IDEOGRAPHIC = re.compile("[｡-､･]")
_TO_IDEOGRAPHIC = dict(zip("｡｢｣､･", "。「」、・", strict=True))
_PUNCTUATION = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_HAN = "\u3400-\u9fff"
_NARROW = re.compile(rf"([,;:!?])(?<=[{_HAN}”’》】）][,;:!?])(?![,;:!?]|//)(?: (?=[{_HAN}])|(?=(\S)?))")
"""The mark comes first, then the look behind it: marks are rare, so the search runs over the rest at full speed."""

_CLOSING = frozenset("”’》】）\"')")
_NUMERALS = frozenset("一二三四五六七八九十")
_INDENT = 24
_ORDINAL = re.compile("[ \t]*[一二三四五六七八九十]{1,3}")


def narrow_ascii(text: str) -> Iterator[Edit]:
    """ "ＪＡＶＡ" and "３年" become "JAVA" and "3年", so that a number is a number.

    Full-width punctuation stays, the full stop of "1．" included; so do brackets, for "＜" may stand in a formula.
    """
    for m in _WIDE.finditer(text):
        yield Edit(m.start(), m.end(), m[0].translate(_TO_NARROW), "width")


def widen_ideographic(text: str) -> Iterator[Edit]:
    """The half-width ideographic marks of "1､本科" become full-width. Half-width katakana are left alone."""
    for m in _HALF_IDEOGRAPHIC.finditer(text):
        yield Edit(m.start(), m.end(), _TO_IDEOGRAPHIC[m[0]], "punctuation-width")


def widen_punctuation(text: str) -> Iterator[Edit]:
    """A half-width mark right behind a Han character becomes full-width; one space before the next such goes with it.

    Not in runs ("??"), before "//", or in a marker of numbering at a line's start ("一,"). A "?" only where a sentence
    can end: before other text it may be a lost bullet ("…工作?负责…") or a lost character. A full stop never, since it
    may belong to a number, a name or a lost bullet.
    """
    for m in _NARROW.finditer(text):
        mark, behind = m[1], m[2]
        if mark == "?" and (m[0] == "? " or (behind and behind not in _CLOSING)):
            continue
        if text[m.start() - 1] in _NUMERALS and _numbers_a_line(text, m.start()):
            continue
        yield Edit(m.start(), m.end(), _PUNCTUATION[mark], "punctuation-width")


def _numbers_a_line(text: str, end: int) -> bool:
    """Whether nothing but a Chinese numeral, indented at most a little, stands from the line's start to `end`."""
    start = text.rfind("\n", max(0, end - _INDENT), end) + 1
    return (start > 0 or end < _INDENT) and bool(_ORDINAL.fullmatch(text, start, end))
