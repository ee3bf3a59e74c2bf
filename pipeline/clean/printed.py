"""A list of lines that a script printed instead of joining: "['岗位职责：', '1、收款；']"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text import Edit

_OPENING = re.compile(r"\s*\[?['\"]")
_CLOSING = re.compile(r"['\"]\]?\s*\Z")
_SEPARATOR = re.compile(r"['\"], ['\"]")
_ESCAPE = re.compile(r"\\(?:xa0|t|n|r)")


def part_printed_list(text: str) -> Iterator[Edit]:
    r"""Quotes and commas of a printed list become line feeds, its "\xa0" a space.

    Only where the whole text is one such list of three strings or more: quoted words inside a text are left alone.
    """
    opening, closing = _OPENING.match(text), _CLOSING.search(text[-8:])
    if opening is None or closing is None:
        return
    inner = text[opening.end() : len(text) - len(closing[0])]
    separators = list(_SEPARATOR.finditer(text, opening.end() - 1, len(text) - len(closing[0]) + 1))
    if len(separators) < 2 or any(end in inner for end in ("']", '"]')):
        return
    yield Edit(0, opening.end(), "", "printed-list")
    for m in separators:
        yield Edit(m.start(), m.end(), "\n", "printed-list")
    for m in _ESCAPE.finditer(inner):
        yield Edit(opening.end() + m.start(), opening.end() + m.end(), " ", "printed-list")
    yield Edit(len(text) - len(closing[0]), len(text), "", "printed-list")
