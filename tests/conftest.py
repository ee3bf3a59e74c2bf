"""No test reaches beyond this machine."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

LOOPBACK = ("127.", "::1", "localhost")


def _at_home(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
    elif event == "socket.getaddrinfo" and isinstance(arguments[0], str) and not _is_address(arguments[0]):
        host = arguments[0]
    else:
        return
    if not host.startswith(LOOPBACK):
        raise RuntimeError(f"a test reaches for {host}")


def _is_address(host: str) -> bool:
    """Whether a host is a number already, so that nobody is asked for it."""
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return not host


sys.addaudithook(_at_home)
