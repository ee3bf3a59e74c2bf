"""Score the annotated documents beside the repository and hold the floors.

    python bench/evaluate.py [--floor NAME=VALUE ...] [--verbose]

Needs ../shared/evaluation, which users do not have; says so and exits with 2 when it is missing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from pipeline import batch

EVALUATION = Path(__file__).resolve().parents[2] / "shared" / "evaluation"

FLOORS = {
    "roles_f1": 0.97,
    "titles": 0.97,
    "placed": 0.98,
    "blocks_f1": 0.96,
    "kinds": 0.96,
    "facts_f1": 0.93,
}
"""The least that each score may be; `--floor` can raise one and never lowers it."""

CEILINGS = {"uncovered": 0, "doubled": 0}


def floors(raised: list[str]) -> dict[str, float]:
    """FLOORS with those that the command line raises. Raises SystemExit for a name or value that does not fit."""
    out = dict(FLOORS)
    for pair in raised:
        name, _, value = pair.partition("=")
        try:
            number = float(value)
        except ValueError:
            raise SystemExit(f"--floor {pair}: not NAME=VALUE") from None
        if name not in out:
            raise SystemExit(f"--floor {pair}: no such score; there are {', '.join(out)}")
        if number < out[name]:
            raise SystemExit(f"--floor {pair}: below the floor of {out[name]}, which is held")
        out[name] = number
    return out


def scores(folder: Path, verbose: bool) -> tuple[dict[str, float], list[Judged]]:
    """What the scorer says of the parsed documents of a folder with NAME.txt and NAME.gold.json, and every kind given.

    With NAME.skills.tsv beside them, precision and recall of skills too.
    """
    with tempfile.TemporaryDirectory() as out:
        jobs, failed = batch.collect(sorted(folder.glob("*.txt")), Path(out))
        failed += [outcome for outcome in batch.run(jobs, ("json",)) if outcome.error]
        for outcome in failed:
            print(outcome.error, file=sys.stderr)
        command = [sys.executable, str(EVALUATION / "score.py"), "--dir", str(folder), "--out", out]
        if verbose:
            subprocess.run(command, check=True)
        done = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True)
        judged = [j for gold in sorted(folder.glob("*.gold.json")) for j in kinds(gold, Path(out))]
        hits, said, asked = skills(folder, Path(out))
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if asked:
        result |= {"skills_precision": hits / max(1, said), "skills_recall": hits / asked}
    return result, judged


class Judged(NamedTuple):
    """A kind that was given to an entry, how sure it was, and whether an annotator agrees."""

    confidence: float
    right: bool


def kinds(gold: Path, out: Path) -> Iterator[Judged]:
    """The kinds given to the entries of one document, where an entry begins at the same place as in the annotation."""
    wanted = {b["start"]: b["kinds"] for b in json.loads(gold.read_bytes())["blocks"] if b["kinds"]}
    record = out / gold.name.replace(".gold.json", ".json")
    if not record.exists():
        return
    stack = [node for role in json.loads(record.read_bytes())["roles"] for node in role["content"]]
    while stack:
        node = stack.pop()
        stack += node.get("content", [])
        if node["type"] in ("item", "paragraph") and node["span"]["start"] in wanted:
            yield Judged(node["confidence"], node["kind"] in wanted[node["span"]["start"]])


def skills(folder: Path, out: Path) -> tuple[int, int, int]:
    """Skills found, skills named by the parser, skills asked for; over the documents with a NAME.skills.tsv.

    Its rows are role (from 0), accepted forms joined by " / ", level, preferred. Width and case do not count.
    """
    hits = said = asked = 0
    for listed in sorted(folder.glob("*.skills.tsv")):
        record = out / listed.name.replace(".skills.tsv", ".json")
        roles = json.loads(record.read_bytes())["roles"] if record.exists() else []
        rows = [row.split("\t") for row in listed.read_text(encoding="utf-8").splitlines() if row]
        asked += len(rows)
        for n, role in enumerate(roles):
            wanted = [{folded(form) for form in row[1].split(" / ")} for row in rows if int(row[0]) == n]
            named = [folded(skill["name"]) for skill in role["qualifications"]["skills"]]
            said += len(named)
            hits += sum(any(name in forms for forms in wanted) for name in named)
    return hits, said, asked


def folded(name: str) -> str:
    """A name without differences of width, case and white space."""
    return "".join(unicodedata.normalize("NFKC", name).lower().split())


def reliability(judged: list[Judged]) -> None:
    """Print how often kinds are right, by how sure they are."""
    print("\nconfidence of kinds    entries  share right")
    for low, high in pairwise((0.0, 0.5, 0.7, 0.9, 0.97, 1.01)):
        part = [j.right for j in judged if low <= j.confidence < high]
        if part:
            print(f"{low:5.2f} to {min(high, 1.0):4.2f} {len(part):16} {sum(part) / len(part):12.3f}")


def main() -> int:
    """Print each score beside its floor; 1 when one is below."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--floor", action="append", default=[], metavar="NAME=VALUE", help="raise a floor")
    parser.add_argument("--dir", type=Path, default=EVALUATION / "dev", help="annotated documents")
    parser.add_argument("--verbose", action="store_true", help="print every document's scores and misses")
    arguments = parser.parse_args()
    least = floors(arguments.floor)
    if not (EVALUATION / "score.py").exists():
        print(f"make eval needs the annotated documents in {EVALUATION}, which are not here", file=sys.stderr)
        return 2
    found, judged = scores(arguments.dir, arguments.verbose)
    bad = [name for name, floor in least.items() if found[name] < floor]
    bad += [name for name, ceiling in CEILINGS.items() if found[name] > ceiling]
    for name, value in found.items():
        bound = (
            f"  (at least {least[name]})"
            if name in least
            else f"  (at most {CEILINGS[name]})"
            if name in CEILINGS
            else ""
        )
        print(f"{name:18} {value:.4f}{bound}{'  BELOW' if name in bad else ''}")
    reliability(judged)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
