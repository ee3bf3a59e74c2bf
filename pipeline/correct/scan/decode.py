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

    def of(self, stretches: NDArray[np.bool_]) -> _Beam:
        """That of some of the stretches."""
        return _Beam(self.context[stretches], self.score[stretches], self.path[stretches])


def decode(language: Language, channel: Channel, codes: Codes, rows: Codes, spans: Sequence[Span]) -> list[Reading]:
    """The best reading of each stretch of a text, of which there are its character numbers and its rows in the channel.

    A stretch that stays as it is has no gain. What stands in the same words as another is read once.
    """
    around = [_around(codes, rows, span) for span in spans]
    asked = dict(zip(around, spans, strict=True))
    of = dict(zip(asked, _decoded(language, channel, codes, rows, [*asked.values()]), strict=True))
    return [of[words]._replace(span=span) for words, span in zip(around, spans, strict=True)]


def _around(codes: Codes, rows: Codes, span: Span) -> tuple[bytes, bytes, int]:
    """All that the reading of a stretch hangs on: what stands there, before it and after it."""
    before, after = max(0, span.start - AHEAD), span.end + AHEAD
    return codes[before:after].tobytes(), rows[span.start : span.end].tobytes(), span.start - before


def _decoded(language: Language, channel: Channel, codes: Codes, rows: Codes, spans: Sequence[Span]) -> list[Reading]:
    starts, ends = np.array([s.start for s in spans], np.int64), np.array([s.end for s in spans], np.int64)
    out: list[Reading | None] = [None] * len(spans)
    beam, left, step = _first(codes, starts), np.arange(len(spans)), 0
    while len(left):
        at = starts[left] + step
        live = at < np.minimum(ends[left] + AHEAD, len(codes))
        if not live.all():
            for k in np.flatnonzero(~live).tolist():
                out[left[k]] = _best(spans[left[k]], beam, k)
            beam, left, at = beam.of(live), left[live], at[live]
        if len(left):
            beam = _advance(language, channel, beam, codes[at], np.where(at < ends[left], rows[at], 0))
        step += 1
    return [reading for reading in out if reading]


def _best(span: Span, beam: _Beam, k: int) -> Reading:
    """The likeliest reading of stretch k of a beam."""
    best = int(beam.score[k].argmax())
    gain = float(beam.score[k, best] - beam.score[k, 0])
    return Reading(span, tuple(beam.path[k, best, : span.end - span.start].tolist()), gain)


def _first(codes: Codes, starts: NDArray[np.int64]) -> _Beam:
    padded = np.concatenate([np.ones(AHEAD, np.int64), codes])
    context = padded[starts[:, None] + np.arange(AHEAD)][:, None, :].repeat(WIDTH, axis=1)
    score = np.full((len(starts), WIDTH), IMPOSSIBLE)
    score[:, 0] = 0
    return _Beam(context, score, np.zeros((len(starts), WIDTH, 0), np.int64))


def _advance(language: Language, channel: Channel, beam: _Beam, stands: Codes, rows: Codes) -> _Beam:
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
