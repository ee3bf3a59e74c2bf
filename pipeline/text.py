"""Spans, edits, and a text that knows where each of its characters came from.

Every room rests on this module. A `Revision` holds a source text, the text it has become, and the flat list of changes
between the two. However many stages edit it, the list stays flat: an edit that meets an earlier change is merged with
it, so that each stretch of the source is replaced at most once and `undo` is one pass.

Offsets are Unicode code points, half-open, as in Python slices.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.layout import Hint

NORMALISATION = ""
"""The category of a change that touches no meaning: width, white space, quotation style."""


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


class Edit(NamedTuple):
    """A replacement that a stage asks for, in offsets of the revision that it was given.

    `category` is one of the contract's (ocr, typo, spin, punct, dup, missing) or `NORMALISATION`; `confidence` is a
    probability in 0..1; `evidence` says in words and figures why, for the person who reviews it.
    """

    start: int
    end: int
    replacement: str
    rule: str
    category: str = NORMALISATION
    confidence: float = 1.0
    evidence: str = ""


class Change(NamedTuple):
    """What has become of one stretch of the source: `source[start:end] == original` now reads `replacement`."""

    start: int
    end: int
    original: str
    replacement: str
    rule: str
    category: str = NORMALISATION
    confidence: float = 1.0
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a reader hands on: a file's text and where it came from.

    `name` is the file's stem, which names the record; `encoding` is a codec name with which the file's bytes decode to
    exactly `text`. When `extracted`, the text was taken out of another format and is kept beside the record: `encoding`
    is then that of the format's characters, None where it is none of characters. `warnings` are pairs of code and
    message. `layout` is what the file says about stretches of the text, in its order; empty for plain text.
    """

    text: str
    name: str
    media_type: str
    encoding: str | None
    sha256: str
    extracted: bool = False
    warnings: tuple[tuple[str, str], ...] = ()
    layout: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """A text together with the changes that made it from its source.

    `changes` are sorted, do not overlap, and are in source offsets. Make the first one with `Revision.of`, further ones
    with `apply`.
    """

    source: str
    text: str
    changes: tuple[Change, ...] = ()
    _starts: list[int] = field(default_factory=list, repr=False)
    """Offset in `text` of each change's replacement."""

    @classmethod
    def of(cls, source: str) -> Revision:
        """The revision in which nothing has been changed yet."""
        return cls(source, source)

    @classmethod
    def from_changes(cls, source: str, changes: Iterable[Change]) -> Revision:
        """Replay changes over their source.

        Raises ValueError where a change's original is not the source text at its span, or two changes overlap.
        """
        parts: list[str] = []
        starts: list[int] = []
        last = size = 0
        kept = tuple(changes)
        for change in kept:
            if change.start < last or source[change.start : change.end] != change.original:
                raise ValueError(f"change at {change.start} does not fit its source")
            size += change.start - last
            starts.append(size)
            parts += [source[last : change.start], change.replacement]
            size += len(change.replacement)
            last = change.end
        parts.append(source[last:])
        return cls(source, "".join(parts), kept, starts)

    def apply(self, edits: Iterable[Edit]) -> Revision:
        """A new revision with these edits made; they are in offsets of this one's text.

        Raises ValueError for edits that overlap or lie outside the text.
        """
        ordered = sorted(edits, key=lambda e: (e.start, e.end))
        if not ordered:
            return self
        last = 0
        for edit in ordered:
            if not last <= edit.start <= edit.end <= len(self.text):
                raise ValueError(f"edit at {edit.start} overlaps another or lies outside the text")
            last = edit.end
        changes: list[Change] = []
        done = at = 0  # changes of this revision, and edits, that are already in the new list
        while at < len(ordered):
            first = self._first_touched(ordered[at], done)
            behind, until = self._cluster(ordered, at, first)
            merged = self._merge(ordered[at:until], first, behind)
            changes += self.changes[done:first]
            if merged.original != merged.replacement:
                changes.append(merged)
            done, at = behind, until
        changes += self.changes[done:]
        return Revision.from_changes(self.source, changes)

    def undo(self) -> str:
        """Take every change back, from the text alone: what comes out equals the source."""
        return undo(self.text, self.changes)

    def to_source(self, span: Span | tuple[int, int]) -> Span:
        """The stretch of the source from which `text[span]` was made.

        A change of equal length is mapped character by character, any other as a whole. White space or marks that were
        deleted at either end are left out.
        """
        start, end = span
        if not self.changes:
            return Span(start, end)
        a = self._source_offset(start, at_end=False)
        if start == end:
            return Span(a, a)
        return Span(a, self._source_offset(end, at_end=True))

    def from_source(self, offset: int) -> int:
        """The place in `text` of the source's character `offset`; within a change, the change's start."""
        i = bisect_left(self.changes, (offset + 1,)) - 1
        if i < 0:
            return offset
        change, at = self.changes[i], self._starts[i]
        if offset >= change.end:
            return at + len(change.replacement) + offset - change.end
        return at + (offset - change.start if _one_by_one(change) else 0)

    def unbroken(self) -> list[tuple[int, int]]:
        """The stretches of `text` whose characters have no place of their own in the source."""
        return [
            (at, at + len(change.replacement))
            for at, change in zip(self._starts, self.changes, strict=True)
            if len(change.replacement) > 1 and not _one_by_one(change)
        ]

    def corrections(self) -> tuple[Change, ...]:
        """The changes that touch meaning-bearing characters."""
        return tuple(c for c in self.changes if c.category != NORMALISATION)

    def normalisations(self) -> tuple[Change, ...]:
        """The changes that do not."""
        return tuple(c for c in self.changes if c.category == NORMALISATION)

    # -- how an edit meets earlier changes -----------------------------------------------------------------------

    def _bounds(self, i: int) -> tuple[int, int]:
        return self._starts[i], self._starts[i] + len(self.changes[i].replacement)

    def _touches(self, edit: Edit, i: int) -> bool:
        start, end = self._bounds(i)
        if start == end or edit.start == edit.end:
            return edit.start < start < edit.end or start < edit.start < end
        return start < edit.end and edit.start < end

    def _first_touched(self, edit: Edit, done: int) -> int:
        """Index of the first change that the edit touches, else of the first one that lies behind it."""
        i = max(done, bisect_left(self._starts, edit.start) - 1)
        while i < len(self.changes) and not self._touches(edit, i) and self._bounds(i)[1] <= edit.start:
            i += 1
        return i

    def _cluster(self, edits: Sequence[Edit], at: int, first: int) -> tuple[int, int]:
        """Ends of the changes and of the edits that hang together with `edits[at]`, since each meets the next."""
        behind, until = first, at + 1
        while True:
            while behind < len(self.changes) and self._touches(edits[until - 1], behind):
                behind += 1
            if behind == first or until == len(edits) or edits[until].start >= self._bounds(behind - 1)[1]:
                return behind, until
            until += 1

    def _merge(self, edits: Sequence[Edit], first: int, behind: int) -> Change:
        """One change that does what the cluster's old changes and new edits do together."""
        old = self.changes[first:behind]
        left, right = edits[0].start, edits[-1].end
        if old:
            old_left, old_right = self._bounds(first)[0], self._bounds(behind - 1)[1]
            start = old[0].start - max(0, old_left - left)
            end = old[-1].end + max(0, right - old_right)
            left, right = min(left, old_left), max(right, old_right)
        else:
            behind_all = first == len(self.changes)
            shift = len(self.source) - len(self.text) if behind_all else self.changes[first].start - self._starts[first]
            start, end = left + shift, right + shift
        parts = []
        for edit in edits:
            parts += [self.text[left : edit.start], edit.replacement]
            left = edit.end
        parts.append(self.text[left:right])
        made: list[Change | Edit] = [*old, *edits]
        return Change(
            start,
            end,
            self.source[start:end],
            "".join(parts),
            "+".join(dict.fromkeys(m.rule for m in made)),
            next((m.category for m in reversed(made) if m.category), NORMALISATION),
            min(m.confidence for m in made),
            next((m.evidence for m in reversed(made) if m.evidence), ""),
        )

    def _source_offset(self, offset: int, at_end: bool) -> int:
        starts = self._starts
        i = (bisect_left(starts, offset) if at_end else bisect_right(starts, offset)) - 1
        if i < 0:
            return offset
        change, start = self.changes[i], starts[i]
        into = offset - start
        size = len(change.replacement)
        if into >= size:
            return change.end + into - size
        if _one_by_one(change):
            return change.start + into
        return change.end if at_end else change.start


