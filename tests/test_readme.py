"""What the README says of a record is true, and its links, and those of the documentation, lead somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from pipeline.run import parse_file

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")])


def holds(whole: Any, part: Any) -> bool:
    """Whether all that a shortened example says is said by the record: of a list the first entries."""
    if isinstance(part, dict):
        return all(key in whole and holds(whole[key], value) for key, value in part.items())
    if isinstance(part, list) and part:
        return len(whole) >= len(part) and all(map(holds, whole, part))
    return bool(whole == part)


def test_example_of_a_record_is_what_the_sample_gives() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"```json\n(.*?)```", readme, re.S)
    record = parse_file(ROOT / "raw" / "晨光诊所招聘启事.txt").model_dump(mode="json")
    assert holds(record, json.loads(told))
    assert not holds(record, {"roles": [{"title": "医生"}]})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.S)
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    for link in links:
        if "://" not in link:
            path, _, anchor = unquote(link).partition("#")
            target = page.parent / path if path else page
            assert target.exists(), link
            if anchor and target.suffix == ".md":
                assert anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    """The names that headings have on the pages of a forge."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_both_readmes_say_the_same_commands_to_begin_with() -> None:
    def begin(page: str) -> list[str]:
        text = (ROOT / page).read_text(encoding="utf-8")
        (block,) = [b for b in re.findall(r"```sh\n(.*?)```", text, re.S) if b.startswith("git clone")]
        return [line.partition("#")[0].strip() for line in block.splitlines()[1:]]

    assert begin("README.md") == begin("README.zh.md")
