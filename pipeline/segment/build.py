"""Put pieces together: blocks, the roles they belong to, and how they nest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
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
"""Probability from which a role begins where no heading names one, in a text that names none."""

BEGINS_UNNAMED = 0.8
"""The same in a text whose other roles have headings."""


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


def subtitled(joined: Sequence[Joined]) -> list[Joined]:
    """The blocks, where of two role headings right below each other the second says the title of the first once more.

    "客户经理职责(二)" above "身为一名客户经理的岗位职责" is one role. Three and more in a row are a list of posts.
    """
    out = list(joined)
    run = 0
    for i, block in enumerate([*joined, None]):
        if block is not None and block.tag == tags.ROLE:
            run += 1
            continue
        if run == 2 and block is not None and block.tag >= tags.FIRST_BODY:
            out[i - 1] = out[i - 1]._replace(tag=tags.SUBTITLE)
        run = 0
    return out


_LONGEST_LINE = 40
_TRAIL = regex.compile(r"[>›»→]|当前位置|\.(?:docx?|pdf|xlsx?|txt)")
"""What stands in the trail of a site or the name of a file: "首页 > 招聘 > 电焊工"."""


def from_first_mention(text: str, pieces: Sequence[Piece], joined: Sequence[Joined]) -> list[Joined]:
    """The blocks, where a text of one post begins it at the first line that says its title.

    "附件二：电焊工岗位责任书" above "岗位：电焊工" names the post already: so it is in 51 of the 54 annotated documents of
    one post. Of several posts such a line may be the document's own title.
    """
    heads = [k for k, block in enumerate(joined) if block.tag == tags.ROLE]
    if len(heads) != 1 or not heads[0]:
        return list(joined)
    head = joined[heads[0]]
    (title,) = titles.of_headings(text, [_extent(pieces, head)])
    if title is None or len(title.title) < 2:
        return list(joined)
    out = list(joined)
    for k, block in enumerate(joined[: heads[0]]):
        start, end = _extent(pieces, block)
        words = text[start:end]
        if end - start <= _LONGEST_LINE and title.title in words and not _TRAIL.search(words):
            out[k] = block._replace(tag=tags.ROLE)
            out[heads[0]] = _said_again(text, pieces, head)
            break
    return out


def from_line_above(text: str, pieces: Sequence[Piece], joined: Sequence[Joined]) -> list[Joined]:
    """The blocks, where a role begins at the line above that says its title and nothing else.

    "2. 出纳" above the form whose first row is "岗位名称  出纳", also where a heading such as "基本信息" stands between. A row
    that names the title and nearly says what a role heading above it said is of the same post: "安环副总监" above
    "岗位名称  安全副总监".
    """
    out = list(joined)
    for k, block in enumerate(joined):
        if block.tag == tags.ROLE:
            above = next((a for a in _lines_above(joined, k) if _says_title(text, pieces, joined[a], block)), None)
            if above is not None:
                out[above] = out[above]._replace(tag=tags.ROLE)
                out[k] = _said_again(text, pieces, block)
    return out


def _lines_above(joined: Sequence[Joined], k: int) -> Iterator[int]:
    """The block before block k and the one before that, as far as they are no text of a role."""
    for above in range(k - 1, max(-1, k - 3), -1):
        if joined[above].tag in (tags.ROLE, tags.OUTSIDE):
            yield above
        elif tags.label(joined[above].tag) != Label.SECTION_HEADING:
            break


def _says_title(text: str, pieces: Sequence[Piece], block: Joined, head: Joined) -> bool:
    words = _bare(text[pieces[block.first].body : pieces[block.stop - 1].end])
    named = _is_named(text, pieces, head)
    value = _bare(text[pieces[head.first + 1].start : _extent(pieces, head)[1]]) if named else ""
    if named and block.tag == tags.ROLE and _are_close(words, value):
        return True
    return len(words) > 1 and (words == value or _is_title(text, words, _extent(pieces, head)))


def _is_title(text: str, words: str, heading: tuple[int, int]) -> bool:
    """Whether words are the title of a heading."""
    if words not in _bare(text[slice(*heading)]):
        return False
    (title,) = titles.of_headings(text, [heading])
    return title is not None and _bare(title.title) == words


def _are_close(one: str, other: str) -> bool:
    """Whether two titles have more than half of the characters of the shorter one in common."""
    return 2 * len(set(one) & set(other)) > min(len(set(one)), len(set(other)))


def _is_named(text: str, pieces: Sequence[Piece], head: Joined) -> bool:
    """Whether a heading is a name and its value: "岗位名称：出纳"."""
    if head.stop == head.first + 1:
        return False
    return text[pieces[head.first].end - 1] in ":：" or pieces[head.first + 1].cut == Cut.TAB


def _said_again(text: str, pieces: Sequence[Piece], head: Joined) -> Joined:
    """A heading whose title stands above it already: a field where it is named ("岗位：出纳"), else a subtitle."""
    return head._replace(tag=tags.tag(Label.FIELD, "other") if _is_named(text, pieces, head) else tags.SUBTITLE)


def _extent(pieces: Sequence[Piece], block: Joined) -> tuple[int, int]:
    return pieces[block.first].start, pieces[block.stop - 1].end


def part(
    joined: Sequence[Joined], read: Read, rows: Mapping[int, int] | None = None
) -> tuple[list[list[Joined]], list[tuple[Joined, str]]]:
    """The blocks of each role, and those that belong to none with the reason why.

    A role begins at its heading, or where the model says so; in a text that names no role, at its first block. In
    `rows` of a table it begins with the row, though the heading, by whose first piece the row is known, comes later.
    """
    first_of_row = {first: head for head, first in (rows or {}).items()}
    named = any(j.tag == tags.ROLE for j in joined)
    roles: list[list[Joined]] = []
    left: list[tuple[Joined, str]] = []
    for block in joined:
        if block.tag == tags.OUTSIDE:
            left.append((block, BOILERPLATE))
            continue
        in_row = block.tag == tags.ROLE and (rows or {}).get(block.first, block.first) != block.first
        begins = (block.tag == tags.ROLE and not in_row) or block.first in first_of_row
        renamed = read.tags[block.first] == tags.ROLE and block.tag != tags.ROLE
        begins = (
            begins
            or (read.begins[block.first] > (BEGINS_UNNAMED if named else BEGINS) and not renamed)
            or (not roles and not named)
        )
        if begins:
            roles.append([block])
        elif roles:
            roles[-1].append(block)
        else:
            left.append((block, COMMON))
    return roles, left


def roles(
    text: str,
    pieces: Sequence[Piece],
    read: Read,
    parted: Sequence[Sequence[Joined]],
    names: Mapping[int, str] | None = None,
) -> tuple[RoleBlocks, ...]:
    """The roles with their titles, their blocks and their depths.

    `names` are those of fields whose names stand elsewhere, by their first piece: the head of a table's column.
    """
    parted = [_headed_once(blocks) for blocks in parted]
    made = [[_block(text, pieces, read, b, (names or {}).get(b.first, "")) for b in blocks] for blocks in parted]
    heads = [next((n for n, b in enumerate(blocks) if b.tag == tags.ROLE), None) for blocks in parted]
    headed = [(k, made[k][n]) for k, n in enumerate(heads) if n is not None]
    found = titles.of_headings(text, [(head.start, head.end) for _, head in headed])
    named = {k: title for (k, _), title in zip(headed, found, strict=True)}
    out = []
    for k, (blocks, group) in enumerate(zip(parted, made, strict=True)):
        first = blocks[0].first
        title = named.get(k)
        apart = [i > 0 and b.first != blocks[i - 1].stop for i, b in enumerate(blocks)]
        depths = _depths(group, [read.deeper[b.first] for b in blocks], apart)
        out.append(
            RoleBlocks(
                tuple(b if d == b.depth else replace(b, depth=d) for b, d in zip(group, depths, strict=True)),
                title.title if title else None,
                _ordinal(text, group[heads[k] or 0]) if k in named else None,
                round(float(read.label[first] if k in named else read.begins[first]), 3),
            )
        )
    return tuple(out)


def _ordinal(text: str, heading: Block) -> int | None:
    """The number of a role among its like: after its title, or before it."""
    after = titles.ordinal(text[heading.body : heading.end])
    return heading.number if after is None else after


def _headed_once(blocks: Sequence[Joined]) -> list[Joined]:
    """A role's blocks with one heading and one subtitle: what says the title a third time is text."""
    out = list(blocks)
    for tag in (tags.ROLE, tags.SUBTITLE):
        again = [k for k, block in enumerate(out) if block.tag == tag][1:]
        for k in again:
            out[k] = out[k]._replace(tag=tags.tag(Label.PARAGRAPH, "other"))
    return out


