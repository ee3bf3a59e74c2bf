"""Runs LibreOffice for a process that may be killed, and takes it away with its files when that happens.

The kernel can end only the first process of a program together with its owner. LibreOffice is several, and takes a
folder of files, so that this one stands between: it leads the group that LibreOffice runs in.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

__all__ = ["command"]

_POLL = 0.1
"""Seconds between looks."""


def command(folder: str, megabytes: int, words: list[str]) -> list[str]:
    """What to start, as the first of a new session, to run a program: within a limit on memory where there is one.

    `folder` is removed when this process, the owner, ends before the program does.
    """
    return [sys.executable, "-P", "-m", __name__, str(os.getpid()), folder, str(megabytes), *words]


def main() -> None:
    """Run the program that the arguments name, and exit as it does."""
    owner, folder, megabytes, *words = sys.argv[1:]
    _limit(int(megabytes))
    program = subprocess.Popen(words)
    while program.poll() is None:
        if os.name != "nt" and os.getppid() != int(owner):
            shutil.rmtree(folder, ignore_errors=True)
            os.killpg(0, signal.SIGKILL)
        time.sleep(_POLL)
    sys.exit(program.returncode if program.returncode >= 0 else 1)


def _limit(megabytes: int) -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
