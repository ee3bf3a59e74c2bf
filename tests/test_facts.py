"""Candidates are what could state a fact; the model chooses among them, in any layout of fields and cells."""

from __future__ import annotations

import time

import numpy as np
import pytest

from pipeline import parse
from pipeline.blocks import Block, Label
from pipeline.classify import facts
from pipeline.classify.facts import candidates, passages, tagger
from pipeline.classify.facts.candidates import Sort
from pipeline.model import Kind, Qualifications
from pipeline.text import Revision


def found(text: str, sort: Sort) -> list[object]:
    """The values of the candidates of one sort."""
    return [c.value for c in candidates.find(text, 0, len(text)) if c.sort == sort]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("三年以上", [3]),
        ("满两年", [2]),
        ("干过五年以上", [5]),
        ("1-3年", [1]),
        ("三到五年", [3]),
        ("两三年", [2]),
        ("十二年", [12]),
        ("半年以上", [0.5]),
        ("6个月以上", [0.5]),
        ("3+ years", [3]),
        ("驾龄 8 年", [8]),
        ("2019年成立", []),
        ("三年级", []),
        ("5年薪不变", []),
    ],
)
def test_numbers_of_years_are_candidates(text: str, years: list[float]) -> None:
    assert found(text, Sort.YEARS) == years


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("18-45岁", [18, 45]),
        ("25—40周岁", [25, 40]),
        ("三十五岁以下", [35]),
        ("二十至四十五周岁", [20, 45]),
        ("不超过40", [40]),
        ("年龄 22 至 30", [22, 30]),
        ("身高165cm", []),
        ("招30人", []),
        ("50%以上", []),
        ("2030年", []),
    ],
)
def test_ages_are_candidates(text: str, ages: list[float]) -> None:
    assert found(text, Sort.AGE) == ages


@pytest.mark.parametrize(
    ("text", "sexes"),
    [
        ("限女性", ["女"]),
        ("男女不限", ["不限"]),
        ("女生男生都行", ["不限"]),
        ("性别：不限", ["不限"]),
        ("性  别\n不限", ["不限"]),
        ("学历不限", []),
        ("male only", ["男"]),
    ],
)
def test_sexes_are_candidates(text: str, sexes: list[str]) -> None:
    assert found(text, Sort.SEX) == sexes


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("统招大专", ["专科"]),
        ("大学本科以上", ["本科"]),
        ("大学文化", ["本科"]),
        ("中职或技校", ["中专", "中专"]),
        ("Master's degree", ["硕士"]),
        ("大学城旁边", []),
        ("专科医院", []),
        ("高中数学课", []),
        ("本科室的工作", []),
    ],
)
def test_levels_are_candidates(text: str, levels: list[str]) -> None:
    assert found(text, Sort.LEVEL) == levels


def test_what_stands_behind_an_empty_box_is_no_candidate_where_another_is_ticked() -> None:
    text = "文化程度：□高中 ☑大专 □本科"
    block = Block(Label.FIELD, 0, len(text), 5, note="文化程度", kind=Kind.REQUIREMENTS)
    (passage,) = passages.of_role(text, [block])
    assert [c.value for c in passage.candidates] == ["专科"]


def test_form_without_any_tick_keeps_its_candidates() -> None:
    text = "文化程度：□高中 □大专"
    block = Block(Label.FIELD, 0, len(text), 5, note="文化程度", kind=Kind.REQUIREMENTS)
    (passage,) = passages.of_role(text, [block])
    assert len(passage.candidates) == 2


def test_duties_and_long_asides_state_no_facts() -> None:
    duty = "带领两名三年以上的老员工完成检修"
    story = "本店成立二十年，" * 20
    text = duty + "\n" + story
    blocks = [
        Block(Label.ITEM, 0, len(duty), 0, kind=Kind.DUTIES),
        Block(Label.PARAGRAPH, len(duty) + 1, len(text), len(duty) + 1, kind=Kind.OTHER),
    ]
    assert list(passages.of_role(text, blocks)) == []


def read(*entries: str, kind: Kind = Kind.REQUIREMENTS, label: Label = Label.ITEM) -> Qualifications:
    """The qualifications of a role whose blocks are these entries."""
    text = "\n".join(entries)
    blocks, at = [], 0
    for entry in entries:
        blocks.append(Block(label, at, at + len(entry), at, kind=kind))
        at += len(entry) + 1
    here = list(passages.of_role(text, blocks))
    return facts.read(Revision.of(text), here, facts.tag(text, here))


def test_scores_do_not_depend_on_what_is_tagged_far_away() -> None:
    entry = "大专以上学历，电子商务专业，两年以上运营经验，会用Excel"
    text = "\n".join([entry] * 3)
    starts = [i * (len(entry) + 1) for i in range(3)]
    blocks = [Block(Label.ITEM, a, a + len(entry), a, kind=Kind.REQUIREMENTS) for a in starts]
    here = list(passages.of_role(text, blocks))
    alone, among = tagger.tag(text, here[:1])[0].scores, tagger.tag(text, here)[0].scores
    assert np.array_equal(alone[:8], among[:8])


