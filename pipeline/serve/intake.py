"""Bodies of requests become files: a file as it is, files of a form, or a text within JSON."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request

from pipeline.limits import Limits
from pipeline.serve.problems import Refusal
from pipeline.serve.work import SOURCE

FORM = "multipart/form-data"
JSON = "application/json"
FILES = (
    "application/octet-stream",
    "application/pdf",
    "application/rtf",
    "application/msword",
    "application/xhtml+xml",
    "application/x-mimearchive",
    "application/x-ndjson",
    "application/vnd.ms-",
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
    "application/wps-office",
    "application/kswps",
    "application/kset",
    "image/",
    "message/rfc822",
    "multipart/related",
    "text/",
)
"""What the type of a file may begin with; what it is, its bytes say."""
_LONGEST = 255
"""Characters of a name."""


class Upload(NamedTuple):
    """A document that has come, in a folder of its own: its name, whether it is a text, its size in bytes."""

    folder: Path
    name: str
    is_text: bool
    size: int


async def one(request: Request, folder: Path, limits: Limits) -> Upload:
    """Write the document of a request to a folder. Raises Refusal (400, 413, 415, 422)."""
    kind = _type(request)
    if kind == FORM:
        return (await _forms(request, [folder], limits))[0]
    if kind == JSON:
        return _text(await request.body(), folder, limits)
    if not kind.startswith(FILES):
        raise _unsupported(kind, f"{FORM}, {JSON} with a text, or the type of a file that gangwei reads")
    return await _body(request, folder, limits)


async def several(request: Request, folder: Path, most: int, limits: Limits) -> list[Upload]:
    """Write the files of a form to folders of their own, numbered from 1. Raises Refusal (400, 413, 415, 422)."""
    kind = _type(request)
    if kind != FORM:
        raise _unsupported(kind, FORM)
    return await _forms(request, [folder / str(number) for number in range(1, most + 1)], limits)


async def in_json(request: Request, most: int) -> bytes:
    """A body of JSON, as it came. Raises Refusal (413, 415)."""
    kind = _type(request)
    if kind != JSON:
        raise _unsupported(kind, JSON)
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise Refusal("too-large", 413, f"the body is over the limit of {most:,} bytes", {"Connection": "close"})
    return bytes(found)


def _type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _unsupported(kind: str, wanted: str) -> Refusal:
    told = kind if kind.isascii() and kind.isprintable() and kind else "none"
    return Refusal("unsupported-type", 415, f"the type of the body is {told[:100]}; wanted: {wanted}")


async def _body(request: Request, folder: Path, limits: Limits) -> Upload:
    name = file_name(request.query_params.get("name", ""))
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    with (folder / SOURCE).open("xb") as file:
        async for chunk in request.stream():
            file.write(chunk)
            size += len(chunk)
    check_size(size, limits)
    return Upload(folder, name, False, size)


async def _forms(request: Request, folders: Sequence[Path], limits: Limits) -> list[Upload]:
    """The files of a form, each written to one of the folders."""
    async with request.form(max_files=len(folders) + 1, max_fields=1) as form:
        files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        if len(files) != len(form.multi_items()) or not files:
            raise Refusal("invalid", 422, "the form must hold files and nothing else")
        if len(files) > len(folders):
            raise Refusal("too-many-files", 413, f"more files than {len(folders)}")
        found = []
        for file, folder in zip(files, folders, strict=False):
            check_size(file.size or 0, limits)
            name = file_name(file.filename or "")
            await asyncio.to_thread(_copy, file.file, folder)
            found.append(Upload(folder, name, False, file.size or 0))
        return found


def _copy(file: BinaryIO, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / SOURCE).open("xb") as target:
        shutil.copyfileobj(file, target)


def _text(body: bytes, folder: Path, limits: Limits) -> Upload:
    """A text that came within JSON; its name is taken as it is, as that of a line of JSON lines is."""
    try:
        told: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refusal("malformed", 400, f"the body is no JSON: {error}") from error
    if not isinstance(told, dict) or not isinstance(told.get("text"), str) or told.keys() - {"text", "name"}:
        raise Refusal("invalid", 422, 'the body must be an object with a "text" and, if you like, a "name"')
    name = told.get("name", "text")
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST:
        raise Refusal("invalid", 422, f"the name must be a text of 1 to {_LONGEST} characters")
    data = told["text"].encode("utf-8")
    check_size(len(data), limits)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SOURCE).write_bytes(data)
    return Upload(folder, name, True, len(data))


def check_size(size: int, limits: Limits) -> None:
    """Raises Refusal (413) where a document is too large."""
    if size > limits.bytes:
        raise Refusal("too-large", 413, f"{size:,} bytes are over the limit of {limits.bytes:,}")


def file_name(told: str) -> str:
    """The name of a file without folders, whatever system it comes from. Raises Refusal (422) for a very long one."""
    name = told.replace("\\", "/").rpartition("/")[2]
    if len(name) > _LONGEST:
        raise Refusal("invalid", 422, f"the name of a file is longer than {_LONGEST} characters")
    return name if name.strip(". \0") else "document"
