"""Take out what copying, crawling and converting left behind, and nothing that means anything.

Every rule returns edits of category normalisation, so that all of it can be undone; the rules run in this order, each on
the text that the one before it left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipeline.clean.controls import drop_controls, fold_line_ends
from pipeline.clean.entities import decode_entities, drop_tags
from pipeline.clean.mojibake import mend_mojibake
from pipeline.clean.radicals import fold_radicals
from pipeline.clean.spaces import fold_spaces
from pipeline.clean.width import narrow_ascii, widen_punctuation
from pipeline.text import Edit, Revision

__all__ = ["clean"]

_RULES: tuple[Callable[[str], Iterable[Edit]], ...] = (
    fold_line_ends,
    decode_entities,
    drop_tags,
    mend_mojibake,
    drop_controls,
    fold_spaces,
    fold_radicals,
    narrow_ascii,
    widen_punctuation,
)


def clean(source_text: str) -> Revision:
    """The source text as a revision whose lines end in a line feed and whose characters have one form each."""
    revision = Revision.of(source_text)
    for rule in _RULES:
        revision = revision.apply(rule(revision.text))
    return revision
