"""What the corrections are worth: scanned, rewritten and sound texts in one table, side by side with another corrector.

    python bench/correct.py [--most N] [--show N] [--pycorrector PYTHON]

Scans and the corpus come from ../shared, which users do not have; says so and exits with 2 when it is missing. Only
postings that the language model did not count are rewritten or taken for sound. Rewriting puts the words of one table
of lexicons/spin.tsv into a posting, seeded, as `train/noise.py` does; an unknown table is one that was taken out of
the corrector, its pairs out of the synonyms too, so that the page must tell on itself. `--show` prints changes made to
sound postings, to be judged by eye.

PYTHON is an interpreter with pycorrector 1.1 and pyahocorasick, pypinyin, jieba and loguru. Its rule-based correctors
need no download and are compared; its language model and networks do need one.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from pipeline import lexicons
from pipeline.clean import clean
from pipeline.correct import correct, spin
from pipeline.correct.usual import load_usual
from pipeline.text import Change
from pipeline.train import corpus, noise

SHARED = Path(__file__).resolve().parents[2] / "shared"
CORPUS = SHARED / "corpus" / "jd.jsonl.gz"
SEED, FEWEST = 20, 4
"""Of the rewriting: seed, and swaps that a page must have."""

Corrector = Callable[[list[str]], list[str]]


class Page(NamedTuple):
    """A text, what it should read, and where which words of it were swapped for which."""

    text: str
    truth: str
    swaps: Mapping[int, tuple[str, str]] = MappingProxyType({})


def han(text: str) -> str:
    """The Han characters of a text: scans are compared by these alone."""
    return "".join(c for c in text if "\u4e00" <= c <= "\u9fff")


def distance(a: str, b: str) -> int:
    """The fewest characters to change, add or take out (Levenshtein, 1966), a row of the matrix at a time."""
    wanted = np.array([ord(c) for c in b], np.int64)
    steps = np.arange(len(b) + 1)
    row = steps
    for i, char in enumerate(a, 1):
        changed = np.minimum(row[:-1] + (wanted != ord(char)), row[1:] + 1)
        row = np.minimum.accumulate(np.concatenate([[i], changed]) - steps) + steps
    return int(row[-1])


def scans(path: Path, most: int) -> list[Page]:
    """Pages read by a recogniser, with what was printed."""
    rows = map(json.loads, islice(path.open(encoding="utf-8"), most))
    return [Page(row["ocr"], row["truth"]) for row in rows]


def held_out(most: int) -> list[str]:
    """Postings that no model has counted or been trained on."""
    found = [p.text for p in corpus.read(CORPUS) if p.measured]
    random.Random(SEED).shuffle(found)
    return found[:most]


def rewritten(texts: Iterable[str], generation: str) -> list[Page]:
    """The texts with the words of one table swapped in, where that is often enough to show."""
    table = {original: swapped for swapped, original, g in lexicons.rows("spin") if generation in g.split(",")}
    chance, out = random.Random(SEED), []
    for text in texts:
        cleaned = clean(text).text
        page, swaps = noise.rewrite(cleaned, table, chance)
        if len(swaps) >= FEWEST:
            out.append(Page(page, cleaned, swaps))
    return out


def ours(texts: list[str]) -> list[str]:
    """The texts as gangwei corrects them."""
    return [correct(clean(text)).revision.text for text in texts]


_OTHER = """
import json, sys, types, importlib.util
folder = importlib.util.find_spec("pycorrector").submodule_search_locations
package = types.ModuleType("pycorrector"); package.__path__ = list(folder)
sys.modules["pycorrector"] = package  # its own __init__ wants torch
from pycorrector.proper_corrector import ProperCorrector
corrector = ProperCorrector()
for line in sys.stdin:
    text = json.loads(line)
    fixed = "\\n".join(corrector.correct(part)["target"] if part.strip() else part for part in text.split("\\n"))
    print(json.dumps(fixed), flush=True)
"""


def other(python: str) -> Corrector:
    """pycorrector's corrector of proper names, the one that needs neither a list of the user's nor a download."""

    def run(texts: list[str]) -> list[str]:
        lines = "\n".join(map(json.dumps, texts))
        done = subprocess.run([python, "-c", _OTHER], input=lines, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{python}: pycorrector does not run: {done.stderr.strip().splitlines()[-1]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('"')]

    return run


def measure_scans(pages: list[Page], corrector: Corrector) -> str:
    """How many of a recogniser's wrong characters go, and what becomes of the pages."""
    before = [distance(han(p.text), han(p.truth)) for p in pages]
    after = [distance(han(t), han(p.truth)) for p, t in zip(pages, corrector([p.text for p in pages]), strict=True)]
    worse = [b - a for a, b in zip(before, after, strict=True)]
    gone = 1 - sum(after) / max(1, sum(before))
    return f"{sum(before):6} wrong, {gone:6.1%} gone, {sum(w > 2 for w in worse)} pages worse by over 2, worst {max(worse)}"


