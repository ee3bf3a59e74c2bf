"""How the blocks of a role nest: the depth of each, by the levels of headings and the numbering of entries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.blocks import Block, Label
from pipeline.segment import markers
from pipeline.segment.markers import Family, Marker

DEEPER = 0.5
"""Probability from which a heading stands under the one before it."""

_RANK = {family: rank for rank, family in enumerate(Family)}


class _Open(NamedTuple):
    style: tuple[Family, str] | None
    heading: bool
    depth: int
    number: int | None


def depths(blocks: Sequence[Block], deeper: Sequence[float], apart: Sequence[bool]) -> list[int]:
    """The depth of each block: headings by what the model says of their level, entries by their numbering.

    Entries of one style are on one level; a finer style that starts at one opens a list within the entry before it,
    unless text that belongs to no role keeps them `apart`.
    """
    out: list[int] = []
    open_: list[_Open] = []
    for block, chance, cut_off in zip(blocks, deeper, apart, strict=True):
        marker = _marker(block.marker) if block.marker else None
        style = marker.style if marker else None
        if block.label in (Label.ROLE_HEADING, Label.SUBTITLE):
            out.append(1)
            continue
        while open_ and (block.label != Label.ITEM or cut_off) and not open_[-1].heading:
            open_.pop()
        if block.label == Label.SECTION_HEADING:
            _close_headings(open_, style, chance > DEEPER)
        elif block.label == Label.ITEM:
            _close_items(open_, marker)
        depth = len(open_) + 1
        if block.label in (Label.SECTION_HEADING, Label.ITEM):
            open_.append(_Open(style, block.label == Label.SECTION_HEADING, depth, marker.number if marker else None))
        out.append(depth)
    return out


@lru_cache(maxsize=4096)
def _marker(words: str) -> Marker | None:
    return markers.at(words, 0, len(words))


def _close_headings(open_: list[_Open], style: tuple[Family, str] | None, deeper: bool) -> None:
    if not deeper:
        open_.clear()
        return
    same = next((i for i, o in enumerate(open_) if i and o.style == style), None)
    if same is not None:
        del open_[same:]
    elif len(open_) > 1 and style is None:
        del open_[1:]


def _close_items(open_: list[_Open], marker: Marker | None) -> None:
    items = [i for i, o in enumerate(open_) if not o.heading]
    if not items:
        return
    if marker is None:
        del open_[items[0] :]
        return
    same = next((i for i in items if open_[i].style == marker.style), None)
    if same is not None:
        del open_[same:]
        return
    last = open_[-1]
    finer = last.style is not None and _RANK[marker.family] > _RANK[last.style[0]] and marker.number in (1, None)
    if not finer:
        del open_[items[0] :]
