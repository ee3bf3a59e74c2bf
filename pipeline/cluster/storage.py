"""Files on any file system that pyarrow knows: what is read, and whole files in an output folder."""

from __future__ import annotations

import io
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from pipeline import outputs
from pipeline.cluster.plan import UnitOutcome
from pipeline.errors import MissingPackageError, PipelineError, ReadError

RECORDS, SOURCES, QUARANTINE, DONE = "records", "sources", "quarantine", ".gangwei"
"""Folders below the output folder; the last one holds a mark for each unit that is finished."""
_OBJECT_STORES = ("s3", "gcs", "abfs")
"""File systems on which a file is there once it is whole, and moving one is copying it."""
_PART = ".gangwei-"


@dataclass(frozen=True, slots=True)
class Place:
    """A path on a file system of pyarrow."""

    filesystem: Any
    path: str

    @property
    def is_local(self) -> bool:
        """Whether it is on the disk of this machine, or on one that looks so."""
        return bool(self.filesystem.type_name == "local")


def place(location: str, filesystem: Any = None) -> Place:
    """Where a path or URI leads: on the file system, else to that of the URI, else to the disk.

    Raises ReadError for a URI that leads nowhere, MissingPackageError without pyarrow.
    """
    try:
        from pyarrow import ArrowException, fs
    except ImportError as error:
        raise MissingPackageError(f"{location}: needs the package pyarrow: pip install 'gangwei[ray]'") from error
    if filesystem is not None:
        return Place(filesystem, location)
    if "://" not in location:
        return Place(fs.LocalFileSystem(), os.path.abspath(location))
    try:
        return Place(*fs.FileSystem.from_uri(location))
    except (ArrowException, OSError, ValueError) as error:
        raise ReadError(f"{location}: {error}") from error


@contextmanager
def reading(place: Place) -> Iterator[IO[bytes]]:
    """The bytes of a file, in which one can go to and fro. Raises OSError."""
    with place.filesystem.open_input_file(place.path) as raw, io.BufferedReader(cast(Any, raw)) as file:
        yield cast(IO[bytes], file)


class Store:
    """An output folder: files in it are there once they are whole."""

    def __init__(self, place: Place) -> None:
        self._filesystem = place.filesystem
        self._root = place.path.rstrip("/")
        self._is_local = place.is_local

    def put(self, name: str, file: IO[bytes]) -> None:
        """Write what a file holds from where it stands, over what is there. Raises OSError and WriteError."""
        if self._is_local:
            with outputs.whole(Path(self._root), name) as part, part.open("xb") as local:
                shutil.copyfileobj(file, local)
            return
        final = f"{self._root}/{name}"
        parent = final.rpartition("/")[0]
        self._filesystem.create_dir(parent, recursive=True)
        objects = self._filesystem.type_name in _OBJECT_STORES
        target = final if objects else f"{parent}/{_PART}{secrets.token_hex(8)}.part"
        with self._filesystem.open_output_stream(target) as remote:
            shutil.copyfileobj(file, remote)
        if not objects:
            self.remove(name)  # some file systems move nothing over what is there
            self._filesystem.move(target, final)

    def remove(self, name: str) -> None:
        """Remove a file that may be there."""
        with suppress(OSError):
            self._filesystem.delete_file(f"{self._root}/{name}")

    def holds(self, name: str) -> bool:
        """Whether a file is there."""
        from pyarrow.fs import FileType

        return bool(self._filesystem.get_file_info(f"{self._root}/{name}").type == FileType.File)

    # -- units that are finished --------------------------------------------------------------------------------------

    def finish(self, outcome: UnitOutcome, made_from: str) -> None:
        """Mark a unit as finished; last of all, since its outputs count from then on. Raises OSError, WriteError."""
        mark = {
            "made_from": made_from,
            "source": outcome.source,
            "parsed": outcome.parsed,
            "failed": outcome.failed,
            "files": outcome.files,
        }
        self.put(_mark(outcome.name), io.BytesIO(json.dumps(mark, ensure_ascii=False).encode("utf-8", "replace")))

    def finished(self, name: str) -> tuple[UnitOutcome, str] | None:
        """What became of a unit in an earlier run, and what it was made from; None where it was not finished."""
        try:
            with reading(Place(self._filesystem, f"{self._root}/{_mark(name)}")) as file:
                raw = json.loads(file.read())
            files = tuple(str(file) for file in raw["files"])
            outcome = UnitOutcome(name, str(raw["source"]), int(raw["parsed"]), int(raw["failed"]), True, None, files)
            return outcome, str(raw["made_from"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def marks(self) -> Iterator[str]:
        """The names of the units that are finished."""
        for path in self._files(DONE):
            if path.endswith(".json"):
                yield path.rpartition("/")[2].removesuffix(".json")

    def forget(self, outcome: UnitOutcome) -> None:
        """Remove what a unit made, its mark first."""
        for name in (_mark(outcome.name), *outcome.files):
            if ".." not in name.split("/"):
                self.remove(name)

    def sweep(self) -> None:
        """Remove what tasks that were killed left half-written; for a run whose tasks have all ended."""
        for folder in (RECORDS, SOURCES, QUARANTINE, DONE):
            for path in self._files(folder):
                name = path.rpartition("/")[2]
                if name.startswith(_PART) and name.endswith(".part"):
                    self.remove(f"{folder}/{name}")

    def _files(self, folder: str) -> list[str]:
        from pyarrow.fs import FileSelector

        selector = FileSelector(f"{self._root}/{folder}", allow_not_found=True)
        return [info.path for info in self._filesystem.get_file_info(selector)]


def _mark(name: str) -> str:
    return f"{DONE}/{name}.json"


def problem(error: BaseException) -> str:
    """What an error says, in one line."""
    told = str(error) if isinstance(error, PipelineError) else f"{type(error).__name__}: {error}"
    return " ".join(told.split())
