"""Work spread over processes: results in order, little of it held, and one task's trouble kept from the others.

A worker is handed one unit of tasks after another and tells each result as it is made, so that the task that kills it,
takes too long or eats the memory is known, and costs nothing but itself.
"""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import wait
from typing import Any, Generic, NamedTuple, TypeVar

from pipeline import logs, processes
from pipeline.errors import LimitError, PipelineError, WorkerError
from pipeline.limits import Limits

UNIT = 16_384
"""Bytes of documents that a worker is handed at a time: some 100 ms of work."""
WINDOW = 1 << 22
"""Bytes of documents that are taken while one before them is still in work, and whose results wait for it."""
_LEAST = 256
"""Bytes that a task counts at least, so that a unit of empty ones has an end."""
_POLL = 0.1
"""Seconds between looks at the limits."""
_STILLBORN = 3
"""Workers in a row that die before they are ready, until it is given up to start them."""

T = TypeVar("T")
R = TypeVar("R")


class Task(NamedTuple, Generic[T]):
    """Something to work on: what it is called in messages, and its size in bytes, by which work is shared out."""

    value: T
    name: str
    size: int


class _Numbered(NamedTuple):
    number: int
    task: Task[Any]


def _nothing() -> None:
    """What a worker does to prepare itself unless it is told otherwise."""


def _never() -> bool:
    """Nobody ends the work before it is done."""
    return False


def run(
    work: Callable[[T], R],
    tasks: Iterable[Task[T]],
    count: int,
    limits: Limits,
    preload: Sequence[str] = (),
    prepare: Callable[[], None] = _nothing,
    ended: Callable[[], bool] = _never,
) -> Iterator[tuple[Task[T], R | PipelineError]]:
    """Each task with what `work` makes of it, in order; with an error for one that a worker did not survive.

    `work` is pickled, and so are `prepare`, values and results. At most `count` processes work at a time; `preload`
    names the modules that they need, and `prepare` is what each does first, at no task's cost. Tasks are taken as they
    are needed. A task whose worker dies is tried once more, in case the death was not its fault. Once `ended` says so,
    what is in hand is given up. Raises WorkerError when workers cannot be started at all.
    """
    with crew(work, count, limits, preload, prepare, ended) as results:
        yield from results(tasks)


@contextmanager
def crew(
    work: Callable[[T], R],
    count: int,
    limits: Limits,
    preload: Sequence[str] = (),
    prepare: Callable[[], None] = _nothing,
    ended: Callable[[], bool] = _never,
) -> Iterator[Callable[[Iterable[Task[T]]], Iterator[tuple[Task[T], R | PipelineError]]]]:
    """What `run` does, for one lot of tasks after another: the workers stay, and what they have loaded with them.

    A lot is to be looked through to its end before the next one is begun. Arguments and errors are those of `run`.
    """
    found = _Crew(partial(processes.start, processes.context(preload), work, prepare), count, limits, ended)
    try:
        yield found.results
    finally:
        found.dismiss()


@dataclass(slots=True, eq=False)
class _Hand:
    """A worker, the tasks that it has in hand, and since when (by the monotonic clock) it works on the first."""

    worker: processes.Worker
    tasks: deque[_Numbered] = field(default_factory=deque)
    since: float = 0.0
    ready: bool = False


