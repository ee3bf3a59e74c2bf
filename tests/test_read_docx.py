"""Word documents read as Word shows them."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from pipeline.errors import ReadError
from pipeline.layout import Hint, Region, at
from pipeline.read import counting, read_bytes
from pipeline.text import SourceText
from tests.office import abstract, archive, docx, item, num, p, r, relations, restart, style, table, tc, tr


def text_of(body: str, numbering: str = "", styles: str = "", **parts: str) -> str:
    return source_of(body, numbering, styles, **parts).text


def source_of(body: str, numbering: str = "", styles: str = "", **parts: str) -> SourceText:
    return read_bytes(docx(body, numbering, styles, **parts), "表.docx")


def hint_of(source: SourceText, words: str) -> Hint:
    found = at(source.layout, source.text.index(words))
    assert found is not None
    return found


# -- numbers of lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "numbers", "shown"),
    [
        ("decimal", (1, 10), "1 10"),
        ("decimalZero", (1, 10), "01 10"),
        ("decimalFullWidth", (1, 12), "１ １２"),
        ("upperRoman", (4, 9, 14), "IV IX XIV"),
        ("lowerRoman", (3,), "iii"),
        ("upperLetter", (1, 26, 27), "A Z AA"),
        ("lowerLetter", (2,), "b"),
        ("chineseCounting", (1, 10, 11, 20, 99, 101), "一 十 十一 二十 九十九 一○一"),
        ("chineseCountingThousand", (10, 12, 100, 101, 110, 1001), "十 十二 一百 一百零一 一百一十 一千零一"),
        ("japaneseCounting", (10, 11, 100, 120), "十 十一 百 百二十"),
        ("taiwaneseCountingThousand", (21,), "二十一"),
        ("chineseLegalSimplified", (1, 10, 12), "壹 壹拾 壹拾贰"),
        ("ideographLegalTraditional", (2,), "貳"),
        ("ideographDigital", (10, 21), "一〇 二一"),
        ("ideographTraditional", (1, 10, 11), "甲 癸 11"),
        ("ideographZodiac", (1, 12), "子 亥"),
        ("ideographZodiacTraditional", (1, 2), "甲子 乙丑"),
        ("decimalEnclosedCircle", (1, 20, 21, 51), "① ⑳ ㉑ 51"),
        ("decimalEnclosedParen", (2,), "⑵"),
        ("decimalEnclosedFullstop", (3,), "⒊"),
        ("ideographEnclosedCircle", (4,), "㊃"),
        ("aWayOfTomorrow", (7,), "7"),
    ],
)
def test_number_is_shown_as_word_counts_it(way: str, numbers: tuple[int, ...], shown: str) -> None:
    assert " ".join(counting.shown(n, way) for n in numbers) == shown


def test_levels_count_under_each_other_and_begin_again() -> None:
    lists = abstract(1, ("chineseCounting", "%1、"), ("decimal", "%1.%2"), ("decimalEnclosedCircle", "%3")) + num(1, 1)
    body = (
        item("收货")
        + item("验货", level=1)
        + item("登记", level=1)
        + item("卸车", level=2)
        + item("发货")
        + item("装车", level=1)
    )
    assert text_of(body, lists) == "一、收货\n一.1 验货\n一.2 登记\n① 卸车\n二、发货\n二.1 装车"


def test_legal_levels_are_decimal() -> None:
    legal = '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/>'
    lists = abstract(1, ("upperRoman", "%1."), legal) + num(1, 1)
    assert text_of(item("甲") + item("乙") + item("丙", level=1), lists) == "I. 甲\nII. 乙\n2.1 丙"


def test_list_goes_on_behind_a_plain_paragraph_and_through_instances_of_one_definition() -> None:
    lists = abstract(1, ("decimal", "%1、")) + num(1, 1) + num(2, 1)
    assert text_of(item("甲") + p("说明") + item("乙") + item("丙", 2), lists) == "1、甲\n说明\n2、乙\n3、丙"


def test_start_of_an_instance_counts_once() -> None:
    lists = abstract(1, ("decimal", "%1)")) + num(1, 1) + num(2, 1, restart(0, 5))
    assert text_of(item("甲") + item("乙", 2) + item("丙", 2), lists) == "1)甲\n5)乙\n6)丙"


def test_list_number_zero_and_an_unknown_one_switch_numbers_off() -> None:
    lists = abstract(1, ("decimal", "%1、")) + num(1, 1)
    styles = style("L", "List", paragraph='<w:numPr><w:numId w:val="1"/></w:numPr>')
    off = p("乙", '<w:pStyle w:val="L"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    body = p("甲", '<w:pStyle w:val="L"/>') + off + item("丙", 77) + p("丁", '<w:pStyle w:val="L"/>')
    assert text_of(body, lists, styles) == "1、甲\n乙\n丙\n2、丁"


def test_style_numbers_through_what_it_is_based_on() -> None:
    levels = (
        '<w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="A"/><w:lvlText w:val="第%1章"/>',
        '<w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="B"/><w:lvlText w:val="（%2）"/>',
    )
    lists = abstract(1, *levels) + num(1, 1)
    styles = style("A", "heading 1", paragraph='<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/>')
    styles += style("B", "heading 2", "A", '<w:outlineLvl w:val="1"/>')
    source = source_of(p("总则", '<w:pStyle w:val="A"/>') + p("范围", '<w:pStyle w:val="B"/>'), lists, styles)
    assert source.text == "第一章 总则\n（一）范围"
    assert [(h.heading, h.list_level, h.number) for h in source.layout] == [(1, 1, "第一章"), (2, 2, "（一）")]


def test_level_without_a_pattern_shows_no_number() -> None:
    lists = abstract(1, ("decimal", "%1、"), ("none", "")) + num(1, 1)
    assert text_of(item("甲") + item("乙", level=1) + item("丙", level=5), lists) == "1、甲\n乙\n丙"


def test_empty_item_counts_but_the_end_of_a_section_does_not() -> None:
    lists = abstract(1, ("decimal", "%1、")) + num(1, 1)
    end = p("", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:sectPr/>')
    assert text_of(item("甲") + end + item("乙") + item("") + item("丙"), lists).split() == ["1、甲", "2、乙", "4、丙"]


def test_bullet_of_a_symbol_font_is_what_it_looks_like() -> None:
    bullet = '<w:numFmt w:val="bullet"/><w:lvlText w:val="{}"/><w:rPr><w:rFonts w:ascii="{}"/></w:rPr>'
    lists = abstract(
        1, bullet.format("\uf06c", "Wingdings"), bullet.format("o", "Courier New"), bullet.format("n", "Wingdings")
    )
    body = item("甲") + item("乙", level=1) + item("丙", level=2)
    assert text_of(body, lists + num(1, 1)) == "● 甲\n○ 乙\n■ 丙"


# -- letters ----------------------------------------------------------------------------------------------------------


def test_breaks_end_lines_and_page_breaks_do_not() -> None:
    body = p(
        "甲",
        inner="<w:r><w:br/></w:r>"
        + r("乙")
        + "<w:r><w:cr/><w:tab/></w:r>"
        + r("丙")
        + '<w:r><w:br w:type="page"/></w:r>',
    )
    assert text_of(body) == "甲\n乙\n\t丙"


def test_ticked_and_empty_boxes_stay_apart() -> None:
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="{}"/></w:r>'
    form = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="{}"/></w:checkBox></w:ffData></w:fldChar></w:r>'
    form += '<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    typed = r("R", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>')
    boxes = (
        symbol.format("F0A8"),
        r("女"),
        symbol.format("F0FE"),
        r("男"),
        form.format(0),
        r("倒班"),
        form.format(1),
        r("住宿"),
    )
    body = f"<w:p>{''.join(boxes)}{typed}{r('驾照')}</w:p>"
    assert text_of(body) == "□女☑男□倒班☑住宿☑驾照"


def test_changes_are_accepted_and_moved_text_stands_once() -> None:
    gone = f"<w:del>{r('旧').replace('w:t', 'w:delText')}</w:del>"
    deleted_end = p("上半，", "<w:rPr><w:del/></w:rPr>")
    body = p("要求", inner=f"{gone}<w:ins>{r('新')}</w:ins>") + f"<w:p><w:moveFrom>{r('会英语')}</w:moveFrom></w:p>"
    body += deleted_end + p("下半") + f"<w:p><w:moveTo>{r('会英语')}</w:moveTo></w:p>"
    assert text_of(body) == "要求新\n\n上半，下半\n会英语"


def test_deleted_row_is_gone() -> None:
    assert text_of(table(tr("甲", "乙"), tr("丙", "丁", properties="<w:del/>"))) == "甲\t乙"


def test_hidden_text_notes_and_comments_are_left_out_with_a_warning() -> None:
    body = p("出纳", inner=r("内部备注", "<w:vanish/>") + "<w:r><w:footnoteReference w:id='2'/></w:r>")
    source = source_of(body)
    assert source.text == "出纳"
    assert source.warnings == (("left-out", "hidden text and notes of the file were left out"),)


def test_field_shows_its_result_and_never_its_code() -> None:
    body = "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> PAGEREF _x </w:instrText></w:r>"
    body += (
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r>"
        + r("12")
        + "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
    )
    assert text_of(body) == "12"


def test_circled_number_that_word_keeps_as_a_field_is_that_number() -> None:
    body = "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>eq \\o\\ac(○,3)</w:instrText></w:r>"
    assert text_of(body + "<w:r><w:fldChar w:fldCharType='end'/></w:r>" + r("盘点") + "</w:p>") == "③盘点"


def test_text_box_stands_once_where_it_is_anchored() -> None:
    box = "<w:txbxContent>" + p("招聘启事") + p("保安") + "</w:txbxContent>"
    drawing = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    source = source_of(f"<w:p>{drawing}{r('夜班')}</w:p>" + f"<w:p>{r('白班')}{drawing}</w:p>")
    assert source.text == "招聘启事\n保安\n夜班\n白班\n招聘启事\n保安"
    assert hint_of(source, "保安").framed
    assert not hint_of(source, "夜班").framed


def test_prompt_of_an_empty_control_is_no_text() -> None:
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    assert text_of(p("部门：", inner=prompt.format(r("单击输入"))) + prompt.format(p("单击输入"))) == "部门："


# -- regions and looks ------------------------------------------------------------------------------------------------


def test_contents_list_and_running_heads_are_marked() -> None:
    begin = "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r>"
    begin += "<w:r><w:fldChar w:fldCharType='separate'/></w:r>"
    body = (
        p("目 录")
        + f"<w:p>{begin}{r('出纳 1')}</w:p>"
        + p("会计 2")
        + "<w:p><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
        + p("出纳")
    )
    source = source_of(body, header1=p("某厂 人事"), header2=p("某厂 人事"), footer1=p("第1页"))
    assert source.text == "目 录\n出纳 1\n会计 2\n\n出纳\n\n某厂 人事\n第1页"
    assert [h.region for h in source.layout] == [*[Region.CONTENTS] * 3, Region.BODY, Region.HEADER, Region.FOOTER]


def test_bold_centred_and_size_go_on() -> None:
    source = source_of(
        p("", '<w:jc w:val="center"/>', r("岗位", '<w:b/><w:sz w:val="32"/>') + r("说明", '<w:b w:val="0"/>'))
    )
    assert [(h.bold, h.centred, h.size, h.paragraph) for h in source.layout] == [
        (True, True, 16.0, 1),
        (False, True, 16.0, 1),
    ]


def test_page_is_known_only_where_word_says_where_pages_begin() -> None:
    assert source_of(p("甲") + p("乙")).layout[1].page is None
    source = source_of(p("甲") + "<w:p><w:r><w:lastRenderedPageBreak/></w:r>" + r("乙") + "</w:p>")
    assert [h.page for h in source.layout] == [1, 2]


# -- tables -----------------------------------------------------------------------------------------------------------

MERGED, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_merged_cells_stand_once_and_labels_are_told() -> None:
    form = table(
        tr(tc("岗位说明书", '<w:gridSpan w:val="4"/>')),
        tr("岗位名称", "焊工", "所属部门", "车间"),
        tr(tc("岗位职责", MERGED), tc("焊接机架", '<w:gridSpan w:val="3"/>')),
        tr(tc("", GOES_ON), tc("保养焊机", '<w:gridSpan w:val="3"/>')),
    )
    source = source_of(form)
    assert source.text == "岗位说明书\n岗位名称\t焊工\t所属部门\t车间\n岗位职责\t焊接机架\n保养焊机"
    assert [source.text[h.start : h.end] for h in source.layout if h.cell and h.cell.label] == [
        "岗位名称",
        "所属部门",
        "岗位职责",
    ]
    cell = hint_of(source, "岗位职责").cell
    assert cell and (cell.table, cell.row, cell.column, cell.rows, cell.columns) == (1, 3, 1, 2, 1)
    cell = hint_of(source, "保养焊机").cell
    assert cell and (cell.row, cell.column, cell.columns) == (4, 2, 3)


def test_first_row_of_a_form_heads_no_list_though_most_of_it_are_names() -> None:
    """Found in a school's forms: "岗位名称 | 出纳 | 岗位代码 | " made each of their rows a post, 404 in all."""
    form = table(
        tr("岗位名称", "划线工", "岗位代码", ""),
        tr("所属班组/工段", "铆焊", "直属上级", "工段长"),
        tr("岗位工作时间", "两班倒", "工资级别", ""),
        tr("岗位考核权限", "工段长", "岗位任免审批", "厂长"),
        tr(tc("主要职责：划线、打样冲眼", '<w:gridSpan w:val="4"/>')),
    )
    cells = [h.cell for h in source_of(form).layout if h.cell]
    assert not any(cell.header for cell in cells)
    assert (1, 1) in {(cell.row, cell.column) for cell in cells if cell.label}


