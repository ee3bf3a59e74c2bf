"""What a piece can be: the tags of the model of structure, and which may follow which."""

from __future__ import annotations

from pipeline.blocks import Label

KINDS = ("duties", "requirements", "qualities", "other")
BODY = (Label.SECTION_HEADING, Label.ITEM, Label.PARAGRAPH, Label.FIELD)

OUTSIDE, CONTINUATION, ROLE, SUBTITLE = range(4)
"""Belongs to no role; goes on with the block before; heads a role; says the title again below it."""

FIRST_BODY = 4
COUNT = FIRST_BODY + len(BODY) * len(KINDS)
"""The tags from FIRST_BODY on: each label of BODY with each of KINDS."""


def tag(label: Label, kind: str) -> int:
    """The tag of a block of a role's body."""
    return FIRST_BODY + BODY.index(label) * len(KINDS) + KINDS.index(kind)


_LABELS = (Label.LEFTOVER, None, Label.ROLE_HEADING, Label.SUBTITLE, *(label for label in BODY for _ in KINDS))
_KINDS = (None,) * FIRST_BODY + KINDS * len(BODY)


def label(tag: int) -> Label | None:
    """The label that a tag gives; None for CONTINUATION."""
    return _LABELS[tag]


def kind(tag: int) -> str | None:
    """The kind that a tag gives; None for the tags that have none."""
    return _KINDS[tag]


NAMES = ("outside", "continuation", "role", "subtitle", *(f"{b.value}/{k}" for b in BODY for k in KINDS))
"""For people: the tags in order."""
