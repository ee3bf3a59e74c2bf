"""How a process ends: not after the one it works for, and undisturbed once it is on its way out."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable
from types import FrameType

_PR_SET_PDEATHSIG = 1
"""From Linux's prctl.h."""


def die_with_the_owner() -> None:
    """Have the kernel end this process at once when the one that started it ends, on Linux.

    Elsewhere a process notices at the end of its work, since nobody is at the other end of its pipe.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def end_undisturbed(numbers: Iterable[int]) -> None:
    """Let signals of these numbers change nothing from here on: the process is putting things in order already.

    They are heard and held back, not ignored: Python tells on standard error of a signal that was on its way when
    it was set to be ignored ("Signal 15 ignored due to race condition").
    """
    numbers = tuple(numbers)
    for number in numbers:
        signal.signal(number, _heard)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, numbers)


def _heard(_number: int, _frame: FrameType | None) -> None:
    """Nothing more to do."""
