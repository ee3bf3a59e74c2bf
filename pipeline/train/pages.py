"""Pages to train the decision on, with what is proposed for each and which of that is right."""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterator, Mapping
from math import exp, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct import page as pages
from pipeline.correct.decide.features import Table, table
from pipeline.correct.language.ngrams import Language
from pipeline.correct.page import Page
from pipeline.correct.proposal import Proposal
from pipeline.correct.propose import confusable
from pipeline.correct.propose.proposers import proposals
from pipeline.correct.propose.usual import Usual
from pipeline.text import is_han
from pipeline.train import noise
from pipeline.train.sources import Source

SOUND, REWRITTEN, MISTYPED, UNFAMILIAR, DROPPED, CONFUSED = 0.7, 0.8, 0.3, 0.3, 0.25, 0.15
"""The share of the texts that are taken as they are, rewritten, mistyped, given words of an unknown trade, given gaps, and
given words that are typed for others."""

MISSPELT, MISSHAPEN = 0.3, 0.25
"""The same for words misspelt by their sound, and characters mistaken by their shape."""

SHARES = (0.01, 0.03, 0.08)
"""Shares of the characters that are mistaken by their shape."""

FEWEST, MOST = 0.03, 0.5
"""The share of words that a table has swaps for, drawn evenly by its logarithm between these."""

HIDDEN = (0.2, 0.5, 0.8, 1.0)
"""Shares of a table that the lexicon does not know."""

TERMS = 10
"""Words of a page that are made terms of a trade that nothing knows, at most."""


class Labelled(NamedTuple):
    """A page, the language that it is looked at with, what is proposed for it, and which of that is right."""

    language: Language
    page: Page
    rows: Table
    right: NDArray[np.bool_]


def noisy(source: Source, chance: random.Random) -> Iterator[Labelled]:
    """The texts of a source, sound and with the noise that the project makes."""
    swaps, alike = noise.swaps(), noise.homophones(source.usual)
    confused = {right: wrong for wrong, right in confusable.pairs().items()}
    for text in source.texts:
        made: list[tuple[noise.Noisy, set[tuple[str, str]]]] = []
        if chance.random() < SOUND:
            made.append((noise.Noisy(text, {}), set()))
        if chance.random() < REWRITTEN:
            made.append(_rewritten(text, swaps, chance))
        if chance.random() < MISTYPED:
            made.append((noise.mistype(text, alike, chance.choice((1, 1, 2, 3)), chance), set()))
        if chance.random() < UNFAMILIAR:
            strange = noise.unfamiliar(text, source.usual, chance.randint(1, TERMS), chance)
            made.append((noise.Noisy(strange, {}), set()))
        if chance.random() < DROPPED:
            made.append((noise.drop(text, chance.choice((1, 1, 2, 3)), chance), set()))
        if chance.random() < CONFUSED:
            made.append((noise.rewrite(text, confused, chance), set()))
        if chance.random() < MISSPELT:
            made.append((noise.misspell(text, chance.choice((1, 2, 4, 8)), chance), set()))
        if chance.random() < MISSHAPEN:
            made.append((noise.misshape(text, chance.choice(SHARES), chance), set()))
        for page, hidden in made:
            with_lexicon = _without(source.usual, hidden)
            labelled = _labelled(source.language, page)
            source.usual.synonyms.update(with_lexicon)
            if labelled:
                yield labelled


def _rewritten(
    text: str, swaps: Mapping[str, list[str]], chance: random.Random
) -> tuple[noise.Noisy, set[tuple[str, str]]]:
    """A text rewritten by a part of the table, and the pairs of it that the lexicon shall not know."""
    share = exp(chance.uniform(log(FEWEST), log(MOST)))
    drawn = {o: chance.choice(swaps[o]) for o in sorted(swaps) if chance.random() < share}
    part = chance.choice(HIDDEN)
    hidden = {(swapped, o) for o, swapped in drawn.items() if chance.random() < part}
    return noise.rewrite(text, drawn, chance), hidden


def _without(usual: Usual, hidden: set[tuple[str, str]]) -> dict[str, frozenset[int]]:
    """Take pairs out of the lexicon; what it was."""
    known = {swapped: usual.synonyms[swapped] for swapped, _ in hidden if swapped in usual.synonyms}
    for swapped, original in hidden:
        if original in usual.at and swapped in known:
            usual.synonyms[swapped] -= {usual.at[original]}
    return known


def _labelled(language: Language, text: noise.Noisy) -> Labelled | None:
    page = pages.read(language, text.text)
    found = proposals(language, page) if len(page.codes) else []
    if not found:
        return None
    right = np.array([any(_right(p, int(page.offsets[at]), text) for at in p.places) for p in found])
    return Labelled(language, page, table(language, page, found), right)


def _right(proposal: Proposal, at: int, text: noise.Noisy) -> bool:
    """Whether a proposal takes back a mistake, or a part of one."""
    if proposal.size == 0:
        return noise.restores(text, at, proposal.replacement)
    end = at + proposal.size
    for start in range(at - 4, end):
        if start not in text.truth:
            continue
        wrong, meant = text.truth[start]
        stop = start + len(wrong)
        if stop <= at or not wrong:
            continue
        first, last = min(at, start), max(end, stop)
        here = text.text[first:last]
        made = here[: at - first] + proposal.replacement + here[end - first :]
        true = here[: start - first] + meant + here[stop - first :]
        if made == true:
            return True
        if len(made) == len(true) == len(here):
            changed = [n for n in range(len(here)) if made[n] != here[n]]
            if changed and all(made[n] == true[n] for n in changed):
                return True
    return False


def scanned(language: Language, ocr: str, truth: str) -> Labelled | None:
    """A page that a recogniser read, given what was printed."""
    page = pages.read(language, ocr)
    found = proposals(language, page) if len(page.codes) else []
    if not found:
        return None
    there, lost = printed(page, truth)
    right = np.array([any(_is_printed(p, at, there, lost) for at in p.places) for p in found])
    return Labelled(language, page, table(language, page, found), right)


def _is_printed(proposal: Proposal, at: int, there: Mapping[int, str], lost: Mapping[int, str]) -> bool:
    put = proposal.replacement
    if proposal.size == 0:
        return put in lost.get(at, "")
    if len(put) != proposal.size:
        return put == there.get(at, "?")
    true = [there.get(at + n, "?") for n in range(proposal.size)]
    return all(t == p or (t[:1] == "?" and p in t[1:]) for t, p in zip(true, put, strict=True))


def printed(page: Page, truth: str) -> tuple[dict[int, str], dict[int, str]]:
    """For each Han character of a page what was printed there, "?" and all that may be where that cannot be told; and what
    was printed before it that the recogniser lost."""
    places = [i for i, c in enumerate(page.text) if is_han(c)]
    seen, true = "".join(page.text[i] for i in places), "".join(filter(is_han, truth))
    there, lost = dict[int, str](), dict[int, str]()
    for tag, i, j, k, m in difflib.SequenceMatcher(None, seen, true, autojunk=False).get_opcodes():
        if tag == "insert" and i < len(places):
            lost[places[i]] = true[k:m]
        for n in range(i, j):
            even = tag == "equal" or j - i == m - k
            there[places[n]] = true[k + n - i] if even else "" if tag == "delete" else "?" + true[k:m]
    return there, lost
