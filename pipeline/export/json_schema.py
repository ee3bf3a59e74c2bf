"""The published JSON Schema, made from the model."""

from __future__ import annotations

from typing import Any

import orjson

from pipeline.model import SCHEMA_RELEASE, SCHEMA_VERSION, Document

_ID = f"urn:gangwei:schema:role-document:{SCHEMA_VERSION}"


def schema() -> dict[str, Any]:
    """The published schema."""
    made = Document.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _ID,
        "title": "Role document",
        "description": "The roles that one document describes, as gangwei reads them. "
        "Offsets are Unicode code points of the source text, half-open.",
        "version": SCHEMA_RELEASE,
        **{key: value for key, value in made.items() if key not in ("title", "description")},
    }


def json_schema() -> bytes:
    """The published JSON Schema (2020-12), made from the model."""
    return orjson.dumps(schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
