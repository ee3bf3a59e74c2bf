"""Characters that look like an ideograph and are another code point."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.text import Edit

_SUPPLEMENT = dict(
    zip(
        "⺁⺄⺈⺋⺌⺎⺒⺓⺔⺕⺛⺜⺝⺟⺠⺧⺩⺬⺮⺶⻁⻃⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻟⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻱⻳",
        "厂乙刀卩小兀巳幺彑彐旡日月母民牛王示竹羊虎西西见角贝车長长门雨青韦页风飞食飠马骨鬼鱼鸟卤麦黄黾齐齿龙龜龟",
        strict=True,
    )
)
"""Radicals that stand for whole ideographs and have no decomposition in Unicode, though PDF fonts map text to them."""

_LOOKALIKES = re.compile(f"[\u2f00-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f{''.join(_SUPPLEMENT)}]")


def fold_radicals(text: str) -> Iterator[Edit]:
    """ "⼈⼒资源", as PDF converters write it with Kangxi radicals, becomes "人力资源".

    Some converters write a character in both forms, "⽤用户" for "用户": a lookalike right before its plain twin is the
    same character twice, so one goes; that takes a Han character out, so it is listed as a correction. Circled numbers,
    units and compatibility letters are no lookalikes and stay.
    """
    for m in _LOOKALIKES.finditer(text):
        plain = _SUPPLEMENT.get(m[0]) or unicodedata.normalize("NFKC", m[0])
        if plain == m[0]:
            continue
        if text.startswith(plain, m.end()):
            yield Edit(m.start(), m.end() + 1, plain, "radical-twin", "dup", 0.97, "one character in two encodings")
        else:
            yield Edit(m.start(), m.end(), plain, "radical")
