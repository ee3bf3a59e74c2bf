"""Every pattern of the package, each against growing strings made of its own parts: none may take for ever.

A pattern is looked at as it is used: where it stands in BEGINNINGS it is only asked what a text begins with, or is.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
import re._constants as code  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
import regex

import pipeline
from tests.running import SOAK

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="a pattern is stopped by a signal")

SHORT, LONG = 500, 12_000 if SOAK else 6_000
WORST = 0.3
"""Seconds, far over what a linear pattern takes for so many characters and far under what one that explodes does."""
PIECES = 60 if SOAK else 5

BEGINNINGS = {
    "pipeline.annotation._NTH",
    "pipeline.classify.facts.candidates._BEHIND",
    "pipeline.classify.facts.education._JOINT",
    "pipeline.classify.facts.experience._NAMED",
    "pipeline.classify.profile._NONE",
    "pipeline.clean.printed._OPENING",
    "pipeline.clean.width._ORDINAL",
    "pipeline.read.docx.body._CONTENTS",
    "pipeline.read.docx.styles._CONTENTS",
    "pipeline.read.html.flow.TYPED",
    "pipeline.read.pdf.flow._CONTENTS",
    "pipeline.read.pdf.flow._DECIMAL",
    "pipeline.read.pdf.running._NUMBER",
    "pipeline.read.sheet.formats._PLAIN_NUMBER",
    "pipeline.read.signatures._ARCHIVE",
    "pipeline.read.signatures._PAGE",
    "pipeline.read.signatures._TAG",
}
"""Used with `match` and `fullmatch` alone."""
SHORT_TEXTS = {
    "pipeline.annotation._NTH",  # a word of an annotation
    "pipeline.classify.facts.experience._NAMED",  # what is said of years, in one clause
    "pipeline.classify.facts.experience._TRIM",
    "pipeline.classify.profile._BARE",  # the value of a field
    "pipeline.classify.profile._NONE",
    "pipeline.classify.profile._TRANSLATION",  # the name of a field
    "pipeline.segment.phrases._LATIN_TAIL",  # a phrase that may head a section
    "pipeline.names._UNDECODED",  # file names and messages
    "pipeline.read.signatures._ARCHIVE",  # the first 4,096 bytes of a file
    "pipeline.correct.page._ENUMERATOR",  # empty lines on end are one when it is asked
}
"""Asked of texts with a bound: SHORT characters stand for them."""


def compiled() -> dict[str, Any]:
    """All patterns that modules hold, by module and name."""
    found = {}
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if not module.name.startswith("pipeline.train"):
            for name, value in vars(importlib.import_module(module.name)).items():
                values = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value]
                for one in values:
                    for pattern in one if isinstance(one, tuple) else [one]:
                        if isinstance(pattern, re.Pattern | regex.Pattern) and isinstance(pattern.pattern, str):
                            found.setdefault(pattern, f"{module.name}.{name}")
    return {name: pattern for pattern, name in found.items()}


PATTERNS = compiled()


def parts(tree: Any, out: set[str], chance: random.Random) -> str:
    """A text that a parsed pattern may match; those of its parts are added to `out`."""
    text = ""
    for kind, value in tree:
        if kind is code.LITERAL:
            text += chr(value)
        elif kind is code.IN:
            text += _one_of(value, out)
        elif kind is code.BRANCH:
            text += chance.choice([parts(branch, out, chance) for branch in value[1][:40]])
        elif kind in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            inner = parts(value[2], out, chance)
            out.add(inner)
            text += inner * max(1, value[0])
        elif kind is code.ATOMIC_GROUP:
            text += parts(value, out, chance)
        elif kind is code.SUBPATTERN:
            text += parts(value[-1], out, chance)
        elif kind in (code.ASSERT, code.ASSERT_NOT):
            out.add(parts(value[1], out, chance))
        elif kind in (code.ANY, code.NOT_LITERAL):
            text += "的"
    out.add(text[:40])
    return text


def _one_of(options: Any, out: set[str]) -> str:
    found = "甲"
    for kind, value in options[:60]:
        if kind is code.LITERAL:
            found = chr(value)
        elif kind is code.RANGE:
            found = chr(value[0])
        elif kind is code.CATEGORY:
            found = {code.CATEGORY_DIGIT: "1", code.CATEGORY_SPACE: " ", code.CATEGORY_WORD: "a"}.get(value, "、")
        out.add(found)
    return found


def pieces(pattern: Any) -> list[str]:
    """What is repeated: parts of the pattern, two of them together, and what many patterns have."""
    out: set[str] = set()
    chance = random.Random(1)
    if isinstance(pattern, re.Pattern):
        tree = parser.parse(pattern.pattern, pattern.flags)
        for _ in range(3):
            parts(tree, out, chance)
    else:  # another grammar: the characters that are written in it
        out |= set(re.sub(r"\\[A-Za-z](?:\{\w+\})?|\s", "", pattern.pattern))
    found = sorted(filter(None, out)) or [" "]
    chance.shuffle(found)
    doubled = [chance.choice(found) + chance.choice(found) for _ in range(PIECES)]
    return [*found[:PIECES], *doubled, " ", "\t", "\n", "1", "的", " \n", "\t:"]


class TooSlow(Exception):
    """The alarm went."""


def seconds(use: Any, text: str) -> float:
    """How long a pattern takes for a text; at most two seconds."""

    def give_up(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, 2.0)
    began = time.process_time()
    try:
        for _ in use(text):
            pass
    except TooSlow:
        return 9.0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return time.process_time() - began


def hostile(pattern: Any, size: int) -> Iterator[tuple[str, str]]:
    for piece in pieces(pattern):
        for tail in ("", "\x01"):
            yield piece, piece * (size // len(piece)) + tail


@pytest.mark.parametrize("name", PATTERNS)
def test_pattern_takes_no_more_than_its_share_of_growing_texts(name: str) -> None:
    pattern = PATTERNS[name]
    size = SHORT if name in SHORT_TEXTS else LONG

    def whole(text: str) -> list[Any]:
        return [pattern.match(text), pattern.fullmatch(text)]

    for piece, text in hostile(pattern, size):
        took = seconds(whole if name in BEGINNINGS else pattern.finditer, text)
        assert took < WORST, f"{name}: {took:.1f} s for {size} characters of {piece!r}"


def test_pattern_that_explodes_would_be_seen() -> None:
    for bad in (re.compile(r"(?:<!--.{0,800}?-->\s*)*<html", re.DOTALL), re.compile(r"(?:a+)+$")):
        worst = max(seconds(lambda t: [bad.match(t)], text) for _, text in hostile(bad, SHORT))  # noqa: B023
        assert worst > WORST, bad.pattern


def test_patterns_are_found() -> None:
    assert len(PATTERNS) > 150
    assert set(PATTERNS) >= BEGINNINGS | SHORT_TEXTS
