"""Where the entries of one line begin: "1、…2、…任职要求：1、…" is four pieces.

Crawlers drop line breaks, so 71% of real postings come as one line. `spots` finds the headings, `chains` the markers;
here they are put together.
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.segment import chains, markers, spots
from pipeline.segment.chains import skip
from pipeline.segment.headings import ATTRIBUTE, Heading
from pipeline.segment.markers import Marker


class Cut(NamedTuple):
    """A place where a piece begins, and with what: a marker, a heading, both, or plain text."""

    start: int
    marker: Marker | None = None
    heading: Heading | None = None


def of_line(text: str, start: int, end: int) -> list[Cut]:
    """The cuts of the line `text[start:end]`, in order; the first one is at `start`."""
    first = markers.at(text, start, end)
    found = spots.of_line(text, first.end if first else start, end)
    kept = chains.of_line(text, start, end, first, found)
    return _merge(text, start, end, kept, found)


def _merge(text: str, start: int, end: int, kept: list[Marker], found: list[Heading]) -> list[Cut]:
    by_body = {m.end: m for m in kept}
    cuts: dict[int, Cut] = {m.start: Cut(m.start, m) for m in kept}
    after_all: list[int] = []
    firsts = {m.start for m in kept if m.number in (1, None)}
    for heading in found:
        marker = by_body.get(heading.start)
        after = skip(text, heading.end, end)
        if marker and not _heads(heading, marker, after, end, firsts):
            continue  # "3、工作目标：…" is an entry that begins with a label
        at = marker.start if marker else heading.start
        cuts[at] = Cut(at, marker, heading)
        after_all.append(after)
    for after in after_all:
        if after < end and after not in cuts:
            cuts[after] = Cut(after)
    if start not in cuts:
        cuts[start] = Cut(start)
    return [cuts[at] for at in sorted(cuts)]


def _heads(heading: Heading, marker: Marker, after: int, end: int, firsts: set[int]) -> bool:
    """Whether a heading phrase right behind a marker heads what follows, or is the label of one entry."""
    if after >= end or after in firsts or heading.use == "strong" or heading.kind == "trailer":
        return True
    if markers.pictured(marker) or (marker.style.startswith("bullet") and heading.phrase in ("要求", "职责")):
        return True
    if heading.kind == "title":  # "一、职位名称：兽医" names a role, "②招聘：补充人员" is an entry
        return len(heading.phrase) >= 4 or marker.style.startswith(("chinese", "hash", "bullet"))
    if heading.use == "field" or ATTRIBUTE.match(heading.phrase):
        return marker.number is None  # "• 招聘人数：1人"
    return marker.style.startswith(("chinese", "(chinese", "hash", "part", "stem"))
