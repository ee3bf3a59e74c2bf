"""How the model maps to XML, read off the model itself, so that writer, reader and schema cannot disagree.

Codes, numbers and names become attributes; texts become elements; a span becomes the attributes `start` and `end`; a list
becomes a wrapper with one element an entry, and is left out when it is empty, as everything is that is null.
"""

from __future__ import annotations

import types
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from pipeline.model import FieldNode, Item, Paragraph, Section, SpanModel

NODES: dict[str, type[BaseModel]] = {"section": Section, "item": Item, "paragraph": Paragraph, "field": FieldNode}
"""Elements that may stand in `content`."""

_ATTRIBUTES = frozenset(
    "id marker code rule name version lexicon_version schema_version media_type encoding sha256 reason".split()
)
_SINGULAR = {
    "roles": "role",
    "corrections": "correction",
    "suggestions": "suggestion",
    "normalisations": "normalisation",
    "leftovers": "leftover",
    "warnings": "warning",
    "duties": "entry",
    "requirements": "entry",
    "qualities": "entry",
    "experience": "statement",
    "languages": "language",
    "certificates": "certificate",
    "skills": "skill",
    "majors": "major",
    "subordinates": "subordinate",
    "authority": "entry",
}


class Form(StrEnum):
    """What a field becomes."""

    ATTRIBUTE = "attribute"
    TEXT = "text"
    SPAN = "span"
    ONE = "one"
    MANY = "many"
    WORDS = "words"
    NUMBERS = "numbers"
    CONTENT = "content"


class Part(NamedTuple):
    """One field of a model: its form, its Python type, and whether it may be null."""

    name: str
    form: Form
    core: Any
    optional: bool
    singular: str = ""
    required: bool = False
    description: str | None = None


@cache
def parts(model: type[BaseModel]) -> tuple[Part, ...]:
    """The parts of a model, in its own order."""
    out = []
    for name, info in model.model_fields.items():
        core, optional, many = _unwrap(info.annotation)
        if name == "type":
            continue
        out.append(
            Part(name, _form(name, core, many), core, optional, _SINGULAR.get(name, ""), info.is_required(), info.description)
        )
    return tuple(out)


def _form(name: str, core: Any, many: bool) -> Form:
    if name == "content":
        return Form.CONTENT
    if core is SpanModel and not many:
        return Form.SPAN
    model = isinstance(core, type) and issubclass(core, BaseModel)
    if many:
        return Form.MANY if model else Form.WORDS if core is str else Form.NUMBERS
    if model:
        return Form.ONE
    return Form.TEXT if core is str and name not in _ATTRIBUTES else Form.ATTRIBUTE


def _unwrap(annotation: Any) -> tuple[Any, bool, bool]:
    """The type inside Annotated, Optional and tuple; whether it is optional, and whether many."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrap(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        inner = [a for a in get_args(annotation) if a is not type(None)]
        if len(inner) > 1:
            return annotation, False, False
        core, _, many = _unwrap(inner[0])
        return core, True, many
    if origin is tuple:
        core, _, _ = _unwrap(get_args(annotation)[0])
        return core, False, True
    if origin is Literal:
        return str, False, False
    return annotation, False, False
