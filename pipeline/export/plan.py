"""How the model maps to XML, read off the model itself, so that writer, reader and schema cannot disagree.

Codes, numbers and names become attributes; texts become elements; a span becomes the attributes `start` and `end`; a
list becomes a wrapper with one element an entry, and is left out when it is empty, as everything is that is null.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipeline.model import Document, FieldNode, Item, Paragraph, Section, SpanModel

NODES: dict[str, type[BaseModel]] = {"section": Section, "item": Item, "paragraph": Paragraph, "field": FieldNode}
"""Elements that may stand in `content`."""

_ATTRIBUTES = frozenset(
    {
        "code",
        "encoding",
        "id",
        "lexicon_version",
        "marker",
        "media_type",
        "name",
        "reason",
        "rule",
        "schema_version",
        "sha256",
        "version",
    }
)
"""Strings that are codes or names, not running text."""

_SINGULAR = {
    "roles": "role",
    "alternatives": "alternative",
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
    "places": "place",
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
    """One field of a model: its form, its Python type, whether it may be null, and what bounds its values.

    `facets` are pairs of an XML Schema facet and its value.
    """

    name: str
    form: Form
    core: Any
    optional: bool
    singular: str = ""
    required: bool = False
    description: str | None = None
    facets: tuple[tuple[str, str], ...] = ()


@cache
def parts(model: type[BaseModel]) -> tuple[Part, ...]:
    """The parts of a model, in its own order; `type` is left out, since the element's name says it.

    Raises KeyError for a list that has no name for its entries in `_SINGULAR`.
    """
    return tuple(_part(name, info) for name, info in model.model_fields.items() if name != "type")


def all_types() -> tuple[dict[str, type[BaseModel]], dict[str, type[StrEnum]]]:
    """All models that a record is made of, the record itself first, and all vocabularies, each by its name."""
    models: dict[str, type[BaseModel]] = {}
    enums: dict[str, type[StrEnum]] = {}
    _gather(Document, models, enums)
    return models, enums


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


def _part(name: str, info: FieldInfo) -> Part:
    core, optional, many = _unwrap(info.annotation)
    form = _form(name, core, many)
    return Part(
        name,
        form,
        core,
        optional,
        _SINGULAR[name] if form in (Form.MANY, Form.WORDS) else "",
        info.is_required(),
        info.description or next((i.description for i in _infos(info.annotation) if i.description), None),
        tuple(dict.fromkeys(facet for bound in _bounds(info) for facet in _facets(bound))),
    )


def _bounds(info: FieldInfo) -> Iterator[Any]:
    """The constraints that pydantic holds for a field, those within its annotation too."""
    yield from info.metadata
    yield from _nested(info.annotation)


def _nested(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield annotation
    elif get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        for bound in metadata:
            yield from bound.metadata if isinstance(bound, FieldInfo) else (bound,)
        yield from _nested(inner)
    elif get_origin(annotation) in (Union, types.UnionType):
        for inner in get_args(annotation):
            yield from _nested(inner)


def _infos(annotation: Any) -> Iterator[FieldInfo]:
    for inner in get_args(annotation):
        if isinstance(inner, FieldInfo):
            yield inner
        yield from _infos(inner)


def _facets(bound: Any) -> Iterator[tuple[str, str]]:
    """A constraint in the words of XML Schema, whose patterns are anchored by themselves."""
    if get_origin(bound) is Literal:
        yield from (("enumeration", str(value)) for value in get_args(bound))
    if (least := getattr(bound, "ge", None)) is not None:
        yield "minInclusive", str(least)
    if (most := getattr(bound, "le", None)) is not None:
        yield "maxInclusive", str(most)
    if pattern := getattr(bound, "pattern", None):
        yield "pattern", pattern.removeprefix("^").removesuffix("$")


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
