"""Score annotated documents and hold the floors: those of strangers, that no model saw, and real ones.

    python bench/evaluate.py [--floor SET.NAME=VALUE ...] [--verbose]

Strangers are the documents of `tests/documents/apart`, of families of layout that were never trained on, in the sets of APART;
`postings` are real ones of a corpus, drawn by chance, `unsure` such as the model of that time was unsure of, and `pages` real
pages of a job board, most of several posts (what is said of them is in `bench/postings`, and nothing was trained on any of
them); `dev` are real ones, which were looked at and trained on.
Needs the scorer in ../shared/evaluation and the corpus, which users do not have; says so and exits with 2 when they are missing.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import batch, inputs
from pipeline.annotation import Annotation
from pipeline.train import gold, postings

EVALUATION = Path(__file__).resolve().parents[2] / "shared" / "evaluation"

CORPUS = EVALUATION.parent / "corpus" / "jd.jsonl.gz"
POSTINGS = Path(__file__).with_name("postings")

SHEET = "skills.tsv"

DOCUMENTS = Path(__file__).resolve().parents[1] / "tests" / "documents"

APART = {
    "apart": re.compile(r"(?!w(?:1[2-9]|[2-8]\d)-)"),  # looked at while the first models were made
    "later": re.compile(r"w(?:1[2-9]|2[0-4])-"),
    "newest": re.compile(r"w(?:2[5-9]|3[0-5])-"),  # families that had failed most
    "latest": re.compile(r"w(?:3[6-9]|4[01])-"),  # what divisions are put forward was chosen on these
    "recent": re.compile(r"w(?:4[4-9]|5[0-3])-"),
    "brief": re.compile(r"w(?:42|43|54)-"),  # texts of a few lines
    "further": re.compile(r"w(?:5[5-9]|6[0-2])-"),
    "postless": re.compile(r"w6[3-5]-"),  # nearly all describe no post
    "themes": re.compile(r"w(?:6[6-9]|7[0-7])-"),  # lists of posts and what looks like them, prose, areas of work
    "contrast": re.compile(r"w8[0-6]-"),  # in twos and threes that look alike and differ in what they are
    "ordinary": re.compile(r"w7[89]-"),  # as HR departments send them, written to measure
}
"""How the names of the documents of each set of strangers begin; each lot was written after those above it."""

FLOORS = {
    "apart": {
        "roles_f1": 0.87,
        "titles": 0.93,
        "placed": 0.81,
        "blocks_f1": 0.89,
        "kinds": 0.89,
        "facts_f1": 0.84,
        "skills_precision": 0.66,
        "skills_recall": 0.51,
    },
    "later": {
        "roles_f1": 0.87,
        "titles": 0.91,
        "placed": 0.81,
        "blocks_f1": 0.89,
        "kinds": 0.87,
        "facts_f1": 0.86,
        "skills_precision": 0.63,
        "skills_recall": 0.48,
    },
    "newest": {"roles_f1": 0.85, "titles": 0.88, "placed": 0.78, "blocks_f1": 0.84, "kinds": 0.80, "facts_f1": 0.81},
    "latest": {"roles_f1": 0.85, "titles": 0.87, "placed": 0.83, "blocks_f1": 0.88, "kinds": 0.87, "facts_f1": 0.87},
    "recent": {"roles_f1": 0.84, "titles": 0.84, "placed": 0.83, "blocks_f1": 0.88, "kinds": 0.89, "facts_f1": 0.85},
    "brief": {"roles_f1": 0.87, "titles": 0.96, "placed": 0.86, "blocks_f1": 0.88, "kinds": 0.89, "facts_f1": 0.94},
    "further": {"roles_f1": 0.82, "titles": 0.88, "placed": 0.80, "blocks_f1": 0.83, "kinds": 0.86, "facts_f1": 0.84},
    "postless": {"none_given": 0.84, "zones": 0.94},
    "themes": {"roles_f1": 0.79, "titles": 0.92, "placed": 0.77, "blocks_f1": 0.84, "kinds": 0.85, "facts_f1": 0.82},
    "contrast": {"roles_f1": 0.75, "titles": 0.94, "placed": 0.74, "blocks_f1": 0.82, "kinds": 0.85, "facts_f1": 0.84},
    "ordinary": {
        "roles_f1": 0.96,
        "titles": 0.97,
        "placed": 0.96,
        "blocks_f1": 0.97,
        "kinds": 0.97,
        "facts_f1": 0.96,
        "skills_precision": 0.92,
        "skills_recall": 0.77,
    },
    "postings": {
        "roles_f1": 0.99,
        "titles": 0.96,
        "placed": 0.98,
        "blocks_f1": 0.92,
        "kinds": 0.97,
        "facts_f1": 0.96,
        "skills_precision": 0.85,
        "skills_recall": 0.84,
    },
    "unsure": {"roles_f1": 0.92, "titles": 0.82, "placed": 0.86, "blocks_f1": 0.81, "kinds": 0.89, "facts_f1": 0.89},
    "pages": {
        "roles_f1": 0.85,
        "titles": 0.95,
        "placed": 0.86,
        "blocks_f1": 0.93,
        "kinds": 0.92,
        "facts_f1": 0.91,
        "skills_precision": 0.82,
        "skills_recall": 0.66,
    },
    "dev": {"roles_f1": 0.99, "titles": 0.96, "placed": 0.98, "blocks_f1": 0.99, "kinds": 0.98, "facts_f1": 0.99},
}
"""The least that each score of each set may be; `--floor` can raise one and never lowers it."""

CEILINGS = {"uncovered": 0, "doubled": 0}


def floors(raised: list[str]) -> dict[str, dict[str, float]]:
    """FLOORS with those that the command line raises. Raises SystemExit for a name or value that does not fit."""
    out = {name: dict(least) for name, least in FLOORS.items()}
    for pair in raised:
        name, _, value = pair.partition("=")
        kind, _, score = name.partition(".")
        try:
            number = float(value)
        except ValueError:
            raise SystemExit(f"--floor {pair}: not SET.NAME=VALUE") from None
        if score not in out.get(kind, {}):
            raise SystemExit(
                f"--floor {pair}: no such score; there are {', '.join(f'{k}.{n}' for k in out for n in out[k])}"
            )
        if number < out[kind][score]:
            raise SystemExit(f"--floor {pair}: below the floor of {out[kind][score]}, which is held")
        out[kind][score] = number
    return out


def with_gold(folder: Path, wanted: re.Pattern[str], out: Path) -> Path:
    """The folder itself where it has NAME.gold.json, else a copy in which they were built from NAME.ann, of wanted names."""
    if next(folder.glob("*.gold.json"), None):
        return folder
    for text in sorted(path for path in folder.glob("*.txt") if wanted.match(path.stem)):
        shutil.copy(text, out)
        built = subprocess.run(
            [sys.executable, str(EVALUATION / "build_gold.py"), str(text), str(text.with_suffix(".ann"))],
            check=True,
            capture_output=True,
        )
        (out / f"{text.stem}.gold.json").write_bytes(built.stdout)
    if (folder / SHEET).exists():
        shutil.copy(folder / SHEET, out)
    return out


def with_postings(said: Path, out: Path) -> Path:
    """A folder with the postings of the corpus that a file annotates, their gold files and the skills that were listed."""
    rows = []
    for posting, listed in postings.annotated(CORPUS, said):
        (out / f"{posting.name}.txt").write_bytes(posting.text.encode())
        (out / f"{posting.name}.gold.json").write_text(json.dumps(gold_of(posting)))
        if listed is not None:
            rows += [
                f"{posting.name}\t-",
                *(f"{posting.name}\t{n}\t{' / '.join(s)}" for n in listed for s in listed[n]),
            ]
    (out / SHEET).write_text("\n".join(rows), encoding="utf-8")
    return out


def gold_of(document: Annotation) -> dict[str, Any]:
    """An annotation as the scorer reads it; a role ends before the next one, and boilerplate is in none."""
    blocks: Rows = []
    role = -1
    for mark in document.marks:
        role += bool(mark.titles)
        body = mark.label not in ("boilerplate", "free") and role >= 0
        blocks.append(mark._asdict() | {"role": role if body else None})
    facts = [fact._asdict() for fact in document.facts]
    return {"name": document.name, "characters": len(document.text), "blocks": blocks, "edits": [], "facts": facts}


def scores(folder: Path, verbose: bool) -> tuple[dict[str, float], dict[str, list[Judged]]]:
    """What the scorer says of the parsed documents of a folder with NAME.txt and NAME.gold.json, and every kind given.

    Where skills were listed, precision and recall of skills too; `none_given` is the share of the documents of no post
    that were given no role.
    """
    with tempfile.TemporaryDirectory() as out:
        jobs, refused = inputs.collect(sorted(folder.glob("*.txt")), Path(out))
        outcomes = batch.run(jobs, batch.Plan(Path(out), ("json",)))
        for error in [*(r.error for r in refused), *(o.error for o in outcomes if o.error)]:
            print(error, file=sys.stderr)
        command = [sys.executable, str(EVALUATION / "score.py"), "--dir", str(folder), "--out", out]
        if verbose:
            subprocess.run(command, check=True)
        done = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True)
        read = [pair(path, Path(out)) for path in sorted(folder.glob("*.gold.json"))]
        hits, said, asked = skills(folder, Path(out))
    judged = {"kinds": [j for both in read for j in kinds(*both)], "roles": [j for both in read for j in roles(*both)]}
    given = [len(found) for blocks, found in read if not any(block["titles"] for block in blocks)]
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if asked:
        result |= {"skills_precision": hits / max(1, said), "skills_recall": hits / asked}
    if given:
        result |= {"none_given": given.count(0) / len(given)}
    return result, judged


class Judged(NamedTuple):
    """How sure a kind of an entry, or the beginning of a role, was, and whether an annotator agrees."""

    confidence: float
    right: bool


Rows = list[dict[str, Any]]
"""Blocks or roles, as JSON gives them."""


def record(out: Path, name: str) -> Rows:
    """The roles of a document's record; none where it was not parsed."""
    path = out / f"{name}.json"
    roles: Rows = json.loads(path.read_bytes())["roles"] if path.exists() else []
    return roles


