"""The decision: how likely each proposal is right, alone and among the others of its page, and what becomes of it.

Boosted trees weigh the evidence for each proposal (`features`), a second model of trees also what else of the page was
found: a page that a scanner or a program went over shows it more than once. What is likely then is held against its sentence
by the character network (`fitting`), and a third model decides. Its chances are calibrated (bench/correct.py prints how far
they hold), so one bar serves for all kinds of mistakes; a page of another trade has a higher one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.decide import fitting
from pipeline.correct.decide.features import NAMES, Matrix, Table, table
from pipeline.correct.decide.trees import load_trees, log_odds
from pipeline.correct.language.ngrams import Floats, Language
from pipeline.correct.language.rescoring import STRANGE, rate
from pipeline.correct.page import Page
from pipeline.correct.proposal import Candidate, Judged, Proposal
from pipeline.correct.propose import gaps, words
from pipeline.text import is_han

APPLY, ELSEWHERE, SUGGEST = 0.75, 0.9, 0.5
"""Probability from which a proposal is applied on a page of postings, on one of another trade, and from which it is suggested."""

REWRITTEN, STRANGER = 0.8, 1.8
"""Other words of the page that were swapped, by the sum of their chances, from which a usual word may be put for one that
is neither read nor written like it: a page must show that software went over it; one of another trade must show more."""

SCANNED = 5.0
"""Other misread characters of the page, by the sum of their chances, from which a page of another trade is mended as one of
postings is: so many of them are no terms of the trade."""

TELLING = 0.1
"""Probability, taken alone, from which a proposal says something of its page."""

AGAIN, CLOSELY = 0.02, 0.2
"""Probability, taken alone, from which a proposal is weighed among the others, and the probability after that from which the
character network rescores it, which costs the most; few that have less are right."""

BESIDE, NEAR = 3, 150
"""Characters within which proposals are of one word, and of one part of the page."""

ALSO = 1.0
"""log10 units that a place must gain where the word is not odd, once its swap is sure."""

GROUPS = ("ocr", "typo", "spin", "missing")

ON_PAGE = (
    *NAMES,
    "alone",
    "rival",
    *(f"other {group}" for group in GROUPS),
    *(f"{group} in 500" for group in GROUPS),
    "other ocr in doubtful",
    "beside",
    "near",
)
"""Names of what the second model weighs."""

IN_SENTENCE = (*ON_PAGE, "on page", *fitting.NAMES)
"""Names of what the third model weighs."""


def judge(language: Language, page: Page, proposals: Sequence[Proposal], made: Mapping[str, int]) -> list[Judged]:
    """The proposals to make and those to suggest, in offsets of the page; `made` counts what was mended of it before, by
    category."""
    if not proposals:
        return []
    rows = table(language, page, proposals)
    models = load_trees("decision.npz")
    alone = models["alone"].chances(rows.columns)
    again = np.flatnonzero(alone > AGAIN)
    if not len(again):
        return []
    chances = np.zeros(len(alone))
    columns = on_page(page, rows, alone, made, again)
    chances[again] = models["on_page"].chances(columns)
    close = np.flatnonzero(chances[again] > CLOSELY)
    if len(close):
        closely = again[close]
        weighed = in_sentence(language, page, rows, columns[close], chances[closely], closely)
        chances[closely] = models["in_sentence"].chances(weighed)
    swapped = _swapped(rows.proposals, chances)
    before = made.get("spin", 0) + made.get("listed", 0)
    strange = page.scored.postings.mean() < STRANGE
    bar, wanted = (ELSEWHERE, STRANGER) if strange else (APPLY, REWRITTEN)
    misread = _misread(rows, chances) + made.get("ocr", 0) if strange else 0.0
    out = dict[tuple[int, int, str], Judged]()
    for n in sorted(again.tolist(), key=lambda n: chances[n]):
        proposal, chance = rows.proposals[n], float(chances[n])
        if chance < SUGGEST:
            continue
        company = before + sum(swapped.values()) - swapped.get(proposal.replacement, 0.0)
        scanned = misread - (chance if proposal.category == "ocr" else 0.0) >= SCANNED
        sure = chance >= (APPLY if scanned else bar) and proposal.rule != gaps.OPTIONAL
        sure = sure and (proposal.category != "spin" or company >= wanted)
        judged = _judged(language, page, proposal, sure, chance, float(rows.gain[n]))
        out |= {(j.candidate.start, j.candidate.end, j.candidate.replacement): j for j in judged}  # the likelier stands
    return list(out.values())


def _swapped(proposals: Sequence[Proposal], chances: Floats) -> dict[str, float]:
    """The usual words that were swapped on the page, and the best chance of each: a table has one word for each, so that
    "客人" and "宾客", both taken for 客户, do not support each other."""
    out: dict[str, float] = {}
    for proposal, chance in zip(proposals, chances.tolist(), strict=True):
        if proposal.category == "spin" and chance >= SUGGEST:
            out[proposal.replacement] = max(out.get(proposal.replacement, 0.0), chance)
    return out


def _misread(rows: Table, chances: Floats) -> float:
    """How many misread characters a page has, by the sum of the chances of the likeliest at each place."""
    likely = [
        c if p.category == "ocr" and c >= SUGGEST else 0.0
        for p, c in zip(rows.proposals, chances.tolist(), strict=True)
    ]
    return float(np.array(likely)[_best(rows, chances)].sum())


def on_page(page: Page, rows: Table, alone: Floats, made: Mapping[str, int], again: NDArray[np.int64]) -> Matrix:
    """What the second model weighs: the first one's chances, and the other proposals of the page, for the rows `again`."""
    proposals = rows.proposals
    first = np.array([p.places[0] for p in proposals])
    group = np.array([GROUPS.index(p.category) for p in proposals])
    best = _best(rows, alone)
    told = np.where(best & (alone > TELLING), alone, 0.0)
    sums = np.array([told[group == g].sum() + made.get(name, 0) for g, name in enumerate(GROUPS)])
    own = told[:, None] * (group[:, None] == np.arange(len(GROUPS)))
    others = (sums - own)[again]
    order = np.argsort(first, kind="stable")
    columns = [
        log_odds(alone[again]),
        log_odds(_rival(rows, alone)[again]),
        *others.T,
        *(500 * others / len(page.text)).T,
        others[:, 0] / max(1, int((page.support <= 3).sum())),
        *(_within(first[order], told[order], reach)[np.argsort(order)][again] for reach in (BESIDE, NEAR)),
    ]
    return np.column_stack([rows.columns[again], *columns])


