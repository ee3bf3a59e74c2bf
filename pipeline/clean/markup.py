"""What is left of HTML in text that was copied or crawled out of a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from pipeline.text import Edit

_ESCAPE = re.compile(r"\\u(?!00[01]|[dD][89a-fA-F])[0-9a-fA-F]{4}|\\u000[9aAdD]")
_ENTITY = re.compile(r"&(?:amp;){0,4}(?:[a-zA-Z]{2,8}\d{0,2}|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});|&nbsp(?![a-zA-Z])")
_ATTRIBUTES = r"(?:\s[^<>\n]{0,300})?/?>"
_BREAK = re.compile(rf"</?(?:br|p|li|ul|ol|dl|dt|dd|div|tr|table|h[1-6]){_ATTRIBUTES}", re.IGNORECASE)
_CELL = re.compile(rf"</t[dh]>|<t[dh]{_ATTRIBUTES}", re.IGNORECASE)
_INLINE = re.compile(
    rf"</?(?:span|strong|font|img|tbody|em|a|b|i|u){_ATTRIBUTES}|<!--[^<>\n]{{0,300}}-->", re.IGNORECASE
)
_EMPHASIS = re.compile(
    r"^[ \t]*(?:>[ \t]*)?(?:[-*+•][ \t]+|\#{1,6}[ \t]*|\d{1,2}[.、)][ \t]*)?"  # "- ", "> ", "## ", "3. "
    r"(\*\*)(?![*\s])[^*\n]{1,80}(?:(?<=[：:])|(?<=[：:][ \t])|(?<![：:\s])(?=\*\*(?:[\s：:，（(]|$)))(\*\*)(?!\*)",
    re.MULTILINE,
)
"""例: "**职位描述**", "- **学历要求：** 本科", "> **加分项**：…"."""

_NAME = r"(?:span|strong|div|br|ul|ol|li|em|h[1-6]|p)"
_ATTRIBUTE = r"(?:\s{1,3}(?:style|class|id|align)=\\{0,3}\"[^\"\n]{0,200}\")"
_STRIPPED = re.compile(
    rf"(?<![A-Za-z0-9/<.])(?:/{{0,2}}(?:{_NAME}{_ATTRIBUTE}{{0,3}}+|[bui]))++(?!(?!\d{{1,2}}/b)\d?[A-Za-z>/])"
    r"|(?<=[。；;！])p{1,2}(?=[A-Z][A-Za-z]{2})"
    r'|(?<=[\u4e00-\u9fff，。；"])b(?=\d{1,2}/b)|(?<=\d)/bb?(?=[、.．)）])'
)
_SOLE = re.compile(rf"(?:{_NAME}{_ATTRIBUTE}*[bu]{{0,2}})+")
_CLOSING = re.compile(rf"/(?:{_NAME}|b)")
_NUMBERED_BOLD = tuple(f"{n}/b" for n in range(1, 31))
_LINE_NAMES = re.compile(r"div|br|[uo]l|li|h\d|(?<!s)p")
_STRIPPED_PAGE = re.compile(
    rf"\\u0026nbsp|/(?:li/?(?:li|[ou]l)|strong|span|bp|[ou]lp)|(?:^|[。；;：:）)\s]){_NAME}{{1,2}}(?=[\u4e00-\u9fff\d【])"
)
"""What only a page has whose tags lost their brackets: "/lili", "/strong", "；p2、…"."""


def decode_escapes(text: str) -> Iterator[Edit]:
    r"""JSON's "\u0026" becomes "&", for pages that were cut out of a script without being decoded.

    Not escapes of controls other than white space, nor halves of a surrogate pair.
    """
    if "\\u" not in text:
        return
    for m in _ESCAPE.finditer(text):
        yield Edit(m.start(), m.end(), chr(int(m[0][2:], 16)), "escape")


def decode_entities(text: str) -> Iterator[Edit]:
    """ "&nbsp;" and "&#12289;" become what they stand for, also when encoded twice ("&amp;nbsp;").

    An unknown name stays ("R&D;"), and so does one that stands for no character or for several.
    """
    if "&" not in text:
        return
    for m in _ENTITY.finditer(text):
        plain = m[0]
        for _ in range(5):
            plain = html.unescape(plain)
        if len(plain) == 1 and plain != "\ufffd":
            yield Edit(m.start(), m.end(), plain, "entity")


def drop_tags(text: str) -> Iterator[Edit]:
    """Unmistakable tags go: those that end a line in a page become a line feed, cells a tab, others nothing.

    "<3年", "<hr@example.com>" and "List<String>" are none.
    """
    if "<" not in text or ">" not in text:
        return
    for m in _BREAK.finditer(text):
        yield Edit(m.start(), m.end(), "\n", "tag")
    for m in _CELL.finditer(text):
        yield Edit(m.start(), m.end(), "" if m[0][1] == "/" else "\t", "tag")
    for m in _INLINE.finditer(text):
        yield Edit(m.start(), m.end(), "", "tag")


def drop_stripped_tags(text: str) -> Iterator[Edit]:
    r"""Tags that lost their angle brackets: "pp1.\u0026nbsp;负责…", "pstrong任职资格：/strong".

    Only on pages that show it in two places, or hold an escaped "&" as such crawls do: elsewhere a lone "p" or "li" may
    be a word.
    """
    if "p" not in text and "/" not in text:
        return
    signs = [m[0] for m, _ in zip(_STRIPPED_PAGE.finditer(text), range(2), strict=False)]
    if len(signs) < 2 and "\\u0026" not in text:
        return
    for m in _STRIPPED.finditer(text):
        if _SOLE.fullmatch(m[0]) or _CLOSING.search(m[0]) or text.startswith(_NUMBERED_BOLD, m.end()):
            yield Edit(m.start(), m.end(), "\n" if _LINE_NAMES.search(m[0]) else "", "stripped-tag")


def drop_emphasis(text: str) -> Iterator[Edit]:
    """Markdown's bold at a line's start loses its stars where it holds a name: all of the line, or what a colon ends.

    Stars that stand for redacted words stay: alone ("**市场维护"), in a pair before more text ("**公司**部门"), within
    a line ("设计***结构").
    """
    if "**" not in text:
        return
    for m in _EMPHASIS.finditer(text):
        yield Edit(m.start(1), m.end(1), "", "emphasis")
        yield Edit(m.start(2), m.end(2), "", "emphasis")
