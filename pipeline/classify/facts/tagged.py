"""Read tagged passages: how sure a candidate states a fact, and which names stand where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import regex
from numpy.typing import NDArray

from pipeline.classify.facts.candidates import Candidate
from pipeline.classify.facts.passages import Passage
from pipeline.classify.facts.tagger import Marks, Tag

Tagged = Sequence[tuple[Passage, Marks]]
"""The passages of a role, each with what the model says of it."""

Floats = NDArray[np.float64]


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

_REACH = 5
"""Characters by which the likeliest tags may miss an end of a name."""

_WHOLE, _PART = 5.0, 3.0
"""What speaks for an end of a name, in log-chances: that a mark or a blank stands beside it, or that the script changes there
or a word stands there that is no part of a name. Chosen on half of the documents apart, as is `_SURE`."""

_SURE = 7.0
"""How much likelier than none at all a name must be, in log-chances."""

_MARK = regex.compile(
    r"""[，,；;。！!？?：:、/|｜（）()【】\[\]《》〈〉“”"'’‘~～…—→·•*＋=\n\t] | (?<![A-Za-z\d])\s | \s(?![A-Za-z\d])""",
    regex.VERBOSE,
)
_EDGES = " \t\n\u3000、，,；;。：:/|｜和与及或等的“”\"'·-—–*（(）)【】[]《》<>_▷□☐"
_SIGN, _DOT = regex.compile(r"[+&]"), regex.compile(r"\.")
"""A sign that ends names and begins none ("C++", and "redux" of "react +redux"), and one that begins some (".NET")."""

_LATIN = regex.compile(r"[A-Za-z\d+#.&_-]")
_BEFORE = regex.compile("相[关近]|用(?!户|途|例|品|人)|需(?!求)|[对在如须由为以将把被和与及或的做看写开会能懂熟]")
_BEHIND = regex.compile("相[关近]|(?<![银同内])行|[的等者吗呢了过准熟好快用做都也能会可及和与或就更很]")
"""What stands right before or behind a name, and is not part of it; and not the half of a word: "用户画像", "数据银行"."""


def names(text: str, p: Passage, marks: Marks, first: int) -> Iterator[tuple[int, int]]:
    """The names of a passage that is tagged as having some: each where its begin and its end are likeliest, near where the
    tags see them, by the tags and by what else speaks for an end. A Latin name and a Han one that touch are one:
    "Office办公软件"."""
    if first not in marks.best and first + 1 not in marks.best:
        return
    begun, gone_on, none = _chances(marks.scores, first)
    begin, end = _ends(text, p)
    before, within = np.concatenate([[0.0], np.cumsum(none)]), np.concatenate([[0.0], np.cumsum(gone_on)])
    starts = before[:-1] + begun - within[1:] + begin[:-1]
    stops = within - before + end
    runs = [m.span() for m in _RUNS[first].finditer(marks.best)]
    out: list[tuple[int, int]] = []
    last = 0
    for (a, b), (following, _) in zip(runs, [*runs[1:], (len(none), 0)], strict=True):
        low, high = max(last, a - _REACH), min(max(b, following), b + _REACH)
        if low >= b:
            continue
        start = low + int(starts[low:b].argmax())
        least = max(start + 1, b - _REACH)
        stop = least + int(stops[least : high + 1].argmax())
        if starts[start] + stops[stop] > _SURE:
            if (
                out
                and last == start
                and _LATIN.match(text, p.start + start - 1)
                and not _LATIN.match(text, p.start + start)
            ):
                start = out.pop()[0] - p.start
            last = stop
            out.append((p.start + start, p.start + stop))
    yield from out


def _chances(scores: NDArray[np.float32], first: int) -> tuple[Floats, Floats, Floats]:
    """Logarithms of the chances of each character that a name begins there, that it goes on, and that it is in none."""
    rows = scores.astype(np.float64)
    rows -= rows.max(axis=1, keepdims=True)
    rows -= np.log(np.exp(rows).sum(axis=1, keepdims=True))
    named = np.exp(rows[:, first]) + np.exp(rows[:, first + 1])
    begun, gone_on, none = rows[:, first], rows[:, first + 1], np.log(np.maximum(1 - named, 1e-6))
    return _on_grid(begun), _on_grid(gone_on), _on_grid(none)


def _on_grid(chances: Floats) -> Floats:
    """To the nearest of 1,024 steps in 1, so that sums are exact and logarithms that differ in their last bit choose the same."""
    steps: Floats = np.rint(chances * 1024) / 1024
    return steps


def _ends(text: str, p: Passage) -> tuple[Floats, Floats]:
    """What speaks for a name that begins, and for one that ends, before each character of a passage and behind the last."""
    size = p.end - p.start
    latin = np.array([_LATIN.match(c) is not None for c in text[p.start : p.end]])
    begin, end = np.zeros(size + 1), np.zeros(size + 1)
    changed = 1 + np.flatnonzero(latin[1:] != latin[:-1])
    begin[changed] = end[changed] = _PART
    begin[[m.end() - p.start for m in _BEFORE.finditer(text, p.start, p.end)]] = _PART
    end[[m.start() - p.start for m in _BEHIND.finditer(text, p.start, p.end)]] = _PART
    begin[0] = end[size] = _WHOLE
    for m in _MARK.finditer(text, p.start, p.end):
        begin[m.end() - p.start] = end[m.start() - p.start] = _WHOLE
    within = 1 + np.flatnonzero(latin[1:] & latin[:-1])
    begin[within] = end[within] = -np.inf
    edges = np.array([i for i, c in enumerate(text[p.start : p.end]) if c in _EDGES], int)
    begin[edges] = end[edges + 1] = -np.inf
    begin[[m.start() - p.start for m in _SIGN.finditer(text, p.start, p.end)]] = -np.inf
    end[[m.end() - p.start for m in _DOT.finditer(text, p.start, p.end)]] = -np.inf
    return begin, end
