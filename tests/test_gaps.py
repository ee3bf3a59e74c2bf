"""Characters that were left out are put in where the text needs them, and short words stay short."""

from __future__ import annotations

import random

import pytest

from pipeline.clean import clean
from pipeline.correct import correct
from pipeline.correct.propose import gaps
from pipeline.train import noise


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("1、根据集团战目标制定年度计划；", "1、根据集团战略目标制定年度计划；"),
        ("1、熟练使用办软件；", "1、熟练使用办公软件；"),
        ("1、负责与界面设师和开发人员沟通；", "1、负责与界面设计师和开发人员沟通；"),
        ("1、参需求分析和设计；", "1、参与需求分析和设计；"),
        ("1、良好的沟通能力和团合作精神；", "1、良好的沟通能力和团队合作精神；"),
    ],
)
def test_lost_character_is_put_in(wrong: str, right: str) -> None:
    page = f"岗位职责：\n{wrong}\n2、完成领导交办的其他工作。"
    corrected = correct(clean(page))
    assert corrected.revision.text == page.replace(wrong, right)
    (change,) = corrected.revision.corrections()
    assert (change.category, change.rule) == ("missing", "missing.character")
    assert corrected.revision.undo() == page


@pytest.mark.parametrize(
    ("wrong", "replacement"),
    [
        ("1、熟悉操作系统的常命令；", "常用"),
    ],
)
def test_character_that_is_perhaps_lost_is_suggested(wrong: str, replacement: str) -> None:
    page = f"岗位职责：\n{wrong}\n2、完成领导交办的其他工作。"
    corrected = correct(clean(page))
    assert corrected.revision.text == page
    assert [s.replacement for s in corrected.suggestions] == [replacement]


@pytest.mark.parametrize(
    "text",
    [
        "依制度办理入离职手续",
        "会写存储过程，能带新人",
        "对外有较强的谈判能力",
        "有较强的逻辑思维力",
        "爱技术，爱分享",
        "确保工时使用合规",
        "负责程序化买量的投放",
        "熟悉自义定控件的开发",
        "擅长外联公关",
        "药剂科、检验科各设组长一名",
    ],
)
def test_text_that_lacks_nothing_stays(text: str) -> None:
    page = f"岗位职责：\n1、{text}；\n2、完成领导交办的其他工作。"
    assert correct(clean(page)).revision.text == page


@pytest.mark.parametrize("seed", range(5))
def test_dropped_characters_are_told_by_the_noise(seed: int) -> None:
    text = "岗位职责：\n1、负责客户的开发与维护，良好的的沟通。"
    noisy = noise.drop(text, 1, random.Random(seed))
    ((at, (_, lost)),) = noisy.truth.items()
    assert noisy.text[:at] + lost + noisy.text[at:] == text
    assert noise.restores(noisy, at, lost)
    assert not noise.restores(noisy, at, "？")


def test_either_of_two_like_characters_restores_a_text() -> None:
    noisy = noise.Noisy("良好的沟通", {2: ("", "的")})
    assert noise.restores(noisy, 3, "的")


@pytest.mark.parametrize(
    ("text", "at", "there"),
    [
        ("负责户的维护，客", 2, False),
        ("负责 客 户的维护", 2, True),
        ("客负责户的维护", 3, True),
        ("客" + "负责沟通协调" * 4 + "户的维护", 25, False),
    ],
)
def test_character_that_stands_close_by_is_misplaced_not_missing(text: str, at: int, there: bool) -> None:
    assert gaps._misplaced(text, at, "客") is there
