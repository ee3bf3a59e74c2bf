"""Errors as clients see them: application/problem+json (RFC 9457), a stable `type` for each class of error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from pipeline.errors import LimitError, MissingPackageError, PipelineError, ReadError, WriteError
from pipeline.names import readable

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:gangwei:problem:"
_OF_ERRORS: tuple[tuple[type[PipelineError], int], ...] = (
    (ReadError, 422),
    (LimitError, 422),
    (MissingPackageError, 501),
    (WriteError, 507),
    (PipelineError, 500),
)
"""The status of each class of error and those below it; the first that fits. What is no fault of the document is 5xx."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong with a request or a document: the end of its `type`, the status, and one line that says why."""

    name: str
    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self, instance: str = "") -> bytes:
        """The body of the answer; `instance` is the id of the request."""
        told = {
            "type": _TYPE + self.name,
            "title": self.name.replace("-", " "),
            "status": self.status,
            "detail": self.detail,
            **({"instance": f"urn:gangwei:request:{instance}"} if instance else {}),
        }
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


class Refusal(Exception):
    """Ends the handling of a request with a problem for its answer."""

    def __init__(self, name: str, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.problem = Problem(name, status, detail, headers or {})


def of_error(error: PipelineError) -> Problem:
    """The problem that an error of gangwei is: ReadError is "read", NoTextError "no-text", PipelineError "pipeline"."""
    status = next(status for kind, status in _OF_ERRORS if isinstance(error, kind))
    detail = " ".join(readable(str(error)).encode("utf-8", "backslashreplace").decode().split())
    return Problem(name_of(type(error)), status, detail)


def name_of(kind: type[PipelineError]) -> str:
    """The end of the `type` that a class of errors has."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__.removesuffix("Error")).lower()


def of_json(data: bytes) -> Problem:
    """The problem that `as_json` wrote. Raises ValueError and KeyError where it is none."""
    told = orjson.loads(data)
    return Problem(told["type"].removeprefix(_TYPE), told["status"], told["detail"])
