"""Phrases that head sections or name fields: what the lexicon says of a text, as evidence and not as a decision.

A phrase is known when the lexicon has it, or when it is a core ("要求") after known modifiers ("其他", "专业"), or
several of these joined ("岗位职责及要求").
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import regex

from pipeline import lexicons

LONGEST = 16
"""Characters in the longest phrase that is looked up."""

_GLUED = 4
"""Characters that a phrase must have to be cut out of a line where nothing sets it off."""

TO_COLON = " \t\u3000:："
"""What may stand between a phrase and the end of its colon."""

_JOINTS = regex.compile(r"[及和与/&、+＆]|以及")
_LATIN_TAIL = regex.compile(r"[\s（(]*+[A-Za-z]{2}[A-Za-z&;,'’/ .\-]*+[)）]?$")
_AROUND = " \t\u3000:：-—=*#~·●■◆★_【】[]「」〖〗《》<>“”\"'。;；,，、.!！|｜"
_ASIDE = regex.compile(r"(.{2,14}?)[（(].{1,16}[)）]?")


class Phrase(NamedTuple):
    """What the lexicon says: `kind` of what stands under it, and `use` (strong, plain, field)."""

    kind: str
    use: str

    @property
    def section(self) -> str | None:
        """The kind of what a post does or asks for that it heads everywhere; None of any other phrase."""
        return self.kind if self.use == "strong" and self.kind in ("duties", "requirements", "qualities") else None


@cache
def _rows() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple((phrase, kind, tuple(uses.split("+"))) for phrase, kind, uses in lexicons.rows("headings"))


@cache
def _table() -> dict[str, Phrase]:
    return {phrase: Phrase(kind, uses[0]) for phrase, kind, uses in _rows() if not {*uses} <= {"modifier", "suffix"}}


@cache
def _words(use: str) -> frozenset[str]:
    return frozenset(phrase for phrase, _, uses in _rows() if use in uses)


@cache
def glued() -> frozenset[str]:
    """The phrases of four characters and more that head sections wherever they stand in a line."""
    rows = (p for p, (_, use) in _table().items() if len(p) >= _GLUED and use == "strong")
    return frozenset(p for p in rows if regex.fullmatch(r"\p{Han}+", p))


def ending_at(text: str, end: int) -> int | None:
    """Where the longest phrase of four characters and more starts that ends at a colon before `end`, or None."""
    stop = end
    while stop > 0 and text[stop - 1] in TO_COLON:
        stop -= 1
    table, sizes = _table(), _sizes(_GLUED, LONGEST, -1).get(text[stop - 1], ()) if stop else ()
    return next((stop - size for size in sizes if size <= stop and text[stop - size : stop] in table), None)


@cache
def _suffixes() -> tuple[str, ...]:
    return tuple(sorted(_words("suffix")))


def covered(text: str) -> list[bool]:
    """Which characters of a text lie in a phrase of the lexicon, the longest first."""
    table, sizes, out, at = _table(), _sizes(2, 8, 0), [False] * len(text), 0
    while at < len(text):
        size = next((n for n in sizes.get(text[at], ()) if at + n <= len(text) and text[at : at + n] in table), 1)
        if size > 1:
            out[at : at + size] = [True] * size
        at += size
    return out


@cache
def _sizes(least: int, most: int, at: int) -> dict[str, list[int]]:
    """For each character that phrases have at this place the sizes of those phrases, the longest first."""
    found: dict[str, set[int]] = {}
    for phrase in _table():
        if least <= len(phrase) <= most:
            found.setdefault(phrase[at], set()).add(len(phrase))
    return {char: sorted(sizes, reverse=True) for char, sizes in found.items()}


@cache
def _last_characters() -> frozenset[str]:
    return frozenset(phrase[-1] for phrase, _, _ in _rows() if phrase)


@lru_cache(maxsize=65536)
def lookup(phrase: str) -> Phrase | None:
    """What the lexicon says of a bare phrase, or None."""
    found = _table().get(phrase)
    if found or not phrase or len(phrase) > LONGEST or phrase[-1] not in _last_characters():
        return found
    for suffix in _suffixes() if phrase.endswith(_suffixes()) else ():
        if phrase.endswith(suffix) and len(phrase) > len(suffix) + 1:
            inner = lookup(phrase[: -len(suffix)])
            if inner and inner.use != "field":
                return inner
    return _composed(phrase) or _joined(phrase)


def _composed(phrase: str) -> Phrase | None:
    """ "其他" + "专业" + "要求"; the cores have two characters each."""
    core = phrase[-2:]
    if core in _words("core") and _all_modifiers(phrase[:-2]):
        return Phrase(_table()[core].kind, "plain")
    return None


@lru_cache(maxsize=8192)
def _all_modifiers(text: str) -> bool:
    words, sizes = _modifiers()
    return not text or any(text[:n] in words and _all_modifiers(text[n:]) for n in sizes if n <= len(text))


@cache
def _modifiers() -> tuple[frozenset[str], tuple[int, ...]]:
    words = _words("modifier") | _words("core")
    return words, tuple(sorted({len(word) for word in words}))


def _joined(phrase: str) -> Phrase | None:
    parts = _JOINTS.split(phrase)
    if len(parts) < 2:
        return None
    found = [lookup(p) if p else None for p in parts]
    if not found[0] or not all(f or _all_modifiers(p) for f, p in zip(found, parts, strict=True)):
        return None
    return Phrase(found[0].kind, "plain")


def bare(text: str) -> str:
    """A heading without brackets, colon, ordinal and translation: "【任职要求Requirements】：" -> "任职要求"."""
    return _LATIN_TAIL.sub("", text.strip(_AROUND)).replace(" ", "").strip("（）() :：")


@lru_cache(maxsize=65536)
def whole(text: str) -> Phrase | None:
    """What the lexicon says of a text that is nothing but a heading or a name."""
    if len(text) > 40:
        return None
    phrase = bare(text)
    found = lookup(phrase)
    if found or not ("（" in phrase or "(" in phrase):
        return found
    inner = _ASIDE.fullmatch(phrase)
    return lookup(inner[1]) if inner else None
