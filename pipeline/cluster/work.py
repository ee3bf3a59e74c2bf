"""What a worker of the cluster does: one unit after another, its documents in a process of its own that it watches.

Models are loaded once in that process. A document that kills it, takes too long or too much memory costs only itself,
as on one machine. Outputs have the same names and bytes whoever makes them, so that a unit may be done twice.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple, cast

import orjson

from pipeline import columnar, lines, streams, workers
from pipeline.batch import STAGES, prepare
from pipeline.cluster import storage
from pipeline.cluster.plan import ClusterPlan, Found, Unit, UnitOutcome
from pipeline.cluster.storage import QUARANTINE, RECORDS, SOURCES, Place, Store
from pipeline.errors import PipelineError, ReadError, WorkerError, WriteError
from pipeline.lines import LineOutcome, Made, parse_line
from pipeline.names import readable
from pipeline.streams import Line
from pipeline.workers import Task

_ATTEMPTS, _PAUSE = 3, 1.0
"""How often a unit is tried where its file systems fail, and the seconds before it is tried again, at first."""


class Item(NamedTuple):
    """A posting of a file, or a document."""

    place: Place
    line: Line | None
    file: Found | None = None

    @property
    def where(self) -> str:
        """What messages call it."""
        return self.line.place if self.line is not None else self.place.path

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.line.data) if self.line is not None else self.file.size if self.file is not None else 0


class Answer(NamedTuple):
    """A record, and the text that its spans count in where that was taken out of another format."""

    made: Made
    text: str | None = None


class Watched:
    """A process that parses, and is replaced when it dies. Close it when it is no longer needed."""

    def __init__(self, plan: ClusterPlan, model: bytes | None, parse: Callable[..., Answer | PipelineError]) -> None:
        self._stack = ExitStack()
        self.plan = plan if model is None else self._with_model(plan, model)
        _forget_the_main_module()
        work = partial(parse, plan=self.plan)
        self.results = self._stack.enter_context(workers.crew(work, 1, plan.limits, STAGES, prepare))

    def close(self) -> None:
        """End the process."""
        self._stack.close()

    def _with_model(self, plan: ClusterPlan, model: bytes) -> ClusterPlan:
        """The plan with the file of its model on this machine."""
        folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        path = Path(folder, "model.npz")
        path.write_bytes(model)
        return replace(plan, settings=replace(cast(Any, plan.settings), model=str(path)))


def _forget_the_main_module() -> None:
    """New processes would import that of Ray's workers, and with it all of Ray."""
    main = sys.modules["__main__"]
    if Path(getattr(main, "__file__", None) or "").name == "default_worker.py":
        del main.__file__


class UnitWorker:
    """Works on units, one at a time; what is written goes to `out`.

    `recipe` is that of the plan where the run was started: this machine's gangwei must be the same.
    """

    def __init__(
        self,
        plan: ClusterPlan,
        model: bytes | None,
        out: Place,
        recipe: str,
        parse: Callable[..., Answer | PipelineError] | None = None,
    ) -> None:
        self._make = partial(Watched, plan, model, parse or parse_item)
        self._watched = self._make()
        self._store = Store(out)
        self._recipe = recipe
        self._strange = self._watched.plan.recipe() != recipe

    def close(self) -> None:
        """End the process that parses."""
        self._watched.close()

    def do(self, unit: Unit, filesystem: Any) -> UnitOutcome:
        """Do a unit whose source is on the file system, unless that was done already; the outcome tells what went wrong."""
        if self._strange:
            told = "a machine of the cluster has another gangwei, or other lexicons or models, than this one"
            return UnitOutcome(unit.name, unit.source, error=told)
        made_from = unit.made_from(self._recipe)
        before = self._store.finished(unit.name)
        if before and before[1] == made_from and not self._watched.plan.force and self._stands(before[0]):
            return before[0]
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                outcome = self._done(unit, filesystem)
                for name in set(before[0].files if before else ()) - set(outcome.files):
                    self._store.remove(name)
                self._store.finish(outcome, made_from)
                return outcome
            except (PipelineError, OSError) as error:
                self._watched.close()  # it may have tasks of this attempt in hand
                self._watched = self._make()
                if attempt == _ATTEMPTS or not isinstance(error, OSError | WriteError | WorkerError):
                    return UnitOutcome(unit.name, unit.source, error=f"{unit.source}: {storage.problem(error)}")
                time.sleep(_PAUSE * attempt)
        raise AssertionError("there is a last attempt")

    def _stands(self, outcome: UnitOutcome) -> bool:
        return all(map(self._store.holds, outcome.files))

    def _done(self, unit: Unit, filesystem: Any) -> UnitOutcome:
        """Parse and write a unit. Raises OSError, WriteError, WorkerError."""
        plan, parsed, failed = self._watched.plan, 0, 0
        with ExitStack() as stack:
            shards = Shards(unit, plan, stack)
            items = _items(unit, plan, filesystem)
            tasks = (Task(item, item.where, item.size) for item in items)
            with closing(cast(Any, self._watched.results(tasks))) as results:
                for task, result in results:
                    shards.add(task.value, result)
                    parsed += not isinstance(result, PipelineError)
                    failed += isinstance(result, PipelineError)
            files = []
            for name, file in shards.closed():
                self._store.put(name, file)
                files.append(name)
        return UnitOutcome(unit.name, unit.source, parsed, failed, files=tuple(files))


