"""Web pages and archives: what a person sees, in the encoding that the bytes are in."""

from __future__ import annotations

import random
import time

import pytest

from pipeline.errors import ReadError
from pipeline.layout import Region, at
from pipeline.read import read_bytes
from pipeline.text import SourceText


def page(body: str, head: str = "") -> SourceText:
    return read_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "职位.html")


def region_of(source: SourceText, words: str) -> Region:
    hint = at(source.layout, source.text.index(words))
    assert hint is not None
    return hint.region


def test_lines_are_what_a_browser_shows() -> None:
    source = page(
        "<h2>焊 工</h2><p>一、 岗位<b>职责</b>：<br>焊接\n机架 and\nframes</p>尾<div>行</div><pre>甲\n  乙</pre>"
    )
    assert source.text == "焊 工\n一、 岗位职责：\n焊接机架 and frames\n尾\n行\n甲\n  乙"
    assert (source.media_type, source.encoding, source.extracted) == ("text/html", "utf-8", True)
    assert [(h.heading, h.bold) for h in source.layout[:3]] == [(2, True), (None, False), (None, True)]


@pytest.mark.parametrize(
    ("attributes", "numbers"),
    [
        ("", "1. 2. 3."),
        ("start=4", "4. 5. 6."),
        ("type=a", "a. b. c."),
        ("type=I", "I. II. III."),
        ("reversed start=3", "3. 2. 1."),
        ("style='list-style-type: cjk-ideographic'", "一、 二、 三、"),
        ("style='list-style:none'", ""),
    ],
)
def test_numbers_of_an_ordered_list_are_counted(attributes: str, numbers: str) -> None:
    source = page(f"<ol {attributes}><li>擦窗</li><li>扫地</li><li>倒垃圾</li></ol>")
    assert " ".join(h.number for h in source.layout if h.number) == numbers
    assert all(source.text[h.start :].startswith(h.number) for h in source.layout if h.number)


def test_value_of_an_item_moves_the_count_and_lists_nest() -> None:
    source = page("<ol><li>甲<ol><li>乙</ol><li value=7>丙<li>丁</ol><ul><li>戊</ul>")
    assert source.text == "1. 甲\n1. 乙\n7. 丙\n8. 丁\n• 戊"
    assert [h.list_level for h in source.layout] == [1, 2, 1, 1, 1]


def test_number_that_the_author_typed_is_not_doubled() -> None:
    assert page("<ol><li>1、巡检</li><li>2、抄表</li></ol>").text == "1、巡检\n2、抄表"


def test_cards_in_a_list_have_no_bullets() -> None:
    card = "<li><h3>电工</h3><p>职责：</p><p>检修</p></li>"
    assert page(f"<ul>{card}{card}</ul>").text == "电工\n职责：\n检修\n电工\n职责：\n检修"


def test_table_keeps_rows_columns_and_spans() -> None:
    rows = "<tr><th>部门</th><th>岗位</th><th>要求</th></tr><tr><td rowspan=2>车间</td><td>焊工</td><td>有证<br>两年</td></tr>"
    source = page(
        f"<table><caption>一览</caption>{rows}<tr><td>钳工</td><td><ul><li>能倒班</li></ul></td></tr></table>"
    )
    assert source.text == "一览\n部门\t岗位\t要求\n车间\t焊工\t有证\n两年\n车间\t钳工\t• 能倒班"
    cells = [(h.cell.row, h.cell.column, h.cell.header) for h in source.layout if h.cell]
    assert cells == [
        (1, 1, True),
        (1, 2, True),
        (1, 3, True),
        *((2, n, False) for n in (1, 2, 3)),
        *((3, n, False) for n in (1, 2, 3)),
    ]


def test_terms_and_their_descriptions_are_labels_and_values() -> None:
    source = page("<dl><dt>学历</dt><dd>本科</dd><dt>经验</dt><dd>三年</dd></dl>")
    assert source.text == "学历\t本科\n经验\t三年"
    assert [bool(h.cell and h.cell.label) for h in source.layout] == [True, False, True, False]


