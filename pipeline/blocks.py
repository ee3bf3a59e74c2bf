"""What `segment` hands to `classify`: a flat stream of blocks, like the token stream of a Markdown parser.

The stream is in document order and each block knows its depth, so the tree can be built from it in one pass; it is not
a second document model. Offsets are of the corrected revision's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pipeline.text import Change, Revision, SourceText


class Label(StrEnum):
    """What a block is."""

    ROLE_HEADING = "role_heading"
    SUBTITLE = "subtitle"
    SECTION_HEADING = "section_heading"
    ITEM = "item"
    PARAGRAPH = "paragraph"
    FIELD = "field"
    LEFTOVER = "leftover"


class Block(NamedTuple):
    """A stretch of text with one function.

    `text[start:end]` holds marker and body and neither starts nor ends with white space; the body starts at `body`,
    a field's value too. `depth` nests blocks within a role: a block is under the nearest block before it that has a
    smaller depth. `note` is a field's name or a leftover's reason; `kind` is what a heading, an entry or a field says.
    `confidence` is the probability that the label is right, `kind_confidence` that the kind is.
    """

    label: Label
    start: int
    end: int
    body: int
    depth: int = 1
    marker: str | None = None
    number: int | None = None
    note: str | None = None
    kind: str | None = None
    confidence: float = 1.0
    kind_confidence: float = 1.0


class RoleBlocks(NamedTuple):
    """The blocks of one role; a role that the text does not name has no role heading.

    `confidence` is the probability that a role begins with its first block; `unit` is the department that a line above
    several roles names.
    """

    blocks: tuple[Block, ...]
    title: str | None = None
    ordinal: int | None = None
    confidence: float = 1.0
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A revision after correction, and the changes that were seen but not made (in source offsets)."""

    revision: Revision
    suggestions: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Segmented:
    """A whole document cut into blocks: every visible character is in exactly one of them."""

    source: SourceText
    corrected: Corrected
    roles: tuple[RoleBlocks, ...] = ()
    leftovers: tuple[Block, ...] = ()
