"""Put pieces together: blocks, the roles they belong to, and how they nest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from pipeline.blocks import Block, Label, RoleBlocks
from pipeline.segment import markers, phrases, tags, titles
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.markers import Family, Marker
from pipeline.segment.network import Read

BOILERPLATE = "boilerplate"
"""The reason of a leftover that belongs to no role: menus, greetings, the firm's own story, how to apply."""

COMMON = "common"
"""The reason of a leftover that speaks of all posts of a document that names its posts."""

BEGINS = 0.5
"""Probability from which a role begins where no heading names one."""


class Joined(NamedTuple):
    """The pieces `first` up to `stop` that make one block."""

    first: int
    stop: int
    tag: int


def join(pieces: Sequence[Piece], read: Read) -> list[Joined]:
    """The blocks: each piece with those that go on with it. Boilerplate goes on to the end of its line."""
    out: list[Joined] = []
    for i, tag in enumerate(read.tags):
        if out:
            last = out[-1]
            outside = last.tag == tags.OUTSIDE
            goes_on = tag == tags.CONTINUATION or (outside and tag == tags.OUTSIDE)
            if goes_on and not (outside and pieces[i].cut == Cut.LINE):
                out[-1] = last._replace(stop=i + 1)
                continue
        out.append(Joined(i, i + 1, tags.OUTSIDE if tag == tags.CONTINUATION else tag))
    return out


def part(joined: Sequence[Joined], read: Read) -> tuple[list[list[Joined]], list[tuple[Joined, str]]]:
    """The blocks of each role, and those that belong to none with the reason why.

    A role begins at its heading, or where the model says so; in a text that names no role, at its first block.
    """
    named = any(j.tag == tags.ROLE for j in joined)
    roles: list[list[Joined]] = []
    left: list[tuple[Joined, str]] = []
    for block in joined:
        if block.tag == tags.OUTSIDE:
            left.append((block, BOILERPLATE))
            continue
        begins = block.tag == tags.ROLE or read.begins[block.first] > BEGINS or (not roles and not named)
        if begins:
            roles.append([block])
        elif roles:
            roles[-1].append(block)
        else:
            left.append((block, COMMON))
    return roles, left


def role(text: str, pieces: Sequence[Piece], read: Read, blocks: Sequence[Joined]) -> RoleBlocks:
    """One role with its title, its blocks and their depths."""
    made = [_block(text, pieces, read, b) for b in blocks]
    heading = blocks[0] if blocks[0].tag == tags.ROLE else None
    named = titles.of_heading(text, made[0].start, made[0].end) if heading else None
    depths = _depths(made, [read.deeper[b.first] for b in blocks])
    begins = float(read.label[blocks[0].first] if heading else read.begins[blocks[0].first])
    return RoleBlocks(
        tuple(b if d == b.depth else _at_depth(b, d) for b, d in zip(made, depths, strict=True)),
        named.title if named else None,
        made[0].number if heading else None,
        round(begins, 3),
    )


def leftover(pieces: Sequence[Piece], block: Joined, reason: str) -> Block:
    """A block that belongs to no role."""
    start, end = pieces[block.first].start, pieces[block.stop - 1].end
    return Block(Label.LEFTOVER, start, end, start, note=reason)


def _block(text: str, pieces: Sequence[Piece], read: Read, block: Joined) -> Block:
    first, last = pieces[block.first], pieces[block.stop - 1]
    label = tags.label(block.tag)
    assert label is not None
    marker, body = first.marker, first.body
    if marker and body >= first.end and block.stop > block.first + 1:  # the number stands alone, its text after it
        body = pieces[block.first + 1].start
    name = None
    if label == Label.FIELD:
        name, body = _field(text, pieces, block)
    return Block(
        label,
        first.start,
        last.end,
        min(body, last.end),
        1,
        marker.text if marker and body > first.start else None,
        marker.number if marker and body > first.start else None,
        name,
        tags.kind(block.tag),
        round(float(read.label[block.first]), 3),
        round(float(read.kind[block.first]), 3),
    )


_LONGEST_NAME = 12
_NAME = regex.compile(r"[\p{Han}A-Za-z（）()/、 　]++")


def _field(text: str, pieces: Sequence[Piece], block: Joined) -> tuple[str, int]:
    """The name of a field and where its value starts; "" where the value stands alone ("全职")."""
    first = pieces[block.first]
    head = text[first.body : first.end]
    after = pieces[block.first + 1] if block.stop > block.first + 1 else None
    if after is None:
        return ("", first.body) if not head.endswith((":", "：")) else (_bare(head), first.end)
    colon = head.rstrip().endswith((":", "：", "】"))
    apart = after.cut in (Cut.LINE, Cut.TAB, Cut.BAR, Cut.BLANKS, Cut.BLANK)
    named = len(head) <= _LONGEST_NAME and _NAME.fullmatch(head.strip(" |｜\t"))
    if colon or phrases.whole(head) or (named and apart and after.cut != Cut.BLANK):
        return _bare(head), after.start
    return "", first.body


def _bare(name: str) -> str:
    return "".join(phrases.bare(name).split()) or name.strip(" :：|｜\t")


def _at_depth(block: Block, depth: int) -> Block:
    values = {name: getattr(block, name) for name in block.__slots__}
    return Block(**{**values, "depth": depth})


# -- how blocks nest ---------------------------------------------------------------------------------------------------

DEEPER = 0.5
"""Probability from which a heading stands under the one before it."""

_RANK = {family: rank for rank, family in enumerate(Family)}


class _Open(NamedTuple):
    style: tuple[Family, str] | None
    heading: bool
    depth: int
    number: int | None


def _depths(blocks: Sequence[Block], deeper: Sequence[float]) -> list[int]:
    """The depth of each block: headings by what the model says of their level, entries by their numbering.

    Entries of one style are on one level; a finer style that starts at one opens a list within the entry before it.
    """
    out: list[int] = []
    open_: list[_Open] = []
    for block, chance in zip(blocks, deeper, strict=True):
        marker = _marker(block)
        style = marker.style if marker else None
        if block.label in (Label.ROLE_HEADING, Label.SUBTITLE):
            out.append(1)
            continue
        while open_ and block.label != Label.ITEM and not open_[-1].heading:
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


def _marker(block: Block) -> Marker | None:
    return markers.at(block.marker, 0, len(block.marker)) if block.marker else None


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
