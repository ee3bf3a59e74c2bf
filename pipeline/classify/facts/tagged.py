"""Read tagged passages: how sure a candidate states a fact, and which names stand where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import regex

from pipeline.classify.facts.candidates import Candidate
from pipeline.classify.facts.passages import Passage
from pipeline.classify.facts.tagger import Floats, Tag

Tagged = Sequence[tuple[Passage, Floats]]
"""The passages of a role, each with a row of scores for each of its characters."""


def odds(p: Passage, scores: Floats, c: Candidate, tag: Tag) -> float:
    """The mean log-odds, over the characters of a candidate, that it states what the tag says and not nothing."""
    rows = scores[c.start - p.start : c.end - p.start]
    return float((rows[:, tag] - rows[:, Tag.NONE]).sum()) / len(rows)


_EDGES = " \t\n\u3000、，,；;。：:/|｜和与及或等的“”\"'·-—*（(）)【】[]《》<>"
_WORD = regex.compile(r"[A-Za-z\d+#.&]")
_PAIRS = ("（）", "()", "《》", "【】", "[]")


def names(text: str, p: Passage, scores: Floats, first: Tag, on: Tag) -> Iterator[tuple[int, int]]:
    """The stretches of a passage that the tags mark as names, whole Latin words, without marks at their ends."""
    best = scores.argmax(axis=1)
    within = (best == first) | (best == on)
    if not within.any():
        return
    begins = within & ((best == first) | ~np.concatenate([[False], within[:-1]]))
    last = p.start
    for at in np.flatnonzero(begins).tolist():
        end = at + 1
        while end < len(best) and best[end] == on:
            end += 1
        a, b = _whole(text, p, max(last, p.start + at), p.start + end)
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
        inner = text[start:end]
        if inner.count(opening) > inner.count(closing) and end < p.end and text[end] == closing:
            end += 1
    return start, end
