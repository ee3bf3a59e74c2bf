"""Many documents: nothing is lost on the way, whatever one of them does."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline import batch, inputs, manifest, outputs
from pipeline.batch import Outcome, Plan
from pipeline.errors import BrokenPromiseError, InputClashError, LimitError, PipelineError, ReadError, WriteError
from pipeline.inputs import Job
from pipeline.limits import Limits
from pipeline.names import readable
from pipeline.run import parse
from pipeline.text import SourceText

TEXT = "{}岗位职责\n1、负责日常管理；\n2、完成领导交办的其他任务。\n任职要求：\n1、大专以上学历。\n"


def lay_out(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(path.stem), encoding="utf-8")


def written(folder: Path) -> dict[str, bytes]:
    """All files but the manifest."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != manifest.NAME)
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def parsed(
    path: Path,
    out: Path,
    count: int = 1,
    limits: Limits = Limits(),  # noqa: B008
    text_field: str | None = None,
) -> list[Outcome]:
    known = manifest.load(out)
    own = [entry.name + suffix for entry in known.values() for suffix in entry.outputs]
    jobs, refused = inputs.collect([path], out, own)
    return [
        *(Outcome(r.path, error=r.error) for r in refused),
        *batch.run(jobs, Plan(out, limits=limits, text_field=text_field), count, known),
    ]


def pruned(path: Path, out: Path) -> int:
    outcomes = parsed(path, out)
    jobs, _ = inputs.collect([path], out)
    failed = {job.name for job, outcome in zip(jobs, outcomes, strict=True) if outcome.error}
    return batch.prune(out, manifest.load(out), jobs, failed)


# -- what to parse ----------------------------------------------------------------------------------------------------


def test_folders_are_walked_in_a_fixed_order_and_keep_their_subfolders(tmp_path: Path) -> None:
    lay_out(tmp_path, "乙.txt", "甲/二.md", "甲/一.txt", ".隐藏.txt", ".git/配置.txt", "甲/.缓存")
    jobs, refused = inputs.collect([tmp_path], Path("out"))
    assert refused == []
    assert [str(job.path.relative_to(tmp_path)) for job in jobs] == ["乙.txt", "甲/一.txt", "甲/二.md"]
    assert [job.name for job in jobs] == ["乙", "甲/一", "甲/二"]


def test_file_that_is_named_twice_is_taken_once(tmp_path: Path) -> None:
    lay_out(tmp_path, "甲.txt")
    jobs, refused = inputs.collect([tmp_path, tmp_path / "甲.txt", tmp_path / "." / "甲.txt"], Path("out"))
    assert (len(jobs), refused) == (1, [])


def test_file_that_its_own_record_would_replace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "甲.json").write_text("{}", "utf-8")
    (tmp_path / "下").mkdir()
    for out in (tmp_path, tmp_path / "." / "下" / ".."):
        jobs, (refused,) = inputs.collect([tmp_path], out)
        assert jobs == []
        assert "甲.json: its record would be written over it" in str(refused.error)
    (tmp_path / "out").mkdir()
    assert len(inputs.collect([tmp_path], tmp_path / "out")[0]) == 1


def test_two_files_of_one_stem_are_both_refused_and_named(tmp_path: Path) -> None:
    lay_out(tmp_path, "甲.txt", "甲.md", "乙.txt", "下/甲.txt")
    jobs, refused = inputs.collect([tmp_path], Path("out"))
    assert [job.name for job in jobs] == ["乙", "下/甲"]
    (clash,) = refused
    assert isinstance(clash.error, InputClashError)
    assert str(tmp_path / "甲.txt") in str(clash.error)
    assert str(tmp_path / "甲.md") in str(clash.error)


@pytest.mark.parametrize("spelling", ["raw/output", "raw/../raw/output", "./raw/./output", "link"])
def test_output_within_the_input_is_not_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    monkeypatch.chdir(tmp_path)
    lay_out(tmp_path, "raw/甲.txt")
    (tmp_path / "raw" / "output").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "raw" / "output")
    for raw in (Path("raw"), tmp_path / "raw"):
        assert [outcome.path.name for outcome in parsed(raw, Path(spelling))] == ["甲.txt"]


