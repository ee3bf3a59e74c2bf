"""Entries get their kind, roles their facts and profile, documents their warnings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import parse
from pipeline.classify import checks
from pipeline.classify.spans import block_span
from pipeline.clean import clean
from pipeline.model import Document, Kind, Section

FACTS = json.loads(Path(__file__).parent.joinpath("cases", "facts", "requirements.json").read_text(encoding="utf-8"))


def _without_spans(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_spans(v) for k, v in value.items() if k != "span"}
    return [_without_spans(v) for v in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("case", FACTS, ids=lambda case: case["input"])
def test_facts_are_read(case: dict[str, Any]) -> None:
    (role,) = parse("任职要求：\n1、" + case["input"]).roles
    assert _without_spans(role.qualifications.model_dump(mode="json", exclude_defaults=True)) == case["expected"]


def test_spans_of_facts_point_at_their_words() -> None:
    text = "任职要求：\n1、本科以上学历，３年以上销售经验，年龄20-30岁；\n2、精通Java。"
    (role,) = parse(text).roles
    facts = role.qualifications
    spans = [facts.education.span, facts.experience[0].span, facts.age and facts.age.span, facts.skills[0].span]
    assert [text[s.start : s.end] for s in spans if s] == ["本科以上", "３年以上", "20-30岁", "Java"]


def kinds(document: Document) -> list[str]:
    """The kinds of all entries of the first role, in order."""
    found = [
        (e.span.start, kind)
        for kind in ("duties", "requirements", "qualities")
        for e in getattr(document.roles[0], kind)
    ]
    return [kind for _, kind in sorted(found)]


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("负责公司网站的日常维护和内容更新", Kind.DUTIES),
        ("完成领导交办的其他工作", Kind.DUTIES),
        ("大专以上学历，两年以上工作经验", Kind.REQUIREMENTS),
        ("熟练使用办公软件", Kind.REQUIREMENTS),
        ("具有较强的责任心和团队合作精神", Kind.QUALITIES),
        ("性格开朗，善于沟通，能承受工作压力", Kind.QUALITIES),
        ("五险一金，带薪年假，节日福利", Kind.OTHER),
    ],
)
def test_entry_without_a_heading_is_known_by_its_words(entry: str, kind: Kind) -> None:
    node = parse(f"招聘网站编辑一名\n{entry}。\n能倒班。").roles[0].content[0]
    assert not isinstance(node, Section)
    assert node.kind is kind


def test_content_outweighs_the_heading_and_a_warning_names_the_stray() -> None:
    document = parse(
        "岗位职责：\n1、负责日常账务处理；\n2、编制财务报表；\n3、本科以上学历，会计专业，3年以上工作经验。"
    )
    assert kinds(document) == ["duties", "duties", "requirements"]
    assert [w.code for w in document.warnings] == ["strayed-entry"]


def test_list_under_a_wrong_heading_is_read_by_what_it_says() -> None:
    text = "能力要求：\n1、负责物料的收发和保管；\n2、负责成品的入库和出库；\n3、定期组织仓库盘点；\n4、完成上级交办的工作。"
    assert set(kinds(parse(text))) == {"duties"}


def test_role_heading_that_says_duties_counts_for_bare_labels() -> None:
    assert set(kinds(parse("工程部工作职责\n1、设备台账的建立\n2、各项目进度的了解\n3、现场安全检查"))) == {"duties"}


def test_profile_is_read_from_fields() -> None:
    text = "岗位名称：库管员\t所属部门：仓储部\n直接上级：仓储经理  直接下级：搬运工、叉车工\n编制：3人\n工作权限\n1、拒收不合格品。"
    profile = parse(text).roles[0].profile
    assert (profile.department, profile.reports_to, profile.headcount) == ("仓储部", "仓储经理", "3人")
    assert profile.subordinates == ("搬运工", "叉车工")
    assert profile.authority == ("拒收不合格品",)


def test_profile_is_read_from_names_as_forms_have_them() -> None:
    text = (
        "岗位名称：划线工\n直接主管：工段长\n直接下属：学徒\n岗位工作地：铆焊车间\n岗位职责：\n1、划线。\n2、打样冲眼。"
    )
    profile = parse(text).roles[0].profile
    assert (profile.reports_to, profile.subordinates, profile.place) == ("工段长", ("学徒",), "铆焊车间")


def test_profile_is_silent_where_the_text_is() -> None:
    profile = parse("岗位职责：\n1、打字。").roles[0].profile
    assert profile.department is None
    assert profile.subordinates == ()


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("限男性，身体健康", "forbidden-gender"),
        ("女性优先，形象好", "forbidden-gender"),
        ("已婚已育者优先", "forbidden-family"),
        ("仅限汉族", "forbidden-ethnicity"),
        ("无宗教信仰", "forbidden-religion"),
        ("无乙肝等传染病", "forbidden-carrier"),
        ("具有本地户口", "forbidden-household"),
        ("年龄35岁以下", "risk-age"),
        ("至少____年工作经验", "masked-value"),
    ],
)
def test_condition_at_risk_is_warned_of_and_kept(entry: str, code: str) -> None:
    document = parse(f"任职要求：\n1、{entry}；\n2、大专以上学历。")
    assert code in [w.code for w in document.warnings]
    assert entry in document.roles[0].requirements[0].text + "".join(q.text for q in document.roles[0].qualities)


@pytest.mark.parametrize(
    "entry", ["男女不限", "三年以上经验", "办理户口迁移手续的经验", "熟悉乙方流程", "了解少数民族文化"]
)
def test_harmless_condition_is_not_warned_of(entry: str) -> None:
    document = parse(f"任职要求：\n1、{entry}；\n2、大专以上学历。")
    assert [w.code for w in document.warnings] == []


def test_broken_numbering_is_warned_of_and_loses_nothing() -> None:
    document = parse("岗位职责：\n1、接待；\n2、收发；\n2、订购；\n5、布置。\n任职要求：")
    assert [w.code for w in document.warnings] == ["number-doubled", "number-missing", "empty-section"]
    assert len(document.roles[0].duties) == 4


def test_role_that_is_no_likelier_than_not_is_warned_of() -> None:
    (role,) = parse("出纳岗位职责\n1、收款。").roles

    def codes(confidence: float) -> list[str]:
        return [w.code for w in checks.document((role.model_copy(update={"confidence": confidence}),), "出纳")]

    assert codes(0.49) == ["unsure-role"]
    assert codes(0.5) == []


def test_near_duplicate_roles_are_warned_of() -> None:
    body = "1、负责客户开发与维护；\n2、完成销售任务和回款任务；\n3、收集市场信息并及时反馈；\n4、协助组织展会和促销活动。\n"
    document = parse(f"甲区销售员岗位职责\n{body}乙区销售员岗位职责\n{body}")
    assert "near-duplicate" in [w.code for w in document.warnings]
    other = parse(f"甲区销售员岗位职责\n{body}仓库保管员岗位职责\n1、收发货物，登记台账；\n2、组织盘点，整理库房。")
    assert "near-duplicate" not in [w.code for w in other.warnings]


def test_same_text_gives_same_record() -> None:
    text = "文员\n岗位职责：\n1、打字；\n任职要求：\n1、细心。"
    assert parse(text) == parse(text)


def test_block_takes_marks_of_emphasis_but_no_character_of_another_block() -> None:
    """Found in a posting: "**职位描述:** 前端" gave the colon to the heading and to what follows, and no record was written."""
    source = "**职位描述:** 划线工"
    cleaned = clean(source)
    at = cleaned.text.index("划线工")
    span = block_span(cleaned, at, at + 3)
    assert source[span.start : span.end] == "划线工"
    heading = block_span(cleaned, 0, cleaned.text.index("：") + 1)
    assert source[heading.start : heading.end] == "**职位描述:** "


def test_marks_of_emphasis_between_two_blocks_are_in_the_first() -> None:
    source = "**岗位职责**划线"
    cleaned = clean(source)
    at = cleaned.text.index("划线")
    first, second = block_span(cleaned, 0, at), block_span(cleaned, at, at + 2)
    assert (source[first.start : first.end], source[second.start : second.end]) == ("**岗位职责**", "划线")
