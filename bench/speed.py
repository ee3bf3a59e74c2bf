"""Speed of each stage and of the whole line, on one core, and peak memory.

    python bench/speed.py [FOLDER_OR_CORPUS] [--most N] [--rounds N] [--linear]

Takes a folder of documents (default raw/, which is small: its figures are rough) or a corpus of JSON lines. `--linear`
measures odd long inputs at two sizes instead, so that a cost that grows faster than the text shows.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path

from pipeline.classify import classify
from pipeline.clean import clean
from pipeline.correct import correct
from pipeline.export import render
from pipeline.read import read
from pipeline.run import generator, parse
from pipeline.segment import segment
from pipeline.text import SourceText
from pipeline.train import corpus

STAGES = ("clean", "correct", "segment", "classify", "json", "xml")

ODD: dict[str, Callable[[int], str]] = {
    "one line of entries": lambda n: "1、负责客户开发；" * (n // 9),
    "numbered lines": lambda n: "".join(f"{i % 999 + 1}、负责客户开发和维护工作；\n" for i in range(n // 17)),
    "brackets": lambda n: "【(" * (n // 2),
    "colons": lambda n: "：" * n,
    "blanks and dashes": lambda n: " " * (n // 2) + "-" * (n // 2),
    "tabs": lambda n: "\t" * n,
    "half-width marks": lambda n: "一," * (n // 2),
    "bare markers": lambda n: "1、" * (n // 2),
    "circled numbers": lambda n: "①" * n,
    "bare headings": lambda n: "岗位职责：" * (n // 5),
    "titles": lambda n: "销售经理\n" * (n // 5),
    "roles": lambda n: "岗位名称：会计\n岗位职责：\n1、负责记账；\n任职要求：\n1、本科以上学历；\n" * (n // 42),
    "years": lambda n: "3年以上" * (n // 4),
    "degrees": lambda n: "本科" * (n // 2),
    "doubled words": lambda n: "证书" * (n // 2),
    "swapped words": lambda n: "带给优质的服务，具备沟通潜力，用心工作。\n" * (n // 20),
}
"""Texts of about n characters on which a careless pattern would backtrack."""


def texts(path: Path, most: int) -> Iterator[str]:
    """The texts of a folder or a corpus."""
    if path.is_dir():
        yield from (read(file).text for file in sorted(path.glob("*.*"))[:most])
    else:
        yield from (posting.text for posting in islice(corpus.read(path), most))


def line(text: str) -> list[float]:
    """Seconds that each stage takes on a text."""
    marks = [time.perf_counter()]

    def done() -> None:
        marks.append(time.perf_counter())

    revision = clean(text)
    done()
    corrected = correct(revision)
    done()
    segmented = segment(SourceText(text, "text", "text/plain", "utf-8", "0" * 64), corrected)
    done()
    document = classify(segmented, generator())
    done()
    render(document, "json")
    done()
    render(document, "xml")
    done()
    return [b - a for a, b in pairwise(marks)]


def measure(found: list[str], rounds: int) -> None:
    """Print a table of characters a second, the median of the rounds."""
    size = sum(map(len, found))
    line(found[0])  # loads lexicons and models
    runs = [[sum(column) for column in zip(*map(line, found), strict=True)] for _ in range(rounds)]
    print(f"{len(found)} documents, {size} characters, median of {rounds} rounds, one core")
    for i, stage in enumerate(STAGES):
        print(f"{stage:10} {size / statistics.median(run[i] for run in runs):12,.0f} characters/s")
    whole = size / statistics.median(sum(run) for run in runs)
    print(f"{'whole line':10} {whole:12,.0f} characters/s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def linear() -> None:
    """Print seconds per million characters at two sizes of each odd input."""
    parse("岗位职责：")
    for name, make in ODD.items():
        costs = []
        for size in (100_000, 400_000):
            text = make(size)
            start = time.perf_counter()
            parse(text)
            costs.append((time.perf_counter() - start) / len(text) * 1e6)
        print(f"{name:20} {costs[0]:8.2f} {costs[1]:8.2f} s per million characters")


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description="Speed of each stage and of the whole line.")
    parser.add_argument("path", nargs="?", type=Path, default=Path(__file__).parents[1] / "raw")
    parser.add_argument("--most", type=int, default=1000, help="documents")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--linear", action="store_true", help="measure odd long inputs")
    arguments = parser.parse_args()
    if arguments.linear:
        linear()
    else:
        measure(list(texts(arguments.path, arguments.most)), arguments.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
