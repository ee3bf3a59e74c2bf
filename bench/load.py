"""Work that is measured from outside: a process, a stream of postings over workers, one text in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import batch, lines
from pipeline.lines import LinesPlan


def process(command: Sequence[str]) -> tuple[float, float]:
    """CPU and wall seconds of a process."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - began


class Run(NamedTuple):
    """Wall seconds from the first record on, characters, and by documents the MiB of the workers and of their owner."""

    seconds: float
    characters: int
    memory: dict[int, tuple[float, float]]


def postings(texts: Sequence[str], jobs: int, marks: Sequence[int] = ()) -> Run:
    """Parse postings as `gangwei parse --lines` does. The first one is not timed: models are loaded then."""
    memory, began, out = {}, 0.0, None
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "in.jsonl")
        with raw.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts))
        plan, out = LinesPlan(), Path(folder, "out.jsonl")
        with closing(lines.write(lines.run([raw], plan, jobs), out, plan)) as done:
            for number, outcome in enumerate(done, 1):
                assert outcome.error is None, outcome.error
                began = began or time.perf_counter()
                if number in marks:
                    workers = [child.pid for child in multiprocessing.active_children() if child.pid]
                    memory[number] = sum(map(mebibytes, workers)), mebibytes(os.getpid())
    return Run(time.perf_counter() - began, sum(map(len, texts[1:])), memory)


def mebibytes(pid: int) -> float:
    """Resident memory of a process in MiB; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0


def alone(text: str, patience: float) -> tuple[float | None, float]:
    """CPU seconds of parsing a text in a process of its own, models loaded, and its peak in MiB; None over `patience`."""
    context = multiprocessing.get_context("fork")
    batch.prepare()
    ours, theirs = context.Pipe()
    child = context.Process(target=_parse, args=(text, theirs))
    child.start()
    theirs.close()
    told: Any = (None, 0.0)
    if ours.poll(patience):
        try:
            told = ours.recv()
        except EOFError:
            told = (None, 0.0)
    if child.pid and child.is_alive():
        os.kill(child.pid, signal.SIGKILL)
    child.join()
    found: tuple[float | None, float] = told
    return found


def _parse(text: str, connection: Any) -> None:
    from pipeline.errors import PipelineError
    from pipeline.export import render
    from pipeline.run import record, source_of

    began = time.process_time()
    try:
        document = record(source_of(text, "odd"))
        render(document, "json")
        render(document, "xml")
    except PipelineError:
        pass  # what is nested too deeply is refused, and costs what it costs
    connection.send((time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10))
