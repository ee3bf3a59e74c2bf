"""Line ends, control characters, and characters that cannot be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text import Edit

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_DROPPED = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls; XML 1.0 forbids most of them
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"  # zero width, bidi, variation selectors
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"  # interlinear marks, noncharacters, lone surrogates
    "]+"
)


def fold_line_ends(text: str) -> Iterator[Edit]:
    """Every kind of line end becomes a line feed: Windows files, old Macs, form feeds of printed pages."""
    for m in _LINE_ENDS.finditer(text):
        yield Edit(m.start(), m.end(), "\n", "line-end")


def drop_controls(text: str) -> Iterator[Edit]:
    """Invisible characters go: web pages hide zero-width spaces in copied text, converters leave controls.

    Tabs stay, since they part fields; private-use characters stay, since Word's bullets are among them.
    """
    for m in _DROPPED.finditer(text):
        yield Edit(m.start(), m.end(), "", "control")
