"""Streams of lines in files: plain, or packed as gzip or Zstandard, as the file's name says."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from pipeline.errors import LimitError, MissingPackageError, PipelineError, ReadError, WriteError
from pipeline.names import STDIO
from pipeline.outputs import temporary

GZIP, ZSTD = ".gz", ".zst"
PARTIAL = ".partial"
_CHUNK = 1 << 16
_PACKED = 1 << 10
"""Bytes that are unpacked at a time: what is made to be packed well can become ten thousand times as many."""
_GZIP_LEVEL = 6
_MARK = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line as it stands in its file, without its end, or the error that stands for it; `number` is from 1."""

    where: str
    number: int
    data: bytes
    error: PipelineError | None = None

    @property
    def place(self) -> str:
        """File and number, for messages."""
        return f"{self.where}:{self.number}"


# -- in ---------------------------------------------------------------------------------------------------------------


def lines(path: Path, most: int) -> Iterator[Line]:
    """The lines of a file, or of standard input, that are not blank; one at a time is held, of `most` bytes at most.

    A line that is longer is passed over, and a LimitError stands for it. Where the file cannot be read on, a ReadError
    stands for the rest. Raises MissingPackageError where the packing needs a package that is not there.
    """
    if str(path) == STDIO:
        return lines_in(lambda: nullcontext(sys.stdin.buffer), "stdin", "", most)
    return lines_in(lambda: path.open("rb"), str(path), path.suffix, most)


def lines_in(
    open_raw: Callable[[], AbstractContextManager[IO[bytes]]], where: str, suffix: str, most: int, number: int = 0
) -> Iterator[Line]:
    """The lines of a stream as `lines` gives them: packed as `suffix` says, `where` in messages, behind line `number`."""
    try:
        with open_raw() as raw, unpacked(raw, suffix, where) as file:
            while data := file.readline(most + 1):
                number += 1
                if len(data) > most and not data.endswith(b"\n"):
                    while data and not data.endswith(b"\n"):
                        data = file.readline(_CHUNK)
                    yield Line(where, number, b"", LimitError(f"{where}:{number}: over the limit of {most:,} bytes"))
                    continue
                data = data.removeprefix(_MARK) if number == 1 else data
                if data := data.strip():
                    yield Line(where, number, data)
    except broken(suffix, where) as error:
        why = getattr(error, "strerror", None) or error
        yield Line(where, number + 1, b"", ReadError(f"{where}: cannot be read behind line {number}: {why}"))


def unpacked(raw: IO[bytes], suffix: str, where: str) -> AbstractContextManager[IO[bytes]]:
    """What a stream holds that is packed as `suffix` says; `where` is for the message of a MissingPackageError."""
    if suffix == GZIP:
        return cast(IO[bytes], gzip.GzipFile(fileobj=raw, mode="rb"))
    if suffix == ZSTD:
        return io.BufferedReader(_Zstandard(raw, where), _CHUNK)
    return nullcontext(raw)


class _Zstandard(io.RawIOBase):
    """The bytes that a Zstandard stream holds; unlike the package's own reader it tells when the stream breaks off."""

    def __init__(self, raw: IO[bytes], where: str) -> None:
        self._frames = _zstandard(where).ZstdDecompressor()
        self._raw = raw
        self._frame = self._frames.decompressobj()
        self._begun = False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next; 0 at the end. Raises EOFError within a frame, and ZstdError."""
        while not self._ready:
            data = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame, self._begun = self._frames.decompressobj(), False
            data = data or self._raw.read(_PACKED)
            if not data:
                if self._begun:
                    raise EOFError("the file ends within a frame")
                return 0
            self._begun = True
            self._ready = memoryview(self._frame.decompress(data))
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


def broken(suffix: str, where: str) -> tuple[type[Exception], ...]:
    """What reading a file raises when it is not there, or not packed as its name says."""
    known = (OSError, EOFError, ValueError, zlib.error)
    return (*known, _zstandard(where).ZstdError) if suffix == ZSTD else known


def _zstandard(where: object) -> Any:
    try:
        import zstandard
    except ImportError as error:
        raise MissingPackageError(f"{where}: needs the package zstandard: pip install 'gangwei[zst]'") from error
    return zstandard


# -- out --------------------------------------------------------------------------------------------------------------


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A stream into a file that is there once it is whole, or to standard output, packed as the name says.

    When the program is stopped, what was written so far is kept, whole lines of it, under the name with `.partial`.
    Raises WriteError and MissingPackageError.
    """
    if str(path) == STDIO:
        yield sys.stdout.buffer
        return
    with whole(path) as raw, packed(raw, path.suffix, path) as file:
        yield file


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file that is there once it is whole; kept as `.partial` when stopped. Raises WriteError."""
    part = temporary(path)
    try:
        with part.open("xb") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(part, path)
    except BaseException as error:
        with suppress(OSError):
            if isinstance(error, SystemExit | GeneratorExit):
                os.replace(part, path.with_name(path.name + PARTIAL))
            part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise WriteError(f"cannot write {error.filename or path}: {error.strerror}") from error
        raise


def packed(raw: IO[bytes], suffix: str, where: object) -> AbstractContextManager[IO[bytes]]:
    """A stream that packs as `suffix` says, without names and times, so that the same lines are the same bytes.

    `where` is for the message of a MissingPackageError.
    """
    if suffix == GZIP:
        return cast(IO[bytes], gzip.GzipFile("", "wb", _GZIP_LEVEL, raw, mtime=0))
    if suffix == ZSTD:
        writer: AbstractContextManager[IO[bytes]] = _zstandard(where).ZstdCompressor().stream_writer(raw, closefd=False)
        return writer
    return nullcontext(raw)
