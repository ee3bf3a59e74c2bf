"""Read tagged passages: how sure a candidate states a fact, and which names stand where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.classify.facts.candidates import Candidate
from pipeline.classify.facts.passages import Passage
from pipeline.classify.facts.tagger import Marks, Tag

Tagged = Sequence[tuple[Passage, Marks]]
"""The passages of a role, each with what the model says of it."""


def odds(p: Passage, marks: Marks, c: Candidate, tag: int) -> float:
    """The mean log-odds, over the characters of a candidate, that it states what the tag says and not nothing."""
    rows = marks.scores[c.start - p.start : c.end - p.start]
    return float((rows[:, tag] - rows[:, _NONE]).sum()) / len(rows)


_NONE = int(Tag.NONE)
_RUNS = {int(first): regex.compile(b"[%c%c]%c*+" % (first, first + 1, first + 1)) for first in (Tag.MAJOR, Tag.SKILL)}
"""A name in the likeliest tags: its begin and all that goes on; one that lost its begin counts too."""

_EDGES = " \t\n\u3000、，,；;。：:/|｜和与及或等的“”\"'·-—*（(）)【】[]《》<>"
_WORD = regex.compile(r"[A-Za-z\d+#.&]")
_PAIRS = (("（", "）"), ("(", ")"), ("《", "》"), ("【", "】"), ("[", "]"))


def names(text: str, p: Passage, marks: Marks, first: int) -> Iterator[tuple[int, int]]:
    """The stretches of a passage that are tagged as names, whole Latin words, without marks at their ends."""
    last = p.start
    for m in _RUNS[first].finditer(marks.best):
        a, b = _whole(text, p, max(last, p.start + m.start()), p.start + m.end())
        last = b
        if a < b:
            yield a, b


def _whole(text: str, p: Passage, start: int, end: int) -> tuple[int, int]:
    while p.start < start and _WORD.match(text[start - 1]) and _WORD.match(text[start]):
        start -= 1
    while end < p.end and _WORD.match(text[end]) and _WORD.match(text[end - 1]):
        end += 1
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    for opening, closing in _PAIRS:
        if end < p.end and text[end] == closing and text.count(opening, start, end) > text.count(closing, start, end):
            end += 1
    return start, end