def in_sentence(
    language: Language, page: Page, rows: Table, columns: Matrix, chances: Floats, closely: NDArray[np.int64]
) -> Matrix:
    """What the third model weighs: what the second one did, its chances, and how well each proposal fits its sentence, for the
    rows `closely`."""
    proposals = [rows.proposals[n] for n in closely.tolist()]
    fits = fitting.columns(language.context, language, page.codes, proposals)
    return np.column_stack([columns, log_odds(chances), fits])


def _best(rows: Table, chances: Floats) -> NDArray[np.bool_]:
    """Which proposals are the likeliest of their place, the first of those that are as likely."""
    rank = [(-chance, n) for n, chance in enumerate(chances.tolist())]
    return np.array([all(rank[n] < rank[m] for m in met) for n, met in enumerate(rows.rivals)])


def _rival(rows: Table, chances: Floats) -> Floats:
    """The best chance of another proposal for the same place."""
    return np.array([max((chances[m] for m in met), default=0.0) for met in rows.rivals])


def _within(places: NDArray[np.int64], told: Floats, reach: int) -> Floats:
    """The sum of the chances of the others within so many characters of each; places are in order."""
    sums = np.concatenate([[0.0], np.cumsum(told)])
    first, last = np.searchsorted(places, places - reach), np.searchsorted(places, places + reach, side="right")
    out: Floats = sums[last] - sums[first] - told
    return out


def _judged(language: Language, page: Page, proposal: Proposal, sure: bool, chance: float, gain: float) -> list[Judged]:
    places = list(proposal.places)
    if sure and proposal.category == "spin":
        places += _also(language, page, proposal)
    evidence = f"reads {gain:.1f} better (log10), {chance:.0%} likely"
    if len(proposal.places) > 1:
        evidence += f" in {len(proposal.places)} places"
    confidence = round(min(chance, 0.99), 2)
    return [Judged(_candidate(page.text, proposal, at), sure, confidence, evidence) for at in sorted(places)]


def _candidate(text: str, proposal: Proposal, at: int) -> Candidate:
    """The change at a place: of a slip only what differs; an editor marks a place that has some extent."""
    start, end, put = at, at + proposal.size, proposal.replacement
    if proposal.size == 0:
        if is_han(text[at - 1 : at]):
            start, put = at - 1, text[at - 1] + put
        else:
            end, put = at + 1, put + text[at]
    elif proposal.rule == words.SLIP:
        while start < end and text[start] == put[:1]:
            start, put = start + 1, put[1:]
        while start < end and text[end - 1] == put[-1:]:
            end, put = end - 1, put[:-1]
    return Candidate(start, end, put, "missing.character" if proposal.size == 0 else proposal.rule, proposal.category)


def _also(language: Language, page: Page, proposal: Proposal) -> list[int]:
    """The places of a sure swap where its word is not odd, and the right one reads better all the same."""
    name = page.text[proposal.places[0] : proposal.places[0] + proposal.size]
    rest, at = list[int](), page.text.find(name)
    while at >= 0:
        if at not in proposal.places:
            rest.append(at)
        at = page.text.find(name, at + 1)
    if not rest:
        return []
    starts = np.array(rest)
    gained = rate(language, page.scored, starts, starts + len(name), [proposal.replacement] * len(rest)).gain
    return [place for place, gain in zip(rest, gained.tolist(), strict=True) if gain >= ALSO]