def leftover(pieces: Sequence[Piece], block: Joined, reason: str) -> Block:
    """A block that belongs to no role."""
    start, end = _extent(pieces, block)
    return Block(Label.LEFTOVER, start, end, start, note=reason)


def _block(text: str, pieces: Sequence[Piece], read: Read, block: Joined, name_above: str = "") -> Block:
    first, last = pieces[block.first], pieces[block.stop - 1]
    label = tags.label(block.tag)
    assert label is not None
    marker, body = first.marker, first.body
    if marker and body >= first.end and block.stop > block.first + 1:  # the number stands alone, its text after it
        body = pieces[block.first + 1].start
    if body >= last.end:  # nothing but a number
        marker, body = None, first.start
    if marker and label == Label.PARAGRAPH:
        label = Label.ITEM
    name = None
    if label == Label.FIELD:
        name, body = _field(text, pieces, block, body)
        name = name or name_above
        if marker and not name:  # "1、底薪5500元": the number is part of what is said
            marker, body = None, first.start
    return Block(
        label,
        first.start,
        last.end,
        body,
        1,
        marker.text if marker else None,
        marker.number if marker else None,
        name,
        tags.kind(block.tag),
        round(float(read.label[block.first]), 3),
        round(float(read.kind[block.first]), 3),
    )