def _one_by_one(change: Change) -> bool:
    """Whether each character stands for the one in its place: not where white space would, which is in no block."""
    pairs = zip(change.original, change.replacement, strict=False)
    return len(change.original) == len(change.replacement) and not any(
        new.isspace() and not old.isspace() for old, new in pairs
    )


def undo(text: str, changes: Sequence[Change]) -> str:
    """The source of `text`, given the changes that made it.

    Raises ValueError where the text does not hold a change's replacement at its place.
    """
    parts: list[str] = []
    at = 0  # in text
    last = 0  # in the source
    for change in changes:
        keep = change.start - last
        parts += [text[at : at + keep], change.original]
        at += keep
        if text[at : at + len(change.replacement)] != change.replacement:
            raise ValueError(f"the text does not hold the replacement of the change at {change.start}")
        at += len(change.replacement)
        last = change.end
    parts.append(text[at:])
    return "".join(parts)


_BREAKS = re.compile(r"(?<!\s)\s*\n\s*")
"""Looking back keeps it linear: in a long run of blanks without a break, each blank would begin a search of its own."""
_RUNS = re.compile(r"[ \t\u3000]{2,}|\t")
WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d\u2026\u2014]")
"""Ideographs and the marks that are as wide: no space stands between two of them."""


def is_han(char: str) -> bool:
    """Whether a character is an ideograph of the basic block."""
    return "\u4e00" <= char <= "\u9fff"


def is_simplified(char: str) -> bool:
    """Whether a character is a Han character of the national set for simplified Chinese (GB 2312)."""
    return is_han(char) and bool(char.encode("gb2312", "ignore"))


def fold_lines(text: str) -> str:
    """A block's text on one line, its ends stripped.

    A line break reads as nothing between two Han or full-width characters and as one space elsewhere; other runs of
    white space read as one space.
    """
    text = text.strip()
    if "\n" in text:
        text = _BREAKS.sub(lambda m: _joint(text[m.start() - 1], text[m.end()]), text)
    return _RUNS.sub(" ", text)


def _joint(before: str, behind: str) -> str:
    return "" if WIDE.match(before) and WIDE.match(behind) else " "
