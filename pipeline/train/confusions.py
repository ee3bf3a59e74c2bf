"""Count what a recogniser confuses, from pages whose text is known, into `lexicons/confusions.tsv`.

    python -m pipeline.train.confusions [--more] SCANS.jsonl ... (rows with `truth` and `ocr`)

With `--more` the counts join those that are there. Rows that are known from the script alone (seen 0) stay as they are.
"""

from __future__ import annotations

import argparse
import difflib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson

from pipeline import lexicons
from pipeline.text import is_han

LONGEST = 4
"""Characters of a garbled stretch that can still be told apart one by one."""

NOTHING = "-"
"""Stands for what was printed where the recogniser saw a character that is not there."""

TABLE = Path(lexicons.__file__).parent / "confusions.tsv"


def confusions(truth: str, ocr: str) -> Iterator[tuple[str, str]]:
    """Pairs of a Han character read and the one printed, or NOTHING, of one page."""
    seen, printed = "".join(ocr.split()), "".join(truth.split())
    for tag, i, j, k, m in difflib.SequenceMatcher(None, seen, printed, autojunk=False).get_opcodes():
        if tag == "replace" and j - i == m - k <= LONGEST:
            yield from ((a, b) for a, b in zip(seen[i:j], printed[k:m], strict=True) if is_han(a) and is_han(b))
        elif tag == "delete" and j - i == 1 and is_han(seen[i]):
            yield seen[i], NOTHING


def main() -> None:
    """Count the pages and rewrite the lexicon."""
    parser = argparse.ArgumentParser(description="Count what a recogniser confuses.")
    parser.add_argument("scans", type=Path, nargs="+")
    parser.add_argument("--more", action="store_true", help="add to what was counted before")
    arguments = parser.parse_args()
    counted: Counter[tuple[str, str]] = Counter()
    for path in arguments.scans:
        for line in path.read_bytes().splitlines():
            page = orjson.loads(line)
            counted.update(confusions(page["truth"], page["ocr"]))
    print(f"{sum(counted.values())} confusions counted, {len(counted)} kinds")
    found = {(a, b): n for (a, b), n in counted.items() if b != NOTHING or n > 1}
    for wrong, right, seen in lexicons.rows("confusions"):
        if seen == "0" or arguments.more:
            found[wrong, right] = found.get((wrong, right), 0) + int(seen)
    header = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    rows = [f"{a}\t{b}\t{n}" for (a, b), n in sorted(found.items())]
    TABLE.write_text("\n".join([*header, *rows]) + "\n", encoding="utf-8")
    print(f"{len(rows)} rows")


if __name__ == "__main__":
    main()
