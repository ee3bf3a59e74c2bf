"""What gangwei costs, beside others, in one run on the same texts: prints the page docs/speed.md.

    python bench/speed.py [--corpus FILE.jsonl.gz] [--peers PYTHON] [--rounds N] [--documents N] [--long BYTES] [--odd BYTES]
                          [--only stages,peers,start,workers,odd] [--write FILE]

`--peers` is the interpreter of an environment in which bench/peers.txt is installed; without it gangwei runs alone.
Times are CPU seconds but where it says otherwise; of rounds the median; ratios are taken within each round.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import load  # noqa: E402
import material  # noqa: E402
from contestants import PEERS, Stages  # noqa: E402

SECTIONS = ("stages", "start", "workers", "odd")
PATIENCE = 1_200.0
"""Seconds of wall time that a contestant has for the texts of a round."""


_PATIENCE_ODD = 240.0
"""The same of an odd input."""


class Contestant:
    """A process that works on the texts of a file each time it is told to."""

    def __init__(self, name: str, python: str, texts: Path) -> None:
        command = [python, str(ROOT / "bench" / "contestants.py"), name, str(texts)]
        self.name = name
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
        )
        ready = self._answer() or {"missing": f"took more than {PATIENCE:.0f} s to begin"}
        self.version: str | None = ready.get("version")
        self.missing: str | None = ready.get("missing")

    def round(self) -> dict[str, Any] | None:
        """What all texts took; None where that is too long, and ever after."""
        if self.missing or self._process.poll() is not None:
            return None
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._answer()

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _answer(self) -> dict[str, Any] | None:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            self._process.kill()
            return None
        answer: dict[str, Any] = json.loads(line)
        return answer


Rounds = dict[str, list[dict[str, Any] | None]]


def race(texts: list[str], peers: str | None, rounds: int) -> tuple[Rounds, dict[str, str], dict[str, str]]:
    """What each took in each round, their versions, and why those that are missing are; all run in turn in a round."""
    took: Rounds = {}
    versions, missing = {}, {}
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file, ExitStack() as stack:
        file.writelines(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
        file.flush()
        names = {"gangwei": sys.executable} | ({peer: peers for peer in PEERS} if peers else {})
        contestants = [Contestant(name, python, Path(file.name)) for name, python in names.items()]
        for contestant in contestants:
            stack.callback(contestant.end)
            if contestant.missing:
                missing[contestant.name] = contestant.missing
            versions[contestant.name] = contestant.version or ""
        for _ in range(rounds):
            for contestant in contestants:
                if not contestant.missing:
                    took.setdefault(contestant.name, []).append(contestant.round())
                    tell(f"{contestant.name}: {took[contestant.name][-1]}"[:150])
    return took, versions, missing


def tell(line: str) -> None:
    """Say on standard error how it goes."""
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


# -- stages and peers -------------------------------------------------------------------------------------------------


def stages(arguments: argparse.Namespace) -> Iterator[str]:
    """Stages, the whole line and peers, on texts of three lengths."""
    found = material.texts(arguments.corpus)
    sets = {
        "500-character postings": (list(material.postings(found, 300)), arguments.rounds),
        "7,000-character documents": (list(material.documents(found, 20)), arguments.rounds),
        f"one text of {arguments.long / 1e6:g} MB": ([material.long_text(found, arguments.long)], 1),
    }
    columns: dict[str, tuple[int, Rounds]] = {}
    versions: dict[str, str] = {}
    missing: dict[str, str] = {}
    for name, (texts, rounds) in sets.items():
        tell(f"{name}: {len(texts)} texts, {sum(map(len, texts))} characters")
        took, versions, missing = race(texts, arguments.peers, rounds)
        columns[f"{name} ({len(texts)} × {sum(map(len, texts)) // len(texts):,})"] = sum(map(len, texts)), took
    yield '## Stages\n\nNanoseconds a character. "Other" is what the composition itself does.\n'
    yield from table(["stage", *columns], stage_rows(columns))
    yield "## Beside others\n"
    yield "Characters a second, and in brackets as a multiple of gangwei's. They do different and smaller tasks.\n"
    yield from table(["", "what it does", *columns], peer_rows(columns, versions))
    for name, reason in missing.items():
        yield f"{name} did not take part: {reason}\n"


def stage_rows(columns: dict[str, tuple[int, Rounds]]) -> Iterator[list[str]]:
    """Rows of the table of stages."""

    def each(value: Callable[[dict[str, Any]], float], form: str, per_character: bool = True) -> list[str]:
        cells = []
        for size, took in columns.values():
            rounds = [r for r in took["gangwei"] if r]
            values = [value(r) * (1e9 / size if per_character else 1) for r in rounds]
            cells.append(format(statistics.median(values), form) if values else "too long")
        return cells

    for stage in Stages.NAMES:
        yield [stage, *each(lambda r, stage=stage: r["stages"].get(stage, 0.0), ",.0f")]  # type: ignore[misc]
    yield ["other", *each(lambda r: r["cpu"] - sum(r["stages"].values()), ",.0f")]
    yield ["**whole line**", *each(lambda r: r["cpu"], ",.0f")]
    cells = []
    for size, took in columns.values():
        values = [size / r["cpu"] for r in took["gangwei"] if r]
        cells.append(f"{statistics.median(values):,.0f}" if values else "too long")
    yield ["characters a second", *cells]
    yield ["memory afterwards, MiB", *each(lambda r: r["now"], ",.0f", False)]
    yield ["memory at its peak, MiB", *each(lambda r: r["peak"], ",.0f", False)]


def peer_rows(columns: dict[str, tuple[int, Rounds]], versions: dict[str, str]) -> Iterator[list[str]]:
    """Rows of the table of peers."""
    does = {"gangwei": "all stages, correction included"} | {name: peer[1] for name, peer in PEERS.items()}
    for name, version in versions.items():
        if not version:
            continue
        cells = []
        for size, took in columns.values():
            pairs = [(a, b) for a, b in zip(took[name], took["gangwei"], strict=True) if a and b]
            if not pairs:
                cells.append(f"over {PATIENCE:.0f} s")
                continue
            pace = statistics.median(size / a["cpu"] for a, _ in pairs)
            ratio = statistics.median(b["cpu"] / a["cpu"] for a, b in pairs)
            cells.append(f"{pace:,.0f}" + ("" if name == "gangwei" else f" ({ratio:.2f})"))
        yield [f"{name} {version}", does[name], *cells]


# -- the start --------------------------------------------------------------------------------------------------------


def start(arguments: argparse.Namespace) -> Iterator[str]:
    """CPU and wall seconds of a process."""
    script = str(Path(sys.executable).with_name("gangwei"))
    sample = next(path for path in sorted((ROOT / "raw").glob("*.txt")) if path.stat().st_size < 4_000)
    library = "import pipeline; pipeline.parse('出纳岗位职责\\n1、负责现金收付；')"
    commands = {
        "the interpreter alone": [sys.executable, "-c", "pass"],
        "`gangwei --version`": [script, "--version"],
        "`gangwei parse FILE -o -`": [script, "parse", str(sample), "-o", "-"],
        "`pipeline.parse(...)` of a library": [sys.executable, "-c", library],
    }
    rows = []
    for name, command in commands.items():
        runs = [load.process(command) for _ in range(3 * arguments.rounds)]
        cpu, wall = (statistics.median(column) for column in zip(*runs, strict=True))
        rows.append([name, f"{cpu:.3f}", f"{wall:.3f}"])
        tell(" ".join(rows[-1]))
    yield f"## Start\n\nSeconds of a process from beginning to end, median of {3 * arguments.rounds}.\n"
    yield from table(["", "CPU", "wall"], rows)


# -- workers ----------------------------------------------------------------------------------------------------------


def workers(arguments: argparse.Namespace) -> Iterator[str]:
    """One and two workers on many postings, and the memory of a worker that goes on and on."""
    found = material.texts(arguments.corpus)
    few = arguments.documents // 5
    pairs = []
    for _ in range(arguments.rounds):
        pairs.append([load.postings(list(material.postings(found, few)), jobs) for jobs in (1, 2)])
        tell(f"workers: {[round(run.seconds, 1) for run in pairs[-1]]} s")
    rows = []
    for i, jobs in enumerate((1, 2)):
        seconds = statistics.median(pair[i].seconds for pair in pairs)
        gain = statistics.median(pair[0].seconds / pair[i].seconds for pair in pairs)
        rows.append([str(jobs), f"{seconds:.1f}", f"{pairs[0][i].characters / seconds:,.0f}", f"{gain:.2f}"])
    yield f"## Workers\n\n{few:,} postings by `gangwei parse --lines`; wall time, so that what else runs on the machine shows.\n"
    yield from table(["workers", "seconds", "characters a second", "times one worker"], rows)
    marks = sorted({min(1_000, arguments.documents), arguments.documents})
    run = load.postings(list(material.postings(found, arguments.documents)), 1, marks)
    tell(f"memory: {run.memory}")
    yield "Memory of one worker in the course of such a run, and of the process that hands out the work, MiB:\n"
    rows = [[f"{mark:,}", f"{run.memory[mark][0]:.0f}", f"{run.memory[mark][1]:.0f}"] for mark in marks]
    yield from table(["after documents", "worker", "owner"], rows)


# -- odd inputs -------------------------------------------------------------------------------------------------------


def odd(arguments: argparse.Namespace) -> Iterator[str]:
    """Costs at two sizes of each odd input."""
    small, large = 20_000, arguments.odd
    rows = []
    for name, make in material.ODD.items():
        costs, peak = [], 0.0
        for size in (small, large):
            text = make(size // max(1, len(make(300).encode()) // 300))
            seconds, peak = load.alone(text, _PATIENCE_ODD)
            costs.append(seconds / len(text) * 1e9 if seconds else None)
        growth = f"{costs[1] / costs[0]:.2f}" if costs[0] and costs[1] else ""
        told = [f"{cost:,.0f}" if cost else f"over {_PATIENCE_ODD:.0f} s" for cost in costs]
        rows.append([name, *told, growth, f"{peak:,.0f}"])
        tell(" ".join(rows[-1]))
    yield f"## Odd inputs\n\nNanoseconds a character at {small / 1e3:g} KB and at {large / 1e6:g} MB, and how the cost grows.\n"
    yield from table(["input", f"{small / 1e3:g} KB", f"{large / 1e6:g} MB", "growth", "peak, MiB"], rows)


# -- the page ---------------------------------------------------------------------------------------------------------


def table(head: list[str], rows: Any) -> Iterator[str]:
    """A table in Markdown."""
    yield "| " + " | ".join(head) + " |"
    yield "| --- |" + " --- |" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def machine() -> str:
    """What it ran on."""
    model = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{os.cpu_count()} cores ({model or platform.processor()}), Python {platform.python_version()}, load {load_now()}"


def load_now() -> str:
    """Processes that want to run, in the last minute, and in the last five: more than cores make times longer."""
    return " and ".join(f"{value:.1f}" for value in os.getloadavg()[:2])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="JSON lines with `text`; else tests/documents")
    parser.add_argument("--peers", metavar="PYTHON", help="interpreter of the others")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=20_000, help="postings of the run on memory")
    parser.add_argument("--long", type=int, default=20_000_000, help="bytes of the long text")
    parser.add_argument("--odd", type=int, default=2_000_000, help="bytes of the longer odd inputs")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--write", type=Path, help="file for the page; else standard output")
    arguments = parser.parse_args()
    sections = {"stages": stages, "start": start, "workers": workers, "odd": odd}
    texts = arguments.corpus.name if arguments.corpus else "tests/documents"
    page = [
        "# What it costs\n",
        "Made by `make bench`. CPU time on one core but where it says otherwise; of rounds the median; ratios are taken",
        f"within each round. Texts: {texts}. Machine: {machine()} at the beginning.",
        f"Run: `bench/speed.py {' '.join(sys.argv[1:])}`.\n",
    ]
    for name in arguments.only.split(","):
        page += [*sections[name](arguments), f"Load afterwards: {load_now()}.\n"]
        if arguments.write:  # after each, since all take long
            arguments.write.write_text("\n".join(page).rstrip() + "\n", encoding="utf-8")
    if not arguments.write:
        print("\n".join(page).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
