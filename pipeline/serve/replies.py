"""Which format a client wants, and answers in it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from starlette.responses import Response

from pipeline.serve.problems import MEDIA_TYPE as PROBLEM
from pipeline.serve.problems import Problem, Refusal

JSON = "application/json"
LINES = "application/x-ndjson"
RECORDS = {"json": (JSON,), "xml": ("application/xml", "text/xml")}
"""The media types of records, by format; the first one is said in answers."""

_CHALLENGES = ('Bearer realm="gangwei"', 'Basic realm="gangwei", charset="UTF-8"')
"""How a token can be given; each in a header of its own, since browsers do not look for a second one in a header."""


def record_format(accept: str, named: str | None = None) -> str:
    """The format of records, "json" or "xml", that a client names in its query, or else prefers by its Accept header.

    Raises Refusal (406) where it takes neither.
    """
    if named in RECORDS:
        return named
    offers = {media: name for name, kinds in RECORDS.items() for media in kinds}
    wanted = _best(accept or "*/*", list(offers))
    if wanted is None:
        told = " or ".join(kinds[0] for kinds in RECORDS.values())
        raise Refusal("not-acceptable", 406, f"records are {told}")
    return offers[wanted]


def _best(accept: str, offers: Sequence[str]) -> str | None:
    """The offer that weighs most, the first of equals; None where all weigh nothing."""
    ranges = list(_ranges(accept))
    weights = [max(((len(kind), q) for kind, q in ranges if _fits(kind, offer)), default=(0, 0.0)) for offer in offers]
    best = max(range(len(offers)), key=lambda n: (weights[n][1], -n))
    return offers[best] if weights[best][1] > 0 else None


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Media ranges without their stars, so that the longer one is the more specific, and their weights."""
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            yield kind.replace("*", ""), float(weight)
        except ValueError:
            yield kind.replace("*", ""), 0.0


def _fits(kind: str, offer: str) -> bool:
    return kind == offer or kind == "/" or (kind.endswith("/") and offer.startswith(kind))


def in_json(told: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer of the service itself."""
    return Response(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE), status, headers, JSON)


def record(data: bytes, name: str) -> Response:
    """A record in a format of RECORDS, as it is, to the byte."""
    return Response(data, media_type=RECORDS[name][0])


def page(data: bytes) -> Response:
    """A page for people, which no other page may frame."""
    return Response(data, 200, {"X-Frame-Options": "DENY"}, "text/html; charset=utf-8")


def wants_page(accept: str) -> bool:
    """Whether a browser asks, and not a program."""
    return _best(accept or "*/*", [JSON, "text/html"]) == "text/html"


async def stored(path: Path) -> bytes:
    """A file of a batch. Raises Refusal (404) where the batch was removed meanwhile."""
    try:
        return await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError as error:
        raise removed() from error


def removed() -> Refusal:
    """What is said of a batch that went while it was looked at."""
    return Refusal("not-found", 404, "the batch was removed meanwhile")


def problem(found: Problem, request: str) -> Response:
    """The answer that a problem is; `request` is the id of the request."""
    answer = Response(found.as_json(request), found.status, dict(found.headers), PROBLEM)
    if found.status == 401:
        for challenge in _CHALLENGES:
            answer.headers.append("WWW-Authenticate", challenge)
    return answer
