"""What the decision weighs of each proposal: one table of named columns, whatever proposed it.

A change is believed when what stands there is known to nobody - neither the postings, nor the laws, nor the words of the
language at large - and the replacement is known to one of them. How strange the page and the sentence are to all of
them says how much that is worth: in a strange text everything is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language import sound
from pipeline.correct.language.dictionary import ABSENT, REACH, standing
from pipeline.correct.language.ngrams import Floats, Language
from pipeline.correct.language.rescoring import Gains, rate
from pipeline.correct.page import Page
from pipeline.correct.proposal import Proposal, rivals
from pipeline.correct.propose import confusable, evidence, gaps, letters, words
from pipeline.correct.scan import reread
from pipeline.text import is_han

Matrix = NDArray[np.float64]

RULES = (letters.SHAPE, letters.SOUND, reread.REREAD, reread.PHANTOM, confusable.RULE, gaps.PUT, words.SWAP, words.SLIP)
"""The rules that a proposal may come by, each a column; "missing.optional" is none of them."""

KNOWN = tuple(f"word: {name}" for name in evidence.FEATURES)
"""What the proposer of words knows; UNKNOWN for other proposals."""

UNKNOWN = -9.0

AROUND = 30
"""Characters on either side that tell how strange a sentence is, those beside the change aside."""

BESIDE = 4

PLACE = (
    "gain",
    "gain by postings",
    "gain by laws",
    "support before",
    "support after",
    "support left",
    "support right",
    "word before",
    "word after",
    "covered before",
    "covered after",
    "word left",
    "word right",
    "said again before",
    "said again after",
    "score here",
    "score around",
    "doubtful around",
    "Han left",
    "Han right",
)
"""Columns that are means over the places of a proposal."""

WHOLE = ("places", "total", "least", "prior", "together", "stretch", "alike", "lead", "rivals", "frequency")
"""Columns of a proposal as a whole."""

PAGE = ("size", "page score", "page by postings", "page by laws", "doubtful", "unknown to all", "outside words")
"""Columns that all proposals of a page share."""

NAMES = (*PLACE, *WHOLE, *PAGE, *RULES, *KNOWN)
"""The names of the columns, in order."""


class Table(NamedTuple):
    """The proposals of a page, a row each in `columns`; `gain` is what each gains in all its places, `rivals` are the others
    that meet it."""

    proposals: list[Proposal]
    columns: Matrix
    gain: Floats
    rivals: list[list[int]]


def table(language: Language, page: Page, proposals: Sequence[Proposal]) -> Table:
    """The evidence for and against each proposal of a page."""
    met = rivals(proposals)
    sizes = np.array([len(p.places) for p in proposals])
    starts = np.array([place for p in proposals for place in p.places])
    ends = starts + np.repeat([p.size for p in proposals], sizes)
    put = [p.replacement for p in proposals for _ in p.places]
    gained = rate(language, page.scored, starts, ends, put)
    first = np.cumsum(sizes) - sizes
    place = np.add.reduceat(_of_places(page, starts, ends, put, gained), first) / sizes[:, None]
    total = np.add.reduceat(gained.gain, first)
    least = np.minimum.reduceat(gained.gain, first)
    whole = _of_proposals(language, page, proposals, met, sizes, total, least)
    shared = np.repeat(_of_page(page)[None], len(proposals), axis=0)
    rules = np.array([[p.rule == rule for rule in RULES] for p in proposals], dtype=np.float64)
    known = np.array([p.known or (UNKNOWN,) * len(KNOWN) for p in proposals])
    return Table(list(proposals), np.concatenate([place, whole, shared, rules, known], axis=1), total, met)


def _of_places(page: Page, starts: NDArray[np.int64], ends: NDArray[np.int64], put: list[str], gained: Gains) -> Matrix:
    last = len(page.text) - 1
    left, right = np.maximum(starts - 1, 0), np.minimum(ends, last)
    within = [
        slice(a, b) if b > a else slice(max(0, a - 1), a + 1)
        for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    text, covered = page.text, page.covered
    han = np.array([is_han(char) for char in text])
    at_large = np.array(_words(text, starts.tolist(), ends.tolist(), put))
    again = np.array([_again(text, a, b, new) for a, b, new in zip(starts.tolist(), ends.tolist(), put, strict=True)])
    columns = [
        np.clip(gained.gain, -10, 15),
        np.clip(gained.postings, -10, 15),
        np.clip(gained.laws, -10, 15),
        np.array([page.support[part].min(initial=9) for part in within]),
        gained.support,
        page.support[left],
        page.support[right],
        *at_large.T,
        covered[left],
        covered[right],
        *again.T,
        _mean(page.scored.scores, starts - 1, ends + BESIDE),
        *_around(page, starts, ends),
        han[left],
        han[right],
    ]
    return np.column_stack(columns).astype(np.float64)


def _words(text: str, starts: list[int], ends: list[int], put: list[str]) -> list[tuple[float, float, float, float]]:
    """For each change how usual the least usual word is that holds a changed character, before and after, and the share of
    characters around that are part of a word, before and after."""
    old = [text[max(0, a - REACH) : b + REACH] for a, b in zip(starts, ends, strict=True)]
    new = [text[max(0, a - REACH) : a] + p + text[b : b + REACH] for a, b, p in zip(starts, ends, put, strict=True)]
    rates = np.maximum(*standing("\n".join([*old, *new])).of_characters())
    bounds = np.cumsum([0, *(len(window) + 1 for window in (*old, *new))]).tolist()
    out = []
    for n, (a, b, p) in enumerate(zip(starts, ends, put, strict=True)):
        lead, told = min(a, REACH), []
        for at, window, size in ((bounds[n], old[n], b - a), (bounds[n + len(old)], new[n], len(p))):
            here = rates[at : at + len(window)]
            changed = here[lead : lead + size] if size else here[max(0, lead - 1) : lead + 1]
            told += [float(changed.min(initial=9.0)), float((here > ABSENT).sum() / max(1, len(window)))]
        out.append((told[0], told[2], told[1], told[3]))
    return out


def _again(text: str, start: int, end: int, put: str) -> tuple[float, float]:
    """How often the page has the changed characters with one of their neighbours elsewhere, and those put with one."""
    before, behind, old = text[max(0, start - 1) : start], text[end : end + 1], text[start:end]
    pairs = [pair for pair in ((before, old), (old, behind)) if all(map(_whole, pair))]
    news = [pair for pair in ((before, put), (put, behind)) if all(map(_whole, pair))]
    if not old:
        pairs, news = [(before, behind)], [(before + put, behind)]
    said = max((text.count("".join(pair)) - 1 for pair in pairs), default=0)
    new = max((text.count("".join(pair)) for pair in news), default=0)
    return min(said, 5), min(new, 5)


def _whole(text: str) -> bool:
    return bool(text) and all(map(is_han, text))


def _mean(values: Floats, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
    """The mean of the values between two bounds, which may lie outside."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    first, last = np.clip(starts, 0, len(values)), np.clip(ends, 0, len(values))
    out: Floats = (sums[last] - sums[first]) / np.maximum(last - first, 1)
    return out


