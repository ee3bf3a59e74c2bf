"""Which part of a role heading is the title: not its number, tag, pay, head count, place, firm or button.

A small network scores each character as part of the title, as its first and as its last; the title is the stretch with
the largest sum, so it is always one span. Trained by `pipeline/train/titles.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from pipeline.segment import hashing, markers, numerals, phrases
from pipeline.segment.hashing import Ints
from pipeline.text import is_han

BITS = 15
SLOTS = (4, 2, 2, 2, 6, 6, 2, 2)
"""Sizes of the slots: class of the character; in a known phrase, in brackets, in the marker; distance to either end;
after and before a blank or a mark."""

GRAMS = 7
SCORES = 3
"""Of each character: that it is in the title, that the title begins with it, that it ends with it."""
DILATIONS = (1, 2, 4)
LONGEST = 200
"""Characters of a heading that are looked at."""

_GRID = 256.0
_EMBEDDING_GRID = 128.0
_WEIGHT_GRID = 1024.0
_WORD = regex.compile(r"[\p{Han}A-Za-z\d]")
_OPEN, _CLOSE = "（(【[「〖《<", "）)】]」〗》>"
_EDGES = " \t\n\u3000:：、,，;；.。|｜-—–·*#"
_BETWEEN = regex.compile(r"(?<=\p{Han})\s++(?=\p{Han})")


class Title(NamedTuple):
    """A title as it reads, and where it stands in the text."""

    title: str
    start: int
    end: int


class _Weights(NamedTuple):
    slots: NDArray[np.int8]
    grams: NDArray[np.int8]
    bias: NDArray[np.float64]
    convs: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]
    out: NDArray[np.float64]
    out_bias: NDArray[np.float64]


def of_headings(text: str, spans: Sequence[tuple[int, int]]) -> list[Title | None]:
    """The title in each of the role headings of a text; None where it has no letters."""
    found = [text[a : min(b, a + LONGEST)] for a, b in spans]
    asked = [i for i, words in enumerate(found) if _WORD.search(words)]
    out: list[Title | None] = [None] * len(spans)
    if asked:
        closed = [_closed_up(found[i]) for i in asked]
        for i, (words, places), score in zip(asked, closed, scores([words for words, _ in closed]), strict=True):
            a, b = best_span(words, score)
            start = spans[i][0]
            out[i] = _read(text, start + places[a], start + places[b - 1] + 1) if b > a else None
    return out


_ORDINAL = regex.compile(
    r"(?:职责|职能|责任制?|说明书?|描述|要求|标准)\s*+[（(【]?\s*+[第篇]?\s*+(\d{1,2}|[一二三四五六七八九十]{1,3})(?![\d年人名岁])\s*+篇?[)）】]?"
)
"""例: "渠道专员岗位职责2职责：", "渠道专员职责(一)", "渠道专员岗位职责 篇3"."""


def ordinal(heading: str) -> int | None:
    """The number that a collection gives a role after its title."""
    m = _ORDINAL.search(heading)
    return numerals.value(m[1]) if m else None


_SPREAD = regex.compile(r"(?<=(?:^|\s)\p{Han})\s++(?=\p{Han}(?:\s|\P{Han}|$))")
"""White space in a word that is set wide: "仓 管 员"."""


def _closed_up(heading: str) -> tuple[str, list[int]]:
    """A heading without the white space of wide setting, and where each of its characters stood."""
    gone = {at for m in _SPREAD.finditer(heading) for at in range(*m.span())}
    places = [i for i in range(len(heading)) if i not in gone]
    return "".join(heading[i] for i in places), places


def _read(text: str, start: int, end: int) -> Title | None:
    start, end = _trimmed(text, start, end)
    words = " ".join(_BETWEEN.sub("", text[start:end]).split())
    return Title(words, start, end) if words else None


def best_span(text: str, scores: NDArray[np.float64]) -> tuple[int, int]:
    """The stretch with the largest sum of its scores; cutting a pair of brackets in two costs."""
    n = len(text)
    inside, first, last = scores.T
    sums = np.concatenate([[0.0], np.cumsum(inside)])
    depth = np.concatenate([[0], np.cumsum([(c in _OPEN) - (c in _CLOSE) for c in text])])
    total = (sums[1:] + last)[None, :] - (sums[:-1] - first)[:, None]
    total -= _UNBALANCED * (depth[None, 1:] != depth[:-1, None])
    total[np.tril_indices(n, -1)] = -np.inf
    start, end = divmod(int(total.argmax()), n)
    return start, end + 1


_UNBALANCED = 8.0


def _kind(char: str) -> int:
    """Han 1, digit 3, letter 2, anything else 0."""
    return 1 if is_han(char) else 3 if char.isdigit() else 2 if char.isalpha() else 0


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks and marks at its ends, nor a bracket whose fellow lies outside."""
    while start < end and text[start] in _EDGES + _CLOSE:
        start += 1
    while end > start and text[end - 1] in _EDGES + _OPEN:
        end -= 1
    for opening, closing in zip(_OPEN, _CLOSE, strict=True):
        inner = text[start:end]
        if inner.count(opening) < inner.count(closing):
            return _trimmed(text, start, start + inner.rindex(closing))
        if inner.count(opening) > inner.count(closing):
            at = inner.rindex(opening)
            return _trimmed(text, start, start + at) if at else _trimmed(text, start + 1, end)
    return start, end


