"""Reading a garbled stretch anew: the likeliest text behind what a scanner made of it.

A noisy channel (Shannon; for spelling, Kernighan et al., 1990): of all texts the one is sought that is likely as
language and likely to have been read as what stands there. A beam keeps the best beginnings; all stretches of a page
are read at once, a character a step, so that each step is a handful of array operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.language.ngrams import ORDERS, Codes, Floats, Language
from pipeline.correct.scan.channel import LOST, Channel
from pipeline.text import Span

WIDTH = 10
"""Beginnings kept for each stretch; the first is always what stands there."""

AHEAD = ORDERS - 1
"""Characters behind a stretch that are scored with it."""

IMPOSSIBLE = -1e9


class Reading(NamedTuple):
    """What a stretch should read, a code for each character, LOST where one goes; its gain in log10 units."""

    span: Span
    codes: tuple[int, ...]
    gain: float


@dataclass(slots=True)
class _Beam:
    """`context` [stretch, hypothesis, AHEAD], `score` [stretch, hypothesis], `path` [stretch, hypothesis, step]."""

    context: Codes
    score: Floats
    path: Codes


def decode(language: Language, channel: Channel, codes: Codes, rows: Codes, spans: Sequence[Span]) -> list[Reading]:
    """The best reading of each stretch of a text, of which there are its character numbers and its rows in the channel.

    A stretch that stays as it is has no gain.
    """
    if not spans:
        return []
    starts, ends = np.array([s.start for s in spans]), np.array([s.end for s in spans])
    padded = np.concatenate([np.ones(AHEAD, np.int64), codes, np.ones(AHEAD, np.int64)])
    seen = np.concatenate([rows, np.zeros(1, np.int64)])
    longest = int((ends - starts).max())
    beam = _first(padded, starts)
    for step in range(longest + AHEAD):
        at = starts + step
        here = np.minimum(at, len(codes))
        live = at < np.minimum(ends + AHEAD, len(codes))
        beam = _advance(language, channel, beam, padded[here + AHEAD], np.where(at < ends, seen[here], 0), live)
    best = beam.score.argmax(axis=1)
    each = np.arange(len(spans))
    gains, paths = beam.score[each, best] - beam.score[:, 0], beam.path[each, best]
    return [
        Reading(span, tuple(path[: span.end - span.start].tolist()), float(gain))
        for span, path, gain in zip(spans, paths, gains, strict=True)
    ]


def _first(padded: Codes, starts: NDArray[np.int64]) -> _Beam:
    context = padded[starts[:, None] + np.arange(AHEAD)][:, None, :].repeat(WIDTH, axis=1)
    score = np.full((len(starts), WIDTH), IMPOSSIBLE)
    score[:, 0] = 0
    return _Beam(context, score, np.zeros((len(starts), WIDTH, 0), np.int64))


def _advance(
    language: Language, channel: Channel, beam: _Beam, stands: Codes, rows: Codes, live: NDArray[np.bool_]
) -> _Beam:
    """One character further: what `stands` there, or, inside a stretch, what its row in the channel may have been."""
    width = beam.score.shape[1]
    known, costs = channel.readings(rows)  # [stretch, reading]
    known, costs = np.concatenate([stands[:, None], known], 1), np.concatenate([np.zeros((len(rows), 1)), costs], 1)
    free = channel.following[beam.context[:, :, -1]]  # [stretch, hypothesis, continuation]
    choices = np.concatenate([np.repeat(known[:, None], width, 1), free], axis=2)
    cost = np.concatenate(
        [np.repeat(costs[:, None], width, 1), np.broadcast_to(channel.free(rows)[:, None, None], free.shape)], axis=2
    )
    score = np.where(choices == LOST, 0.0, language.follow(beam.context, choices)) + cost
    others = np.arange(choices.shape[2]) > 0
    score = np.where(live[:, None, None], score, np.where(others, IMPOSSIBLE, 0.0))
    return _keep(beam, choices, beam.score[:, :, None] + score)


def _keep(beam: _Beam, choices: Codes, total: Floats) -> _Beam:
    """The best hypotheses; of those that end in the same characters one, and always what stands there."""
    count, width, size = total.shape
    identity = total[:, 0, 0].copy()
    flat = total.reshape(count, -1).copy()
    flat[:, 0] = np.inf
    pool = min(2 * width, flat.shape[1])
    top = np.argpartition(-flat, pool - 1, axis=1)[:, :pool]
    rows = np.arange(count)[:, None]
    top = top[rows, np.argsort(-flat[rows, top], axis=1, kind="stable")]
    parent, chosen = top // size, choices.reshape(count, -1)[rows, top]
    old = beam.context[rows, parent]
    moved = np.concatenate([old[:, :, 1:], chosen[:, :, None]], axis=2)
    context = np.where((chosen == LOST)[:, :, None], old, moved)
    score = flat[rows, top]
    score[:, 0] = identity
    same = (context[:, :, None] == context[:, None]).all(axis=3)
    earlier = np.tril(np.ones((pool, pool), bool), -1)
    earlier[:, 0] = False  # what stands there is kept beside the best
    score = np.where((same & earlier).any(axis=2), IMPOSSIBLE, score)
    order = np.argsort(-score[:, 1:], axis=1, kind="stable")[:, : width - 1] + 1
    order = np.concatenate([np.zeros((count, 1), np.int64), order], axis=1)
    path = np.concatenate([beam.path[rows, parent], chosen[:, :, None]], axis=2)
    return _Beam(context[rows, order], score[rows, order], path[rows, order])