def test_rows_under_a_header_are_entries_and_what_is_merged_holds_for_each() -> None:
    rows = table(
        tr("部门", "岗位名称", "人数"),
        tr(tc("车间", MERGED), "焊工", "2"),
        tr(tc("", GOES_ON), "钳工", "1"),
        tr("部门", "岗位名称", "人数"),
    )
    source = source_of(rows)
    assert source.text == "部门\t岗位名称\t人数\n车间\t焊工\t2\n车间\t钳工\t1\n部门\t岗位名称\t人数"
    assert [h.cell.header for h in source.layout if h.cell and h.cell.column == 1] == [True, False, False, True]


def test_empty_cell_under_a_header_keeps_its_column() -> None:
    assert text_of(table(tr("岗位", "人数", "要求"), tr("焊工", "", "有证"))) == "岗位\t人数\t要求\n焊工\t\t有证"


def test_nested_table_is_read_where_it_stands() -> None:
    inner = table(tr("职位", "铣工"), tr("职责", tc("1、备料", inner=p("2、开机"))))
    source = source_of(table(tr(tc("附表", inner=inner + p("完"))), tr("末行")))
    assert source.text == "附表\n职位\t铣工\n职责\t1、备料\n2、开机\n完\n末行"
    assert [h.cell.table for h in source.layout if h.cell] == [1, 2, 2, 2, 2, 2, 1, 1]


