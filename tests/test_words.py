"""Swaps that no table holds are found from the page, and words of other fields are left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import lexicons
from pipeline.clean import clean
from pipeline.correct import Settings, correct
from pipeline.correct.propose.usual import load_usual

PAGE = """岗位职责：
1、负责公司网站的日常保护工作，及时处理用户反馈的题目；
2、帮忙部门经理结束年度计划的拟定和执行；
3、构造团队成员进行业务培训，晋升团队的整体水平；
4、帮忙销售部门进行客户资料的搜集和整理，结束数据分析报告；
5、结束领导交办的其他工作。
任职要求：
1、本科及之上学历，三年之上相关工作体会；
2、有优良的交换协调能力和团队合作精神；
3、工作仔细负责，有相关工作体会者优先。"""
FIELDS = json.loads((Path(__file__).parent / "cases" / "correct" / "fields.json").read_text(encoding="utf-8"))


def test_unlisted_swaps_are_taken_back_where_the_page_shows_several() -> None:
    corrected = correct(clean(PAGE))
    text = corrected.revision.text
    for right in ("用户反馈的问题", "完成年度计划", "三年以上相关工作经验"):
        assert right in text
    assert {c.rule for c in corrected.revision.corrections()} == {"spin.discovered"}
    assert corrected.revision.undo() == PAGE


def test_unlisted_swaps_say_in_how_many_places_and_can_be_switched_off() -> None:
    changes = correct(clean(PAGE)).revision.corrections()
    assert all("likely" in c.evidence for c in changes)
    assert any("in 3 places" in c.evidence for c in changes)
    assert correct(clean(PAGE), Settings(off=frozenset({"spin"}))).revision.text == PAGE


def test_one_odd_word_alone_is_left() -> None:
    text = (
        "岗位职责：\n1、帮忙部门经理完成年度计划的制定；\n2、完成领导交办的其他工作。\n任职要求：\n1、有相关工作经验。"
    )
    assert correct(clean(text)).revision.text == text


@pytest.mark.parametrize("case", FIELDS, ids=lambda case: case["text"][:12])
def test_words_of_another_field_are_left_alone(case: dict[str, str]) -> None:
    assert correct(clean(case["text"])).revision.text == case["text"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("1、参与产品开发的设记工作；", "1、参与产品开发的设计工作；"),
        ("1、负责公司官网的代码编写和后台的喂护工作；", "1、负责公司官网的代码编写和后台的维护工作；"),
    ],
)
def test_word_typed_for_one_that_is_read_alike_is_mended(wrong: str, right: str) -> None:
    text = f"岗位职责：\n{wrong}\n3、完成领导交办的其他工作。"
    corrected = correct(clean(text))
    assert corrected.revision.text == text.replace(wrong, right)
    assert {c.category for c in corrected.revision.corrections()} == {"typo"}
    assert corrected.revision.undo() == text


@pytest.mark.parametrize("text", ["产品仅限内部使用，收费项目另行通知。", "上午负责接待，下午整理客户资料。"])
def test_no_word_becomes_its_opposite(text: str) -> None:
    assert correct(clean(f"{PAGE}\n{text}")).revision.text.endswith(text)


def test_lexicons_hold_no_opposites() -> None:
    usual = load_usual()
    rows = [row[:2] for name in ("synonyms", "spin") for row in lexicons.rows(name)]
    assert not [(a, b) for a, b in rows if len(a) == len(b) == 2 and usual.opposed(a, b)]


def test_suggestions_name_each_change_once() -> None:
    suggested = [(c.start, c.end, c.replacement) for c in correct(clean(PAGE), Settings(apply_above=1.0)).suggestions]
    assert suggested
    assert len(suggested) == len(set(suggested))
