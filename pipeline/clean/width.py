"""Full-width letters and digits, half-width punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text import Edit

_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff03\uff05\uff06\uff0b\uff0f\uff1c-\uff1e\uff20\uff3c\uff3f]")
_PUNCTUATION = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_NARROW = re.compile("(?<=[\u4e00-\u9fff”’》】）])[,;:!?](?![/\\d]|[,;:!?])")


def narrow_ascii(text: str) -> Iterator[Edit]:
    """"ＪＡＶＡ" and "３年" become "JAVA" and "3年", so that numbers are numbers. Full-width punctuation stays."""
    for m in _WIDE.finditer(text):
        yield Edit(m.start(), m.end(), chr(ord(m[0]) - 0xFEE0), "width")


def widen_punctuation(text: str) -> Iterator[Edit]:
    """Half-width marks right behind a Han character become full-width, as Chinese text writes them.

    Not before a digit or a slash ("时间:9", "网址:/"), nor in runs; a full stop is left alone, since it may belong to a
    number, a name or a lost bullet.
    """
    for m in _NARROW.finditer(text):
        yield Edit(m.start(), m.end(), _PUNCTUATION[m[0]], "punctuation-width")