class Shards:
    """The files that a unit's results are written to, on the local disk until they are whole."""

    def __init__(self, unit: Unit, plan: ClusterPlan, stack: ExitStack) -> None:
        self._unit, self._plan, self._stack = unit, plan, stack
        self._files: dict[str, IO[bytes]] = {}
        self._inner = ExitStack()
        raw = self._open(f"{RECORDS}/{unit.name}.{plan.shards}")
        if plan.shards == "parquet":
            writer = columnar.Writer(raw, unit.name)
            self._inner.callback(writer.close)
            self._write: Callable[[Made], Any] = writer.write
        else:
            suffix = PurePosixPath(f"a.{plan.shards}").suffix
            packed = self._inner.enter_context(streams.packed(raw, suffix, unit.name))
            self._write = lambda made: packed.write(made.record)
        stack.callback(self._inner.close)  # before the files beneath, also when something goes wrong

    def add(self, item: Item, result: Answer | PipelineError) -> None:
        """Add what became of a document."""
        if isinstance(result, PipelineError):
            self._open(f"{QUARANTINE}/{self._unit.name}.jsonl").write(_reason(item, result, self._plan))
            return
        self._write(result.made)
        if item.file is not None:
            told = {"name": _below(item.file.path, self._unit.source), "text": result.text}
            line = orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
            self._open(f"{SOURCES}/{self._unit.name}.jsonl").write(line)

    def closed(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Each file, complete, by its name below the output folder."""
        self._inner.close()
        for name, file in self._files.items():
            file.seek(0)
            yield name, file

    def _open(self, name: str) -> IO[bytes]:
        if name not in self._files:
            self._files[name] = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        return self._files[name]


def _reason(item: Item, error: PipelineError, plan: ClusterPlan) -> bytes:
    if item.line is not None:
        return lines.reason(LineOutcome(item.line, None, error), plan.of_lines)
    why = {"source": readable(item.where), "error": type(error).__name__, "reason": readable(str(error))}
    return orjson.dumps(why, option=orjson.OPT_APPEND_NEWLINE)


# -- reading ----------------------------------------------------------------------------------------------------------


def _items(unit: Unit, plan: ClusterPlan, filesystem: Any) -> Iterator[Item]:
    if not plan.lines:
        yield from (Item(Place(filesystem, file.path), None, file) for file in unit.files)
        return
    place = Place(filesystem, unit.source)
    with closing(_lines(place, unit, plan)) as found:
        for line in found:
            if unit.last is not None and line.number > unit.last:
                return
            if line.number > unit.first:
                yield Item(place, line)


def _lines(place: Place, unit: Unit, plan: ClusterPlan) -> Any:
    """The lines of a unit, with some before and behind where a file is packed."""
    fields, most = plan.of_lines, plan.limits.bytes
    opened = partial(storage.reading, place)
    if place.path.endswith(columnar.SUFFIX):
        wanted = (fields.id_field, fields.text_field)
        return columnar.lines_in(opened, place.path, wanted, most, unit.first, unit.last)
    suffix = PurePosixPath(place.path).suffix
    if not unit.offset:
        return streams.lines_in(opened, place.path, suffix, most)
    return streams.lines_in(partial(_from, place, unit.offset), place.path, suffix, most, unit.first)


@contextmanager
def _from(place: Place, offset: int) -> Iterator[IO[bytes]]:
    with storage.reading(place) as file:
        file.seek(offset)
        yield file


def _below(path: str, base: str) -> str:
    return path.removeprefix(base.rstrip("/") + "/") if path != base else PurePosixPath(path).name


# -- in the process that is watched -----------------------------------------------------------------------------------


def parse_item(item: Item, plan: ClusterPlan) -> Answer | PipelineError:
    """The record of a posting or document, or what keeps it from being one."""
    if item.line is not None:
        made = parse_line(item.line, plan.of_lines)
        return made if isinstance(made, PipelineError) else Answer(made)
    try:
        return _document(item.place, plan)
    except PipelineError as error:
        told = str(error)
        return type(error)(told if item.where in told else f"{item.where}: {told}")
    except Exception as error:  # a fault of gangwei's own must not take the other documents with it
        return PipelineError(f"{item.where}: internal error: {type(error).__name__}: {error}")


def _document(place: Place, plan: ClusterPlan) -> Answer:
    from pipeline.export import render_line
    from pipeline.read import read_bytes
    from pipeline.run import record

    try:
        with storage.reading(place) as file:
            data = file.read(plan.limits.bytes + 1)
    except OSError as error:
        raise ReadError(f"{place.path}: {error.strerror or error}") from error
    plan.limits.check_bytes(len(data), place.path)
    source = read_bytes(data, place.path, plan.text_field)
    plan.limits.check_characters(len(source.text), place.path)
    document = record(source, plan.settings)
    made = Made(document.source.name, len(document.roles), render_line(document))
    return Answer(made, source.text if source.extracted else None)
