"""Text that was decoded with the wrong codec once and can be decoded again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text import Edit

_RUN = re.compile("[\x80-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{3,}")
_HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


def mend_mojibake(text: str) -> Iterator[Edit]:
    """UTF-8 that was read as Windows-1252 or Latin-1, such as "å²—ä½": mended where the whole run becomes Han text.

    A run of real accented letters or of quotation marks never does, so it stays. "锟斤拷" cannot be mended.
    """
    if not _RUN.search(text):
        return
    for m in _RUN.finditer(text):
        plain = _again(m[0])
        if plain:
            yield Edit(m.start(), m.end(), plain, "mojibake")


def _again(run: str) -> str | None:
    """The run's bytes read as UTF-8, when that is all Han text."""
    try:
        plain = b"".join(_byte(c) for c in run).decode("utf-8")
    except UnicodeError:
        return None
    return plain if _HAN.fullmatch(plain) else None


def _byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")
