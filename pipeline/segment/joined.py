"""Blocks as stretches of pieces, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.segment import tags
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.network import Read

EDGES = " \t\n\u3000:：|｜【】[]「」■◆●*#"
"""What stands around a name or a title and is no part of it."""


class Joined(NamedTuple):
    """The pieces `first` up to `stop` that make one block."""

    first: int
    stop: int
    tag: int


_WITHIN = (Cut.BAR, Cut.BLANK, Cut.COLON, Cut.BRACKET, Cut.COMMA)
"""Cuts after which no boilerplate begins within a line, e.g. "人事行政部|工作职责"; in the annotated documents it does at 11 of
46,000. Before a known phrase it does at 16 of 2,000: "有建模经验者优先职能类别：数据分析师"."""


def join(pieces: Sequence[Piece], read: Read) -> list[Joined]:
    """The blocks: each piece with those that go on with it. Boilerplate goes on to the end of its line."""
    out: list[Joined] = []
    for i, tag in enumerate(read.tags):
        if out:
            last = out[-1]
            outside = last.tag == tags.OUTSIDE
            goes_on = tag == tags.CONTINUATION or (tag == tags.OUTSIDE and (outside or pieces[i].cut in _WITHIN))
            if goes_on and not (outside and pieces[i].cut == Cut.LINE):
                out[-1] = Joined(last.first, i + 1, last.tag)
                continue
        out.append(Joined(i, i + 1, tags.OUTSIDE if tag == tags.CONTINUATION else tag))
    return out


def extent(pieces: Sequence[Piece], block: Joined) -> tuple[int, int]:
    """Where a block starts and ends in the text."""
    return pieces[block.first].start, pieces[block.stop - 1].end


def bare(words: str) -> str:
    """Words without marks around it and blanks within."""
    return "".join(words.strip(EDGES).split())