def test_table_within_a_table_is_read_in_place() -> None:
    assert (
        page("<table><tr><td>前<table><tr><td>岗位</td><td>保安</td></tr></table>后</td></tr></table>").text
        == "前\n岗位\t保安\n后"
    )


@pytest.mark.parametrize(
    "unseen",
    [
        "<div style='display: none'>内部</div>",
        "<p hidden>内部</p>",
        "<script>内部</script>",
        "<style>内部</style>",
        "<!-- <p>内部</p> -->",
        "<!--[if gte mso 9]><p>内部</p><![endif]-->",
        "<span style='mso-hide:all'>内部</span>",
        "<noscript><p>内部</p></noscript>",
        "<select><option>内部</option></select>",
    ],
)
def test_what_a_browser_does_not_show_is_not_read(unseen: str) -> None:
    assert page(f"<p>保洁</p>{unseen}<p>园艺</p>").text == "保洁\n园艺"


def test_menus_heads_and_feet_are_marked() -> None:
    body = "<div class='top-nav'><a>首页</a> <a>招聘</a></div><ul><li><a>新闻</a><li><a>产品</a><li><a>联系</a></ul>"
    body += "<div id=header><h1>仓管员</h1></div><p>收发货物，登记台账。</p><div class=footer>版权所有</div><footer>某某公司</footer>"
    source = page(body)
    assert [region_of(source, w) for w in ("首页", "产品")] == [Region.NAVIGATION] * 2
    assert [region_of(source, w) for w in ("仓管员", "收发货物")] == [Region.BODY] * 2
    assert [region_of(source, w) for w in ("版权", "某某")] == [Region.FOOTER] * 2


def test_element_named_as_a_menu_but_full_of_text_is_body() -> None:
    duties = "".join(
        f"<p>{n}、负责第{n}车间的日常生产安排，跟踪进度并向厂长报告每日产量与质量情况，协调各班组之间的人员。</p>"
        for n in (1, 2, 3)
    )
    assert region_of(page(f"<p>班长</p><div class=side>{duties}</div>"), "第2车间") == Region.BODY


@pytest.mark.parametrize("card", ["<li>{}</li>", "<article>{}</article>", "<div>{}</div>"])
def test_head_of_a_card_is_not_the_head_of_the_page(card: str) -> None:
    """Found on a real page: each vacancy a card whose `topbar` holds its title."""
    cards = "".join(
        card.format(f"<div class=topbar><b>{title}</b></div><p>{duty}</p><div class=card-footer>{place}</div>")
        for title, duty, place in (("锅炉工", "看守锅炉，按时排污。", "南厂"), ("司磅员", "过磅开单。", "北门"))
    )
    source = page(f"<header>某热力公司</header>{cards}<footer>版权所有</footer>")
    assert {region_of(source, w) for w in ("锅炉工", "司磅员", "南厂", "北门")} == {Region.BODY}
    assert region_of(source, "某热力公司") == Region.HEADER
    assert region_of(source, "版权") == Region.FOOTER


def test_page_of_nothing_but_a_menu_is_body() -> None:
    assert region_of(page("<nav><a>司机</a></nav>"), "司机") == Region.BODY


def test_list_of_word_has_its_marker_once() -> None:
    marker = "<![if !supportLists]><span style='mso-list:Ignore'>{}<span>&nbsp;&nbsp;</span></span><![endif]>"
    bullet = "<span style='font-family:Wingdings'>" + marker.format("l") + "</span>"
    source = page(
        f"<p style='mso-list:l0 level2 lfo1'>{marker.format('1、')}送货</p><p style='mso-list:l1 level1 lfo2'>{bullet}收款</p>"
    )
    assert source.text == "1、送货\n● 收款"
    assert [(h.number, h.list_level) for h in source.layout] == [("1、", 2), ("●", 1)]


def test_invisible_characters_stay_for_cleaning_to_list() -> None:
    assert page("<p>薪&shy;酬&#8203;专员</p>").text == "薪\xad酬\u200b专员"