def test_output_folder_may_be_the_input_folder(tmp_path: Path) -> None:
    lay_out(tmp_path, "甲.txt")
    (tmp_path / "坏.txt").write_bytes(b"%PDF-1.4")
    for _ in range(2):
        assert sorted(outcome.path.name for outcome in parsed(tmp_path, tmp_path)) == ["坏.txt", "甲.txt"]
    assert set(written(tmp_path)) == {"甲.txt", "坏.txt", "甲.json", "甲.xml", "quarantine/坏.reason.json"}


def test_pipe_in_a_folder_is_passed_over_and_one_that_is_named_is_refused(tmp_path: Path) -> None:
    lay_out(tmp_path, "甲.txt")
    os.mkfifo(tmp_path / "管道.txt")
    (tmp_path / "断.txt").symlink_to(tmp_path / "无.txt")
    told = {outcome.path.name: outcome.error for outcome in parsed(tmp_path, tmp_path / "out")}
    assert set(told) == {"甲.txt", "断.txt"}
    assert told["甲.txt"] is None
    assert "No such file" in str(told["断.txt"])
    _, (refused,) = inputs.collect([tmp_path / "管道.txt"], tmp_path / "out")
    assert "not a regular file" in str(refused.error)


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
    jobs, refused = inputs.collect([tmp_path], Path("out"))
    assert [job.path.name for job in jobs] == ["甲.txt"]
    assert [str(r.error) for r in refused] == [f"{tmp_path / '锁'}: Permission denied"]


def test_name_that_is_no_utf8_is_read_as_gb18030(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    raw = os.fsencode(tmp_path / "raw")
    for name in ("会计岗位", "镕基"):
        Path(os.fsdecode(raw + b"/" + name.encode("gb18030") + b".txt")).write_text(TEXT.format(name), "utf-8")
    assert [outcome.error for outcome in parsed(tmp_path / "raw", tmp_path / "out")] == [None, None]
    assert set(written(tmp_path / "out")) == {f"{n}.{s}" for n in ("会计岗位", "镕基") for s in ("json", "xml")}
    assert json.loads((tmp_path / "out" / "会计岗位.json").read_bytes())["roles"][0]["id"] == "会计岗位#1"
    assert readable(os.fsdecode(b"x/\xff.txt: bad")) == "x/\\xff.txt: bad"


# -- what becomes of it -----------------------------------------------------------------------------------------------


def test_bytes_are_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    lay_out(tmp_path / "raw", *(f"岗位{n:02}.txt" for n in range(70)), "坏.txt")
    (tmp_path / "raw" / "坏.txt").write_bytes(b"%PDF-1.4")
    runs = []
    for count in (1, 2, 3):
        out = tmp_path / str(count)
        found = parsed(tmp_path / "raw", out, count)
        assert [outcome.path.name for outcome in found if outcome.error] == ["坏.txt"]
        runs.append((written(out), (out / manifest.NAME).read_bytes(), [o.path for o in found]))
    assert runs[0] == runs[1] == runs[2]
    assert len(runs[0][0]) == 141


def test_document_over_a_limit_is_set_apart_with_its_reason(tmp_path: Path) -> None:
    lay_out(tmp_path / "raw", "甲.txt", "乙.txt")
    (tmp_path / "raw" / "大.txt").write_text("收款" * 1000, "utf-8")
    limits = Limits(bytes=5000)
    told = {o.path.stem: o.error for o in parsed(tmp_path / "raw", tmp_path / "out", limits=limits)}
    assert (told["甲"], told["乙"]) == (None, None)
    assert isinstance(told["大"], LimitError)
    why = json.loads((tmp_path / "out" / "quarantine" / "大.reason.json").read_bytes())
    assert why["error"] == "LimitError"
    assert "6,000 bytes are over the limit of 5,000" in why["reason"]
    assert why["source"] == str(tmp_path / "raw" / "大.txt")
    (found,) = parsed(tmp_path / "raw" / "大.txt", tmp_path / "out", limits=Limits(characters=1999))
    assert "2,000 characters are over the limit of 1,999" in str(found.error)
    (found,) = parsed(tmp_path / "raw" / "大.txt", tmp_path / "out")
    assert found.error is None
    assert "quarantine/大.reason.json" not in written(tmp_path / "out")


def test_record_that_loses_text_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, "甲.txt")

    lossy = parse(TEXT.format("甲"), "甲").model_copy(update={"leftovers": (), "roles": ()})
    monkeypatch.setattr("pipeline.run.parse_source", lambda source, settings, decided: lossy)
    job = Job(tmp_path / "甲.txt", "甲")
    with pytest.raises(BrokenPromiseError, match="are in no block"):
        batch.parse_one(job, Plan(tmp_path / "out"), "")
    assert written(tmp_path) == {"甲.txt": (tmp_path / "甲.txt").read_bytes()}


