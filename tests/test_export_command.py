"""`gangwei export` writes what was parsed in another format, whole files only, and says what it had to leave out."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline import exporting, options, outputs
from pipeline.cli import main
from pipeline.errors import WriteError
from pipeline.export.views import VIEWS, Book
from tests.exports import NAME, RECORD
from tests.test_writers import EACH

SMALL = RECORD.parent / "质检主管岗位说明书.json"
BOOKS = [view.name for view in VIEWS if isinstance(view, Book) and view.extra != "parquet"]
PAGES = [view.name for view in VIEWS if not isinstance(view, Book)]


def export(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["export", *(str(word) for word in words)])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two records, one in a sub-folder, with what else lies in a folder of records."""
    folder = tmp_path / "out"
    (folder / "部门").mkdir(parents=True)
    (folder / "quarantine").mkdir()
    shutil.copy(SMALL, folder / "质检.json")
    shutil.copy(SMALL, folder / "部门" / "质检.json")
    (folder / "质检.xml").write_text("<no/>", encoding="utf-8")
    (folder / ".gangwei.manifest").write_text("{}", encoding="utf-8")
    (folder / "quarantine" / "坏.reason.json").write_text("{}", encoding="utf-8")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# -- what is written --------------------------------------------------------------------------------------------------


def test_names_in_the_help_are_those_of_the_formats() -> None:
    assert [view.name for view in VIEWS] == list(options.EXPORTS)


def test_formats_are_listed_in_their_order_with_the_extra_they_need() -> None:
    result = export("--list")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split()[0] for line in result.stdout.splitlines()] == list(options.EXPORTS)
    assert "(needs gangwei[excel])" in result.stdout


@pytest.mark.parametrize("view", EACH)
def test_all_records_are_written_below_the_folder_and_the_same_again(view: object, out: Path) -> None:
    name = view.name  # type: ignore[attr-defined]
    first = export(out, "-f", name)
    assert (first.exit_code, first.stdout, first.stderr) == (0, "", "2 exported, 0 failed\n")
    written = files(out / "exports")
    suffix = getattr(view, "suffix", None)
    assert [*written] == ([f"质检{suffix}", f"部门/质检{suffix}"] if suffix else [view.file])  # type: ignore[attr-defined]
    assert export(out, "-f", name).exit_code == 0
    assert files(out / "exports") == written


def test_record_in_a_sub_folder_has_its_path_as_its_key(out: Path) -> None:
    export(out, "-f", "sqlite")
    with closing(sqlite3.connect(out / "exports" / "records.sqlite")) as database:
        found = database.execute("SELECT role, document FROM roles ORDER BY role").fetchall()
    assert found == [("质检#1", "质检"), ("部门/质检#1", "部门/质检")]


def test_file_is_written_where_it_is_wanted(out: Path, tmp_path: Path) -> None:
    assert export(out, "-f", "csv-roles", "-o", tmp_path / "a" / "b.csv").exit_code == 0
    assert export(out, "-f", "csv-roles", "-o", tmp_path).exit_code == 0
    assert (tmp_path / "a" / "b.csv").read_bytes() == (tmp_path / "roles.csv").read_bytes()


def test_pages_are_written_into_the_folder_that_is_wanted(out: Path, tmp_path: Path) -> None:
    assert export(out, "-f", "markdown", "-o", tmp_path / "pages").exit_code == 0
    assert [*files(tmp_path / "pages")] == ["质检.md", "部门/质检.md"]


def test_one_record_is_written_to_the_file_that_is_wanted(out: Path, tmp_path: Path) -> None:
    assert export(out / "质检.json", "-f", "markdown", "-o", tmp_path / "a.markdown").exit_code == 0
    assert export(out / "质检.json", "-f", "markdown", "-o", tmp_path).exit_code == 0
    assert (tmp_path / "a.markdown").read_bytes() == (tmp_path / "质检.md").read_bytes()
    assert export(out / "质检.json", "-f", "jsonl").exit_code == 0
    assert [*files(out / "exports")] == ["records.jsonl"]


@pytest.mark.parametrize("name", [*BOOKS, *PAGES])
def test_standard_output_takes_what_a_file_would(name: str, tmp_path: Path) -> None:
    result = export(SMALL, "-f", name, "-o", "-")
    assert result.exit_code == 0
    assert export(SMALL, "-f", name, "-o", tmp_path / "file").exit_code == 0
    assert result.stdout_bytes == (tmp_path / "file").read_bytes()


