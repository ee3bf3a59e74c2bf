"""PDF: what a reader sees, in the order in which he reads it, with pages that do not break sentences."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from pipeline.errors import ReadError
from pipeline.layout import Hint, Region, at
from pipeline.read import child, read_bytes
from pipeline.text import SourceText

WIDTH, HEIGHT = 595, 842
LINE = 18


@cache
def font() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "STSong-Light"


def pdf(*pages: Callable[[Any], None], **options: Any) -> bytes:
    """A PDF of pages that are drawn by functions."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), **options)
    for draw in pages:
        canvas.setFont(font(), 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(*texts: str, x: float = 72, y: float = 760) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        for n, text in enumerate(texts):
            canvas.drawString(x, y - n * LINE, text)

    return draw


def both(*parts: Callable[[Any], None]) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        for part in parts:
            part(canvas)

    return draw


def read(*pages: Callable[[Any], None]) -> SourceText:
    return read_bytes(pdf(*pages), "岗位.pdf")


def hint_of(source: SourceText, words: str) -> Hint:
    found = at(source.layout, source.text.index(words))
    assert found is not None
    return found


FULL = "负责厂区供水供电设备的日常巡视与保养，按班次填写运行记录，发现异常"
REST = "立即报告值班长并做好交接。"


def test_line_that_the_margin_broke_goes_on_without_a_blank() -> None:
    source = read(lines("1、" + FULL, REST, "2、保管工具。", "任职要求", "1、中专"))
    assert source.text == f"1、{FULL}{REST}\n2、保管工具。\n任职要求\n1、中专"
    assert (source.media_type, source.extracted, source.encoding) == ("application/pdf", True, None)
    assert source.layout[0].page == 1 and source.layout[0].box and source.layout[0].size == 12


def test_short_lines_stay_lines() -> None:
    source = read(lines("水电工", "岗位职责", "1、巡视", "2、保养", "任职要求", "有证"))
    assert source.text == "水电工\n岗位职责\n1、巡视\n2、保养\n任职要求\n有证"


def test_latin_words_are_joined_by_a_blank_and_numbers_in_text_begin_no_entry() -> None:
    text = "熟悉办公软件与仓储管理系统，能够独立完成月度报表的汇总分析，能用 Excel"
    assert read(lines(text, "and Word 处理数据；", "3.5 年以上")).text.startswith(text + " and Word")


def test_head_and_page_number_do_not_break_a_sentence() -> None:
    def page(n: int, *texts: str) -> Callable[[Any], None]:
        return both(lines("某水务 人事部", y=810), lines(*texts), lines(f"第 {n} 页 共 2 页", x=260, y=30))

    source = read(page(1, "水电工", "1、" + FULL), page(2, REST, "2、保管工具。"))
    assert source.text.startswith(f"水电工\n1、{FULL}{REST}\n2、保管工具。\n\n")
    assert {hint_of(source, w).region for w in ("某水务",)} == {Region.HEADER}
    assert [h.page for h in source.layout if h.region == Region.FOOTER] == [1, 2]
    assert source.text.count("某水务 人事部") == 2


def test_line_that_stands_at_the_edge_of_one_page_only_is_body() -> None:
    source = read(lines("水电工岗位说明", y=810), lines("附：交接班表", y=810))
    assert {h.region for h in source.layout} == {Region.BODY}


def test_columns_are_read_one_after_the_other() -> None:
    title = lines("诚聘英才", x=260, y=800)
    left = lines("水电工", "岗位职责：", "1、巡视设备，记录运行", "参数；", "2、夜间值班。")
    right = lines("食堂厨师", "岗位职责：", "1、烹制工作餐，保证按", "时开饭；", "2、清点食材。", x=330)
    source = read(both(title, left, right))
    assert source.text == (
        "诚聘英才\n水电工\n岗位职责：\n1、巡视设备，记录运行参数；\n2、夜间值班。\n食堂厨师\n岗位职责：\n1、烹制工作餐，保证按时开饭；\n2、清点食材。"
    )


def test_names_and_values_that_stand_apart_are_no_columns() -> None:
    source = read(both(lines("姓名", "部门", "岗位", "学历"), lines("某某", "车间", "电工", "中专", x=200)))
    assert source.text == "姓名\t某某\n部门\t车间\n岗位\t电工\n学历\t中专"


def test_columns_of_a_table_without_lines_are_cells() -> None:
    names = lines("岗位", "水电工", "厨师", "司机")
    duties = lines("职责", "巡视设备并填写", "烹制工作餐", "接送", x=200)
    degrees = lines("学历", "中专", "不限", "高中", x=420)
    source = read(both(names, duties, degrees, lines("以上岗位均需倒班，有意者请联系。", y=650)))
    assert source.text.split("\n") == [
        "岗位\t职责\t学历",
        "水电工\t巡视设备并填写\t中专",
        "厨师\t烹制工作餐\t不限",
        "司机\t接送\t高中",
        "以上岗位均需倒班，有意者请联系。",
    ]
    assert [h.cell.header for h in source.layout if h.cell and h.cell.column == 1] == [True, False, False, False]


def test_cell_of_several_lines_in_a_table_without_lines_is_one() -> None:
    def column(x: float, *texts: tuple[float, str]) -> Callable[[Any], None]:
        return lambda canvas: [canvas.drawString(x, y, text) for y, text in texts] and None

    parts = (
        column(72, (760, "岗位"), (730, "水电工"), (685, "厨师")),
        column(200, (760, "职责"), (730, "巡视供水供电设备并"), (715, "填写记录"), (685, "烹制工作餐")),
        column(420, (760, "学历"), (730, "中专"), (685, "不限")),
    )
    assert (
        read(both(*parts)).text == "岗位\t职责\t学历\n水电工\t巡视供水供电设备并填写记录\t中专\n厨师\t烹制工作餐\t不限"
    )


def test_letters_drawn_twice_stand_once_and_doubled_words_stay() -> None:
    source = read(both(lines("天天巡视"), lines("天天巡视", x=72.4), lines("人人有责", y=700)))
    assert source.text == "天天巡视\n人人有责"


def test_letters_across_the_page_are_set_apart() -> None:
    def watermark(canvas: Any) -> None:
        canvas.saveState()
        canvas.translate(200, 400)
        canvas.rotate(45)
        canvas.drawString(0, 0, "内部资料")
        canvas.restoreState()

    source = read(both(lines("水电工", "巡视"), watermark))
    assert source.text == "水电工\n巡视\n\n内部资料"
    assert hint_of(source, "内部").region == Region.HEADER


def test_page_that_lies_on_its_side_is_read_upright() -> None:
    def draw(canvas: Any) -> None:
        canvas.setPageRotation(90)
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        canvas.setFont(font(), 12)
        lines("水电工", "岗位职责", y=400)(canvas)

    assert read(draw).text == "水电工\n岗位职责"


def test_contents_list_is_marked() -> None:
    source = read(lines("目录", "水电工" + "." * 40 + "2", "厨师" + "." * 41 + "3"), lines("水电工", "1、巡视"))
    assert [h.region for h in source.layout] == [*[Region.CONTENTS] * 3, Region.BODY, Region.BODY]


# -- ruled tables -----------------------------------------------------------------------------------------------------


def grid(
    xs: list[float], ys: list[float], *texts: tuple[int, int, str], without: tuple[str, ...] = ()
) -> Callable[[Any], None]:
    """Lines along xs and ys, and texts in cells told by row and column; `without` leaves out pieces such as "x1:0"."""

    def draw(canvas: Any) -> None:
        for y in ys:
            canvas.line(xs[0], y, xs[-1], y)
        for n, x in enumerate(xs):
            for row in range(len(ys) - 1):
                if f"x{n}:{row}" not in without:
                    canvas.line(x, ys[row], x, ys[row + 1])
        for row, column, text in texts:
            for k, line in enumerate(text.split("\n")):
                canvas.drawString(xs[column] + 5, ys[row] - 16 - k * LINE, line)

    return draw


XS = [60.0, 160.0, 430.0, 530.0]


def test_cells_are_told_with_row_and_column_and_merged_ones_once() -> None:
    table = grid(
        XS, [760, 735, 710, 650], (0, 0, "岗位说明书"), (1, 0, "岗位名称"), (1, 1, "水电工"), (2, 0, "职责"), (2, 1, "1、巡视\n2、保养"),
        without=("x1:0", "x2:0"),
    )  # fmt: skip
    source = read(both(lines("附件", y=800), table, lines("完", y=600)))
    assert source.text == "附件\n岗位说明书\n岗位名称\t水电工\n职责\t1、巡视\n2、保养\n完"
    places = [(h.cell.row, h.cell.column, h.cell.columns) for h in source.layout if h.cell]
    assert places == [(1, 1, 3), (2, 1, 1), (2, 2, 1), (3, 1, 1), (3, 2, 1), (3, 2, 1)]


def test_table_goes_on_over_pages_with_its_broken_row_made_whole() -> None:
    head = ((0, 0, "岗位"), (0, 1, "职责"), (0, 2, "学历"))
    long = "巡视供水供电的设备，按照班次填写运行，"
    first = grid(XS, [760, 735, 700], *head, (1, 0, "水电工"), (1, 1, long), (1, 2, "中专"))
    second = grid(
        XS, [760, 735, 700, 670], *head, (1, 1, "记录并交接"), (2, 0, "厨师"), (2, 1, "烹制工作餐"), (2, 2, "不限")
    )
    source = read(first, second)
    assert (
        source.text
        == "岗位\t职责\t学历\n水电工\t" + long + "记录并交接\t中专\n岗位\t职责\t学历\n厨师\t烹制工作餐\t不限"
    )
    assert [h.cell.header for h in source.layout if h.cell and h.cell.column == 1] == [True, False, True, False]


def test_row_that_a_page_broke_between_paragraphs_keeps_them() -> None:
    head = ((0, 0, "岗位"), (0, 1, "职责"))
    first = grid(XS[:3], [760, 735, 700], *head, (1, 0, "水电工"), (1, 1, "巡视"))
    second = grid(XS[:3], [760, 735, 700], (0, 1, "保养"), (1, 0, "厨师"), (1, 1, "烹制"))
    assert read(first, second).text == "岗位\t职责\n水电工\t巡视\n保养\n厨师\t烹制"


def test_next_form_of_the_same_columns_is_a_table_of_its_own() -> None:
    def form(title: str) -> Callable[[Any], None]:
        return grid(XS[:3], [760, 735, 700], (0, 0, "岗位名称"), (0, 1, title), (1, 0, "职责"), (1, 1, "巡视"))

    source = read(form("水电工"), form("厨师"))
    assert [h.cell.table for h in source.layout if h.cell] == [1] * 4 + [2] * 4


def test_label_set_upright_in_its_cell_is_one_word() -> None:
    table = grid([60, 85, 400], [760, 660], (0, 0, "岗\n位\n职\n责"), (0, 1, "1、巡视\n2、保养"))
    assert read(table).text == "岗位职责\t1、巡视\n2、保养"


def test_frame_around_a_page_is_no_table() -> None:
    def frame(canvas: Any) -> None:
        canvas.rect(50, 50, 495, 742)

    source = read(both(frame, lines("水电工", "岗位职责")))
    assert source.text == "水电工\n岗位职责"
    assert all(h.cell is None for h in source.layout)


# -- files that are not what they seem --------------------------------------------------------------------------------

WHOLE = pdf(lines("水电工", "岗位职责", "1、巡视"))


def refusal(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "岗位.pdf")
    message = str(caught.value)
    assert message.startswith("岗位.pdf: ") and "\n" not in message
    return message


def test_pdf_is_known_by_content() -> None:
    assert read_bytes(WHOLE, "岗位.doc").text == "水电工\n岗位职责\n1、巡视"


def test_encrypted_pdf_is_refused_by_that_name() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    assert "encrypted" in refusal(pdf(lines("水电工"), encrypt=StandardEncryption("secret")))


def test_damaged_pdf_is_refused() -> None:
    assert "damaged PDF" in refusal(b"%PDF-1.7\n%\xe2\xe3")
    assert "damaged PDF" in refusal(b"%PDF-1.4\n" + b"1 0 obj <<" * 1000)


def test_pages_without_text_are_a_scan_or_empty() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("RGB", (20, 20), "white"))
    assert "scan" in refusal(pdf(lambda canvas: canvas.drawImage(picture, 0, 0, 500, 700)))
    assert dict(read_bytes(pdf(lambda canvas: None), "空.pdf").warnings) == {"empty": "the file holds no text"}


def test_mutants_are_read_or_refused_with_one_typed_error() -> None:
    dice = random.Random(3)
    for _ in range(12):
        data = bytearray(WHOLE)
        for _ in range(dice.randint(1, 20)):
            where = dice.randrange(len(data))
            data[where : where + dice.randint(0, 9)] = dice.randbytes(dice.randint(0, 9))
        try:
            read_bytes(b"%PDF-1.4\n" + bytes(data), "变.pdf")
        except ReadError as error:
            assert str(error).startswith("变.pdf: ")


def test_child_is_ended_when_its_time_is_over() -> None:
    start = time.monotonic()
    with pytest.raises(ReadError, match=r"^a\.pdf: .*limit"):
        child.run("pdf", WHOLE, "a.pdf", seconds=0)
    assert time.monotonic() - start < 60


def test_work_that_no_one_knows_is_refused() -> None:
    with pytest.raises(ReadError, match=r"^a\.pdf: "):
        child.run("sing", b"", "a.pdf")
