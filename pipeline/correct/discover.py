"""Swaps that no table holds, found from the page itself.

Rewriting software puts the same odd word wherever the usual one stood, so a page tells on itself: a word that the
language model finds odd, and another that would read far better in its places. For each odd word the usual words of the
field are rated by the characters on either side of its places, all at once; the best few are scored in full. A small
trained model weighs the evidence for each, and a second one how much else of the page was swapped: what is odd alone is
a name, or a trade that the corpus hardly knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.decision import load_models
from pipeline.correct.language import Codes, Floats, Language, load
from pipeline.correct.rescoring import REACH, Candidate, Scored, pad
from pipeline.correct.spin import Judged
from pipeline.correct.usual import Usual, counted, fit_beside, load_usual

ODD = 1.6
"""Odd words in a hundred characters that a page must have: 95 of 100 rewritten ones do, and every second sound one."""

CHOICES, MOST = 6, 24
"""Usual words scored in full for an odd word, and odd words of a page that are."""

PROMISING = 3.0
"""log10 units that the best usual word must gain in the rough look."""

WORTH = 4.0
"""log10 units that the best usual word must gain in full."""

SURE, LIKELY = 0.9, 0.6
"""Chance from which a swap is taken back, and from which that is suggested."""

TOLD = 0.2
"""Chance from which a swap counts as company for the others of its page."""

COMPANY = 0.3
"""Other swaps, by the sum of their chances, that a page must show: a posting says 制订 for 制定 of its own accord."""

SHORTEST = 12
"""Characters of a text that has context enough."""


class Found(NamedTuple):
    """A usual word that might stand behind an odd one: where, by how much each place reads better, and the evidence."""

    word: str
    right: str
    places: tuple[int, ...]
    gains: tuple[float, ...]
    features: tuple[float, ...]


class _Words(NamedTuple):
    """The odd words of a text: their places one word behind the other, where each word's begin, how many, how odd."""

    places: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    odds: NDArray[np.int64]
    boths: NDArray[np.int64]
    pairs: NDArray[np.int64]
    """All two-character words of the text as numbers, sorted."""

    def take(self, kept: NDArray[np.int64]) -> _Words:
        """Some of the words."""
        count = self.sizes[kept]
        ends = np.cumsum(count)
        places = self.places[np.repeat(self.starts[kept] - (ends - count), count) + np.arange(ends[-1])]
        return _Words(places, ends - count, count, self.odds[kept], self.boths[kept], self.pairs)


def _odd_words(language: Language, scored: Scored) -> _Words | None:
    """Words of two Han characters that were never seen with a neighbour that they have here."""
    codes, size = scored.codes, _size(language)
    han = _han()[codes]
    key = np.where(han[:-1] & han[1:], codes[:-1] * size + codes[1:], -1)
    fit = np.concatenate([scored.orders >= 3, [False]])
    odd, both = (key >= 0) & ~(fit[1:-1] & fit[2:]), (key >= 0) & ~fit[1:-1] & ~fit[2:]
    order = np.argsort(key, kind="stable")
    ranked = key[order]
    first = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    count = np.diff(np.append(first, len(ranked)))
    odds, boths = (np.add.reduceat(flags[order], first, dtype=np.int64) for flags in (odd, both))
    chosen = np.flatnonzero((ranked[first] >= 0) & (odds > 0) & ((count > 1) | (boths > 0)))
    if not len(chosen):
        return None
    return _Words(order, first, count, odds, boths, ranked).take(chosen)


def _size(language: Language) -> int:
    return int(language.ids.max()) + 1


@cache
def _han() -> NDArray[np.bool_]:
    language = load()
    table = np.zeros(_size(language), bool)
    table[language.ids[0x4E00:0xA000]] = True
    table[:4] = False
    return table


def _rough(
    language: Language, usual: Usual, scored: Scored, words: _Words
) -> tuple[NDArray[np.float32], Floats, Floats]:
    """For each odd word: how well each usual word fits its places, how well itself, and log10 of its count."""
    around = np.concatenate([[1], scored.codes, [1]])
    before, behind = around[words.places], around[words.places + 3]
    rate = np.add.reduceat(usual.rate(language, before, behind), words.starts) + (
        words.sizes[:, None] * usual.counts
    ).astype(np.float32)
    pair = np.stack([scored.codes[words.places], scored.codes[words.places + 1]], 1)
    counts, known = counted(language, pair)
    counts = np.where(known, counts, -0.3)
    own = counts + fit_beside(language, np.concatenate([before[:, None], pair], 1), counts, before)
    own += fit_beside(language, np.concatenate([pair, behind[:, None]], 1), counts, behind)
    return rate, np.add.reduceat(own, words.starts), counts[words.starts]


