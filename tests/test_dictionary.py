"""The words of the language at large: which strings are words, and which pairs only lie across two."""

from __future__ import annotations

import pytest

from pipeline.correct.language.dictionary import ABSENT, standing
from pipeline.correct.language.ngrams import load
from pipeline.correct.language.rescoring import Scored
from pipeline.correct.propose.usual import load_usual
from pipeline.correct.propose.words import find
from pipeline.train.dictionary import words


def test_words_are_told_from_pairs_across_their_bounds() -> None:
    word, _ = standing("负责开发产品")
    assert word[0] > ABSENT  # 负责
    assert word[1] == ABSENT  # 责开
    assert word[2] > ABSENT  # 开发


def test_longer_words_stand_for_the_pairs_that_they_hold() -> None:
    word, longer = standing("素质参差不齐")
    assert longer[2:5].min() > ABSENT
    assert word[3] == ABSENT  # 差不


def test_a_character_stands_in_the_words_on_either_side() -> None:
    word, _ = standing("开发商量").of_characters()
    assert word.min() > ABSENT


@pytest.mark.parametrize("text", ["", "好", "A", "\n"])
def test_texts_without_words_have_none(text: str) -> None:
    assert (standing(text).word == ABSENT).all()
    assert len(standing(text).longer) == len(text)


def test_rare_long_words_and_latin_ones_are_not_packed() -> None:
    lines = ["开发 9 v", "开发商 4 n", "开发区 5 n", "T恤 30 n", "开 99 v", "开发开放区 50 n"]
    assert words(lines) == {"开发": 9, "开发区": 5}


def test_pairs_across_the_bounds_of_words_are_no_odd_words() -> None:
    text = "1、精简厉行节约的各项开支，热情开朗；\n2、亟待完成的工作。"
    found = find(load(), load_usual(), text, Scored.of(load(), text), standing(text))
    assert found is None or not {"简厉", "责开"} & set(found.names)