def pair(gold: Path, out: Path) -> tuple[Rows, Rows]:
    """The annotated blocks of a document, and the roles of its record."""
    blocks: Rows = json.loads(gold.read_bytes())["blocks"]
    return blocks, record(out, gold.name.removesuffix(".gold.json"))


def kinds(blocks: Rows, found: Rows) -> Iterator[Judged]:
    """The kinds given to the entries of one document, where an entry begins at the same place as in the annotation."""
    wanted = {b["start"]: b["kinds"] for b in blocks if b["kinds"]}
    stack = [node for role in found for node in role["content"]]
    while stack:
        node = stack.pop()
        stack += node.get("content", [])
        if node["type"] in ("item", "paragraph") and node["span"]["start"] in wanted:
            yield Judged(node["confidence"], node["kind"] in wanted[node["span"]["start"]])


def roles(blocks: Rows, found: Rows) -> Iterator[Judged]:
    """The roles of one document, where one begins within the annotation's."""
    heads = [(b["start"], b["end"]) for b in blocks if b["titles"]]
    for role in found:
        yield Judged(role["confidence"], any(start <= role["span"]["start"] < end for start, end in heads))


def skills(folder: Path, out: Path) -> tuple[int, int, int]:
    """Skills found, skills named by the parser, skills asked for, over the documents whose skills were listed; width and
    case do not count."""
    hits = said = asked = 0
    for name, listed in gold.skills_of(folder).items():
        if not (folder / f"{name}.gold.json").exists():
            continue
        asked += sum(map(len, listed.values()))
        for n, role in enumerate(record(out, name)):
            wanted = [{folded(form) for form in forms} for forms in listed.get(n, [])]
            named = [folded(skill["name"]) for skill in role["qualifications"]["skills"]]
            said += len(named)
            hits += sum(any(name in forms for forms in wanted) for name in named)
    return hits, said, asked


