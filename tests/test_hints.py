"""What a file says of its text decides where it is certain, and weighs where it is not."""

from __future__ import annotations

from dataclasses import replace

from pipeline.blocks import Corrected, Segmented
from pipeline.layout import Cell, Hint, Region
from pipeline.segment import segment
from pipeline.text import Revision, SourceText


def read(text: str, *hints: Hint) -> Segmented:
    source = SourceText(text, "t", "application/x", None, "0" * 64, extracted=True, layout=hints)
    return segment(source, Corrected(Revision.of(text)))


def hints_of_rows(rows: list[list[str]], header: int) -> tuple[str, list[Hint]]:
    """A table as a reader gives it: one row a line, cells parted by tabs."""
    text = ""
    hints: list[Hint] = []
    for r, row in enumerate(rows, 1):
        for c, words in enumerate(row, 1):
            cell = Cell(1, r, c, header=r == header)
            if words:
                hints.append(Hint(len(text), len(text) + len(words), len(hints) + 1, cell=cell))
            text += words + ("\t" if c < len(row) else "\n")
    return text, hints


def test_running_head_is_a_leftover_even_in_mid_sentence() -> None:
    first, head, rest = "电焊工\n岗位职责：\n1、焊接钢架，每两小时检查\n", "人力资源部编\n", "一次焊缝；\n2、打磨。"
    text = first + head + rest
    at = len(first)
    body = Hint(0, at, 1)
    running = Hint(at, at + len(head) - 1, 2, region=Region.HEADER)
    got = read(text, body, running, Hint(at + len(head), len(text), 3))
    assert [(text[b.start : b.end], b.note) for b in got.leftovers if b.note == "header"] == [
        ("人力资源部编", "header")
    ]
    assert all("人力资源部" not in text[b.start : b.end] for r in got.roles for b in r.blocks)


def test_list_of_persons_with_their_offices_is_no_list_of_posts() -> None:
    """Found in a notice of a course, whose list of 33 people became 33 posts."""
    rows = [
        ["序号", "姓名", "单位", "职务", "备注"],
        ["1", "甲某", "一分厂", "工段长", ""],
        ["2", "乙某", "质检站", "化验员", "住宿"],
        ["3", "丙某", "机修班", "钳工", ""],
    ]
    text, hints = hints_of_rows(rows, 1)
    got = read(text, *hints)
    assert got.roles == ()
    assert {b.note for b in got.leftovers} == {"table-head", "persons"}


def test_head_of_a_table_within_a_form_reaches_no_further_than_its_columns() -> None:
    """Found in forms of pupils: "母亲姓名 | 工作单位 | 职务" made posts of what stood in that column down to the signature."""
    rows = [
        ["", "班组", "岗位", "电话"],
        ["", "铆焊", "划线工", "3321"],
        ["备注", "夜班另议", "填表人签字", ""],
        ["", "审批", "厂长签字", ""],
    ]
    text, hints = hints_of_rows(rows, 1)
    assert [r.title for r in read(text, *hints).roles if r.confidence == 1] == ["划线工"]
    rows = [["", "班组", "岗位"], ["1", "铆焊", "划线工"], ["2", "铆焊", "天车工"]]
    text, hints = hints_of_rows(rows, 1)
    assert [r.title for r in read(text, *hints).roles] == ["划线工", "天车工"]
    rows = [["岗位", "人数", "联系人姓名"], ["划线工", "2", "甲某"], ["天车工", "1", "乙某"]]
    text, hints = hints_of_rows(rows, 1)
    assert [r.title for r in read(text, *hints).roles] == ["划线工", "天车工"]
    text, hints = hints_of_rows([["父亲姓名", "职务"], ["甲某", "钳工"], ["乙某", "司炉工"]], 1)
    assert read(text, *hints).roles == ()


def test_each_row_of_a_table_with_a_title_column_is_a_post() -> None:
    rows = [
        ["序号", "岗位名称", "招聘人数", "岗位职责", "任职要求"],
        ["1", "冲压工", "6", "开冲床，自检首件", "能倒班"],
        ["2", "模具工", "2", "修模、保养", "中专，三年以上经验"],
        ["合计", "", "8", "", ""],
    ]
    text, hints = hints_of_rows(rows, 1)
    got = read(text, *hints)
    assert [r.title for r in got.roles] == ["冲压工", "模具工"]
    assert any(b.note == "table-head" for b in got.leftovers)
    assert any(b.note == "row-without-title" for b in got.leftovers)
    kinds = [
        {b.kind for b in r.blocks if "冲床" in text[b.start : b.end] or "修模" in text[b.start : b.end]}
        for r in got.roles
    ]
    assert kinds == [{"duties"}, {"duties"}]


