"""Reading a page anew that came through a scanner: its doubtful stretches decoded, and characters that were not printed.

Decoding costs, and makes sense of anything. So a page must first show signs of a scanner: characters that a recogniser
often mistakes, in words that the page does not say again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipeline.correct.language.dictionary import ABSENT, standing
from pipeline.correct.language.ngrams import Language
from pipeline.correct.page import NUMERALS, Page
from pipeline.correct.proposal import NO_PRIOR, Proposal
from pipeline.correct.scan.channel import LOST, Channel, load_channel
from pipeline.correct.scan.decode import decode
from pipeline.text import Span, is_han

DOUBTFUL = 3
"""Support up to which a character may be misread: it is part of no longer n-gram that was ever seen."""

LONGEST = 10
"""Characters of a stretch that is read as one."""

LEAST = 1.5
"""Gain in log10 units from which a reading is weighed."""

COUNTED = -3.0
"""log10 chance in the channel from which a confusion speaks for a scanner; a rarer one fits any text that is merely odd."""

TELLING = 4.5
"""Gain in log10 units from which a single character speaks for a scanner."""

SIGNS = 0.06
"""Signs of a scanner for each doubtful stretch that a page must show, and one at least."""

PHANTOMS = "和有人了上"
"""What recognisers put where nothing was printed, counted on scans of the project (`confusions.tsv`)."""

REREAD, PHANTOM = "misread.scan", "misread.phantom"

_UNSAID = re.compile(r"有(?=具有|具备)|(?<=\d[、.．])和(?![谐平气])")
"""What nobody writes: 有 before 具有, 和 as the first word of an entry."""

_HAN_PAIR = re.compile("[\u4e00-\u9fff]{2}")


def propose(language: Language, page: Page, letters: Sequence[Proposal]) -> list[Proposal]:
    """The readings of a page that shows signs of a scanner, given the single characters that were proposed for it."""
    unprinted = phantoms(page)
    spans = stretches(page)
    signs = sum(_speaks(page, p) for p in letters) + sum(
        _UNSAID.match(page.text, p.places[0]) is not None for _, p in unprinted
    )
    if not signs or signs < SIGNS * len(spans):
        return [p for stands_out, p in unprinted if stands_out]
    return [*readings(language, load_channel(), page, spans), *(p for _, p in unprinted)]


def stretches(page: Page) -> list[Span]:
    """The doubtful stretches of a page; one sound character in between does not part them."""
    found: list[Span] = []
    for i in np.flatnonzero((page.support <= DOUBTFUL) & (page.rows > 0)).tolist():
        if found and i - found[-1].end <= 1 and i - found[-1].start < LONGEST:
            found[-1] = Span(found[-1].start, i + 1)
        else:
            found.append(Span(i, i + 1))
    return found


def readings(language: Language, channel: Channel, page: Page, spans: list[Span]) -> list[Proposal]:
    """What decoding would change: each character of a stretch by itself."""
    numerals, out = set(language.encode(NUMERALS).tolist()), list[Proposal]()
    for reading in decode(language, channel, page.codes, page.rows, spans):
        if reading.gain < LEAST:
            continue
        old = page.codes[reading.span.start : reading.span.end]
        changed = np.flatnonzero(np.array(reading.codes) != old).tolist()
        for k in changed:
            place, code = reading.span.start + k, reading.codes[k]
            if code in numerals and int(old[k]) in numerals:
                continue
            put = "" if code == LOST else language.characters[code]
            prior = _prior(channel, page, place, code)
            rule = REREAD if put else PHANTOM
            out.append(Proposal((place,), 1, put, rule, "ocr", prior, reading.gain, len(changed), len(old)))
    return out


def phantoms(page: Page) -> list[tuple[bool, Proposal]]:
    """Characters that recognisers like to invent, where they are odd, and whether each stands out whatever the page is.

    Such a one begins what it cannot begin, "、了雕刻", or parts a word, "信和号".
    """
    channel, text = load_channel(), page.text
    places = [i for i, char in enumerate(text) if char in PHANTOMS]
    parting = _parting(text, places)
    out = []
    for i, parts in zip(places, parting, strict=True):
        after = i > 0 and is_han(text[i - 1])
        odd = page.support[i] <= DOUBTFUL or (text[i] in "和了" and not after)
        if odd and (parts or not after or text[i] not in "上人"):
            known = parts or not after or _UNSAID.match(text, i) is not None
            proposal = Proposal((i,), 1, "", PHANTOM, "ocr", _prior(channel, page, i, LOST))
            out.append((known, proposal))
    return out


def _parting(text: str, places: list[int]) -> list[bool]:
    """Whether the characters on both sides of each place make a word of the language."""
    pairs = "\n".join((text[i - 1 : i] or " ") + (text[i + 1 : i + 2] or " ") for i in places)
    return [rate > ABSENT for rate in standing(pairs).word[::3].tolist()]


def _prior(channel: Channel, page: Page, place: int, code: int) -> float:
    """The log10 chance that what stands at a place was printed as a code."""
    known, costs = channel.readings(page.rows[place : place + 1])
    fitting = costs[known == code]
    return max(float(fitting.max(initial=NO_PRIOR)), NO_PRIOR)


def _speaks(page: Page, proposal: Proposal) -> bool:
    """Whether a change speaks for a scanner: a common confusion, in a word that the page does not say again.

    Words of another field are odd too, and any one of them could be a rare confusion: "灌肠" of a hospital, said thrice.
    """
    i = proposal.places[0]
    if proposal.category != "ocr" or proposal.prior < COUNTED or proposal.gain < TELLING:
        return False
    pairs = (page.text[max(0, i - 1) : i + 1], page.text[i : i + 2])
    return not any(len(pair) == 2 and _HAN_PAIR.fullmatch(pair) and page.text.count(pair) > 1 for pair in pairs)
