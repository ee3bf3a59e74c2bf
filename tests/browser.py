"""A browser for tests: Debian's Chromium driven by Playwright, where both are installed; else the tests are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parents[1] / ".venv" / "node_modules" / "axe-core" / "axe.min.js"
"""Where `make test-browser` puts the npm package that looks for faults of accessibility."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser; skips the test where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def faults(tab: Any) -> list[tuple[str, str, list[str]]]:
    """Serious and critical faults that axe-core finds on a page: rule, what it asks for, where. Skips without axe-core."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm install --prefix .venv --no-save axe-core")
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    found = tab.evaluate("axe.run()")
    assert found["passes"], "it looked at nothing"
    return [
        (fault["id"], fault["help"], [" ".join(map(str, node["target"])) for node in fault["nodes"]])
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
