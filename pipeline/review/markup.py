"""HTML that cannot be forgotten to be escaped: text is escaped where it meets markup, by its type.

What a `tag` holds is text, which is escaped, or `Html`, which only this module makes.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping

Value = str | int | float | bool | None
VOID = frozenset(("img", "input", "meta"))
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Html(str):
    """Markup, as it is written."""

    __slots__ = ()


def tag(name: str, /, *content: str, **attributes: Value) -> Html:
    """An element. `class_` is `class`, `data_start` is `data-start`; True is an attribute without a value, None is none."""
    return element(name, content, {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()})


def element(name: str, content: Iterable[str], attributes: Mapping[str, Value]) -> Html:
    """The same of sequences."""
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{told}>")
    return Html(f"<{name}{told}>{join(content)}</{name}>")


def join(parts: Iterable[str]) -> Html:
    """Parts one behind the other, texts among them escaped."""
    return Html("".join(part if isinstance(part, Html) else html.escape(visible(part), quote=False) for part in parts))


def raw(name: str, content: str) -> Html:
    """A `style` or `script` of our own. Raises ValueError where its content would end it early."""
    if f"</{name}" in content.lower() or "<!--" in content:
        raise ValueError(f"the content of {name} would end it")
    return Html(f"<{name}>{content}</{name}>")


def exact(text: str) -> str:
    """A text as JSON: in an attribute it keeps the characters that HTML would change or drop."""
    told = json.dumps(text, ensure_ascii=False)
    return _CONTROL.sub(lambda m: f"\\u{ord(m[0]):04x}", told)


def visible(text: str) -> str:
    """A text with the characters that cannot be seen, or turn the text around, as signs."""
    return _CONTROL.sub(lambda m: _sign(ord(m[0])), text)


def _sign(point: int) -> str:
    if point < 0x20:
        return chr(0x2400 + point)
    return f"[U+{point:04X}]"


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {key}"
    words = html.escape(str(value)).replace("\r", "&#13;").replace("\n", "&#10;")
    return f' {key}="{_CONTROL.sub(lambda m: _sign(ord(m[0])), words)}"'