def test_cell_under_the_head_of_a_section_holds_entries_and_one_under_a_field_a_value() -> None:
    """Found in a workbook: "制单" under "岗位职责" became a field, and so did "会CAD" under "任职条件"."""
    rows = [
        ["岗位名称", "岗位职责", "学历", "任职条件", "人数"],
        ["单证员", "制单", "大专", "能倒班", "3"],
        ["磨刀工", "磨刀", "不限", "会看图", "1"],
    ]
    text, hints = hints_of_rows(rows, 1)
    got = read(text, *hints)
    said = [[(text[b.body : b.end], b.label.value, b.kind) for b in r.blocks[1:]] for r in got.roles]
    assert [[(words, kind) for words, label, kind in role if label in ("item", "paragraph")] for role in said] == [
        [("制单", "duties"), ("能倒班", "requirements")],
        [("磨刀", "duties"), ("会看图", "requirements")],
    ]
    assert [[words for words, label, _ in role if label == "field"] for role in said] == [
        ["大专", "3"],
        ["不限", "1"],
    ]
    assert [r.confidence for r in got.roles] == [1.0, 1.0]


def test_no_role_begins_beside_a_cell_that_names_a_section() -> None:
    """Found in a form: "处理客户投诉", in the second row beside "岗位职责", was taken for the next post."""
    rows = [
        ["岗位名称", "质量工程师", "所属部门", "品质部"],
        ["岗位职责", "1", "制订检验标准", ""],
        ["", "2", "处理客户投诉", ""],
        ["", "3", "培训检验员", ""],
        ["任职资格", "学历", "本科及以上", ""],
        ["", "经验", "制造业三年以上", ""],
    ]
    text, hints = hints_of_rows(rows, 0)
    spans = {"岗位职责": 3, "任职资格": 2}
    merged = [replace(h, cell=replace(h.cell, rows=spans.get(text[h.start : h.end], 1))) for h in hints if h.cell]
    (role,) = read(text, *merged).roles
    assert role.title == "质量工程师"
    duties = [text[b.body : b.end] for b in role.blocks if b.kind == "duties" and b.label.value == "item"]
    assert duties == ["制订检验标准", "处理客户投诉", "培训检验员"]


def test_name_beside_an_empty_cell_does_not_go_on_in_the_next_row() -> None:
    """Found in a form: "岗位代码" had "所属部门 财务部" for its value."""
    rows = [
        ["岗位名称", "划线工", "岗位代码", ""],
        ["所属部门", "铆焊工段", "工资级别", ""],
        ["岗位职责", "划线、打样冲眼", "", ""],
    ]
    text, hints = hints_of_rows(rows, 0)
    (role,) = read(text, *hints).roles
    starts = {text[b.start : b.end].split("\t")[0] for b in role.blocks}
    assert {"所属部门", "岗位职责"} <= starts
    assert all("\n" not in text[b.start : b.end] for b in role.blocks)


def test_name_that_is_spaced_out_or_broken_is_one_piece() -> None:
    """Found in forms: "性    别 | 不限" gave a field "性" that said "别 不限"."""
    said = {"岗位名称": "划线工", "性    别": "男女不限", "学历\n要求": "中技以上"}
    text, hints = "", list[Hint]()
    for row, (name, value) in enumerate(said.items(), 1):
        for column, words in ((1, name), (2, value)):
            cell = Cell(1, row, column, label=column == 1)
            hints.append(Hint(len(text), len(text) + len(words), len(hints) + 1, cell=cell))
            text += words + ("\t" if column == 1 else "\n")
    (role,) = read(text, *hints).roles
    assert {b.note for b in role.blocks if b.label.value == "field"} == {"性别", "学历要求"}


def test_table_without_a_title_column_is_left_to_the_model() -> None:
    rows = [["日期", "天气"], ["周一", "晴"]]
    text, hints = hints_of_rows(rows, 1)
    got = read(text, *hints)
    assert all(b.note != "row-without-title" for b in got.leftovers)


def test_text_without_hints_is_read_as_before() -> None:
    text = "电焊工\n岗位职责：\n1、焊接。\n任职要求：\n1、两年经验。"
    plain = read(text)
    one = read(text, Hint(0, len(text), 1))
    assert replace(plain, source=one.source).roles == one.roles
