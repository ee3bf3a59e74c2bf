"""Units of work: every line in exactly one, the same in every run, done once, and the trouble of a document is its own."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipeline import manifest, streams
from pipeline.cluster import storage, units, work
from pipeline.cluster.plan import SHARDS, ClusterPlan, Unit, UnitOutcome
from pipeline.cluster.storage import Place, Store
from pipeline.cluster.work import UnitWorker
from pipeline.errors import ReadError
from pipeline.export import parse_record
from pipeline.limits import Limits
from pipeline.parse_command import _SHARDS
from pipeline.run import parse
from tests import poison

arrow = pytest.importorskip("pyarrow")
fs = pytest.importorskip("pyarrow.fs")
parquet = pytest.importorskip("pyarrow.parquet")

TEXT = "{}岗位职责\n1、负责现金收付;\n任职要求：\n1、大专以上学历。\n"
ROWS = [{"id": n, "text": f"第{n}条" + "职" * (n % 37)} for n in range(500)]
LINES = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in ROWS)


def local(path: Path) -> Place:
    return storage.place(str(path))


def cut(path: Path, out: Path, plan: ClusterPlan) -> list[Unit]:
    found = units.sources(local(path), local(out), plan.lines)
    return [unit for source in found for unit in units.cut(source, plan)]


def ids(unit: Unit, plan: ClusterPlan) -> list[int]:
    items = work._items(unit, plan, fs.LocalFileSystem())
    return [json.loads(item.line.data)["id"] for item in items if item.line is not None]


def numbers(path: Path, plan: ClusterPlan) -> list[list[int]]:
    return [ids(unit, plan) for unit in cut(path, path.parent / "out", plan)]


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "in.jsonl": bytes,
    "in.jsonl.gz": gzip.compress,
    "in.jsonl.zst": zstandard.compress,
}


@pytest.mark.parametrize("name", PACKINGS)
@pytest.mark.parametrize("size", [1, 100, 777, 5_000, 10**9])
def test_each_line_is_in_one_unit(tmp_path: Path, name: str, size: int) -> None:
    (tmp_path / name).write_bytes(PACKINGS[name](LINES))
    found = numbers(tmp_path / name, ClusterPlan(unit_bytes=size))
    assert [n for unit in found for n in unit] == list(range(500))
    assert len(found) == {1: 500, 10**9: 1}.get(size, len(found))
    if 100 <= size <= 5_000:
        assert len(found) > len(LINES) / size / 2


@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_each_line_is_in_one_unit_wherever_reading_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(units, "_CHUNK", chunk)
    data = b'\xef\xbb\xbf{"id": 0}\n\n\r\n{"id": 1}\n' + b"\n" * 30 + b'{"id": 2}\n{"id": 3}'
    (tmp_path / "in.jsonl").write_bytes(data)
    for size in (1, 5, 12, 40):
        found = numbers(tmp_path / "in.jsonl", ClusterPlan(unit_bytes=size))
        assert [n for unit in found for n in unit] == [0, 1, 2, 3], size


def test_lines_have_the_numbers_that_they_have_in_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\n" + LINES)
    plan = ClusterPlan(unit_bytes=1_000)
    found = [i.line for u in cut(path, tmp_path / "out", plan) for i in work._items(u, plan, fs.LocalFileSystem())]
    assert found == list(streams.lines(path, 10**6))


@pytest.mark.parametrize("size", [1, 333, 10**9])
@pytest.mark.parametrize("group", [7, 10_000])
def test_each_row_is_in_one_unit(tmp_path: Path, size: int, group: int) -> None:
    path = tmp_path / "in.parquet"
    parquet.write_table(arrow.Table.from_pylist(ROWS), path, row_group_size=group)
    found = numbers(path, ClusterPlan(unit_bytes=size))
    assert [n for unit in found for n in unit] == list(range(500))
    assert (len(found) > 1) == (size < 10**9)


@pytest.mark.parametrize("name", ["in.parquet", "in.jsonl.gz", "in.jsonl"])
def test_file_that_is_broken_or_empty_is_told_of_once(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"" if name == "in.jsonl" else b"\x1f\x8b no")
    plan = ClusterPlan()
    (unit,) = cut(tmp_path / name, tmp_path / "out", plan)
    errors = [item.line and item.line.error for item in work._items(unit, plan, fs.LocalFileSystem())]
    assert [type(error) for error in errors] == ([] if name == "in.jsonl" else [ReadError])


def test_file_that_breaks_off_loses_only_what_is_behind(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress(os.urandom(40).hex().encode() + b"\n" + LINES)[:-60])
    plan = ClusterPlan(unit_bytes=500)
    lines = [i.line for u in cut(path, tmp_path / "out", plan) for i in work._items(u, plan, fs.LocalFileSystem())]
    assert [line.number for line in lines if line] == list(range(1, len(lines) + 1))
    assert [type(line.error) for line in lines if line and line.error] == [ReadError]


def test_one_document_more_changes_one_unit(tmp_path: Path) -> None:
    for n in range(300):
        (tmp_path / f"{n:03}.txt").write_text(str(n), encoding="utf-8")
    plan, out = ClusterPlan(lines=False), tmp_path / "out"
    before = {unit.made_from("") for unit in cut(tmp_path, out, plan)}
    (tmp_path / "150a.txt").write_text("new", encoding="utf-8")
    after = cut(tmp_path, out, plan)
    assert len({unit.made_from("") for unit in after} - before) in (1, 2)  # two where the new one is the last of a unit
    assert len(before) > 4
    assert sorted(file.path for unit in after for file in unit.files) == [f.path for u in after for f in u.files]


def test_hidden_files_and_the_output_folder_are_passed_over(tmp_path: Path) -> None:
    for name in ("a.jsonl", ".b.jsonl", "out/c.jsonl", "sub/d.jsonl.gz", "sub/.e/f.jsonl", "g.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = units.sources(local(tmp_path), local(tmp_path / "out"), lines=True)
    assert [source.file.path.removeprefix(f"{tmp_path}/") for source in found] == ["a.jsonl", "sub/d.jsonl.gz"]
    documents = units.sources(local(tmp_path), local(tmp_path / "out"), lines=False)
    (files,) = (source.files for source in documents)
    assert [file.path.removeprefix(f"{tmp_path}/") for file in files or ()] == ["a.jsonl", "g.txt", "sub/d.jsonl.gz"]


@pytest.mark.parametrize("location", ["no/such/file", "nosuchscheme://a/b"])
def test_place_that_is_not_there_is_told(tmp_path: Path, location: str) -> None:
    with pytest.raises(ReadError):
        list(units.sources(storage.place(location), local(tmp_path), lines=True))


def test_shards_of_the_command_line_are_those_of_the_engine() -> None:
    assert _SHARDS == SHARDS


# -- the worker -------------------------------------------------------------------------------------------------------


def doing(
    path: Path, out: Path, plan: ClusterPlan, parse: Any = poison.item, recipe: str | None = None
) -> Iterator[UnitOutcome]:
    worker = UnitWorker(plan, None, local(out), recipe or plan.recipe(), parse)
    try:
        for unit in cut(path, out, plan):
            yield worker.do(unit, fs.LocalFileSystem())
    finally:
        worker.close()


def postings(path: Path, *texts: str) -> Path:
    rows = [{"id": n, "text": text} for n, text in enumerate(texts)]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def said(out: Path, folder: str = "records") -> list[Any]:
    return [json.loads(line) for path in sorted((out / folder).iterdir()) for line in path.read_bytes().splitlines()]


def test_documents_that_kill_hang_or_eat_cost_only_themselves(tmp_path: Path) -> None:
    texts = ["1", "die", "2", "hang", "3", "eat", "4", "{"]
    raw = postings(tmp_path / "in.jsonl", *texts)
    plan = ClusterPlan(shards="jsonl", limits=Limits(seconds=1, memory=400))
    (outcome,) = doing(raw, tmp_path / "out", plan)
    assert (outcome.parsed, outcome.failed, outcome.error) == (5, 3, None)
    assert said(tmp_path / "out") == ["1", "2", "3", "4", "{"]
    told = said(tmp_path / "out", "quarantine")
    assert [(t["line"], t["id"], t["error"]) for t in told] == [
        (2, 1, "WorkerError"),
        (4, 3, "LimitError"),
        (6, 5, "LimitError"),
    ]


def test_unit_that_is_finished_is_left_alone_until_it_would_be_another(tmp_path: Path) -> None:
    raw, out = postings(tmp_path / "in.jsonl", *map(str, range(40))), tmp_path / "out"
    plan = ClusterPlan(shards="jsonl", unit_bytes=200)
    first = list(doing(raw, out, plan))
    assert len(first) > 2
    assert not any(outcome.unchanged for outcome in first)
    assert all(outcome.unchanged for outcome in doing(raw, out, plan))
    gone = out / first[1].files[0]
    gone.unlink()
    assert [outcome.unchanged for outcome in doing(raw, out, plan)] == [o.name != first[1].name for o in first]
    assert gone.exists()
    (out / storage.DONE / f"{first[0].name}.json").write_bytes(b"{")
    assert [outcome.unchanged for outcome in doing(raw, out, plan)] == [o.name != first[0].name for o in first]
    os.utime(raw, ns=(1, 1))
    assert not any(outcome.unchanged for outcome in doing(raw, out, plan))
    assert not any(o.unchanged for o in doing(raw, out, ClusterPlan(shards="jsonl", unit_bytes=200, force=True)))


def test_reasons_of_an_earlier_run_go_when_nothing_fails(tmp_path: Path) -> None:
    raw, out = postings(tmp_path / "in.jsonl", "die"), tmp_path / "out"
    plan = ClusterPlan(shards="jsonl")
    assert [outcome.failed for outcome in doing(raw, out, plan)] == [1]
    assert [outcome.failed for outcome in doing(postings(raw, "fine"), out, plan)] == [0]
    assert list((out / "quarantine").iterdir()) == []
    assert said(out) == ["fine"]


def test_machine_with_another_gangwei_does_nothing(tmp_path: Path) -> None:
    raw = postings(tmp_path / "in.jsonl", "1")
    (outcome,) = doing(raw, tmp_path / "out", ClusterPlan(), recipe="another")
    assert "another gangwei" in str(outcome.error)
    assert not (tmp_path / "out").exists()


def test_unit_is_tried_again_and_then_given_up_where_the_output_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_PAUSE", 0.0)
    tries: list[str] = []
    put = Store.put

    def fail(self: Store, name: str, file: Any) -> None:
        tries.append(name)
        if len(tries) < 5:
            raise OSError(5, "Input/output error")
        put(self, name, file)

    monkeypatch.setattr(Store, "put", fail)
    raw = postings(tmp_path / "in.jsonl", "1", "2")
    (outcome,) = doing(raw, tmp_path / "out", ClusterPlan(shards="jsonl"))
    assert "Input/output error" in str(outcome.error)
    assert len(tries) == 3
    (outcome,) = doing(raw, tmp_path / "out", ClusterPlan(shards="jsonl"))
    assert (outcome.error, outcome.parsed) == (None, 2)
    assert said(tmp_path / "out") == ["1", "2"]


def test_records_and_their_source_texts_are_those_of_one_machine(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT.format("出纳"), encoding="utf-8")
    (folder / "b.html").write_text(f"<html><body><p>{TEXT.format('会计')}</p></body></html>", encoding="utf-8")
    (folder / "c.txt").write_bytes(b"\x00\x01\x02")
    outcomes = list(doing(folder, tmp_path / "out", ClusterPlan(lines=False, shards="jsonl"), None))
    assert (sum(o.parsed for o in outcomes), sum(o.failed for o in outcomes)) == (2, 1)
    lines = [line for file in sorted((tmp_path / "out/records").iterdir()) for line in file.read_bytes().splitlines()]
    records = {record.source.name: record for record in (parse_record(line, "json") for line in lines)}
    a = parse(TEXT.format("出纳"), "a")
    assert records["a"].roles == a.roles
    sources = {row["name"]: row["text"] for row in said(tmp_path / "out", "sources")}
    assert sources["a.txt"] is None
    assert sources["b.html"][records["b"].roles[0].span.start :].startswith("会计")
    (told,) = said(tmp_path / "out", "quarantine")
    assert told["source"] == str(folder / "c.txt")


# -- file systems -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shards", SHARDS)
def test_outputs_on_another_file_system_are_the_same_bytes(tmp_path: Path, shards: str) -> None:
    raw, plan = postings(tmp_path / "in.jsonl", "1", "2", "die"), ClusterPlan(shards=shards)
    list(doing(raw, tmp_path / "local", plan))
    other = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
    assert other.type_name != "local"
    worker = UnitWorker(plan, None, Place(other, "other"), plan.recipe(), poison.item)
    for again in (False, True):
        (unit,) = cut(raw, tmp_path / "out", plan)
        assert worker.do(unit, fs.LocalFileSystem()).unchanged is again
    worker.close()
    for folder in ("records", "quarantine", ".gangwei"):
        (one,), (two,) = ((tmp_path / side / folder).iterdir() for side in ("local", "other"))
        assert (one.name, one.read_bytes()) == (two.name, two.read_bytes())


def test_what_killed_tasks_left_half_written_is_swept_away(tmp_path: Path) -> None:
    for name in ("records/.gangwei-0.part", "records/a.jsonl", ".gangwei/.gangwei-1.part"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    Store(local(tmp_path)).sweep()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.jsonl"]


def test_mark_that_leads_out_of_the_folder_removes_nothing(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"")
    store = Store(local(tmp_path / "out"))
    store.finish(UnitOutcome("a", "in", files=("../precious", "records/a.jsonl")), "made")
    found = store.finished("a")
    assert found is not None
    store.forget(found[0])
    assert (tmp_path / "precious").exists()
    assert list(store.marks()) == []


def test_recipe_changes_with_what_changes_records() -> None:
    plans = [ClusterPlan(), ClusterPlan(id_field="nr"), ClusterPlan(text_field="jd"), ClusterPlan(shards="jsonl")]
    recipes = [plan.recipe() for plan in plans]
    assert all(a != b for i, a in enumerate(recipes) for b in recipes[i + 1 :])
    assert ClusterPlan(limits=Limits(seconds=1)).recipe() == recipes[0]
    assert manifest.recipe(None, ("parquet",), None) in recipes[0]


def test_units_follow_each_other(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(LINES)
    found = cut(tmp_path / "in.jsonl", tmp_path / "out", ClusterPlan(unit_bytes=900))
    assert all(a.last == b.first for a, b in pairwise(found))
    assert found[-1].last is None
    assert [unit.name for unit in found] == sorted(unit.name for unit in found)
