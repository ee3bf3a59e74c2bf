"""JSON lines or Parquet in and out, as a stream: a posting a line or row, a record a line or row, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import orjson

from pipeline import columnar, streams, workers
from pipeline.batch import STAGES, prepare
from pipeline.errors import PipelineError, ReadError
from pipeline.limits import Limits
from pipeline.names import STDIO, readable
from pipeline.streams import Line

if TYPE_CHECKING:
    from pipeline.correct import Settings

TEXT_FIELD = "text"
"""What holds the text unless it is named."""
_QUARANTINE = ".quarantine.jsonl"


@dataclass(frozen=True, slots=True)
class LinesPlan:
    """How lines are parsed: which fields hold id and text, steered by what, and what each may take."""

    id_field: str = "id"
    text_field: str = TEXT_FIELD
    settings: Settings | None = None
    limits: Limits = field(default_factory=Limits)


class Made(NamedTuple):
    """A record: its name, the number of its roles, and itself as a line of JSON."""

    name: str
    roles: int
    record: bytes


class LineOutcome(NamedTuple):
    """What became of a line: its record, or the error."""

    line: Line
    made: Made | None
    error: PipelineError | None


def run(paths: Sequence[Path], plan: LinesPlan, count: int) -> Generator[LineOutcome, None, None]:
    """The lines of files, `-` being standard input, in order; a bounded number of them is held at a time.

    Raises MissingPackageError, and WorkerError where no worker can be started.
    """
    found = chain.from_iterable(_lines(path, plan) for path in paths)
    tasks = (workers.Task(line, line.place, len(line.data)) for line in found)
    for task, result in workers.run(partial(parse_line, plan=plan), tasks, count, plan.limits, STAGES, prepare):
        if isinstance(result, PipelineError):
            yield LineOutcome(task.value, None, result)
        else:
            yield LineOutcome(task.value, result, None)


def _lines(path: Path, plan: LinesPlan) -> Iterator[Line]:
    if path.suffix == columnar.SUFFIX:
        return columnar.lines(path, (plan.id_field, plan.text_field), plan.limits.bytes)
    return streams.lines(path, plan.limits.bytes)


def write(outcomes: Generator[LineOutcome, None, None], out: Path, plan: LinesPlan) -> Generator[LineOutcome]:
    """Write records to `out`, and the lines that failed, each with its reason, to a file beside it; hand all on.

    A file of failures of an earlier run goes when there are none. Raises WriteError and MissingPackageError.
    """
    apart = quarantine(out)
    with _writing(out) as add, _Failures(apart, plan) as failures, closing(outcomes):
        for outcome in outcomes:
            if outcome.made is not None:
                add(outcome.made)
            else:
                failures.add(outcome)
            yield outcome


@contextmanager
def _writing(out: Path) -> Iterator[Callable[[Made], Any]]:
    """What adds a record to a file: a row where its name ends in .parquet, a line otherwise."""
    if out.suffix == columnar.SUFFIX:
        with columnar.writing(out) as table:
            yield table.write
    else:
        with streams.writing(out) as file:
            yield lambda made: file.write(made.record)


def quarantine(out: Path) -> Path | None:
    """Where lines that failed are told of: "a.jsonl.gz" has "a.quarantine.jsonl"; standard output has nothing."""
    if str(out) == STDIO:
        return None
    stem = out.name.removesuffix(streams.GZIP).removesuffix(streams.ZSTD).removesuffix(".jsonl")
    stem = stem.removesuffix(columnar.SUFFIX)
    return out.with_name(stem + _QUARANTINE)


class _Failures:
    """The file of lines that failed; it is there only where there are any."""

    def __init__(self, path: Path | None, plan: LinesPlan) -> None:
        self._path = path
        self._plan = plan
        self._stream: Any = None
        self._file: IO[bytes] | None = None

    def __enter__(self) -> _Failures:
        return self

    def __exit__(self, *raised: Any) -> None:
        if self._stream is not None:
            self._stream.__exit__(*raised)
        elif self._path is not None and raised[0] is None:
            self._path.unlink(missing_ok=True)

    def add(self, outcome: LineOutcome) -> None:
        """Tell why a line failed."""
        if self._path is None:
            return
        if self._file is None:
            self._stream = streams.writing(self._path)
            self._file = self._stream.__enter__()
        assert self._file is not None
        self._file.write(reason(outcome, self._plan))


def reason(outcome: LineOutcome, plan: LinesPlan) -> bytes:
    """Why a line failed, as a line of JSON: `source`, `line`, `id`, `error` and `reason`."""
    why = {
        "source": readable(outcome.line.where),
        "line": outcome.line.number,
        "id": _id_of(outcome.line, plan),
        "error": type(outcome.error).__name__,
        "reason": readable(str(outcome.error)),
    }
    return orjson.dumps(why, option=orjson.OPT_APPEND_NEWLINE)


def _id_of(line: Line, plan: LinesPlan) -> str | int | None:
    with suppress(orjson.JSONDecodeError, AttributeError):
        found = orjson.loads(line.data).get(plan.id_field)
        return found if isinstance(found, str | int) else None
    return None


# -- in the worker ----------------------------------------------------------------------------------------------------


def parse_line(line: Line, plan: LinesPlan) -> Made | PipelineError:
    """The record of a line, or what keeps it from being one."""
    try:
        return _record(line, plan)
    except PipelineError as error:
        told = str(error)
        return type(error)(told if told.startswith(line.where) else f"{line.place}: {told}")
    except Exception as error:  # a fault of gangwei's own must not take the other lines with it
        return PipelineError(f"{line.place}: internal error: {type(error).__name__}: {error}")


def _record(line: Line, plan: LinesPlan) -> Made:
    from pipeline.export import render_line
    from pipeline.read.structured import text_in
    from pipeline.run import record, source_of

    if line.error is not None:
        raise line.error
    try:
        raw = orjson.loads(line.data)
    except orjson.JSONDecodeError as error:
        raise ReadError(f"{line.place}: no JSON: {error}") from error
    if not isinstance(raw, dict):
        raise ReadError(f"{line.place}: no object of JSON")
    text, name = text_in(raw, plan.text_field), raw.get(plan.id_field, f"line-{line.number}")
    if text is None:
        raise ReadError(f"{line.place}: its field {plan.text_field!r} holds no text")
    if not isinstance(name, str | int) or isinstance(name, bool):
        raise ReadError(f"{line.place}: its field {plan.id_field!r} holds no text or number")
    plan.limits.check_characters(len(text), line.place)
    document = record(source_of(text, str(name)), plan.settings)
    return Made(document.source.name, len(document.roles), render_line(document))
