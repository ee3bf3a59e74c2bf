"""Many documents: nothing is lost on the way, whatever one of them does."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from pipeline import batch
from pipeline.batch import Job, Outcome
from pipeline.text import SourceText

TEXT = "{}岗位职责\n1、负责日常管理；\n2、完成领导交办的其他任务。\n任职要求：\n1、大专以上学历。\n"


def lay_out(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(path.stem), encoding="utf-8")


def outputs(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def parsed(path: Path, out: Path, workers: int = 1) -> list[Outcome]:
    jobs, failed = batch.collect([path], out)
    return [*failed, *batch.run(jobs, ("json", "xml"), workers)]


def test_folders_are_walked_in_a_fixed_order_and_keep_their_subfolders(tmp_path: Path) -> None:
    lay_out(tmp_path, "乙.txt", "甲/二.md", "甲/一.txt", ".隐藏.txt", ".git/配置.txt", "甲/.缓存")
    jobs, failed = batch.collect([tmp_path], Path("out"))
    assert failed == []
    assert [str(job.path.relative_to(tmp_path)) for job in jobs] == ["乙.txt", "甲/一.txt", "甲/二.md"]
    assert [str(job.target) for job in jobs] == ["out/乙", "out/甲/一", "out/甲/二"]


def test_file_that_is_named_twice_is_taken_once(tmp_path: Path) -> None:
    lay_out(tmp_path, "甲.txt")
    jobs, failed = batch.collect([tmp_path, tmp_path / "甲.txt", tmp_path / "." / "甲.txt"], Path("out"))
    assert (len(jobs), failed) == (1, [])


def test_two_files_of_one_stem_are_both_refused_and_named(tmp_path: Path) -> None:
    lay_out(tmp_path, "甲.txt", "甲.md", "乙.txt", "下/甲.txt")
    jobs, failed = batch.collect([tmp_path], Path("out"))
    assert [job.path.name for job in jobs] == ["乙.txt", "甲.txt"]
    assert jobs[1].target == Path("out/下/甲")
    (clash,) = failed
    assert clash.error is not None
    assert str(tmp_path / "甲.txt") in clash.error
    assert str(tmp_path / "甲.md") in clash.error


def test_output_within_the_input_is_not_parsed_again(tmp_path: Path) -> None:
    lay_out(tmp_path, "甲.txt")
    out = tmp_path / "output"
    parsed(tmp_path, out)
    assert [outcome.path.name for outcome in parsed(tmp_path, out)] == ["甲.txt"]


def test_pipe_in_a_folder_is_passed_over_and_dangling_link_is_told(tmp_path: Path) -> None:
    lay_out(tmp_path, "甲.txt")
    os.mkfifo(tmp_path / "管道.txt")
    (tmp_path / "断.txt").symlink_to(tmp_path / "无.txt")
    told = {outcome.path.name: outcome.error for outcome in parsed(tmp_path, tmp_path / "out")}
    assert set(told) == {"甲.txt", "断.txt"}
    assert told["甲.txt"] is None
    assert "No such file" in str(told["断.txt"])


def test_folder_without_read_rights_is_told_and_the_rest_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, "甲.txt", "锁/乙.txt")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("锁"):  # root, who may run this test, is never refused by the system
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    jobs, failed = batch.collect([tmp_path], Path("out"))
    assert [job.path.name for job in jobs] == ["甲.txt"]
    assert [outcome.error for outcome in failed] == [f"{tmp_path / '锁'}: Permission denied"]


def test_bytes_are_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    lay_out(tmp_path / "raw", *(f"岗位{n:02}.txt" for n in range(20)), "坏.txt")
    (tmp_path / "raw" / "坏.txt").write_bytes(b"%PDF-1.4")
    runs = [(parsed(tmp_path / "raw", tmp_path / str(n), n), outputs(tmp_path / str(n))) for n in (1, 2, 3)]
    assert runs[0] == runs[1] == runs[2]
    assert len(runs[0][1]) == 40
    assert [outcome.path.name for outcome in runs[0][0] if outcome.error] == ["坏.txt"]


def test_fault_in_one_document_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path / "raw", "一.txt", "二.txt", "三.txt")
    parse_source = batch.parse_source

    def faulty(source: SourceText, settings: None) -> object:
        if source.name == "二":
            raise RuntimeError("unexpected")
        return parse_source(source, settings)

    monkeypatch.setattr(batch, "parse_source", faulty)
    found = {outcome.path.name: outcome.error for outcome in parsed(tmp_path / "raw", tmp_path / "out")}
    assert found["一.txt"] is None
    assert found["三.txt"] is None
    assert "二.txt: internal error: RuntimeError: unexpected" in str(found["二.txt"])


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="the workers must inherit the patch")
def test_death_of_a_worker_loses_only_the_document_that_killed_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path / "raw", *(f"岗位{n:02}.txt" for n in range(30)))
    parse_source = batch.parse_source

    def deadly(source: SourceText, settings: None) -> object:
        if source.name == "岗位11":
            os._exit(9)
        return parse_source(source, settings)

    monkeypatch.setattr(batch, "parse_source", deadly)  # workers are forked, so they have it too
    found = parsed(tmp_path / "raw", tmp_path / "out", 2)
    assert [outcome.path.stem for outcome in found] == [f"岗位{n:02}" for n in range(30)]
    assert [outcome.path.stem for outcome in found if outcome.error] == ["岗位11"]
    assert len(outputs(tmp_path / "out")) == 58


def test_writing_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path / "raw", "甲.txt")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    (outcome,) = parsed(tmp_path / "raw", tmp_path / "out")
    assert "甲.txt: cannot write" in str(outcome.error)
    assert "No space left on device" in str(outcome.error)
    assert outputs(tmp_path / "out") == {}


def test_old_records_are_replaced_and_have_the_rights_of_ordinary_files(tmp_path: Path) -> None:
    batch.write(tmp_path / "新" / "甲", {".json": b"1"})
    batch.write(tmp_path / "新" / "甲", {".json": b"2"})
    assert outputs(tmp_path) == {"新/甲.json": b"2"}
    plain = tmp_path / "plain"
    plain.touch()
    assert (tmp_path / "新" / "甲.json").stat().st_mode == plain.stat().st_mode


def test_text_taken_out_of_another_format_is_kept_beside_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = TEXT.format("出纳")
    source = SourceText(text, "甲", "application/pdf", None, "0" * 64, extracted=True)
    monkeypatch.setattr(batch, "read", lambda *_: source)
    assert batch.one(Job(tmp_path / "甲.pdf", tmp_path / "out" / "甲"), ("json",)).error is None
    assert (tmp_path / "out" / "甲.source.txt").read_bytes() == text.encode()
