"""Texts that speed is measured on: of the sizes that are said, the same each time, from documents of our own."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[1] / "bench"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


material = load("material")


@pytest.mark.parametrize("name", material.ODD)
def test_odd_input_has_about_the_size_that_is_asked_for(name: str) -> None:
    for size in (600, 6_000):
        assert 0.9 * size <= len(material.ODD[name](size)) <= 1.1 * size
        assert material.ODD[name](size) == material.ODD[name](size)


def test_there_are_forty_odd_inputs() -> None:
    assert len(material.ODD) >= 40


def test_postings_and_documents_are_of_their_sizes_and_no_two_are_alike() -> None:
    found = material.texts(None)
    postings = list(material.postings(found, 4_000))
    assert len(set(postings)) == len(postings) == 4_000
    assert 380 <= sum(map(len, postings)) / 4_000 <= 600
    documents = list(material.documents(found, 30))
    assert [len(text) for text in documents] == [7_000] * 30
    assert len(set(documents)) == 30


@pytest.mark.parametrize("size", [1_000, 5_000_000])
def test_long_text_has_the_bytes_that_are_asked_for(size: int) -> None:
    assert size - 3 <= len(material.long_text(material.texts(None), size).encode()) <= size


def test_texts_of_a_corpus_are_taken_in_place_of_our_own(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "出纳"}) + "\n", encoding="utf-8")
    assert material.texts(tmp_path / "a.jsonl") == ["出纳"]
