"""The page of codes says what the code says: no more, no less."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline
from pipeline.model import Category, Document
from pipeline.run import parse
from tests.test_kills import TEXT

PACKAGE = Path(pipeline.__file__).parent
PAGE = PACKAGE.parent / "docs" / "codes.md"
WARNINGS, LEFTOVERS, NORMALISATIONS, CORRECTIONS = range(4)


def tables() -> list[list[tuple[set[str], str]]]:
    """The rows of each table: the codes of the first column, and the second column."""
    found: list[list[tuple[set[str], str]]] = []
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| ---"):
            found.append([])
        elif line.startswith("| `"):
            first, second = line.strip("|").split("|")[:2]
            found[-1].append((set(re.findall("`([^`]+)`", first)), second.strip()))
    return found


def names(table: int) -> set[str]:
    return {name for codes, _ in tables()[table] for name in codes}


def literals() -> set[str]:
    """All strings in the code, and the first parts of those that are put together."""
    trees = (ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py") if "train" not in path.parts)
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def codes_of_warnings() -> Iterator[str]:
    """What warnings are made with where the code is written out."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DocumentWarning":
                yield from (
                    k.value.value for k in node.keywords if k.arg == "code" and isinstance(k.value, ast.Constant)
                )


def documents() -> Iterator[Document]:
    folder = PACKAGE.parent
    for path in (*sorted(folder.glob("raw/*.txt")), *sorted(folder.glob("tests/documents/apart/*.txt"))[:60]):
        yield parse(path.read_text("gb18030" if "GB18030" in path.name else "utf-8"))
    yield parse(TEXT.format("出纳", 3) + "限男性，35岁以下。\n<b>**注意**</b>\n沟通的的能力，熟悉Pyhton。")


@pytest.mark.parametrize("table", range(4))
def test_each_code_on_the_page_is_one(table: int) -> None:
    told = literals()
    for name in names(table):
        assert name in told or name.startswith("spin."), name


def test_each_code_of_records_is_on_the_page() -> None:
    assert set(codes_of_warnings()) <= names(WARNINGS)
    rules = names(NORMALISATIONS) | names(CORRECTIONS)
    for document in documents():
        assert {warning.code for warning in document.warnings} <= names(WARNINGS)
        changes = (*document.corrections, *document.suggestions, *document.normalisations)
        assert {part for change in changes for part in change.rule.split("+")} <= rules
        assert {p for left in document.leftovers for p in left.reason.split("+")} <= names(LEFTOVERS) | rules


def test_categories_on_the_page_are_those_of_the_model() -> None:
    told = {word for _, second in tables()[CORRECTIONS] for word in second.split(", ")}
    assert {word for word in told if " " not in word} <= set(Category)
