"""Documents on their way through the pool: how many may wait, how long they took, what became of them."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import PipelineError, SourceError
from pipeline.serve import problems
from pipeline.serve.bounds import Bounds
from pipeline.serve.intake import Upload
from pipeline.serve.logs import tell
from pipeline.serve.metrics import Metrics
from pipeline.serve.pages import HTML
from pipeline.serve.pool import SOON, Pool, PoolClosedError
from pipeline.serve.problems import Refusal
from pipeline.serve.work import Answer, Ask, Wanted
from pipeline.workers import Task

DOCUMENTS = "/v1/documents"
_LONGEST_WAIT = 60
"""Seconds after which a client that was sent away is to come back, at most."""


class Desk:
    """Takes documents to the pool and tells of them; used by the thread of the event loop."""

    def __init__(self, pool: Pool, metrics: Metrics, bounds: Bounds) -> None:
        self.pool = pool
        self._metrics = metrics
        self._bounds = bounds
        self._open = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for a request whose client waits for a record. Raises Refusal (429) where none is free."""
        if self._open >= self.pool.count + self._bounds.queue:
            seconds = math.ceil(self._metrics.mean(DOCUMENTS))
            after = {"Retry-After": str(max(1, min(_LONGEST_WAIT, seconds)))}
            raise Refusal("busy", 429, "too many documents are waiting; come back later", after)
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    def submit(self, upload: Upload, formats: tuple[str, ...], rank: int = SOON, kept: bool = False) -> Future[Answer]:
        """What becomes of a document, to be waited for with `result`. Raises Refusal (503) when the pool is closed."""
        return self._submit(Ask(upload.folder, upload.name, upload.is_text, formats, kept), upload.size, rank)

    def _submit(self, ask: Ask, size: int, rank: int = SOON) -> Future[Answer]:
        try:
            return self.pool.submit(Task(ask, ask.name, size), rank)
        except PoolClosedError as error:
            raise stopping() from error

    async def result(self, future: Future[Answer], request: str) -> Answer:
        """What was made of a document, counted and logged; `request` is the id that the log names.

        Raises PipelineErrors, CancelledError where the document was withdrawn, Refusal (503) when the pool is closed.
        """
        began, outcome, characters = time.monotonic(), "withdrawn", 0
        try:
            answer = await _told(future)
            outcome, characters = "parsed", answer.characters
            return answer
        except PipelineError as error:
            outcome = problems.name_of(type(error))
            raise
        finally:
            seconds = time.monotonic() - began
            self._metrics.document(outcome, seconds, characters)
            tell("document", outcome=outcome, characters=characters or None, seconds=round(seconds, 4), request=request)

    async def page(self, folder: Path, name: str, wanted: Wanted) -> bytes:
        """A page of what was parsed before. Raises as `result` does, but SourceError is a 404."""
        try:
            answer = await _told(self._submit(Ask(folder, name, False, (), wanted=wanted), 0))
        except SourceError as error:
            raise Refusal("not-found", 404, str(error)) from error
        return answer.written[HTML]


async def _told(future: Future[Answer]) -> Answer:
    try:
        return await asyncio.wrap_future(future)
    except PoolClosedError as error:
        raise stopping() from error


def stopping() -> Refusal:
    """What is said while the service ends."""
    return Refusal("stopping", 503, "the service is stopping", {"Retry-After": "5"})
