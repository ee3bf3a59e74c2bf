"""Noise with the truth beside it: texts as rewriting software, hasty typists and part of a scan leave them. Seeded by the caller."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from pipeline import lexicons
from pipeline.correct.language.dictionary import standing
from pipeline.correct.language.ngrams import load
from pipeline.correct.language.sound import EXACT, alike, near, readings
from pipeline.correct.propose.usual import Usual, codes_of, counted
from pipeline.text import is_han

KEPT = 0.12
"""Chance that an occurrence is not swapped: software leaves some, and people mend others."""


class Noisy(NamedTuple):
    """A text, and at which of its offsets what stands for what."""

    text: str
    truth: dict[int, tuple[str, str]]


def swaps() -> dict[str, list[str]]:
    """For each usual word what lexicons know to have been put for it."""
    out: dict[str, list[str]] = defaultdict(list)
    for swapped, original, *_ in (*lexicons.rows("spin"), *lexicons.rows("synonyms")):
        if swapped not in out[original]:
            out[original].append(swapped)
    return dict(out)


def rewrite(text: str, table: Mapping[str, str], chance: random.Random) -> Noisy:
    """A text with the words of a table (original to swapped) put in, the longest first."""
    if not table:
        return Noisy(text, {})
    pattern = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    parts: list[str] = []
    truth: dict[int, tuple[str, str]] = {}
    last = size = 0
    for m in pattern.finditer(text):
        if chance.random() < KEPT:
            continue
        swapped = table[m[0]]
        parts += [text[last : m.start()], swapped]
        size += m.start() - last
        truth[size] = _core(swapped, m[0])
        size += len(swapped)
        last = m.end()
    return Noisy("".join([*parts, text[last:]]), truth)


def _core(swapped: str, original: str) -> tuple[str, str]:
    """A swap without the character that both end in: 职责心 for 责任心 is 职责 for 责任."""
    if len(swapped) == len(original) == 3 and swapped[-1] == original[-1]:
        return swapped[:-1], original[:-1]
    return swapped, original


WORD, SOUTH = 0.6, 0.15
"""Chance that a word is mistyped as another word where there is one that is read alike; else one character is wrong.
And the chance that a character is put for one that only nearly sounds like it."""


def homophones(usual: Usual) -> dict[str, list[str]]:
    """For each usual word the other words of the lexicons that are read like it: what an input method offers beside it."""
    out: dict[str, list[str]] = {word: [] for word in usual.texts}
    for word in sorted({*usual.texts, *(w for w in usual.synonyms if len(w) == 2)}):
        for i in sorted(usual.sounding(word)):
            if alike(word, usual.texts[i]) == EXACT:
                out[usual.texts[i]].append(word)
    return out


def mistype(text: str, words: Mapping[str, list[str]], count: int, chance: random.Random) -> Noisy:
    """A text with up to `count` of its usual words typed wrong; `words` are those that are read alike."""
    places = [i for i in range(len(text) - 1) if text[i : i + 2] in words]
    typed, truth, taken = list(text), dict[int, tuple[str, str]](), set[int]()
    for at in chance.sample(places, min(count, len(places))):
        if {at, at + 1} & taken:
            continue
        word = text[at : at + 2]
        wrong = chance.choice(words[word]) if words[word] and chance.random() < WORD else _one_wrong(word, chance)
        typed[at : at + 2] = wrong
        taken |= {at, at + 1}
        if wrong != word:
            truth[at] = (wrong, word)
    return Noisy("".join(typed), truth)


@cache
def _said_alike(char: str, nearly: bool) -> tuple[list[str], list[float]]:
    """The characters of a character's syllable, or of one that is near, and how frequent each is."""
    fold = near if nearly else str
    wanted = {fold(s) for s in readings().get(char, ())}
    options = [other for other, said in readings().items() if other != char and {fold(s) for s in said} & wanted]
    language = load()
    return options, [10 ** float(language.unigrams[language.ids[ord(other)]]) for other in options]


def _one_wrong(word: str, chance: random.Random) -> str:
    """A word with one character put for another that sounds like it, a frequent one more often."""
    place = chance.randrange(2)
    options, weights = _said_alike(word[place], chance.random() < SOUTH)
    put = chance.choices(options, weights)[0] if options else word[place]
    return put + word[1] if place == 0 else word[0] + put


USUAL = 2.0
"""log10 of the count at large from which a word may be misspelt: 100 times in general texts."""


