"""The run of a cluster: inputs are cut into units by its tasks, and these worked on by its actors, by way of Ray Data.

A node that goes costs the units in its hands, which others do again; outputs have fixed names, so nothing is doubled.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from pipeline.cluster import storage, units
from pipeline.cluster.plan import SHARDS, ClusterPlan, Unit, UnitOutcome
from pipeline.cluster.storage import Place, Store
from pipeline.cluster.units import Source
from pipeline.cluster.work import Answer, Item, UnitWorker, Watched, parse_item
from pipeline.errors import MissingPackageError, ModelError, PipelineError, ReadError
from pipeline.names import readable
from pipeline.streams import Line
from pipeline.workers import Task

_SOURCES = 64
"""Files that one task cuts into units."""
_COLUMNS = ("name", "roles", "record", "error", "reason")


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingPackageError("--engine ray needs the package ray: pip install 'gangwei[ray]'") from error
    return ray


@contextmanager
def connected(address: str | None = None) -> Iterator[None]:
    """A connection to the Ray cluster at an address, else at $RAY_ADDRESS, else to that which runs on this machine.

    Where there is none either, one is started on this machine, for as long as the context lasts. A connection that the
    program has already is used, and left to it. Raises MissingPackageError, and PipelineError where nobody answers.
    """
    ray = _ray()
    if ray.is_initialized():
        yield
        return
    try:
        with _own_signals():
            _connect(ray, address or os.environ.get("RAY_ADDRESS"))
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise PipelineError(f"no Ray cluster: {storage.problem(error)}") from error
    try:
        yield
    finally:
        ray.shutdown()


def _connect(ray: Any, address: str | None) -> None:
    """Connect, or start a cluster where no address is given and none is there; Ray is not to report on one of ours."""
    told = {"logging_level": "ERROR", "log_to_driver": False}
    try:
        ray.init(address=address or "auto", **told)
    except ConnectionError:
        if address:
            raise
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        ray.init(address="local", include_dashboard=False, **told)


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keep what this program does on signals: Ray would put in a handler of its own for SIGTERM."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def parse(
    paths: Sequence[str],
    out: str,
    plan: ClusterPlan,
    *,
    count: int | None = None,
    filesystem: Any = None,
    prune: bool = False,
    planned: Callable[[int], None] = lambda _: None,
) -> Iterator[UnitOutcome]:
    """Parse files and folders into shards of records below `out`; what becomes of each unit, as it is done.

    Paths are of disks that all nodes share, or URIs of pyarrow (s3://, gs://, hdfs://), or, where a `filesystem` of
    pyarrow is given, of that. `count` is the most workers, one a CPU of the cluster by default. Units that an earlier
    run finished are left alone; `planned` is told the number of all. With `prune` what was made of inputs that are
    gone is removed. Inputs that cannot be looked at, and units that cannot be finished, are outcomes with an error.
    Raises MissingPackageError, ModelError, and ReadError where `out` is no place.
    """
    if plan.shards not in SHARDS:
        raise ValueError(f"{plan.shards!r} is none of {', '.join(SHARDS)}")
    ray, target = _ray(), storage.place(out, filesystem)
    sources: dict[str, Source] = {}
    complete = True
    for path in paths:
        try:
            place = storage.place(path, filesystem)
            sources |= {source.file.path: source for source in units.sources(place, target, plan.lines)}
        except ReadError as error:
            complete = False
            yield UnitOutcome("", path, error=str(error))
    found = _cut(ray, list(sources.values()), plan)
    planned(len(found))
    store, ended = Store(target), True
    for outcome in _worked_on(ray, found, plan, target, count):
        ended = ended and outcome.error is None
        yield outcome
    _clear(store, {unit.name for _, unit in found}, set(sources), prune and complete and ended)
    store.sweep()


def _cut(ray: Any, sources: list[Source], plan: ClusterPlan) -> list[tuple[Any, Unit]]:
    """The units of all sources, each with its file system."""
    cut = ray.remote(_cut_some)
    lots = [sources[i : i + _SOURCES] for i in range(0, len(sources), _SOURCES)]
    return [unit for lot in ray.get([cut.remote(lot, plan) for lot in lots]) for unit in lot]


def _cut_some(sources: list[Source], plan: ClusterPlan) -> list[tuple[Any, Unit]]:
    return [(source.place.filesystem, unit) for source in sources for unit in units.cut(source, plan)]


def _worked_on(
    ray: Any, found: list[tuple[Any, Unit]], plan: ClusterPlan, out: Place, count: int | None
) -> Iterator[UnitOutcome]:
    if not found:
        return
    make = partial(UnitWorker, plan, _model(plan), out, plan.recipe())
    rows = ray.data.from_items([{"work": pickle.dumps(unit)} for unit in found], override_num_blocks=len(found))
    done = rows.map_batches(
        _Actor,
        fn_constructor_args=(make,),
        batch_size=1,
        batch_format="numpy",
        compute=_pool(ray, min(_workers(ray, count), len(found))),
        num_cpus=1,
    )
    with _unseen(ray):
        for batch in done.iter_batches(batch_size=None, batch_format="numpy", prefetch_batches=0):
            yield from map(pickle.loads, batch["outcome"])


def _clear(store: Store, planned: set[str], sources: set[str], all_others: bool) -> None:
    """Remove what earlier runs made of other cuts of the same sources; of all other sources where that is wanted."""
    for name in set(store.marks()) - planned:
        before = store.finished(name)
        if before and (all_others or before[0].source in sources):
            store.forget(before[0])


def _model(plan: ClusterPlan) -> bytes | None:
    """The file of another model of structure, which the nodes may not have."""
    if plan.settings is None or plan.settings.model is None:
        return None
    try:
        return Path(plan.settings.model).read_bytes()
    except OSError as error:
        raise ModelError(f"{plan.settings.model}: {error.strerror}") from error


def _workers(ray: Any, count: int | None) -> int:
    return count or max(1, int(ray.cluster_resources().get("CPU", 1)))


def _pool(ray: Any, most: int) -> Any:
    """All workers at once, and fewer towards the end: one that is lost with its node needs the place of another then."""
    return ray.data.ActorPoolStrategy(min_size=1, max_size=most, initial_size=most, max_tasks_in_flight_per_actor=2)


@contextmanager
def _unseen(ray: Any) -> Iterator[None]:
    """Without what Ray Data tells of its progress: what is told is told by gangwei."""
    context, logger = ray.data.DataContext.get_current(), logging.getLogger("ray.data")
    before = context.enable_progress_bars, logger.level
    context.enable_progress_bars = False
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        context.enable_progress_bars = before[0]
        logger.setLevel(before[1])


class _Actor:
    """Works on units that come as batches of Ray Data."""

    def __init__(self, make: Callable[..., UnitWorker]) -> None:
        self._make = make
        self._worker: UnitWorker | None = None

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """The outcomes of some units."""
        outcomes = []
        for filesystem, unit in map(pickle.loads, batch["work"]):
            if self._worker is None:
                self._worker = self._make()
            outcomes.append(pickle.dumps(self._worker.do(unit, filesystem)))
        return {"outcome": outcomes}


# -- data that is in Ray already --------------------------------------------------------------------------------------


def parse_dataset(dataset: Any, plan: ClusterPlan | None = None, *, count: int | None = None) -> Any:
    """The records of a dataset of Ray Data, a row a row: `name`, `roles` (how many), `record` (JSON), `error`, `reason`.

    Id and text are in the columns that the plan names. Of a row that fails the last two columns say why, and the others
    are null; they are null of all others. It is lazy, as all of Ray Data is; `count` as in `parse`.
    Raises MissingPackageError and ModelError.
    """
    ray, plan = _ray(), plan or ClusterPlan()
    return dataset.map_batches(
        _RowActor,
        fn_constructor_args=(plan, _model(plan)),
        batch_size=256,
        batch_format="pyarrow",
        compute=_pool(ray, _workers(ray, count)),
        num_cpus=1,
    )


class _RowActor:
    """Parses the rows of batches."""

    def __init__(self, plan: ClusterPlan, model: bytes | None) -> None:
        self._watched = Watched(plan, model, parse_item)

    def __call__(self, table: Any) -> Any:
        """A table of records for a table of postings."""
        import pyarrow

        tasks = (Task(item, item.where, item.size) for item in self._items(table))
        rows = [_row(item.value, result) for item, result in self._watched.results(tasks)]
        types = [pyarrow.int32() if name == "roles" else pyarrow.string() for name in _COLUMNS]
        return pyarrow.table(
            {name: pyarrow.array([row[i] for row in rows], types[i]) for i, name in enumerate(_COLUMNS)}
        )

    def _items(self, table: Any) -> Iterator[Item]:
        fields = self._watched.plan.of_lines
        columns = {fields.id_field, fields.text_field.partition(".")[0]} & set(table.column_names)
        for number, row in enumerate(table.select(sorted(columns)).to_pylist(), 1):
            where = f"row {row.get(fields.id_field)}"
            try:
                line = Line(where, number, orjson.dumps({fields.id_field: None} | row))
            except (TypeError, ValueError) as error:
                line = Line(where, number, b"", ReadError(f"{where}: no text or number: {error}"))
            yield Item(Place(None, where), line)


def _row(item: Item, result: Answer | PipelineError) -> tuple[Any, ...]:
    if isinstance(result, PipelineError):
        return None, None, None, type(result).__name__, readable(str(result))
    return result.made.name, result.made.roles, result.made.record.decode().removesuffix("\n"), None, None
