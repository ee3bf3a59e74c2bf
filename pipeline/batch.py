"""Many documents: what to parse, where the records go, and how the work is spread over processes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path, PurePath

from pipeline.correct import Settings
from pipeline.errors import InputClashError, PipelineError, ReadError
from pipeline.export import WRITERS, render
from pipeline.read import read
from pipeline.run import parse_source

CHUNK = 8
"""Documents that a worker takes at a time."""


@dataclass(frozen=True, slots=True)
class Job:
    """One input and the output path without suffix."""

    path: Path
    target: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an input: `error` is None when its records were written."""

    path: Path
    roles: int = 0
    warnings: int = 0
    error: str | None = None


def collect(paths: Sequence[Path], out: Path) -> tuple[list[Job], list[Outcome]]:
    """The jobs for files and folders, in a fixed order, and the inputs that cannot become one.

    A folder is taken with its sub-folders, which are kept below `out`; hidden files are passed over. Two inputs that
    would have the same output are both refused.
    """
    jobs: list[Job] = []
    failed: list[Outcome] = []
    for path in paths:
        try:
            jobs += [Job(file, out / _stem(file.relative_to(base))) for file, base in _files(path)]
        except ReadError as error:
            failed.append(Outcome(path, error=str(error)))
    by_target: dict[Path, list[Job]] = {}
    for job in jobs:
        by_target.setdefault(job.target, []).append(job)
    for same in by_target.values():
        if len(same) > 1:
            names = " and ".join(str(job.path) for job in same)
            clash = InputClashError(f"{names}: both would be written to {same[0].target}")
            failed += [Outcome(job.path, error=str(clash)) for job in same[:1]]
    return [same[0] for same in by_target.values() if len(same) == 1], failed


def _files(path: Path) -> Iterator[tuple[Path, Path]]:
    if not path.exists():
        raise ReadError(f"{path}: no such file or folder")
    if not path.is_dir():
        yield path, path.parent
        return
    for folder, folders, names in os.walk(path, onerror=_refuse):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder, name), path


def _refuse(error: OSError) -> None:
    raise ReadError(f"{error.filename}: {error.strerror}") from error


def _stem(path: PurePath) -> PurePath:
    return path.with_suffix("") if path.suffix else path


def run(
    jobs: Sequence[Job], formats: Sequence[str], workers: int = 1, settings: Settings | None = None
) -> Iterator[Outcome]:
    """Parse and write every job; the outcomes come in the order of the jobs, whatever the number of workers."""
    if workers <= 1 or len(jobs) <= 1:
        yield from (one(job, formats, settings) for job in jobs)
        return
    chunks = [jobs[i : i + CHUNK] for i in range(0, len(jobs), CHUNK)]
    with ProcessPoolExecutor(min(workers, len(chunks))) as pool:
        futures = [pool.submit(_several, chunk, formats, settings) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            try:
                yield from future.result()
            except BrokenProcessPool:
                yield from (Outcome(job.path, error=f"{job.path}: the worker process died") for job in chunk)


def _several(jobs: Sequence[Job], formats: Sequence[str], settings: Settings | None) -> list[Outcome]:
    return [one(job, formats, settings) for job in jobs]


def one(job: Job, formats: Sequence[str], settings: Settings | None = None) -> Outcome:
    """Parse one document and write its records: all of them or, when anything goes wrong, none."""
    try:
        source = read(job.path)
        document = parse_source(source, settings)
        outputs = {f".{name}": render(document, name) for name in formats}
        if source.extracted:
            outputs[".source.txt"] = source.text.encode("utf-8")
        write(job.target, outputs)
    except PipelineError as error:
        return Outcome(job.path, error=str(error))
    except OSError as error:
        return Outcome(job.path, error=f"{error.filename or job.target}: {error.strerror or error}")
    return Outcome(job.path, len(document.roles), len(document.warnings))


def write(target: Path, outputs: dict[str, bytes]) -> None:
    """Write files beside each other, each under a temporary name first, so that none is ever half-written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    ready: list[tuple[str, Path]] = []
    try:
        for suffix, data in outputs.items():
            handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
            ready.append((temporary, target.with_name(target.name + suffix)))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(temporary, 0o666 & ~_umask())
        for temporary, final in ready:
            os.replace(temporary, final)
    except BaseException:
        for temporary, _ in ready:
            Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def known_formats() -> tuple[str, ...]:
    """The names that `formats` may hold."""
    return tuple(WRITERS)


Progress = Callable[[Iterable[Outcome], int], Iterable[Outcome]]
