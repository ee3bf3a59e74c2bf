"""What `gangwei validate` does: records that others wrote, held against the published schemas within limits."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import click

from pipeline import streams, workers
from pipeline.errors import PipelineError, ReadError
from pipeline.inputs import size_of
from pipeline.limits import Limits
from pipeline.names import STDIO, readable
from pipeline.terminal import complain

_LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".ndjson")
_NEEDED = ("pipeline.export.xml_problems",)


@dataclass(frozen=True, slots=True)
class Validation:
    """How records are validated.

    `format` is json, jsonl or xml, or None for what the file's name or first character says; `processes` is how many work
    at a time, `most` how many problems of a record are told.
    """

    format: str | None
    limits: Limits
    processes: int
    most: int


@dataclass(frozen=True, slots=True)
class _Unit:
    """A record: a file that is still to be read, or the bytes of a line or of standard input, or why there are none."""

    where: str
    format: str | None
    data: bytes | None = None
    path: Path | None = None
    error: PipelineError | None = None


def run(paths: Sequence[Path], validation: Validation, quiet: bool = False) -> int:
    """Tell of each problem of each record in a line; the exit code. A file over a limit costs only itself.

    Raises WorkerError where no worker can be started, MissingPackageError for a packing that needs a package.
    """
    units = (unit for path in paths for unit in _units(path, validation))
    tasks = (workers.Task(unit, unit.where, _size(unit)) for unit in units)
    work = partial(_problems, limits=validation.limits, most=validation.most)
    sound = wrong = 0
    for task, found in workers.run(work, tasks, validation.processes, validation.limits, _NEEDED):
        sound, wrong = (sound, wrong + 1) if found else (sound + 1, wrong)
        if isinstance(found, PipelineError):
            complain(found)
            continue
        for problem in found:
            click.echo(f"{readable(task.name)}: {problem}", err=True)
    if not quiet:
        click.echo(f"{sound} valid, {wrong} invalid", err=True)
    return 1 if wrong else 0


def _size(unit: _Unit) -> int:
    return len(unit.data) if unit.data is not None else size_of(unit.path) or 0 if unit.path else 0


def _units(path: Path, validation: Validation) -> Iterator[_Unit]:
    """The records of a file: one, or one a line."""
    name, limits = str(path), validation.limits
    if name != STDIO and (path.is_dir() or size_of(path) is None):
        yield _Unit(name, None, error=ReadError(f"{name}: not a regular file; - reads standard input"))
    elif validation.format == "jsonl" or (validation.format is None and name.endswith(_LINES)):
        for line in streams.lines(path, limits.bytes):
            yield _Unit(line.place, "json", line.data, error=line.error)
    elif name == STDIO:
        yield _Unit("stdin", validation.format, sys.stdin.buffer.read(limits.bytes + 1))
    else:
        yield _Unit(name, validation.format or _format_of(name), path=path)


def _format_of(name: str) -> str | None:
    return next((known for known in ("json", "xml") if name.endswith(f".{known}")), None)


# -- in the worker ----------------------------------------------------------------------------------------------------


def _problems(unit: _Unit, limits: Limits, most: int) -> list[str] | PipelineError:
    """What is wrong with a record, a line each, or what keeps it from being looked at."""
    from pipeline.export.json_format import problems as in_json
    from pipeline.export.xml_problems import in_xml

    try:
        if unit.error is not None:
            raise unit.error
        data = _data(unit, limits)
        name = unit.format or ("xml" if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else "json")
        found = in_xml(data) if name == "xml" else in_json(data)
        told = [str(problem) for problem in islice(found, most + 1)]
    except PipelineError as error:
        return error if unit.where in str(error) else type(error)(f"{unit.where}: {error}")
    return told if len(told) <= most else [*told[:most], f"and more; --most {most} are told"]


def _data(unit: _Unit, limits: Limits) -> bytes:
    data = unit.data
    if data is None:
        assert unit.path is not None
        limits.check_bytes(size_of(unit.path) or 0, unit.where)
        try:
            data = unit.path.read_bytes()
        except (OSError, ValueError) as error:
            raise ReadError(f"{unit.where}: {getattr(error, 'strerror', None) or error}") from error
    limits.check_bytes(len(data), unit.where)
    if len(data) > limits.characters:
        limits.check_characters(len(data.decode("utf-8", "replace")), unit.where)
    return data
