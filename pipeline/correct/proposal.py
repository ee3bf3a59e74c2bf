"""What a proposer hands on: a replacement that may be right, and what a rule thinks of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Candidate(NamedTuple):
    """A replacement that may be right, in offsets of the text that it was found in; `start` == `end` puts something in."""

    start: int
    end: int
    replacement: str
    rule: str
    category: str


class Judged(NamedTuple):
    """A candidate, whether to make it or only suggest it, the chance that it is right (0 to 1), and why."""

    candidate: Candidate
    applied: bool
    confidence: float
    evidence: str


class Proposal(NamedTuple):
    """A replacement for the decision to weigh. All places of a word that was swapped are one proposal.

    `prior` is the log10 chance of the mistake in the channel, NO_PRIOR where nobody counted it; `gain` what the proposer saw
    the text gain (log10), 0 where it did not look; `stretch` the characters
    that were looked at together, `together` how many of them change; `known` is what the proposer itself knows
    (`features.KNOWN`), empty for most.
    """

    places: tuple[int, ...]
    size: int
    """Characters replaced at each place."""
    replacement: str
    rule: str
    category: str
    prior: float
    gain: float = 0.0
    together: int = 1
    stretch: int = 1
    known: tuple[float, ...] = ()


NO_PRIOR = -6.0
"""What stands for the log10 chance of a mistake that was never counted."""


def rivals(proposals: Sequence[Proposal]) -> list[list[int]]:
    """For each proposal the numbers of the others that meet it at its first place."""
    at: dict[int, list[int]] = {}
    for n, proposal in enumerate(proposals):
        for place in _first(proposal):
            at.setdefault(place, []).append(n)
    return [sorted({m for place in _first(p) for m in at[place]} - {n}) for n, p in enumerate(proposals)]


def _first(proposal: Proposal) -> range:
    return range(proposal.places[0], proposal.places[0] + max(1, proposal.size))
