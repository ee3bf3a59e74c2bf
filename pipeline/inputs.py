"""What to parse, and under which name its records are written."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputClashError, PipelineError, ReadError
from pipeline.names import readable

QUARANTINE = "quarantine"
"""Folder, below the output folder, for the reasons of documents that were not parsed."""
EXPORTS = "exports"
"""Folder, below the output folder, for what records are exported to unless the user names another place."""
_RECORDS = (".json", ".xml")
"""What records end in; documents may, too."""


@dataclass(frozen=True, slots=True)
class Job:
    """One input file: where it is, its outputs' path below the output folder without suffix, its size in bytes."""

    path: Path
    name: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """An input that did not become a job, and why: the error's message names it."""

    path: Path
    error: PipelineError


def collect(paths: Sequence[Path], out: Path, own: Collection[str] = ()) -> tuple[list[Job], list[Refused]]:
    """The jobs for files and folders, in a fixed order, and the inputs that cannot become one.

    A folder is taken with its sub-folders, which are kept in the names; hidden files are passed over, and so are `out`
    itself and the files that an earlier run wrote into it: `own`, as paths below `out`. A file that is named twice is
    taken once. Of inputs that would have the same output none is taken, and none that its own record would replace.
    """
    by_name: dict[str, list[Job]] = {}
    refused: list[Refused] = []
    for path in paths:
        for found in _files(path, _Own(out, own)):
            if isinstance(found, Refused):
                refused.append(found)
                continue
            base = path if found.path != path else path.parent
            name = readable(found.path.relative_to(base).with_suffix("").as_posix())
            same = by_name.setdefault(name, [])
            if not any(found.path == other.path or _is_same(found.path, other.path) for other in same):
                same.append(Job(found.path, name, found.size))
    jobs = []
    for name, same in by_name.items():
        if len(same) == 1 and _is_replaced(same[0], out):
            clash = InputClashError(f"{same[0].path}: its record would be written over it, so it is not parsed")
            refused.append(Refused(same[0].path, clash))
        elif len(same) == 1:
            jobs.append(same[0])
        else:
            both = " and ".join(str(job.path) for job in same)
            clash = InputClashError(f"{both}: all would be written to {out / name}, so none is parsed")
            refused.append(Refused(same[0].path, clash))
    return jobs, refused


class _Own:
    """The output folder and what earlier runs wrote into it, however a path to them is spelled."""

    def __init__(self, out: Path, files: Collection[str]) -> None:
        self._root = os.path.realpath(out)
        self._files = files

    def holds(self, folder: str) -> bool:
        """Whether a folder is the output folder, or one of its own in it."""
        own = (os.path.join(self._root, name) for name in (QUARANTINE, EXPORTS))
        return os.path.realpath(folder) in (self._root, *own)

    def wrote(self, folder: str, name: str) -> bool:
        """Whether a file is an output of an earlier run."""
        return bool(self._files) and os.path.relpath(os.path.join(folder, name), self._root) in self._files


def _files(path: Path, own: _Own) -> Iterator[Job | Refused]:
    """The regular files below a folder, or the file itself, not yet named; a refusal for each that cannot be read."""
    if not path.is_dir():
        yield _named(path)
        return
    errors: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=errors.append):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not own.holds(os.path.join(folder, f)))
        real = os.path.realpath(folder)
        for name in sorted(names):
            if name.startswith(".") or own.wrote(real, name):
                continue
            file = Path(folder, name)
            size = size_of(file)
            if size is not None:
                yield Job(file, "", size)
    for error in errors:
        yield Refused(Path(error.filename), ReadError(f"{error.filename}: {error.strerror}"))


def _named(path: Path) -> Job | Refused:
    """A file that the user names. A pipe or device is refused: it may never end, and standard input does its work."""
    if not os.path.lexists(path):
        return Refused(path, ReadError(f"{path}: no such file or folder"))
    size = size_of(path)
    if size is None:
        return Refused(path, ReadError(f"{path}: not a regular file; - reads standard input"))
    return Job(path, "", size)


def size_of(path: Path) -> int | None:
    """Bytes of a regular file, 0 for what reading will tell is missing; None for a pipe, socket or device."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return 0  # a dangling link, say, or a name with a NUL
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _is_replaced(job: Job, out: Path) -> bool:
    """Whether a document lies where its own record goes."""
    suffix = job.path.suffix
    return suffix in _RECORDS and _is_same(job.path, out / (job.name + suffix))


def _is_same(a: Path, b: Path) -> bool:
    """Whether two paths lead to one file; a file that is not there is no other."""
    try:
        return a.samefile(b)
    except OSError:
        return False
