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
from pathlib import Path

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


def scores(folder: Path, verbose: bool) -> dict[str, float]:
    """What the scorer says of the parsed documents of a folder with NAME.txt and NAME.gold.json."""
    with tempfile.TemporaryDirectory() as out:
        jobs, failed = batch.collect(sorted(folder.glob("*.txt")), Path(out))
        failed += [outcome for outcome in batch.run(jobs, ("json",)) if outcome.error]
        for outcome in failed:
            print(outcome.error, file=sys.stderr)
        command = [sys.executable, str(EVALUATION / "score.py"), "--dir", str(folder), "--out", out]
        if verbose:
            subprocess.run(command, check=True)
        done = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


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
    found = scores(arguments.dir, arguments.verbose)
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
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
