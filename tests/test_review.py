"""Review pages hold the source and the record, say the same bytes each time, and let nothing of a document run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import html

from pipeline.cli import main
from pipeline.model import wording
from pipeline.review import assets, markup
from pipeline.review.outline import Outline
from pipeline.review.page import page
from pipeline.run import parse
from tests.office import docx, p

RAW = Path(__file__).parent.parent / "raw"
TEXT = "出纳岗位职责\n1、做为预算的负责人，负责现金收付；\n2、登记日记账。\n任职要求：\n1、大专以上学历。\n"
HOSTILE = (
    "</script><script>window.hit=1</script>岗位职责\n1、<img src=x onerror=window.hit=1>负责<b>收付</b>\"'&amp;；\n"
    "2、<!-- --> ]]> <style>*{display:none}</style> javascript:alert(1) \u202e反向\x00\r\n任职要求：\n1、大专以上学历。\n"
)


def gangwei(*told: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in told])


def page_of(text: str, name: str = "出纳") -> bytes:
    return page(parse(text, name), text, name)


def text_of(element: html.HtmlElement) -> str:
    return str(element.text_content())


# -- one page ---------------------------------------------------------------------------------------------------------


def test_page_is_the_same_bytes_each_time() -> None:
    assert page_of(TEXT) == page_of(TEXT)


def test_source_column_holds_every_line_as_it_is() -> None:
    for file in sorted(RAW.glob("*.txt")):
        text = file.read_bytes().decode("gb18030" if "GB18030" in file.name else "utf-8-sig")
        document = parse(text, file.stem)
        tree = html.fromstring(page(document, text, file.stem).decode())
        lines = tree.xpath('//*[@id="source"]//*[contains(@class, "line")]')
        for put_in in tree.xpath('//*[@id="source"]//ins'):
            put_in.text = ""
        assert [text_of(line) for line in lines] == [
            line if line.strip() else "" for line in text.replace("\r\n", "\n").split("\n")
        ]


def test_every_entry_stands_in_both_columns_under_one_name() -> None:
    tree = html.fromstring(page_of(TEXT).decode())
    left = set(tree.xpath('//*[@id="source"]//@data-ref'))
    right = set(tree.xpath('//*[@id="record"]//@data-ref'))
    assert left == right
    assert left == {"p1", "b1-1", "b1-2", "b1-3", "b1-4", "c1"}  # the role, a heading, three entries, a change
    assert "做为" in left_text(tree, "change")


def left_text(tree: html.HtmlElement, name: str) -> str:
    return "".join(map(text_of, tree.xpath(f'//*[@id="source"]//*[contains(@class, "{name}")]')))


def test_correction_is_told_with_all_that_the_record_says_of_it() -> None:
    document = parse(TEXT, "出纳")
    (made,) = document.corrections
    (row,) = html.fromstring(page_of(TEXT).decode()).xpath('//li[contains(@class, "shift")]')
    told = text_of(row)
    for said in (made.original, made.replacement, made.rule, f"{made.confidence:.2f}", made.evidence):
        assert said in told
    assert wording.CATEGORIES[made.category] in told
    assert (json.loads(row.get("data-original")), row.get("data-start")) == ("做为", str(made.span.start))


def test_occupation_is_shown_with_its_confidence_and_what_else_it_may_be() -> None:
    text = TEXT.replace("出纳", "护士")
    (role,) = parse(text, "护士").roles
    assert role.occupation is not None and role.occupation.alternatives
    (told,) = html.fromstring(page_of(text).decode()).xpath(f'//dt[.="{wording.OCCUPATION}"]/following-sibling::dd[1]')
    for each in (role.occupation, *role.occupation.alternatives):
        assert f"{wording.occupation(each)} {each.confidence:.2f}" in text_of(told)


def test_role_without_an_occupation_shows_none() -> None:
    text = TEXT.replace("出纳", "星际漫游者")
    assert [role.occupation for role in parse(text, "星际").roles] == [None]
    assert wording.OCCUPATION not in page_of(text).decode()


def test_policy_lets_nothing_run_but_what_is_known_by_its_hash() -> None:
    written = page_of(TEXT).decode()
    tree = html.fromstring(written)
    (policy,) = tree.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert policy.startswith("default-src 'none'; ")
    (style,) = re.findall("<style>(.*?)</style>", written, re.S)
    (script,) = re.findall("<script>(.*?)</script>", written, re.S)
    assert f"style-src {assets.digest(style)}" in policy
    assert f"script-src {assets.digest(script)}" in policy
    assert "unsafe" not in policy
    assert tree.xpath("//@style | //@onclick | //@src | //link") == []


def test_hostile_document_is_text_and_no_markup() -> None:
    written = page_of(HOSTILE, "<b>名</b>").decode()
    assert written.count("<script>") == written.count("</script>") == 1
    assert written.count("<style>") == 1
    tree = html.fromstring(written)
    assert (
        tree.xpath("//img | //main//b[not(ancestor::*[contains(@class, 'begin') or contains(@class, 'aside')])]") == []
    )
    shown = text_of(tree.xpath('//*[@id="source"]')[0])
    assert "<img src=x onerror=window.hit=1>" in shown
    assert "[U+202E]反向␀" in shown
    assert text_of(tree.xpath("//h1")[0]) == "<b>名</b>"


@pytest.mark.parametrize("text", ["", "\n", " \r\n\r\n", "今天天气很好。\n"])
def test_text_without_roles_has_a_page(text: str) -> None:
    assert b"<main>" in page_of(text)


def test_every_visible_change_stands_in_the_source_column() -> None:
    text = (RAW / "客户经理岗位职责.txt").read_text(encoding="utf-8")
    outline = Outline.of(parse(text, "客户经理"), text)
    tree = html.fromstring(page(outline.document, text, "客户经理").decode())
    left = set(tree.xpath('//*[@id="source"]//*[contains(@class, "change")]/@data-ref'))
    assert left == {shown.ref for shown in outline.changes}


def test_markup_escapes_whatever_is_no_html() -> None:
    assert markup.tag("p", "<&>", data_a='"\n\r<') == '<p data-a="&quot;&#10;&#13;&lt;">&lt;&amp;&gt;</p>'
    assert markup.tag("p", markup.tag("b", "<")) == "<p><b>&lt;</b></p>"
    assert markup.tag("input", checked=True, disabled=False, value=None) == "<input checked>"
    with pytest.raises(ValueError, match="would end it"):
        markup.raw("script", "'</SCRIPT>'")


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def parsed(tmp_path: Path) -> tuple[Path, Path]:
    raw, out = tmp_path / "raw", tmp_path / "out"
    (raw / "甲").mkdir(parents=True)
    (raw / "出纳.txt").write_text(TEXT, encoding="utf-8")
    (raw / "甲" / "会计 #1%.txt").write_text(TEXT.replace("出纳", "会计"), encoding="gb18030")
    (raw / "工.docx").write_bytes(docx("".join(p(line) for line in TEXT.splitlines())))
    assert gangwei("parse", raw, "-o", out, "-q").exit_code == 0
    return raw, out


def test_review_writes_a_page_for_each_record_and_an_index(parsed: tuple[Path, Path]) -> None:
    raw, out = parsed
    done = gangwei("review", out, "--raw", raw)
    pages = out / "review"
    assert (done.exit_code, done.stderr) == (0, f"3 pages, 0 failed: {pages / 'index.html'}\n")
    written = {str(f.relative_to(pages)): f.read_bytes() for f in pages.rglob("*") if f.is_file()}
    assert sorted(written) == ["documents/出纳.html", "documents/工.html", "documents/甲/会计 #1%.html", "index.html"]
    links = html.fromstring(written["index.html"].decode()).xpath("//a/@href")
    assert "documents/%E7%94%B2/%E4%BC%9A%E8%AE%A1%20%231%25.html" in links
    assert html.fromstring(written["documents/甲/会计 #1%.html"].decode()).xpath("//a/@href") == ["../../index.html"]
    assert gangwei("review", out, "--raw", raw, "-q").output == ""
    assert {str(f.relative_to(pages)): f.read_bytes() for f in pages.rglob("*") if f.is_file()} == written


def test_record_without_its_source_is_told_and_the_others_have_pages(parsed: tuple[Path, Path], tmp_path: Path) -> None:
    raw, out = parsed
    (raw / "出纳.txt").write_text(TEXT + "改", encoding="utf-8")
    (raw / "甲" / "会计 #1%.txt").unlink()
    (out / "坏.json").write_text("{}")
    done = gangwei("review", out, "--raw", raw, "-o", tmp_path / "pages")
    assert done.exit_code == 1
    *told, summary = done.stderr.splitlines()
    assert summary == f"1 pages, 3 failed: {tmp_path / 'pages' / 'index.html'}"
    for name, reason in (
        (out / "甲" / "会计 #1%.json", "its source text is not to be found"),
        (raw / "出纳.txt", f"has changed since {out / '出纳.json'} was made from it"),
        (out / "坏.json", "no record"),
    ):
        assert any(line.startswith(f"gangwei: {name}: ") and reason in line for line in told), name
    assert "未能生成" in (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")


def test_changed_text_beside_a_record_is_told(parsed: tuple[Path, Path]) -> None:
    raw, out = parsed
    (out / "工.source.txt").write_text(TEXT.replace("现金", "支票"), encoding="utf-8")
    done = gangwei("review", out, "--raw", raw)
    assert done.exit_code == 1
    assert f"gangwei: {out / '工.source.txt'}: is not the text that {out / '工.json'} was made from" in done.stderr


def test_folder_without_records_is_refused(tmp_path: Path) -> None:
    done = gangwei("review", tmp_path)
    assert (done.exit_code, done.stderr) == (1, f"gangwei: {tmp_path}: no records; gangwei parse writes them\n")