def folded(name: str) -> str:
    """A name without differences of width, case and white space."""
    return "".join(unicodedata.normalize("NFKC", name).lower().split())


def reliability(name: str, judged: list[Judged]) -> None:
    """Print how often what was judged is right, by how sure it was."""
    print(f"\nconfidence of {name}     number  share right")
    for low, high in pairwise((0.0, 0.5, 0.7, 0.9, 0.97, 1.01)):
        part = [j.right for j in judged if low <= j.confidence < high]
        if part:
            print(f"{low:5.2f} to {min(high, 1.0):4.2f} {len(part):16} {sum(part) / len(part):12.3f}")


def report(name: str, found: dict[str, float], least: dict[str, float]) -> list[str]:
    """Print each score of a set beside its floor; the names of those that are below."""
    bad = [score for score, floor in least.items() if found[score] < floor]
    bad += [score for score, ceiling in CEILINGS.items() if found[score] > ceiling]
    print(f"\n{name}")
    for score, value in found.items():
        bound = f"  (at least {least[score]})" if score in least else ""
        bound = f"  (at most {CEILINGS[score]})" if score in CEILINGS else bound
        print(f"  {score:18} {value:.4f}{bound}{'  BELOW' if score in bad else ''}")
    return bad


_ANY = re.compile("")


def main() -> int:
    """Print each score beside its floor; 1 when one is below."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--floor", action="append", default=[], metavar="SET.NAME=VALUE", help="raise a floor")
    parser.add_argument("--dir", type=Path, help="annotated documents of another folder, without floors")
    parser.add_argument("--verbose", action="store_true", help="print every document's scores and misses")
    arguments = parser.parse_args()
    least = floors(arguments.floor)
    for needed in (EVALUATION / "score.py", CORPUS):
        if not needed.exists():
            print(f"make eval needs {needed}, which is not here", file=sys.stderr)
            return 2
    sets: dict[str, Callable[[Path], Path]] = {
        **{name: partial(with_gold, DOCUMENTS / "apart", pattern) for name, pattern in APART.items()},
        **{path.stem: partial(with_postings, path) for path in sorted(POSTINGS.glob("*.jsonl"))},
        "dev": partial(with_gold, EVALUATION / "dev", _ANY),
    }
    if arguments.dir:
        sets = {arguments.dir.name: partial(with_gold, arguments.dir, _ANY)}
    bad = []
    for name, fill in sets.items():
        with tempfile.TemporaryDirectory() as copy:
            found, judged = scores(fill(Path(copy)), arguments.verbose)
        bad += report(name, found, least.get(name, {}))
        for what, said in judged.items():
            reliability(what, said)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
