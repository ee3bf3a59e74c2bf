"""JSON, and its schema."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
import orjson

from pipeline.errors import InvalidRecordError
from pipeline.model import SCHEMA_VERSION, Document

_ID = f"urn:gangwei:schema:role-document:{SCHEMA_VERSION}"


def write(document: Document) -> bytes:
    """UTF-8, keys in the order of the model, indented for people and for diffs."""
    return orjson.dumps(document.model_dump(mode="json"), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read(data: bytes) -> Document:
    """The document that a JSON record holds; raises pydantic.ValidationError where it is none."""
    return Document.model_validate_json(data)


def check(data: bytes, name: str) -> None:
    """Raises InvalidRecordError naming the record and the place that does not fit the published schema."""
    validator = _validator()
    record = orjson.loads(data)
    if validator.is_valid(record):
        return
    problem = next(iter(validator.iter_errors(record)))
    place = "/".join(str(step) for step in problem.instance_path) or "the record"
    raise InvalidRecordError(f"{name}: {place}: {problem.message}")


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(_schema())


def _schema() -> dict[str, Any]:
    schema = Document.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _ID,
        "title": "Role document",
        "description": "The roles that one document describes, as gangwei reads them. "
        "Offsets are Unicode code points of the source text, half-open.",
        "version": SCHEMA_VERSION,
        **{key: value for key, value in schema.items() if key not in ("title", "description")},
    }


def json_schema() -> bytes:
    """The published JSON Schema (2020-12), made from the model."""
    return orjson.dumps(_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
