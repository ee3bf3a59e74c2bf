"""Texts are cut into pieces, pieces labelled, blocks and roles built; no character is lost on the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import annotation, parse
from pipeline.annotation import UNNAMED
from pipeline.blocks import Label
from pipeline.errors import ModelError
from pipeline.model import Section
from pipeline.segment import (
    build,
    division,
    headings,
    label,
    layers,
    markers,
    network,
    numerals,
    phrases,
    tags,
    titles,
    trees,
)
from pipeline.segment.cut import cut
from pipeline.segment.describe import SIZES, describe
from pipeline.segment.joined import join, unfolded
from pipeline.segment.markers import Family
from pipeline.segment.network import Read
from pipeline.segment.slots import section_lines
from pipeline.verify import verify

DOCUMENTS = Path(__file__).parent / "documents"


# -- the grammar of markers ------------------------------------------------------------------------------------------


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
        "3.5万元",
        "9:00上班",
        "2021年入职",
        "5年以上",
        "100人团队",
        "1-3年经验",
        "三年以上",
        "1+X证书",
        "2.3米以上",
        "8 小时工作制",
        "一个月",
        "十分重视",
    ],
)
def test_quantity_time_or_date_is_no_marker(line: str) -> None:
    assert markers.at(line, 0, len(line)) is None


@pytest.mark.parametrize(("line", "number", "rest"), [("1.3年以上", 1, "3年以上"), ("2.3-5年经验", 2, "3-5年经验")])
def test_number_right_before_years_begins_an_entry(line: str, number: int, rest: str) -> None:
    """Found in postings: the first demand "1.3年以上工作经验" had no number, and its role no years. Nobody asks for 1.3 years."""
    marker = markers.at(line, 0, len(line))
    assert marker and (marker.number, line[marker.end :]) == (number, rest)


@pytest.mark.parametrize(
    ("line", "family", "number"),
    [
        ("1、负责", Family.ARABIC, 1),
        ("2。负责", Family.ARABIC, 2),
        ("3 、负责", Family.ARABIC, 3),
        ("（二）负责", Family.PAREN_CHINESE, 2),
        ("(3) 负责", Family.PAREN_ARABIC, 3),
        ("四：教师", Family.CHINESE, 4),
        ("④负责", Family.CIRCLED, 4),
        ("第三条 负责", Family.PART, 3),
        ("【篇2】出纳", Family.PART, 2),
        ("乙、负责", Family.STEM, 2),
        ("b) 负责", Family.LETTER, 2),
        ("1.2 负责", Family.DOTTED, 2),
        ("● 负责", Family.BULLET, None),
        ("\uf0d8 负责", Family.BULLET, None),
        ("- -负责", Family.DASH, None),
        ("l 负责", Family.LOST, None),
        ("?负责", Family.LOST, None),
        ("### 2. 工程师", Family.HASH, 2),
        ("3️⃣ 负责", Family.KEYCAP, 3),
        ("> 负责", Family.QUOTE, None),
        ("> > 负责", Family.QUOTE, None),
        ("> > 1. 双休", Family.ARABIC, 1),
    ],
)
def test_marker_has_its_family_and_number(line: str, family: Family, number: int | None) -> None:
    marker = markers.at(line, 0, len(line))
    assert marker is not None
    assert (marker.family, marker.number) == (family, number)


def test_quotation_within_a_quotation_has_one_marker() -> None:
    """Found on a board: the entries of a list quoted twice began behind their first mark."""
    line = "> > * 调度员"
    marker = markers.at(line, 0, len(line))
    assert marker and line[marker.end :] == "* 调度员"


def test_styles_of_one_family_differ_by_their_delimiter() -> None:
    styles = {markers.at(line, 0, len(line)).style for line in ("1、甲", "1.甲", "1)甲")}  # type: ignore[union-attr]
    assert len(styles) == 3


@pytest.mark.parametrize("text", ["> " * 2000 + "甲", "# " * 2000 + "甲", "（" * 5000, "1." * 5000])
def test_chain_of_markers_ends(text: str) -> None:
    assert markers.at(text, 0, len(text)) is None or markers.at(text, 0, len(text)).start == 0  # type: ignore[union-attr]


# -- phrases -----------------------------------------------------------------------------------------------------------


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
    ],
)
def test_heading_phrase_has_its_kind(phrase: str, kind: str) -> None:
    found = phrases.lookup(phrase)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("phrase", ["客户关系", "负责岗位", "沟通能力强", "大专以上学历", "岗位的", ""])
def test_other_words_are_no_heading(phrase: str) -> None:
    assert phrases.lookup(phrase) is None


@pytest.mark.parametrize("text", ["【任职要求】：", "任职要求Requirements", "◆ 任职要求 ", "任职要求（必备）"])
def test_heading_is_known_in_its_dress(text: str) -> None:
    found = phrases.whole(text)
    assert found is not None
    assert found.kind == "requirements"


# -- cut ---------------------------------------------------------------------------------------------------------------


def words(text: str) -> list[str]:
    return [text[p.start : p.end] for p in cut(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("1、收款；2、付款；3、对账", ["1、收款；", "2、付款；", "3、对账"]),
        ("岗位职责：1、收款任职要求：1、细心", ["岗位职责：", "1、收款", "任职要求：", "1、细心"]),
        ("焊工\t3人\t高中", ["焊工", "3人", "高中"]),
        ("| 焊工 | 3人 |", ["|", "焊工 |", "3人 |"]),
        ("姓名：张三  部门：仓库", ["姓名：", "张三", "部门：", "仓库"]),
        ("【厨师】做饭", ["【厨师】", "做饭"]),
        ("焊工2名，男女不限", ["焊工2名，", "男女不限"]),
        ("会开车?会修车?会洗车", ["会开车", "?会修车", "?会洗车"]),
        ("甲\n\n  乙", ["甲", "乙"]),
        ("学历：□大专  ☑本科", ["学历：", "□大专  ☑本科"]),
        ("密级：内部□ 公开☑", ["密级：", "内部□ 公开☑"]),
        ("性别：□男 □女  民族：", ["性别：", "□男 □女", "民族："]),
        ("■接待来访 ■收发文件", ["■接待来访", "■收发文件"]),
        ("□收银 □理货", ["□收银", "□理货"]),
        ("□收银\t☑理货", ["□收银", "☑理货"]),
    ],
)
def test_pieces_begin_where_something_new_may(text: str, pieces: list[str]) -> None:
    assert words(text) == pieces


@pytest.mark.parametrize("text", ["1. 负责收款", "2。付款", "（三） 对账", "熟悉 Java 和 C++", "上午9:00-18:00"])
def test_marker_word_time_and_number_stay_whole(text: str) -> None:
    assert words(text)[0].startswith(text[:6])


def test_digits_glued_to_words_count_only_in_a_list() -> None:
    assert [p.marker is not None for p in cut("1收款\n2付款\n3对账")] == [True, True, True]
    assert [p.marker is not None for p in cut("3D设计\n5S管理")] == [False, False]


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("1、会焊接；2、会用CAD3、能看图4、守时", ["1、会焊接；", "2、会用CAD", "3、能看图", "4、守时"]),
        ("1、会转MP3、会剪辑", ["1、会转MP3、会剪辑"]),
        ("2、能剪MP3、会配音3、守时", ["2、能剪MP3、会配音", "3、守时"]),
        ("2、会焊接\n会用CAD3、能看图", ["2、会焊接", "会用CAD3、能看图"]),
    ],
)
def test_number_after_a_letter_is_cut_off_where_only_it_counts_on_in_its_line(line: str, pieces: list[str]) -> None:
    assert [line[p.start : p.end] for p in cut(line)] == pieces


def test_cells_of_a_quoted_table_are_cut_at_commas() -> None:
    text = '岗位,人数,职责\n"焊工","3","焊接,打磨"\n"瓦工","2","砌墙"'
    assert '"焊工",' in words(text)
    assert "岗位," in words(text)


def test_no_cut_falls_into_what_one_change_put_in() -> None:
    text = "岗位职责：1、收款"
    assert [p.start for p in cut(text, [(0, len(text))])] == [0]


@given(st.text('1一2二三、.．。，：:;；()（）【】-—*•? \t\n#|"职责要求岗位任年经理负', max_size=150))
def test_every_visible_character_is_in_one_piece(text: str) -> None:
    at, inside = 0, ""
    for p in cut(text):
        assert at <= p.start <= p.body <= p.end
        assert not text[at : p.start].strip()
        inside += text[p.start : p.end]
        at = p.end
    assert "".join(inside.split()) == "".join(text.split())


# -- describe and the network --------------------------------------------------------------------------------------------


def test_description_is_within_its_tables() -> None:
    text = "招聘启事\n一、焊工（2名）\n岗位职责：1、焊接；2、打磨\n\n二、瓦工\n任职要求：\n• 三年以上\t包住"
    d = describe(text, cut(text))
    assert (d.slots >= 0).all()
    assert (d.slots < np.array(SIZES)).all()
    assert len(d.slots) == len(d.words) == len(d.same) == len(d.line)


def test_same_words_and_same_shapes_are_one_group() -> None:
    text = "焊工\n岗位职责：\n1、焊接。\n瓦工\n岗位职责：\n1、砌墙。"
    d = describe(text, cut(text))
    pieces = words(text)
    a, b = (i for i, w in enumerate(pieces) if w == "岗位职责：")
    assert d.same[a] == d.same[b]
    assert d.alike[pieces.index("焊工")] != d.alike[a]


def test_columns_know_the_head_of_their_table() -> None:
    text = "岗位名称\t招聘人数\t岗位职责\t任职要求\n焊工\t2\t焊接钢架\t两年经验"
    column = [name for name, _ in enumerate(SIZES)][-1]
    slots = describe(text, cut(text)).slots[:, column]
    assert slots[4:].all()
    assert not slots[:4].any()


def test_scores_lie_on_the_grid_so_that_any_order_of_summing_gives_them() -> None:
    model = network.packaged()
    text = "焊工\n岗位职责：\n1、焊接钢架；\n2、打磨。\n任职要求：\n1、两年经验。"
    d = describe(text, cut(text))
    out = network.scores(model, d)
    grid = layers.GRID * network.WEIGHT_GRID
    assert (out * grid == np.rint(out * grid)).all()
    flipped = model._replace(out=(model.out[0][::-1], model.out[1]))
    assert not np.array_equal(network.scores(flipped, d), out)  # the check above is not one of zeros


def test_best_path_is_the_likeliest_of_all() -> None:
    rng = np.random.default_rng(3)
    n = tags.COUNT
    model = network.packaged()._replace(transitions=rng.integers(-9, 9, (n, n)) / 4, first=rng.integers(-9, 9, n) / 4)
    rows = rng.integers(-9, 9, (3, n)) / 4
    path = network.best_path(model, rows)

    def weight(a: int, b: int, c: int) -> float:
        t = model.transitions
        return float(model.first[a] + rows[0, a] + t[a, b] + rows[1, b] + t[b, c] + rows[2, c])

    assert weight(*path) == max(weight(a, b, c) for a in range(n) for b in range(n) for c in range(n))


def test_long_text_is_read_in_parts_that_agree_with_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(
        f"{n}、焊工\n岗位职责：\n1、焊接钢架；\n2、打磨焊缝。\n任职要求：\n1、两年经验。" for n in range(1, 30)
    )
    pieces = cut(text)
    whole = label(text, pieces, network.packaged())
    monkeypatch.setattr(network, "MOST", 60)
    parts = label(text, pieces, network.packaged())
    assert len(parts.tags) == len(whole.tags) == len(parts.begins)
    same = sum(a == b for a, b in zip(parts.tags, whole.tags, strict=True))
    assert same >= 0.97 * len(pieces)


@pytest.mark.parametrize("title", ["会计", "出纳", "护士", "电工", "前端开发工程师"])
def test_post_of_a_few_lines_has_its_title(title: str) -> None:
    (role,) = parse(f"{title}\n岗位职责：\n- 负责日常管理\n- 完成领导交办的其他任务\n").roles
    assert role.title == title


def test_role_heading_is_as_sure_as_it_was_judged_to_be() -> None:
    text = (DOCUMENTS / "apart" / "t5-03-piano-factory-departments.txt").read_text(encoding="utf-8")
    model, pieces = network.packaged(), cut(text)
    d = describe(text, pieces)
    scores = network.scores(model, d)
    judged = division.judge(model, d, pieces, scores, trees.packaged("second.npz"))
    read = network.read(model, *division.look(model, d, pieces, scores, np.zeros((0, 0))))
    odds = {p: o for p, o in zip(judged.found.places.tolist(), judged.odds, strict=True) if read.tags[p] == tags.ROLE}
    assert len(odds) > 1
    for place, said in odds.items():
        assert read.label[place] == pytest.approx(1 / (1 + np.exp(-said)))


def test_file_that_is_no_model_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "none.npz"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ModelError, match=r"none\.npz"):
        network.load(path)
    with pytest.raises(ModelError, match=r"missing\.npz"):
        network.load(tmp_path / "missing.npz")


# -- build ---------------------------------------------------------------------------------------------------------------


def said(text: str, *named: str) -> Read:
    """A reading that gives each piece of a text the tag of this name."""
    path = [tags.NAMES.index(name) for name in named]
    n = len(cut(text))
    assert n == len(path)
    return Read(path, np.ones(n), np.ones(n), np.zeros(n), np.zeros(n))


def test_continuations_are_joined_and_boilerplate_ends_with_its_line() -> None:
    text = "上一页 下一页\n焊工：厂区\n焊接；打磨"
    pieces = cut(text)
    read = said(text, "outside", "outside", "role", "continuation", "item/duties", "continuation")
    joined = join(pieces, read)
    assert [(j.first, j.stop) for j in joined] == [(0, 2), (2, 4), (4, 6)]


@pytest.mark.parametrize(
    ("text", "tags_of"),
    [
        ("任职要求：手稳眼准，认得三十种木料的纹路。", ["section_heading/duties", "paragraph/duties"]),
        ("开机之前：听一遍轴承，摸一遍皮带，看一遍油位。", ["item/duties"]),
        ("任职要求：有焊工证（复印件）", ["section_heading/duties", "paragraph/duties"]),
        ("薪资待遇：4000元", ["field/duties"]),
        ("任职要求（夜班）", ["section_heading/duties"]),
    ],
)
def test_heading_is_parted_from_the_sentence_that_it_took_in(text: str, tags_of: list[str]) -> None:
    pieces = cut(text)
    read = said(text, "section_heading/duties", *["continuation"] * (len(pieces) - 1))
    assert [tags.NAMES[j.tag] for j in unfolded(text, pieces, join(pieces, read))] == tags_of


def test_heading_with_a_few_words_beside_it_stays_one_where_something_stands_below() -> None:
    text = "任职要求：（夜班）\n1、手稳"
    pieces = cut(text)
    read = said(text, "section_heading/duties", *["continuation"] * (len(pieces) - 2), "item/duties")
    joined = unfolded(text, pieces, join(pieces, read))
    assert [tags.NAMES[j.tag] for j in joined] == ["section_heading/duties", "item/duties"]


def test_text_before_the_first_named_role_speaks_of_all() -> None:
    text = "须持健康证\n焊工\n焊接"
    read = said(text, "item/requirements", "role", "item/duties")
    roles, left = build.part(join(cut(text), read), read)
    assert len(roles) == 1
    assert [reason for _, reason in left] == [build.COMMON]


@pytest.mark.parametrize(("chance", "sizes", "outside"), [(0.1, [2], 1), (0.01, [], 3)])
def test_text_that_names_no_role_is_one_unless_that_is_most_unlikely(
    chance: float, sizes: list[int], outside: int
) -> None:
    text = "欢迎光临\n焊接\n打磨"
    read = said(text, "outside", "item/duties", "item/duties")._replace(begins=np.full(3, chance))
    roles, left = build.part(join(cut(text), read), read)
    assert [len(r) for r in roles] == sizes
    assert [reason for _, reason in left] == [build.BOILERPLATE] * outside


@pytest.mark.parametrize(
    ("text", "named", "begins"),
    [
        ("2. 出纳\n岗位名称\t出纳\n管现金", "role role continuation item/duties", 0),
        ("2. 出纳\n基本信息\n岗位名称\t出纳\n管现金", "outside outside role continuation item/duties", 0),
        ("2. 出纳\n基本信息\n岗位名称\t出纳\n管现金", "role field/other role continuation item/duties", 0),
        ("2. 出纳\n基本信息\n岗位名称\t出纳", "section_heading/duties section_heading/other role continuation", 0),
        ("出纳\n基本信息\t表一\n岗位名称\t出纳", "outside field/other continuation role continuation", 2),
        ("出纳兼文员\n岗位名称\t出纳文员\n管现金", "role role continuation item/duties", 0),
        ("会计\n管账\n出纳\n管现金", "outside item/duties role item/duties", 2),
        ("电工\n岗位名称\t出纳\n管现金", "outside role continuation item/duties", 1),
        ("某厂招出纳\n岗位名称\t出纳\n管现金", "outside role continuation item/duties", 1),
    ],
)
def test_role_begins_at_the_line_above_that_says_just_its_title(text: str, named: str, begins: int) -> None:
    pieces, read = cut(text), said(text, *named.split())
    joined = headings.from_line_above(text, pieces, join(pieces, read))
    heads = [j for j in joined if j.tag == tags.ROLE]
    assert [text[: pieces[j.first].start].count("\n") for j in heads] == [begins]


@pytest.mark.parametrize(
    ("text", "named", "name", "value"),
    [
        ("人数：3人", ("field/other", "continuation"), "人数", "3人"),
        ("工作地点\n厂区", ("field/other", "continuation"), "工作地点", "厂区"),
        ("学历XX\t本科", ("field/requirements", "continuation"), "学历XX", "本科"),
        ("全职", ("field/other",), "", "全职"),
        ("1、底薪5500元", ("field/other",), "", "1、底薪5500元"),
    ],
)
def test_field_has_its_name_and_value(text: str, named: tuple[str, ...], name: str, value: str) -> None:
    pieces, read = cut(text), said(text, *named)
    (role,) = build.roles(text, pieces, read, [join(pieces, read)])
    (block,) = role.blocks
    assert block.label is Label.FIELD
    assert (block.note, text[block.body : block.end]) == (name, value)


def depths(text: str, *named: str) -> list[int]:
    pieces, read = cut(text), said(text, *named)
    (role,) = build.roles(text, pieces, read, [join(pieces, read)])
    return [b.depth for b in role.blocks]


def test_entries_nest_by_their_numbering() -> None:
    text = "职责：\n1、甲\n（1）乙\n（2）丙\n2、丁"
    assert depths(text, "section_heading/duties", *["item/duties"] * 4) == [1, 2, 3, 3, 2]


def test_entries_of_another_style_that_count_on_stay_beside() -> None:
    text = "1、甲\n2.乙\n3、丙"
    assert depths(text, *["item/duties"] * 3) == [1, 1, 1]


@pytest.mark.parametrize(
    ("text", "marker", "words"),
    [
        ("12\t制订检验标准", ("12", 12), "制订检验标准"),
        ("3 | 培训检验员", ("3", 3), "培训检验员"),
        ("A3\t图纸归档", (None, None), "A3\t图纸归档"),
        ("2026\t制订检验标准", (None, None), "2026\t制订检验标准"),
    ],
)
def test_cell_of_a_row_s_number_is_the_marker_of_the_entry_beside_it(
    text: str, marker: tuple[str | None, int | None], words: str
) -> None:
    pieces, read = cut(text), said(text, "item/duties", *["continuation"] * (len(cut(text)) - 1))
    ((block,),) = (role.blocks for role in build.roles(text, pieces, read, [join(pieces, read)]))
    assert ((block.marker, block.number), text[block.body : block.end]) == (marker, words)


def test_number_without_words_is_no_marker() -> None:
    text = "5、"
    pieces, read = cut(text), said(text, "item/duties")
    (role,) = build.roles(text, pieces, read, [join(pieces, read)])
    assert role.blocks[0].marker is None


def test_role_is_as_sure_as_the_line_that_was_read_as_its_heading() -> None:
    text = "附件：电焊工岗位责任书\n岗位：电焊工\n补焊"
    pieces = cut(text)
    read = said(text, *["outside"] * 2, "role", "continuation", "item/duties")
    read = read._replace(label=np.array([0.99, 0.99, 0.4, 1.0, 1.0]))
    joined = headings.from_first_mention(text, pieces, join(pieces, read))
    (role,) = build.roles(text, pieces, read, build.part(joined, read)[0])
    assert (role.blocks[0].start, role.confidence) == (0, 0.4)


def test_line_that_heads_a_section_everywhere_names_no_post() -> None:
    text = "出纳\n岗位职责：\n1、收款\n任职要求\n部门职责\n岗位职责 财务"
    pieces = cut(text)
    lines = [
        text[p.start : p.end]
        for p, is_one in zip(pieces, section_lines(describe(text, pieces).slots), strict=True)
        if is_one
    ]
    assert lines == ["岗位职责：", "任职要求"]
    for whole in ("岗位职责：\n1、接待；\n2、收发。", "岗位职责    1、接待；  2、收发。"):
        (role,) = parse(whole).roles
        assert (role.title, role.heading) == (None, None)


def test_heading_that_says_its_title_twice_has_a_subtitle() -> None:
    text = "客户经理职责(一)\n客户经理职责\n1、拜访"
    pieces = cut(text)
    read = said(text, "role", *["continuation"] * (len(pieces) - 2), "item/duties")
    joined = headings.subtitled(text, pieces, join(pieces, read))
    assert [tags.NAMES[j.tag] for j in joined] == ["role", "subtitle", "item/duties"]
    other = "电焊工（夜班，\n三班倒）\n1、补焊"
    read = said(other, "role", *["continuation"] * (len(cut(other)) - 2), "item/duties")
    assert len(headings.subtitled(other, cut(other), join(cut(other), read))) == 2


@pytest.mark.parametrize(("later", "tag"), [("木工岗位职责", "outside"), ("电焊工岗位职责", "subtitle")])
def test_title_further_down_is_a_subtitle_only_where_it_is_the_same(later: str, tag: str) -> None:
    text = f"电焊工岗位职责1\n1、补焊\n{later}"
    read = said(text, "role", "continuation", "continuation", "item/duties", "subtitle", "continuation")
    last = headings.subtitled(text, cut(text), join(cut(text), read))[-1]
    assert tags.NAMES[last.tag] == tag


def test_sentence_below_a_heading_is_no_subtitle() -> None:
    text = "人事部\n人事部管用人、办公与后勤，在厂长领导之下开展各项工作，全年无休，逢节排班，其主要职责是把人找来、留住、教会\n1、招人"
    pieces = cut(text)
    path = ["role" if p.start in (0, 4) else "continuation" for p in pieces]
    read = said(text, *path[:-1], "item/duties")
    joined = headings.subtitled(text, pieces, join(pieces, read))
    assert [tags.NAMES[j.tag] for j in joined] == ["role", "paragraph/other", "item/duties"]


# -- titles --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("渠道客户经理岗位职责2", "渠道客户经理"),
        ("3、电焊工（2名）", "电焊工"),
        ("岗位名称：仓库保管员", "仓库保管员"),
        ("【急聘】文员", "文员"),
        ("质检员 3名 4000-6000元/月", "质检员"),
        ("二、库管员岗位说明书", "库管员"),
        ("古树名木管护专员", "古树名木管护专员"),
        ("仓库保管员（2名，夜班）", "仓库保管员"),
        ("UI设计师 8-12K", "UI设计师"),
    ],
)
def test_title_stands_without_what_is_beside_it(heading: str, title: str) -> None:
    (found,) = titles.of_headings(heading, [(0, len(heading))])
    assert found is not None
    assert found.title == title
    assert heading[found.start : found.end] == title


def test_title_is_the_best_span_and_never_cuts_a_pair_of_brackets() -> None:
    text = "电焊工（夜班）"
    scores = np.array([[1.0, 0, 0], [1, 0, 0], [1, 0, 0], [0.2, 0, 0], [0.2, 0, 0], [-0.1, 0, 0], [-0.1, 0, 0]])
    assert text[slice(*titles.best_span(text, scores))] == "电焊工（夜班）"
    assert titles.best_span("甲乙丙", np.array([[-0.5, 0, 0], [1, 2, 0], [1, 0, 0]])) == (1, 3)
    assert titles.best_span("PC工", np.array([[-0.5, 0, 0], [1, 2, 0], [1, 0, 0]])) == (0, 3)  # no Latin word is cut
    assert titles.best_span("甲乙丙", np.array([[1, 0, 0], [1, 0, 3], [1, 0, 0.0]])) == (0, 2)


def test_heading_without_letters_has_no_title() -> None:
    assert titles.of_headings("***", [(0, 3)]) == [None]
    assert titles.of_headings("12", [(0, 2)]) == [None]  # the number of a row whose title stands elsewhere


# -- whole documents -------------------------------------------------------------------------------------------------------


def test_what_a_text_repeats_makes_its_roles() -> None:
    body = "岗位职责：\n1、{}；\n2、填写记录。\n任职要求：\n1、高中以上学历；\n2、能上夜班。\n"
    text = "".join(
        f"{n}\n" + body.format(w) for n, w in (("电焊工", "焊接钢架"), ("油漆工", "喷漆补漆"), ("叉车工", "装卸货物"))
    )
    roles = parse(text).roles
    assert [r.title for r in roles] == ["电焊工", "油漆工", "叉车工"]
    assert all(isinstance(r.content[0], Section) for r in roles)
    assert all(r.duties and r.requirements for r in roles)
    assert all(0 <= r.confidence <= 1 for r in roles)


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
        "某物\n某物\n任职要求：\n" * 1500,
        "1、甲2、乙" + "丙4、" * 4000,
        "# " * 1000,
        "> " * 1000,
    ],
)
def test_long_line_of_one_kind_loses_nothing(text: str) -> None:
    assert verify(parse(text), text) == []


@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("apart/*1*.txt"))[:25], ids=lambda p: p.stem)
def test_documents_of_strangers_keep_every_character(path: Path) -> None:
    text = path.read_bytes().decode("utf-8-sig")
    assert verify(parse(text), text) == []


def test_most_roles_of_strangers_are_found() -> None:
    """The documents of `apart` were never trained on; `make eval` has the figures in full."""
    found = right = wanted = 0
    for document in annotation.folder(DOCUMENTS / "apart")[::4]:
        starts = {m.start for m in document.marks if m.titles and "boilerplate" not in m.alt}
        got = {r.span.start for r in parse(document.text).roles}
        found, right, wanted = found + len(got), right + len(got & starts), wanted + len(starts)
    assert right / found > 0.7
    assert right / wanted > 0.65


def test_annotations_of_the_documents_fit_their_texts() -> None:
    for part in ("taught", "apart"):
        for document in annotation.folder(DOCUMENTS / part):
            assert document.marks
            assert all(t == UNNAMED or t for m in document.marks for t in m.titles)


def test_entry_in_latin_letters_has_the_kind_of_its_heading() -> None:
    """Found in postings: "Good at Python" under "任职要求" was read as a duty."""
    text = "绘图员\n岗位职责：\n1. Draw the plans\n2. Keep the archive\n任职要求：\n1. Middle school education\n2. Good at Python"
    (role,) = parse(text).roles
    assert [entry.kind.value for section in role.content for entry in section.content] == [  # type: ignore[union-attr]
        *("duties", "duties"),
        *("requirements", "requirements"),
    ]
