"""What the corrections are worth: one table over scanned, rewritten, mistyped, annotated and sound texts.

    python bench/correct.py [--most N] [--scans NAME=FILE ...] [--show N]

Scans, documents and the corpus come from ../shared, which users do not have; says so and exits with 2 when it is missing.
FILE holds JSON lines with `ocr` and `truth`, such as `make scans` writes. A change is *right* when its page is nearer to
the truth with it than without it. `worse` counts pages that are further from the truth than before. An unknown table is
one that was taken out of the corrector, its pairs out of the synonyms too, so that the page must tell on itself. `--show`
prints changes that are wrong, to be judged by eye.
"""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import texts
from texts import SHARED, Page

from pipeline import lexicons
from pipeline.clean import clean
from pipeline.correct import correct, forget
from pipeline.correct.propose.usual import load_usual
from pipeline.text import Change, Revision
from pipeline.train import noise

Reliability = defaultdict[tuple[str, int], list[bool]]
"""For each category and tenth of confidence whether each change was right."""


def han(text: str) -> str:
    """The Han characters of a text: pages are compared by these alone."""
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


def without(revision: Revision, change: Change) -> str:
    """The corrected text with one of its changes taken back."""
    at = revision.from_source(change.start)
    return revision.text[:at] + change.original + revision.text[at + len(change.replacement) :]


class Tally:
    """What was counted over the pages of a set."""

    def __init__(self) -> None:
        self.pages = self.characters = self.before = self.after = self.worse = self.suggested = 0
        self.right: Counter[str] = Counter()
        self.made: Counter[str] = Counter()
        self.wrong: list[str] = []

    def add(self, page: Page, reliability: Reliability) -> None:
        """Correct a page and count."""
        cleaned = clean(page.text)
        corrected = correct(cleaned)
        revision, changes = corrected.revision, corrected.revision.corrections()
        truth = han(page.truth)
        before = distance(han(cleaned.text), truth)
        after = distance(han(revision.text), truth) if changes else before
        self.pages += 1
        self.characters += len(page.text)
        self.before, self.after, self.worse = self.before + before, self.after + after, self.worse + (after > before)
        self.suggested += len(corrected.suggestions)
        for change in changes:
            if not han(change.original + change.replacement):
                continue  # marks are not compared
            right = distance(han(without(revision, change)), truth) > after
            self.made[change.category] += 1
            self.right[change.category] += right
            reliability[change.category, min(9, int(change.confidence * 10))].append(right)
            if not right:
                at = change.start
                around = f"{page.text[max(0, at - 8) : at]}[{change.original}>{change.replacement}]"
                self.wrong.append(f"    {change.rule} {change.confidence:.2f} {around}{page.text[change.end :][:8]}")

    def __str__(self) -> str:
        made, right = sum(self.made.values()), sum(self.right.values())
        precision = f"{right / made:.3f}" if made else "  -  "
        gone = f"{1 - self.after / self.before:6.1%}" if self.before else "   -  "
        kinds = " ".join(f"{c} {self.right[c]}/{n}" for c, n in sorted(self.made.items()))
        rate = 1e4 * (made - right) / max(1, self.characters)
        return (
            f"{self.pages:4} pages {self.before:5} wrong {gone} gone, precision {precision} of {made:4}, "
            f"{rate:.2f} false in 10,000, {self.worse} worse, {self.suggested} suggested | {kinds}"
        )


def measure_pages(pages: Iterable[Page], reliability: Reliability, show: int) -> str:
    """Precision, what is gone, and the pages that became worse."""
    tally = Tally()
    for page in pages:
        tally.add(page, reliability)
    random.Random(texts.SEED).shuffle(tally.wrong)
    return "\n".join([str(tally), *(line.replace("\n", "/") for line in tally.wrong[:show])])


def measure_rewritten(pages: list[Page]) -> str:
    """Precision and recall by the swap, against what the corrector makes of the posting before it was rewritten."""
    right = wrong = total = 0
    for page in pages:
        text, truth = (correct(clean(t)).revision.text for t in (page.text, page.truth))
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


def measure_mistyped(sound: list[str]) -> str:
    """How many of two words in each text that were typed for others of their sound are put right."""
    words, chance = noise.homophones(load_usual()), random.Random(texts.SEED)
    right = wrong = size = 0
    for text in sound:
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


