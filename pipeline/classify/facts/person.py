"""Age and sex, where a text asks for them."""

from __future__ import annotations

import regex

from pipeline.classify.facts.candidates import Candidate, Sort
from pipeline.classify.facts.tagged import Tagged, odds, wished
from pipeline.classify.facts.tagger import Tag
from pipeline.classify.spans import source_span
from pipeline.model import Age, Gender
from pipeline.text import Revision

_UNIT = regex.compile("周?岁")

Found = tuple[float, Candidate]
"""How sure a candidate states a fact, and the candidate."""


def age(revision: Revision, tagged: Tagged) -> Age | None:
    """The bounds of age that are surest."""
    low: Found | None = None
    high: Found | None = None
    for p, marks in tagged:
        for c in p.candidates:
            if c.sort == Sort.AGE and not wished(p, c.start):
                least, most = odds(p, marks, c, Tag.AGE_MIN), odds(p, marks, c, Tag.AGE_MAX)
                if c.bound:
                    least = most = max(least, most)
                if c.bound < 0 or (not c.bound and least > most):
                    low = _surer(low, (least, c))
                else:
                    high = _surer(high, (most, c))
    ends = [found[1] for found in (low, high) if found]
    if not ends:
        return None
    stop = max(c.end for c in ends)
    unit = _UNIT.match(revision.text, stop)
    span = source_span(revision, min(c.start for c in ends), unit.end() if unit else stop)
    return Age(min=_years(low), max=_years(high), span=span)


def gender(tagged: Tagged) -> Gender | None:
    """The sex asked for; one that is only preferred is not."""
    best: Found | None = None
    for p, marks in tagged:
        for c in p.candidates:
            if c.sort == Sort.SEX and not wished(p, c.start):
                best = _surer(best, (odds(p, marks, c, Tag.SEX), c))
    return best[1].value if best and isinstance(best[1].value, Gender) else None


def _surer(known: Found | None, new: Found) -> Found | None:
    return new if new[0] > (known[0] if known else 0.0) else known


def _years(found: Found | None) -> int | None:
    return int(found[1].value) if found and isinstance(found[1].value, float) else None