@pytest.mark.parametrize("text", ["> " * 1000, "# " * 1000, "".join(f"{chr(0x2600 + n)} 收款\n" for n in range(250))])
def test_text_that_is_nested_without_end_gives_a_record_or_a_typed_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "甲.txt").write_text(text, "utf-8")
    (outcome,) = parsed(tmp_path / "甲.txt", tmp_path / "out")
    assert type(outcome.error) in (type(None), LimitError)
    if outcome.error:
        assert "nested" in str(outcome.error)


def test_text_taken_out_of_another_format_is_kept_beside_the_record(tmp_path: Path) -> None:
    text = TEXT.format("出纳")
    source = SourceText(text, "甲", "application/pdf", None, "0" * 64, extracted=True)
    files = batch.render_all(parse(text, "甲"), source, ("json",))
    assert set(files) == {".json", ".source.txt"}
    assert files[".source.txt"] == text.encode()


# -- reruns -----------------------------------------------------------------------------------------------------------


def test_rerun_does_only_what_has_changed(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    lay_out(raw, "同.txt", "改.txt", "失.txt", "毁.txt")
    parsed(raw, out)
    first = written(out)
    (raw / "改.txt").write_text(TEXT.format("会计"), "utf-8")
    (out / "失.xml").unlink()
    (out / "毁.json").write_bytes(b"{")
    assert {o.path.stem: o.unchanged for o in parsed(raw, out)} == {"同": True, "改": False, "失": False, "毁": False}
    second = written(out)
    assert {name for name in first if first[name] != second[name]} == {"改.json", "改.xml"}
    assert all(outcome.unchanged for outcome in parsed(raw, out))


def test_other_settings_or_formats_are_a_change() -> None:
    from pipeline.correct import Settings

    plain = manifest.recipe(None, ("json", "xml"))
    assert plain == manifest.recipe(None, ("xml", "json"))
    others = {manifest.recipe(None, ("json",)), manifest.recipe(Settings(off=frozenset({"ocr", "spin"})), ("json",))}
    assert len(others | {plain}) == 3


def test_manifest_that_was_cut_off_or_tampered_with_is_read_as_far_as_it_is_sound(tmp_path: Path) -> None:
    lay_out(tmp_path / "raw", "甲.txt", "乙.txt")
    out = tmp_path / "out"
    parsed(tmp_path / "raw", out)
    lines = (out / manifest.NAME).read_bytes().splitlines(keepends=True)
    outside = lines[0].replace('"乙"'.encode(), b'"../evil"')
    (out / manifest.NAME).write_bytes(outside + b"[1]\n" + b"\xff\n" + lines[1] + lines[0][:40])
    assert list(manifest.load(out)) == ["甲"]


def test_records_of_documents_that_are_gone_stay_until_they_are_pruned(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    lay_out(raw, "甲.txt", "下/乙.txt", "丙.txt", "丁.txt")
    (raw / "坏.txt").write_bytes(b"%PDF-1.4")
    parsed(raw, out)
    for name in ("下/乙.txt", "丙.txt", "坏.txt"):
        (raw / name).unlink()
    (raw / "丁.txt").write_bytes(b"%PDF-1.4")
    (out / "丙.xml").write_text("changed by hand")
    (out / "别的.json").write_text("{}")
    parsed(raw, out)
    assert {"下/乙.json", "丙.json", "丁.json", "quarantine/坏.reason.json"} <= set(written(out))
    assert pruned(raw, out) == 6
    assert set(written(out)) == {"甲.json", "甲.xml", "丙.xml", "别的.json", "quarantine/丁.reason.json"}
    assert not (out / "下").exists()
    assert list(manifest.load(out)) == ["甲"]


# -- writing ----------------------------------------------------------------------------------------------------------


def test_writing_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(WriteError, match=r"cannot write .*甲: No space left on device"):
        outputs.write(tmp_path, "甲", {".json": b"1"})
    assert written(tmp_path) == {}


def test_old_records_are_replaced_and_have_the_rights_of_ordinary_files(tmp_path: Path) -> None:
    outputs.write(tmp_path, "新/甲", {".json": b"1"})
    outputs.write(tmp_path, "新/甲", {".json": b"2"})
    assert written(tmp_path) == {"新/甲.json": b"2"}
    plain = tmp_path / "plain"
    plain.touch()
    assert (tmp_path / "新" / "甲.json").stat().st_mode == plain.stat().st_mode


def test_field_of_json_is_read_anew_when_another_one_is_named(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    (raw / "甲.json").write_text(json.dumps({"正文": TEXT.format("出纳"), "jd": TEXT.format("会计")}), "utf-8")
    for field in ("正文", "jd"):
        (outcome,) = parsed(raw, out, text_field=field)
        assert (outcome.error, outcome.unchanged) == (None, False)
        again = parsed(raw, out, text_field=field)
        assert [other.unchanged for other in again] == [True]
    assert set(written(out)) == {"甲.json", "甲.xml", "甲.source.txt"}
    assert (out / "甲.source.txt").read_text("utf-8").startswith("会计岗位职责\n")
    (raw / "甲.json").unlink()
    assert pruned(raw, out) == 3


def test_link_in_the_output_folder_leads_nothing_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "甲.json").write_text("other")
    (tmp_path / "out" / "下").symlink_to(tmp_path / "else")
    (tmp_path / "out" / "甲.json").symlink_to(tmp_path / "else" / "甲.json")
    for name in ("下/甲", "../甲", "下/深/甲"):
        with pytest.raises(WriteError, match="leads out of"):
            outputs.write(tmp_path / "out", name, {".json": b"1"})
    outputs.write(tmp_path / "out", "甲", {".json": b"1"})
    assert written(tmp_path / "else") == {"甲.json": b"other"}


def test_name_that_is_too_long_is_set_apart_under_a_shorter_one(tmp_path: Path) -> None:
    name = "岗" * 84
    lay_out(tmp_path / "raw", f"{name}.t")
    (outcome,) = parsed(tmp_path / "raw", tmp_path / "out")
    assert isinstance(outcome.error, WriteError)
    assert "File name too long" in str(outcome.error)
    (file,) = (tmp_path / "out" / "quarantine").iterdir()
    assert json.loads(file.read_bytes())["source"].endswith(f"{name}.t")
    outputs.release(tmp_path / "out", name)
    assert not file.exists()


def test_leavings_of_killed_runs_are_removed_but_not_those_of_runs_in_progress(tmp_path: Path) -> None:
    left = outputs.temporary(tmp_path / "甲.json")
    left.touch()

    def tidy() -> None:
        outputs.sweep([tmp_path])

    with outputs.occupied(tmp_path, lambda: None), outputs.occupied(tmp_path, tidy):
        assert left.exists()
    with outputs.occupied(tmp_path, tidy):
        assert not left.exists()


def test_errors_are_of_one_tree_and_readable() -> None:
    for kind in (ReadError, LimitError, WriteError, BrokenPromiseError, InputClashError):
        assert issubclass(kind, PipelineError)
