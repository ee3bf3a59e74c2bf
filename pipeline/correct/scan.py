"""Pages that came through a scanner: characters misread, and characters where nothing was printed.

Doubtful stretches are decoded anew; each change is then weighed by a small trained model (`decision`), which sees the
change, its surroundings and how damaged the page is.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.correct.channel import LOST, UNSEEN, Channel
from pipeline.correct.decode import decode
from pipeline.correct.language import Codes, Floats, Language
from pipeline.correct.page import NUMERALS, Page
from pipeline.correct.rescoring import REACH, Candidate, Scored, gains, pad
from pipeline.text import Span

DOUBTFUL = 3
"""Support up to which a character may be misread: it is part of no longer n-gram that was ever seen."""

LONGEST = 10
"""Characters of a stretch that is read as one."""

LEAST = 1.5
"""Gain in log10 units from which a reading is weighed."""

PHANTOMS = "和有人了上"
"""What recognisers put where nothing was printed, counted on scans of the project (`confusions.tsv`)."""

Matrix = NDArray[np.float64]


class Changes(NamedTuple):
    """Changes proposed for a page: place, code put (LOST: none), log10 gain, and a row of features each."""

    places: NDArray[np.int64]
    codes: Codes
    gains: Floats
    features: Matrix


def stretches(page: Page) -> list[Span]:
    """The doubtful stretches of a page; one sound character in between does not part them."""
    found: list[Span] = []
    for i in np.flatnonzero((page.support <= DOUBTFUL) & (page.rows > 0)).tolist():
        if found and i - found[-1].end <= 1 and i - found[-1].start < LONGEST:
            found[-1] = Span(found[-1].start, i + 1)
        else:
            found.append(Span(i, i + 1))
    return found


def misread(language: Language, channel: Channel, page: Page) -> Changes:
    """What decoding would change: one character put for another."""
    spans = stretches(page)
    readings = [r for r in decode(language, channel, page.codes, page.rows, spans) if r.gain >= LEAST]
    new, rows, numerals = page.codes.copy(), [], set(language.encode(NUMERALS).tolist())
    lost = np.zeros(len(new), dtype=bool)
    for reading in readings:
        old = page.codes[reading.span.start : reading.span.end]
        changed = np.flatnonzero(np.array(reading.codes) != old)
        for k in changed.tolist():
            place, code = reading.span.start + k, reading.codes[k]
            if code == LOST:
                lost[place] = True
            elif code not in numerals or int(page.codes[place]) not in numerals:
                new[place] = code
                rows.append((place, code, reading.gain, len(changed), len(old)))
    if not rows:
        return Changes(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros((0, len(MISREAD))))
    read = Scored.of_codes(language, new[~lost])
    place, code, gain, together, size = np.array(rows).T
    at = (np.cumsum(~lost) - 1)[place.astype(np.int64)]
    density = 100 * len(spans) / len(new)
    columns = _compare(language, channel, page, read, place.astype(np.int64), at)
    features = _misread_features(columns, gain, together, size, density)
    places, codes = place.astype(np.int64), code.astype(np.int64)
    told = np.column_stack([speaks(channel, page, places, codes), np.full(len(places), np.log(len(page.codes)))])
    return Changes(places, codes, gain, np.concatenate([features, told], axis=1))


class _Compared(NamedTuple):
    """For each change: what is lost when it alone is taken back, its chance in the channel, its lead, and support."""

    revert: Floats
    chance: Floats
    lead: Floats
    old: Floats
    new: Floats
    support_old: Floats
    support_new: Floats
    left: Floats
    right: Floats


def _compare(
    language: Language, channel: Channel, page: Page, read: Scored, place: NDArray[np.int64], at: NDArray[np.int64]
) -> _Compared:
    old, new = page.codes[place], read.codes[at]
    before = read.codes[np.maximum(at - 1, 0)]
    known, costs = channel.readings(page.rows[place])
    others = np.concatenate([known, channel.following[before]], axis=1)
    costs = np.concatenate([costs, np.full((len(at), channel.following.shape[1]), UNSEEN)], axis=1)
    choices = np.concatenate([old[:, None], new[:, None], np.maximum(others, 0)], axis=1)
    windows = np.repeat(pad(read.codes)[at[:, None] + np.arange(2 * REACH + 1)][:, None], choices.shape[1], axis=1)
    windows[:, :, REACH] = choices
    scores = language.score(windows, REACH)[0].sum(axis=2)
    same = others == new[:, None]
    chance = np.where(same, costs, -9.0).max(axis=1)
    rival = np.where(same | (others <= 0), -99.0, scores[:, 2:] + costs).max(axis=1)
    support = read.support().astype(np.float64)
    return _Compared(
        scores[:, 1] - scores[:, 0],
        chance,
        scores[:, 1] + chance - rival,
        language.unigrams[old],
        language.unigrams[new],
        page.support[place].astype(np.float64),
        support[at],
        support[np.maximum(at - 1, 0)],
        support[np.minimum(at + 1, len(support) - 1)],
    )


MISREAD = (
    "revert to 10",
    "revert to 4",
    "chance",
    "uncounted",
    "lead -3 to 6",
    "lead -3 to 1",
    *(f"support {k}" for k in (3, 4, 5)),
    *(f"doubt {k}" for k in (2, 3)),
    "gain",
    "changed together",
    "size",
    "density",
    "old frequency",
    "new frequency",
    "left support",
    "right support",
    "revert in density",
    "speaks",
    "page size",
)
"""Names of the features of a misread character, in order."""


def _misread_features(c: _Compared, gain: Floats, together: Floats, size: Floats, density: float) -> Matrix:
    log_density = np.full(len(gain), np.log1p(density))
    revert = np.minimum(c.revert, 10)
    columns = [
        revert,
        np.minimum(c.revert, 4),
        c.chance,
        c.chance <= UNSEEN,
        np.clip(c.lead, -3, 6),
        np.clip(c.lead, -3, 1),
        *(c.support_new == k for k in (3, 4, 5)),
        *(c.support_old == k for k in (2, 3)),
        np.minimum(gain, 12),
        together,
        size,
        log_density,
        c.old,
        c.new,
        c.left,
        c.right,
        revert * log_density / 5,
    ]
    return np.array(columns, dtype=np.float64).T


PHANTOM = (
    "gain",
    "gain to 1",
    *(f"support {k}" for k in (4, 5)),
    "after Han",
    "after a mark",
    "after a break",
    *(f"is {c}" for c in PHANTOMS),
    *(f"doubt {k}" for k in (2, 3)),
    "before 具有良",
    "doubled",
)
"""Names of the features of a character that was not printed, in order."""


COUNTED = -3.0
"""log10 chance in the channel from which a confusion speaks for a scanner; a rarer one fits any text that is merely odd."""


def speaks(channel: Channel, page: Page, places: NDArray[np.int64], codes: Codes) -> NDArray[np.bool_]:
    """Which changes speak for a scanner: of a confusion that is common, in a word that the page does not say again.

    Words of another field are odd too, and any one of them could be a rare confusion: "灌肠" of a hospital, said thrice.
    """
    known, costs = channel.readings(page.rows[places])
    common = np.where(known == codes[:, None], costs, -9.0).max(axis=1, initial=-9.0) >= COUNTED
    again = np.array([_said_again(page.text, i) for i in places.tolist()], dtype=bool)
    out: NDArray[np.bool_] = common & ~again
    return out


def _said_again(text: str, i: int) -> bool:
    """Whether one of the two words of two characters that a place is part of stands elsewhere too."""
    pairs = (text[max(0, i - 1) : i + 1], text[i : i + 2])
    return any(len(pair) == 2 and _HAN_PAIR.fullmatch(pair) and text.count(pair) > 1 for pair in pairs)


_HAN_PAIR = re.compile("[\u4e00-\u9fff]{2}")


def phantoms(language: Language, page: Page) -> Changes:
    """Characters that recognisers like to invent, where the text reads no worse without them."""
    places = [i for i, c in enumerate(page.text) if c in PHANTOMS and not (c in "上人" and _after_han(page.text, i))]
    rated = gains(language, page.scored, [Candidate(i, i + 1, "", "", "") for i in places])
    kept = [(i, g) for i, g in zip(places, rated, strict=True) if g.gain >= LEAST]
    rows = [_phantom_features(page, i, g.gain, g.support) for i, g in kept]
    return Changes(
        np.array([i for i, _ in kept], dtype=np.int64),
        np.full(len(kept), LOST, dtype=np.int64),
        np.array([g.gain for _, g in kept]),
        np.array(rows).reshape(len(kept), len(PHANTOM)),
    )


_UNSAID = re.compile(r"有(?=具有|具备)|(?<=\d[、.．])和(?![谐平气])")


def unsaid(page: Page, i: int) -> bool:
    """Whether nobody writes a character where it stands: 有 before 具有, 和 as the first word of an entry."""
    return _UNSAID.match(page.text, i) is not None


def _after_han(text: str, i: int) -> bool:
    return i > 0 and "\u4e00" <= text[i - 1] <= "\u9fff"


def _phantom_features(page: Page, i: int, gain: float, support: int) -> list[float]:
    before, behind, here = page.text[i - 1 : i] or "\n", page.text[i + 1 : i + 2] or "\n", page.text[i]
    flags = [
        support >= 4,
        support >= 5,
        _after_han(page.text, i),
        before in "、.:：；，,。; \n-",
        before == "\n",
        *(here == c for c in PHANTOMS),
        page.support[i] <= 2,
        page.support[i] <= 3,
        behind in "具有良",
        behind == here,
    ]
    return [gain, min(gain, 1.0), *map(float, flags)]
