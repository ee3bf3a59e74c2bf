"""What happened, as lines of JSON on standard error; never a document's text or name."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime

import orjson

_SERVER = "uvicorn"


def tell(event: str, **facts: str | int | float | None) -> None:
    """One line: the time, the event, and facts about it. A closed standard error stops nothing."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = orjson.dumps({"time": now, "event": event, **facts}, option=orjson.OPT_APPEND_NEWLINE)
    with suppress(OSError, ValueError):
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()


class _Lines(logging.Handler):
    """What libraries log, as such lines: the server's own messages, of others only that there is one.

    Messages may quote what came, as those of `python_multipart` do, and so may exceptions.
    """

    def emit(self, record: logging.LogRecord) -> None:
        raised = record.exc_info[0] if record.exc_info else None
        ours = record.name.startswith(_SERVER) and raised is None
        message = record.getMessage().partition("\n")[0] if ours else f"a message of {record.name}"
        tell("log", level=record.levelname.lower(), message=message, error=raised.__name__ if raised else None)


def take_over() -> None:
    """Have what libraries log from warnings up told in such lines, too."""
    root = logging.getLogger()
    root.handlers[:] = [_Lines(logging.WARNING)]
    root.setLevel(logging.WARNING)
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # a form that is none is told to who sent it
