"""Hold the contract's invariants on many documents.

    python bench/invariants.py FOLDER_OR_CORPUS ... [--most N]

Takes folders of text files and corpora of JSON lines; prints each broken invariant and exits with 1 if there is any.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipeline.read import read
from pipeline.run import parse
from pipeline.train import corpus
from pipeline.verify import verify


def texts(path: Path, most: int, step: int) -> Iterator[tuple[str, str]]:
    """Name and text of the documents of a folder, or of every `step`-th posting of a corpus, at most `most`."""
    if path.is_dir():
        for file in sorted(path.glob("*.txt")):
            yield file.name, read(file).text
        return
    for posting in islice(corpus.read(path), 0, most * step, step):
        yield posting.id, posting.text


def main() -> int:
    """Check every document."""
    parser = argparse.ArgumentParser(description="Hold the contract's invariants on many documents.")
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=2000, help="postings taken from each corpus")
    parser.add_argument("--step", type=int, default=20, help="take every STEP-th posting")
    arguments = parser.parse_args()
    count = broken = 0
    for path in arguments.paths:
        for name, text in texts(path, arguments.most, arguments.step):
            count += 1
            for problem in verify(parse(text, name), text):
                broken += 1
                print(f"{name}: {problem}")
    print(f"{count} documents, {broken} problems")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