def misspell(text: str, count: int, chance: random.Random) -> Noisy:
    """A text with a character of up to `count` of its words typed for one that sounds like it, whatever the trade."""
    rates = standing(text).word
    places = np.flatnonzero(rates >= USUAL).tolist()
    typed, truth, taken = list(text), dict[int, tuple[str, str]](), set[int]()
    for at in chance.sample(places, min(count, len(places))):
        if {at, at + 1} & taken:
            continue
        word = text[at : at + 2]
        wrong = _one_wrong(word, chance)
        typed[at : at + 2] = wrong
        taken |= {at, at + 1}
        if wrong != word:
            truth[at] = (wrong, word)
    return Noisy("".join(typed), truth)


def misshape(text: str, share: float, chance: random.Random) -> Noisy:
    """A text of which a share of the characters was read for others that look like them."""
    shapes, read, truth = _shapes(), list(text), dict[int, tuple[str, str]]()
    for at, char in enumerate(text):
        if char in shapes and chance.random() < share:
            options, weights = shapes[char]
            read[at] = chance.choices(options, weights)[0]
            truth[at] = (read[at], char)
    return Noisy("".join(read), truth)


@cache
def _shapes() -> dict[str, tuple[list[str], list[float]]]:
    """For each character those that it was read for, and how often (the root of it, so that the rare ones come too)."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for wrong, right, seen in lexicons.rows("confusions"):
        if right != "-":
            found[right].append((wrong, max(int(seen), 1) ** 0.5))
    for wrong, likest in lexicons.rows("shapes"):
        for right in likest:
            found[right].append((wrong, 1.0))
    return {right: ([w for w, _ in rows], [n for _, n in rows]) for right, rows in found.items()}


def mistaken_for(count: int, seed: int) -> dict[str, list[str]]:
    """For each character up to `count` that it is read or typed for, the frequent mistakes more than once."""
    chance, shapes, out = random.Random(seed), _shapes(), dict[str, list[str]]()
    for char in sorted(shapes.keys() | readings().keys()):
        for options, weights in (shapes.get(char, ([], [])), _said_alike(char, False)):
            if options:
                out.setdefault(char, []).extend(chance.choices(options, weights, k=count // 2))
    return out


def stitch(truth: str, ocr: str, chance: random.Random) -> str:
    """A page of which only a part was scanned: lines of what was read amid lines of what was printed."""
    printed, seen = ([line for line in text.split("\n") if line.strip()] for text in (truth, ocr))
    if len(printed) != len(seen):
        return ocr
    start = chance.randrange(len(printed))
    end = start + 1 + chance.randrange(max(1, len(printed) // 2))
    return "\n".join([*printed[:start], *seen[start:end], *printed[end:]])


RARE = 1.3
"""log10 of the count up to which a word is rare: 20 times in the postings that were counted."""


@cache
def _rare_words() -> tuple[str, ...]:
    """Words of the lexicons that postings hardly know."""
    language = load()
    words = sorted({swapped for swapped, _ in lexicons.rows("synonyms") if len(swapped) == 2})
    counts, known = counted(language, codes_of(language, words))
    return tuple(word for word, often in zip(words, known & (counts > RARE), strict=True) if not often)


def unfamiliar(text: str, usual: Usual, count: int, chance: random.Random) -> str:
    """A text as a trade would write it that the models do not know: some usual words give way to words with no tie to them.

    Half are rare words of the lexicons, half two characters that make none. There is nothing to mend in such a text: an
    odd word that stands where a usual one would is a term, until something says that it was put for that one.
    """
    present = sorted({text[i : i + 2] for i in range(len(text) - 1)} & usual.at.keys())
    characters = sorted(readings())
    for word in chance.sample(present, min(count, len(present))):
        put = chance.choice(_rare_words()) if chance.random() < 0.5 else "".join(chance.sample(characters, 2))
        i = usual.at[word]
        tied = i in usual.synonyms.get(put, ()) or i in usual.akin(put) or set(put) & set(word) or alike(put, word)
        if not tied:
            text = text.replace(word, put)
    return text


def drop(text: str, count: int, chance: random.Random) -> Noisy:
    """A text that lacks up to `count` of its Han characters; the truth says what stood before each offset."""
    places = [i for i, char in enumerate(text) if is_han(char)]
    gone = dict.fromkeys(sorted(chance.sample(places, min(count, len(places)))))
    truth = {at - n: ("", text[at]) for n, at in enumerate(gone)}
    return Noisy("".join(char for i, char in enumerate(text) if i not in gone), truth)


def restores(noisy: Noisy, at: int, char: str) -> bool:
    """Whether a character put in at an offset is one that was dropped, or makes the same text: 的的 lost either."""
    put = noisy.text[:at] + char + noisy.text[at:]
    return any(
        abs(at - place) <= 2 and put == noisy.text[:place] + lost + noisy.text[place:]
        for place, (_, lost) in noisy.truth.items()
    )
