"""What a person decided is applied to the next record, and what no longer fits is told and never applied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipeline import learn
from pipeline.clean import clean
from pipeline.cli import main
from pipeline.correct import correct
from pipeline.errors import AnnotationError, DecisionsError
from pipeline.model import Document, Kind, SpanModel
from pipeline.review import changes, decisions
from pipeline.review.decisions import (
    ChangeDecision,
    DecidedSource,
    Decision,
    Decisions,
    KindDecision,
    RoleDecision,
    TitleDecision,
)
from pipeline.review.outline import Outline
from pipeline.run import record, source_of
from pipeline.verify import broken

TEXT = (
    "出纳岗位职责\n1、做为预算的负责人，负责现金收付；\n2、登记日记账。\n任职要求：\n1、大专以上学历。\n2、工作认真细致。\n"
    "会计岗位职责\n1、负责总账，编制报表；\n2、负责纳税申报。\n任职要求：\n1、本科以上学历。\n"
)
SOURCE = source_of(TEXT, "财务")


def at(words: str, nth: int = 0) -> dict[str, Any]:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return {"span": {"start": start, "end": start + len(words)}, "original": words}


def decided(*rows: dict[str, Any], sha256: str = SOURCE.sha256) -> Decisions:
    source = {"name": "财务", "sha256": sha256, "characters": len(TEXT)}
    return Decisions.model_validate({"source": source, "decisions": rows})


def parsed(*rows: dict[str, Any]) -> Document:
    document = record(SOURCE, None, [decided(*rows)])
    assert broken(document, TEXT) == []
    return document


def misfits(document: Document) -> list[str]:
    return [w.message for w in document.warnings if w.code == decisions.MISFIT]


def swap(words: str, replacement: str, verdict: str) -> dict[str, Any]:
    return {"type": "change", **at(words), "replacement": replacement, "category": "typo", "verdict": verdict}


def test_text_of_these_tests_has_two_roles_and_a_correction() -> None:
    document = parsed()
    assert [role.title for role in document.roles] == ["出纳", "会计"]
    assert [(c.original, c.replacement) for c in document.corrections] == [("做为", "作为")]
    assert misfits(document) == []


def test_rejected_correction_is_not_made_and_not_suggested() -> None:
    document = parsed(swap("做为", "作为", "reject"))
    assert (document.corrections, document.suggestions, misfits(document)) == ((), (), [])
    assert document.roles[0].duties[0].text.startswith("做为")


def test_accepted_change_is_made_by_the_rule_decision_and_can_be_undone() -> None:
    document = parsed(swap("细致", "仔细", "accept"))
    (made,) = [c for c in document.corrections if c.rule == changes.RULE]
    assert (made.original, made.replacement, made.confidence) == ("细致", "仔细", 1.0)
    assert any(entry.text == "工作认真仔细。" for role in document.roles for entry in role.qualities)


def test_accepted_correction_is_as_sure_as_can_be() -> None:
    (made,) = parsed(swap("做为", "作为", "accept")).corrections
    assert made.confidence == 1.0
    assert made.evidence.endswith("accepted by a person")


def test_change_that_meets_another_correction_is_told() -> None:
    document = parsed(swap("做为预", "作为欲", "accept"))
    assert [c.original for c in document.corrections] == ["做为"]
    assert len(misfits(document)) == 1


def test_what_cleaning_did_stands_again_where_a_correction_is_rejected() -> None:
    text = "岗位职责：\n1、做 为预算的负责人；\n"
    cleaned = clean(text)
    corrected = correct(cleaned)
    for change in corrected.revision.corrections():
        span = SpanModel(start=change.start, end=change.end)
        no = ChangeDecision(
            span=span, original=change.original, replacement=change.replacement, category="typo", verdict="reject"
        )
        back, _ = changes.apply(cleaned, corrected, [no])
        assert back.revision.undo() == text
    if len(corrected.revision.corrections()) == 1:
        assert back.revision.text == cleaned.text


def test_kind_is_what_a_person_says() -> None:
    item = at("2、工作认真细致。")
    document = parsed({"type": "kind", **item, "kind": "requirements"})
    assert [e.text for e in document.roles[0].requirements][-1] == "工作认真细致。"
    assert document.roles[0].requirements[-1].confidence == 1.0
    assert misfits(document) == []


def test_title_is_what_a_person_says() -> None:
    head = at("出纳岗位职责")
    assert parsed({"type": "title", **head, "title": "出纳员"}).roles[0].title == "出纳员"
    assert parsed({"type": "title", **head, "title": None}).roles[0].title is None


def test_role_begins_at_a_heading_that_says_its_title() -> None:
    document = parsed({"type": "role", **at("2、登记日记账。"), "begins": True, "title": "登记"})
    assert [role.title for role in document.roles] == ["出纳", "登记", "会计"]
    second = document.roles[1]
    assert second.heading is not None and second.heading.text == "2、登记日记账。"
    assert [e.text for e in second.requirements] == ["大专以上学历。"]


def test_role_begins_without_a_heading_where_no_title_is_given() -> None:
    document = parsed({"type": "role", **at("任职要求："), "begins": True})
    assert [role.title for role in document.roles] == ["出纳", None, "会计"]
    assert document.roles[1].heading is None


def test_role_that_does_not_begin_goes_to_the_one_before_or_to_none() -> None:
    second = parsed({"type": "role", **at("会计岗位职责"), "begins": False})
    assert [role.title for role in second.roles] == ["出纳"]
    assert "负责总账，编制报表；" in [e.text for e in second.roles[0].duties]
    first = parsed({"type": "role", **at("出纳岗位职责"), "begins": False})
    assert [role.title for role in first.roles] == ["会计"]
    assert {left.reason for left in first.leftovers} == {"decision"}


def test_confirmed_role_is_as_sure_as_can_be() -> None:
    document = parsed({"type": "role", **at("会计岗位职责"), "begins": True})
    assert [role.title for role in document.roles] == ["出纳", "会计"]
    assert document.roles[1].confidence == 1.0


def test_decisions_on_another_version_are_told_and_not_applied() -> None:
    old = decided(swap("做为", "作为", "reject"), sha256="0" * 64)
    document = record(SOURCE, None, [old])
    assert len(document.corrections) == 1
    assert misfits(document) == [
        "the decision on the change of '做为' at 9 was not applied: it was made on another version of the file"
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({**swap("做为", "作为", "reject"), "original": "座为"}, "the source text reads otherwise there"),
        ({"type": "kind", **at("日记账"), "kind": "other"}, "no block stands there any more"),
        ({"type": "kind", **at("会计岗位职责"), "kind": "other"}, "it heads a role now"),
        ({"type": "title", **at("任职要求："), "title": "主管"}, "no role begins there any more"),
        ({"type": "role", **at("账"), "begins": True}, "no block stands there any more"),
    ],
)
def test_decision_that_does_not_fit_is_told_and_not_applied(row: dict[str, Any], why: str) -> None:
    document = parsed(row)
    assert [m.partition("was not applied: ")[2] for m in misfits(document)] == [why]
    assert document.roles == parsed().roles


@pytest.mark.parametrize("data", [b"", b"[]", b'{"format": "other"}', b"\xff"])
def test_file_of_no_decisions_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(data)
    with pytest.raises(DecisionsError, match=r"a\.json: no file of decisions: "):
        decisions.load(file)
    with pytest.raises(DecisionsError, match="No such file"):
        decisions.load(tmp_path / "none.json")


# -- the command line -------------------------------------------------------------------------------------------------


def gangwei(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_parse_takes_decisions_and_parses_anew_what_they_are_about(tmp_path: Path) -> None:
    raw, out, file = tmp_path / "raw", tmp_path / "out", tmp_path / "d.json"
    raw.mkdir()
    (raw / "财务.txt").write_text(TEXT, encoding="utf-8")
    (raw / "他.txt").write_text(TEXT.replace("日记账", "流水账"), encoding="utf-8")
    file.write_text(decided(swap("做为", "作为", "reject")).model_dump_json(), encoding="utf-8")
    assert gangwei("parse", raw, "-o", out).exit_code == 0
    assert gangwei("parse", raw, "-o", out, "--decisions", file).stderr == "1 parsed, 1 unchanged, 0 failed\n"
    assert json.loads((out / "财务.json").read_bytes())["corrections"] == []
    assert len(json.loads((out / "他.json").read_bytes())["corrections"]) == 1
    assert gangwei("parse", raw, "-o", out, "--decisions", file).stderr == "0 parsed, 2 unchanged, 0 failed\n"
    alone = gangwei("parse", raw / "财务.txt", "-o", "-", "--decisions", file)
    assert json.loads(alone.stdout_bytes)["corrections"] == []


def test_parse_tells_of_decisions_that_no_longer_fit(tmp_path: Path) -> None:
    raw, out, file = tmp_path / "raw", tmp_path / "out", tmp_path / "d.json"
    raw.mkdir()
    (raw / "财务.txt").write_text(TEXT + "3、会开车。\n", encoding="utf-8")
    file.write_text(decided(swap("做为", "作为", "reject")).model_dump_json(), encoding="utf-8")
    told = gangwei("parse", raw, "-o", out, "--decisions", file)
    assert told.exit_code == 0
    assert f"gangwei: {raw / '财务.txt'}: 1 decision no longer fits and was not applied; its warnings say why\n" in (
        told.stderr
    )
    warnings = json.loads((out / "财务.json").read_bytes())["warnings"]
    assert [w["code"] for w in warnings].count(decisions.MISFIT) == 1


def test_decisions_and_lines_exclude_each_other(tmp_path: Path) -> None:
    file = tmp_path / "d.json"
    file.write_text(decided().model_dump_json(), encoding="utf-8")
    assert gangwei("parse", "--lines", "a.jsonl", "-o", tmp_path / "o.jsonl", "--decisions", file).exit_code == 2
    (tmp_path / "bad.json").write_text("{}")
    assert gangwei("parse", "a.txt", "-o", tmp_path / "o", "--decisions", tmp_path / "bad.json").exit_code == 2


def test_folder_of_decisions_is_taken_and_one_about_no_document_is_told(tmp_path: Path) -> None:
    raw, out, folder = tmp_path / "raw", tmp_path / "out", tmp_path / "decided"
    raw.mkdir()
    folder.mkdir()
    (raw / "改名.txt").write_text(TEXT, encoding="utf-8")
    (folder / "财务.decisions.json").write_text(decided(swap("做为", "作为", "reject")).model_dump_json(), "utf-8")
    assert gangwei("parse", raw, "-o", out, "--decisions", folder).stderr == "1 parsed, 0 failed\n"
    assert json.loads((out / "改名.json").read_bytes())["corrections"] == []
    (raw / "改名.txt").write_text(TEXT + "改", encoding="utf-8")
    told = gangwei("parse", raw, "-o", out, "--decisions", folder).stderr
    assert "gangwei: 财务: no document that is parsed is the one that was decided about\n" in told


# -- every block and change of real layouts ---------------------------------------------------------------------------

MARKED = "# 招聘\n\n## **电焊工**\n\n**岗位职责：**\n\n- 负责焊接；\n  1. 点焊；\n  2. 氩弧焊；\n- 维护设备。\n\n本公司地处江南。\n"
RAW = Path(__file__).parent.parent / "raw"
TEXTS = {"marked": MARKED} | {
    name: (RAW / f"{name}.txt").read_text(encoding="utf-8-sig")
    for name in ("云杉物流部门手册", "出纳会计职责精选3篇", "晨光诊所招聘启事", "网店运营一行式", "质检主管岗位说明书")
}


@pytest.mark.parametrize("name", TEXTS)
def test_decisions_on_all_that_a_page_shows_fit(name: str) -> None:
    source = source_of(TEXTS[name], name)
    outline = Outline.of(record(source), source.text)
    rows: list[Decision] = [
        KindDecision(span=b.span, original=outline.original(b.span), kind=Kind.OTHER) for b in outline.blocks if b.kind
    ]
    for k in range(len(outline.document.roles)):
        span = outline.anchor(k)
        rows += [
            RoleDecision(span=span, original=outline.original(span), begins=True),
            TitleDecision(span=span, original=outline.original(span), title="某岗"),
        ]
    rows += [
        ChangeDecision(**s.change.model_dump(include=SWAP), verdict="reject" if s.made else "accept")
        for s in outline.changes
    ]
    about = DecidedSource(name=name, sha256=source.sha256, characters=len(source.text))
    document = record(source, None, [Decisions(source=about, decisions=tuple(rows))])
    assert misfits(document) == []
    assert {role.title for role in document.roles} <= {"某岗"}
    assert not any(role.duties or role.requirements or role.qualities for role in document.roles)
    assert document.suggestions == ()


SWAP = {"span", "original", "replacement", "category"}


@pytest.mark.parametrize("name", TEXTS)
def test_role_may_begin_and_not_begin_anywhere(name: str) -> None:
    source = source_of(TEXTS[name], name)
    outline = Outline.of(record(source), source.text)
    about = DecidedSource(name=name, sha256=source.sha256, characters=len(source.text))
    for block in outline.blocks[::4]:
        words = outline.original(block.span)
        for begins in (True, False):
            row = RoleDecision(span=block.span, original=words, begins=begins, title=words.strip()[:3])
            document = record(source, None, [Decisions(source=about, decisions=(row,))])  # which holds it to its source
            assert misfits(document) == []


def test_decisions_are_annotations_to_learn_from(tmp_path: Path) -> None:
    (tmp_path / "财务.txt").write_text(TEXT, encoding="utf-8")
    item = at("2、工作认真细致。")
    rows = (
        {"type": "kind", **item, "kind": "requirements"},
        {"type": "title", **at("出纳岗位职责"), "title": "出纳员"},
    )
    (tmp_path / "财务.decisions.json").write_text(decided(*rows).model_dump_json(), encoding="utf-8")
    (annotation,) = learn.annotated(tmp_path)
    marks = {annotation.text[m.start : m.end]: m for m in annotation.marks}
    assert marks["2、工作认真细致。"].kinds == ("requirements",)
    assert marks["出纳岗位职责"].titles == ("出纳员",)
    (tmp_path / "财务.txt").write_text("改" + TEXT, encoding="utf-8")
    with pytest.raises(AnnotationError, match="made on another version"):
        learn.annotated(tmp_path)
