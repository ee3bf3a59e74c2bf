"""Dirt goes, meaning stays, and everything can be taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean import clean, losses

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['why']}")
    for path in sorted(Path(__file__).parent.joinpath("cases", "clean").glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
]

DIRT = [
    *"岗位职责，。,;:!?<>/&# \t\n\r\x0b\x85\u2028\u200b\u200d☑💻\ufe0f⽤用⻚页一二１Ａ％＆＃;；：？！宀椾綅鑱岃矗锛銆p",
    *["<p>", "</li>", "<td>", "&nbsp;", "&amp;", "&lt;", "br&gt;", "&#160;", "\\u0026", "nbsp;", "strong", "\\u003c"],
    *["amp;", "lt;", "p1.", "**", "*", "职责**", "å²\u2014ä½\x8d", "ã€\x81", "\r\n"],
]
"""Pieces whose neighbourhoods call for one rule after another."""

dirty_texts = st.lists(st.sampled_from(DIRT), max_size=14).map("".join) | st.text(max_size=20)


@pytest.mark.parametrize("case", CASES)
def test_text_is_cleaned(case: dict[str, str]) -> None:
    assert clean(case["input"]).text == case["expected"]


@pytest.mark.parametrize("case", CASES)
def test_cleaning_touches_no_meaning(case: dict[str, str]) -> None:
    assert clean(case["input"]).corrections() == ()


@given(dirty_texts)
def test_cleaning_is_undone(text: str) -> None:
    assert clean(text).undo() == text


@given(dirty_texts)
def test_clean_text_is_left_alone(text: str) -> None:
    once = clean(text).text
    assert clean(once).changes == ()


@given(st.text())
def test_no_character_stays_that_xml_forbids(text: str) -> None:
    left = clean(text + "\x00\x08\x1f\ufffe\uffff").text
    assert all(c in "\t\n" or (c >= " " and c not in "\ufffe\uffff") for c in left)


def test_character_in_two_encodings_is_one_and_a_listed_correction() -> None:
    revision = clean("提升⽤用户体验，1年年以上，量⼈人")
    assert revision.text == "提升用户体验，1年年以上，量人"
    assert [(c.original, c.replacement, c.category) for c in revision.corrections()] == [
        ("⽤用", "用", "dup"),
        ("⼈人", "人", "dup"),
    ]


def test_change_says_which_rules_made_it() -> None:
    (change,) = clean("收款&nbsp;付款").changes
    assert (change.original, change.replacement, change.rule) == ("&nbsp;", " ", "entity+space")


@pytest.mark.parametrize("text", ["锟斤拷锟斤拷", "收\ufffd款", "烫烫烫", "银锛?付款"])
def test_lost_characters_are_reported(text: str) -> None:
    ((code, message),) = losses(text)
    assert code == "lost-characters"
    assert "character" in message


def test_whole_text_is_not_reported_as_lost() -> None:
    assert losses("岗位职责：\n?收款\n1、付款") == ()


@pytest.mark.parametrize(
    "piece",
    [
        "<p ",
        "**a:",
        "**",
        "&amp;",
        "<!--",
        "\\u0026p/",
        "strong",
        "span",
        "/pspan",
        'pspan style=\\"',
        "å²",
        "宀椾",
        "\r",
        "\u200d",
        "，,",
        "一,",
        "收,",
        "⽤",
        "1：",
        "</",
        "& ",
    ],
)
def test_text_made_to_backtrack_is_cleaned_in_time_linear_in_it(piece: str) -> None:
    """`make bench` measures the cost; here a pattern that backtracks would not come to an end."""
    text = piece * 20_000
    assert clean(text).undo() == text


def test_spans_that_lost_their_brackets_go_from_a_page_that_is_full_of_them() -> None:
    page = (
        "pspan1span、看管spanPLCspan柜；span  pspan2span、抄表，每班两次；/span/pbspan要求/b"
        'p style=\\"text-indent: 2em;\\"3、有电工证，会用spanMODBUSspan。p style=\\"text-indent: 2em;\\"4、能值夜'
    )
    revision = clean(page)
    assert revision.text.split() == [
        "1、看管PLC柜；",
        "2、抄表，每班两次；",
        "要求",
        "3、有电工证，会用MODBUS。",
        "4、能值夜",
    ]
    assert {change.rule for change in revision.changes} <= {"stripped-tag", "space", "line-end"}


def test_span_is_a_word_where_a_page_is_not_full_of_tags() -> None:
    text = "1、熟悉 span of control、time span 等概念；2、会写 span、div，spanner 也拧得动。"
    assert clean(text).text == text


def test_tag_whose_brackets_are_written_as_entities_is_one() -> None:
    page = "".join(
        f'&lt;p class="a"&gt;&lt;span class="b"&gt;{n}、看管仪表&lt;/span&gt;&lt;/p&gt;' for n in range(1, 5)
    )
    assert clean(page).text.split() == [f"{n}、看管仪表" for n in range(1, 5)]
