"""XML: the same content as JSON, each rebuilt from the other without loss.

What is null or an empty list is left out; an empty text is an empty element or attribute, so the two stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any

from lxml import etree
from pydantic import BaseModel, ValidationError

from pipeline.errors import InvalidRecordError
from pipeline.export.characters import FORBIDDEN, written_out
from pipeline.export.plan import NODES, Form, Part, parts
from pipeline.export.xsd import NAMESPACE, ROOT, xsd
from pipeline.model import Document

_IN_TEXT = re.compile(rf"[&<>\r{FORBIDDEN}]|\\(?=x\{{)")
_IN_ATTRIBUTE = re.compile(rf'[&<>"\t\n\r{FORBIDDEN}]|\\(?=x\{{)')
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_ESCAPED = re.compile(r"\\x\{([0-9A-F]{1,4})\}")

_Writer = Callable[[list[str], Part, Any, str], None]
"""Appends one field of a model to the output, at a margin."""


def write(document: Document) -> bytes:
    r"""UTF-8, one element a line.

    Characters that XML 1.0 forbids are written as `\x{HEX}`, and the backslash of a text that says `\x{` itself as
    `\x{5C}`. Raises InvalidRecordError for a text that is no Unicode, such as a lone surrogate.
    """
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _element(out, ROOT, document, "\n", f' xmlns="{NAMESPACE}"')
    out.append("\n")
    try:
        return "".join(out).encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidRecordError(f"{document.source.name}: cannot be written as XML: {error}") from error


@cache
def _layout(model: type[BaseModel]) -> tuple[list[tuple[str, bool]], list[tuple[str, _Writer, Part]]]:
    """The fields that become attributes, and whether they are spans; those that become elements, and their writers."""
    both = parts(model)
    attributes = [(p.name, p.form is Form.SPAN) for p in both if p.form not in _CHILD]
    return attributes, [(p.name, _CHILD[p.form], p) for p in both if p.form in _CHILD]


def _element(out: list[str], name: str, model: BaseModel, margin: str, extra: str = "") -> None:
    """Append an element; `margin` is the line break and the indent that it stands behind."""
    attributes, children = _layout(type(model))
    values = model.__dict__
    tag = f"<{name}{extra}"
    for key, is_span in attributes:
        value = values[key]
        if value is None:
            continue
        tag += f' start="{value.start}" end="{value.end}"' if is_span else f' {key}="{_scalar(value)}"'
    out.append(tag)
    before = len(out)
    inner = margin + " "
    for key, writer, part in children:
        value = values[key]
        if value is not None:
            writer(out, part, value, inner)
    if len(out) == before:
        out[-1] += "/>"
    else:
        out[before - 1] += ">"
        out.append(f"{margin}</{name}>")


def _text(out: list[str], part: Part, value: str, margin: str) -> None:
    out.append(f"{margin}<{part.name}>{_IN_TEXT.sub(_escape, value)}</{part.name}>")


def _one(out: list[str], part: Part, value: BaseModel, margin: str) -> None:
    out.append(margin)
    _element(out, part.name, value, margin)


def _many(out: list[str], part: Part, value: tuple[Any, ...], margin: str) -> None:
    """A wrapper around models; one of `content` is named by its own type."""
    if not value:
        return
    out.append(f"{margin}<{part.name}>")
    for entry in value:
        out.append(margin + " ")
        _element(out, part.singular or entry.type, entry, margin + " ")
    out.append(f"{margin}</{part.name}>")


def _words(out: list[str], part: Part, value: tuple[str, ...], margin: str) -> None:
    if not value:
        return
    name = part.singular
    out.append(f"{margin}<{part.name}>")
    out += [f"{margin} <{name}>{_IN_TEXT.sub(_escape, word)}</{name}>" for word in value]
    out.append(f"{margin}</{part.name}>")


def _numbers(out: list[str], part: Part, value: tuple[int, ...], margin: str) -> None:
    if value:
        out.append(f"{margin}<{part.name}>{' '.join(map(str, value))}</{part.name}>")


_CHILD: dict[Form, _Writer] = {
    Form.TEXT: _text,
    Form.ONE: _one,
    Form.MANY: _many,
    Form.CONTENT: _many,
    Form.WORDS: _words,
    Form.NUMBERS: _numbers,
}


def _scalar(value: str | float | bool) -> str:
    if isinstance(value, str):
        return _IN_ATTRIBUTE.sub(_escape, value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


def _escape(found: re.Match[str]) -> str:
    return _MARKUP.get(found[0]) or written_out(found[0])


# -- back -------------------------------------------------------------------------------------------------------------


def read(data: bytes) -> Document:
    """The document that an XML record in UTF-8 holds; raises InvalidRecordError where it is none.

    The record is held against the schema on the way, so that nothing unknown is passed over in silence.
    """
    try:
        return Document.model_validate(_record(_parse(data), Document))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidRecordError(f"{'/'.join(map(str, first['loc']))}: {first['msg']}") from error
    except RecursionError as error:
        raise InvalidRecordError("the record is nested too deeply") from error


def check(data: bytes, name: str) -> None:
    """Raises InvalidRecordError naming the record and the line that does not fit the published XSD."""
    try:
        _parse(data)
    except InvalidRecordError as error:
        raise InvalidRecordError(f"{name}: {error}") from error


def _parse(data: bytes) -> etree._Element:
    """The root element, once it fits the schema."""
    root = parsed(data)
    try:
        schema().assertValid(root)
    except etree.DocumentInvalid as error:
        raise InvalidRecordError(str(error)) from error
    return root


def parsed(data: bytes) -> etree._Element:
    """The root element of XML in UTF-8. Raises InvalidRecordError where it is none.

    Entities are refused, since a record needs none and they can be made to read files or to fill the memory. The
    encoding is fixed so that a document type cannot hide in another one.
    """
    if b"<!DOCTYPE" in data:
        raise InvalidRecordError("a document type declaration is not allowed")
    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise InvalidRecordError(str(error)) from error


@cache
def _parser() -> etree.XMLParser:
    """Comments and processing instructions are dropped, or they would cut a text in two; a paragraph may be huge.

    The schema is not given to the parser: it would join the pieces of a long text in quadratic time (4 million
    characters: 4 s against 0.1 s), and is no faster on short ones.
    """
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )


@cache
def schema() -> etree.XMLSchema:
    """The published schema, ready to validate."""
    return etree.XMLSchema(etree.fromstring(xsd()))


_LISTS = (Form.MANY, Form.WORDS, Form.NUMBERS, Form.CONTENT)
_PREFIX = len(f"{{{NAMESPACE}}}")


def _record(element: etree._Element, model: type[BaseModel]) -> dict[str, Any]:
    found = {str(child.tag)[_PREFIX:]: child for child in element}
    out: dict[str, Any] = {}
    for part in parts(model):
        name = part.name
        if part.optional:
            out[name] = None  # whatever the model's default is: what is left out was null, or an empty list
        elif part.form in _LISTS:
            out[name] = ()
        if part.form is Form.SPAN:
            span = {side: int(raw) for side in ("start", "end") if (raw := element.get(side)) is not None}
            if span:
                out[name] = span
        elif part.form is Form.ATTRIBUTE:
            if (raw := element.get(name)) is not None:
                out[name] = _attribute(part.core, raw)
        elif name in found:
            out[name] = _value(found[name], part)
    return out


def _value(element: etree._Element, part: Part) -> Any:
    form = part.form
    if form is Form.TEXT:
        return _plain(element.text or "")
    if form is Form.ONE:
        return _record(element, part.core)
    if form is Form.NUMBERS:
        return tuple(int(n) for n in (element.text or "").split())
    if form is Form.WORDS:
        return tuple(_plain(child.text or "") for child in element)
    if form is Form.MANY:
        return tuple(_record(child, part.core) for child in element)
    names = [(str(child.tag)[_PREFIX:], child) for child in element]
    return tuple({"type": name, **_record(child, NODES[name])} for name, child in names)


def _attribute(core: Any, raw: str) -> Any:
    if core is bool:
        return raw.strip() in ("true", "1")
    if core is int or core is float:
        return core(raw)
    return core(raw) if issubclass(core, StrEnum) else _plain(raw)


def _plain(raw: str) -> str:
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), raw) if "\\x{" in raw else raw
