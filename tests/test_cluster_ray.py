"""A run on a Ray cluster of three nodes: the records of one machine, also when a node is killed midway."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.cluster import ClusterPlan, connected, parse, parse_dataset
from pipeline.errors import MissingPackageError

ray = pytest.importorskip("ray")
arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
pytestmark = pytest.mark.filterwarnings("default")  # those of Ray are its own

RAW = Path(__file__).parents[1] / "raw"
TEXT = "{}岗位职责\n1、负责现金收付，编号{}；\n任职要求：\n1、大专以上学历。\n"
ROWS = [{"id": f"jd-{n}", "text": TEXT.format(("出纳", "会计", "前台")[n % 3], n)} for n in range(400)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from ray.cluster_utils import Cluster

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    made.workers = [made.add_node(num_cpus=1), made.add_node(num_cpus=1)]
    ray.init(address=made.address, logging_level="ERROR", log_to_driver=False)
    yield made
    ray.shutdown()
    made.shutdown()


def gangwei(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def lines(path: Path, rows: list[Any]) -> Path:
    path.write_bytes(b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows))
    return path


def made(out: Path) -> list[bytes]:
    """All records of a run, in the order of the input."""
    return [line for path in sorted((out / "records").glob("*.jsonl")) for line in path.read_bytes().splitlines()]


def alone(path: Path) -> list[bytes]:
    """The records of the same input, made on one machine."""
    out = path.with_name(f"alone-{path.name}.jsonl")
    assert gangwei("parse", "--lines", path, "-o", out, "-q").exit_code in (0, 1)
    return out.read_bytes().splitlines()


def test_postings_become_the_records_of_one_machine(cluster: Any, tmp_path: Path) -> None:
    bad: list[Any] = [{"id": "poison", "text": "收" * 9_000}, {"id": "none"}, "text"]
    rows = [*ROWS[:60], *bad, *ROWS[60:120]]
    raw, table = lines(tmp_path / "in.jsonl", rows), tmp_path / "in.parquet"
    parquet.write_table(arrow.Table.from_pylist(ROWS[:60]), table, row_group_size=7)
    words = ("parse", "--engine", "ray", "--lines", raw, table, "--max-characters", "8000")
    result = gangwei(*words, "-o", tmp_path / "out", "--shards", "jsonl", "--jobs", "3")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "180 parsed, 3 failed")
    assert made(tmp_path / "out") == [*alone(lines(raw, rows[:60] + rows[63:])), *alone(table)]
    told = [
        json.loads(line) for path in (tmp_path / "out/quarantine").iterdir() for line in path.read_bytes().splitlines()
    ]
    assert [(t["line"], t["id"], t["error"]) for t in told] == [
        (61, "poison", "LimitError"),
        (62, "none", "ReadError"),
        (63, None, "ReadError"),
    ]


def test_documents_become_the_records_of_one_machine(cluster: Any, tmp_path: Path) -> None:
    result = gangwei("parse", "--engine", "ray", RAW, "-o", tmp_path / "out")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (0, "7 parsed, 0 failed")
    assert gangwei("parse", RAW, "-o", tmp_path / "local", "--format", "json").exit_code == 0
    local = {path.stem: json.loads(path.read_bytes()) for path in (tmp_path / "local").glob("*.json")}
    rows = [row for path in (tmp_path / "out/records").iterdir() for row in parquet.read_table(path).to_pylist()]
    assert {row["name"]: json.loads(row["record"]) for row in rows} == local
    again = gangwei("parse", "--engine", "ray", RAW, "-o", tmp_path / "out")
    assert again.stderr.splitlines()[-1] == "0 parsed, 7 unchanged, 0 failed"


def test_run_that_was_stopped_goes_on_where_it_was(cluster: Any, tmp_path: Path) -> None:
    raw, out = lines(tmp_path / "in.jsonl", ROWS[:200]), tmp_path / "out"
    plan = ClusterPlan(shards="jsonl", unit_bytes=2_000)
    with closing(parse([str(raw)], str(out), plan)) as run:  # type: ignore[type-var]
        assert len(list(islice(run, 4))) == 4
    counts = Counter(outcome.unchanged for outcome in parse([str(raw)], str(out), plan))
    assert counts[True] >= 4
    assert counts[False] >= 1
    assert made(out) == alone(raw)
    assert all(outcome.unchanged for outcome in parse([str(raw)], str(out), plan))


def test_input_that_has_changed_leaves_no_doubles(cluster: Any, tmp_path: Path) -> None:
    raw, out = lines(tmp_path / "in.jsonl", ROWS[:90]), tmp_path / "out"
    plan = ClusterPlan(shards="jsonl", unit_bytes=2_000)
    before = len(list(parse([str(raw)], str(out), plan)))
    lines(raw, ROWS[30:60])
    assert len(list(parse([str(raw)], str(out), plan))) < before
    assert made(out) == alone(raw)
    other = lines(tmp_path / "other.jsonl", ROWS[:3])
    list(parse([str(other)], str(out), plan))
    assert len(made(out)) == 33
    list(parse([str(other)], str(out), plan, prune=True))
    assert made(out) == alone(other)


def test_input_that_is_not_there_is_told_and_the_rest_done(cluster: Any, tmp_path: Path) -> None:
    raw = lines(tmp_path / "in.jsonl", ROWS[:3])
    result = gangwei("parse", "--engine", "ray", "--lines", tmp_path / "no", raw, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert f"{tmp_path / 'no'}: no such file or folder" in result.stderr
    assert result.stderr.splitlines()[-1] == "3 parsed, 0 failed, 1 parts of the input could not be done"


def test_rows_of_a_dataset_become_records(cluster: Any, tmp_path: Path) -> None:
    rows = [*({"nr": n, "jd": row["text"]} for n, row in enumerate(ROWS[:40])), {"nr": 40, "jd": None}]
    plan = ClusterPlan(id_field="nr", text_field="jd")
    found = {row["name"]: row for row in parse_dataset(ray.data.from_items(rows), plan).take_all()}
    assert found[None]["error"] == "ReadError"
    assert found[None]["record"] is None
    raw = lines(tmp_path / "in.jsonl", [{"id": row["nr"], "text": row["jd"]} for row in rows[:40]])
    assert [found[str(n)]["record"].encode() for n in range(40)] == alone(raw)


def test_node_that_is_killed_costs_no_record_and_doubles_none(cluster: Any, tmp_path: Path) -> None:
    raw, out = lines(tmp_path / "in.jsonl", ROWS * 4), tmp_path / "out"
    plan = ClusterPlan(shards="jsonl", unit_bytes=4_000)
    names = []
    for outcome in parse([str(raw)], str(out), plan, count=3):
        assert outcome.error is None
        names.append(outcome.name)
        if len(names) == 10:
            cluster.remove_node(cluster.workers.pop(), allow_graceful=False)
    assert len(names) == len(set(names)) > 30
    assert made(out) == alone(raw)
    assert not [path for path in out.rglob("*.part")]


# -- without the cluster ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_signal_ends_the_run_in_order(tmp_path: Path) -> None:
    for n in range(200):
        lines(tmp_path / f"in-{n}.jsonl", ROWS[:40])
    code = "from pipeline.cli import main; main()"
    words = [
        sys.executable,
        "-c",
        code,
        "parse",
        "--engine",
        "ray",
        "--lines",
        str(tmp_path),
        "-o",
        str(tmp_path / "out"),
    ]
    environment = os.environ | {"RAY_ADDRESS": "local"}
    process = subprocess.Popen(words, stderr=subprocess.PIPE, env=environment, start_new_session=True)
    for _ in range(600):
        if list(tmp_path.glob("out/.gangwei/*.json")):
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 143
    assert b"stopped: " in told
    assert all(json.loads(line) for line in made(tmp_path / "out"))


@pytest.mark.parametrize(
    "words",
    [
        ["-", "-o", "out"],
        ["a.txt", "-o", "-"],
        ["a.txt", "-o", "out", "--format", "xml"],
        ["a.txt", "-o", "out", "--shards", "csv"],
    ],
)
def test_wrong_usage_exits_with_2(words: list[str]) -> None:
    assert gangwei("parse", "--engine", "ray", *words).exit_code == 2


def test_options_of_the_cluster_are_for_the_cluster() -> None:
    for words in (["--shards", "jsonl"], ["--address", "auto"]):
        assert gangwei("parse", "a.txt", "-o", "out", *words).exit_code == 2


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    result = gangwei("parse", "--engine", "ray", RAW, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "pip install 'gangwei[ray]'" in result.stderr
    with pytest.raises(MissingPackageError), connected():
        pass
