"""Blocks as stretches of pieces, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from pipeline.blocks import Label
from pipeline.segment import phrases, tags
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


def unfolded(text: str, pieces: Sequence[Piece], joined: Sequence[Joined]) -> list[Joined]:
    """The blocks, where a heading that took in what it heads is parted from it: "任职要求：有较强的沟通能力，能…。".

    Where the words before the colon are no known heading, all of it is an entry: "绩效目标设定：与各部门负责人合作，帮助…。". What is no
    sentence is left beside the heading, unless nothing stands below: then it is what the heading is about, or the value of
    a field ("薪资待遇：4000元").
    """
    out: list[Joined] = []
    for block, below in zip(joined, [*joined[1:], None], strict=True):
        if tags.label(block.tag) != Label.SECTION_HEADING or not _took_in(text, pieces, block):
            out.append(block)
            continue
        kind = tags.kind(block.tag) or "other"
        known = phrases.whole(text[pieces[block.first].body : pieces[block.first].end])
        empty = below is None or below.tag < tags.FIRST_BODY or tags.label(below.tag) == Label.SECTION_HEADING
        if known and (_is_sentence(text, pieces, block) or (empty and known.section)):
            out.append(block._replace(stop=block.first + 1))
            out.append(Joined(block.first + 1, block.stop, tags.tag(Label.PARAGRAPH, kind)))
        elif _is_sentence(text, pieces, block):
            out.append(block._replace(tag=tags.tag(Label.ITEM, kind)))
        else:
            out.append(block._replace(tag=tags.tag(Label.FIELD, kind)) if empty else block)
    return out


_SENTENCE = 12
"""Characters from which what follows a colon and ends with a stop is a sentence."""


def _took_in(text: str, pieces: Sequence[Piece], block: Joined) -> bool:
    """Whether something follows the colon of a block's first piece."""
    return block.stop > block.first + 1 and text[pieces[block.first].end - 1] in ":："


def _is_sentence(text: str, pieces: Sequence[Piece], block: Joined) -> bool:
    start, end = pieces[block.first + 1].start, pieces[block.stop - 1].end
    return end - start >= _SENTENCE and text[end - 1] in "。；;."


_BRIEF = 12
"""Characters up to which an entry says too little to be something else than its heading: "清扫客房" under "岗位职责"."""


_HAN = regex.compile(r"\p{Han}")


def headed(text: str, pieces: Sequence[Piece], joined: Sequence[Joined]) -> list[Joined]:
    """The blocks, where some entries have the kind of the well-known heading that they stand under: a brief one of no kind of its
    own, and one in Latin letters alone, which are all one to what reads the characters ("Good at Python" was a duty)."""
    out: list[Joined] = []
    kind: str | None = None
    for block in joined:
        label, (start, end) = tags.label(block.tag), extent(pieces, block)
        if label in (Label.ITEM, Label.PARAGRAPH):
            brief = tags.kind(block.tag) == "other" and end - pieces[block.first].body <= _BRIEF
            if kind and (brief or not _HAN.search(text, start, end)):
                block = block._replace(tag=tags.tag(label, kind))
        else:
            known = phrases.whole(text[start:end]) if label == Label.SECTION_HEADING else None
            kind = known.section if known else None
        out.append(block)
    return out


def extent(pieces: Sequence[Piece], block: Joined) -> tuple[int, int]:
    """Where a block starts and ends in the text."""
    return pieces[block.first].start, pieces[block.stop - 1].end


def bare(words: str) -> str:
    """Words without marks around it and blanks within."""
    return "".join(words.strip(EDGES).split())
