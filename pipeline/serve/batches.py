"""Batches on their way through the pool, behind the documents that clients wait for."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress

from pipeline.errors import PipelineError, WriteError
from pipeline.serve import problems
from pipeline.serve.desk import Desk
from pipeline.serve.intake import Upload
from pipeline.serve.logs import tell
from pipeline.serve.pool import LATER
from pipeline.serve.problems import Problem, Refusal
from pipeline.serve.store import Batch, Entry, State, Store
from pipeline.serve.work import Answer

FORMATS = ("json", "xml")
"""What is made of each document of a batch."""
_SHORTEST, _LONGEST = 0.05, 30.0
"""Seconds between looks for batches that were kept long enough."""


class Batches:
    """What is being done about the batches of a store; used by the thread of the event loop."""

    def __init__(self, store: Store, desk: Desk, age: float) -> None:
        self._store = store
        self._desk = desk
        self._pause = max(_SHORTEST, min(_LONGEST, age / 4))
        self._futures: dict[str, list[Future[Answer]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, batch: Batch) -> None:
        """Hand the documents of a batch that are not done to the pool, and see to what becomes of them."""
        todo = [entry for entry in batch.entries if self._store.state(batch, entry.number) is State.WAITING]
        uploads = (Upload(batch.folder_of(entry.number), entry.name, False, entry.bytes) for entry in todo)
        futures = [self._desk.submit(upload, FORMATS, LATER, kept=True) for upload in uploads]
        self._futures[batch.id] = futures
        task = asyncio.create_task(self._see_through(batch, todo, futures))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _see_through(self, batch: Batch, todo: Sequence[Entry], futures: Sequence[Future[Answer]]) -> None:
        await asyncio.gather(*(self._one(batch, entry, future) for entry, future in zip(todo, futures, strict=True)))
        self._futures.pop(batch.id, None)
        if not self._store.holds(batch):
            await asyncio.to_thread(shutil.rmtree, batch.folder, ignore_errors=True)

    async def _one(self, batch: Batch, entry: Entry, future: Future[Answer]) -> None:
        """Note what becomes of a document, unless it was withdrawn or the service ends first."""
        problem: Problem | None = None
        try:
            await self._desk.result(future, f"batch {batch.id}")
        except PipelineError as error:
            problem = problems.of_error(error)
        except (Refusal, asyncio.CancelledError):
            return
        try:
            self._store.note(batch, entry.number, problem)
        except WriteError:
            tell("log", level="error", message="a reason could not be written", request=f"batch {batch.id}")

    async def drop(self, batch: Batch) -> None:
        """Withdraw what waits, and remove the batch once nobody works on it."""
        self._store.remove(batch)
        futures = self._futures.get(batch.id)
        if futures is None:
            await asyncio.to_thread(shutil.rmtree, batch.folder, ignore_errors=True)
        for future in futures or ():
            future.cancel()

    async def sweep(self) -> None:
        """Drop batches that were kept long enough, for ever."""
        while True:
            for batch in self._store.expired():
                await self.drop(batch)
            await asyncio.sleep(self._pause)

    async def finish(self) -> None:
        """Wait for what was begun, once the pool is closed."""
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)
