"""What docs/sqlite.md and docs/postgresql.md tell people to do works: the load, a second load, and the queries, with what they find."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli import main

ROOT = Path(__file__).parents[1]
DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
COUNTING = "出纳岗位职责\n1、负责现金收付；\n2、遵守公司制度。\n任职要求：\n1、大专以上学历，五年以上财务工作经验；\n2、熟练使用Excel。\n"
SECOND = COUNTING.replace("出纳", "会计").replace("负责现金收付", "做为主管审核凭证").replace("五年", "两年")


def gangwei(*told: str | Path) -> None:
    done = CliRunner().invoke(main, [str(word) for word in told])
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr


def queries(page: str) -> list[str]:
    """The queries of a page of the documentation."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8").partition("## Five queries")[2]
    return re.findall(r"```sql\n(.*?)```", text, re.S)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Records of two posts that share a duty."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "出纳.txt").write_text(COUNTING, encoding="utf-8")
    (tmp_path / "raw" / "会计.txt").write_text(SECOND, encoding="utf-8")
    gangwei("parse", tmp_path / "raw", "-o", tmp_path / "out", "-q")
    return tmp_path / "out"


Ask = Callable[[str], list[tuple[Any, ...]]]


def hold(page: str, ask: Ask) -> None:
    """Ask the five queries of a page, and hold what they find to what the two posts say."""
    much, years, skills, shared, unsure = queries(page)
    found = {row[1]: (int(row[3]), int(row[4])) for row in ask(much)}
    assert found == {"出纳": (2, 2), "会计": (2, 2)}
    assert [(row[0], float(row[1])) for row in ask(years)] == [("出纳", 5)]
    assert ("excel", 2) in [(row[0].lower(), int(row[1])) for row in ask(skills)]
    ((words, roles, where),) = [row for row in ask(shared) if "制度" in row[0]]
    assert (words, int(roles)) == ("遵守公司制度。", 2)
    assert re.fullmatch(r"(出纳|会计)#1.(出纳|会计)#1", where)
    told = ask(unsure)
    assert all(float(row[3]) < 0.9 for row in told)


def test_sqlite_answers_the_queries_of_its_page(out: Path) -> None:
    gangwei("export", out, "-f", "sqlite", "-q")
    with closing(sqlite3.connect(out / "exports" / "records.sqlite")) as database:
        hold("sqlite.md", lambda query: database.execute(query).fetchall())


# -- a server of PostgreSQL -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    """The folder of the socket of a server, which is there for these tests only; skips where it is not installed."""
    found = [path for name in ("initdb", "postgres", "psql") if (path := _program(name))]
    if len(found) < 3:
        pytest.skip("PostgreSQL is not installed")
    initdb, postgres, _ = found
    user = "postgres" if os.name == "posix" and os.geteuid() == 0 else None  # the server refuses to run as root
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        data = Path(folder, "data")
        if user:
            try:
                shutil.chown(folder, user)
            except LookupError:
                pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        made = [initdb, "-D", data, "-U", "hr", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, user=user, cwd=folder)
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        command = [postgres, "-D", data, *options]
        server = subprocess.Popen(command, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(Path(folder))
            yield Path(folder)
        finally:
            server.terminate()
            server.wait(30)


def _program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join([*map(str, reversed(DEBIAN)), os.environ.get("PATH", "")]))


def _wait(folder: Path) -> None:
    for _ in range(300):
        if psql(folder, "-c", "SELECT 1", database="postgres", check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


def psql(
    folder: Path, *told: str, given: bytes = b"", database: str = "hr", check: bool = True
) -> subprocess.CompletedProcess[bytes]:
    command = [str(_program("psql")), "-X", "-q", "-h", str(folder), "-U", "hr", "-d", database, *told]
    return subprocess.run(command, input=given, capture_output=True, check=check, cwd=ROOT)


def load(folder: Path, data: bytes, *more: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Load records as docs/postgresql.md says it."""
    return psql(folder, "-v", "ON_ERROR_STOP=1", *more, "-f", "examples/postgresql.sql", given=data, check=check)


@pytest.fixture
def hr(socket: Path) -> Iterator[Path]:
    """An empty database."""
    psql(socket, "-c", "CREATE DATABASE hr", database="postgres")
    yield socket
    psql(socket, "-c", "DROP DATABASE hr", database="postgres")


def lines(out: Path) -> bytes:
    return CliRunner().invoke(main, ["export", str(out), "-f", "jsonl", "-o", "-"]).stdout_bytes


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    wrapped = f"SELECT coalesce(json_agg(to_json(q)), '[]') FROM ({query.strip().rstrip(';')}) q"
    return [tuple(row.values()) for row in json.loads(psql(folder, "-t", "-A", "-c", wrapped).stdout)]


def test_postgresql_answers_the_queries_of_its_page(hr: Path, out: Path) -> None:
    assert load(hr, lines(out)).stderr == b""
    hold("postgresql.md", lambda query: rows(hr, query))


def test_later_load_replaces_what_has_changed_and_nothing_else(hr: Path, out: Path) -> None:
    load(hr, lines(out))
    before = rows(hr, "SELECT document, loaded FROM gangwei.records ORDER BY document")
    record = json.loads((out / "出纳.json").read_bytes())
    record["roles"][0]["title"] = "出纳员"
    (out / "出纳.json").write_text(json.dumps(record), encoding="utf-8")
    assert load(hr, lines(out)).stderr == b""
    after = rows(hr, "SELECT document, loaded FROM gangwei.records ORDER BY document")
    assert [name for name, _ in after] == ["会计", "出纳"]
    assert (after[0] == before[0], after[1] == before[1]) == (True, False)
    assert rows(hr, "SELECT title FROM gangwei.roles ORDER BY role") == [("会计",), ("出纳员",)]


def test_records_are_kept_whole(hr: Path, out: Path) -> None:
    load(hr, lines(out))
    ((kept,),) = rows(hr, "SELECT record FROM gangwei.records WHERE document = '会计'")
    assert kept == json.loads((out / "会计.json").read_bytes())


def test_roles_have_their_occupation(hr: Path, out: Path) -> None:
    load(hr, lines(out))
    told = [json.loads((out / f"{name}.json").read_bytes())["roles"][0]["occupation"] for name in ("会计", "出纳")]
    assert any(told)
    found = rows(hr, "SELECT occupation_code, occupation FROM gangwei.roles ORDER BY role")
    assert found == [(each["code"], each["name"]) if each else (None, None) for each in told]


def test_two_documents_of_one_name_are_refused_unless_their_folders_are_named(hr: Path, out: Path) -> None:
    twice = lines(out) * 2
    refused = load(hr, twice, check=False)
    assert refused.returncode == 3
    assert b"a second time" in refused.stderr
    assert psql(hr, "-c", "SELECT 1 FROM gangwei.records", check=False).returncode != 0, "nothing is half-loaded"
    load(hr, lines(out), "-v", "folder=甲/")
    load(hr, lines(out), "-v", "folder=乙/")
    assert [name for (name,) in rows(hr, "SELECT document FROM gangwei.records ORDER BY 1")] == [
        "乙/会计",
        "乙/出纳",
        "甲/会计",
        "甲/出纳",
    ]
