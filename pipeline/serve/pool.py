"""Workers for documents that come in at any time: a thread for each process, which hands it one document at a time.

Each thread runs `workers.run` with a single process over an endless row of tasks, so that limits, second attempts and
replacements are those of batches. A process is renewed now and then, so that what it has piled up in the course of many
documents is not held against the memory of the next one.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from queue import Empty, PriorityQueue
from typing import Any, NamedTuple, cast

from pipeline import workers
from pipeline.errors import PipelineError, WorkerError
from pipeline.limits import Limits
from pipeline.workers import Task

SOON, LATER = 0, 1
"""Ranks: a client waits for the answer; a client will ask for it."""
_LAST = 2
_RENEWED = 2000
"""Documents that a process works on before another one takes its place."""
_PAUSE = 1.0
"""Seconds until a process is tried anew after several ended before they began."""
_PATIENCE = 10.0
"""Seconds that all processes together are given to end; each is killed long before."""


class PoolClosedError(WorkerError):
    """The pool was closed before a document was done."""


class _Item(NamedTuple):
    """Something in the queue; the number is unique, so that nothing behind it is compared."""

    rank: int
    number: int
    task: Task[Any] | None
    future: Future[Any]


class Pool:
    """`count` processes that do `work`, each after it did `prepare`; `work(None)` must do nothing."""

    def __init__(
        self,
        work: Callable[[Any], Any],
        count: int,
        limits: Limits,
        preload: tuple[str, ...],
        prepare: Callable[[], None],
    ) -> None:
        self.count = count
        self._limits = limits
        self._run = (work, preload, prepare)
        self._queue: PriorityQueue[_Item] = PriorityQueue()
        self._numbers = itertools.count()
        self._ready = [False] * count
        self._ended = threading.Event()
        self._lanes = [_Lane(self, number) for number in range(count)]
        self._threads = [threading.Thread(target=self._keep, args=(lane,), daemon=True) for lane in self._lanes]

    def start(self) -> None:
        """Start the processes, without waiting until they are ready."""
        for thread in self._threads:
            thread.start()

    @property
    def ready(self) -> int:
        """Processes that are there and have prepared themselves."""
        return sum(self._ready)

    @property
    def waiting(self) -> int:
        """Documents that no process has in hand yet."""
        return self._queue.qsize()

    def submit(self, task: Task[Any], rank: int = SOON) -> Future[Any]:
        """The result of a task to come, which can be cancelled until a process has it in hand.

        Its exception is a PipelineError: what `work` gave back as one, or what became of a process. Raises
        PoolClosedError at once when the pool has been closed.
        """
        if self._ended.is_set():
            raise _stopping(task.name)
        future: Future[Any] = Future()
        self._queue.put(_Item(rank, next(self._numbers), task, future))
        return future

    def close(self) -> None:
        """Give up what is in hand and what waits, and end the processes."""
        self._ended.set()
        self._drain()
        for lane in self._lanes:
            lane.settle(_stopping("the document"))  # before its process ends, which may take a while
        for _ in self._threads:
            self._queue.put(_Item(_LAST, next(self._numbers), None, Future()))
        deadline = time.monotonic() + _PATIENCE
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))
        self._drain()

    def _drain(self, last: int = _LAST, error: PipelineError | None = None) -> None:
        """Tell all that waits, up to a rank, that nothing will come of it: the pool is closed, unless there is an error."""
        later: list[_Item] = []
        with suppress(Empty):
            while True:
                item = self._queue.get_nowait()
                if item.rank > last or item.task is None:
                    later.append(item)
                elif item.future.set_running_or_notify_cancel():
                    item.future.set_exception(error or _stopping(item.task.name))
        for item in later:
            self._queue.put(item)

    # -- in a thread --------------------------------------------------------------------------------------------------

    def _keep(self, lane: _Lane) -> None:
        """Keep one process at work until the pool is closed."""
        while not self._ended.is_set():
            lane.begin()
            self._one_process(lane)

    def _one_process(self, lane: _Lane) -> None:
        work, preload, prepare = self._run
        self._ready[lane.number] = False
        try:
            tasks = cast(Iterator[Task[Any]], lane)
            found = workers.run(work, tasks, 1, self._limits, preload, prepare, self._ended.is_set)
            with closing(cast(Any, found)) as results:
                for _, result in results:
                    self._ready[lane.number] = not isinstance(result, PipelineError)  # else the probe will tell
                    lane.settle(result)
            lane.settle(_stopping("the document"))
        except Exception as error:  # whatever it is, the next documents are to find a process
            self._ready[lane.number] = False
            told = error if isinstance(error, PipelineError) else WorkerError(f"internal error: {type(error).__name__}")
            lane.settle(told)
            if not self.ready:
                self._drain(SOON, told)  # clients are not to wait for what may never be there
            self._ended.wait(_PAUSE)

    def _next(self) -> _Item | None:
        """The next item that is still wanted; None when the pool was closed."""
        while True:
            item = self._queue.get()
            if item.task is None:
                return None
            if item.future.set_running_or_notify_cancel():
                return item


def _stopping(name: str) -> PoolClosedError:
    return PoolClosedError(f"{name}: the service is stopping")


class _Lane:
    """The tasks of one process: first one that shows that it is there, and one again where it had to be replaced."""

    def __init__(self, pool: Pool, number: int) -> None:
        self.number = number
        self._pool = pool
        self._left = 0
        self._item: _Item | None = None
        self._probe = True
        self._lock = threading.Lock()  # the pool may settle what is in hand while its thread does

    def begin(self) -> None:
        """Begin anew with another process."""
        self._left = _RENEWED
        self._probe = True

    def __iter__(self) -> _Lane:
        return self

    def __next__(self) -> Task[Any]:
        if self._probe:
            self._probe = False
            return Task(None, "a new worker", workers.UNIT)
        self._left -= 1
        self._item = item = self._pool._next() if self._left >= 0 else None
        if item is None or item.task is None:
            raise StopIteration
        size = max(item.task.size, workers.UNIT)  # a unit of its own: no document waits for another
        return item.task._replace(size=size)

    def settle(self, result: object) -> None:
        """Tell what became of the task in hand, if there is one."""
        with self._lock:
            item, self._item = self._item, None
        if isinstance(result, PipelineError):
            self._probe = True
        if item is None:
            return
        if isinstance(result, PipelineError):
            item.future.set_exception(result)
        else:
            item.future.set_result(result)
