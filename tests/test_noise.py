"""Noise comes with its truth, and the same seed makes the same noise."""

from __future__ import annotations

import random

import pytest

from pipeline.correct.language.sound import EXACT, NEAR, alike
from pipeline.correct.propose.usual import load_usual
from pipeline.train import noise

TEXT = "岗位职责：\n1、负责为客户提供优质的服务；\n2、有良好的沟通能力和较强的责任心，学习能力强。"
TABLE = {"提供": "带给", "能力": "潜力", "责任心": "职责心", "不同": "不一样"}


def restored(noisy: noise.Noisy) -> str:
    text = noisy.text
    for at, (wrong, right) in sorted(noisy.truth.items(), reverse=True):
        assert text.startswith(wrong, at)
        text = text[:at] + right + text[at + len(wrong) :]
    return text


@pytest.mark.parametrize("seed", range(5))
def test_rewritten_text_goes_back_by_its_truth(seed: int) -> None:
    assert restored(noise.rewrite(TEXT, TABLE, random.Random(seed))) == TEXT


def test_swap_in_a_longer_word_is_told_by_what_differs() -> None:
    truths = [noise.rewrite(TEXT, TABLE, random.Random(seed)).truth for seed in range(5)]
    assert ("职责", "责任") in {pair for truth in truths for pair in truth.values()}


@pytest.mark.parametrize("seed", range(5))
def test_mistyped_text_goes_back_and_sounds_alike(seed: int) -> None:
    noisy = noise.mistype(TEXT, noise.homophones(load_usual()), 3, random.Random(seed))
    assert noisy.text != TEXT
    assert restored(noisy) == TEXT
    assert all(alike(wrong, right) for wrong, right in noisy.truth.values())


def test_same_seed_makes_the_same_noise() -> None:
    words = noise.homophones(load_usual())
    assert noise.mistype(TEXT, words, 3, random.Random(1)) == noise.mistype(TEXT, words, 3, random.Random(1))


def test_stitched_page_has_lines_of_both() -> None:
    truth = "一二三\n四五六\n七八九\n十百千"
    ocr = "一二兰\n四玉六\n七八几\n十白千"
    for seed in range(5):
        lines = noise.stitch(truth, ocr, random.Random(seed)).split("\n")
        assert len(lines) == 4
        assert all(line in (a, b) for line, a, b in zip(lines, truth.split("\n"), ocr.split("\n"), strict=True))
        assert lines != truth.split("\n")


def test_page_whose_lines_do_not_match_is_left_as_it_was_read() -> None:
    assert noise.stitch("一\n二", "一二", random.Random(0)) == "一二"


@pytest.mark.parametrize(
    ("word", "other", "wanted"),
    [
        ("简历", "建立", EXACT),
        ("职能", "智能", EXACT),
        ("层级", "成绩", NEAR),
        ("能力", "潜力", 0.0),
        ("设计", "社计", EXACT),
    ],
)
def test_words_that_are_read_alike_are_told(word: str, other: str, wanted: float) -> None:
    assert alike(word, other) == wanted == alike(other, word)