def test_label_set_upright_is_one_word() -> None:
    upright = tc("岗", inner=p("位") + p("职") + p("责"))
    assert text_of(table(tr(upright, tc("1、巡检", inner=p("2、抄表"))))) == "岗位职责\t1、巡检\n2、抄表"
    assert text_of(table(tr(tc("合格", inner=p("不合格")), "甲"))) == "合格\n不合格\t甲"


def test_cells_in_controls_and_missing_ones_before_the_grid_are_read() -> None:
    control = f"<w:sdt><w:sdtContent>{tc('学历')}</w:sdtContent></w:sdt>"
    source = source_of(table(tr("一", "二", "三"), tr(control, "本科", properties='<w:gridBefore w:val="1"/>')))
    assert source.text == "一\t二\t三\n学历\t本科"
    cell = hint_of(source, "本科").cell
    assert cell and cell.column == 3


def test_tab_in_a_cell_does_not_part_it() -> None:
    assert text_of(table(tr(tc("", inner=p("甲", inner="<w:r><w:tab/></w:r>" + r("乙"))), "丙"))) == "甲 乙\t丙"


def test_hints_are_in_order_and_hold_every_visible_character() -> None:
    source = source_of(p("甲") + table(tr("乙", tc("丙", inner=p("丁号")))) + p("戊"))
    last = 0
    for hint in source.layout:
        assert hint.start >= last
        assert not source.text[last : hint.start].strip()
        last = hint.end
    assert last == len(source.text)
    assert [h.paragraph for h in source.layout] == [1, 2, 3, 4, 5]