def measure_rewritten(pages: list[Page], corrector: Corrector) -> str:
    """Precision and recall by the swap, against what the corrector makes of the posting before it was rewritten."""
    right = wrong = total = 0
    fixed, truths = corrector([p.text for p in pages]), corrector([p.truth for p in pages])
    for page, text, truth in zip(pages, fixed, truths, strict=True):
        made, wanted = set(_changes(page.text, text)), set(_changes(page.text, truth))
        for at, (swapped, _) in page.swaps.items():
            swap = {change for change in wanted if at <= change[0] < at + len(swapped)}
            right += swap <= made
        total += len(page.swaps)
        places = sorted({at for at, _, _ in made - wanted})
        wrong += sum(at - 1 not in places for at in places)
    precision = f"{right / (right + wrong):.3f}" if right + wrong else "none made"
    return f"{total:6} swapped, precision {precision}, recall {right / max(1, total):.3f}"


def _changes(a: str, b: str) -> Iterator[tuple[int, int, str]]:
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "replace" and j - i == m - k:
            yield from ((i + n, i + n + 1, b[k + n]) for n in range(j - i))
        elif tag != "equal":
            yield i, j, b[k:m]


def measure_mistyped(texts: list[str]) -> str:
    """How many of two words in each text that were typed for others of their sound are put right."""
    words, chance = noise.homophones(load_usual()), random.Random(SEED)
    right = wrong = size = 0
    for text in texts:
        page, truth = noise.mistype(clean(text).text, words, 2, chance)
        revision = correct(clean(page)).revision
        for at, (typed, meant) in truth.items():
            put = list(typed)
            for c in revision.corrections():
                if at <= c.start < c.end <= at + len(typed):
                    put[c.start - at : c.end - at] = c.replacement.ljust(c.end - c.start)
            right += "".join(put) == meant
            wrong += "".join(put) not in (meant, typed)
            size += 1
    return f"{size:6} words, {wrong} put wrong, recall {right / max(1, size):.3f}"


def measure_sound(texts: list[str], show: int) -> str:
    """Changes made to sound postings, of which some are real mistakes of theirs; `show` of them are printed."""
    made: list[tuple[str, Change]] = []
    for text in texts:
        made += [(text, change) for change in correct(clean(text)).revision.corrections()]
    random.Random(SEED).shuffle(made)
    for text, c in made[:show]:
        around = f"{text[max(0, c.start - 10) : c.start]}[{c.original}]{text[c.end : c.end + 10]}"
        print(f"    {c.rule:18} {c.original} -> {c.replacement or 'nothing'}  {around!r}")
    size = sum(map(len, texts))
    return f"{size:6} characters, {len(made)} changes, {1e4 * len(made) / size:.2f} in 10,000"


def measure_speed(texts: list[str]) -> str:
    """Characters a second on one core: the median of three rounds, after one in which the models are loaded."""
    cleaned, times = [clean(text) for text in texts], list[float]()
    for _ in range(4):
        start = time.perf_counter()
        for revision in cleaned:
            correct(revision)
        times.append(time.perf_counter() - start)
    return f"{sum(len(r.text) for r in cleaned) / sorted(times[1:])[1]:,.0f} characters a second"


@contextmanager
def without(generation: str) -> Iterator[None]:
    """Take a table out of the corrector for a while, and its pairs out of the synonyms that discovery knows."""
    rows = lexicons.rows
    gone = {(swapped, original) for swapped, original, g in rows("spin") if generation in g.split(",")}

    def left(name: str) -> Iterator[tuple[str, ...]]:
        for row in rows(name):
            if name == "spin":
                tables = ",".join(g for g in row[-1].split(",") if g != generation)
                if tables:
                    yield (*row[:-1], tables)
            elif name != "synonyms" or row[:2] not in gone:
                yield row

    try:
        lexicons.rows = left  # type: ignore[assignment]
        _forget()
        yield
    finally:
        lexicons.rows = rows
        _forget()


def _forget() -> None:
    spin._table.cache_clear()
    load_usual.cache_clear()


def main() -> int:
    """Print the table; 2 when the shared texts are missing."""
    parser = argparse.ArgumentParser(description="Measure the corrections.")
    parser.add_argument("--most", type=int, default=600, help="texts of each kind")
    parser.add_argument("--show", type=int, default=0, help="changes made to sound postings to print")
    parser.add_argument("--pycorrector", metavar="PYTHON", help="interpreter that has pycorrector")
    arguments = parser.parse_args()
    if not CORPUS.exists():
        print(f"{CORPUS} is missing: this needs the shared corpus, which is not part of gangwei", file=sys.stderr)
        return 2
    sound = held_out(arguments.most)
    generations = sorted({g for _, _, gs in lexicons.rows("spin") for g in gs.split(",")})
    correctors: list[tuple[str, Corrector]] = [("gangwei", ours)]
    if arguments.pycorrector:
        correctors.append(("pycorrector", other(arguments.pycorrector)))
    else:
        print("pycorrector is left out: name an interpreter that has it with --pycorrector")
    for name, corrector in correctors:
        for path in sorted((SHARED / "evaluation").glob("scans-*.jsonl")):
            print(f"{name:12} {path.stem:18} {measure_scans(scans(path, arguments.most), corrector)}")
        for generation in generations:
            pages = rewritten(sound, generation)
            print(f"{name:12} rewritten, table {generation} {measure_rewritten(pages, corrector)}")
    for generation in generations:
        pages = rewritten(sound, generation)
        with without(generation):
            print(f"{'gangwei':12} table {generation} unknown    {measure_rewritten(pages, ours)}")
    print(f"{'gangwei':12} words typed wrong  {measure_mistyped(sound)}")
    print(f"{'gangwei':12} sound postings     {measure_sound(sound, arguments.show)}")
    print(f"{'gangwei':12} speed              {measure_speed(sound)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
