"""Texts are cut into roles, headings, entries, fields and leftovers, each in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import parse
from pipeline.segment import headings, markers, numerals, titles
from pipeline.verify import verify
from tests.outline import outline

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['why']}")
    for path in sorted(Path(__file__).parent.joinpath("cases", "segment").glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_layout_is_read(case: dict[str, list[str]]) -> None:
    text = "\n".join(case["input"])
    document = parse(text)
    assert outline(document) == case["expected"]
    assert verify(document, text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十五", 35),
        ("一百零三", 103),
        ("⑫", 12),
        ("⒊", 3),
        ("㈤", 5),
        ("Ⅳ", 4),
        ("iv", 4),
        ("丙", 3),
        ("c", 3),
        ("❸", 3),
        ("二", 2),
        ("元", None),
        ("IQ", None),
    ],
)
def test_numeral_has_its_value(text: str, value: int | None) -> None:
    assert numerals.value(text) == value


@pytest.mark.parametrize(
    "line",
    [
        "3.5年以上经验",
        "9:00上班",
        "2021年入职",
        "5年以上",
        "100人团队",
        "1-3年经验",
        "三年以上",
        "5G网络",
        "1+X证书",
        "2.3年以上",
        "8 小时工作制",
        "一个月",
        "十分重视",
        "3D建模",
    ],
)
def test_quantity_time_or_date_is_no_marker(line: str) -> None:
    assert markers.at(line, 0, len(line)) is None


@pytest.mark.parametrize(
    ("line", "style", "number"),
    [
        ("1、负责", "arabic、", 1),
        ("2。负责", "arabic。", 2),
        ("3 、负责", "arabic、", 3),
        ("（二）负责", "(chinese)", 2),
        ("(3) 负责", "(arabic)", 3),
        ("四：教师", "chinese:", 4),
        ("④负责", "circled291", 4),
        ("第三条 负责", "part条", 3),
        ("【篇2】出纳", "part", 2),
        ("乙、负责", "stem", 2),
        ("b) 负责", "letter)", 2),
        ("1.2 负责", "dotted1", 2),
        ("● 负责", "bullet●", None),
        ("\uf0d8 负责", "bullet\uf0d8", None),
        ("- -负责", "dash", None),
        ("l 负责", "lost", None),
        ("?负责", "lost", None),
        ("### 2. 工程师", "hash3", 2),
    ],
)
def test_marker_has_its_style_and_number(line: str, style: str, number: int | None) -> None:
    marker = markers.at(line, 0, len(line))
    assert marker is not None
    assert (marker.style, marker.number) == (style, number)


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("岗位职责", "duties"),
        ("其他专业要求", "requirements"),
        ("岗位职责及要求", "duties"),
        ("综合素质", "qualities"),
        ("薪酬福利", "other"),
        ("公司简介", "company"),
        ("职能类别", "trailer"),
        ("主要职责包括", "duties"),
    ],
)
def test_heading_phrase_has_its_kind(phrase: str, kind: str) -> None:
    found = headings.lookup(phrase)
    assert found is not None
    assert found[0] == kind


@pytest.mark.parametrize("phrase", ["客户关系", "负责岗位", "沟通能力强", "大专以上学历", "岗位的", ""])
def test_other_words_are_no_heading(phrase: str) -> None:
    assert headings.lookup(phrase) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("渠道客户经理岗位职责2", "渠道客户经理"),
        ("客户经理职责(三)", "客户经理"),
        ("身为一名客户经理的岗位职责", "客户经理"),
        ("教务部工作职责", "教务部"),
        ("出纳岗位说明书", "出纳"),
    ],
)
def test_title_is_clean(text: str, title: str) -> None:
    named = titles.explicit(text)
    assert named is not None
    assert named.title == title


@pytest.mark.parametrize(
    "text", ["岗位职责", "主要工作职责", "负责制定岗位职责", "履行岗位职责", "任职要求", "根据公司安排完成工作职责"]
)
def test_heading_or_sentence_is_no_title(text: str) -> None:
    assert titles.explicit(text) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("PLM顾问(2人)-20K以上", "PLM顾问"),
        ("【急聘】文员", "文员"),
        ("某某医院--数据分析员", "数据分析员"),
        ("护士 3名", "护士"),
    ],
)
def test_what_stands_beside_a_title_is_left_out(text: str, title: str) -> None:
    assert titles.clean(text) == title


ODD = "1一2二3三、.．。，：:;；()（）【】-—*•? \t\n#|职责要求岗位任年经理负"


@given(st.text(ODD, max_size=120))
def test_no_text_loses_a_character(text: str) -> None:
    assert verify(parse(text), text) == []


@pytest.mark.parametrize(
    "text",
    [
        "1、负责客户开发；" * 3_000,
        "(1" * 9_000,
        "、" * 20_000,
        "岗位职责" * 5_000,
        "：" * 20_000,
        "【" * 20_000,
        " -" * 9_000,
    ],
)
def test_long_line_of_one_kind_loses_nothing(text: str) -> None:
    assert verify(parse(text), text) == []
