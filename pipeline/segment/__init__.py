"""Cut a corrected text into roles and blocks.

pieces   lines, and what lies between two cuts of a line
tails    sentences behind a list that no longer belong to it
furniture  menus and footers of a page
clutter  what else belongs to no role
roles    where roles begin, and their titles
outline  headings, entries, fields; and how they nest
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from itertools import pairwise

from pipeline.blocks import Block, Corrected, Label, RoleBlocks, Segmented
from pipeline.segment import clutter, furniture, outline, pieces, roles, standing, tails
from pipeline.segment.headings import SECTION_KINDS
from pipeline.segment.pieces import Piece
from pipeline.text import SourceText

__all__ = ["segment"]


def segment(source: SourceText, corrected: Corrected) -> Segmented:
    """The blocks of a document; every visible character of the revision's text is in exactly one."""
    text = corrected.revision.text
    found = tails.split(text, pieces.of_text(text))
    furniture.mark(text, found)
    clutter.mark(text, found)
    furniture.close(text, found)
    starts = roles.find(text, found)
    groups = [part for group in _groups(text, found, [s.index for s in starts]) for part in _cycles(group)]
    out = []
    for group in groups:
        outline.label(text, group)
        group = _with_values(text, group)
        if any(p.label != Label.LEFTOVER for p in group):
            out.append(RoleBlocks(_blocks(group), group[0].title, group[0].ordinal))
    placed = {b.start for role in out for b in role.blocks}
    left = tuple(_block(p) for p in _merged(text, found) if p.start not in placed)
    return Segmented(source, corrected, tuple(out), left)


def _merged(text: str, found: list[Piece]) -> list[Piece]:
    """The leftovers, those with one reason that follow each other on a line made one."""
    out: list[Piece] = []
    joined = False
    for piece in found:
        if piece.label == Label.LEFTOVER:
            if joined and out[-1].note == piece.note and not piece.first:
                out[-1] = replace(out[-1], end=piece.end)
            else:
                out.append(piece)
        joined = piece.label == Label.LEFTOVER
    return out


def _groups(text: str, found: list[Piece], starts: list[int]) -> list[list[Piece]]:
    """The pieces of each role; what stands before the first named role is its own group, or an introduction."""
    bounds = [*starts, len(found)]
    groups = [found[a:b] for a, b in itertools.pairwise(bounds)]
    before = found[: bounds[0]]
    if not starts and clutter.no_post(text, before):
        for piece in before:
            piece.label, piece.note = piece.label or Label.LEFTOVER, piece.note or clutter.NO_POST
        return []
    if not starts:
        _introduction(text, before)
        return [before] if before else []
    if _structured(before):
        return [before, *groups]
    _close(before, groups)
    for piece in before:
        if piece.label is None:
            title = piece.whole and piece.end - piece.start <= 30 and text[piece.end - 1] not in "。！？；"
            piece.label, piece.note = Label.LEFTOVER, clutter.COLLECTION if title else clutter.INTRODUCTION
    return groups


def _cycles(group: list[Piece]) -> list[list[Piece]]:
    """A role in which headings of duties and of requirements begin again is two posts, the second unnamed.

    The words of the headings must recur; or, below an empty line, what they are about.
    """
    heads = [
        (i, p.heading.phrase, p.heading.kind)
        for i, p in enumerate(group)
        if p.heading and p.label is None and p.heading.use == "strong" and p.heading.kind in ("duties", "requirements")
    ]
    phrases, about = [phrase for _, phrase, _ in heads], [kind for _, _, kind in heads]
    if len(set(about)) < 2 or len(about) < 4:
        return [group]
    cuts = []
    for n in range(2, len(heads) - 1):
        again = phrases[n : n + 2] == phrases[:2] or (about[n : n + 2] == about[:2] and group[heads[n][0]].blank > 0)
        if again and about[n] != about[n + 1] and about[n] != about[n - 1]:
            cuts.append(heads[n][0])
    return [group[a:b] for a, b in pairwise([0, *cuts, len(group)])]


