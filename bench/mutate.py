"""Put small faults into the code, one at a time, and see whether a test notices.

    python bench/mutate.py [ROOM ...] [--faults N] [--seed N]

Works on a copy of the repository. Prints each fault that no test notices, and the share of those that one does.
A fault is a comparison, a sum or a condition turned round, a number one larger, or a function that returns nothing.
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
COPIED = (
    "pipeline",
    "tests",
    "schemas",
    "raw",
    "docs",
    "bench",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "NOTICE",
)
SECONDS = 240.0
"""After which a fault that makes the tests hang counts as noticed."""

ROOMS: dict[str, tuple[tuple[str, ...], str]] = {
    "text": (("pipeline/text.py",), "text clean"),
    "segment": (("pipeline/segment/*.py",), "segment golden hints"),
    "correct": (
        ("pipeline/correct/*.py", "pipeline/correct/propose/*.py", "pipeline/correct/decide/*.py"),
        "correct words lost gaps ties trees decision golden",
    ),
    "export": (("pipeline/export/*.py",), "export schemas writers validate golden"),
}
"""The files of each room, and the tests that hold it."""

TURNED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


def places(tree: ast.Module) -> Iterator[ast.AST]:
    """Where a fault can be put: in functions only, for what stands outside is mostly data."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                number = isinstance(node, ast.Constant) and type(node.value) in (int, float, bool)
                if number or isinstance(node, ast.Compare | ast.BinOp | ast.BoolOp | ast.If | ast.Return):
                    yield node


def spoil(node: ast.AST) -> str:
    """Put a fault at a place; what it is."""
    if isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1  # type: ignore[operator]
        return f"constant becomes {node.value}"
    if isinstance(node, ast.Compare) and type(node.ops[0]) in TURNED:
        setattr(node, "ops", [TURNED[type(node.ops[0])](), *node.ops[1:]])  # noqa: B010
        return f"comparison becomes {type(node.ops[0]).__name__}"
    if isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in TURNED:
        node.op = TURNED[type(node.op)]()  # type: ignore[assignment]
        return f"operator becomes {type(node.op).__name__}"
    if isinstance(node, ast.If):
        node.test = ast.UnaryOp(ast.Not(), node.test)
        return "condition is turned round"
    if isinstance(node, ast.Return) and node.value is not None:
        node.value = ast.Constant(None)
        return "returns None"
    return ""


def faults(files: list[Path], count: int, seed: int) -> Iterator[tuple[Path, int, str, str]]:
    """File, line, what is done and the faulty source, of `count` places at random."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in files}
    found = [(path, i) for path, tree in trees.items() for i, _ in enumerate(places(tree))]
    random.Random(seed).shuffle(found)
    for path, i in found:
        tree = copy.deepcopy(trees[path])
        node = list(places(tree))[i]
        if what := spoil(node):
            yield path, getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(tree))
            count -= 1
        if not count:
            return


def noticed(copied: Path, tests: str) -> bool:
    """Whether a test fails in the copy."""
    files = [f"tests/test_{name}.py" for name in tests.split()]
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *files]
    try:
        return subprocess.run(words, cwd=copied, capture_output=True, timeout=SECONDS).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def main() -> int:
    """Count the faults that are noticed."""
    parser = argparse.ArgumentParser(description="Put faults into the code and see whether a test notices.")
    parser.add_argument("rooms", nargs="*", default=list(ROOMS))
    parser.add_argument("--faults", type=int, default=20, help="in each room")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder)
        for name in COPIED:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copied / name)
        for room in arguments.rooms:
            patterns, tests = ROOMS[room]
            if noticed(copied, tests):
                print(f"{room}: its tests fail as it is", flush=True)
                return 2
            files = sorted(file for pattern in patterns for file in copied.glob(pattern))
            total = seen = 0
            for path, line, what, source_text in faults(files, arguments.faults, arguments.seed):
                sound = path.read_bytes()
                path.write_text(source_text, "utf-8")
                total += 1
                if noticed(copied, tests):
                    seen += 1
                else:
                    print(f"{path.relative_to(copied)}:{line}: {what}: no test notices", flush=True)
                path.write_bytes(sound)
            print(f"{room}: {seen} of {total} faults noticed ({seen / total:.0%})", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
