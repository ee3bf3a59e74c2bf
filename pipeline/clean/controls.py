"""Line ends, control characters, and characters that cannot be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text import Edit

_LINE_ENDS = re.compile("[\r\x0b\x0c\x85\u2028\u2029]\n?")
_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls; XML 1.0 forbids most of them
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufe00-\ufe0f\U000e0000-\U000e0fff"  # variation selectors and tags
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"  # interlinear marks, noncharacters, lone surrogates
    "]+"
)
_JOINED = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?\u200d[\u2190-\u2bff\U0001f000-\U0001faff]")
_WORD_MARKS = {"\x07": "\t", "\x1e": "-"}
"""What Word's binary format means by two controls: the end of a table cell, and a hyphen that does not break."""


def fold_line_ends(text: str) -> Iterator[Edit]:
    """Every kind of line end becomes a line feed: of Windows, of old Macs, of printed pages, of web editors.

    A file whose lines end in carriage return and line feed has one edit a line and no empty lines more.
    """
    for m in _LINE_ENDS.finditer(text):
        if m[0] == "\r\n" or len(m[0]) == 1:
            yield Edit(m.start(), m.end(), "\n", "line-end")
        else:
            yield Edit(m.start(), m.start() + 1, "\n", "line-end")


def drop_controls(text: str) -> Iterator[Edit]:
    """Unseen characters go: pages hide zero-width spaces in what is copied, converters leave controls behind.

    Tabs stay, since they part fields, and so do private-use characters, since Word's bullets are among them. The
    joiner inside an emoji made of several stays too.
    """
    for m in _UNSEEN.finditer(text):
        if m[0] in _WORD_MARKS:
            yield Edit(m.start(), m.end(), _WORD_MARKS[m[0]], "control")
        elif "\u200d" not in m[0] or not _JOINED.match(text, m.start() - 1):
            yield Edit(m.start(), m.end(), "", "control")
