"""Put blocks together: which role each belongs to, and what it says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import regex

from pipeline.blocks import Block, Label, RoleBlocks
from pipeline.segment import nest, phrases, tags, titles
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.division import BEGINS
from pipeline.segment.joined import EDGES, Joined, bare, extent
from pipeline.segment.markers import Family, Marker
from pipeline.segment.network import Read

BOILERPLATE = "boilerplate"
"""The reason of a leftover that belongs to no role: menus, greetings, the firm's own story, how to apply."""

COMMON = "common"
"""The reason of a leftover that is about all posts of a document whose posts have headings."""

BEGINS_LATER = 0.5
"""Probability from which a text that names no role is one from a later block on, where the first was less likely than BEGINS."""


def part(
    joined: Sequence[Joined], read: Read, rows: Mapping[int, int] | None = None, within: Collection[int] = ()
) -> tuple[list[list[Joined]], list[tuple[Joined, str]]]:
    """The blocks of each role, and those that belong to none with the reason why.

    A role begins at its heading; in a text that names no role one begins where the model says so. Beside roles with headings none
    begins without one: of 52 that were said to with a probability from .9 on, 8 did. In `rows` of a table it begins with the
    row, though the heading, by whose first piece the row is known, comes later. At the pieces `within` none begins.
    """
    first_of_row = {first: head for head, first in (rows or {}).items()}
    named = any(j.tag == tags.ROLE for j in joined)
    roles: list[list[Joined]] = []
    left: list[tuple[Joined, str]] = []
    passed = False  # whether a block that may begin the role of such a text lies behind
    for block in joined:
        if block.tag == tags.OUTSIDE:
            left.append((block, BOILERPLATE))
            continue
        in_row = block.tag == tags.ROLE and (rows or {}).get(block.first, block.first) != block.first
        begins = (block.tag == tags.ROLE and not in_row) or block.first in first_of_row
        if not named and not roles:
            begins = begins or read.begins[block.first] > (BEGINS_LATER if passed else BEGINS)
            passed = True
        if begins and block.first not in within:
            roles.append([block])
        elif roles:
            roles[-1].append(block)
        else:
            left.append((block, COMMON))
    return roles, left if roles else [(block, BOILERPLATE) for block, _ in left]


def roles(
    text: str,
    pieces: Sequence[Piece],
    read: Read,
    parted: Sequence[Sequence[Joined]],
    names: Mapping[int, str] | None = None,
    units: Sequence[str | None] = (),
) -> tuple[RoleBlocks, ...]:
    """The roles with their titles, their blocks and their depths.

    `names` are those of fields whose names stand elsewhere, by their first piece: the head of a table's column; `units` are the
    departments that the roles stand under.
    """
    parted = [_headed_once(blocks) for blocks in parted]
    made = [[_block(text, pieces, read, b, (names or {}).get(b.first, "")) for b in blocks] for blocks in parted]
    heads = [next((n for n, b in enumerate(blocks) if b.tag == tags.ROLE), None) for blocks in parted]
    headed = [(k, made[k][n]) for k, n in enumerate(heads) if n is not None]
    found = titles.of_headings(text, [(head.start, head.end) for _, head in headed])
    named = {k: title for (k, _), title in zip(headed, found, strict=True)}
    out = []
    for k, (blocks, group) in enumerate(zip(parted, made, strict=True)):
        title = named.get(k)
        apart = [i > 0 and b.first != blocks[i - 1].stop for i, b in enumerate(blocks)]
        depths = nest.depths(group, [read.deeper[b.first] for b in blocks], apart)
        out.append(
            RoleBlocks(
                tuple([b if d == b.depth else b._replace(depth=d) for b, d in zip(group, depths, strict=True)]),
                title.title if title else None,
                _ordinal(text, group[heads[k] or 0]) if k in named else None,
                round(_confidence(read, blocks, k in named), 3),
                units[k] if units else None,
            )
        )
    return tuple(out)


def _confidence(read: Read, blocks: Sequence[Joined], is_headed: bool) -> float:
    """The probability that a role begins: that of what was read as its heading, which may stand below the line above."""
    if not is_headed:
        return float(read.begins[blocks[0].first])
    return float(read.label[next((b.first for b in blocks if read.tags[b.first] == tags.ROLE), blocks[0].first)])


