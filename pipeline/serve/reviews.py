"""What people do in a browser: hand in files, look at pages, decide, and have documents parsed anew by what they decided."""

from __future__ import annotations

import asyncio
import shutil

from starlette.requests import Request
from starlette.responses import Response

from pipeline.serve import intake, kept, pages, replies
from pipeline.serve.batches import FORMATS
from pipeline.serve.desk import Desk
from pipeline.serve.intake import Upload
from pipeline.serve.store import Store
from pipeline.serve.work import RECORD, SOURCE_TEXT, Wanted


class Reviews:
    """The routes for it; used by the thread of the event loop."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def start(self, _request: Request) -> Response:
        """The page on which files are handed in."""
        return replies.page(await asyncio.to_thread(pages.start))

    async def overview(self, request: Request) -> Response:
        """The list of a batch's review pages."""
        batch = self._store.get(request.path_params["id"])
        with self._desk.place():
            return replies.page(await self._desk.page(batch.folder, f"batch {batch.id}", Wanted.LIST))

    async def review(self, request: Request) -> Response:
        """The review page of a record."""
        _, folder, entry = self._store.parsed(request.path_params["id"], request.path_params["number"])
        with self._desk.place():
            return replies.page(await self._desk.page(folder, entry.name, Wanted.PAGE))

    async def decisions(self, request: Request) -> Response:
        """The decisions that are kept about a document."""
        _, folder, entry = self._store.parsed(request.path_params["id"], request.path_params["number"])
        text = await replies.stored(folder / (RECORD + SOURCE_TEXT))
        name = entry.name.rpartition(".")[0] or entry.name
        saved = await asyncio.to_thread(kept.found, folder, name, len(text.decode("utf-8")))
        return Response(saved.data, 200, {"ETag": saved.tag}, replies.JSON)

    async def decide(self, request: Request) -> Response:
        """Replace the decisions that are kept about a document, where nobody else did so since they were looked at."""
        _, folder, _ = self._store.parsed(request.path_params["id"], request.path_params["number"])
        data = await intake.in_json(request, kept.MOST)
        match = request.headers.get("if-match", "").strip()
        try:
            tag = await asyncio.to_thread(kept.keep, folder, data, "" if match == "*" else match)
        except FileNotFoundError as error:
            raise replies.removed() from error
        return Response(None, 204, {"ETag": tag})

    async def parse(self, request: Request) -> Response:
        """Parse a document anew by the decisions that are kept about it, and answer with the record."""
        name = replies.record_format(request.headers.get("accept", ""))
        batch, folder, entry = self._store.parsed(request.path_params["id"], request.path_params["number"])
        with self._desk.place():
            upload = Upload(folder, entry.name, False, entry.bytes)
            await self._desk.result(self._desk.submit(upload, FORMATS, kept=True), request.state.request_id)
        if not self._store.holds(batch):
            await asyncio.to_thread(shutil.rmtree, batch.folder, ignore_errors=True)
            raise replies.removed()
        return replies.record(await replies.stored(folder / f"{RECORD}.{name}"), name)
