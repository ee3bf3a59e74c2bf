"""The usual two-character words of the field, and how well they stand beside each character."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicons
from pipeline.correct.language import sound
from pipeline.correct.language.dictionary import standing
from pipeline.correct.language.ngrams import STEP, Codes, Floats, Language, fingerprints, load
from pipeline.correct.propose.ties import Ties, tie

UNSEEN = 2.0
"""log10 units that a word loses beside a character that it was never seen beside."""


def counted(language: Language, codes: Codes) -> tuple[Floats, NDArray[np.bool_]]:
    """log10 of the count of each n-gram [..., n], and whether it is known."""
    counts, known = language.postings.lookup.find(fingerprints(codes, codes.shape[-1])[..., 0])
    return np.multiply(counts, STEP, dtype=np.float64), known


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual two-character words of the field: character numbers, log10 counts, texts, and what they may have become.

    `sides[0][a]` and `sides[1][b]` are log10 of how often each word has the character numbered a before, b behind it;
    rows are filled when first asked for.
    """

    codes: Codes
    counts: Floats
    texts: tuple[str, ...]
    rates: NDArray[np.float32]
    """How usual each is in the language at large."""
    at: dict[str, int]
    synonyms: dict[str, frozenset[int]]
    ties: Ties
    kin: dict[str, dict[int, float]]
    """What `akin` has found, kept."""
    having: dict[str, NDArray[np.int64]]
    """The usual words that have a character."""
    reading: dict[tuple[str, ...], list[int]]
    """The usual words that can be read in a way."""
    sounded: dict[str, frozenset[int]]
    """What `sounding` has found, kept."""
    opposites: frozenset[frozenset[str]]
    kinds: dict[str, frozenset[str]]
    """The kinds that a word is of, among the words that trades keep apart."""
    sides: NDArray[np.float32]
    ready: NDArray[np.bool_]

    def sounding(self, word: str) -> frozenset[int]:
        """The other usual words that are read like a word, near enough."""
        if word not in self.sounded:
            found = {i for key in sound.keys(word) for i in self.reading.get(key, ())}
            self.sounded[word] = frozenset(i for i in found if self.texts[i] != word)
        return self.sounded[word]

    def akin(self, word: str) -> dict[int, float]:
        """The usual words that the lexicon ties to a word by way of others, and how closely."""
        if word not in self.kin:
            self.kin[word] = {self.at[other]: rate for other, rate in self.ties.kin(word).items() if other in self.at}
        return self.kin[word]

    def tied(self, word: str) -> bool:
        """Whether the lexicon has a word, or a usual one is read like it."""
        return word in self.ties.neighbours or bool(self.sounding(word))

    def opposed(self, word: str, right: str) -> bool:
        """Whether two words say the opposite of each other."""
        apart = [frozenset(pair) for pair in zip(word, right, strict=True) if pair[0] != pair[1]]
        return frozenset((word, right)) in self.opposites or (len(apart) == 1 and apart[0] in self.opposites)

    def distinct(self, word: str, right: str) -> bool:
        """Whether two words name different things of one kind: guests and customers, an inspection and a test."""
        return not self.kinds.get(word, frozenset()).isdisjoint(self.kinds.get(right, ()))

    def listed(self, word: str) -> bool:
        """Whether the lexicon has a word, or it is a usual one: it is no piece of longer ones."""
        return bool(self.synonyms.get(word)) or word in self.at

    def rate(self, language: Language, before: Codes, behind: Codes) -> NDArray[np.float32]:
        """log10 of how well each word fits between two characters, a row a place."""
        for side, chars in enumerate((np.unique(before), np.unique(behind))):
            new = chars[~self.ready[side, chars]]
            rows = np.empty((len(new), len(self.codes), 3), np.int64)
            rows[:, :, 1 - side : 3 - side] = self.codes
            rows[:, :, 2 * side] = new[:, None]
            self.sides[side, new] = fit_beside(language, rows, self.counts, new[:, None])
            self.ready[side, new] = True
        out: NDArray[np.float32] = self.sides[0, before] + self.sides[1, behind]
        return out


def fit_beside(language: Language, rows: Codes, counts: Floats, chars: Codes) -> Floats:
    """log10 of how often a word has a character beside it: of the three in each row, of which `chars` is the one."""
    found, known = counted(language, rows)
    return np.where(known, found - counts, language.unigrams[chars] - UNSEEN)


SEEN = 2.0
"""log10 of the count from which a word of the lexicons is a usual one: 100 times in the postings that were counted."""


@lru_cache(maxsize=2)
def load_usual(own: tuple[tuple[str, str], ...] = ()) -> Usual:
    """The usual words for the packaged language model; `own` are pairs of the user's, swapped and original."""
    return usual_words(load(), own)


def usual_words(language: Language, own: tuple[tuple[str, str], ...] = ()) -> Usual:
    """The usual words: those that the lexicons give a synonym for and that the language model has often seen."""
    pairs = [(swapped, original) for name in ("synonyms", "spin") for swapped, original, *_ in lexicons.rows(name)]
    pairs += own
    listed = sorted({original for _, original in pairs if len(original) == 2})
    counts, known = counted(language, codes_of(language, listed))
    texts = tuple(word for word, seen in zip(listed, known & (counts >= SEEN), strict=True) if seen)
    at = {text: i for i, text in enumerate(texts)}
    synonyms: dict[str, set[int]] = defaultdict(set)
    having: dict[str, list[int]] = defaultdict(list)
    for swapped, original in pairs:
        if original in at:
            synonyms[swapped].add(at[original])
    reading: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, text in enumerate(texts):
        for key in sound.keys(text):
            reading[key].append(i)
        for char in dict.fromkeys(text):
            having[char].append(i)
    kinds: dict[str, set[str]] = defaultdict(set)
    for kind, word in lexicons.rows("distinct"):
        kinds[word].add(kind)
    codes = codes_of(language, texts)
    size = language.size
    return Usual(
        codes,
        counted(language, codes)[0],
        texts,
        standing("\n".join(texts)).word[::3],
        at,
        {word: frozenset(known) for word, known in synonyms.items()},
        tie(pairs),
        {},
        {char: np.array(there) for char, there in having.items()},
        dict(reading),
        {},
        frozenset(frozenset(row) for row in lexicons.rows("opposites")),
        {word: frozenset(found) for word, found in kinds.items()},
        np.empty((2, size, len(texts)), np.float32),
        np.zeros((2, size), bool),
    )


def codes_of(language: Language, words: Sequence[str]) -> Codes:
    """The character numbers of words of one length, a row a word."""
    codes: Codes = language.ids[np.array([[ord(char) for char in word] for word in words])].astype(np.int64)
    return codes