def test_scores_are_exact_sums_on_the_grid() -> None:
    scores = tagger.tag(
        "会Excel", list(passages.of_role("会Excel", [Block(Label.ITEM, 0, 6, 0, kind=Kind.REQUIREMENTS)]))
    )[0].scores
    steps = scores * np.float32(tagger.GRID * tagger.WEIGHT_GRID)
    assert np.array_equal(steps, np.rint(steps))


def test_no_passage_no_facts() -> None:
    assert facts.tag("", []) == []
    assert facts.read(Revision.of(""), [], []) == Qualifications()


@pytest.mark.parametrize("entry", ["", "。", "，", "〇", "A", "专业", "年", "男", "岁以下"])
def test_odd_entries_are_read_without_error(entry: str) -> None:
    assert parse(f"任职要求：\n1、{entry}\n2、认真。").roles


def test_short_and_long_runs_are_tagged() -> None:
    assert read("3").skills == ()
    assert read(*["三年以上仓库管理经验"] * 2000).experience[0].min_years == 3


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["大专以上学历，三年以上仓储经验，45岁以下，男女不限"], ("专科", [3], None, 45, "不限")),
        (["25周岁以上"], (None, [], 25, None, None)),
        (["35岁（含）以下"], (None, [], None, 35, None)),
        (["四十到五十二，带过三岁以下宝宝"], (None, [], 40, 52, None)),
        (["岁数别超过四十二"], (None, [], None, 42, None)),
        (["带过二十人的班组，每次不超过十分钟，一天三十单"], (None, [], None, None, None)),
        (["硕士优先，三十五岁以下优先，五年以上经验者优先"], (None, [], None, None, None)),
        (["本科3年或大专5年以上施工经验"], ("专科", [3, 5], None, None, None)),
        (["试用期三个月，合同三年一签"], (None, [], None, None, None)),
    ],
)
def test_conditions_are_told_from_wishes_and_other_numbers(
    entries: list[str], expected: tuple[str | None, list[float], int | None, int | None, str | None]
) -> None:
    q = read(*entries)
    years = [x.min_years for x in q.experience if x.min_years]
    age = q.age
    assert (q.education.min_level, years, age and age.min, age and age.max, q.gender) == expected


def test_mark_before_an_entry_is_no_part_of_its_first_number() -> None:
    (role,) = parse("任职要求：\n1.本科以上学历；\n2.八年以上相关工作经验；").roles
    assert [x.min_years for x in role.qualifications.experience] == [8]


def test_majors_are_named_without_levels_tails_and_certificates() -> None:
    q = read("大专及以上学历，物流管理、市场营销等相关专业，持会计证", "公共关系或新闻学专业")
    assert q.education.majors == ("物流管理", "市场营销", "公共关系", "新闻学")


def test_skills_are_names_and_no_class_words() -> None:
    names = [s.name for s in read("熟练使用Excel、用友，熟悉TCP/IP，掌握方法，了解流程，有电工证").skills]
    assert {"Excel", "用友", "TCP/IP"} <= set(names)
    assert not {"方法", "流程", "电工证"} & set(names)


def test_sign_before_a_name_is_no_part_of_it() -> None:
    names = {s.name for s in read("精通react +redux，熟悉C++").skills}
    assert "C++" in names
    assert not any(name.startswith("+") for name in names)


def test_number_of_universities_is_no_skill() -> None:
    skills = read("985、211本科及以上学历，计算机相关专业，熟悉C++，linux系统").skills
    assert not {"985", "211"} & {skill.name for skill in skills}
    assert "C++" in {skill.name for skill in skills}


@pytest.mark.parametrize("piece", ["3 ", " ", "男 ", "35岁 ", "本科 ", "（", "、", "3-", "□", "性别", "□3年☑"])
def test_cost_of_candidates_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = "3年" + piece * (size // len(piece)) + "以上"
        start = time.process_time()
        found(text, Sort.YEARS)
        read(text)
        return time.process_time() - start

    seconds(2_000)
    assert min(seconds(40_000) for _ in range(2)) < 30 * max(seconds(4_000), 0.02)


def test_words_of_an_english_sentence_are_no_skills_but_tools_are() -> None:
    text = "岗位名称：绘图员\n任职要求：\n1. Middle school education or above, good at MATLAB and Python"
    (role,) = parse(text).roles
    names = {skill.name for skill in role.qualifications.skills}
    assert not names & {"Middle", "school", "education", "above", "good", "and"}
    assert "Python" in names


def test_word_that_is_a_level_only_where_case_is_folded_is_none() -> None:
    assert found("a ma\u017fter degree", Sort.LEVEL) == []


def test_half_a_word_is_no_skill() -> None:
    names = {skill.name for skill in read("了解数据银行、用户画像等工具，熟悉品牌数据银行").skills}
    assert {"数据银行", "用户画像"} <= names
    assert not names & {"数据银", "户画像", "品牌数据银"}


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("要求挖机证，三年以上实操", ["挖机证"]),
        ("持有效护士执业证", ["护士执业证"]),
        ("厨师证加健康证，要教练证", ["厨师证", "健康证", "教练证"]),
        ("安检员四级证", ["安检员四级证"]),
        ("无证、没电工证的不要", []),
        ("懂信用证，做过温度验证和产品认证", []),
    ],
)
def test_certificate_is_named_without_what_is_said_of_it(said: str, names: list[str]) -> None:
    assert [c.name for c in read(said).certificates] == names
