"""XML: the same content as JSON, each rebuilt from the other without loss."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any

from lxml import etree
from pydantic import BaseModel

from pipeline.errors import InvalidRecordError
from pipeline.export.plan import NODES, Form, Part, parts
from pipeline.export.xsd import NAMESPACE, xsd
from pipeline.model import Document

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\\\\(?=x\\{)")
_ESCAPED = re.compile(r"\\x\{([0-9A-F]{1,6})\}")
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_IN_ATTRIBUTE = re.compile('[&<>"\t\n\r]')
_IN_TEXT = re.compile("[&<>\r]")


def write(document: Document) -> bytes:
    """UTF-8, one element a line. Characters that XML 1.0 forbids are written as `\\x{HEX}`."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _element(out, "role_document", document, f' xmlns="{NAMESPACE}"', "")
    return "".join(out).encode("utf-8")


def _element(out: list[str], name: str, model: BaseModel, extra: str, indent: str) -> None:
    attributes = [f"{indent}<{name}{extra}"]
    below: list[tuple[Part, Any]] = []
    for part in parts(type(model)):
        value = getattr(model, part.name)
        if value is None or value == ():
            continue
        if part.form is Form.ATTRIBUTE:
            attributes.append(f' {part.name}="{_scalar(value)}"')
        elif part.form is Form.SPAN:
            attributes.append(f' start="{value.start}" end="{value.end}"')
        else:
            below.append((part, value))
    out += attributes
    if not below:
        out.append("/>\n")
        return
    out.append(">\n")
    for part, value in below:
        _child(out, part, value, indent + " ")
    out.append(f"{indent}</{name}>\n")


def _child(out: list[str], part: Part, value: Any, indent: str) -> None:
    name = part.name
    if part.form is Form.TEXT:
        out.append(f"{indent}<{name}>{_text(value)}</{name}>\n")
    elif part.form is Form.ONE:
        _element(out, name, value, "", indent)
    elif part.form is Form.NUMBERS:
        out.append(f"{indent}<{name}>{' '.join(map(str, value))}</{name}>\n")
    else:
        out.append(f"{indent}<{name}>\n")
        for entry in value:
            if part.form is Form.WORDS:
                out.append(f"{indent} <{part.singular}>{_text(entry)}</{part.singular}>\n")
            else:
                _element(out, entry.type if part.form is Form.CONTENT else part.singular, entry, "", indent + " ")
        out.append(f"{indent}</{name}>\n")


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(str(value), _IN_ATTRIBUTE) if isinstance(value, str) else repr(value)


def _text(value: str, special: re.Pattern[str] = _IN_TEXT) -> str:
    if _FORBIDDEN.search(value):
        value = _FORBIDDEN.sub(lambda m: f"\\x{{{ord(m[0]):X}}}", value)
    return special.sub(lambda m: _MARKUP[m[0]], value) if special.search(value) else value


# -- back -------------------------------------------------------------------------------------------------------------


def read(data: bytes) -> Document:
    """The document that an XML record holds; raises lxml's or pydantic's error where it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return Document.model_validate(_record(etree.fromstring(data, parser), Document))


def _record(element: etree._Element, model: type[BaseModel]) -> dict[str, Any]:
    found = {str(etree.QName(child).localname): child for child in element}
    out: dict[str, Any] = {}
    for part in parts(model):
        if part.form is Form.ATTRIBUTE:
            raw = element.get(part.name)
            if raw is not None:
                out[part.name] = _reader(part.core)(raw)
        elif part.form is Form.SPAN:
            if element.get("start") is not None:
                out[part.name] = {"start": int(element.get("start", "")), "end": int(element.get("end", ""))}
        elif part.name in found:
            out[part.name] = _value(found[part.name], part)
    return out


def _value(element: etree._Element, part: Part) -> Any:
    if part.form is Form.TEXT:
        return _plain(element.text or "")
    if part.form is Form.ONE:
        return _record(element, part.core)
    if part.form is Form.NUMBERS:
        return tuple(int(n) for n in (element.text or "").split())
    if part.form is Form.WORDS:
        return tuple(_plain(child.text or "") for child in element)
    if part.form is Form.MANY:
        return tuple(_record(child, part.core) for child in element)
    names = [(str(etree.QName(child).localname), child) for child in element]
    return tuple({"type": name, **_record(child, NODES[name])} for name, child in names)


def _reader(core: Any) -> Callable[[str], Any]:
    if core is bool:
        return lambda raw: raw == "true"
    if core in (int, float):
        reader: Callable[[str], Any] = core
        return reader
    if isinstance(core, type) and issubclass(core, StrEnum):
        return core
    return _plain


def _plain(raw: str) -> str:
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), raw) if "\\x{" in raw else raw


def check(data: bytes, name: str) -> None:
    """Raises InvalidRecordError naming the record and the line that does not fit the published XSD."""
    parser = etree.XMLParser(schema=_schema(), resolve_entities=False, no_network=True, huge_tree=True)
    try:
        etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidRecordError(f"{name}: {error.msg}") from error


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(xsd()))
