"""Many documents: what to parse, where the records go, and how the work is spread over processes."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from pipeline.correct import Settings
from pipeline.errors import InputClashError, PipelineError, ReadError
from pipeline.export import render
from pipeline.read import read
from pipeline.run import parse_source

CHUNK = 8
"""Documents that a worker takes at a time."""


@dataclass(frozen=True, slots=True)
class Job:
    """One input and its outputs' path without suffix."""

    path: Path
    target: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an input: `error` is None when its records were written, else one line that names the file."""

    path: Path
    roles: int = 0
    warnings: int = 0
    error: str | None = None


# -- what to parse ----------------------------------------------------------------------------------------------------


def collect(paths: Sequence[Path], out: Path) -> tuple[list[Job], list[Outcome]]:
    """The jobs for files and folders, in a fixed order, and the inputs that cannot become one.

    A folder is taken with its sub-folders, which are kept below `out`; hidden files are passed over, and so is `out`
    itself. A file that is named twice is taken once. Of inputs that would have the same output none is taken.
    """
    by_target: dict[Path, list[Path]] = {}
    failed: list[Outcome] = []
    for path in paths:
        for found in _files(path, out):
            if isinstance(found, Outcome):
                failed.append(found)
                continue
            base = path if found != path else path.parent
            same = by_target.setdefault(out / found.relative_to(base).with_suffix(""), [])
            if not any(found == other or found.samefile(other) for other in same):
                same.append(found)
    jobs = []
    for target, same in by_target.items():
        if len(same) == 1:
            jobs.append(Job(same[0], target))
        else:
            clash = InputClashError(
                f"{' and '.join(map(str, same))}: all would be written to {target}, so none is parsed"
            )
            failed.append(Outcome(same[0], error=str(clash)))
    return jobs, failed


def _files(path: Path, out: Path) -> Iterator[Path | Outcome]:
    """The regular files below a folder, or the file itself; an outcome for each that there is no getting at."""
    if not path.is_dir():
        yield path if os.path.lexists(path) else _failure(path, ReadError(f"{path}: no such file or folder"))
        return
    errors: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=errors.append):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and Path(folder, f) != out)
        for name in sorted(names):
            file = Path(folder, name)
            if not name.startswith(".") and not _special(file):
                yield file
    for error in errors:
        yield _failure(Path(error.filename), ReadError(f"{error.filename}: {error.strerror}"))


def _special(path: Path) -> bool:
    """Whether a path is a pipe, socket or device, which may never end."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # a dangling link, say: reading it tells what is wrong
    return not stat.S_ISREG(mode)


def _failure(path: Path, error: Exception) -> Outcome:
    return Outcome(path, error=str(error))


# -- parsing ----------------------------------------------------------------------------------------------------------


def run(
    jobs: Sequence[Job],
    formats: Sequence[str],
    workers: int = 1,
    settings: Settings | None = None,
    text_field: str | None = None,
) -> Iterator[Outcome]:
    """Parse and write every job; outcomes come in the order of the jobs, whatever the number of workers.

    `text_field` names the field that holds the text in JSON.

    When a worker process dies, the documents that it and the others had in hand are parsed again one at a time, so that
    only the one that kills its process is lost.
    """
    if workers <= 1 or len(jobs) <= 1:
        yield from (one(job, formats, settings, text_field) for job in jobs)
        return
    chunks = [jobs[i : i + CHUNK] for i in range(0, len(jobs), CHUNK)]
    pool = ProcessPoolExecutor(min(workers, len(chunks)))
    try:
        futures = [pool.submit(_several, chunk, formats, settings, text_field) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            try:
                outcomes = future.result()
            except BrokenProcessPool:
                outcomes = [_alone(job, formats, settings, text_field) for job in chunk]
            yield from outcomes
    finally:
        pool.shutdown(cancel_futures=True)


def _several(
    jobs: Sequence[Job], formats: Sequence[str], settings: Settings | None, text_field: str | None
) -> list[Outcome]:
    return [one(job, formats, settings, text_field) for job in jobs]


def _alone(job: Job, formats: Sequence[str], settings: Settings | None, text_field: str | None) -> Outcome:
    """One document in a process of its own."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(one, job, formats, settings, text_field).result()
        except BrokenProcessPool:
            return Outcome(job.path, error=f"{job.path}: the process that parsed it died")


def one(job: Job, formats: Sequence[str], settings: Settings | None = None, text_field: str | None = None) -> Outcome:
    """Parse one document and write its records: all of them or, when anything goes wrong, none."""
    try:
        source = read(job.path, text_field)
        document = parse_source(source, settings)
        outputs = {f".{name}": render(document, name) for name in formats}
        if source.extracted:
            outputs[".source.txt"] = source.text.encode("utf-8")
        write(job.target, outputs)
    except PipelineError as error:
        return Outcome(job.path, error=str(error))
    except OSError as error:
        return Outcome(job.path, error=f"{job.path}: cannot write {error.filename or job.target}: {error.strerror}")
    except Exception as error:  # a fault of gangwei's own must not take the other documents with it
        return Outcome(job.path, error=f"{job.path}: internal error: {type(error).__name__}: {error}")
    return Outcome(job.path, len(document.roles), len(document.warnings))


# -- writing ----------------------------------------------------------------------------------------------------------


def write(target: Path, outputs: Mapping[str, bytes]) -> None:
    """Write files beside each other, `target` with each suffix, so that none is ever half-written.

    All are written under other names first and moved when they are complete. These names are fixed, so that what a
    killed process leaves behind is written over by the one that does its work again. Raises OSError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    ready: list[tuple[Path, Path]] = []
    try:
        for suffix, data in outputs.items():
            final = target.with_name(target.name + suffix)
            part = _part(final)
            ready.append((part, final))
            part.write_bytes(data)
        for part, final in ready:
            os.replace(part, final)
    except BaseException:
        for part, _ in ready:
            part.unlink(missing_ok=True)
        raise


def _part(final: Path) -> Path:
    """The hidden name under which a file is written; a digest keeps it as short as file systems want it."""
    digest = hashlib.sha256(final.name.encode()).hexdigest()[:16]
    return final.with_name(f".gangwei-{digest}.part")