def find(language: Language, text: str, scored: Scored) -> list[Found]:
    """For each odd word of a text the usual words that might stand behind it."""
    words = _odd_words(language, scored) if len(scored.codes) >= SHORTEST else None
    if words is None or 100 * len(words.sizes) < ODD * len(scored.codes):
        return []
    usual = load_usual()
    rate, own, common = _rough(language, usual, scored, words)
    rough = rate.max(axis=1) - own
    kept = np.flatnonzero(rough >= PROMISING)
    kept = kept[np.argsort(-rough[kept], kind="stable")[:MOST]]
    if not len(kept):
        return []
    words, rate, common = words.take(kept), rate[kept], common[kept]
    names = [text[i : i + 2] for i in words.places[words.starts].tolist()]
    top = _choices(usual, rate, names)
    gain, held = _in_full(language, scored, words.places, usual.codes[np.repeat(top, words.sizes, 0)])
    return list(_found(language, usual, _Table(words, names, rate, common, top, gain, held), len(scored.codes)))


def _choices(usual: Usual, rate: NDArray[np.float32], names: list[str]) -> NDArray[np.int64]:
    """The usual words that fit best, synonyms of the odd one among them."""
    top = np.argpartition(-rate, CHOICES, axis=1)[:, :CHOICES]
    for row, name in zip(top, names, strict=True):
        for i in sorted(usual.synonyms.get(name, ())):
            if i not in row:
                row[-1] = i
    return top


def _in_full(
    language: Language, scored: Scored, places: NDArray[np.int64], new: Codes
) -> tuple[Floats, NDArray[np.int8]]:
    """What each choice [place, n] gains at its place, and the support of its characters once there."""
    width = 2 * REACH + 2
    rows = np.repeat(pad(scored.codes)[places[:, None] + np.arange(width)][:, None], new.shape[1], 1)
    rows[:, :, REACH : REACH + 2] = new
    read = Scored(rows, *language.score(rows))
    inside = np.arange(REACH + 2) < (len(scored.codes) - places)[:, None]
    sums = np.concatenate([[0.0], np.cumsum(scored.scores)])
    old = sums[np.minimum(places + REACH + 2, len(scored.codes))] - sums[places]
    gain: Floats = np.where(inside[:, None], read.scores[:, :, REACH:], 0).sum(axis=2) - old[:, None]
    return gain, read.support()[:, :, REACH : REACH + 2].min(axis=2)


class _Table(NamedTuple):
    words: _Words
    names: list[str]
    rate: NDArray[np.float32]
    common: Floats
    top: NDArray[np.int64]
    gain: Floats
    held: NDArray[np.int8]


FEATURES = (
    *("places", "single", "gain", "mean", "least", "lead", "lead each", "share", "odd", "both", "common", "known"),
    *("usual", "rarer", "lacking", "excess", "held", "better", "worse", "synonym", "peak"),
)
"""Names of the evidence for a swap, in order: see `_features`."""


def _found(language: Language, usual: Usual, t: _Table, size: int) -> Iterator[Found]:
    ends = t.words.starts + t.words.sizes
    best = t.rate.max(axis=1, keepdims=True)
    peak = t.rate - best - np.log10((10 ** (t.rate - best)).sum(axis=1, keepdims=True))
    there = _occurrences(language, t.words.pairs, usual.codes[t.top])
    expected = size * 10 ** (usual.counts[t.top] - language.total)
    for n, name in enumerate(t.names):
        part = slice(int(t.words.starts[n]), int(ends[n]))
        gain, synonyms = t.gain[part], usual.synonyms.get(name, frozenset())
        total = gain.sum(axis=0)
        if total.max() < WORTH:
            continue
        order = np.argsort(-total).tolist()
        for m in [*order[:2], *(m for m in order[2:] if int(t.top[n, m]) in synonyms)]:
            i = int(t.top[n, m])
            right = usual.texts[i]
            if right == name:
                continue
            rival = total[order[1] if m == order[0] else order[0]]
            evidence = (float(t.words.odds[n]), float(t.words.boths[n]), float(t.common[n]), float(usual.counts[i]))
            field = (float(there[n, m]), float(expected[n, m]), float(peak[n, i]), i in synonyms)
            features = _features(name, right, gain[:, m], total[m] - rival, int(t.held[part, m].min()), evidence, field)
            yield Found(name, right, tuple(t.words.places[part].tolist()), tuple(gain[:, m].tolist()), features)


