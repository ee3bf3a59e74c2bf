"""What holds for all requests: who may ask, how much may come, and that each one ends with an answer and a log line."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.errors import PipelineError
from pipeline.serve import problems, replies
from pipeline.serve.logs import tell
from pipeline.serve.metrics import Metrics
from pipeline.serve.problems import Problem, Refusal

OPEN = ("/healthz",)
"""What is answered without a token."""
_LOCAL = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_UNMATCHED = "unmatched"
_GONE = 499
"""Logged where the client went away before its answer; nothing is sent."""
_ORIGIN = re.compile(rf"(https?://{_LOCAL.pattern})?", re.ASCII)
_LINGER = 1.0
"""Seconds in which the rest of a body that was refused is let come, so that its sender gets to read the answer."""
_DIGITS = 20
"""Digits of a length that are looked at."""
_METHODS = ("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS")
_HTTP = {404: "not-found", 405: "method-not-allowed"}


@dataclass(frozen=True, slots=True)
class Rules:
    """Whom and what the guard lets in.

    `token`: what clients must know, if anything. `local`: only requests to this machine by name, without which a web page
    in a browser of this machine could ask by a name of its own. `most` bytes of a body, by path, and of all others
    under ""; `seconds` in which it must have come; `held` bytes of all bodies whose requests are not answered yet.
    """

    token: str | None
    local: bool
    most: Mapping[str, int]
    seconds: float
    held: int


class Guard:
    """An ASGI application around another one; `route_of` is the route that was found for a scope."""

    def __init__(self, app: ASGIApp, rules: Rules, metrics: Metrics, route_of: Callable[[Any], str | None]) -> None:
        self._app = app
        self._rules = rules
        self._metrics = metrics
        self._route_of = route_of
        self._token = hashlib.sha256(rules.token.encode()).digest() if rules.token else None
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, from the first check to the line in the log."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._most(scope["path"]), self._rules.seconds, self._claim)
        scope["app"] = self  # by which the router knows that somebody turns its exceptions into answers
        scope["state"] = {**scope.get("state", {}), "request_id": exchange.id}
        try:
            await self._handle(scope, exchange)
        finally:
            self._held -= exchange.received
            self._note(scope, exchange)

    async def _handle(self, scope: Scope, exchange: _Exchange) -> None:
        try:
            self._admit(scope["path"], exchange)
            await self._app(scope, exchange.receive, exchange.send)
            return
        except ClientDisconnect:
            exchange.status = exchange.status or _GONE
            return
        except Exception as error:
            problem = _problem_of(error)
        if not exchange.status:  # else the server breaks the connection off, which tells the client
            await exchange.linger()
            await replies.problem(problem, exchange.id)(scope, exchange.receive, exchange.send)

    def _admit(self, path: str, exchange: _Exchange) -> None:
        """Raises Refusal (401, 413, 421) for what is not let in."""
        ours = _LOCAL.fullmatch(exchange.header(b"host")) and _ORIGIN.fullmatch(exchange.header(b"origin"))
        if self._rules.local and not ours:
            raise Refusal("misdirected", 421, "without a token only requests to localhost are answered")
        if self._token is not None and path not in OPEN:
            digest = hashlib.sha256(_given(exchange).encode("utf-8", "surrogateescape")).digest()
            if not hmac.compare_digest(digest, self._token):
                raise Refusal("unauthorised", 401, "a token is needed: Authorization: Bearer TOKEN")
        exchange.check_length()

    def _claim(self, size: int) -> None:
        """Count bytes that have come. Raises Refusal (429) where all requests together hold too many."""
        self._held += size
        if self._held > self._rules.held:
            raise Refusal("busy", 429, "too much is held; come back later", {"Retry-After": "5", "Connection": "close"})

    def _most(self, path: str) -> int:
        return self._rules.most.get(path, self._rules.most[""])

    def _note(self, scope: Scope, exchange: _Exchange) -> None:
        route = self._route_of(scope.get("endpoint")) or _UNMATCHED
        method = scope["method"] if scope["method"] in _METHODS else "other"
        seconds = time.monotonic() - exchange.began
        self._metrics.request(route, method, exchange.status, seconds)
        tell(
            "request",
            route=route,
            method=method,
            status=exchange.status,
            received=exchange.received,
            bytes=exchange.sent,
            seconds=round(seconds, 4),
            request=exchange.id,
        )


def _given(exchange: _Exchange) -> str:
    """The token that a request sends: as such, or as the password that a browser asks its user for.

    Browsers send the latter along with all requests to the host, also with those that pages of others make: these say
    where they come from.
    """
    scheme, _, given = exchange.header(b"authorization").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    origin, host = exchange.header(b"origin"), exchange.header(b"host")
    if scheme.lower() != "basic" or (origin and origin.partition("://")[2] != host):
        return ""
    try:
        return base64.b64decode(given.strip(), validate=True).decode("utf-8").partition(":")[2]
    except ValueError:
        return ""


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Refusal):
        return error.problem
    if isinstance(error, PipelineError):
        return problems.of_error(error)
    if isinstance(error, HTTPException):
        name = _HTTP.get(error.status_code, "malformed")
        return Problem(name, error.status_code, str(error.detail), error.headers or {})
    tell("log", level="error", message="a request failed", error=type(error).__name__)
    return Problem("internal", 500, f"internal error: {type(error).__name__}")


class _Exchange:
    """One request and its answer: what has come, what has gone, within which bounds."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, most: int, seconds: float, claim: Callable[[int], None]
    ) -> None:
        self.began = time.monotonic()
        self.status = self.received = self.sent = 0
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        self._receive = receive
        self._send = send
        self._most = most
        self._seconds = seconds
        self._claim = claim
        self._complete = False
        given = self.header(b"x-request-id")
        self.id = given if _ID.fullmatch(given) else secrets.token_hex(8)

    def header(self, name: bytes) -> str:
        """A header of the request, or nothing."""
        return self._headers.get(name, b"").decode("latin-1")

    def check_length(self) -> None:
        """Raises Refusal (413) where the request says itself that it is too large."""
        length = self.header(b"content-length")
        if length.isascii() and length.isdigit() and int(length[:_DIGITS]) > self._most:
            raise self._too_large()

    def _too_large(self) -> Refusal:
        return Refusal("too-large", 413, f"the body is over the limit of {self._most:,} bytes", {"Connection": "close"})

    async def receive(self) -> Message:
        """What comes next. Raises Refusal where it is too much (413) or comes too late (408)."""
        if self._complete:
            return await self._receive()
        left = self.began + self._seconds - time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, left))
        except TimeoutError as error:
            raise Refusal(
                "slow", 408, f"the body took longer than {self._seconds:g} s", {"Connection": "close"}
            ) from error
        size = len(message.get("body", b""))
        self.received += size
        self._complete = not message.get("more_body", False)
        self._claim(size)
        if self.received > self._most:
            raise self._too_large()
        return message

    async def linger(self) -> None:
        """Let the rest of the body come, for a moment; a client that waits for a sign to send it gets none."""
        if self.header(b"expect") and not self.received:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                while not self._complete:
                    self._complete = not (await self._receive()).get("more_body", False)

    async def send(self, message: Message) -> None:
        """Send on, with the headers that all answers have."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            ours = {
                b"x-request-id": self.id.encode(),
                b"cache-control": b"no-store",
                b"x-content-type-options": b"nosniff",
            }
            message["headers"] = [*message.get("headers", ()), *ours.items()]
        self.sent += len(message.get("body", b""))
        await self._send(message)
