"""The service in a browser: hand in a file, decide, leave, come back, have it parsed anew; two people at one document."""

# ruff: noqa: E402 (what the service imports is there only with its extra)

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

for package in ("starlette", "uvicorn", "python_multipart"):
    pytest.importorskip(package, reason="needs gangwei[serve]")

from tests.browser import chromium, faults
from tests.serving import Server

TEXT = (
    "出纳岗位职责\n1、做为预算的负责人，负责现金收付；\n2、登记日记账。\n任职要求：\n1、大专以上学历。\n2、工作认真细致。\n"
    "会计岗位职责\n1、负责总账，编制报表；\n2、负责纳税申报。\n任职要求：\n1、本科以上学历。\n"
)
TOKEN = "a-token-of-many-characters"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def server(browser: Any) -> Iterator[Server]:
    """Started once it is known that there is a browser."""
    with Server("--jobs", "1") as running:
        yield running.wait()


@pytest.fixture
def tab(browser: Any, server: Server) -> Iterator[Any]:
    """A tab; what it asks of others than the service, or complains about, fails the test."""
    found = browser.new_context().new_page()
    asked: list[str] = []
    found.on("request", lambda request: asked.append(request.url))
    found.on("pageerror", lambda error: asked.append(f"error: {error}"))
    yield found
    found.context.close()
    home = f"http://127.0.0.1:{server.port}/"
    assert [url for url in asked if not url.startswith((home, "blob:"))] == []


def handed_in(tab: Any, server: Server, folder: Path, text: str = TEXT) -> str:
    """Hand in a file as a person does; the path of its page, which is open now."""
    (folder / "财务.txt").write_text(text, encoding="utf-8")
    tab.goto(f"http://127.0.0.1:{server.port}/")
    tab.set_input_files("input[type=file]", folder / "财务.txt")
    tab.click("button[type=submit]")
    tab.click("main a >> text=财务")
    return str(tab.evaluate("location.pathname"))


def kept(server: Server, path: str) -> list[Any]:
    return list(server.ask("GET", path.replace("/review", "/decisions")).json()["decisions"])


def test_decisions_are_saved_as_they_are_made_and_the_record_follows_them(
    tab: Any, server: Server, tmp_path: Path
) -> None:
    path = handed_in(tab, server, tmp_path)
    tab.click("#record .shift >> nth=0")
    tab.keyboard.press("r")
    tab.click("#record .text >> text=工作认真细致。")
    tab.keyboard.press("2")
    tab.wait_for_selector("#saved >> text=已保存")
    assert [(d["type"], d.get("verdict"), d.get("kind")) for d in kept(server, path)] == [
        ("change", "reject", None),
        ("kind", None, "requirements"),
    ]
    tab.reload()
    assert tab.locator("#record .shift.rejected").count() == 1
    with tab.expect_navigation():
        tab.keyboard.press("p")
    assert tab.locator("#record .shift").count() == 0
    assert "做为预算的负责人" in tab.inner_text("#record")
    record = server.ask("GET", path.removesuffix("/review")).json()
    assert record["corrections"] == []
    assert tab.is_visible("#gone >> text=做为 → 作为：拒绝"), "it still holds, and can be taken back"
    tab.click("#gone button")
    tab.wait_for_selector("#saved >> text=已保存")
    with tab.expect_navigation():
        tab.click("#do-parse")
    assert tab.locator("#record .shift").count() == 1
    assert len(kept(server, path)) == 1


def test_record_can_be_had_from_its_page(tab: Any, server: Server, tmp_path: Path) -> None:
    path = handed_in(tab, server, tmp_path)
    with tab.expect_download() as waiting:
        tab.click("a[download]")
    waiting.value.save_as(tmp_path / "r.json")
    assert (tmp_path / "r.json").read_bytes() == server.ask("GET", path.removesuffix("/review")).body
    assert json.loads((tmp_path / "r.json").read_bytes())["source"]["name"] == "财务"


def test_two_people_at_one_document_keep_what_each_decided(
    tab: Any, browser: Any, server: Server, tmp_path: Path
) -> None:
    path = handed_in(tab, server, tmp_path)
    other = browser.new_context().new_page()
    other.goto(f"http://127.0.0.1:{server.port}{path}")
    for who, text, key in ((tab, "工作认真细致。", "2"), (other, "负责纳税申报。", "4")):
        who.click(f"#record .text >> text={text}")
        who.keyboard.press(key)
        who.wait_for_selector("#saved >> text=已保存")
    other.context.close()
    assert [d["kind"] for d in kept(server, path)] == ["requirements", "other"]


def test_what_could_not_be_saved_is_told_and_saved_with_the_next_decision(
    tab: Any, server: Server, tmp_path: Path
) -> None:
    path = handed_in(tab, server, tmp_path)
    tab.route("**/decisions", lambda route: route.abort())
    tab.click("#record .text >> text=工作认真细致。")
    tab.keyboard.press("2")
    tab.wait_for_selector("#saved >> text=服务无应答")
    assert kept(server, path) == []
    tab.unroute("**/decisions")
    tab.click("#record .text >> text=负责纳税申报。")
    tab.keyboard.press("4")
    tab.wait_for_selector("#saved >> text=已保存")
    assert len(kept(server, path)) == 2


def test_browser_asks_for_the_token_once(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    with Server("--jobs", "1", "--host", "0.0.0.0", "--token-file", tmp_path / "token") as server:
        while server.ask("GET", "/healthz").status != 200:
            pass
        context = browser.new_context(http_credentials={"username": "", "password": TOKEN})
        tab = context.new_page()
        handed_in(tab, server, tmp_path)
        tab.click("#record .text >> text=工作认真细致。")
        tab.keyboard.press("2")
        tab.wait_for_selector("#saved >> text=已保存")
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser: Any, server: Server, tmp_path: Path, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    tab.goto(f"http://127.0.0.1:{server.port}/")
    assert faults(tab) == []
    handed_in(tab, server, tmp_path)
    tab.click("#record .shift >> nth=0")
    tab.keyboard.press("r")
    assert faults(tab) == []
    tab.go_back()
    assert faults(tab) == []
    context.close()
