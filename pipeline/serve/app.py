"""The routes, as one list, and what each does."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, Router

from pipeline.run import generator
from pipeline.serve import intake, metrics, openapi, replies
from pipeline.serve.batches import Batches
from pipeline.serve.bounds import Bounds
from pipeline.serve.desk import DOCUMENTS, Desk
from pipeline.serve.guard import Guard, Rules
from pipeline.serve.pool import Pool
from pipeline.serve.reviews import Reviews
from pipeline.serve.store import Batch, Entry, State, Store, problem_of, unfinished
from pipeline.serve.work import RECORD, SOURCE_TEXT, Manner
from pipeline.version import __version__

BATCHES = "/v1/batches"
ROUTES = (
    ("GET", "/", "start"),
    ("POST", DOCUMENTS, "document"),
    ("POST", BATCHES, "new_batch"),
    ("GET", f"{BATCHES}/{{id}}", "batch"),
    ("DELETE", f"{BATCHES}/{{id}}", "delete_batch"),
    ("GET", f"{BATCHES}/{{id}}/records", "records"),
    ("GET", f"{BATCHES}/{{id}}/records/{{number}}", "record"),
    ("GET", f"{BATCHES}/{{id}}/records/{{number}}/source", "source"),
    ("GET", f"{BATCHES}/{{id}}/review", "overview"),
    ("GET", f"{BATCHES}/{{id}}/records/{{number}}/review", "review"),
    ("GET", f"{BATCHES}/{{id}}/records/{{number}}/decisions", "decisions"),
    ("PUT", f"{BATCHES}/{{id}}/records/{{number}}/decisions", "decide"),
    ("POST", f"{BATCHES}/{{id}}/records/{{number}}/parse", "parse"),
    ("GET", "/healthz", "health"),
    ("GET", "/version", "version"),
    ("GET", "/metrics", "metrics"),
    ("GET", "/openapi.json", "description"),
)
"""Method, path, and what answers it: a method of Service or Reviews, and the operation of that name in
`openapi`."""
REVIEWS = ("start", "overview", "review", "decisions", "decide", "parse")
"""Those of Reviews."""
_OVERHEAD = 65_536
"""Bytes that a form, or the JSON around a text, may take beside the document."""


class Parts(NamedTuple):
    """What the service is made of."""

    pool: Pool
    store: Store
    scratch: Path
    manner: Manner
    bounds: Bounds


class Service:
    """What answers requests; used by the thread of the event loop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = parts.store
        self._metrics = metrics.Metrics()
        self._desk = Desk(parts.pool, self._metrics, parts.bounds)
        self._reviews = Reviews(parts.store, self._desk)
        self._batches = Batches(parts.store, self._desk, parts.bounds.age)

    def guarded(self, token: str | None, local: bool) -> Guard:
        """The application: these routes behind the guard."""
        answers = [
            (method, path, getattr(self._reviews if name in REVIEWS else self, name)) for method, path, name in ROUTES
        ]
        routes = [Route(path, answer, methods=[method]) for method, path, answer in answers]
        paths = {answer: path for _, path, answer in answers}
        bounds = self._parts.bounds
        most = {"": self._parts.manner.limits.bytes + _OVERHEAD, BATCHES: bounds.bytes}
        router = Router(routes, redirect_slashes=False, lifespan=self._lifespan)
        return Guard(
            router,
            Rules(token, local, most, bounds.body, max(bounds.held, 2 * max(most.values()))),
            self._metrics,
            paths.get,
        )

    @asynccontextmanager
    async def _lifespan(self, _app: Any) -> AsyncIterator[None]:
        for batch in self._store.held():
            self._batches.follow(batch)
        sweeping = asyncio.create_task(self._batches.sweep())
        try:
            yield
        finally:
            sweeping.cancel()
            await asyncio.to_thread(self._parts.pool.close)
            await self._batches.finish()

    # -- documents ----------------------------------------------------------------------------------------------------

    async def document(self, request: Request) -> Response:
        """The record of the document that the request holds."""
        name = replies.record_format(request.headers.get("accept", ""))
        with self._desk.place():
            folder = self._parts.scratch / secrets.token_hex(16)
            try:
                upload = await intake.one(request, folder, self._parts.manner.limits)
                answer = await self._desk.result(self._desk.submit(upload, (name,)), request.state.request_id)
            finally:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        return replies.record(answer.written[f".{name}"], name)

    # -- batches ------------------------------------------------------------------------------------------------------

    async def new_batch(self, request: Request) -> Response:
        """Take several files, to be parsed one by one."""
        folder = self._store.reserve()
        try:
            found = await intake.several(request, folder, self._parts.bounds.files, self._parts.manner.limits)
            entries = tuple(Entry(number, upload.name, upload.size) for number, upload in enumerate(found, 1))
            batch = self._store.add(folder, entries)
        except BaseException:
            self._store.give_up(folder)
            raise
        self._batches.follow(batch)
        where = f"{BATCHES}/{batch.id}"
        if replies.wants_page(request.headers.get("accept", "")):
            return Response(None, 303, {"Location": f"{where}/review"})
        return replies.in_json(self._told(batch), 202, {"Location": where})

    async def batch(self, request: Request) -> Response:
        """How far a batch is."""
        return replies.in_json(self._told(self._batch(request)))

    async def delete_batch(self, request: Request) -> Response:
        """Withdraw and remove a batch."""
        await self._batches.drop(self._batch(request))
        return Response(status_code=204)

    async def records(self, request: Request) -> Response:
        """All records of a finished batch, one a line; documents that failed have none."""
        batch = self._batch(request)
        if self._store.counts(batch)[State.WAITING]:
            raise unfinished()
        parsed = [e.number for e in batch.entries if self._store.state(batch, e.number) is State.PARSED]
        return StreamingResponse(_lines(batch, parsed), media_type=replies.LINES)

    async def record(self, request: Request) -> Response:
        """One record of a batch."""
        name = replies.record_format(request.headers.get("accept", ""), request.query_params.get("format"))
        _, folder, _ = self._store.parsed(request.path_params["id"], request.path_params["number"])
        return replies.record(await replies.stored(folder / f"{RECORD}.{name}"), name)

    async def source(self, request: Request) -> Response:
        """The source text that the spans of a record count in."""
        _, folder, _ = self._store.parsed(request.path_params["id"], request.path_params["number"])
        return Response(await replies.stored(folder / (RECORD + SOURCE_TEXT)), media_type="text/plain; charset=utf-8")

    def _batch(self, request: Request) -> Batch:
        return self._store.get(request.path_params["id"])

    def _told(self, batch: Batch) -> dict[str, Any]:
        counts = self._store.counts(batch)
        return {
            "id": batch.id,
            "created": _time(batch.created),
            "expires": _time(self._store.expires(batch)),
            "finished": not counts[State.WAITING],
            "documents": len(batch.entries),
            **{state.value: counts[state] for state in State},
            "entries": [self._entry(batch, entry) for entry in batch.entries],
        }

    def _entry(self, batch: Batch, entry: Entry) -> dict[str, Any]:
        state = self._store.state(batch, entry.number)
        told = {"number": entry.number, "name": entry.name, "bytes": entry.bytes, "state": state.value}
        if state is State.FAILED:
            with suppress(OSError, ValueError, KeyError):
                told["problem"] = orjson.loads(problem_of(batch, entry.number).as_json())
        return told

    # -- about the service --------------------------------------------------------------------------------------------

    async def health(self, _request: Request) -> Response:
        """Whether documents can be parsed."""
        ready = self._parts.pool.ready
        return replies.in_json({"status": "ok" if ready else "starting"}, 200 if ready else 503)

    async def version(self, _request: Request) -> Response:
        """What records say of the program that makes them."""
        return replies.in_json(generator().model_dump())

    async def metrics(self, _request: Request) -> Response:
        """Figures for Prometheus."""
        pool = self._parts.pool
        gauges = {
            "gangwei_workers_alive": ("Worker processes that are ready.", float(pool.ready)),
            "gangwei_workers": ("Worker processes wanted.", float(pool.count)),
            "gangwei_queue_length": ("Documents that wait for a worker.", float(pool.waiting)),
            "gangwei_batches": ("Batches that are held.", float(len(self._store))),
        }
        return Response(self._metrics.text(gauges), media_type=metrics.MEDIA_TYPE)

    async def description(self, _request: Request) -> Response:
        """The OpenAPI description of these routes."""
        return replies.in_json(openapi.describe(ROUTES, __version__))


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


async def _lines(batch: Batch, numbers: list[int]) -> AsyncIterator[bytes]:
    """Records as lines, the same as `gangwei parse --lines` writes."""
    for number in numbers:
        data = await replies.stored(batch.folder_of(number) / f"{RECORD}.json")
        yield orjson.dumps(orjson.loads(data), option=orjson.OPT_APPEND_NEWLINE)