def _ordinal(text: str, heading: Block) -> int | None:
    """The number of a role among its like: after its title, or before it."""
    after = titles.ordinal(text[heading.body : heading.end])
    return heading.number if after is None else after


def _headed_once(blocks: Sequence[Joined]) -> list[Joined]:
    """A role's blocks with one heading and one subtitle: any further line that repeats the title is plain text."""
    out = list(blocks)
    for tag in (tags.ROLE, tags.SUBTITLE):
        again = [k for k, block in enumerate(out) if block.tag == tag][1:]
        for k in again:
            out[k] = out[k]._replace(tag=tags.tag(Label.PARAGRAPH, "other"))
    return out


def leftover(pieces: Sequence[Piece], block: Joined, reason: str) -> Block:
    """A block that belongs to no role."""
    start, end = extent(pieces, block)
    return Block(Label.LEFTOVER, start, end, start, note=reason)


def _block(text: str, pieces: Sequence[Piece], read: Read, block: Joined, name_above: str = "") -> Block:
    first, last = pieces[block.first], pieces[block.stop - 1]
    label = tags.label(block.tag)
    assert label is not None
    marker = first.marker or _number_cell(text, pieces, block, label)
    body = marker.end if marker else first.body
    if marker and body >= first.end and block.stop > block.first + 1:  # the number stands alone, its text after it
        body = pieces[block.first + 1].start
    if body >= last.end:  # nothing but a number
        marker, body = None, first.start
    if marker and label == Label.PARAGRAPH:
        label = Label.ITEM
    name = None
    if label == Label.FIELD:
        name, body = _field(text, pieces, block, body, name_above)
        name = name or name_above
        if (
            marker and not name and tags.kind(block.tag) == "other"
        ):  # "1、底薪5500元": the number is part of what is said
            marker, body = None, first.start
        elif marker and not name:  # "1 制订检验标准" in a cell beside "岗位职责"
            label, name = Label.ITEM, None
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
        round(_of_kind(read, block), 3),
    )


def _of_kind(read: Read, block: Joined) -> float:
    """The probability of a block's kind; of one that it has by its heading what the others leave."""
    chance = float(read.kind[block.first])
    return chance if tags.kind(read.tags[block.first]) == tags.kind(block.tag) else 1 - chance


_NUMBER = regex.compile(r"(\d{1,3}+)\s*+[|｜]?+")
_CELLS = (Cut.TAB, Cut.BAR, Cut.BLANKS)


def _number_cell(text: str, pieces: Sequence[Piece], block: Joined, label: Label) -> Marker | None:
    """The cell of a row's number as the marker of the entry beside it: "1<tab>制订检验标准"."""
    first = pieces[block.first]
    if label not in (Label.ITEM, Label.PARAGRAPH) or block.stop == block.first + 1:
        return None
    m = _NUMBER.fullmatch(text, first.start, first.end)
    if m is None or pieces[block.first + 1].cut not in _CELLS:
        return None
    return Marker(first.start, first.end, m[1], Family.BARE, "", int(m[1]))


_LONGEST_NAME = 12
_NAME = regex.compile(r"[\p{Han}A-Za-z（）()/、 \u3000\n]++")


def _field(text: str, pieces: Sequence[Piece], block: Joined, body: int, known: str) -> tuple[str, int]:
    """The name of a field and where its value starts; "" where the value stands alone ("全职").

    `known` is a name that the file tells: one that stands in a cell of its own has a value beside it, or none.
    """
    first = pieces[block.first]
    head = text[body : first.end]
    after = pieces[block.first + 1] if block.stop > block.first + 1 else None
    if known and bare(head) == known:
        return known, after.start if after else first.end
    colon = head.rstrip().endswith((":", "：", "】"))
    if after is None:
        return (bare(head), first.end) if colon else ("", body)
    apart = after.cut in (Cut.LINE, Cut.TAB, Cut.BAR, Cut.BLANKS)
    named = len(head) <= _LONGEST_NAME and _NAME.fullmatch(head.strip(EDGES))
    if colon or (named and (apart or phrases.whole(head))):
        return bare(head), after.start
    return "", body
