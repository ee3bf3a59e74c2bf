"""What is left of HTML in text that was copied out of a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from pipeline.text import Edit

_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});|\\u0026(?:nbsp|amp|lt|gt|quot);")
_BREAK = re.compile(r"</?(?:br|p|li|ul|ol|div|tr|h[1-6])(?:\s[^<>\n]{0,200})?\s?/?>", re.IGNORECASE)
_INLINE = re.compile(r"</?(?:span|b|strong|font|em|i|u|a|td|table|tbody)(?:\s[^<>\n]{0,200})?\s?/?>|<!--[^<>\n]{0,200}-->", re.IGNORECASE)


def decode_entities(text: str) -> Iterator[Edit]:
    """"&nbsp;" and "&amp;" become the characters they stand for; an unknown name stays as it is."""
    if "&" not in text and "\\u0026" not in text:
        return
    for m in _ENTITY.finditer(text):
        plain = html.unescape(m[0].replace("\\u0026", "&"))
        if plain != m[0] and len(plain) == 1:
            yield Edit(m.start(), m.end(), plain, "entity")


def drop_tags(text: str) -> Iterator[Edit]:
    """Unmistakable tags go; those that end a line in a page become a line feed. "<3年" and "List<String>" stay."""
    if "<" not in text or ">" not in text:
        return
    for m in _BREAK.finditer(text):
        yield Edit(m.start(), m.end(), "\n", "tag")
    for m in _INLINE.finditer(text):
        yield Edit(m.start(), m.end(), "", "tag")
