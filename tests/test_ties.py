"""How the lexicon ties words that it does not pair."""

from __future__ import annotations

import pytest

from pipeline.correct.propose.ties import tie

PAIRS = [("供给", "提供"), ("给予", "供应"), ("带给", "提供"), ("送给", "供应"), ("本领", "能力"), ("本领", "才干")]


def test_words_that_share_a_neighbour_are_kin_however_often_they_are_paired_themselves() -> None:
    ties = tie(PAIRS)
    assert set(ties.kin("能力")) == {"才干"}
    assert set(ties.kin("带给")) == {"供给"}
    assert "提供" not in ties.kin("带给")
    assert ties.kin("没有") == {}


def test_a_neighbour_of_few_words_tells_more_than_one_of_many() -> None:
    ties = tie([("甲一", "中间"), ("乙一", "中间"), ("丙一", "中间"), ("甲一", "两人"), ("丁一", "两人")])
    assert ties.kin("甲一")["丁一"] > ties.kin("甲一")["乙一"]


def test_a_bond_is_in_the_characters_that_other_pairs_put_across_from_each_other() -> None:
    ties = tie(PAIRS)
    assert ties.bond("留给", "供需") > 0
    assert ties.bond("本领", "提供") == 0


def test_a_pair_says_nothing_for_its_own_bond() -> None:
    assert tie([("带给", "提供")]).bond("带给", "提供") == 0
    rest = [pair for pair in PAIRS if pair != ("带给", "提供")]
    assert tie(PAIRS).bond("带给", "提供") == pytest.approx(tie(rest).bond("带给", "提供"), rel=0.2)


def test_a_character_that_both_words_have_is_no_bond() -> None:
    assert tie([("职责", "责任"), ("职务", "责任")]).bond("职责", "责任") > 0
    assert tie([("透过", "通过"), ("经过", "通过")]).bond("过程", "过去") == 0


def test_longer_words_are_not_tied() -> None:
    assert tie([("不一样", "不同")]).kin("不同") == {}
