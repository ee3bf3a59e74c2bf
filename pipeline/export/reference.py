"""The page that explains a record field by field, made from the model: docs/record.md."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipeline.export.plan import NODES, Form, Part, all_types, parts
from pipeline.model import SCHEMA_RELEASE, SCHEMA_VERSION, SpanModel

PAGE = "record.md"
"""What the page is called in docs/."""

_HEAD = f"""# What a record holds

<!-- Made from the model by `gangwei schema --page` (`make schemas`); what is written here by hand is lost. -->

Version {SCHEMA_VERSION} of the schema, release {SCHEMA_RELEASE} ([what changed](schema-changes.md)). The published schemas are
`schemas/role-document.schema.json` (JSON Schema 2020-12) and `schemas/role-document.xsd`; `gangwei validate FILE` holds records
that others wrote against them.

Offsets are Unicode code points of the *source text*, half-open. A field that is marked *needed* must be there; each other one
may be left out, and then has the value that is named. Unknown fields are refused. In XML the root is `role_document`, what is
null or an empty list is left out, and a list is an element around one element an entry. Examples are as they stand in JSON."""
_SIMPLE = {str: "text", bool: "true or false"}


def page() -> bytes:
    """The page as Markdown in UTF-8: a table for each model, and the words of each vocabulary."""
    models, enums = all_types()
    out = [_HEAD]
    described: list[type[BaseModel]] = [*models.values(), SpanModel]
    for model in described:
        out += ["", f"## {model.__name__}", "", inspect.getdoc(model) or "", "", *_table(model)]
    for enum in enums.values():
        out += ["", f"## {enum.__name__}", "", inspect.getdoc(enum) or "", ""]
        out.append(" · ".join(f"`{member.value}`" for member in enum))
    return ("\n".join(out) + "\n").encode("utf-8")


def _table(model: type[BaseModel]) -> Iterator[str]:
    yield "| field | holds | what it is | example | in XML |"
    yield "| --- | --- | --- | --- | --- |"
    known = {part.name: part for part in parts(model)}
    for name, info in model.model_fields.items():
        part = known.get(name)
        holds = f"{_type(part)}; {_default(info)}" if part else f"`{info.default}`"
        cells = (f"`{name}`", holds, info.description or "", _examples(info), _in_xml(part))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _type(part: Part) -> str:
    """What a field may hold, in words."""
    core = part.core
    if part.form is Form.CONTENT:
        words = " or ".join(_link(node) for node in NODES.values())
    elif isinstance(core, type) and issubclass(core, BaseModel | StrEnum):
        words = _link(core)
    else:
        words = _SIMPLE.get(core) or _number(core, dict(part.facets))
    if fixed := [value for facet, value in part.facets if facet == "enumeration"]:
        words = " or ".join(f"`{value}`" for value in fixed)
    if pattern := dict(part.facets).get("pattern"):
        words = f"text like `{pattern}`"
    if part.form in (Form.MANY, Form.WORDS, Form.NUMBERS, Form.CONTENT):
        words = f"list of {words}"
    return f"{words} or null" if part.optional else words


def _number(core: Any, bounds: dict[str, str]) -> str:
    words = "whole number" if core is int else "number"
    least, most = bounds.get("minInclusive"), bounds.get("maxInclusive")
    return words + (f" from {least}" if least else "") + (f" to {most}" if most else "")


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "*needed*"
    default = info.default
    if isinstance(default, BaseModel):
        return "all of it may be left out"
    return f"else `{json.dumps(default, ensure_ascii=False)}`"


def _examples(info: FieldInfo) -> str:
    return ", ".join(f"`{json.dumps(example, ensure_ascii=False)}`" for example in info.examples or ())


def _in_xml(part: Part | None) -> str:
    """Where the field stands in XML; `type` is the name of the element itself."""
    if part is None:
        return "name of the element"
    if part.form is Form.SPAN:
        return "attributes `start`, `end`"
    if part.form is Form.ATTRIBUTE:
        return f"attribute `{part.name}`"
    if part.form in (Form.MANY, Form.WORDS):
        return f"element `{part.name}` of `{part.singular}`"
    if part.form is Form.CONTENT:
        return f"element `{part.name}` of {', '.join(f'`{name}`' for name in NODES)}"
    return f"element `{part.name}`" + (", offsets parted by spaces" if part.form is Form.NUMBERS else "")


def _link(thing: type) -> str:
    return f"[{thing.__name__}](#{thing.__name__.lower()})"
