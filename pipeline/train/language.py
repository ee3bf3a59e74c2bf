"""Count the language model from a corpus of postings, one of laws, and the project's own documents of all trades.

    python -m pipeline.train.language CORPUS LAWS DOCUMENTS OUT_FOLDER [--apart TEXTS.jsonl ...]

N-grams rarer than the cutoffs are dropped. The same corpus gives the same bytes. One posting in ten is held out, to measure
on (`corpus.Posting.held_out`), and so is every posting that repeats much of one of those or of the texts in TEXTS.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from pipeline.clean import clean
from pipeline.correct.language.ngrams import ORDERS, PARTS, STEP, Language, Table, encode, fingerprints, special
from pipeline.correct.scan.channel import ranks
from pipeline.text import is_simplified
from pipeline.train import corpus
from pipeline.train.layout import lay_out
from pipeline.train.written import sound

CUTOFFS, LAWS_CUTOFFS = (1, 2, 2, 2, 3), (1, 2, 2, 3, 4)
"""The least count of an n-gram that is kept, by order: laws say the same at length, place after place."""

FOLLOWING = 48
"""Characters kept that often follow a character."""

SPECIAL = 4
"""Numbers below this stand for no character of their own."""

RAREST = 5
"""A character seen less often than this is unknown to the character networks."""

RARE = 2
"""A character of simplified Chinese seen less often than this, in documents too, is unknown to the n-grams."""

SHINGLE = 16
"""Characters of the strings by which postings are compared; one in SHINGLE of them is."""

REPEATED = 0.3
"""Share of common strings from which a posting repeats another."""


class Parts(NamedTuple):
    """The cleaned texts to count and those to measure on."""

    kept: list[str]
    held: list[str]


def shingles(text: str) -> set[int]:
    """A sample of the strings of SHINGLE characters of a text, the same in every text that has them."""
    text = "".join(text.split())
    hashes = (zlib.crc32(text[i : i + SHINGLE].encode("utf-8", "replace")) for i in range(len(text) - SHINGLE))
    return {h for h in hashes if h % SHINGLE == 0}


def split(postings: Iterable[corpus.Posting], apart: Iterable[str]) -> Parts:
    """The parts of a corpus; `apart` are further texts that must not have been counted."""
    rest, held, known = list[str](), list[str](), set[int]()
    for text in apart:
        known |= shingles(text)
    for posting in postings:
        (held if posting.held_out else rest).append(clean(posting.text).text)
    for text in held:
        known |= shingles(text)
    return Parts([text for text in rest if not _repeats(shingles(text), known)], held)


def _repeats(own: set[int], known: set[int]) -> bool:
    return bool(own) and len(own & known) >= REPEATED * len(own)


def texts(path: Path) -> list[str]:
    """The texts of a file of JSON lines: what each row calls `truth`, else `text`."""
    rows = map(orjson.loads, path.read_bytes().splitlines())
    return [str(row.get("truth") or row["text"]) for row in rows]


def alphabet(texts: list[str], documents: list[str]) -> NDArray[np.uint16]:
    """A number for each code point of the basic plane: 0 unknown, 1-3 classes, the others in order of code point.

    Those that only n-grams know come last: the character networks have learnt the numbers of the others, to which
    `documents` add nothing.
    """
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(text)
    frequent = {c for c, n in seen.items() if n >= RAREST and special(c) is None and ord(c) < 0x10000}
    for text in documents:
        seen.update(text)
    rare = {c for c, n in seen.items() if n >= RARE and c not in frequent and is_simplified(c)}
    table = np.zeros(0x10000, dtype=np.uint16)
    for number, char in enumerate([*sorted(frequent), *sorted(rare)], SPECIAL):
        table[ord(char)] = number
    for code in range(0x10000):
        number_of_class = special(chr(code))
        if number_of_class:
            table[code] = number_of_class
    return table


def count(ids: NDArray[np.uint16], texts: list[str], cutoffs: tuple[int, ...] = CUTOFFS) -> Table:
    """The packed counts of all n-grams of the texts."""
    codes = encode(ids, "\n".join(texts))
    keys, counts = [], []
    for order in range(1, ORDERS + 1):
        found, number = np.unique(fingerprints(codes, order), return_counts=True)
        kept = number >= cutoffs[order - 1]
        keys.append(found[kept])
        counts.append(np.minimum(np.round(np.log10(number[kept]) / STEP), 255).astype(np.uint8))
    print(f"n-grams {[len(k) for k in keys]}")
    return Table(lay_out(np.concatenate(keys), np.concatenate(counts)), float(np.log10(len(codes))))


def following(table: NDArray[np.uint16], texts: list[str]) -> NDArray[np.uint16]:
    """For each character number the Han characters that most often follow it, the most frequent first."""
    codes = encode(table, "\n".join(texts))
    size = int(table.max()) + 1
    han = np.zeros(size, dtype=bool)
    han[table[0x4E00:0xA000]] = True
    han[:SPECIAL] = False
    kept = han[codes[1:]]
    pairs, number = np.unique(codes[:-1][kept] * size + codes[1:][kept], return_counts=True)
    first, second = pairs // size, pairs % size
    order = np.lexsort((second, -number, first))
    rank = ranks(first[order])
    few = rank < FOLLOWING
    out = np.full((size, FOLLOWING), int(codes[1:][kept][0]), dtype=np.uint16)
    out[first[order][few], rank[few]] = second[order][few]
    return out


def save(name: str, table: Table, folder: Path) -> int:
    """Write the arrays of a table beside each other as .npy files, which can be mapped. Returns their size in bytes."""
    lookup = table.lookup
    arrays: tuple[NDArray[Any], ...] = (
        lookup.pilots,
        lookup.prints,
        lookup.counts,
        np.asarray(np.float64(table.total)),
    )
    paths = [folder / f"{name}-{part}.npy" for part in PARTS]
    for path, array in zip(paths, arrays, strict=True):
        np.save(path, array)
    return sum(path.stat().st_size for path in paths)


def mean_score(model: Language, texts: list[str]) -> float:
    """Mean score (log10) of the characters of texts that were not counted."""
    return float(np.concatenate([model.score(model.encode(text)).best for text in texts if text]).mean())


def main() -> None:
    """Count both corpora and write the model; print what a model card needs."""
    parser = argparse.ArgumentParser(description="Count the language model from a corpus.")
    parser.add_argument("corpus", type=Path, help="postings, JSON lines with id and text")
    parser.add_argument("laws", type=Path, help="laws, JSON lines with id and text")
    parser.add_argument("documents", type=Path, help="annotated documents, counted with the postings")
    parser.add_argument("out", type=Path, help="folder of the model's files")
    parser.add_argument("--apart", type=Path, nargs="*", default=[], help="JSON lines with texts not to count")
    arguments = parser.parse_args()
    postings = split(corpus.read(arguments.corpus), [t for path in arguments.apart for t in texts(path)])
    laws = split(corpus.read(arguments.laws), [])
    documents = [document.text for document in sound(arguments.documents)]
    ids = alphabet([*postings.kept, *laws.kept], documents)
    postings.kept.extend(documents)
    np.save(arguments.out / "ids.npy", ids)
    np.save(arguments.out / "following.npy", following(ids, [*postings.kept, *laws.kept]))
    model = Language(ids, count(ids, postings.kept), count(ids, laws.kept, LAWS_CUTOFFS))
    for name, parts, table in (("postings", postings, model.postings), ("laws", laws, model.laws)):
        size = save(name, table, arguments.out)
        held = mean_score(model, parts.held[:500])
        print(
            f"{name}: {len(parts.kept)} texts, {sum(map(len, parts.kept))} characters, {size} bytes, {held:.3f} held out"
        )


if __name__ == "__main__":
    main()
