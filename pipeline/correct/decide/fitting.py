"""How well a proposal fits its sentence, by the character network: columns for the last look at it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.correct.language import context
from pipeline.correct.language.ngrams import Codes, Floats, Language
from pipeline.correct.proposal import Proposal

NAMES = ("fit before", "fit after", "fit gain", "fit beside before", "fit beside gain", "fit lead")
"""The columns, all in natural logarithms: the least likely changed character as it stands and as put; what the changed
characters gain together; how likely those beside them are, and what they gain; and by how much the likeliest character there
exceeds the replacement."""

BESIDE = 2
"""Characters on either side that are asked whether they fit better."""

PLACES = 2
"""Places of a word that are looked at, the first ones."""

LONGEST = 8
"""Changed characters that are looked at together; of a longer change the first ones."""


MOST = 64
"""Changes that are looked at together: each takes a quarter of a megabyte."""


def columns(network: context.Network, language: Language, codes: Codes, proposals: Sequence[Proposal]) -> Floats:
    """A row for each proposal."""
    cores = [(n, *_core(language, codes, p, at)) for n, p in enumerate(proposals) for at in p.places[:PLACES]]
    before = _read(network, codes, [(start, old, old) for _, start, old, _ in cores])
    after = _read(network, codes, [(start, old, new) for _, start, old, new in cores])
    rows: Floats = np.zeros((len(proposals), len(NAMES)))
    count = np.zeros(len(proposals))
    for (n, *_), (least, total, beside, _), (better, sum_after, gained, lead) in zip(cores, before, after, strict=True):
        rows[n] += (least, better, sum_after - total, beside, gained - beside, lead)
        count[n] += 1
    return rows / count[:, None]


Core = tuple[int, Codes, Codes]
"""Where a text changes: from where, and the codes there before and after."""


def _core(language: Language, codes: Codes, proposal: Proposal, at: int) -> Core:
    """What differs of a change, without what both begin and end with."""
    old, new = codes[at : at + proposal.size], language.encode(proposal.replacement)
    same, least = 0, min(len(old), len(new))
    while same < least and old[same] == new[same]:
        same += 1
    end = 0
    while end < least - same and old[len(old) - 1 - end] == new[len(new) - 1 - end]:
        end += 1
    return at + same, old[same : len(old) - end][:LONGEST], new[same : len(new) - end][:LONGEST]


def _read(network: context.Network, codes: Codes, changes: Sequence[Core]) -> Floats:
    """What `_read_some` says of each change."""
    parts = [_read_some(network, codes, changes[n : n + MOST]) for n in range(0, len(changes), MOST)]
    return np.concatenate(parts)


def _read_some(network: context.Network, codes: Codes, changes: Sequence[Core]) -> Floats:
    """For each change, made alone: least and summed chance of what then stands there, mean chance of what is beside it, and
    how far the least lies below the likeliest character."""
    span = 2 * (context.SEEN + BESIDE) + LONGEST + 2
    width = max(len(new) for _, _, new in changes) + 2 * BESIDE
    rows, places = [], []
    for start, old, new in changes:
        lead = min(start, span)
        row = np.concatenate([codes[start - lead : start], new, codes[start + len(old) : start + len(old) + span]])
        rows.append(context.known(row, len(network.met)))
        places.append(lead - BESIDE)
    chances = context.chances(network, rows, places, width)
    out = np.zeros((len(changes), 4))
    for n, ((_, _, new), row, place) in enumerate(zip(changes, rows, places, strict=True)):
        own = np.array([chances[n, i, row[place + i]] if 0 <= place + i < len(row) else 0.0 for i in range(width)])
        here, size = slice(BESIDE, BESIDE + len(new)), len(new)
        beside = np.concatenate([own[:BESIDE], own[BESIDE + size : 2 * BESIDE + size]])
        lead = chances[n, here].max(axis=1) - own[here]
        out[n] = own[here].min(initial=0.0), own[here].sum(), beside.mean(), lead.max(initial=0.0)
    return out
