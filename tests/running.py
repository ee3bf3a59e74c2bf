"""A batch in a process of its own, with all processes that it starts, so that tests can stop and kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

COMMAND = [sys.executable, "-m", "pipeline.cli"]
SOAK = bool(os.environ.get("GANGWEI_SOAK"))
"""Whether tests with a long form run it: `make soak`."""


def heard() -> None:
    """Hear Ctrl-C, which whoever runs the tests in the background may have had ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Running:
    """`gangwei parse RAW -o OUT` with two workers, known to the system by a tag in its environment."""

    def __init__(self, raw: Path, out: Path, tag: str) -> None:
        self.out = out
        self._tag = f"GANGWEI_TEST={tag}".encode()
        self.process = subprocess.Popen(
            [*COMMAND, "parse", str(raw), "-o", str(out), "--jobs", "2"],
            env={**os.environ, "GANGWEI_TEST": tag},
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=heard,
        )

    def wait_for_the_first(self, manifest: str) -> None:
        """Until a document is done."""
        path = self.out / manifest
        while not (path.exists() and path.stat().st_size):
            assert self.process.poll() is None
            time.sleep(0.02)

    def others(self) -> list[int]:
        """Ids of the processes that it started and that are there now."""
        return [number for number in self._found() if number != self.process.pid]

    def left(self) -> list[int]:
        """Ids of its processes that are still there; they get a moment to go."""
        for _ in range(100):
            found = list(self._found())
            if not found:
                break
            time.sleep(0.05)
        return found

    def _found(self) -> Iterator[int]:
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and self._tag in (entry / "environ").read_bytes().split(b"\0"):
                    yield int(entry.name)
