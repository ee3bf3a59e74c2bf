"""A problem of a record that others wrote, with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

DEEPEST = 200
"""Levels of a file of JSON or XML: 64 levels of content, which records have at most, take fewer than this."""
_LONGEST = 200
"""Characters of a reason; what stands in the file may be longer."""
_SHORT = 40
"""Characters of a value that is shown with the reason."""
WHOLE = "the record"


class Problem(NamedTuple):
    """What is wrong, and where: a JSON pointer or an XPath, whose names are of the record's namespace.

    `line` counts from 1, in XML only.
    """

    place: str
    reason: str
    line: int = 0

    def __str__(self) -> str:
        at = f" (line {self.line})" if self.line else ""
        reason = "".join(c if c.isprintable() else " " for c in self.reason[:_LONGEST])
        return f"{self.place}{at}: {reason}{'…' if len(self.reason) > _LONGEST else ''}"


def bad_span(place: str, start: int, end: int, size: int, line: int = 0) -> Iterator[Problem]:
    """What is wrong with a span of a source text of `size` characters."""
    if end < start:
        yield Problem(place, f"the span ends ({end}) before it begins ({start})", line)
    elif end > size:
        yield Problem(place, f"the span ends ({end}) behind the source text, which has {size} characters", line)
