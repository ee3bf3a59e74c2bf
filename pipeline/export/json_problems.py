"""What is wrong with a record in JSON, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import jsonschema_rs
import orjson

from pipeline.errors import LimitError
from pipeline.export.json_schema import schema
from pipeline.export.plan import NODES
from pipeline.export.problem import DEEPEST, WHOLE, Problem, bad_span
from pipeline.model import Document

_SHORT = 40
"""Characters of a value that is shown with the reason."""
Path = tuple[str | int, ...]


def of_schema(record: Any) -> Iterator[Problem]:
    """Where a record is other than the published schema says, and where a node does not say its type.

    Raises LimitError for one that is nested deeper than DEEPEST levels.
    """
    _check_depth(record)
    for path, name, value in _pieces(record):
        for error in _validators()[name].iter_errors(value):
            yield from _told(error, path)


def bad_spans(record: Any) -> Iterator[Problem]:
    """Spans of a record that fits the schema which end before they begin, or behind the source text."""
    size = record["source"]["characters"]
    todo: list[tuple[Path, Any]] = [((), record)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, dict):
            if value.keys() == {"start", "end"}:
                yield from bad_span(pointer(path), value["start"], value["end"], size)
            todo += [((*path, key), inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            todo += [((*path, n), value[n]) for n in reversed(range(len(value)))]


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
    whole = schema()
    node = {"type": "object", "properties": {"type": {"enum": list(NODES)}}, "required": ["type"]}
    for model in whole["$defs"].values():
        if "content" in model.get("properties", ()):
            model["properties"]["content"]["items"] = node
    made = {model.__name__: {"$defs": whole["$defs"], "$ref": f"#/$defs/{model.__name__}"} for model in NODES.values()}
    made[Document.__name__] = whole
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
    yield Problem(pointer((*path, *here)), f"{reason}{_shown(error.instance)}")


def _is_other(error: Any, here: Sequence[str | int]) -> bool:
    """Whether an error says that the value at a place is of another type altogether."""
    return "Type" in type(error.kind).__name__ and list(error.instance_path) == here


def pointer(path: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path) or WHOLE


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return ""
    text = orjson.dumps(value).decode()
    return f": {text}" if len(text) <= _SHORT else ""
