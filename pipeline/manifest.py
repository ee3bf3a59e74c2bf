"""What an output folder holds and what it was made from, so that a rerun does only what has changed.

The manifest is a file of JSON lines in the output folder, one for each document that was parsed. A line is added when a
document is done, so a run that is killed loses nothing of it; the last line on a document counts. A line that is cut
off is passed over, and so is one whose files are not there as they were written: the document is parsed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.errors import WriteError
from pipeline.outputs import is_inside, write
from pipeline.version import __version__

NAME = ".gangwei.manifest"
_SUFFIX = re.compile(r"(\.[a-z]+){1,2}")
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One document: its output name, its input file's name, that file's hash, how it was parsed, and its outputs.

    `recipe` is what `recipe` below gives; `outputs` maps a suffix to the hash of the file; `roles` and `warnings` are
    numbers.
    """

    name: str
    file: str
    source: str
    recipe: str
    outputs: Mapping[str, str]
    roles: int = 0
    warnings: int = 0

    def files(self, out: Path) -> Iterator[tuple[Path, str]]:
        """The outputs as paths, each with the hash that it was written with."""
        for suffix, digest in self.outputs.items():
            yield out / (self.name + suffix), digest

    def stands(self, out: Path) -> bool:
        """Whether all outputs lie in the folder as they were written."""
        return all(digest_of(path) == digest for path, digest in self.files(out))


def load(out: Path) -> dict[str, Entry]:
    """The manifest of an output folder by name; empty where there is none, or none that can be read."""
    found: dict[str, Entry] = {}
    try:
        with (out / NAME).open("rb") as file:
            for line in file:
                if (entry := _entry(line)) is not None:
                    found.pop(entry.name, None)  # so that the order is that of the last lines
                    found[entry.name] = entry
    except (OSError, ValueError):
        return found
    return found


def _entry(line: bytes) -> Entry | None:
    """The entry that a line holds, None where it holds none or one that leads out of the folder."""
    try:
        raw = json.loads(line)
        entry = Entry(**raw)
    except (ValueError, TypeError, RecursionError):
        return None
    pure = PurePosixPath(str(entry.name))
    sound = isinstance(entry.outputs, dict) and all(
        _SUFFIX.fullmatch(suffix) and isinstance(digest, str) and _DIGEST.fullmatch(digest)
        for suffix, digest in entry.outputs.items()
    )
    texts = (entry.name, entry.file, entry.source, entry.recipe)
    numbers = (entry.roles, entry.warnings)
    sound = sound and all(isinstance(t, str) for t in texts) and all(isinstance(n, int) for n in numbers)
    return entry if sound and not pure.is_absolute() and ".." not in pure.parts else None


class Writer:
    """Adds entries to the manifest of a folder; several runs may do so at a time."""

    def __init__(self, out: Path) -> None:
        try:
            self._descriptor = os.open(out / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        except OSError as error:
            raise WriteError(f"cannot write {out / NAME}: {error.strerror}") from error

    def add(self, entry: Entry) -> None:
        """Add an entry, in one piece. Raises WriteError."""
        try:
            os.write(self._descriptor, _line(entry))
        except OSError as error:
            raise WriteError(f"cannot write {NAME}: {error.strerror}") from error

    def close(self) -> None:
        os.close(self._descriptor)


def rewrite(out: Path, entries: Mapping[str, Entry]) -> None:
    """Put these entries in place of the manifest. Raises WriteError."""
    write(out, NAME, {"": b"".join(map(_line, entries.values()))})


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def remove(entry: Entry, out: Path) -> int:
    """Remove an entry's outputs and the folders that this leaves empty; the number of files that went.

    A file that was changed since it was written stays, and so does one that a link leads to outside the folder.
    """
    gone = 0
    for path, digest in entry.files(out):
        if is_inside(out, path.parent) and digest_of(path) == digest:
            with suppress(OSError):
                path.unlink()
                gone += 1
    folder = (out / entry.name).parent
    with suppress(OSError):
        while folder != out and is_inside(out, folder):
            folder.rmdir()
            folder = folder.parent
    return gone


def digest_of(path: Path) -> str | None:
    """The SHA-256 of a file in hexadecimal digits; None where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


# -- how documents are parsed -----------------------------------------------------------------------------------------


def recipe(settings: Any, formats: tuple[str, ...], text_field: str | None = None) -> str:
    """Sixteen hexadecimal digits that change with the program, its lexicons and models, the settings, formats or field of JSON.

    `settings` is a frozen dataclass of settings or None.
    """
    chosen = {} if settings is None else asdict(settings)
    if chosen.get("model"):  # the file may have learnt more since
        chosen["model"] = digest_of(Path(chosen["model"]))
    told = json.dumps([_build(), chosen, sorted(formats), text_field], sort_keys=True, default=sorted)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def decided(recipe: str, told: Sequence[str]) -> str:
    """A recipe that changes with what people decided about a document, too; the same where they decided nothing."""
    if not told:
        return recipe
    return hashlib.sha256("\n".join((recipe, *told)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@cache
def _build() -> str:
    """The version and the bytes of all code and data that ships: a version alone does not change with every change."""
    digest = hashlib.sha256(__version__.encode())
    for name, file in sorted(_shipped(files("pipeline"), "")):
        digest.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _shipped(folder: Traversable, under: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name not in ("__pycache__", "train"):
                yield from _shipped(entry, f"{under}{entry.name}/")
        elif not entry.name.endswith(".pyc"):
            yield f"{under}{entry.name}", entry
