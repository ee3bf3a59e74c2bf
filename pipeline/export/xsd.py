"""The published XML Schema, made from the model by way of `plan.py`."""

from __future__ import annotations

import inspect
from enum import StrEnum
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from pydantic import BaseModel

from pipeline.export.plan import NODES, Form, Part, parts
from pipeline.model import SCHEMA_VERSION, Document

NAMESPACE = "urn:gangwei:role-document:1"
ROOT = "role_document"

_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}" targetNamespace="{NAMESPACE}"
           elementFormDefault="qualified" version="{SCHEMA_VERSION}">
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
    models: dict[str, type[BaseModel]] = {}
    enums: dict[str, type[StrEnum]] = {}
    _gather(Document, models, enums)
    out = [_HEAD]
    for model in models.values():
        out.append(_complex(model))
    out.append(_content_type())
    for enum in enums.values():
        out.append(_enumeration(enum))
    out.append(_offsets())
    out.append("</xs:schema>\n")
    return "".join(out).encode("utf-8")


def _gather(model: type[BaseModel], models: dict[str, type[BaseModel]], enums: dict[str, type[StrEnum]]) -> None:
    if model.__name__ in models:
        return
    models[model.__name__] = model
    for part in parts(model):
        if part.form in (Form.ONE, Form.MANY):
            _gather(part.core, models, enums)
        elif part.form is Form.CONTENT:
            for node in NODES.values():
                _gather(node, models, enums)
        elif isinstance(part.core, type) and issubclass(part.core, StrEnum):
            enums[part.core.__name__] = part.core


def _complex(model: type[BaseModel]) -> str:
    lines = [f' <xs:complexType name="{model.__name__}">', _documentation(inspect.getdoc(model) or "", "  ")]
    elements = [line for part in parts(model) for line in _element(part)]
    if elements:
        lines += ["  <xs:sequence>", *elements, "  </xs:sequence>"]
    lines += [line for part in parts(model) for line in _attributes(part)]
    return "\n".join([*lines, " </xs:complexType>\n"])


def _element(part: Part) -> list[str]:
    name = part.name
    least = "" if part.required and not part.optional and part.form is Form.TEXT else ' minOccurs="0"'
    if part.form is Form.TEXT:
        return [f'   <xs:element name="{name}" type="xs:string"{least}/>']
    if part.form is Form.ONE:
        least = ' minOccurs="0"' if part.optional else ""
        return [f'   <xs:element name="{name}" type="{part.core.__name__}"{least}/>']
    if part.form is Form.NUMBERS:
        return [f'   <xs:element name="{name}" type="Offsets" minOccurs="0"/>']
    if part.form is Form.CONTENT:
        return [f'   <xs:element name="{name}" type="Content" minOccurs="0"/>']
    if part.form in (Form.MANY, Form.WORDS):
        inner = "xs:string" if part.form is Form.WORDS else part.core.__name__
        return [
            f'   <xs:element name="{name}" minOccurs="0">',
            "    <xs:complexType>",
            "     <xs:sequence>",
            f'      <xs:element name="{part.singular}" type="{inner}" maxOccurs="unbounded"/>',
            "     </xs:sequence>",
            "    </xs:complexType>",
            "   </xs:element>",
        ]
    return []


def _attributes(part: Part) -> list[str]:
    use = "optional" if part.optional else "required"
    if part.form is Form.SPAN:
        ends = ("start", "end")
        return [f'  <xs:attribute name="{end}" type="xs:nonNegativeInteger" use="{use}"/>' for end in ends]
    if part.form is not Form.ATTRIBUTE:
        return []
    base = _SIMPLE.get(part.core) or part.core.__name__
    facets = [(facet, value) for facet, value in part.facets if (part.core, facet, value) != (int, "minInclusive", "0")]
    if not facets and not part.description:
        return [f'  <xs:attribute name="{part.name}" type="{base}" use="{use}"/>']
    lines = [f'  <xs:attribute name="{part.name}" use="{use}">']
    if part.description:
        lines.append(_documentation(part.description, "   "))
    lines += ["   <xs:simpleType>", f'    <xs:restriction base="{base}">']
    lines += [f"     <xs:{facet} value={quoteattr(value)}/>" for facet, value in facets]
    return [*lines, "    </xs:restriction>", "   </xs:simpleType>", "  </xs:attribute>"]


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
