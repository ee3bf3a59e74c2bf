"""The OpenAPI 3.1 description of the service: what each route takes and answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import orjson

from pipeline.export import json_schema
from pipeline.review.decisions import Decisions
from pipeline.serve import problems, replies
from pipeline.serve.guard import OPEN
from pipeline.serve.intake import FORM
from pipeline.serve.store import State

_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_NAME = {"type": "string", "minLength": 1, "maxLength": 255}
_OBJECT = {"type": "object"}
_QUERY: dict[str, Any] = {"name": _NAME, "format": {"enum": list(replies.RECORDS)}}
_TEXT = {"type": "string"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


class Operation(NamedTuple):
    """What a route is for, what it answers when all is well (status, and schemas by media type), and its problems."""

    summary: str
    status: int
    answer: Mapping[str, Any]
    problems: tuple[int, ...] = ()
    body: Mapping[str, Any] | None = None
    query: tuple[str, ...] = ()


_RECORD = {replies.JSON: _ref("RoleDocument"), "application/xml": _TEXT}
_UPLOADING = (400, 408, 413, 415, 422, 429, 503)
_PARSING = (500, 501, 507)
_OF_RECORD = (404, 409, 413, 422, *_PARSING)
OPERATIONS = {
    "document": Operation(
        "Parse a document: a file, or a text",
        200,
        _RECORD,
        (*_UPLOADING, *_PARSING, 406),
        {
            FORM: {"type": "object", "properties": {"file": _FILE}, "required": ["file"]},
            replies.JSON: _ref("Text"),
            "application/octet-stream": _FILE,
        },
        ("name",),
    ),
    "new_batch": Operation(
        "Take several files, to be parsed one by one",
        202,
        {replies.JSON: _ref("Batch")},
        (*_UPLOADING, 507),
        {FORM: {"type": "object", "properties": {"files": {"type": "array", "items": _FILE}}, "required": ["files"]}},
    ),
    "batch": Operation("How far a batch is", 200, {replies.JSON: _ref("Batch")}, (404,)),
    "delete_batch": Operation("Withdraw and remove a batch", 204, {}, (404,)),
    "records": Operation(
        "The records of a finished batch, one a line", 200, {replies.LINES: _ref("RoleDocument")}, (404, 409)
    ),
    "record": Operation("A record of a batch", 200, _RECORD, (*_OF_RECORD, 406), query=("format",)),
    "source": Operation("The source text that the record's spans count in", 200, {"text/plain": _TEXT}, _OF_RECORD),
    "start": Operation("The page on which people hand in files", 200, {"text/html": _TEXT}),
    "overview": Operation("The list of a batch's review pages", 200, {"text/html": _TEXT}, (404, 429, 500, 503)),
    "review": Operation("The review page of a record", 200, {"text/html": _TEXT}, (*_OF_RECORD, 429, 503)),
    "decisions": Operation(
        "The decisions that are kept about a document; their ETag", 200, {replies.JSON: _ref("Decisions")}, _OF_RECORD
    ),
    "decide": Operation(
        "Replace the decisions about a document; with If-Match only those of that ETag",
        204,
        {},
        (*_OF_RECORD, 400, 408, 412, 415, 429),
        {replies.JSON: _ref("Decisions")},
    ),
    "parse": Operation(
        "Parse a document anew by the decisions that are kept about it", 200, _RECORD, (*_OF_RECORD, 406, 429, 503)
    ),
    "health": Operation("Whether documents can be parsed", 200, {replies.JSON: _OBJECT}, (503,)),
    "version": Operation("The program that makes the records", 200, {replies.JSON: _OBJECT}),
    "metrics": Operation("Figures for Prometheus", 200, {"text/plain": _TEXT}),
    "description": Operation("This description", 200, {replies.JSON: _OBJECT}),
}
"""By the names that the routes have for what answers them."""
_ALWAYS = (421, 500)
"""Problems of any route; 401 besides, of all that need a token."""


@cache
def describe(routes: tuple[tuple[str, str, str], ...], version: str) -> dict[str, Any]:
    """The description of routes: method, path, and name of the operation."""
    paths: dict[str, dict[str, Any]] = {}
    for method, path, name in routes:
        paths.setdefault(path, {})[method.lower()] = _operation(name, path)
    return {
        "openapi": "3.1.0",
        "info": {"title": "gangwei", "version": version, "summary": "Raw Chinese HR text in, role records out."},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {"RoleDocument": orjson.loads(json_schema()), **_decisions(), **_SCHEMAS},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _decisions() -> dict[str, Any]:
    """The schema of a file of decisions, and those that it refers to."""
    schema = Decisions.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Decisions": schema}


def _operation(name: str, path: str) -> dict[str, Any]:
    told = OPERATIONS[name]
    needs = () if path in OPEN else (401,)
    answers = {str(told.status): {"description": told.summary, **_content(told.answer)}}
    for status in sorted({*told.problems, *_ALWAYS, *needs} - {told.status}):
        answers[str(status)] = _problem(name, status)
    if name == "new_batch":
        answers["303"] = {"description": "To the list of its pages, where a browser asks"}
    return {
        "operationId": name,
        "summary": told.summary,
        "parameters": [*_parameters(path), *({"name": n, "in": "query", "schema": _QUERY[n]} for n in told.query)],
        **({"requestBody": {"required": True, **_content(told.body)}} if told.body else {}),
        "responses": answers,
        **({"security": []} if path in OPEN else {}),
    }


def _problem(name: str, status: int) -> dict[str, Any]:
    if name == "health" and status == 503:
        return {"description": "No worker is ready", **_content({replies.JSON: _OBJECT})}
    return {"description": _PROBLEMS[status], **_content({problems.MEDIA_TYPE: _ref("Problem")})}


def _content(schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {kind: {"schema": schema} for kind, schema in schemas.items()}} if schemas else {}


def _parameters(path: str) -> Iterable[dict[str, Any]]:
    kinds = {"id": _TEXT, "number": {"type": "integer", "minimum": 1}}
    for name, schema in kinds.items():
        if f"{{{name}}}" in path:
            yield {"name": name, "in": "path", "required": True, "schema": schema}


_PROBLEMS = {
    400: "The body is malformed",
    401: "A token is needed",
    404: "There is no such thing (any more)",
    406: "Records are JSON or XML",
    408: "The body came too slowly",
    409: "Not all is parsed yet",
    412: "Others were kept by now",
    413: "Too large, or too many files",
    415: "The body is of a type that is not taken",
    421: "Without a token only requests to localhost are answered",
    422: "The document cannot be read or is over a limit, or the request does not hold what it must",
    429: "Too much is waiting; see Retry-After",
    500: "A fault of gangwei's own",
    501: "A package is missing in this installation",
    503: "The service is stopping",
    507: "The disk is full",
}

_COUNT = {"type": "integer", "minimum": 0}
_STAMP = {"type": "string", "format": "date-time"}
_SCHEMAS: dict[str, Any] = {
    "Text": {
        "type": "object",
        "properties": {"text": _TEXT, "name": {**_NAME, "default": "text"}},
        "required": ["text"],
        "additionalProperties": False,
    },
    "Problem": {
        "type": "object",
        "properties": {
            "type": {"type": "string", "pattern": "^urn:gangwei:problem:[a-z-]+$"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "instance": {"type": "string", "pattern": "^urn:gangwei:request:"},
        },
        "required": ["type", "title", "status", "detail"],
    },
    "Entry": {
        "type": "object",
        "properties": {
            "number": {"type": "integer", "minimum": 1},
            "name": _TEXT,
            "bytes": _COUNT,
            "state": {"enum": [state.value for state in State]},
            "problem": _ref("Problem"),
        },
        "required": ["number", "name", "bytes", "state"],
    },
    "Batch": {
        "type": "object",
        "properties": {
            "id": _TEXT,
            "created": _STAMP,
            "expires": _STAMP,
            "finished": {"type": "boolean"},
            "documents": _COUNT,
            **{state.value: _COUNT for state in State},
            "entries": {"type": "array", "items": _ref("Entry")},
        },
        "required": ["id", "created", "expires", "finished", "documents", *(s.value for s in State), "entries"],
    },
}
