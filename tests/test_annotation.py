"""Annotations are read as they are written; what does not fit its text is refused by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import annotation, parse
from pipeline.annotation import Mark
from pipeline.clean import clean
from pipeline.errors import AnnotationError, ModelError
from pipeline.explain import reasons as structure
from pipeline.learn import learn
from pipeline.read import read
from pipeline.segment.evidence import explain

TEXT = "招聘启事\n电焊工\n人数\n2人\n岗位职责：\n1、焊接；2、打磨。\n\n联系人：王师傅\n"
ANN = """# a small one
L0 boilerplate
L1 role_heading title=电焊工/焊工
L2 field other
L3 cont
L4 section_heading duties 1
L5 item duties
L5 item duties/qualities alt=paragraph | text=2、
L7 boilerplate alt=field
F 0 experience_min_years = 2
"""


def test_blocks_have_their_extent_and_what_is_said_of_them() -> None:
    got = annotation.read(TEXT, ANN, "small")
    assert [TEXT[m.start : m.end] for m in got.marks] == [
        "招聘启事",
        "电焊工",
        "人数\n2人",
        "岗位职责：",
        "1、焊接；",
        "2、打磨。",
        "联系人：王师傅",
    ]
    assert got.marks[1].titles == ("电焊工", "焊工")
    assert got.marks[3] == Mark(15, 20, "section_heading", ("duties",), (), 1)
    assert got.marks[5].kinds == ("duties", "qualities")
    assert got.marks[5].alt == ("paragraph",)
    assert got.facts[0].value == "2"
    assert got.family == "small"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("L0 banner", "not a block"),
        ("L99 item duties", "no such text in line 99"),
        ("L5 item duties | text=3、", "no such text"),
        ("L5 item tasks", "unknown word 'tasks'"),
        ("L5 item duties\nL1 item duties", "not in document order"),
        ("F zero = 1", "not a fact"),
        ("L0 cont", "goes on with none"),
    ],
)
def test_annotation_that_does_not_fit_is_refused(row: str, why: str) -> None:
    with pytest.raises(AnnotationError, match=why) as refusal:
        annotation.read(TEXT, row, "bad")
    assert "bad.ann" in str(refusal.value)


def test_corrected_record_says_what_an_annotation_says() -> None:
    document = parse("电焊工\n岗位职责：\n1、焊接钢架；\n2、打磨焊缝。\n任职要求：\n1、两年以上经验。", "weld")
    text = "电焊工\n岗位职责：\n1、焊接钢架；\n2、打磨焊缝。\n任职要求：\n1、两年以上经验。"
    got = annotation.of_record(text, document)
    assert [m.label for m in got.marks] == [
        "role_heading",
        "section_heading",
        "item",
        "item",
        "section_heading",
        "item",
    ]
    assert got.marks[0].titles == ("电焊工",)
    assert got.marks[2].kinds == ("duties",)


def test_folder_gives_documents_with_their_families(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8", newline="")
    (tmp_path / "a.ann").write_text(ANN, encoding="utf-8")
    (tmp_path / "b.txt").write_text("没有标注", encoding="utf-8")
    (tmp_path / "layouts.tsv").write_text("a\tplain notice\tnothing odd\n", encoding="utf-8")
    (got,) = annotation.folder(tmp_path)
    assert (got.name, got.family) == ("a", "plain notice")


def test_folder_without_annotations_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=tmp_path.name):
        annotation.folder(tmp_path)


def test_learning_gives_a_model_that_knows_the_style(tmp_path: Path) -> None:
    folder = tmp_path / "style"
    folder.mkdir()
    for n, post in enumerate(("电焊工", "油漆工", "叉车工")):
        text = f"~~ {post} ~~\n甲 焊接钢架并打磨\n乙 会看图纸\n"
        (folder / f"{n}.txt").write_text(text, encoding="utf-8", newline="")
        rows = f"L0 role_heading title={post}\nL1 item duties\nL2 item requirements\n"
        (folder / f"{n}.ann").write_text(rows, encoding="utf-8")
    try:
        learn(folder, tmp_path / "style.npz", lambda line: None)
    except ModelError as error:
        assert "gangwei[train]" in str(error)
        return
    assert (tmp_path / "style.npz").stat().st_size > 100_000


def test_explanation_names_a_tag_and_what_it_hangs_on_for_every_piece() -> None:
    text = "电焊工（2名）\n岗位职责：\n1、焊接钢架。"
    reasons = list(explain(clean(text)))
    assert "".join(text[w.start : w.end] for w in reasons) == text.replace("\n", "")
    assert [w.tag.split("/")[0] for w in reasons] == ["role", "section_heading", "item"]
    assert all(0 <= w.probability <= 1 and w.other != w.tag for w in reasons)
    assert all(lost > 0 for w in reasons for _, lost in w.evidence)


def test_explanation_is_of_the_reading_with_the_layout_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("编号,岗位,工作内容\n1,电焊工,焊接钢架\n2,油漆工,给钢架上漆\n", encoding="utf-8")
    source = read(file)
    reasons = structure(source, None)
    of = {source.text[w.start : w.end]: w for w in reasons}
    assert [of[words].tag for words in ("编号", "岗位", "电焊工", "油漆工")] == ["outside", "outside", "role", "role"]
    assert all(dict(of[words].evidence)["layout"] > 1000 for words in ("岗位", "电焊工"))
    assert all(lost < 100 for w in reasons for kind, lost in w.evidence if kind not in ("layout", "document"))
