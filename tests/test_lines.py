"""JSON lines in and out: a line a record, in order, whole files only."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from click.testing import CliRunner, Result

from pipeline import streams
from pipeline.cli import main
from pipeline.errors import LimitError, MissingPackageError, ReadError, WriteError
from pipeline.export import parse_record
from pipeline.run import parse

TEXT = "{}岗位职责\n1、负责现金收付;\n任职要求：\n1、大专以上学历。\n"
GOOD = [{"id": f"jd-{n}", "text": TEXT.format(title)} for n, title in enumerate(("出纳", "会计", "前台"))]


def gangwei(*words: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def packed(path: Path, rows: list[Any]) -> Path:
    data = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
    pack = {".gz": gzip.compress, ".zst": zstandard.compress}.get(path.suffix, bytes)
    path.write_bytes(pack(data))
    return path


def unpacked(path: Path) -> list[bytes]:
    unpack = {".gz": gzip.decompress, ".zst": lambda d: zstandard.ZstdDecompressor().stream_reader(d).read()}
    return unpack.get(path.suffix, bytes)(path.read_bytes()).splitlines()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("in.jsonl", "out.jsonl.gz"), ("in.jsonl.gz", "out.jsonl.zst"), ("in.jsonl.zst", "out.jsonl")],
)
def test_each_line_becomes_the_record_of_its_text(tmp_path: Path, given: str, wanted: str) -> None:
    raw, out = packed(tmp_path / given, GOOD), tmp_path / wanted
    result = gangwei("parse", "--lines", raw, "-o", out)
    assert (result.exit_code, result.stderr) == (0, "3 parsed, 0 failed\n")
    assert [parse_record(line, "json") for line in unpacked(out)] == [parse(g["text"], g["id"]) for g in GOOD]
    assert {path.name for path in tmp_path.iterdir()} == {given, wanted}


@pytest.mark.parametrize("name", ["out.jsonl.gz", "out.jsonl.zst"])
def test_bytes_are_the_same_for_any_number_of_workers_and_at_any_time(tmp_path: Path, name: str) -> None:
    raw = packed(tmp_path / "in.jsonl", GOOD * 12)
    outs = []
    for jobs in ("1", "2"):
        assert gangwei("parse", "--lines", raw, "-o", tmp_path / jobs / name, "--jobs", jobs).exit_code == 1
        (tmp_path / jobs).mkdir()
        assert gangwei("parse", "--lines", raw, "-o", tmp_path / jobs / name, "--jobs", jobs).exit_code == 0
        outs.append((tmp_path / jobs / name).read_bytes())
    assert outs[0] == outs[1]


def test_lines_that_fail_are_told_of_in_a_file_beside_the_records(tmp_path: Path) -> None:
    rows = [GOOD[0], {"id": 7}, ["x"], {"id": True, "text": ""}, {"id": 8, "text": "收" * 101}, {"text": "前台"}]
    raw = packed(tmp_path / "in.jsonl", rows)
    raw.write_bytes(b"\xef\xbb\xbf" + raw.read_bytes() + b'\n \n{"id": "\\ud800"}\nnull\n{\n' + b"[" * 3000 + b"\n")
    out = tmp_path / "out.jsonl.gz"
    result = gangwei("parse", "--lines", raw, "-o", out, "--max-characters", "100")
    assert result.exit_code == 1
    assert result.stderr.endswith("2 parsed, 8 failed\n")
    assert [json.loads(line)["source"]["name"] for line in unpacked(out)] == ["jd-0", "line-6"]
    failed = [json.loads(line) for line in unpacked(tmp_path / "out.quarantine.jsonl")]
    assert [(f["line"], f["id"], f["error"]) for f in failed] == [
        (2, 7, "ReadError"),
        (3, None, "ReadError"),
        (4, True, "ReadError"),
        (5, 8, "LimitError"),
        *((n, None, "ReadError") for n in (9, 10, 11, 12)),
    ]
    assert all(f["reason"].startswith(f"{raw}:{f['line']}: ") for f in failed)
    assert gangwei("parse", "--lines", packed(raw, GOOD), "-o", out).exit_code == 0
    assert not (tmp_path / "out.quarantine.jsonl").exists()


def test_text_may_be_a_field_of_a_field() -> None:
    raw = json.dumps({"id": 5, "jd": {"text": TEXT.format("出纳")}}).encode()
    result = gangwei("parse", "--lines", "-", "-o", "-", "--text-field", "jd.text", stdin=raw)
    assert json.loads(result.stdout_bytes)["roles"][0]["title"] == "出纳"


def test_fields_are_named_by_options_and_standard_input_and_output_are_streams() -> None:
    raw = json.dumps({"编号": 5, "正文": TEXT.format("出纳"), "text": "no"}).encode()
    words = ("parse", "--lines", "-", "-o", "-", "--id-field", "编号", "--text-field", "正文")
    result = gangwei(*words, stdin=raw)
    assert (result.exit_code, result.stdout_bytes.count(b"\n")) == (0, 1)
    assert json.loads(result.stdout_bytes)["roles"][0]["id"] == "5#1"


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz", "in.jsonl.zst"])
def test_line_over_the_limit_is_passed_over_and_the_next_ones_read(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / name, ["a", "b" * 200_000, "c", "d" * 8])
    found = list(streams.lines(path, 10))
    assert [(line.number, line.data, type(line.error)) for line in found] == [
        (1, b'"a"', type(None)),
        (2, b"", LimitError),
        (3, b'"c"', type(None)),
        (4, b'"dddddddd"', type(None)),
    ]


@pytest.mark.parametrize("name", ["in.jsonl.gz", "in.jsonl.zst"])
def test_file_that_breaks_off_is_told_after_what_could_be_read(tmp_path: Path, name: str) -> None:
    whole = packed(tmp_path / name, [f"{n} {n * n * 7919}" for n in range(50_000)])
    whole.write_bytes(whole.read_bytes()[:200_000])
    *good, last = streams.lines(whole, 100)
    assert isinstance(last.error, ReadError)
    assert good
    assert all(line.error is None for line in good[:100])


def test_file_that_is_not_there_or_not_packed_is_told(tmp_path: Path) -> None:
    for name in ("in.gz", "in.zst"):
        (tmp_path / name).write_bytes(b'{"text": ""}\n')
        (line,) = streams.lines(tmp_path / name, 100)
        assert isinstance(line.error, ReadError)
    (line,) = streams.lines(tmp_path / "no", 100)
    assert "No such file" in str(line.error)


def test_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    with pytest.raises(MissingPackageError, match=r"gangwei\[zst\]"), streams.writing(tmp_path / "a.zst"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_output_is_there_once_it_is_whole_and_partial_when_stopped(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), streams.writing(tmp_path / "a.gz") as file:
        file.write(b"1\n")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SystemExit), streams.writing(tmp_path / "a.gz") as file:
        file.write(b"1\n")
        raise SystemExit(130)
    assert [path.name for path in tmp_path.iterdir()] == ["a.gz.partial"]
    assert gzip.decompress((tmp_path / "a.gz.partial").read_bytes()) == b"1\n"
    with pytest.raises(WriteError, match="No such file"), streams.writing(tmp_path / "no" / "a"):
        pass


@pytest.mark.parametrize(
    "words",
    [
        ["parse", "--lines", "a", "-o", "b", "--format", "xml"],
        ["parse", "--lines", "a", "-o", "b", "--prune"],
        ["parse", "--lines", "a", "-o", "."],
        ["parse", "--lines", __file__, "-o", __file__],
    ],
)
def test_wrong_usage_exits_with_2(words: list[str]) -> None:
    assert gangwei(*words).exit_code == 2
