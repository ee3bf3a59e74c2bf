"""Passages: the blocks of a role in which facts may be stated, and what the tagger is told of each of their characters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from pipeline.blocks import Block, Label
from pipeline.classify.facts import candidates
from pipeline.classify.facts.candidates import Candidate, Sort
from pipeline.classify.facts.clauses import Clause, of_entry
from pipeline.model import Kind

LABELS = (Label.ROLE_HEADING, Label.SUBTITLE, Label.SECTION_HEADING, Label.ITEM, Label.PARAGRAPH, Label.FIELD)
KINDS = (None, *(k.value for k in Kind))
_BLOCKS = {(label, kind): i for i, (label, kind) in enumerate(product(LABELS, KINDS))}
SIZES = (8, len(LABELS) * len(KINDS), 3, 8, 2 * (len(Sort) + 1), 3, 2, 4)
"""Sizes of the slots: class of the character; label and kind of its block; how it is preferred; distance to the block's
start; candidate; tick box before it; in brackets; whether its block has a level or names subjects."""

_ASIDE = 90
"""Characters up to which an entry about something else is looked at: tag strips, "大专 1-3年 全职"."""

_STORY = 400
"""Characters up to which a field is."""

_LEVEL = int(Sort.LEVEL)
_HEADS = frozenset((Label.ROLE_HEADING, Label.SUBTITLE, Label.SECTION_HEADING))
_FIELDS = frozenset((Label.FIELD,))
_ASKED = frozenset((Kind.REQUIREMENTS, Kind.QUALITIES))

_PREFERRED = regex.compile("优先|加分|优选|更佳")
_SUBJECT = regex.compile("专业|学科|科班|学系")
_BOX = regex.compile(r"(?P<off>[□☐○◯])|(?P<on>[☑√✓✔■☒●◉])|[\s|｜,，;；。]{1,3}(?=\S{2,6}[:：])")
_TICKABLE = regex.compile("[□☐○◯☑√✓✔■☒●◉]")
_TICKED = regex.compile("[☑√✓✔■☒●◉]")
_BRACKET = regex.compile(r"[（(][^（()）\n]*+[）)]")


class Passage(NamedTuple):
    """A block in which facts may be stated: `text[start:end]`, its clauses and the candidates in it.

    `wish` says that a heading over it makes all of it a wish and not a condition.
    """

    start: int
    end: int
    label: Label
    kind: str | None
    wish: bool
    clauses: tuple[Clause, ...]
    candidates: tuple[Candidate, ...]


def of_role(text: str, blocks: Sequence[Block]) -> Iterator[Passage]:
    """The passages of a role: headings, fields, what says requirements or qualities, and short asides."""
    wished_from: int | None = None
    for i, block in enumerate(blocks):
        if wished_from is not None and block.depth <= wished_from:
            wished_from = None
        if block.label == Label.SECTION_HEADING and _PREFERRED.search(text, block.body, block.end):
            wished_from = block.depth
        if _tells(block):
            start = block.start if block.label == Label.FIELD else block.body
            wish = wished_from is not None and block.label != Label.SECTION_HEADING
            yield Passage(
                start,
                block.end,
                block.label,
                block.kind,
                wish,
                tuple(of_entry(text, start, block.end, i, wish)),
                _chosen(text, start, block.end, candidates.find(text, start, block.end)),
            )


def _tells(block: Block) -> bool:
    if block.label in _HEADS:
        return block.end > block.body
    size = block.end - block.start
    return block.kind != Kind.DUTIES and (
        block.kind in _ASKED or size <= (_STORY if block.label in _FIELDS else _ASIDE)
    )


def joined(text: str, found: Sequence[Passage]) -> str:
    """The passages one after the other, a line break behind each."""
    return "".join([text[p.start : p.end] + "\n" for p in found])


def slots(text: str, found: Sequence[Passage], whole: str) -> NDArray[np.int64]:
    """What is known of each character of the passages of a text, joined to a whole: one row for each of SIZES."""
    sizes = np.array([p.end - p.start + 1 for p in found])
    starts = np.cumsum(sizes) - sizes
    out = np.zeros((len(SIZES), len(whole)), np.int64)
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
    out[0] = _classes()[np.minimum(codes, 0xFFFF)]
    out[1] = np.repeat([_BLOCKS[p.label, p.kind] for p in found], sizes)
    out[3] = np.minimum(np.arange(len(whole)) - np.repeat(starts, sizes), 7)
    firsts = starts.tolist()
    context = [int(any(c.sort == _LEVEL for c in p.candidates)) for p in found]
    for m in _SUBJECT.finditer(whole):
        context[bisect_right(firsts, m.start()) - 1] |= 2
    out[7] = np.repeat(context, sizes)
    for m in _BRACKET.finditer(whole):
        out[6, m.start() : m.end()] = 1
    boxes = _TICKABLE.search(whole) is not None
    for p, at in zip(found, firsts, strict=True):
        _mark(p, at - p.start, out)
        if boxes:
            _tick(text, p, out[5, at : at + p.end - p.start])
    return out


def _mark(p: Passage, shift: int, out: NDArray[np.int64]) -> None:
    """Marks the wishes and the candidates of a passage that stands `shift` characters further on in the row."""
    for clause in p.clauses:
        if clause.preferred:
            a = clause.start + shift
            out[2, a : a + len(clause.text)] = 2 if p.wish else 1
    for c in p.candidates:
        out[4, c.start + shift : c.end + shift] = 2 * c.sort
        out[4, c.start + shift] += 1


def _tick(text: str, p: Passage, column: NDArray[np.int64]) -> None:
    """Marks what stands behind a box: 1 an empty one, 2 a ticked one; "□高中 ☑大专"."""
    boxes = list(_BOX.finditer(text, p.start, p.end))
    for m, behind in zip(boxes, [*(b.start() for b in boxes[1:]), p.end], strict=False):
        column[m.start() - p.start : behind - p.start] = 1 if m["off"] else 2 if m["on"] else 0


def _chosen(text: str, start: int, end: int, found: Iterator[Candidate]) -> tuple[Candidate, ...]:
    """Without those behind an empty box, where another is ticked: "□高中 ☑大专" leaves 大专."""
    boxes = list(_BOX.finditer(text, start, end)) if _TICKED.search(text, start, end) else []
    if not any(m["off"] for m in boxes):
        return tuple(found)

    starts = [m.start() for m in boxes]

    def empty(at: int) -> bool:
        i = bisect_left(starts, at) - 1
        return i >= 0 and boxes[i]["off"] is not None

    return tuple(c for c in found if not empty(c.start))


@cache
def _classes() -> NDArray[np.int64]:
    """The class of each code point: other, Han, digit, letter, blank, break, stop, comma."""
    table = np.zeros(0x10000, np.int64)
    table[0x3400:0xA000] = 1
    table[0xF900:0xFB00] = 1
    for chars, number in (("0123456789", 2), (" \t\u3000", 4), ("\n", 5), ("。；;!！", 6), ("，,、/", 7)):
        table[[ord(c) for c in chars]] = number
    for first, last in ("AZ", "az"):
        table[ord(first) : ord(last) + 1] = 3
    return table
