"""The published XML Schema, made from the model by way of `plan.py`."""

from __future__ import annotations

import inspect
from enum import StrEnum
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from pydantic import BaseModel

from pipeline.export.plan import NODES, Form, Part, all_types, parts
from pipeline.model import SCHEMA_RELEASE, SpanModel

NAMESPACE = "urn:gangwei:role-document:1"
ROOT = "role_document"

_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}" targetNamespace="{NAMESPACE}"
           elementFormDefault="qualified" version="{SCHEMA_RELEASE}">
 <xs:annotation>
  <xs:documentation xml:lang="en">The roles that one document describes, as gangwei reads them. Offsets are Unicode
code points of the source text, half-open. What is null, or an empty list, in JSON is left out here. In a text a
character that XML 1.0 forbids is written as \\x{{HEX}}, and a backslash before "x{{" as \\x{{5C}}.</xs:documentation>
 </xs:annotation>
 <xs:element name="{ROOT}" type="Document"/>
"""
_SIMPLE = {str: "xs:string", int: "xs:nonNegativeInteger", float: "xs:double", bool: "xs:boolean"}


@cache
def xsd() -> bytes:
    """The XML Schema as bytes."""
    models, enums = all_types()
    out = [_HEAD]
    for model in models.values():
        out.append(_complex(model))
    out.append(_content_type())
    for enum in enums.values():
        out.append(_enumeration(enum))
    out.append(_offsets())
    out.append("</xs:schema>\n")
    return "".join(out).encode("utf-8")


def _complex(model: type[BaseModel]) -> str:
    lines = [f' <xs:complexType name="{model.__name__}">', _documentation(inspect.getdoc(model) or "", "  ")]
    elements = [line for part in parts(model) for line in _element(part)]
    if elements:
        lines += ["  <xs:sequence>", *elements, "  </xs:sequence>"]
    lines += [line for part in parts(model) for line in _attributes(part)]
    return "\n".join([*lines, " </xs:complexType>\n"])


def _element(part: Part) -> list[str]:
    least = "" if part.required and not part.optional and part.form is Form.TEXT else ' minOccurs="0"'
    kind = {Form.TEXT: "xs:string", Form.NUMBERS: "Offsets", Form.CONTENT: "Content"}.get(part.form)
    if part.form is Form.ONE:
        least, kind = ' minOccurs="0"' if part.optional else "", part.core.__name__
    about = [_documentation(part.description, "    ")] if part.description else []
    if kind:
        return _open(f'   <xs:element name="{part.name}" type="{kind}"{least}', about, "   </xs:element>")
    if part.form not in (Form.MANY, Form.WORDS):
        return []
    inner = "xs:string" if part.form is Form.WORDS else part.core.__name__
    return [
        f'   <xs:element name="{part.name}" minOccurs="0">',
        *about,
        "    <xs:complexType>",
        "     <xs:sequence>",
        f'      <xs:element name="{part.singular}" type="{inner}" maxOccurs="unbounded"/>',
        "     </xs:sequence>",
        "    </xs:complexType>",
        "   </xs:element>",
    ]


def _attributes(part: Part) -> list[str]:
    use = "optional" if part.optional else "required"
    if part.form is Form.SPAN:
        return [line for end in ("start", "end") for line in _side(part, end, use)]
    if part.form is not Form.ATTRIBUTE:
        return []
    base = _SIMPLE.get(part.core) or part.core.__name__
    facets = [(facet, value) for facet, value in part.facets if (part.core, facet, value) != (int, "minInclusive", "0")]
    about = [_documentation(part.description, "   ")] if part.description else []
    if not facets:
        return _open(f'  <xs:attribute name="{part.name}" type="{base}" use="{use}"', about, "  </xs:attribute>")
    lines = [f'  <xs:attribute name="{part.name}" use="{use}">', *about]
    lines += ["   <xs:simpleType>", f'    <xs:restriction base="{base}">']
    lines += [f"     <xs:{facet} value={quoteattr(value)}/>" for facet, value in facets]
    return [*lines, "    </xs:restriction>", "   </xs:simpleType>", "  </xs:attribute>"]


def _side(part: Part, end: str, use: str) -> list[str]:
    """One end of a span, with what the span is of and what the end is."""
    words = " ".join(filter(None, (part.description, SpanModel.model_fields[end].description)))
    tag = f'  <xs:attribute name="{end}" type="xs:nonNegativeInteger" use="{use}"'
    return _open(tag, [_documentation(words, "   ")], "  </xs:attribute>")


def _open(tag: str, inner: list[str], end: str) -> list[str]:
    """An element that is empty where there is nothing in it."""
    return [f"{tag}>", *inner, end] if inner else [f"{tag}/>"]


def _content_type() -> str:
    about = _documentation("What stands in a role, a section or an item, in the order of the document.", "  ")
    lines = [' <xs:complexType name="Content">', about, '  <xs:choice maxOccurs="unbounded">']
    lines += [f'   <xs:element name="{name}" type="{model.__name__}"/>' for name, model in NODES.items()]
    return "\n".join([*lines, "  </xs:choice>", " </xs:complexType>\n"])


def _offsets() -> str:
    about = _documentation("Code points of the source text, counted from 0.", "  ")
    lines = [' <xs:simpleType name="Offsets">', about, '  <xs:list itemType="xs:nonNegativeInteger"/>']
    return "\n".join([*lines, " </xs:simpleType>\n"])


def _enumeration(enum: type[StrEnum]) -> str:
    lines = [f' <xs:simpleType name="{enum.__name__}">', _documentation(inspect.getdoc(enum) or "", "  ")]
    lines.append('  <xs:restriction base="xs:string">')
    lines += [f"   <xs:enumeration value={quoteattr(member.value)}/>" for member in enum]
    return "\n".join([*lines, "  </xs:restriction>", " </xs:simpleType>\n"])


def _documentation(text: str, indent: str) -> str:
    inner = f'{indent} <xs:documentation xml:lang="en">{escape(text)}</xs:documentation>'
    return f"{indent}<xs:annotation>\n{inner}\n{indent}</xs:annotation>"
