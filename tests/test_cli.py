"""The command line does what its help says, and says what went wrong in one line."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline import __version__, export, options, schema_command
from pipeline.cli import main
from tests.office import docx, p, table, tr

TEXT = "出纳岗位职责\n1、负责现金收付;\n2、登记日记账。\n任职要求：\n1、大专以上学历。\n"


def gangwei(*words: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "出纳.txt").write_text(TEXT, encoding="utf-8")
    (folder / "会计.txt").write_text(TEXT.replace("出纳", "会计"), encoding="gb18030")
    return folder


def names(folder: Path) -> list[str]:
    """All files but the manifest and the reasons of what failed."""
    files = (p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    return sorted(str(p) for p in files if not p.name.startswith(".") and p.parts[0] != "quarantine")


def test_folder_is_parsed_into_json_and_xml(raw: Path, tmp_path: Path) -> None:
    result = gangwei("parse", raw, "-o", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "2 parsed, 0 failed\n"
    assert names(tmp_path / "out") == ["会计.json", "会计.xml", "出纳.json", "出纳.xml"]
    record = json.loads((tmp_path / "out" / "出纳.json").read_bytes())
    assert record["roles"][0]["title"] == "出纳"
    assert record["source"]["encoding"] == "utf-8"


@pytest.mark.parametrize(
    ("options", "written"),
    [
        (["--format", "json"], ["出纳.json"]),
        (["--format", "xml", "--format", "json"], ["出纳.json", "出纳.xml"]),
        (["--format", "json,xml"], ["出纳.json", "出纳.xml"]),
    ],
)
def test_formats_are_chosen(raw: Path, tmp_path: Path, options: list[str], written: list[str]) -> None:
    assert gangwei("parse", raw / "出纳.txt", "-o", tmp_path / "out", *options).exit_code == 0
    assert names(tmp_path / "out") == written


def test_bad_documents_are_told_in_a_line_each_and_the_others_parsed(raw: Path, tmp_path: Path) -> None:
    (raw / "图.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    (raw / "断.txt").write_bytes("岗位职责说明".encode() + b"\xff")
    (raw / "空.txt").write_bytes(b"")
    (raw / "双.txt").write_text(TEXT, encoding="utf-8")
    (raw / "双.md").write_text(TEXT, encoding="utf-8")
    result = gangwei("parse", raw, tmp_path / "无.txt", "-o", tmp_path / "out")
    assert result.exit_code == 1
    *told, summary = result.stderr.splitlines()
    assert summary == "3 parsed, 4 failed"
    assert len(told) == 4
    for name, reason in (
        ("无.txt", "no such file"),
        ("双.txt", "would be written to"),
        ("双.md", "would be written to"),
        ("图.txt", "a picture, whose text needs the extra"),
        ("断.txt", "not utf-8 at byte 18"),
    ):
        assert any(line.startswith("gangwei: ") and name in line and reason in line for line in told), name
    assert names(tmp_path / "out") == [f"{n}.{s}" for n in ("会计", "出纳", "空") for s in ("json", "xml")]


def test_empty_file_gives_a_record_without_roles_and_a_warning(tmp_path: Path) -> None:
    (tmp_path / "空.txt").write_bytes(b"\xef\xbb\xbf \r\n")
    assert gangwei("parse", tmp_path / "空.txt", "-o", tmp_path / "out").exit_code == 0
    record = json.loads((tmp_path / "out" / "空.json").read_bytes())
    assert record["roles"] == []
    assert [warning["code"] for warning in record["warnings"]] == ["empty"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_folder_without_read_rights_is_told(raw: Path, tmp_path: Path) -> None:
    closed = raw / "锁"
    closed.mkdir(mode=0)
    result = gangwei("parse", raw, "-o", tmp_path / "out")
    closed.chmod(0o700)
    assert result.exit_code == 1
    assert f"gangwei: {closed}: Permission denied\n2 parsed, 1 failed\n" in result.stderr


def test_quiet_prints_errors_only_and_verbose_a_line_a_document(raw: Path, tmp_path: Path) -> None:
    assert gangwei("parse", raw, "-o", tmp_path / "out", "-q").output == ""
    told = gangwei("parse", raw, "-o", tmp_path / "out", "-v").stderr
    assert f"{raw / '出纳.txt'}: 1 roles, 0 warnings, unchanged\n" in told
    assert told.endswith("0 parsed, 2 unchanged, 0 failed\n")
    told = gangwei("parse", raw, "-o", tmp_path / "out", "-v", "--force").stderr
    assert f"{raw / '出纳.txt'}: 1 roles, 0 warnings\n" in told
    (raw / "图.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    quiet = gangwei("parse", raw, "-o", tmp_path / "out", "-q")
    assert (quiet.exit_code, quiet.stderr.count("\n")) == (1, 1)


def test_standard_input_to_standard_output(tmp_path: Path) -> None:
    result = gangwei("parse", "-", "-o", "-", stdin=TEXT.encode("gb18030"))
    assert result.exit_code == 0
    assert json.loads(result.stdout_bytes)["roles"][0]["id"] == "stdin#1"
    assert gangwei("parse", "-", "-o", "-", "--format", "xml", stdin=TEXT.encode()).stdout.startswith("<?xml")
    assert gangwei("parse", "-", "-o", tmp_path / "out", stdin=TEXT.encode()).exit_code == 0
    assert names(tmp_path / "out") == ["stdin.json", "stdin.xml"]


def test_bad_standard_input_is_an_error(tmp_path: Path) -> None:
    result = gangwei("parse", "-", "-o", "-", stdin=b"\x1f\x8b\x08\x00")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "gangwei: stdin: not a text file, it looks like a gzip archive\n"


@pytest.mark.parametrize(
    "words",
    [
        ["parse"],
        ["parse", "a.txt"],
        ["parse", "a.txt", "-o", "out", "--format", "pdf"],
        ["parse", "a.txt", "-o", "out", "--jobs", "0"],
        ["parse", "a.txt", "-o", "out", "--quiet", "--verbose"],
        ["parse", "a.txt", "-", "-o", "out"],
        ["parse", "a.txt", "-o", "-", "--format", "json,xml"],
        ["parse", "a.txt", "-o", __file__],
        ["schema", "yaml"],
        ["verify", "a.txt", "a.txt"],
        ["unknown"],
    ],
)
def test_wrong_usage_exits_with_2(words: list[str]) -> None:
    assert gangwei(*words).exit_code == 2


def test_schemas_are_printed_and_written(tmp_path: Path) -> None:
    assert gangwei("schema").stdout_bytes == gangwei("schema", "json").stdout_bytes == export.json_schema()
    assert gangwei("schema", "xsd").stdout_bytes == export.xsd()
    assert gangwei("schema", "-o", tmp_path / "schemas").exit_code == 0
    assert names(tmp_path / "schemas") == ["role-document.schema.json", "role-document.xsd"]


def test_names_on_the_command_line_are_those_of_export() -> None:
    assert tuple(export.WRITERS) == options.FORMATS
    assert tuple(export.SCHEMAS) == schema_command.SCHEMA_NAMES


def test_show_prints_the_tree_without_colours_in_a_pipe(raw: Path) -> None:
    result = gangwei("show", raw / "出纳.txt")
    assert result.exit_code == 0
    assert "出纳#1  出纳" in result.stdout
    assert "1、 负责现金收付；" in result.stdout
    assert "\x1b[" not in result.stdout
    assert gangwei("show", "-", stdin=TEXT.encode()).stdout == result.stdout.replace("出纳#1", "stdin#1")
    assert gangwei("show", raw / "无.txt").exit_code == 1


def test_record_is_verified_against_its_source(raw: Path, tmp_path: Path) -> None:
    gangwei("parse", raw, "-o", tmp_path)
    for suffix in ("json", "xml"):
        assert gangwei("verify", tmp_path / f"出纳.{suffix}", raw / "出纳.txt").exit_code == 0
        wrong = gangwei("verify", tmp_path / f"出纳.{suffix}", raw / "会计.txt")
        assert (wrong.exit_code, wrong.stdout) == (1, "")
        assert wrong.stderr
    (tmp_path / "坏.json").write_bytes(b"{}")
    broken = gangwei("verify", tmp_path / "坏.json", raw / "出纳.txt")
    assert (broken.exit_code, broken.exception.__class__) == (1, SystemExit)
    assert gangwei("verify", tmp_path / "无.json", raw / "出纳.txt").exit_code == 1


def test_version_and_help() -> None:
    assert gangwei("--version").stdout == f"gangwei, version {__version__}\n"
    for words in (["--help"], ["parse", "--help"]):
        assert "0 all documents parsed, 1 some failed, 2 wrong usage" in " ".join(gangwei(*words).stdout.split())


def test_explain_says_of_each_change_where_what_and_why(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("岗位职责：\n1、做为预算的负责人；\n2、向客户推荐产品；\n", "utf-8")
    result = gangwei("explain", file)
    assert result.exit_code == 0
    assert "2:3  made       做为 -> 作为" in result.output
    assert "left       推荐 -> 建议" in result.output
    rows = json.loads(gangwei("explain", file, "--json", "--verdict", "made").output)
    assert [(r["original"], r["verdict"]) for r in rows] == [("做为", "made")]


def test_progress_is_shown_on_a_terminal_only(raw: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "parse", str(raw), "-o", str(tmp_path / "out"), "--jobs", "1"]
    piped = subprocess.run(command, capture_output=True, check=True)
    assert piped.stderr == b"2 parsed, 0 failed\n"
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 4096):
                shown += part
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(ours)
    assert process.returncode == 0
    assert b"parsing" in shown
    assert b"100%" in shown


def test_text_of_another_format_is_written_beside_the_record_and_both_are_verified(tmp_path: Path) -> None:
    file = tmp_path / "出纳.docx"
    file.write_bytes(docx("".join(p(line) for line in TEXT.splitlines()) + table(tr("姓名", "某某"))))
    out = tmp_path / "out"
    assert gangwei("parse", file, "-o", out).exit_code == 0
    assert names(out) == ["出纳.json", "出纳.source.txt", "出纳.xml"]
    for source in (file, out / "出纳.source.txt"):
        for record in (out / "出纳.json", out / "出纳.xml"):
            assert gangwei("verify", record, source).exit_code == 0
    record = json.loads((out / "出纳.json").read_bytes())
    assert [(place["table"], place["column"]) for place in record["places"]][-2:] == [(1, 1), (1, 2)]
    record["places"][0]["paragraph"] = 7
    (out / "出纳.json").write_text(json.dumps(record), encoding="utf-8")
    moved = gangwei("verify", out / "出纳.json", file)
    assert (moved.exit_code, moved.stderr) == (1, f"{out / '出纳.json'}: the places are not those of the file\n")


def test_field_of_json_is_named(tmp_path: Path) -> None:
    file = tmp_path / "职位.jsonl"
    file.write_text(json.dumps({"id": 1, "jd": TEXT}), encoding="utf-8")
    refused = gangwei("parse", file, "-o", tmp_path / "out")
    assert (refused.exit_code, "--text-field" in refused.stderr) == (1, True)
    assert gangwei("parse", file, "-o", tmp_path / "out", "--text-field", "jd").exit_code == 0
    assert gangwei("verify", tmp_path / "out" / "职位.json", file, "--text-field", "jd").exit_code == 0
    assert "出纳" in gangwei("show", file, "--text-field", "jd").stdout
    assert gangwei("explain", file, "--text-field", "jd").exit_code == 0
