"""JSON: written, read, and held against its schema."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import orjson
from pydantic import ValidationError

from pipeline.errors import InvalidRecordError, LimitError
from pipeline.export import json_problems
from pipeline.export.json_schema import schema
from pipeline.export.problem import WHOLE, Problem
from pipeline.model import Document

_MARK = b"\xef\xbb\xbf"


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
    try:
        problem = next(json_problems.of_schema(record), Problem(WHOLE, "it does not fit the schema"))
    except LimitError as error:
        raise InvalidRecordError(f"{name}: {error}") from error
    raise InvalidRecordError(f"{name}: {problem.place.removeprefix('/')}: {problem.reason}")


def _place(path: Any) -> str:
    return "/".join(str(step) for step in path) or "the record"


def problems(data: bytes) -> Iterator[Problem]:
    """All that is wrong with a record in JSON: no JSON, other than the schema, spans that are none. Raises LimitError."""
    data = data.removeprefix(_MARK)
    try:
        record = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        yield Problem(WHOLE, f"no JSON: {error}")
        return
    wrong = json_problems.of_schema(record)
    first = next(wrong, None)
    if first is not None:
        yield first
        yield from wrong
        return
    yield from json_problems.bad_spans(record)
    try:
        read(data)
    except InvalidRecordError as error:  # a schema cannot say all that a model can
        yield Problem(WHOLE, str(error))


@cache
def _validator() -> Any:
    return jsonschema_rs.Draft202012Validator(schema())