def test_csv_begins_with_a_mark_where_it_is_asked_for(out: Path) -> None:
    assert export(out, "-f", "csv-entries", "--bom").exit_code == 0
    assert (out / "exports" / "entries.csv").read_bytes().startswith(b"\xef\xbb\xbfdocument,")


def test_quiet_says_nothing(out: Path) -> None:
    assert export(out, "-f", "jsonl", "-q").output == ""


def test_a_database_that_is_there_is_brought_up_to_date(out: Path) -> None:
    export(out, "-f", "sqlite")
    record = json.loads((out / "质检.json").read_bytes())
    record["roles"][0]["title"] = "质检经理"
    (out / "质检.json").write_text(json.dumps(record), encoding="utf-8")
    shutil.rmtree(out / "部门")
    assert export(out, "-f", "sqlite").stderr == "1 exported, 0 failed\n"
    with closing(sqlite3.connect(out / "exports" / "records.sqlite")) as database:
        found = database.execute("SELECT document, title FROM roles ORDER BY role").fetchall()
    assert found == [("质检", "质检经理"), ("部门/质检", "质检主管")]


def test_exports_are_not_parsed_as_documents(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("出纳岗位职责\n1、负责现金收付;\n", encoding="utf-8")
    run = CliRunner()
    for _ in range(2):
        assert run.invoke(main, ["parse", str(tmp_path), "-o", str(tmp_path)]).stderr.endswith(" 0 failed\n")
        assert export(tmp_path, "-f", "markdown").stderr == "1 exported, 0 failed\n"


# -- what is left out -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no content|empty|end of data"),
        (b"{", "end of data|EOF"),
        (b"[]", "the record"),
        (b"{}", "is a required property"),
        (b"\xff", "utf-8|UTF-8|unexpected character"),
        (b"[" * 100_000, "depth|recursion"),
        (SMALL.read_bytes().replace(b'"kind": "duties"', b'"kind": "duty"'), "roles/0/content"),
        (re.sub(rb'"confidence": [01]\.\d+', b'"confidence": 7', SMALL.read_bytes(), count=1), "roles/0/confidence"),
        (SMALL.read_bytes().replace(b'"roles"', b'"rolls"'), "rolls"),
        (SMALL.read_bytes().replace("质检主管".encode(), b"\\ud800"), "surrogate"),
    ],
)
@pytest.mark.parametrize("name", ["csv-roles", "sqlite", "markdown"])
def test_broken_record_is_named_with_its_reason_and_the_rest_goes_on(
    data: bytes, reason: str, name: str, out: Path
) -> None:
    (out / "坏.json").write_bytes(data)
    result = export(out, "-f", name)
    assert result.exit_code == 1
    told, summary = result.stderr.splitlines()
    assert told.startswith(f"gangwei: {out / '坏.json'}: ")
    assert re.search(reason, told), told
    assert summary == "2 exported, 1 failed"
    assert "坏" not in "".join(files(out / "exports"))


def test_record_that_a_cell_cannot_hold_is_left_out_and_named(out: Path) -> None:
    long = SMALL.read_text(encoding="utf-8").replace("编制检验计划并分派任务；", "岗" * 40_000)
    (out / "长.json").write_text(long, encoding="utf-8")
    result = export(out, "-f", "xlsx")
    assert result.exit_code == 1
    told, summary = result.stderr.splitlines()
    assert told.startswith("gangwei: 长: 长#1, entries, 内容: 40,000 characters")
    assert summary == "2 exported, 1 failed"
    assert (out / "exports" / "records.xlsx").exists()


