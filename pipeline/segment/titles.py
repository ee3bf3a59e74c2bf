"""Which part of a role heading is the title: not its number, tag, pay, head count, place, firm or button.

A small network scores each character as part of the title, as its first and as its last; the title is the stretch with
the largest sum, so it is always one span. Beside n-grams it sees what the model of structure reads of each character
(`characters`), so that a title need not be made of known words. Trained by `pipeline/train/titles.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from pipeline.segment import characters, hashing, layers, markers, network, numerals, phrases
from pipeline.segment.characters import Reader
from pipeline.segment.hashing import Ints
from pipeline.segment.layers import GRID
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

_EMBEDDING_GRID = 128.0
_WEIGHT_GRID = 1024.0
_WORD = regex.compile(r"[\p{Han}A-Za-z]")
_OPEN, _CLOSE = "（(【[「〖《<", "）)】]」〗》>"
_EDGES = " \t\n\u3000:：、,，;；.。|｜-—–·*#"
_BETWEEN = regex.compile(r"(?<=\p{Han})\s++(?=\p{Han})")


class Title(NamedTuple):
    """A title as it reads, and where it stands in the text."""

    title: str
    start: int
    end: int


class _Weights(NamedTuple):
    """The layers; activations are counted in steps of the grid, so that biases are, too, and `out` turns steps to scores."""

    slots: NDArray[np.int8]
    grams: NDArray[np.int8]
    read: NDArray[np.float64]
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


_RANKS = frozenset(("主管", "专员", "经理", "助理", "顾问", "总监"))
"""No title by themselves: "招聘主管" is one who recruits, where "招聘会计" calls for an accountant."""


def _read(text: str, start: int, end: int) -> Title | None:
    start, end = _trimmed(text, start, end)
    if text[start:end] in _RANKS and text[:start].endswith("招聘") and not is_han(text[start - 3 : start - 2]):
        start -= 2
    words = " ".join(_BETWEEN.sub("", text[start:end]).split())
    return Title(words, start, end) if words else None


def best_span(text: str, scores: NDArray[np.float64]) -> tuple[int, int]:
    """The stretch with the largest sum of its scores; cutting a pair of brackets or a Latin word in two costs."""
    n = len(text)
    inside, first, last = scores.T
    sums = np.concatenate([[0.0], np.cumsum(inside)])
    depth = np.concatenate([[0], np.cumsum([(c in _OPEN) - (c in _CLOSE) for c in text])])
    total = (sums[1:] + last)[None, :] - (sums[:-1] - first)[:, None]
    total -= _CUT * (depth[None, 1:] != depth[:-1, None])
    latin = np.array([False, *(c.isascii() and c.isalpha() for c in text), False])
    within = latin[1:] & latin[:-1]  # whether a cut before each character, and after the last, parts two letters
    total -= _CUT * (within[:-1, None] | within[None, 1:])
    total[np.tri(n, k=-1, dtype=bool)] = -np.inf
    start, end = divmod(int(total.argmax()), n)
    return start, end + 1


_CUT = 8.0
"""What it costs to cut in two what stands or falls together: "ACK电气设计" out of "PACK电气设计"."""


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


def features(headings: Sequence[str]) -> tuple[Ints, Ints]:
    """The slots and the rows of n-grams of each character of some headings, one after the other."""
    sizes = np.array([len(heading) for heading in headings])
    heads = np.arange(sizes.sum()) - np.repeat(sizes.cumsum() - sizes, sizes)
    left = np.repeat(sizes, sizes) - 1 - heads
    known = [column for heading in headings for column in _of_characters(heading)]
    slots = np.empty((len(heads), len(SLOTS)), np.int64)
    slots[:, :4], slots[:, 4], slots[:, 5] = [k[:4] for k in known], np.minimum(heads, 5), np.minimum(left, 5)
    slots[:, 6:] = [k[4:] for k in known]
    codes = hashing.codes("\n\n" + "\n\n".join(headings) + "\n\n")
    at = np.arange(len(heads)) + np.repeat(np.arange(1, len(headings) + 1) * 2, sizes)
    grams = np.empty((len(heads), GRAMS), np.int64)
    for kinds, salts, around in _GRAMS:
        grams[:, kinds] = hashing.rows(BITS, salts, *codes[at + around]).T
    return slots, grams


def _salted(*kinds: tuple[int, ...]) -> tuple[list[int], NDArray[np.uint64], Ints]:
    """Kinds of n-grams of one length: their columns, their salts, and where their characters stand."""
    salts, *places = np.array(kinds).T[:, :, None]
    return (salts[:, 0] - 1).tolist(), salts.astype(np.uint64), np.array(places)


_GRAMS = (
    _salted((1, 0)),
    _salted((2, -1, 0), (3, 0, 1), (7, -1, 1)),
    _salted((4, -1, 0, 1), (5, 0, 1, 2), (6, -2, -1, 0)),
)
"""The kinds of n-grams: the salt and where the characters stand, counted from the one that is looked at."""


def _of_characters(text: str) -> list[tuple[int, bool, bool, bool, bool, bool]]:
    """Of each character of a heading its class, whether it is in a known phrase, in brackets, in the marker, and whether it
    follows or precedes a blank or a mark."""
    marker = markers.at(text, 0, len(text))
    body = marker.end if marker else 0
    alone = [True, *(not c.isalnum() for c in text), True]
    kinds = [_kind(c) for c in text]
    marked = [i < body for i in range(len(text))]
    return list(zip(kinds, phrases.covered(text), _bracketed(text), marked, alone, alone[2:], strict=False))


def _bracketed(text: str) -> list[bool]:
    depth, out = 0, []
    for char in text:
        depth += char in _OPEN
        out.append(depth > 0)
        depth -= char in _CLOSE and depth > 0
    return out


def characters_of(reader: Reader, heading: str) -> NDArray[np.int8]:
    """What is read of each character of a heading, by itself."""
    return characters.of_characters(reader, hashing.plane(heading))


def scores(headings: Sequence[str]) -> list[NDArray[np.float64]]:
    """Of each heading the scores of each character."""
    w = _weights()
    reader = network.packaged().reader
    slots, grams = features(headings)
    sizes = np.array([len(heading) for heading in headings])
    gap = max(DILATIONS)  # rows of zeros around each heading, so that none looks into another
    at = np.arange(len(slots)) + np.repeat(np.arange(1, len(sizes) + 1) * gap, sizes)
    h = np.zeros((layers.padded(int(at[-1]) + 1 + gap), len(w.bias)))
    total = layers.summed(w.slots, (slots + _BASES).T) + layers.summed(w.grams, grams.T)
    said = np.zeros((layers.padded(len(slots)), len(w.read)))
    said[: len(slots)] = np.concatenate([characters_of(reader, heading) for heading in headings])
    said = layers.product(said, w.read)[: len(slots)]
    h[at] = layers.activated(total * (GRID / _EMBEDDING_GRID) + said + w.bias)
    around = np.zeros((len(h), 3, len(w.bias)))
    for (weight, bias), step in zip(w.convs, DILATIONS, strict=True):
        around[step:, 0], around[:, 1], around[:-step, 2] = h[:-step], h, h[step:]
        h[at] += layers.activated(layers.product(around, weight)[at] + bias)
    return np.split(layers.product(h, w.out)[at] + w.out_bias, np.cumsum(sizes)[:-1])


_BASES: Ints = np.cumsum(SLOTS) - np.array(SLOTS)


@cache
def _weights() -> _Weights:
    with as_file(files(__package__).joinpath("titles.npz")) as path, np.load(path) as data:
        wide = {k: data[k].astype(np.float64) / _WEIGHT_GRID for k in data.files if data[k].dtype == np.int16}
        convs = tuple((wide[f"conv{i}"], wide[f"conv{i}_bias"] * GRID) for i in range(len(DILATIONS)))
        out = wide["out"] / GRID
        read = wide["read"] * (GRID / characters.STEPS)
        return _Weights(data["slots"], data["grams"], read, wide["bias"] * GRID, convs, out, wide["out_bias"])
