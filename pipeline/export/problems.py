"""All that is wrong with a record that others wrote: each problem with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import jsonschema_rs
import orjson
from lxml import etree

from pipeline.errors import InvalidRecordError, LimitError
from pipeline.export import json_format, xml_format
from pipeline.export.plan import NODES
from pipeline.export.xsd import NAMESPACE
from pipeline.model import Document

DEEPEST = 200
"""Levels of a file of JSON or XML: 64 levels of content, which records have at most, take fewer than this."""
_LONGEST = 200
"""Characters of a reason; what stands in the file may be longer."""
_SHORT = 40
"""Characters of a value that is shown with the reason."""
_WHOLE = "the record"


class Problem(NamedTuple):
    """What is wrong, and where: a JSON pointer or an XPath, whose names are of the record's namespace.

    `line` counts from 1, in XML only.
    """

    place: str
    reason: str
    line: int = 0

    def __str__(self) -> str:
        at = f" (line {self.line})" if self.line else ""
        reason = "".join(c if c.isprintable() else " " for c in self.reason[:_LONGEST])
        return f"{self.place}{at}: {reason}{'…' if len(self.reason) > _LONGEST else ''}"


# -- JSON -------------------------------------------------------------------------------------------------------------


def in_json(data: bytes) -> Iterator[Problem]:
    """The problems of a record in JSON: no JSON, other than the schema, spans that are none. Raises LimitError."""
    try:
        record = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        yield Problem(_WHOLE, f"no JSON: {error}")
        return
    _check_depth(record)
    found = False
    for path, name, value in _pieces(record):
        for wrong in _validators()[name].iter_errors(value):
            for problem in _told(wrong, path):
                found = True
                yield problem
    if not found:
        yield from _bad_spans(record)
        yield from _unread("json", data)


Path = tuple[str | int, ...]


def _pieces(record: Any) -> Iterator[tuple[Path, str, Any]]:
    """The record, and each node of its roles' trees, with its path and the name of its model, in the order of the file."""
    yield (), Document.__name__, record
    roles = record.get("roles") if isinstance(record, dict) else None
    todo: list[tuple[Path, Any]] = [(("roles", n), role) for n, role in reversed(_numbered(roles))]
    while todo:
        path, value = todo.pop()
        if not isinstance(value, dict):
            continue
        kind = value.get("type")
        if len(path) > 2 and isinstance(kind, str) and kind in NODES:
            yield path, NODES[kind].__name__, value
        todo += [((*path, "content", n), node) for n, node in reversed(_numbered(value.get("content")))]


def _numbered(value: Any) -> list[tuple[int, Any]]:
    return list(enumerate(value)) if isinstance(value, list) else []


@cache
def _validators() -> dict[str, Any]:
    """Validators of a record and of the nodes of its trees, each by the name of its model.

    They are of the published schema with one change: what stands in `content` need only say its type, and is validated by
    itself. Where a schema lets a value be one of several, a validator tries all; in a tree that takes time which doubles
    with each level. Messages do not repeat what is wrong, which may be the whole record.
    """
    schema = orjson.loads(json_format.json_schema())
    node = {"type": "object", "properties": {"type": {"enum": list(NODES)}}, "required": ["type"]}
    for model in schema["$defs"].values():
        if "content" in model.get("properties", ()):
            model["properties"]["content"]["items"] = node
    made = {model.__name__: {"$defs": schema["$defs"], "$ref": f"#/$defs/{model.__name__}"} for model in NODES.values()}
    made[Document.__name__] = schema
    return {name: jsonschema_rs.Draft202012Validator(each, mask="it") for name, each in made.items()}


def _check_depth(record: Any) -> None:
    here = [record]
    for _ in range(DEEPEST):
        here = [inner for value in here for inner in _inner(value)]
        if not here:
            return
    raise LimitError(f"nested deeper than {DEEPEST} levels")


def _inner(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


def _told(error: Any, path: Path) -> Iterator[Problem]:
    """An error of the schema; where null is one of two things that may stand there, the errors of the other."""
    branches = getattr(error.kind, "context", None) or ()
    here = list(error.instance_path)
    meant = [branch for branch in branches if not any(_is_other(inner, here) for inner in branch)]
    if branches:
        for inner in min(meant or branches[:1], key=len):
            yield from _told(inner, path)
        return
    known = getattr(error.kind, "options", None)
    reason = f"it is none of {', '.join(map(str, known))}" if known else error.message
    yield Problem(_pointer((*path, *here)), f"{reason}{_shown(error.instance)}")


def _is_other(error: Any, here: Sequence[str | int]) -> bool:
    """Whether an error says that the value at a place is of another type altogether."""
    return "Type" in type(error.kind).__name__ and list(error.instance_path) == here


def _pointer(path: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path) or _WHOLE


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return ""
    text = orjson.dumps(value).decode()
    return f": {text}" if len(text) <= _SHORT else ""


def _bad_spans(record: Any) -> Iterator[Problem]:
    """Spans that end before they begin, or behind the source text."""
    size = record["source"]["characters"]
    todo: list[tuple[Path, Any]] = [((), record)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, dict):
            if value.keys() == {"start", "end"}:
                yield from _bad_span(_pointer(path), value["start"], value["end"], size)
            todo += [((*path, key), inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            todo += [((*path, n), value[n]) for n in reversed(range(len(value)))]


def _bad_span(place: str, start: int, end: int, size: int, line: int = 0) -> Iterator[Problem]:
    if end < start:
        yield Problem(place, f"the span ends ({end}) before it begins ({start})", line)
    elif end > size:
        yield Problem(place, f"the span ends ({end}) behind the source text, which has {size} characters", line)


def _unread(name: str, data: bytes) -> Iterator[Problem]:
    """What keeps a record that fits its schema from being read: a schema cannot say all that a model can."""
    read = json_format.read if name == "json" else xml_format.read
    try:
        read(data.removeprefix(b"\xef\xbb\xbf"))
    except InvalidRecordError as error:
        place, _, reason = str(error).partition(": ")
        yield Problem(_pointer(place.split("/")), reason) if reason else Problem(_WHOLE, place)


# -- XML --------------------------------------------------------------------------------------------------------------


def in_xml(data: bytes) -> Iterator[Problem]:
    """The problems of a record in XML: no XML, other than the schema, spans that are none. Raises LimitError."""
    try:
        root = xml_format.parsed(data)
    except InvalidRecordError as error:
        yield Problem(_WHOLE, f"no XML of a record: {error}")
        return
    _check_levels(root)
    schema = xml_format.schema()
    if schema.validate(root):
        yield from _bad_ends(root)
        yield from _unread("xml", data)
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
            yield from _bad_span(_xpath(element), start, end, size, getattr(element, "sourceline", 0))


def _number(element: etree._Element | None, name: str) -> int:
    """A number of a record that fits the schema; one of thousands of digits, which Python does not read, is as good as huge."""
    raw = "0" if element is None else element.get(name, "0").strip()
    return int(raw) if len(raw) < 20 else 10**19
