"""One worker process: how it is started, what it does, what it takes, and how it ends.

Where the system can do that, workers are started by a server process that has the stages imported already, and are
thus there in milliseconds. On Linux the kernel ends them when their owner ends, however it does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any

from pipeline.errors import WorkerError
from pipeline.lifeline import die_with_the_owner, end_undisturbed

_PATIENCE = 2.0
"""Seconds that a process is given to end when it is told to."""
_ATTEMPTS = 5
"""How often a start is tried; the server of processes may have died, and another takes a moment."""
_PAUSE = 0.1
"""Seconds between attempts."""
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""One thread a process: the processes are the parallelism."""


class Worker:
    """A process that answers `None` once it is ready, and then each value that it is sent with what its work gives."""

    def __init__(self, process: Any, connection: Connection) -> None:
        self._process = process
        self.connection = connection

    def send(self, values: Sequence[Any]) -> None:
        """Hand over values; that a worker is dead shows when it is listened to."""
        with suppress(OSError):
            self.connection.send(values)

    def memory(self) -> int:
        """MiB of memory that are the process's own; 0 where the system does not tell."""
        try:
            with open(f"/proc/{self._process.pid}/statm", "rb") as file:
                _, resident, shared = map(int, file.read().split()[:3])
        except (OSError, ValueError):
            return 0
        return (resident - shared) * os.sysconf("SC_PAGE_SIZE") >> 20

    def ask_to_end(self) -> None:
        """Tell the process to end, without waiting for it."""
        with suppress(OSError):
            self._process.terminate()

    def end(self) -> str:
        """End the process and say how it ended: politely first, so that it takes half-written files away."""
        self.connection.close()
        self.ask_to_end()
        self._process.join(_PATIENCE)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        code = self._process.exitcode
        if code is not None and code < 0:
            with suppress(ValueError):
                return signal.Signals(-code).name
        return f"exit code {code}"


def context(preload: Sequence[str]) -> Any:
    """How processes are started: by a server with the modules imported where there is one, else from scratch."""
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    resource_tracker.ensure_running()  # before `_undisturbed`, which its start would undo
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(list(preload))
    return server


def start(how: Any, work: Callable[[Any], Any], prepare: Callable[[], None]) -> Worker:
    """A new worker in the `context`, which prepares itself before it is ready.

    Raises WorkerError when the system gives none, also not at later attempts.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with _undisturbed():
                ours, theirs = how.Pipe()
                process = how.Process(target=_serve, args=(theirs, work, prepare), daemon=True)
                process.start()
                theirs.close()
                return Worker(process, ours)
        except (OSError, EOFError) as error:
            if attempt == _ATTEMPTS:
                raise WorkerError(f"a worker process could not be started: {error}") from error
            time.sleep(_PAUSE * attempt)
    raise AssertionError("there is a last attempt")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold signals back while a process is started, so that it is either not there or known.

    What is started inherits this: Ctrl-C, which reaches the whole group of processes, is for the owner to decide on.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# -- in the process ---------------------------------------------------------------------------------------------------


def _serve(connection: Connection, work: Callable[[Any], Any], prepare: Callable[[], None]) -> None:
    """Work until the owner is gone or says that it is enough."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    die_with_the_owner()
    prepare()
    with suppress(EOFError, OSError):
        connection.send(None)
        while True:
            for value in connection.recv():
                connection.send(work(value))


def _leave(number: int, _frame: FrameType | None) -> None:
    """End in an orderly way, so that half-written files are removed, undisturbed by being told so again."""
    end_undisturbed([number])
    sys.exit(128 + number)
