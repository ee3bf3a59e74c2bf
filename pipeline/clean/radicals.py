"""Characters that look like an ideograph and are another code point."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.text import Edit

_LOOKALIKES = re.compile("[\u2f00-\u2fd5\uf900-\ufaff]")
_RADICALS = dict(zip("⺠⻓⻔⻚⻛⻜⻝⻢⻥⻋⻅⻉⻄⻆⻘⻩⻬⻮⻰", "民长门页风飞食马鱼车见贝西角青黄齐齿龙", strict=True))
_SUPPLEMENT = re.compile(f"[{''.join(_RADICALS)}]")
"""CJK radicals that Unicode gives no decomposition, though fonts of PDF files map text to them."""


def fold_radicals(text: str) -> Iterator[Edit]:
    """"⼈⼒资源" with Kangxi radicals, as PDF converters write it, becomes "人力资源". Circled numbers and units stay."""
    for m in _LOOKALIKES.finditer(text):
        plain = unicodedata.normalize("NFKC", m[0])
        if plain != m[0]:
            yield Edit(m.start(), m.end(), plain, "radical")
    for m in _SUPPLEMENT.finditer(text):
        yield Edit(m.start(), m.end(), _RADICALS[m[0]], "radical")
