"""A process that works for another one does not outlive it, however that one ends."""

from __future__ import annotations

import signal
import sys

_PR_SET_PDEATHSIG = 1
"""From Linux's prctl.h."""


def die_with_the_owner() -> None:
    """Have the kernel end this process at once when the one that started it ends, on Linux.

    Elsewhere a process notices at the end of its work, since nobody is at the other end of its pipe.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