def measure_documents(folder: Path, show: int) -> str:
    """Precision and recall over the annotated documents, by the scorer's own count; most of them have few errors."""
    score = _scorer()
    hits = wrong = missed = 0
    told = []
    for gold_file in sorted(folder.glob("*.gold.json")):
        gold = json.loads(gold_file.read_text(encoding="utf-8"))
        text = gold_file.with_name(gold_file.name.replace(".gold.json", ".txt")).read_bytes().decode("utf-8-sig")
        changes = correct(clean(text)).revision.corrections()
        rows = [
            {"span": {"start": c.start, "end": c.end}, "original": c.original, "replacement": c.replacement}
            for c in changes
        ]
        found, bad, left = score.score_edits(text, gold, {"corrections": rows})
        hits, wrong, missed = hits + len(found), wrong + len(bad), missed + len(left)
        if found or bad or len(left) > 5:
            told.append(f"    {gold['name']}: {len(found)} of {len(found) + len(left)}, wrong {bad}")
    line = f"{hits + missed:6} errors, precision {hits / max(1, hits + wrong):.3f}, recall {hits / (hits + missed):.3f}"
    return "\n".join([f"{line}, {wrong} wrong", *(told if show else [])])


def _scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score", SHARED / "evaluation" / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure_speed(sound: list[str]) -> str:
    """Characters a second on one core: the median of three rounds, after one in which the models are loaded."""
    cleaned, times = [clean(text) for text in sound], list[float]()
    for _ in range(4):
        start = time.process_time()
        for revision in cleaned:
            correct(revision)
        times.append(time.process_time() - start)
    return f"{sum(len(r.text) for r in cleaned) / sorted(times[1:])[1]:,.0f} characters a second"


@contextmanager
def hidden(generation: str) -> Iterator[None]:
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
        forget()
        yield
    finally:
        lexicons.rows = rows
        forget()


def table(most: int, show: int, files: list[tuple[str, Path]]) -> Iterator[tuple[str, str]]:
    """Name and figures of each row of the table."""
    reliability: Reliability = defaultdict(list)
    sound = texts.postings(most)
    generations = sorted({g for _, _, gs in lexicons.rows("spin") for g in gs.split(",")})
    for name, path in files:
        yield f"scans {name}", measure_pages(texts.scans(path, most), reliability, show)
    trades = [Page(text, clean(text).text) for text in texts.occupations(most)]
    yield "sound, other trades", measure_pages(trades, reliability, show)
    yield "sound postings", measure_pages([Page(t, clean(t).text) for t in sound], reliability, show)
    yield "documents written", measure_documents(texts.WRITTEN, show)
    for generation in generations:
        yield f"rewritten, table {generation}", measure_rewritten(texts.rewritten(sound, generation))
    for generation in generations:
        pages = texts.rewritten(sound, generation)
        with hidden(generation):
            yield f"table {generation} unknown", measure_rewritten(pages)
    yield "words typed wrong", measure_mistyped(sound)
    yield "speed, sound postings", measure_speed(sound)
    yield "speed, other trades", measure_speed([page.text for page in trades])
    for (category, tenth), right in sorted(reliability.items()):
        said = f"said {tenth / 10:.1f} to {tenth / 10 + 0.1:.1f}"
        yield f"reliability {category}", f"{said}, right {sum(right) / len(right):.2f} of {len(right)}"


def main() -> int:
    """Print the table; 2 when the shared texts are missing."""
    parser = argparse.ArgumentParser(description="Measure the corrections.")
    parser.add_argument("--most", type=int, default=300, help="texts of each kind")
    parser.add_argument("--scans", action="append", default=[], metavar="NAME=FILE", help="more scans with their truth")
    parser.add_argument("--show", type=int, default=0, help="wrong changes of each set to print")
    arguments = parser.parse_args()
    if not texts.CORPUS.exists():
        print(f"{texts.CORPUS} is missing: this needs the shared corpus, no part of gangwei", file=sys.stderr)
        return 2
    files = [(path.stem, path) for path in sorted((SHARED / "evaluation").glob("scans-*.jsonl"))]
    files += [(name, Path(file)) for name, _, file in (pair.partition("=") for pair in arguments.scans)]
    for name, figures in table(arguments.most, arguments.show, files):
        print(f"{name:24} {figures}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
