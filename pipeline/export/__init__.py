"""Records become bytes, and bytes records; nothing leaves that its published schema would refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pipeline.export import json_format, xml_format
from pipeline.export.json_schema import json_schema
from pipeline.export.xsd import xsd
from pipeline.model import Document

__all__ = ["SCHEMAS", "WRITERS", "json_schema", "parse_record", "render", "render_line", "xsd"]


class Writer(NamedTuple):
    """How one format is written, checked against its schema, and read again."""

    write: Callable[[Document], bytes]
    check: Callable[[bytes, str], None]
    read: Callable[[bytes], Document]


WRITERS: dict[str, Writer] = {
    "json": Writer(json_format.write, json_format.check, json_format.read),
    "xml": Writer(xml_format.write, xml_format.check, xml_format.read),
}

SCHEMAS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "json": ("role-document.schema.json", json_schema),
    "xsd": ("role-document.xsd", xsd),
}
"""Published schemas: file name and maker."""


def render(document: Document, name: str) -> bytes:
    """The record in a format of WRITERS, validated. Raises InvalidRecordError where it does not fit the schema."""
    writer = WRITERS[name]
    data = writer.write(document)
    writer.check(data, document.source.name)
    return data


def render_line(document: Document) -> bytes:
    """The record as one line of JSON, validated, its line feed included. Raises as `render` does."""
    data = json_format.write(document, on_one_line=True)
    json_format.check(data, document.source.name)
    return data


def parse_record(data: bytes, name: str) -> Document:
    """The document that a record in a format of WRITERS holds."""
    return WRITERS[name].read(data)
