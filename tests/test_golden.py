"""The raw documents give the golden records, byte for byte, and these keep every promise of the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import parse_file
from pipeline.export import render
from pipeline.read import read
from pipeline.verify import verify

ROOT = Path(__file__).parents[1]
RAW = sorted(ROOT.joinpath("raw").glob("*.*"))
GOLDEN = ROOT / "tests" / "golden"
SEED = ROOT / "raw" / "客户经理岗位职责.txt"


@pytest.mark.parametrize("path", RAW, ids=lambda p: p.stem)
@pytest.mark.parametrize("name", ["json", "xml"])
def test_record_is_the_golden_one(path: Path, name: str) -> None:
    golden = GOLDEN / f"{path.stem}.{name}"
    assert render(parse_file(path), name) == golden.read_bytes(), "if the change is meant, review `make golden`"


@pytest.mark.parametrize("path", RAW, ids=lambda p: p.stem)
def test_invariants_hold(path: Path) -> None:
    assert verify(parse_file(path), read(path).text) == []


def test_every_golden_file_has_its_raw_document() -> None:
    assert {p.stem for p in GOLDEN.iterdir()} == {p.stem for p in RAW}


def test_seed_has_its_twelve_roles() -> None:
    roles = parse_file(SEED).roles
    assert [r.title for r in roles] == ["客户经理"] * 5 + ["渠道客户经理"] * 7
    assert [r.ordinal for r in roles] == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 6, 7]
    assert [r.subtitle.text if r.subtitle else None for r in roles[:5]] == [
        "客户经理职责",
        "身为一名客户经理的岗位职责",
        "银行客户经理岗位职责",
        "银行客户经理岗位职责",
        None,
    ]


def test_seed_channel_roles_have_their_qualifications() -> None:
    roles = parse_file(SEED).roles[5:]
    levels = [r.qualifications.education.min_level for r in roles]
    assert levels == ["专科", "专科", "专科", "专科", "专科", "专科", None]
    years = [[e.min_years for e in r.qualifications.experience] for r in roles]
    assert years == [[3], [3], [1], [], [], [2, 1], []]
    assert [r.qualifications.gender for r in roles] == [None, None, "不限", None, "不限", None, None]
    ages = [r.qualifications.age for r in roles]
    assert [(a.min, a.max) if a else None for a in ages] == [None, None, None, None, (21, 35), None, None]
    assert roles[0].qualifications.education.full_time is True