# -- files that are not what they seem --------------------------------------------------------------------------------

WORD = docx(item("收货") + table(tr("甲", "乙")), abstract(1, ("decimal", "%1、")) + num(1, 1))


def refusal(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "表.docx")
    message = str(caught.value)
    assert message.startswith("表.docx: ") and "\n" not in message
    return message


def test_word_is_known_by_content_whatever_its_name() -> None:
    source = read_bytes(WORD, "改名.txt")
    assert (source.text, source.extracted, source.encoding) == ("1、收货\n甲\t乙", True, None)
    assert source.media_type.endswith("wordprocessingml.document")


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    body = b"<w:p/>" * 8_000_000
    data = archive({"_rels/.rels": relations(officeDocument="word/document.xml"), "word/document.xml": body})
    assert "too large" in refusal(data)


def test_bomb_that_lies_about_its_size_ends_where_it_said() -> None:
    body = b"<w:p/>" * 1_000_000
    data = bytearray(archive({"_rels/.rels": relations(officeDocument="word/document.xml"), "word/document.xml": body}))
    told = len(body).to_bytes(4, "little")
    while (where := data.find(told)) >= 0:
        data[where : where + 4] = (1000).to_bytes(4, "little")
    assert "damaged" in refusal(bytes(data))


def test_document_type_is_refused() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "x"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    parts = {
        "_rels/.rels": relations(officeDocument="word/document.xml"),
        "word/document.xml": f"{bomb}<w><b>&b;</b></w>",
    }
    assert "document type" in refusal(archive(parts))
    utf16 = ('<?xml version="1.0" encoding="utf-16"?>' + parts["word/document.xml"]).encode("utf-16")
    assert "document type" in refusal(archive({**parts, "word/document.xml": utf16}))


