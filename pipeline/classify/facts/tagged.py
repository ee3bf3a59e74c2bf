"""Read tagged passages: how sure a candidate states a fact, and which names stand where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

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


def wished(p: Passage, at: int) -> bool:
    """Whether what stands at a place is in a clause that only prefers: "硕士优先"."""
    return any(k.preferred for k in p.clauses if k.start <= at < k.start + len(k.text))


_NONE = int(Tag.NONE)
_RUNS = {int(first): regex.compile(b"[%c%c]%c*+" % (first, first + 1, first + 1)) for first in (Tag.MAJOR, Tag.SKILL)}
"""A name in the likeliest tags: its begin and all that goes on; one that lost its begin counts too."""

_SLIP = 2
"""Characters by which the tags may miss the end of a phrase."""

_EDGES = " \t\n\u3000、，,；;。：:/|｜和与及或等的“”\"'·-—–*（(）)【】[]《》<>_▷□☐"
_LATIN = regex.compile(r"[A-Za-z\d+#.&_-]")
_BEFORE = regex.compile("用(?!户|途|例|品|人)|需(?!求)|[对在如须由为以将把被和与及或的做看写开会能懂熟]")
_BEHIND = regex.compile("(?<![银同内])行|[的等者吗呢了过准熟好快用做都也能会可及和与或就更很]")
"""What stands right before or behind a name, and is not part of it; and not the half of a word: "用户画像", "数据银行"."""

Phrases = Callable[[str, int, int], Iterator[tuple[int, int]]]


def names(text: str, p: Passage, marks: Marks, first: int, phrases: Phrases) -> Iterator[tuple[int, int]]:
    """The stretches of a passage that are tagged as names; where the tags miss the ends of a phrase by a little, all of it."""
    if first not in marks.best and first + 1 not in marks.best:
        return
    out: list[tuple[int, int]] = []
    runs = [(p.start + m.start(), p.start + m.end()) for m in _RUNS[first].finditer(marks.best)]
    last = p.start
    parts = list(phrases(text, p.start, p.end))
    for a, b in _mended(text, runs):
        if whole := _SLASHED.match(text, a, b):
            last = b
            out.append(whole.span(1))
            continue
        for c, d in parts:
            if c < b and a < d:
                start, end = _snapped(text, max(a, c, last), min(b, d), max(c, last), d)
                if start < end and (first == Tag.MAJOR or _fits(text, start, end, c, d)):
                    if out and out[-1][1] == start > c:
                        start = out.pop()[0]  # two stretches of one phrase that touch: "Office" and "办公软件"
                    last = end
                    out.append((start, end))
    yield from out


_SLASHED = regex.compile(r"((?i:tcp/ip|b/s|c/s|i/o|a/b|ui/ux|pl/sql))[^/、，,\s]*+$")
"""One name each, unlike "C/C++"; a class word behind it is no part of it: "TCP/IP协议"."""


def _mended(text: str, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs that touch are one name: "Web端测试", "Office办公软件"."""
    out = [runs[0]]
    for a, b in runs[1:]:
        x, y = out[-1]
        if a == y or _SLASHED.match(text, x, b):
            out[-1] = (x, b)
        else:
            out.append((a, b))
    return out


def _snapped(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """A stretch grown to the ends of its phrase `text[first:last]`, or of its Latin words, and freed of marks."""
    while first < start < last and _LATIN.match(text[start - 1]) and _LATIN.match(text[start]):
        start -= 1
    while start < end < last and _LATIN.match(text[end]) and _LATIN.match(text[end - 1]):
        end += 1
    while first < start and first + 1 < last and _BEFORE.match(text, first):
        first += 1
    while last > end and _BEHIND.match(text, last - 1):
        last -= 1
    if 0 < start - first <= _SLIP and not _LATIN.match(text[start]):
        start = first
    if 0 < last - end <= _SLIP and not _LATIN.match(text[end - 1]):
        end = last
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _fits(text: str, start: int, end: int, first: int, last: int) -> bool:
    """Whether a name fills its phrase, or is parted from the rest of it by its script or a word that is never part of one."""
    left = start == first or not _same_script(text, start) or _BEFORE.match(text, start - 1) is not None
    right = end == last or not _same_script(text, end) or _BEHIND.match(text, end) is not None
    return left and right


def _same_script(text: str, at: int) -> bool:
    return (_LATIN.match(text[at - 1]) is None) == (_LATIN.match(text[at]) is None)
