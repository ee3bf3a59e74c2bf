"""The rules of the house: rooms keep apart, modules stay small, no data is read before it is needed."""

from __future__ import annotations

import ast
import doctest
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline
from pipeline import lexicons
from pipeline.train import hashes

PACKAGE = Path(pipeline.__file__).parent
ROOMS = {"read", "clean", "correct", "segment", "classify", "export", "review"}
GROUND = {"text", "layout", "model", "blocks", "errors", "lexicons", "lifeline", "version"}
"""What every room may stand on."""

MODULES = sorted(PACKAGE.rglob("*.py"))
LEXICONS = sorted(PACKAGE.joinpath("lexicons").glob("*.tsv"))


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Full names of what a module imports of the package, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "pipeline")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pipeline":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            assert node.level == 0


def part_of(name: str) -> str:
    """The room, or module of the ground or on top, that a full name is of."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_room_imports_itself_and_the_ground_only(path: Path) -> None:
    own = part_of(name_of(path))
    used = {part_of(name) for name in imports(path)}
    if own in ROOMS:
        assert used <= {own} | GROUND
    elif own in GROUND:
        assert used <= GROUND


def test_order_of_the_stages_is_written_once() -> None:
    composing = {
        name_of(path)
        for path in MODULES
        if {"segment", "classify"} <= {part_of(name) for name in imports(path)} and part_of(name_of(path)) != "train"
    }
    assert composing == {"pipeline.run"}


def test_training_does_not_ship_into_the_stages() -> None:
    for path in MODULES:
        if part_of(name_of(path)) not in ("train", "learn"):  # `gangwei learn` trains, with an extra installed
            assert "train" not in {part_of(name) for name in imports(path)}, path


def test_every_module_is_used() -> None:
    """By another one, or by name: the command line, and what training runs."""
    used = {part for path in MODULES for name in imports(path) for part in (name, name.rpartition(".")[0])}
    for path in MODULES:
        name = name_of(path)
        if part_of(name) not in ("train", "cli") and path.stem != "__init__":
            assert name in used, f"{name} is imported by no other module"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_is_short_and_says_what_it_is_for(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 330
    assert ast.get_docstring(ast.parse(source))


def test_public_api_is_small_and_complete() -> None:
    assert len(pipeline.__all__) <= 8
    for name in pipeline.__all__:
        assert getattr(pipeline, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = pipeline.nothing


def test_example_in_the_package_is_true() -> None:
    assert doctest.testmod(pipeline).failed == 0


WATCH = """
import sys
import click, lxml.etree, numpy, orjson, pydantic, jsonschema_rs  # their own files do not count
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import pipeline.run, pipeline.batch, pipeline.cli, pipeline.lines, pipeline.parsing, pipeline.reviewing, pipeline.show
import pipeline.verify
print(*(p for p in opened if "pipeline" in p and not p.endswith((".py", ".pyc", "__pycache__"))), sep="\\n")
"""


def test_importing_reads_no_data() -> None:
    told = subprocess.run([sys.executable, "-c", WATCH], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_help_imports_no_stage() -> None:
    for module in ("pipeline.cli", "pipeline.parsing"):  # the latter hands the work to processes that have the stages
        heavy = "(m for m in sys.modules if m.split('.')[0] in ('numpy', 'pydantic', 'lxml'))"
        code = f"import sys, {module}; print(*{heavy})"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert told.stdout.split() == []


def test_lexicons_are_there() -> None:
    assert LEXICONS


@pytest.mark.parametrize("path", LEXICONS, ids=lambda p: p.stem)
def test_lexicon_is_sorted_unique_and_says_what_it_is(path: Path) -> None:
    data = path.read_bytes()
    lines = data.decode("utf-8").split("\n")
    header = [line for line in lines if line.startswith("#")]
    assert lines[: len(header)] == header, "comments stand in the header only"
    for told in ("format", "origin", "read"):
        assert any(told in line.lower() for line in header), f"the header does not say its {told}"
    assert lines.pop() == "", "the last line ends with a line feed"
    entries = lines[len(header) :]
    assert entries == sorted(set(entries))
    assert all(line == line.strip(" ") and line for line in entries)
    assert len(lexicons.rows(path.stem)) == len(entries)


def test_models_are_those_that_are_listed() -> None:
    """After a model was made anew: make hashes golden."""
    assert dict(hashes.models()) == dict(lexicons.rows("models"))  # type: ignore[arg-type]
    readme = (PACKAGE.parent / "docs" / "models.md").read_text("utf-8")
    for folder in {Path(name).parent for name, _ in hashes.models()}:
        assert f"`{folder.as_posix()}/" in readme


def test_proofs_of_the_promises_are_there() -> None:
    page = (PACKAGE.parent / "docs" / "promises.md").read_text("utf-8")
    proofs = set(re.findall(r"`pytest (\w+)`", page)) - {"X"}
    assert len(proofs) > 10
    for name in proofs:
        assert (PACKAGE.parent / "tests" / f"test_{name}.py").exists(), name
