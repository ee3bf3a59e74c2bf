"""Work for worker processes that goes wrong in every way; by name, so that the processes can import it."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

from pipeline.cluster import work as cluster_work
from pipeline.cluster.plan import ClusterPlan
from pipeline.cluster.work import Item
from pipeline.errors import PipelineError
from pipeline.lines import Made
from pipeline.serve import work as serve_work
from pipeline.serve.work import SOURCE, Answer, Ask, Manner, Wanted


def serve(value: str) -> str:
    """What a value says: "die", "hang", "eat", "once:FILE" (die the first time), "sleep:S"; all others are said back."""
    what, _, rest = value.partition(":")
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "hang":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as code does that never comes back to the interpreter
        while True:
            time.sleep(1)
    elif what == "eat":
        eaten = []
        while True:
            eaten.append(bytearray(1 << 24))
            time.sleep(0.005)
    elif what == "once" and not Path(rest).exists():
        Path(rest).touch()
        os._exit(3)
    elif what == "sleep":
        time.sleep(float(rest))
    return value


def take_long() -> None:
    """Preparations that take longer than any task may."""
    time.sleep(1)


def who(_value: str | None) -> int:
    """The process that is asked."""
    return os.getpid()


def nothing() -> None:
    """No preparations."""


class Unborn:
    """Work that kills each process as soon as it arrives there."""

    def __call__(self, value: str) -> str:
        """Never reached."""
        return value

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (4,)


def work(ask: Ask | None, manner: Manner) -> Answer | PipelineError | None:
    """What a worker of the service does, but for documents that begin with "poison:" and say what goes wrong."""
    if ask is not None and ask.wanted is not Wanted.LIST:
        said = (ask.folder / SOURCE).read_bytes()
        if said.startswith(b"poison:"):
            serve(said.decode().partition("\n")[0].removeprefix("poison:"))
    return serve_work.work(ask, manner)


def item(found: Item, plan: ClusterPlan) -> cluster_work.Answer | PipelineError:
    """What a worker of the cluster does, but each posting is what `serve` is told, and its record what that says."""
    assert found.line is not None
    row = json.loads(found.line.data)
    said = serve(row["text"])
    return cluster_work.Answer(Made(str(row["id"]), 0, json.dumps(said).encode() + b"\n"))