class _Crew:
    """The workers of one run, and the results that wait for their turn."""

    def __init__(
        self, start: Callable[[], processes.Worker], count: int, limits: Limits, ended: Callable[[], bool]
    ) -> None:
        self._start = start
        self._count = count
        self._limits = limits
        self._ended = ended
        self._hands: list[_Hand] = []
        self._again: deque[list[_Numbered]] = deque()  # tasks whose worker is gone
        self._suspects: set[int] = set()  # tasks in whose course a worker died once
        self._taken: deque[_Numbered] = deque()  # in order, those whose results are not handed on yet
        self._held = 0  # bytes of these
        self._done: dict[int, Any] = {}
        self._numbers = itertools.count()
        self._stillborn = 0
        self._looked = 0.0  # when the limits were last looked at

    def results(self, tasks: Iterable[Task[Any]]) -> Iterator[tuple[Task[Any], Any]]:
        """Each task with its result, in order."""
        numbered = map(_Numbered, self._numbers, tasks)
        while True:
            self._hand_out(numbered)
            if not self._taken or self._ended():
                return
            self._listen()
            while self._taken and self._taken[0].number in self._done:
                number, task = self._taken.popleft()
                self._held -= max(task.size, _LEAST)
                yield task, self._done.pop(number)

    def dismiss(self) -> None:
        """End all workers, all at a time."""
        for hand in self._hands:
            hand.worker.ask_to_end()
        while self._hands:
            self._hands.pop().worker.end()

    # -- handing out --------------------------------------------------------------------------------------------------

    def _hand_out(self, tasks: Iterator[_Numbered]) -> None:
        """Give each idle worker a unit, and start workers while there is work for them."""
        while len(self._hands) < self._count or not all(hand.tasks for hand in self._hands):
            unit = self._again.popleft() if self._again else self._unit(tasks)
            if not unit:
                return
            hand = next((hand for hand in self._hands if not hand.tasks), None)
            if hand is None:
                hand = _Hand(self._start())
                self._hands.append(hand)
                logs.of("workers").debug("worker %d of %d started", len(self._hands), self._count)
            hand.tasks.extend(unit)
            hand.since = time.monotonic()
            hand.worker.send([numbered.task.value for numbered in unit])

    def _unit(self, tasks: Iterator[_Numbered]) -> list[_Numbered]:
        """The next tasks of together UNIT bytes; none while too much is held."""
        unit: list[_Numbered] = []
        size = 0
        if self._held >= WINDOW and len(self._taken) >= 2 * self._count:
            return unit
        while size < UNIT and (numbered := next(tasks, None)) is not None:
            unit.append(numbered)
            size += max(numbered.task.size, _LEAST)
        self._taken.extend(unit)
        self._held += size
        return unit

    # -- listening ----------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """Wait for news of the workers, and see after those of whom there is none."""
        ready = wait([hand.worker.connection for hand in self._hands], _POLL)
        for hand in [hand for hand in self._hands if hand.worker.connection in ready]:
            try:
                result = hand.worker.connection.recv()
            except (EOFError, OSError):
                self._bury(hand)
                continue
            self._stillborn = 0
            if hand.ready:
                self._done[hand.tasks.popleft().number] = result
            hand.ready = True
            hand.since = time.monotonic()
        if time.monotonic() > self._looked + _POLL:
            self._looked = time.monotonic()
            for hand in list(self._hands):
                if hand.ready and hand.tasks and not hand.worker.connection.poll():
                    self._hold_to_limits(hand)

    def _hold_to_limits(self, hand: _Hand) -> None:
        """Take a task that is over a limit from its worker, and the worker with it."""
        number, task = hand.tasks[0]
        seconds = self._limits.seconds_for(task.size)
        if time.monotonic() - hand.since > seconds:
            error = LimitError(f"{task.name}: took longer than the limit of {seconds:g} s")
        elif hand.worker.memory() > self._limits.memory:
            error = LimitError(f"{task.name}: took more than the limit of {self._limits.memory} MiB of memory")
        else:
            return
        logs.of("workers").warning("%s", error)
        self._done[number] = error
        hand.tasks.popleft()
        self._discharge(hand)

    def _bury(self, hand: _Hand) -> None:
        """A worker died: its first task is tried once more, alone, and then given up."""
        first = hand.tasks.popleft() if hand.ready and hand.tasks else None
        how = self._discharge(hand)
        logs.of("workers").warning(
            "a worker died (%s), at work on %s", how, first.task.name if first else "nothing yet"
        )
        if not hand.ready:
            self._stillborn += 1
            if self._stillborn == _STILLBORN:
                raise WorkerError(f"worker processes end before they begin ({how})")
        if first is None:
            return
        if first.number in self._suspects:
            self._done[first.number] = WorkerError(f"{first.task.name}: the process that parsed it died ({how})")
        else:
            self._suspects.add(first.number)
            self._again.appendleft([first])

    def _discharge(self, hand: _Hand) -> str:
        """End a worker, and leave what it has in hand to others; how it ended."""
        self._hands.remove(hand)
        if hand.tasks:
            self._again.appendleft(list(hand.tasks))
        return hand.worker.end()
