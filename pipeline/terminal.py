"""How commands speak and end: one line for what went wrong, the exit code that the system expects, no traceback."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

from pipeline.errors import PipelineError
from pipeline.lifeline import end_undisturbed
from pipeline.names import readable

_STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_BROKEN_PIPE = 128 + 13
"""What a shell says of a program whose reader went away."""


def complain(message: object) -> None:
    """One line on standard error, whatever is in a file's name."""
    click.echo(f"gangwei: {' '.join(readable(str(message)).split())}", err=True)


def fail(message: object) -> NoReturn:
    """Complain, and exit with 1."""
    complain(message)
    sys.exit(1)


@contextmanager
def told(what: object = "standard output") -> Iterator[None]:
    """Turn what goes wrong within into a line and an exit code; `what` is named where the system does not say it.

    Standard output is flushed, so that a full disk behind it shows here.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter would try, and tell, again
        sys.exit(_BROKEN_PIPE)
    except PipelineError as error:
        fail(error)
    except OSError as error:
        _close_output()
        fail(f"{error.filename or ('standard output' if str(what) == '-' else what)}: {error.strerror or error}")


def _close_output() -> None:
    """Forget what could not be written to standard output, or the interpreter would try, and tell, again."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def stopping() -> Iterator[None]:
    """Within, the signals that ask a program to stop end it in an orderly way, with 128 and the signal's number.

    The first one counts: what is being put in order is not disturbed by the next. Signals that are ignored stay so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _STOPPING}
    ours = [number for number in _STOPPING if before[number] is not signal.SIG_IGN]

    def stop(number: int, _frame: FrameType | None) -> None:
        end_undisturbed(ours)
        sys.exit(128 + number)

    for number in ours:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in ours:
            if signal.getsignal(number) is stop:  # else the process is on its way out: let nothing disturb it
                signal.signal(number, before[number])


@contextmanager
def progress(total: int, quiet: bool) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing in a pipe."""
    if quiet or total < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=total, label="parsing", file=sys.stderr) as bar:
        yield lambda: bar.update(1)