def _around(page: Page, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The mean score and the share of doubtful characters on both sides of a change."""
    out = []
    for values in (page.scored.scores, (page.support <= 3).astype(np.float64)):
        sums = np.concatenate([[0.0], np.cumsum(values)])
        size, total = np.zeros(len(starts)), np.zeros(len(starts))
        for a, b in ((starts - AROUND, starts - BESIDE), (ends + BESIDE, ends + AROUND)):
            a, b = np.clip(a, 0, len(values)), np.clip(b, 0, len(values))
            total, size = total + sums[b] - sums[a], size + b - a
        out.append(total / np.maximum(size, 1))
    return out[0], out[1]


def _of_proposals(
    language: Language,
    page: Page,
    proposals: Sequence[Proposal],
    met: list[list[int]],
    sizes: NDArray[np.int64],
    total: Floats,
    least: Floats,
) -> Matrix:
    alike = [_alike(page.text, p) for p in proposals]
    lead, many = _lead(proposals, met, total)
    codes = language.encode("".join(p.replacement[-1:] or "的" for p in proposals))
    return np.column_stack(
        [
            sizes,
            np.clip(total, -20, 60),
            np.clip(least, -10, 15),
            [p.prior for p in proposals],
            [p.together for p in proposals],
            [p.stretch for p in proposals],
            alike,
            np.clip(lead, -10, 10),
            np.minimum(many, 5),
            language.unigrams[codes],
        ]
    ).astype(np.float64)


def _alike(text: str, proposal: Proposal) -> float:
    """How far the new characters sound like those that stand there."""
    old = text[proposal.places[0] : proposal.places[0] + proposal.size]
    return sound.alike(old, proposal.replacement) if len(old) == len(proposal.replacement) else 0.0


def _lead(proposals: Sequence[Proposal], met: list[list[int]], total: Floats) -> tuple[Floats, Floats]:
    """By how much each proposal gains more than its best rival, and how many rivals it has."""
    others = [[m for m in ms if _other(proposals[m], p)] for p, ms in zip(proposals, met, strict=True)]
    best = np.array([max((total[m] for m in ms), default=0.0) for ms in others])
    return total - best, np.array([float(len(ms)) for ms in others])


def _other(one: Proposal, two: Proposal) -> bool:
    """Whether two proposals for a place differ in what they put."""
    return (one.places[0], one.size, one.replacement) != (two.places[0], two.size, two.replacement)


def _of_page(page: Page) -> Floats:
    """How large a page is, and how strange."""
    han = page.rows > 0
    many = max(1, int(han.sum()))
    scored = page.scored
    return np.array(
        [
            np.log(len(page.text)),
            scored.scores.mean(),
            scored.postings.mean(),
            scored.laws.mean(),
            (page.support[han] <= 3).sum() / many,
            ((page.support <= 2) & (page.covered == ABSENT) & han).sum() / many,
            (page.covered[han] == ABSENT).sum() / many,
        ]
    )
