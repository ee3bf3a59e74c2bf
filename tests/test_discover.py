"""Swaps that no table holds are found from the page, and words of other fields are left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.clean import clean
from pipeline.correct import Settings, correct

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
    for right in ("协助部门经理完成", "协助销售部门", "工作经验者优先"):
        assert right in text
    assert {c.rule for c in corrected.revision.corrections()} == {"spin.discovered"}
    assert corrected.revision.undo() == PAGE


def test_unlisted_swaps_say_in_how_many_places_and_can_be_switched_off() -> None:
    changes = correct(clean(PAGE)).revision.corrections()
    assert all("places" in c.evidence and "swaps on the page" in c.evidence for c in changes)
    assert correct(clean(PAGE), Settings(off=frozenset({"spin"}))).revision.text == PAGE


def test_one_odd_word_alone_is_left() -> None:
    text = (
        "岗位职责：\n1、帮忙部门经理完成年度计划的制定；\n2、完成领导交办的其他工作。\n任职要求：\n1、有相关工作经验。"
    )
    assert correct(clean(text)).revision.text == text


@pytest.mark.parametrize("case", FIELDS, ids=lambda case: case["text"][:12])
def test_words_of_another_field_are_left_alone(case: dict[str, str]) -> None:
    assert correct(clean(case["text"])).revision.text == case["text"]
