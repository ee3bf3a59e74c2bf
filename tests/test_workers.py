"""Work in processes: in order, in bounds, and the trouble of one task is its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import workers
from pipeline.errors import LimitError, PipelineError, WorkerError
from pipeline.limits import Limits
from pipeline.workers import Task
from tests import poison


def tasks(values: list[str], size: int = 2000) -> Iterator[Task[str]]:
    return (Task(value, f"document {n}", size) for n, value in enumerate(values))


def results(values: list[str], count: int = 2, limits: Limits = Limits()) -> list[str | PipelineError]:  # noqa: B008
    found = list(workers.run(poison.serve, tasks(values), count, limits))
    assert [task.value for task, _ in found] == values
    return [result for _, result in found]


@pytest.mark.parametrize("count", [1, 3])
def test_results_come_in_the_order_of_the_tasks(count: int) -> None:
    values = ["sleep:0.2", *map(str, range(100))]
    assert results(values, count) == values
    assert results([], count) == []


def test_death_of_a_worker_costs_the_task_that_killed_it(tmp_path: Path) -> None:
    values = [
        *map(str, range(20)),
        "die",
        *map(str, range(20)),
        "die",
        f"once:{tmp_path / 'mark'}",
        *map(str, range(9)),
    ]
    found = results(values)
    assert [value for value, result in zip(values, found, strict=True) if value != result] == ["die", "die"]
    assert isinstance(found[20], WorkerError)
    assert str(found[20]) == "document 20: the process that parsed it died (SIGKILL)"


def test_deaths_and_limits_are_logged_for_who_listens_and_nobody_else(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    results(["1", "die"])
    assert "a worker died (SIGKILL), at work on document 1" in caplog.text
    results(["hang"], limits=Limits(seconds=0.3))
    assert "document 0: took longer than the limit of 0.3 s" in caplog.text
    assert capfd.readouterr().err == ""


def test_task_that_takes_too_long_is_ended_with_its_worker_and_the_rest_done() -> None:
    values = [*map(str, range(5)), "hang", *map(str, range(5))]
    found = results(values, limits=Limits(seconds=0.3))
    assert isinstance(found[5], LimitError)
    assert "longer than the limit of 0.3 s" in str(found[5])
    assert found[:5] + found[6:] == values[:5] + values[6:]


def test_time_that_a_worker_takes_to_prepare_itself_is_no_task_s() -> None:
    run = workers.run(poison.serve, tasks(["1", "2"]), 1, Limits(seconds=0.3), prepare=poison.take_long)
    assert [result for _, result in run] == ["1", "2"]


def test_longer_document_may_take_longer() -> None:
    limits = Limits(seconds=2)
    assert [limits.seconds_for(size) for size in (0, 300_000, 900_000)] == [2, 2, 6]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell what a process takes")
def test_task_that_eats_memory_is_ended_with_its_worker_and_the_rest_done() -> None:
    found = results(["1", "eat", "2"], limits=Limits(memory=300))
    assert isinstance(found[1], LimitError)
    assert "limit of 300 MiB" in str(found[1])
    assert (found[0], found[2]) == ("1", "2")


def test_no_more_tasks_are_taken_than_the_window_holds() -> None:
    taken = 0

    def counted() -> Iterator[Task[str]]:
        nonlocal taken
        for n in range(10_000):
            taken += 1
            yield Task(str(n), "", workers.UNIT)

    most = workers.WINDOW // workers.UNIT + 8
    for number, _ in enumerate(workers.run(poison.serve, counted(), 2, Limits())):
        assert taken <= number + most
        if number == 600:
            break
    assert taken < 1000


def test_workers_are_gone_when_the_results_are_not_wanted_any_more() -> None:
    run = workers.run(poison.serve, tasks(["1", "sleep:60", "2"], workers.UNIT), 2, Limits())
    next(run)
    assert multiprocessing.active_children()
    run.close()
    assert multiprocessing.active_children() == []


def test_what_is_in_hand_is_given_up_once_somebody_ends_it() -> None:
    began = time.monotonic()
    run = workers.run(poison.serve, tasks(["sleep:60"]), 1, Limits(), ended=lambda: time.monotonic() > began + 0.5)
    assert list(run) == []
    assert time.monotonic() - began < 20
    assert multiprocessing.active_children() == []


def test_workers_that_never_begin_are_told() -> None:
    with pytest.raises(WorkerError, match="end before they begin"):
        list(workers.run(poison.Unborn(), tasks(["1"]), 2, Limits()))