def features(text: str) -> tuple[Ints, Ints]:
    """The slots and the rows of n-grams of each character of a heading."""
    n = len(text)
    codes = hashing.codes("\n\n" + text + "\n\n")
    c = [codes[i : i + n] for i in range(5)]  # two before, itself, two after
    grams = np.stack(
        [
            hashing.rows(BITS, 1, c[2]),
            hashing.rows(BITS, 2, c[1], c[2]),
            hashing.rows(BITS, 3, c[2], c[3]),
            hashing.rows(BITS, 4, c[1], c[2], c[3]),
            hashing.rows(BITS, 5, c[2], c[3], c[4]),
            hashing.rows(BITS, 6, c[0], c[1], c[2]),
            hashing.rows(BITS, 7, c[1], c[3]),
        ],
        axis=1,
    )
    marker = markers.at(text, 0, n)
    body = marker.end if marker else 0
    known = phrases.covered(text)
    depth, slots = 0, []
    for i, char in enumerate(text):
        depth += char in _OPEN
        slots.append(
            (
                _kind(char),
                int(known[i]),
                int(depth > 0),
                int(i < body),
                min(5, i),
                min(5, n - 1 - i),
                int(i == 0 or not text[i - 1].isalnum()),
                int(i == n - 1 or not text[i + 1].isalnum()),
            )
        )
        depth -= char in _CLOSE and depth > 0
    return np.array(slots), grams


def scores(headings: Sequence[str]) -> list[NDArray[np.float64]]:
    """Of each heading the scores of each character."""
    w = _weights()
    described = [features(heading) for heading in headings]
    sizes = [len(heading) for heading in headings]
    base = np.concatenate([[0], np.cumsum(SLOTS)[:-1]])
    slots, grams = (np.concatenate(column) for column in zip(*described, strict=True))
    total = w.slots[slots + base].sum(axis=1, dtype=np.int64) + w.grams[grams].sum(axis=1, dtype=np.int64)
    h = _relu(total / _EMBEDDING_GRID + w.bias)
    place = np.concatenate([np.arange(n) for n in sizes])
    left = np.repeat(sizes, sizes) - 1 - place
    for (weight, bias), step in zip(w.convs, DILATIONS, strict=True):
        before = np.roll(h, step, axis=0) * (place >= step)[:, None]
        after = np.roll(h, -step, axis=0) * (left >= step)[:, None]
        h = h + _relu(np.concatenate([before, h, after], axis=1) @ weight + bias)
    out = h @ w.out + w.out_bias
    return np.split(out, np.cumsum(sizes)[:-1])


def _relu(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(np.rint(x * _GRID), 0) / _GRID


@cache
def _weights() -> _Weights:
    with as_file(files(__package__).joinpath("titles.npz")) as path, np.load(path) as data:
        wide = {k: data[k].astype(np.float64) / _WEIGHT_GRID for k in data.files if data[k].dtype == np.int16}
        convs = tuple((wide[f"conv{i}"], wide[f"conv{i}_bias"]) for i in range(len(DILATIONS)))
        return _Weights(data["slots"], data["grams"], wide["bias"], convs, wide["out"], wide["out_bias"])
