"""Characters that a conversion put question marks for are put back, and questions stay."""

from __future__ import annotations

import pytest

from pipeline.clean import clean
from pipeline.correct import correct

PAGE = """岗位职责：
1、独立负责核心模块的开发工作；
2、配合测试人员完成项目的测试，熟练使用常用的测试工具；
3、编写技术文档，参与方案的设计。
任职要求：
1、有良好的沟通能力，责任心强，能承受一定的工作压力。"""
GONE = str.maketrans(dict.fromkeys("立心工目用力", "?"))


def test_lost_characters_are_put_back() -> None:
    page = PAGE.translate(GONE)
    corrected = correct(clean(page))
    assert corrected.revision.text == PAGE
    changes = corrected.revision.corrections()
    assert {(c.category, c.rule) for c in changes} == {("missing", "lost.character")}
    assert all("characters of the page are lost" in c.evidence for c in changes)
    assert corrected.revision.undo() == page


@pytest.mark.parametrize(
    "text",
    [
        "你为什么想来这里？因为喜欢这份工作吗？那就把简历发给我们！",
        "想学编程不？想学就来，基础差也没关系不？没关系！",
        "【客户？产品？服务】一站式平台，客户遍布各地。",
        "产品策划？视觉设计？后端开发？软件测试",
        "1、负责客户的维护？收集市场信息？编写销售报告。",
    ],
)
def test_questions_and_bullets_stay(text: str) -> None:
    assert correct(clean(text)).revision.text == text


def test_one_question_mark_alone_is_no_lost_character() -> None:
    text = "岗位职责：\n1、负责核？模块的开发；\n2、参与方案的设计。"
    assert correct(clean(text)).revision.text == text


def test_number_that_may_be_another_is_not_put_back() -> None:
    page = PAGE.translate(GONE) + "\n2、统招？本以上学历，年满？十岁。"
    assert correct(clean(page)).revision.text.endswith("统招？本以上学历，年满？十岁。")
