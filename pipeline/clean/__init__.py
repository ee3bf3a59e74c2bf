"""Take out what copying, crawling and converting left behind, and nothing that means anything.

Each rule is a function from a text to the edits that it asks for, so that all of it can be undone. The rules run in
this order, each on the text that the one before it left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipeline.clean.controls import drop_controls, fold_line_ends
from pipeline.clean.markup import (
    decode_entities,
    decode_escapes,
    drop_emphasis,
    drop_stripped_spans,
    drop_stripped_tags,
    drop_tags,
)
from pipeline.clean.mojibake import losses, mend_misread_gb18030, mend_misread_latin
from pipeline.clean.printed import part_printed_list
from pipeline.clean.radicals import fold_radicals
from pipeline.clean.spaces import fold_spaces
from pipeline.clean.watermark import drop_watermarks
from pipeline.clean.width import narrow_ascii, widen_ideographic, widen_punctuation
from pipeline.text import Edit, Revision

__all__ = ["clean", "losses"]

Rule = Callable[[str], Iterable[Edit]]

_RULES: tuple[Rule, ...] = (
    mend_misread_latin,
    mend_misread_gb18030,
    fold_line_ends,
    drop_controls,
    part_printed_list,
    drop_stripped_spans,
    drop_stripped_tags,
    decode_escapes,
    decode_entities,
    drop_tags,
    drop_emphasis,
    drop_watermarks,
    fold_spaces,
    fold_radicals,
    narrow_ascii,
    widen_ideographic,
    widen_punctuation,
)


_ROUNDS = 16
"""How often the rules run at most. Text of the wild needs two or three rounds; each takes time linear in the text, and
without an end a text made for it ("kankanzhunzhun", nested a thousand times) would make the whole quadratic."""


def clean(source_text: str) -> Revision:
    """The source text as a revision whose lines end in a line feed and whose characters have one form each.

    Cleaning clean text changes nothing, unless it was wrapped up deeper than `_ROUNDS` rules can unwrap one by one.
    Circled and bracketed numbers (①, ⑴, ㈠), units (℃, №) and private-use characters (Word's bullets) stay as they are,
    since what comes behind reads them.
    """
    revision = Revision.of(source_text)
    for _ in range(_ROUNDS):  # what one rule does can reveal work for another: "&amp;lt;br&gt;" wraps a tag thrice
        before = revision.text
        for rule in _RULES:
            revision = revision.apply(rule(revision.text))
        if revision.text == before:
            break
    return revision
