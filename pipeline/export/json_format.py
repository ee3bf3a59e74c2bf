"""JSON, and its schema."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
import orjson
from pydantic import ValidationError

from pipeline.errors import InvalidRecordError
from pipeline.model import SCHEMA_RELEASE, SCHEMA_VERSION, Document

_ID = f"urn:gangwei:schema:role-document:{SCHEMA_VERSION}"


def write(document: Document, on_one_line: bool = False) -> bytes:
    """UTF-8, keys in the order of the model, indented for people and for diffs unless it is to be one line.

    Raises InvalidRecordError for a text that is no Unicode, such as a lone surrogate. orjson over `model_dump` takes
    little more than half the time of `model_dump_json`; mode "python" suffices, since orjson writes enumerations.
    """
    indent = 0 if on_one_line else orjson.OPT_INDENT_2
    try:
        return orjson.dumps(document.model_dump(), option=indent | orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError as error:
        raise InvalidRecordError(f"{document.source.name}: cannot be written as JSON: {error}") from error


def read(data: bytes) -> Document:
    """The document that a JSON record holds; raises InvalidRecordError where it is none."""
    try:
        return Document.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidRecordError(f"{_place(first['loc'])}: {first['msg']}") from error


def check(data: bytes, name: str) -> None:
    """Raises InvalidRecordError naming the record and the place that does not fit the published schema."""
    validator = _validator()
    try:
        record = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidRecordError(f"{name}: {error}") from error
    if validator.is_valid(record):
        return
    problem = next(iter(validator.iter_errors(record)))
    raise InvalidRecordError(f"{name}: {_place(problem.instance_path)}: {problem.message}")


def _place(path: Any) -> str:
    return "/".join(str(step) for step in path) or "the record"


@cache
def _validator() -> Any:
    return jsonschema_rs.Draft202012Validator(_schema())


def _schema() -> dict[str, Any]:
    schema = Document.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _ID,
        "title": "Role document",
        "description": "The roles that one document describes, as gangwei reads them. "
        "Offsets are Unicode code points of the source text, half-open.",
        "version": SCHEMA_RELEASE,
        **{key: value for key, value in schema.items() if key not in ("title", "description")},
    }


def json_schema() -> bytes:
    """The published JSON Schema (2020-12), made from the model."""
    return orjson.dumps(_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
