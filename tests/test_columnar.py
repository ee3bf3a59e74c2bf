"""Parquet in and out as a stream: a row a posting, a row a record, the same records as of JSON lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipeline import columnar
from pipeline.cli import main
from pipeline.errors import LimitError, MissingPackageError, ReadError

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

TEXT = "{}岗位职责\n1、负责现金收付;\n任职要求：\n1、大专以上学历。\n"
GOOD = [{"id": f"jd-{n}", "text": TEXT.format(title)} for n, title in enumerate(("出纳", "会计", "前台"))]


def gangwei(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def table(path: Path, rows: list[dict[str, Any]], group: int = 2) -> Path:
    parquet.write_table(arrow.Table.from_pylist(rows), path, row_group_size=group)
    return path


def lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_bytes(b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows))
    return path


def test_rows_become_the_records_that_the_same_lines_become(tmp_path: Path) -> None:
    for source in (table(tmp_path / "in.parquet", GOOD), lines(tmp_path / "in.jsonl", GOOD)):
        for name in ("out.parquet", "out.jsonl"):
            result = gangwei("parse", "--lines", source, "-o", tmp_path / f"{source.suffix[1:]}-{name}")
            assert (result.exit_code, result.stderr) == (0, "3 parsed, 0 failed\n")
    assert (tmp_path / "parquet-out.jsonl").read_bytes() == (tmp_path / "jsonl-out.jsonl").read_bytes()
    assert (tmp_path / "parquet-out.parquet").read_bytes() == (tmp_path / "jsonl-out.parquet").read_bytes()
    made = parquet.read_table(tmp_path / "jsonl-out.parquet").to_pylist()
    assert [(row["name"], row["roles"]) for row in made] == [("jd-0", 1), ("jd-1", 1), ("jd-2", 1)]
    records = [row["record"].encode() for row in made]
    assert records == (tmp_path / "jsonl-out.jsonl").read_bytes().splitlines()


def test_rows_that_fail_are_told_of_beside_the_records(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "text": None},
        {"id": 2, "text": "收" * 101},
        {"id": None, "text": "出纳"},
        {"id": 4, "text": "出纳"},
    ]
    out = tmp_path / "out.parquet"
    result = gangwei("parse", "--lines", table(tmp_path / "in.parquet", rows), "-o", out, "--max-characters", "100")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "1 parsed, 3 failed")
    assert parquet.read_table(out)["name"].to_pylist() == ["4"]
    told = [json.loads(line) for line in (tmp_path / "out.quarantine.jsonl").read_bytes().splitlines()]
    assert [(t["line"], t["id"], t["error"]) for t in told] == [
        (1, 1, "ReadError"),
        (2, 2, "LimitError"),
        (3, None, "ReadError"),
    ]


def test_fields_are_named_by_options_and_may_be_in_a_struct(tmp_path: Path) -> None:
    rows = [{"nr": 5, "jd": {"text": GOOD[0]["text"], "by": "hr"}, "other": b"\xff"}]
    out = tmp_path / "out.parquet"
    source = table(tmp_path / "in.parquet", rows)
    assert gangwei("parse", "--lines", source, "-o", out, "--id-field", "nr", "--text-field", "jd.text").exit_code == 0
    assert parquet.read_table(out)["name"].to_pylist() == ["5"]


@pytest.mark.parametrize(("first", "last"), [(0, None), (0, 3), (2, 5), (3, 4), (5, 900), (700, 1000), (4, 4)])
def test_part_of_the_rows_is_the_part_of_all_rows(tmp_path: Path, first: int, last: int | None) -> None:
    path = table(tmp_path / "in.parquet", [{"id": n, "text": f"{n}"} for n in range(1000)], group=300)
    every = list(columnar.lines(path, ("id", "text"), 100))
    assert [line.number for line in every] == list(range(1, 1001))
    part = list(columnar.lines_in(lambda: path.open("rb"), str(path), ("id", "text"), 100, first, last))
    assert part == every[first:last]


def test_row_over_the_limit_is_passed_over_and_the_next_ones_read(tmp_path: Path) -> None:
    path = table(tmp_path / "in.parquet", [{"text": "a"}, {"text": "b" * 99}, {"text": "c"}])
    found = list(columnar.lines(path, ("text",), 50))
    assert [type(line.error) for line in found] == [type(None), LimitError, type(None)]


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: data[:-9], lambda data: b"text"])
def test_file_that_is_no_parquet_is_told(tmp_path: Path, spoil: Any) -> None:
    path = table(tmp_path / "in.parquet", GOOD)
    path.write_bytes(spoil(path.read_bytes()))
    (line,) = columnar.lines(path, ("text",), 100)
    assert isinstance(line.error, ReadError)
    assert str(path) in str(line.error)


def test_rows_that_are_broken_are_told_after_those_that_could_be_read(tmp_path: Path) -> None:
    path = table(tmp_path / "in.parquet", [{"text": f"{n * n * 7919}" * 20} for n in range(900)], group=300)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = b"\xee" * 400
    path.write_bytes(data)
    *good, last = columnar.lines(path, ("text",), 10_000)
    assert isinstance(last.error, ReadError)
    assert good
    assert all(line.error is None for line in good)


def test_output_is_there_once_it_is_whole_and_partial_when_stopped(tmp_path: Path) -> None:
    from pipeline.lines import Made

    with pytest.raises(RuntimeError), columnar.writing(tmp_path / "a.parquet") as file:
        file.write(Made("1", 0, b"{}\n"))
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SystemExit), columnar.writing(tmp_path / "a.parquet") as file:
        file.write(Made("1", 0, b"{}\n"))
        raise SystemExit(130)
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet.partial"]
    assert parquet.read_table(tmp_path / "a.parquet.partial")["name"].to_pylist() == ["1"]


def test_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    result = gangwei("parse", "--lines", lines(tmp_path / "in.jsonl", GOOD), "-o", tmp_path / "a.parquet")
    assert result.exit_code == 1
    assert "pip install 'gangwei[parquet]'" in result.stderr
    with pytest.raises(MissingPackageError):
        list(columnar.lines(tmp_path / "in.parquet", ("text",), 100))
