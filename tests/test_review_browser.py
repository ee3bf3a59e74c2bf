"""The review page in a browser: jump, filter, decide by keyboard, download, parse again; nothing hostile runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.review.decisions import load
from pipeline.review.page import page
from pipeline.run import parse
from tests.browser import chromium, faults
from tests.test_read_pdf import lines, pdf
from tests.test_review import HOSTILE

TEXT = (
    "出纳岗位职责\n1、做为预算的负责人，负责现金收付；\n2、登记日记账。\n任职要求：\n1、大专以上学历。\n2、工作认真细致。\n"
    "会计岗位职责\n1、负责总账，编制报表；\n2、负责纳税申报。\n任职要求：\n1、本科以上学历。\n"
)


def gangwei(*told: str | Path) -> int:
    return CliRunner().invoke(main, [str(word) for word in told]).exit_code


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def watched(browser: Any) -> Iterator[Any]:
    """A tab; whatever it asks of the network, or complains about, fails the test."""
    tab = browser.new_context(accept_downloads=True).new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: asked.append(f"error: {error}"))
    tab.on("console", lambda message: asked.append(f"console: {message.text}"))
    yield tab
    tab.context.close()
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


@pytest.fixture
def out(tmp_path: Path) -> Path:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "财务.txt").write_text(TEXT, encoding="utf-8")
    assert gangwei("parse", raw, "-o", tmp_path / "out", "-q") == 0
    record = json.loads((tmp_path / "out" / "财务.json").read_bytes())
    assert [c["original"] for c in record["corrections"]] == ["做为"]
    record["corrections"][0]["confidence"] = 0.81  # what is unsure waits for a person
    (tmp_path / "out" / "财务.json").write_text(json.dumps(record), encoding="utf-8")
    assert gangwei("review", tmp_path / "out", "--raw", raw, "-q") == 0
    return tmp_path / "out"


def opened(tab: Any, out: Path) -> Any:
    tab.goto((out / "review" / "index.html").as_uri())
    tab.click("text=财务")
    return tab


def selected(tab: Any, pane: str) -> list[str]:
    found = tab.eval_on_selector_all(f"#{pane} .selected", "all => all.map(e => e.innerText)")
    return [str(text) for text in found]


def saved(tab: Any, press: str, path: Path) -> Any:
    with tab.expect_download() as waiting:
        tab.keyboard.press(press)
    waiting.value.save_as(path)
    assert waiting.value.suggested_filename == "财务.decisions.json"
    return json.loads(path.read_bytes())


def test_click_and_enter_lead_from_either_column_to_the_other(watched: Any, out: Path) -> None:
    tab = opened(watched, out)
    tab.click("#source >> text=登记日记账")
    assert selected(tab, "source") == ["2、登记日记账。"]
    assert "登记日记账。" in selected(tab, "record")[0]
    tab.click("#record >> text=本科以上学历。")
    assert selected(tab, "source") == ["1、本科以上学历。"]
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.closest('#source') !== null")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.closest('#record') !== null")
    tab.keyboard.press("Escape")
    assert selected(tab, "source") == selected(tab, "record") == []


def test_fact_leads_to_where_it_stands(watched: Any, out: Path) -> None:
    tab = opened(watched, out)
    tab.click("#record .fact .jump >> nth=0")
    near = tab.eval_on_selector_all("#source .near", "all => all.map(e => e.innerText)")
    assert near == ["1、大专以上学历。"]


def test_filters_leave_what_is_asked_for(watched: Any, out: Path) -> None:
    tab = opened(watched, out)
    tab.click("label.choice[data-kind=duties]")
    assert tab.is_hidden("#record .text >> text=登记日记账。")
    assert tab.is_visible("#record .text >> text=大专以上学历。")
    assert tab.is_visible("#record .shift"), "a change in it is still asked for"
    assert "dim" in tab.get_attribute("#source .block >> text=登记日记账", "class")
    tab.click("label.choice:has(input[value=typo])")
    tab.click("label.choice:has(input[value=spin])")
    assert tab.is_hidden("#record .shift")
    tab.reload()
    tab.fill("#at-most", "0.82")
    assert tab.is_visible("#record .shift")
    assert tab.is_hidden("#record .text >> text=负责纳税申报。")
    tab.reload()
    tab.check("#ask-only")
    assert tab.is_visible("#record .shift")
    assert tab.is_hidden("#record .text >> text=负责纳税申报。")


def test_decisions_made_by_keyboard_are_downloaded_and_change_the_next_record(
    watched: Any, out: Path, tmp_path: Path
) -> None:
    tab = opened(watched, out)
    for _ in range(20):
        tab.keyboard.press("j")
        if tab.locator("#record .shift.selected").count():
            break
    tab.keyboard.press("r")
    tab.click("#record .text >> text=工作认真细致。")
    tab.keyboard.press("2")
    tab.click("#record .title >> text=会计")
    tab.keyboard.press("t")
    tab.keyboard.type("总账会计")
    tab.keyboard.press("Enter")
    tab.click("#record .text >> text=登记日记账。")
    tab.keyboard.press("b")
    tab.keyboard.type("登记")
    tab.keyboard.press("Enter")
    told = saved(tab, "d", tmp_path / "d.json")
    assert [d["type"] for d in told["decisions"]] == ["change", "role", "kind", "title"]
    assert gangwei("parse", tmp_path / "raw", "-o", out, "--decisions", tmp_path / "d.json", "-q") == 0
    record = json.loads((out / "财务.json").read_bytes())
    assert record["corrections"] == record["suggestions"] == []
    assert [role["title"] for role in record["roles"]] == ["出纳", "登记", "总账会计"]
    assert [entry["text"] for entry in record["roles"][1]["requirements"]] == ["大专以上学历。", "工作认真细致。"]
    assert [w["code"] for w in record["warnings"] if w["code"].startswith("decision")] == []


def test_undo_takes_the_last_decision_back_and_decisions_outlive_a_reload(
    watched: Any, out: Path, tmp_path: Path
) -> None:
    tab = opened(watched, out)
    for key in ("3", "4"):
        tab.click("#record .text >> text=负责纳税申报。")
        tab.keyboard.press(key)
    tab.keyboard.press("u")
    tab.reload()
    (kept,) = saved(tab, "d", tmp_path / "d.json")["decisions"]
    assert (kept["original"], kept["kind"]) == ("2、负责纳税申报。", "qualities")


def test_decisions_of_an_earlier_file_are_taken_and_those_of_another_document_are_not(
    watched: Any, out: Path, tmp_path: Path
) -> None:
    tab = opened(watched, out)
    tab.click("#record .text >> text=负责纳税申报。")
    tab.keyboard.press("2")
    told = saved(tab, "d", tmp_path / "d.json")
    tab.evaluate("localStorage.clear()")
    tab.reload()
    tab.set_input_files("#file", tmp_path / "d.json")
    tab.wait_for_selector("#record .decided")
    assert saved(tab, "d", tmp_path / "e.json") == told
    told["source"]["sha256"] = "0" * 64
    (tmp_path / "f.json").write_text(json.dumps(told), encoding="utf-8")
    tab.set_input_files("#file", tmp_path / "f.json")
    tab.wait_for_selector("#progress >> text=不是本文件的审阅决定")


def test_what_stood_there_is_handed_out_as_the_file_has_it(watched: Any, tmp_path: Path) -> None:
    text = "出纳岗位职责\r\n1、负责\x85现金\u202e\u2028收付\x7f；\r\n任职要求：\r\n1、大专以上学历。\r\n"
    document = parse(text, "出纳")
    file = tmp_path / "出纳.html"
    file.write_bytes(page(document, text, "出纳"))
    watched.goto(file.as_uri())
    watched.click("#record .entry .chip >> nth=0")
    watched.keyboard.press("4")
    with watched.expect_download() as waiting:
        watched.keyboard.press("d")
    waiting.value.save_as(tmp_path / "d.json")
    decided = load(tmp_path / "d.json")
    assert decided.source.sha256 == document.source.sha256
    (one,) = decided.decisions
    assert one.original == text[one.span.start : one.span.end]


def test_help_opens_and_closes(watched: Any, out: Path) -> None:
    tab = opened(watched, out)
    tab.keyboard.press("?")
    assert tab.is_visible("#help")
    tab.keyboard.press("?")
    assert tab.is_hidden("#help")


def test_theme_is_the_system_s_until_it_is_turned(watched: Any, out: Path) -> None:
    tab = opened(watched, out)
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = tab.evaluate(paper)
    tab.click("#do-theme")
    dark = tab.evaluate(paper)
    assert light != dark
    tab.emulate_media(color_scheme="dark")
    tab.reload()
    assert tab.evaluate(paper) == dark


def test_hostile_document_shows_as_text_and_runs_nothing(watched: Any, tmp_path: Path) -> None:
    file = tmp_path / "恶.html"
    file.write_bytes(page(parse(HOSTILE, "恶"), HOSTILE, "<script>window.hit=1</script>"))
    watched.goto(file.as_uri())
    for key in ("J", "J", "J", "a", "b", "Escape"):
        watched.keyboard.press(key)
    assert watched.evaluate("window.hit") is None
    assert "<img src=x onerror=window.hit=1>" in watched.inner_text("#source")


def test_policy_lets_no_other_script_run(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "恶.html"
    file.write_bytes(page(parse(HOSTILE, "恶"), HOSTILE, "恶"))
    tab = browser.new_page()
    tab.goto(file.as_uri())
    tab.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.hit = 2'}))")
    assert tab.evaluate("window.hit") is None
    assert tab.evaluate("fetch('data:,x').then(() => 'fetched', () => 'refused')") == "refused"
    tab.close()


@pytest.fixture
def paged(tmp_path: Path) -> Path:
    """The page of a PDF of two pages."""
    first, second = TEXT.split("会计岗位职责")
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "财务.pdf").write_bytes(pdf(lines(*first.splitlines()), lines("会计岗位职责", *second.splitlines()[1:])))
    assert gangwei("parse", raw, "-o", tmp_path / "out", "-q") == 0
    assert gangwei("review", tmp_path / "out", "--raw", raw, "-q") == 0
    return tmp_path / "out" / "review" / "documents" / "财务.html"


def lit(tab: Any) -> list[str]:
    """The stretches of the boxes that are lit up on the pages."""
    return list(tab.eval_on_selector_all("rect.near", "all => all.map(e => e.dataset.start + '-' + e.dataset.end)"))


def test_pages_stand_beside_the_text_where_there_is_room_and_lead_both_ways(watched: Any, paged: Path) -> None:
    tab = watched
    tab.set_viewport_size({"width": 1920, "height": 1000})
    tab.goto(paged.as_uri())
    assert all(map(tab.is_visible, ("#sheets", "#source", "#record")))
    assert tab.evaluate("[...document.images].every(e => e.complete && e.naturalWidth > 0)")
    tab.click("#record .text >> text=负责纳税申报。")
    start, end = tab.eval_on_selector("#record .selected", "e => [e.dataset.start, e.dataset.end]")
    assert lit(tab) == [f"{start}-{end}"]
    assert tab.eval_on_selector("rect.near", "e => e.closest('figure').innerText") == "第 2 页"
    assert tab.locator("rect.near").bounding_box()["y"] < 1000, "it is brought into sight"
    tab.locator("#sheets").evaluate("e => e.scrollTop = 0")
    box = tab.locator("rect >> nth=2").bounding_box()
    tab.mouse.click(box["x"] + 5, box["y"] + 5)
    assert selected(tab, "source") == ["2、登记日记账。"]
    assert "登记日记账。" in selected(tab, "record")[0]
    tab.keyboard.press("v")
    assert tab.is_hidden("#sheets")


def test_pages_take_the_place_of_the_text_where_there_is_none(watched: Any, paged: Path) -> None:
    tab = watched
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.goto(paged.as_uri())
    assert (tab.is_visible("#sheets"), tab.is_visible("#source")) == (False, True)
    tab.keyboard.press("v")
    assert (tab.is_visible("#sheets"), tab.is_visible("#source")) == (True, False)
    tab.click("#record .text >> text=负责纳税申报。")
    assert len(lit(tab)) == 1
    tab.click("#do-sheets")
    assert selected(tab, "source") == ["2、负责纳税申报。"]
    assert faults(tab) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [480, 1280])
def test_axe_finds_no_serious_fault(browser: Any, out: Path, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    tab = context.new_page()
    tab.goto((out / "review" / "index.html").as_uri())
    assert faults(tab) == []
    tab.click("text=财务")
    assert faults(tab) == []
    tab.click("#record .shift >> nth=0")
    assert faults(tab) == []
    tab.keyboard.press("?")
    assert faults(tab) == []
    context.close()


def test_axe_finds_a_fault_that_is_there(browser: Any, out: Path) -> None:
    tab = opened(browser.new_page(), out)
    tab.evaluate("document.querySelector('#do-help').replaceChildren()")
    assert [rule for rule, _, _ in faults(tab)] == ["button-name"]
    tab.close()
