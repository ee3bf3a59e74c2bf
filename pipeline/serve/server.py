"""The process of the service: how it starts, listens and ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from pipeline.batch import STAGES, prepare
from pipeline.errors import WriteError
from pipeline.serve import logs
from pipeline.serve.app import Parts, Service
from pipeline.serve.bounds import Bounds
from pipeline.serve.pool import Pool
from pipeline.serve.store import Store
from pipeline.serve.work import Manner, work

_BACKLOG = 512
"""Connections that the system holds until they are taken."""
_CONNECTIONS = 1000
"""Connections that are held at a time."""
_LAST_WORDS = 3
"""Seconds in which requests that are given up are told so."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service listens, what clients must know, how many processes work, and where batches are kept.

    `local` says that `host` is this machine alone; without a `store`, batches go with the process.
    """

    host: str
    port: int
    token: str | None
    local: bool
    count: int
    store: Path | None = None
    bounds: Bounds = field(default_factory=Bounds)


def listen(host: str, port: int) -> socket.socket:
    """A socket that is bound. Raises OSError, which says to what it could not be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise OSError(error.errno, os.strerror(error.errno or 0), f"{host}:{port}") from error


def serve(bound: socket.socket, place: Place, manner: Manner) -> None:
    """Answer requests until a signal says that it is enough. Raises WriteError where there is no place for batches."""
    logs.take_over()
    with ExitStack() as stack:
        stack.callback(logs.tell, "stopped")
        try:
            scratch = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="gangwei-", ignore_cleanup_errors=True))
            )
        except OSError as error:
            raise WriteError(f"no temporary folder: {error}") from error
        pool = Pool(partial(work, manner=manner), place.count, manner.limits, STAGES, prepare)
        stack.callback(pool.close)
        store = Store(place.store or scratch / "batches", place.bounds)
        store.load()
        service = Service(Parts(pool, store, scratch / "documents", manner, place.bounds))
        app = service.guarded(place.token, place.local and place.token is None)
        stack.enter_context(_hanging_up())
        pool.start()
        host, port = bound.getsockname()[:2]
        logs.tell("listening", host=host, port=port, workers=place.count)
        _Server(_config(app, place.bounds), pool.close, place.bounds.grace).run(sockets=[bound])


@contextmanager
def _hanging_up() -> Iterator[None]:
    """Within, a terminal that goes away ends the service as SIGTERM does; where that is to be ignored, it stays so."""
    number = getattr(signal, "SIGHUP", None)
    if number is None or signal.getsignal(number) is signal.SIG_IGN:
        yield
        return
    before = signal.signal(number, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(number, before)


def _config(app: Any, bounds: Bounds) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=max(1, round(bounds.grace) + _LAST_WORDS),
    )


_ENDING = (signal.SIGINT, signal.SIGTERM)
"""Signals that end the service. They are not held back but noted: another thread would take them all the same."""


class _Server(uvicorn.Server):
    """A server that gives up documents in work when the grace time is over, so that their clients get an answer."""

    def __init__(self, config: uvicorn.Config, give_up: Callable[[], None], grace: float) -> None:
        super().__init__(config)
        self._give_up = give_up
        self._grace = grace
        self._before: dict[signal.Signals, Any] = {}
        self._early: list[int] = []

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal says that it is enough. One that comes before there is a loop waits until there is."""
        self._before = {number: signal.signal(number, self._note) for number in _ENDING}
        super().run(sockets)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._early.append(number)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Within, signals end the loop in order."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        with super().capture_signals():
            for early in self._early:
                signal.raise_signal(early)
            yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, and end those that are there in good time."""
        task = asyncio.create_task(self._after_grace())
        try:
            await super().shutdown(sockets)
        finally:
            task.cancel()

    async def _after_grace(self) -> None:
        await asyncio.sleep(self._grace)
        await asyncio.to_thread(self._give_up)
