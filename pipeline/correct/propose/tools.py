"""Misspelt names of tools: "Mongobd", "Elasitcsearch", "Tenserflow".

A Latin word one letter off the name of a tool, and off no other, is that name misspelt: among the rare words of postings
that lie so close to one, 97 in 100 were. Known misspellings that lie further off are listed (`lexicons/tool-names.tsv`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from pipeline import lexicons
from pipeline.correct.language.ngrams import Language
from pipeline.correct.proposal import Candidate, Judged

LISTED, NEAR = 0.97, 0.93
"""Confidence in a misspelling that is listed, and in a word one letter off."""

SHORTEST = 6
"""Letters from which a word may be a name misspelt in any way; with one less, only two letters that changed places."""

_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{4,20}(?: [Bb]oot\b)?(?![A-Za-z])")


def judge(text: str, _language: Language) -> list[Judged]:
    """Every misspelt name of a tool in a text, with what it should read."""
    out = []
    for m in _WORD.finditer(text):
        listed = _listed().get(m[0].lower())
        right = listed or _near(m[0].lower())
        if right is None:
            continue
        candidate = Candidate(m.start(), m.end(), right.lower() if m[0].islower() else right, "tool-name", "typo")
        evidence = "a known misspelling" if listed else "one letter off the name of a tool, and off no other"
        out.append(Judged(candidate, True, LISTED if listed else NEAR, evidence))
    return out


@cache
def _listed() -> dict[str, str]:
    return {wrong: right for wrong, right in lexicons.rows("tool-names")}


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name, use in lexicons.rows("tools") if use == "name"}


@cache
def _words() -> frozenset[str]:
    return frozenset(word.lower() for word, _ in lexicons.rows("tools"))


@cache
def _shortened() -> dict[str, set[str]]:
    """The names by each string that is left when one letter, or none, is taken out (Garbe, SymSpell)."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in _names():
        for short in _deletions(name):
            found[short].add(name)
    return dict(found)


def _deletions(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


@cache
def _near(word: str) -> str | None:
    """The one name that a word lies one letter off, if it is long enough and no word of its own."""
    if len(word) < SHORTEST - 1 or " " in word or word in _words():
        return None
    close = {name for short in _deletions(word) for name in _shortened().get(short, ()) if _one_off(word, name)}
    return _names()[close.pop()] if len(close) == 1 else None


def _one_off(word: str, name: str) -> bool:
    """Whether one letter is missing, added within, or another, or two neighbours have changed places."""
    if word.startswith(name) or word.endswith(name):
        return False  # a letter of the next word, or an ending: "Pythonc", "Dockers"
    if len(word) == len(name):
        odd = [i for i, (a, b) in enumerate(zip(word, name, strict=True)) if a != b]
        if len(odd) == 2:
            i, j = odd
            return j == i + 1 and word[i] == name[j] and word[j] == name[i]
        return len(odd) == 1 and len(word) >= SHORTEST
    if len(word) < SHORTEST or abs(len(word) - len(name)) != 1:
        return False
    long, short = (word, name) if len(word) > len(name) else (name, word)
    return short in _deletions(long) and not name.startswith(word)