def _close(before: list[Piece], groups: list[list[Piece]]) -> None:
    """Where numbering that began before the roles goes on, the role above it ends: "一、岗位职责", roles, "二、奖惩"."""
    last = {p.marker.style: p.marker.number for p in before if p.marker and p.marker.number and p.whole}
    for group in groups:
        for i, piece in enumerate(group[1:], 1):
            marker = piece.marker
            goes_on = (
                marker
                and marker.style.startswith(("chinese", "part"))
                and last.get(marker.style) == (marker.number or 0) - 1
            )
            if goes_on and piece.whole and piece.heading is None:
                for inner in group[i:]:
                    inner.label, inner.note = Label.LEFTOVER, clutter.GENERAL
                break


def _structured(group: list[Piece]) -> bool:
    """Whether the text before the first named role is a role itself."""
    live = [p for p in group if p.label is None]
    headed = any(p.heading and p.heading.kind in ("duties", "requirements") and p.heading.use != "field" for p in live)
    return headed and live[-1].heading is None


_PRAISE = re.compile(
    r"欢迎.{0,6}(?:加入|您|你)|我们是|公司(?:是|成立|主营|致力|创建|现有)|成立于|加入我们|有限公司|集团(?:是|成立)|诚邀|诚聘|因业务|业务(?:发展|扩展)需要|创立于|上市公司|^(?:本|我)?(?:公司|司)(?:主要|总部|产品|业务|目前|专注|自)"
)
"""例: "恰逢…，公司成立于2008年，主营…", "因业务发展需要，诚聘…"."""


_OF_POST = re.compile(r"职责|任职|要求|负责|熟悉|Responsib|Requirement|Qualif", re.IGNORECASE)
"""Words that say that a text which praises the company goes on about the post."""


def _introduction(text: str, group: list[Piece]) -> None:
    """In a posting without a title, what praises the company above the first heading or entry is an introduction."""
    opening = next((i for i, p in enumerate(group) if p.heading or p.marker), 0)
    if opening and standing.ends_menu(text, group, opening - 1):
        for piece in group[:opening]:
            piece.label, piece.note = Label.LEFTOVER, clutter.CLUTTER
    for piece in group[:opening]:
        praised = _PRAISE.search(text, piece.start, piece.end) and not _OF_POST.search(text, piece.start, piece.end)
        if piece.label is None and praised:
            piece.label, piece.note = Label.LEFTOVER, clutter.INTRODUCTION


def _with_values(text: str, group: list[Piece]) -> list[Piece]:
    """Fields joined with their values."""
    out: list[Piece] = []
    for piece in group:
        above = out[-1] if out else None
        if (
            above
            and above.label == Label.FIELD
            and (not piece.first or _below_name(above, piece))
            and piece.heading is None
            and piece.label != Label.LEFTOVER
            and above.note is None
        ):
            above.end, above.note = piece.end, above.heading.phrase if above.heading else None
        else:
            out.append(piece)
    return out


def _below_name(name: Piece, piece: Piece) -> bool:
    """Whether a short line is the value of the name that has the line above to itself."""
    alone = name.whole and name.heading is not None and name.heading.use == "field" and name.end <= name.heading.end
    return alone and piece.whole and not piece.marker and not piece.blank and piece.end - piece.start <= 40


def _blocks(group: list[Piece]) -> tuple[Block, ...]:
    return tuple(_block(p) for p in group if p.label != Label.LEFTOVER)


def _block(piece: Piece) -> Block:
    assert piece.label is not None
    marker = piece.marker
    body = piece.body
    note = piece.note
    kind = piece.kind or (piece.heading.kind if piece.heading else None)
    if piece.label == Label.FIELD and piece.heading:
        body, note = min(piece.heading.end, piece.end), piece.heading.phrase
    return Block(
        piece.label,
        piece.start,
        piece.end,
        body,
        piece.depth,
        marker.text if marker else None,
        marker.number if marker else None,
        note,
        kind if kind in SECTION_KINDS else None,
    )