def test_nothing_is_written_where_no_record_is_whole(out: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.json").write_bytes(b"{")
    result = export(tmp_path / "坏.json", "-f", "csv-roles")
    assert result.exit_code == 1
    assert result.stderr.endswith("0 exported, 1 failed\n")
    assert not (tmp_path / "exports").exists()


def test_missing_or_empty_folder_is_told(tmp_path: Path) -> None:
    missing = export(tmp_path / "无", "-f", "jsonl")
    assert (missing.exit_code, missing.stderr.splitlines()[0]) == (
        1,
        f"gangwei: {tmp_path / '无'}: No such file or directory",
    )
    empty = export(tmp_path, "-f", "jsonl")
    assert (empty.exit_code, empty.stderr.count("\n")) == (1, 1)
    assert "no record" in empty.stderr


def test_missing_package_is_told_in_one_line(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    result = export(out, "-f", "xlsx")
    assert result.exit_code == 1
    assert result.stderr == "gangwei: Excel needs the package xlsxwriter: pip install 'gangwei[excel]'\n"
    assert files(out / "exports") == {}


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["OUT"],
        ["-f", "jsonl"],
        ["OUT", "-f", "docx"],
        ["OUT", "-f", "jsonl", "--bom"],
        ["OUT", "-f", "markdown", "-o", "-"],
        ["OUT", "-f", "markdown", "-o", "OUT/质检.json"],
        ["", "-f", "jsonl"],
    ],
)
def test_wrong_usage_is_told(words: list[str], out: Path) -> None:
    result = export(*(word.replace("OUT", str(out)) for word in words))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


# -- whole files only -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*BOOKS, *PAGES])
def test_target_that_cannot_be_written_is_told(name: str, out: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    before = files(tmp_path)
    result = export(out, "-f", name, "-o", tmp_path / "file" / "below")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"gangwei: cannot write to {tmp_path / 'file'}") or "cannot write " in result.stderr
    assert ".part" not in result.stderr and "Traceback" not in result.output
    assert files(tmp_path) == before


@pytest.mark.parametrize("name", [name for name in BOOKS if name != "sqlite"])
def test_what_was_there_stays_when_writing_fails(name: str, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(out, "-f", name)
    before = files(out)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = export(out, "-f", name)
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert files(out) == before


def test_link_that_leads_elsewhere_is_replaced_and_not_followed(out: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    (out / "exports").mkdir()
    for name in ("roles.csv", "records.sqlite"):
        (out / "exports" / name).symlink_to(other)
    assert export(out, "-f", "csv-roles").exit_code == 0
    assert export(out, "-f", "sqlite").exit_code == 0
    assert other.read_bytes() == b"mine"


def test_folder_of_exports_that_leads_out_is_refused_for_pages(out: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "部门").symlink_to(other)
    result = export(out, "-f", "markdown", "-o", pages)
    assert result.exit_code == 1
    assert "leads out of" in result.stderr
    assert files(other) == {}


def test_whole_leaves_nothing_behind_an_error(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"cannot write .*a.csv: gone"), outputs.whole(tmp_path, "a.csv") as part:
        part.write_bytes(b"half")
        raise OSError(5, "gone", str(part))
    with pytest.raises(KeyError), outputs.whole(tmp_path, "a.csv") as part:
        part.write_bytes(b"half")
        raise KeyError
    assert files(tmp_path) == {}


def test_remains_of_a_killed_run_are_swept(out: Path) -> None:
    (out / "exports").mkdir()
    (out / "exports" / ".gangwei-0.part").write_bytes(b"half")
    assert export(out, "-f", "jsonl").exit_code == 0
    assert [*files(out / "exports")] == ["records.jsonl"]


def test_terminated_run_leaves_no_half_file(tmp_path: Path) -> None:
    for n in range(200):
        shutil.copy(RECORD, tmp_path / f"{n}.json")
    command = [sys.executable, "-m", "pipeline.cli", "export", str(tmp_path), "-f", "csv-entries"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as run:
        for _ in range(600):
            if [*tmp_path.glob("exports/.gangwei-*.part")]:
                break
            time.sleep(0.02)
        run.send_signal(signal.SIGTERM)
        _, told = run.communicate()
    assert (run.returncode, told) == (143, b"")
    assert files(tmp_path / "exports") == {}


def test_library_takes_the_same_way(out: Path) -> None:
    code = exporting.run(exporting.Export(out, exporting.view("jsonl"), out / "a.jsonl"), quiet=True)
    assert code == 0
    assert [json.loads(line)["roles"][0]["title"] for line in (out / "a.jsonl").read_bytes().splitlines()] == [
        "质检主管"
    ] * 2


def test_seed_is_exported_by_the_command_as_by_the_writers() -> None:
    result = export(RECORD, "-f", "jsonl", "-o", "-")
    assert json.loads(result.stdout_bytes)["source"]["name"] == NAME