_LONGEST_NAME = 12
_NAME = regex.compile(r"[\p{Han}A-Za-z（）()/、 \u3000]++")
_EDGES = " \t\n\u3000:：|｜【】[]「」■◆●*#"


def _field(text: str, pieces: Sequence[Piece], block: Joined, body: int) -> tuple[str, int]:
    """The name of a field and where its value starts; "" where the value stands alone ("全职")."""
    first = pieces[block.first]
    head = text[body : first.end]
    after = pieces[block.first + 1] if block.stop > block.first + 1 else None
    colon = head.rstrip().endswith((":", "：", "】"))
    if after is None:
        return (_bare(head), first.end) if colon else ("", body)
    apart = after.cut in (Cut.LINE, Cut.TAB, Cut.BAR, Cut.BLANKS)
    named = len(head) <= _LONGEST_NAME and _NAME.fullmatch(head.strip(_EDGES))
    if colon or (named and (apart or phrases.whole(head))):
        return _bare(head), after.start
    return "", body


def _bare(name: str) -> str:
    """A field's name without marks around it and blanks within."""
    return "".join(name.strip(_EDGES).split())


# -- how blocks nest ---------------------------------------------------------------------------------------------------

DEEPER = 0.5
"""Probability from which a heading stands under the one before it."""

_RANK = {family: rank for rank, family in enumerate(Family)}


class _Open(NamedTuple):
    style: tuple[Family, str] | None
    heading: bool
    depth: int
    number: int | None


def _depths(blocks: Sequence[Block], deeper: Sequence[float], apart: Sequence[bool]) -> list[int]:
    """The depth of each block: headings by what the model says of their level, entries by their numbering.

    Entries of one style are on one level; a finer style that starts at one opens a list within the entry before it,
    unless text that belongs to no role keeps them `apart`.
    """
    out: list[int] = []
    open_: list[_Open] = []
    for block, chance, cut_off in zip(blocks, deeper, apart, strict=True):
        marker = _marker(block)
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