def _occurrences(language: Language, pairs: NDArray[np.int64], wanted: Codes) -> NDArray[np.int64]:
    key = wanted[..., 0] * _size(language) + wanted[..., 1]
    return np.searchsorted(pairs, key, side="right") - np.searchsorted(pairs, key)


def _features(
    word: str,
    right: str,
    gain: Floats,
    lead: float,
    held: int,
    evidence: tuple[float, float, float, float],
    field: tuple[float, float, float, bool],
) -> tuple[float, ...]:
    """Places; gain in all, each and least; lead on the next; how odd the word is; how usual both are; how much the page
    lacks the right one; and what the first few products of these are."""
    places, total = len(gain), float(gain.sum())
    odd, both, common, usual = evidence
    there, expected, peak, synonym = field
    mean, led = min(total / places, 14.0), max(min(lead, 8.0), -8.0)
    single, share = float(places == 1), float(bool(set(word) & set(right)))
    base = (
        float(np.log(places)),
        single,
        min(total, 40.0),
        mean,
        max(min(float(gain.min()), 10.0), -5.0),
        led,
        max(min(lead / places, 4.0), -4.0),
        share,
        odd / places,
        both / places,
        max(common, 0.0),
        float(common >= 0),
        usual,
        usual - common,
        min(expected, 3.0) if there == 0 else 0.0,
        float(np.log1p(there) - np.log1p(expected)),
        float(held),
        float((gain > 2).mean()),
        float((gain < 0).mean()),
        float(synonym),
        max(peak, -4.0),
    )
    behind = min(led, 0.0)
    return (
        *base,
        single * share,
        single * synonym,
        single * mean,
        single * led,
        base[0] * mean,
        behind,
        share * behind,
    )


NAMES = (
    *FEATURES,
    "single share",
    "single synonym",
    "single mean",
    "single lead",
    "places mean",
    "behind",
    "share behind",
)
ON_PAGE = (*NAMES, "chance alone", "others", "others each")
"""Names of what the first model weighs, and the second."""


def on_page(found: list[Found], chances: Floats, size: int) -> tuple[NDArray[np.float64], list[int]]:
    """What the second model weighs: the first one's chance, and the other swaps of the page; and the best of each word."""
    best: dict[str, int] = {}
    for n, f in enumerate(found):
        if f.word not in best or chances[n] > chances[best[f.word]]:
            best[f.word] = n
    told = {word: float(chances[n]) if chances[n] > 0.1 else 0.0 for word, n in best.items()}
    others = np.array([sum(told.values()) - told[f.word] for f in found])
    odds = np.log(chances + 1e-4) - np.log(1 - chances + 1e-4)
    columns = [odds, np.log1p(others), np.log1p(others / size * 500)]
    return np.column_stack([np.array([f.features for f in found]), *columns]), sorted(best.values())


def judge(text: str, language: Language, listed: int = 0) -> list[Judged]:
    """The swaps of a text that no table holds: those to take back, and those to suggest.

    `listed` counts the different swaps that a table held and that were taken back before.
    """
    found = find(language, text, Scored.of(language, text))
    if not found:
        return []
    models = load_models("swaps.json")
    alone = models["swap"].chances(np.array([f.features for f in found]))
    features, best = on_page(found, alone, len(text))
    chances = models["swap on its page"].chances(features)
    company = listed + sum(float(chances[n]) for n in best if chances[n] > TOLD)
    out: list[Judged] = []
    for n in best:
        chance, places = (
            float(chances[n]),
            [p for p, gain in zip(found[n].places, found[n].gains, strict=True) if gain >= 0],
        )
        if chance < LIKELY or not places or company - chance < COMPANY:
            continue
        evidence = f"{sum(found[n].gains):.1f} better (log10) in {len(places)} places, {company:.1f} swaps on the page"
        rule = "spin.discovered"
        out += [
            Judged(
                Candidate(p, p + 2, found[n].right, rule, "spin"), chance >= SURE, round(min(chance, 0.95), 2), evidence
            )
            for p in places
        ]
    return out
