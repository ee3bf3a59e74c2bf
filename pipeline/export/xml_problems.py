"""What is wrong with a record in XML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipeline.errors import InvalidRecordError, LimitError
from pipeline.export import xml_format
from pipeline.export.problem import DEEPEST, WHOLE, Problem, bad_span
from pipeline.export.xsd import NAMESPACE


def in_xml(data: bytes) -> Iterator[Problem]:
    """The problems of a record in XML: no XML, other than the schema, spans that are none. Raises LimitError."""
    try:
        root = xml_format.parsed(data)
    except InvalidRecordError as error:
        yield Problem(WHOLE, f"no XML of a record: {error}")
        return
    _check_levels(root)
    schema = xml_format.schema()
    if schema.validate(root):
        yield from _bad_ends(root)
        yield from _unread(data)
        return
    log: Any = schema.error_log
    for entry in log:
        path, _, attribute = (entry.path or "/*").partition("/@")
        found: Any = root.getroottree().xpath(path)
        place = _xpath(found[0]) if found else path
        yield Problem(f"{place}/@{attribute}" if attribute else place, _plain(entry.message), entry.line)


def _check_levels(root: etree._Element) -> None:
    here: list[etree._Element] = [root]
    for _ in range(DEEPEST):
        here = [child for element in here for child in element]
        if not here:
            return
    raise LimitError(f"nested deeper than {DEEPEST} levels")


def _plain(message: str) -> str:
    """A message of libxml2 without the namespace, which all names in it have."""
    return message.replace(f"{{{NAMESPACE}}}", "")


def _xpath(element: etree._Element) -> str:
    """Where an element stands, counted among those of its name where there are more."""
    steps: list[str] = []
    while True:
        name, parent = etree.QName(element).localname, element.getparent()
        if parent is None:
            return "/" + "/".join([name, *reversed(steps)])
        same = list(parent.iterchildren(element.tag))
        steps.append(f"{name}[{same.index(element) + 1}]" if len(same) > 1 else name)
        element = parent


def _bad_ends(root: etree._Element) -> Iterator[Problem]:
    size = _number(root.find(f"{{{NAMESPACE}}}source"), "characters")
    for element in root.iter():
        start, end = _number(element, "start"), _number(element, "end")
        if not start <= end <= size:
            yield from bad_span(_xpath(element), start, end, size, getattr(element, "sourceline", 0))


def _number(element: etree._Element | None, name: str) -> int:
    """A number of a record that fits the schema; one of thousands of digits, which Python does not read, is as good as huge."""
    raw = "0" if element is None else element.get(name, "0").strip()
    return int(raw) if len(raw) < 20 else 10**19


def _unread(data: bytes) -> Iterator[Problem]:
    """What keeps a record that fits its schema from being read: a schema cannot say all that a model can."""
    try:
        xml_format.read(data)
    except InvalidRecordError as error:
        yield Problem(WHOLE, str(error))