def test_deep_xml_is_refused() -> None:
    assert "deep" in refusal(docx("<w:sdt>" * 5000 + "</w:sdt>" * 5000))
    deep = p("底")
    for _ in range(30):
        deep = table(tr(tc("", inner=deep)))
    assert "within each other" in refusal(docx(deep))


def test_truncated_and_missing_parts_are_refused() -> None:
    assert "damaged" in refusal(WORD[: len(WORD) // 2])
    assert "no document" in refusal(archive({"word/other.xml": "<a/>"}))
    assert "is damaged" in refusal(docx("<w:p>"))
    assert "is damaged" in refusal(docx("<w:p>\0</w:p>"))


def test_encrypted_part_is_refused_by_that_name() -> None:
    data = bytearray(WORD)
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        where = -1
        while (where := data.find(signature, where + 1)) >= 0:
            data[where + flags] |= 1
    assert "encrypted" in refusal(bytes(data))


def test_mutants_are_read_or_refused_with_one_typed_error() -> None:
    dice = random.Random(13)
    with zipfile.ZipFile(io.BytesIO(WORD)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    for n in range(600):
        data = bytearray(WORD) if n % 2 else bytearray(parts["word/document.xml"])
        for _ in range(dice.randint(1, 4)):
            where = dice.randrange(len(data))
            data[where : where + dice.randint(0, 3)] = dice.randbytes(dice.randint(0, 3))
        whole = bytes(data) if n % 2 else archive({**parts, "word/document.xml": bytes(data)})
        try:
            read_bytes(whole, "变.docx")
        except ReadError as error:
            assert str(error).startswith("变.docx: ")
