"""What is left of HTML in text that was copied or crawled out of a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from pipeline.text import Edit

_ESCAPE = re.compile(r"\\(?:u005[cC])*u(?:((?!00[01]|[dD][89a-fA-F])[0-9a-fA-F]{4})|(000[9aAdD]))")
"""An escape with all the escapes of its own backslash before it, so that a chain of any length is decoded at once."""
_ENTITY = re.compile(
    r"&(?:(?:amp|AMP|#0{0,4}38|#[xX]0{0,3}26);)*([a-zA-Z]{2,8}\d{0,2}|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});|&nbsp(?![a-zA-Z])"
)
"""An entity with all the entities of its own "&" before it, for the same reason."""
_ATTRIBUTES = r"(?:\s[^<>\n]{0,300})?/?>"
_TAG = re.compile(
    rf"(?P<line></?(?:br|p|li|ul|ol|dl|dt|dd|div|tr|table|h[1-6]){_ATTRIBUTES})"
    rf"|(?P<cell><t[dh]{_ATTRIBUTES})"
    rf"|</t[dh]>|</?(?:span|strong|font|img|tbody|em|a|b|i|u){_ATTRIBUTES}|<!--[^<>\n]{{0,300}}-->",
    re.IGNORECASE,
)
_LONGEST_TAG = 320
"""Characters; more than `_TAG` can match."""
_TAG_TEXTS = {"line": "\n", "cell": "\t", None: ""}
"""What a tag becomes, by its kind: what ends a line in a page a line feed, a cell a tab, all others nothing."""
_BRACKET = re.compile("[<>]")
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
    rf"|(?<![<A-Za-z]){_NAME}{_ATTRIBUTE}"
)
"""What only a page has whose tags lost their brackets: "/lili", "/strong", "；p2、…", "p style=…"."""
_ESCAPED_TAG = re.compile(rf"&lt;/?{_NAME}\b")
"""What a page has whose tags kept their brackets, as entities."""


def decode_escapes(text: str) -> Iterator[Edit]:
    r"""JSON's "\u0026" becomes "&", for pages that were cut out of a script without being decoded.

    Not escapes of controls other than white space, nor halves of a surrogate pair.
    """
    if "\\u" not in text:
        return
    for m in _ESCAPE.finditer(text):
        yield Edit(m.start(), m.end(), chr(int(m[1] or m[2], 16)), "escape")


def decode_entities(text: str) -> Iterator[Edit]:
    """ "&nbsp;" and "&#12289;" become what they stand for, also when encoded twice ("&amp;nbsp;").

    An unknown name stays ("R&D;"), and so does one that stands for no character or for several.
    """
    if "&" not in text:
        return
    for m in _ENTITY.finditer(text):
        plain = html.unescape(f"&{m[1] or 'nbsp'};")
        if len(plain) == 1 and plain != "\ufffd":
            yield Edit(m.start(), m.end(), plain, "entity")
        elif m.start() + 1 < m.start(1):  # "&amp;D1;": what is written before the name stands for "&" all the same
            yield Edit(m.start(), m.start(1), "&", "entity")


def drop_tags(text: str) -> Iterator[Edit]:
    """Unmistakable tags go: those that end a line in a page become a line feed, cells a tab, others nothing.

    "<3年", "<hr@example.com>" and "List<String>" are none.
    """
    if "<" not in text or ">" not in text:
        return
    edits: list[Edit] = []
    opened: list[_Opened] = []
    for m in _BRACKET.finditer(text):
        if m[0] == "<":
            opened.append(_Opened(m.start()))
        elif opened:
            tag = _TAG.fullmatch(opened[-1].read(text, m.end()))
            if tag is None:  # both brackets stay, so nothing around them can become a tag either
                opened.clear()
                continue
            start = opened.pop().start
            while edits and edits[-1].start > start:
                edits.pop()
            edits.append(Edit(start, m.end(), _TAG_TEXTS[tag.lastgroup], "tag"))
            if opened:
                opened[-1].skip(text, edits[-1])
    yield from edits


class _Opened:
    """A "<" that no ">" has closed yet, and what stands behind it once the tags inside are gone.

    Tags inside a tag ("<<b>b>") are thus gone in one pass, in time linear in the text, however deep they are nested.
    """

    def __init__(self, start: int) -> None:
        self.start = self._at = start
        self._parts: list[str] = []
        self._size = 0

    def skip(self, text: str, inner: Edit) -> None:
        """Take note of a tag inside that goes."""
        self._size += inner.start - self._at + len(inner.replacement)
        if self._size <= _LONGEST_TAG:
            self._parts += [text[self._at : inner.start], inner.replacement]
        self._at = inner.end

    def read(self, text: str, end: int) -> str:
        """What stands from the bracket to `end`; nothing where that is too long for a tag."""
        if self._size + end - self._at > _LONGEST_TAG:
            return ""
        return "".join(self._parts) + text[self._at : end]


def drop_stripped_tags(text: str) -> Iterator[Edit]:
    r"""Tags that lost their angle brackets: "pp1.\u0026nbsp;负责…", "pstrong任职资格：/strong".

    Only on pages that show it in two places, or hold an escaped "&" as such crawls do: elsewhere a lone "p" or "li" may
    be a word.
    """
    if "p" not in text and "/" not in text:
        return
    signs = [m[0] for m, _ in zip(_STRIPPED_PAGE.finditer(text), range(2), strict=False)]
    if (len(signs) < 2 and "\\u0026" not in text) or _ESCAPED_TAG.search(text):
        return
    for m in _STRIPPED.finditer(text):
        if _SOLE.fullmatch(m[0]) or _CLOSING.search(m[0]) or text.startswith(_NUMBERED_BOLD, m.end()):
            yield _stripped(m)


def drop_stripped_spans(text: str) -> Iterator[Edit]:
    """Spans that lost their brackets, with what tags stand beside them: "pspan1span、负责", "使用spanETLspan工具".

    Only on pages that are full of them, so that "span" may be a word elsewhere.
    """
    if text.count("span") < _SPANS or "<span" in text or _ESCAPED_TAG.search(text):
        return
    for m in _SPAN.finditer(text):
        yield _stripped(m)


def _stripped(m: re.Match[str]) -> Edit:
    return Edit(m.start(), m.end(), "\n" if _LINE_NAMES.search(m[0]) else "", "stripped-tag")


_SPANS = 6
"""Times that a page full of stripped spans says "span"."""
_BLOCK = r"(?:strong|div|br|li|[uo]l)"
_SPAN = re.compile(
    rf"(?:(?:(?<![A-Za-z])/?[pbu]|/?{_BLOCK}){_ATTRIBUTE}{{0,3}}+){{0,3}}/?span{_ATTRIBUTE}{{0,3}}+"
    rf"(?:(?:/?span|/?[pbu](?=/?(?:span|[pbu]\b|[pbu]/?span)|[^A-Za-z]|$)|/{_BLOCK}){_ATTRIBUTE}{{0,3}}+){{0,6}}+"
)


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