# -- encodings --------------------------------------------------------------------------------------------------------

CHINESE = "<html><head>{}</head><body><p>仓储主管负责仓库的日常管理</p></body></html>"
SAYS = "<meta http-equiv=Content-Type content='text/html; charset={}'>"


@pytest.mark.parametrize(
    ("declared", "written", "read_as"),
    [
        ("gb2312", "utf-8", "utf-8"),
        ("gb2312", "gb18030", "gb18030"),
        ("utf-8", "gb18030", "gb18030"),
        ("", "gb18030", "gb18030"),
        ("", "utf-8-sig", "utf-8-sig"),
        ("utf-8", "utf-16", "utf-16"),
    ],
)
def test_bytes_decide_the_encoding_before_the_declaration(declared: str, written: str, read_as: str) -> None:
    source = read_bytes(CHINESE.format(SAYS.format(declared) if declared else "").encode(written), "a.html")
    assert (source.text, source.encoding) == ("仓储主管负责仓库的日常管理", read_as)


# -- by content, not by name ------------------------------------------------------------------------------------------


def test_page_is_known_by_content_and_its_pieces_by_name_too() -> None:
    assert read_bytes("<!DOCTYPE html><html><body><p>甲</p></body></html>".encode(), "a.txt").text == "甲"
    assert read_bytes("<!-- 存 --><HTML><p>甲</p>".encode(), "a.doc").text == "甲"
    assert read_bytes("<table><tr><td>甲</td><td>乙</td></tr></table>".encode(), "a.xls").text == "甲\t乙"
    piece = "<p>甲</p>"
    assert read_bytes(piece.encode(), "a.txt").text == piece


def archive(html: str, encoding: str = "gb2312") -> bytes:
    import quopri

    head = 'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="-b"\r\n\r\n---b\r\n'
    head += f'Content-Type: text/html; charset="{encoding}"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + quopri.encodestring(html.encode(encoding)) + b"\r\n---b--\r\n"


def test_web_archive_is_read_whatever_its_name() -> None:
    source = read_bytes(archive("<html><body><p>快递员</p><p>1、派件</p></body></html>"), "职位.doc")
    assert (source.text, source.encoding, source.media_type) == ("快递员\n1、派件", "gb18030", "multipart/related")


def test_archive_without_a_page_is_refused() -> None:
    data = (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: image/png\n\nx\n--b--\n"
    )
    with pytest.raises(ReadError, match=r"^a\.doc: a web archive \(MHTML\) without a page"):
        read_bytes(data, "a.doc")


def test_letter_that_only_speaks_of_mime_is_text() -> None:
    assert read_bytes("岗位：邮件管理员\nMIME-Version: 要懂".encode(), "a.txt").media_type == "text/plain"


# -- hostile pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 50_000 + "底",
        "<table><tr><td>" * 3_000 + "底",
        "<b>" * 20_000 + "底",
        "<ul><li>" * 5_000 + "底",
        "<table>" + "<tr><td rowspan=1000 colspan=1000>" * 600 + "底",
        "<" * 100_000,
        "&amp;" * 100_000,
        "</td></table>" * 20_000,
    ],
)
def test_hostile_page_ends_soon(body: str) -> None:
    start = time.process_time()
    try:
        page(body)
    except ReadError as error:
        assert str(error).startswith("职位.html: ")
    assert time.process_time() - start < 5


def test_mutants_are_read_or_refused() -> None:
    dice = random.Random(5)
    whole = "<html><body><table><tr><th>岗位<td rowspan=2>甲</tr></table><ol start=2><li>乙<p style='mso-list:l0'>丙</ol></html>".encode()
    for n in range(1000):
        base = archive(whole.decode()) if n % 3 == 0 else whole
        data = bytearray(base)
        for _ in range(dice.randint(1, 5)):
            where = dice.randrange(len(data))
            data[where : where + dice.randint(0, 4)] = dice.randbytes(dice.randint(0, 3))
        try:
            read_bytes(bytes(data), "变.html")
        except ReadError as error:
            assert str(error).startswith("变.html: ")
