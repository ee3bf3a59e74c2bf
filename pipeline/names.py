"""Names of files: of standard input and output, of the configuration, and those that are no UTF-8 as people read them."""

from __future__ import annotations

import re

STDIO = "-"
"""Stands for standard input or output where a path is asked for."""
CONFIGURATION = "gangwei.toml"
"""The configuration that is looked for in the working folder."""

_UNDECODED = re.compile("[^/\\s:]*[\udc80-\udcff][^/\\s:]*")
"""A part of a path in which Python could not decode some bytes and keeps them as lone surrogates."""


def readable(text: str) -> str:
    """A name, or a message with names in it: a name that is no UTF-8 is read as GB18030, else its bytes as `\\xHH`.

    The whole part of the path is read anew, since some pairs of GB18030 are UTF-8 of other scripts by chance.
    """
    return _UNDECODED.sub(lambda m: _read(m[0]), text)


def _read(part: str) -> str:
    data = part.encode("utf-8", "surrogateescape")
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        return data.decode("utf-8", "backslashreplace")
