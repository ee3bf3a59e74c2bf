"""The service under load, with documents that do harm, without a token, and when it is told to stop."""

# ruff: noqa: E402 (what the service imports is there only with its extra)

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

for package in ("starlette", "uvicorn", "python_multipart"):
    pytest.importorskip(package, reason="needs gangwei[serve]")

from pipeline import run, serve_command
from pipeline.cli import main
from pipeline.errors import PipelineError, WorkerError
from pipeline.export import render
from pipeline.limits import Limits
from pipeline.run import record, source_of
from pipeline.serve import pool
from pipeline.serve.guard import Guard, Rules
from pipeline.serve.metrics import Metrics
from pipeline.serve.work import SOURCE, Ask, Manner, work
from pipeline.workers import Task
from tests import poison
from tests.serving import ROOT, Answer, Server

TOKEN = "a-token-of-many-characters"
LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes as Linux lists them")
POSTS = ("出纳", "会计", "司机", "护士", "厨师", "电工", "保安", "文员")


def text(number: int) -> str:
    post = POSTS[number % len(POSTS)]
    return f"{post}岗位职责\n1、负责第{number}号门店的日常工作；\n任职要求：\n1、大专以上学历，{number % 9 + 1}年以上经验。\n"


def expected(number: int) -> bytes:
    return render(record(source_of(text(number), f"文件{number}")), "json")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    options = ("--jobs", "2", "--max-seconds", "4", "--max-memory", "900", "--max-age", "3600")
    with Server(*options) as running:
        yield running.wait()


# -- load and harm ----------------------------------------------------------------------------------------------------


def test_two_hundred_requests_at_eight_at_once_are_each_answered_with_their_own_record(server: Server) -> None:
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda n: server.text(text(n), f"文件{n}"), range(200)))
    assert [answer.status for answer in answers] == [200] * 200
    assert [answer.body for answer in answers] == [expected(n) for n in range(200)]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 200


@pytest.mark.parametrize(("harm", "problem"), [("die", "worker"), ("hang", "limit"), ("eat", "limit")])
def test_document_that_does_harm_costs_only_itself(server: Server, harm: str, problem: str) -> None:
    with ThreadPoolExecutor(5) as clients:
        bad = clients.submit(server.text, f"poison:{harm}", "坏")
        good = list(clients.map(lambda n: server.text(text(n), f"文件{n}"), range(20)))
    assert [answer.body for answer in good] == [expected(n) for n in range(20)]
    assert (bad.result().status, bad.result().problem) == (500 if problem == "worker" else 422, problem)
    assert bad.result().json()["detail"].startswith("坏: ")
    assert server.text(text(1), "文件1").body == expected(1)


def test_death_that_was_not_the_document_s_fault_is_not_told(server: Server, tmp_path: Path) -> None:
    answer = server.text(f"poison:once:{tmp_path / 'mark'}")
    assert answer.status == 200


def test_harm_in_a_batch_costs_only_the_document_that_does_it(server: Server) -> None:
    files = [("a.txt", text(1).encode()), ("b.txt", b"poison:die"), ("c.txt", text(2).encode())]
    told = server.finished(server.files("/v1/batches", *files).headers["location"])
    assert [entry["state"] for entry in told["entries"]] == ["parsed", "failed", "parsed"]
    assert told["entries"][1]["problem"]["type"] == "urn:gangwei:problem:worker"


def test_fault_of_gangwei_s_own_is_told_without_words_of_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("机密")

    monkeypatch.setattr(run, "record", fail)
    (tmp_path / SOURCE).write_text("机密", encoding="utf-8")
    found = work(Ask(tmp_path, "a", True, ("json",)), Manner())
    assert isinstance(found, PipelineError)
    assert str(found) == "a: internal error: ValueError"


def test_process_is_renewed_after_many_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_RENEWED", 3)
    found = pool.Pool(poison.who, 1, Limits(), (), poison.nothing)
    found.start()
    try:
        told = [found.submit(Task(str(n), "", 1)).result(30) for n in range(9)]
    finally:
        found.close()
    assert [len(set(told[n : n + 3])) for n in (0, 3, 6)] == [1, 1, 1]
    assert len(set(told)) == 3
    with pytest.raises(pool.PoolClosedError):
        found.submit(Task("9", "", 1))


def test_client_that_waits_is_told_when_no_process_can_be_started() -> None:
    found = pool.Pool(poison.Unborn(), 1, Limits(), (), poison.nothing)
    soon, later = (found.submit(Task("1", "a", 1), rank) for rank in (pool.SOON, pool.LATER))
    found.start()
    try:
        with pytest.raises(WorkerError, match="end before they begin"):
            soon.result(30)
        assert (found.ready, later.done()) == (0, False)
    finally:
        found.close()
    with pytest.raises(pool.PoolClosedError):
        later.result(0)


# -- too much at once -------------------------------------------------------------------------------------------------


def later(server: Server, said: str) -> tuple[threading.Thread, list[Answer]]:
    """A request on its way."""
    came: list[Answer] = []
    thread = threading.Thread(target=lambda: came.append(server.text(said)))
    thread.start()
    time.sleep(0.5)
    return thread, came


def test_request_that_finds_the_queue_full_is_told_when_to_come_back() -> None:
    with Server("--jobs", "1", "--max-queue", "1") as server:
        server.wait()
        first, came = later(server, "poison:sleep:2")
        second, came_too = later(server, text(1))
        assert "gangwei_queue_length 1\n" in server.ask("GET", "/metrics").body.decode()
        answer = server.text(text(2))
        assert (answer.status, answer.problem) == (429, "busy")
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        first.join()
        second.join()
        assert [came[0].status, came_too[0].status, server.text(text(2)).status] == [200, 200, 200]


def test_limits_of_the_configuration_hold_here_too(tmp_path: Path) -> None:
    (tmp_path / "gangwei.toml").write_text("jobs = 1\n[limits]\ncharacters = 20\n", encoding="utf-8")
    with Server("--config", tmp_path / "gangwei.toml") as server:
        server.wait()
        assert server.told()[0]["workers"] == 1
        assert (server.text("出纳岗位职责").status, server.text(text(1)).problem) == (200, "limit")


def test_document_that_a_client_waits_for_goes_before_batches() -> None:
    with Server("--jobs", "1") as server:
        server.wait()
        where = server.files("/v1/batches", *[(f"{n}.txt", b"poison:sleep:0.5") for n in range(6)]).headers["location"]
        assert server.text(text(1)).status == 200
        assert server.ask("GET", where).json()["waiting"] >= 2


def test_batch_is_kept_for_its_age() -> None:
    with Server("--jobs", "1", "--max-age", "2") as server:
        server.wait()
        where = server.files("/v1/batches", ("a.txt", text(1).encode())).headers["location"]
        assert server.ask("GET", where).status == 200
        time.sleep(3)
        assert server.ask("GET", where).problem == "not-found"


def test_bodies_are_bounded_in_time_and_all_together() -> None:
    async def ask(rules: Rules, *sizes: int) -> tuple[int, bytes]:
        sent: list[Any] = []
        coming = iter([{"type": "http.request", "body": b"a" * size, "more_body": True} for size in sizes])

        async def receive() -> Any:
            return next(coming, None) or await asyncio.sleep(60)

        async def send(message: Any) -> None:
            sent.append(message)

        async def read(_scope: Any, receive: Any, _send: Any) -> None:
            while True:
                await receive()

        scope = {"type": "http", "method": "POST", "path": "/v1/documents", "headers": [(b"host", b"localhost")]}
        await Guard(read, rules, Metrics(), lambda _: None)(scope, receive, send)
        return sent[0]["status"], sent[1]["body"]

    assert asyncio.run(ask(Rules(None, True, {"": 100}, 0.1, 100), 10))[0] == 408
    status, body = asyncio.run(ask(Rules(None, True, {"": 100}, 60, 50), 30, 30))
    assert (status, json.loads(body)["type"]) == (429, "urn:gangwei:problem:busy")


# -- tokens -----------------------------------------------------------------------------------------------------------


def test_token_is_asked_for_everywhere_but_for_health(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    with Server("--jobs", "1", "--host", "0.0.0.0", "--token-file", tmp_path / "token") as server:
        server.learn(TOKEN)
        paths = [path for path in server.description["paths"] if path != "/healthz"]
        for given in (None, "", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", "Bearer é"):
            headers = {} if given is None else {"Authorization": given}
            for path in paths:
                answer = server.ask("GET", path, headers=headers)
                assert (answer.status, answer.problem) == (401, "unauthorised")
        known = {"Authorization": f"Bearer {TOKEN}", "Host": "gangwei.example"}
        assert server.ask("GET", "/version", headers=known).status == 200
        assert TOKEN not in b"".join(server.lines).decode()


def test_token_is_the_password_that_a_browser_asks_for_but_not_for_pages_of_other_hosts(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    with Server("--jobs", "1", "--host", "0.0.0.0", "--token-file", tmp_path / "token") as server:
        server.learn(TOKEN)
        told = {"Host": "gangwei.example:80", "Authorization": f"Basic {b64encode(f'me:{TOKEN}'.encode()).decode()}"}
        for origin, status in (
            ({}, 200),
            ({"Origin": "https://gangwei.example:80"}, 200),
            ({"Origin": "https://gangwei.example"}, 401),
            ({"Origin": "https://evil.example"}, 401),
            ({"Origin": "null"}, 401),
        ):
            assert server.ask("GET", "/version", headers={**told, **origin}).status == status, origin
        for password in ("", f"{TOKEN}x", "é"):
            wrong = {"Authorization": f"Basic {b64encode(f'{TOKEN}:{password}'.encode()).decode()}"}
            assert server.ask("GET", "/version", headers=wrong).status == 401
        asked = http.client.HTTPConnection("127.0.0.1", server.port)
        asked.request("GET", "/version")
        challenges = asked.getresponse().headers.get_all("www-authenticate")
        asked.close()
        assert [challenge.split()[0] for challenge in challenges or ()] == ["Bearer", "Basic"]
        assert TOKEN not in b"".join(server.lines).decode()


def test_token_of_the_environment_is_taken_and_kept_from_the_workers() -> None:
    with Server("--jobs", "1", env={serve_command.TOKEN: TOKEN}) as server:
        server.learn(TOKEN)
        assert server.ask("GET", "/version").status == 401
        assert server.ask("GET", "/version", headers={"Authorization": f"bearer {TOKEN}"}).status == 200
        others = [pid for pid in server.processes() if pid != server.process.pid]
        told = [Path(f"/proc/{pid}/environ").read_bytes() for pid in others]
        assert all(TOKEN.encode() not in variables for variables in told)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", ""])
def test_beyond_this_machine_nothing_is_served_without_a_token(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(serve_command.TOKEN, raising=False)
    result = CliRunner().invoke(main, ["serve", "--host", host, "--port", "0"])
    assert result.exit_code == 2
    assert "must send a token" in result.stderr


def test_token_that_could_be_guessed_or_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for odd in ("", "short", "with blanks in its middle", "不是拉丁字母的密码不是拉丁字母的密码"):
        (tmp_path / "token").write_text(odd, encoding="utf-8")
        assert CliRunner().invoke(main, ["serve", "--token-file", str(tmp_path / "token")]).exit_code == 2
    result = CliRunner().invoke(main, ["serve", "--token-file", str(tmp_path / "none")])
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


# -- beginning and end ------------------------------------------------------------------------------------------------


@LINUX
def test_requests_in_work_are_finished_when_the_service_is_told_to_stop() -> None:
    with Server("--jobs", "2") as server:
        server.wait()
        thread, came = later(server, "poison:sleep:2\n" + text(1))
        server.process.send_signal(signal.SIGTERM)
        thread.join()
        assert came[0].status == 200
        assert server.ended() == 143
        assert server.left() == []


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="the system has no such signal")
def test_terminal_that_goes_away_ends_the_service_in_order() -> None:
    with Server("--jobs", "1") as server:
        assert server.stop(signal.SIGHUP) == 143
        assert server.told()[-1]["event"] == "stopped"
        assert not any(told["event"] == "log" for told in server.told())


_EARLY = """
import os, signal, sys
import uvicorn
from pipeline.serve.server import _Server

class Config(uvicorn.Config):
    def get_loop_factory(self):
        os.kill(os.getpid(), signal.SIGTERM)
        return super().get_loop_factory()

async def app(scope, receive, send):
    raise AssertionError

signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
_Server(Config(app, port=0, lifespan="off", log_config=None), lambda: None, 1.0).run()
"""


@LINUX
def test_signal_that_comes_before_there_is_a_loop_ends_the_service_without_a_warning() -> None:
    done = subprocess.run([sys.executable, "-c", _EARLY], cwd=ROOT, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (143, b"")


@LINUX
def test_requests_that_outlast_the_grace_time_are_told_and_nothing_is_left() -> None:
    with Server("--jobs", "2", "--grace", "0.5") as server:
        server.wait()
        thread, came = later(server, "poison:hang")
        began = time.monotonic()
        assert server.stop(signal.SIGINT) == 130
        thread.join()
        assert time.monotonic() - began < 15
        assert (came[0].status, came[0].problem) == (503, "stopping")
        assert server.left() == []
        assert "Traceback" not in b"".join(server.lines).decode()


@LINUX
def test_workers_end_with_a_service_that_is_killed(tmp_path: Path) -> None:
    with Server("--jobs", "2", env={"TMPDIR": str(tmp_path)}) as server:
        server.wait()
        later(server, "poison:sleep:1")[0].join()
        assert server.processes()
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
        assert server.left() == []


def test_what_came_goes_with_the_process(tmp_path: Path) -> None:
    with Server("--jobs", "1", env={"TMPDIR": str(tmp_path)}) as server:
        server.wait()
        server.finished(server.files("/v1/batches", ("a.txt", text(1).encode())).headers["location"])
        assert list(tmp_path.rglob("record.json"))
        server.stop()
        assert list(tmp_path.rglob("record*")) == []


def test_store_keeps_batches_and_a_later_service_goes_on_with_them(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with Server("--jobs", "1", "--store", store, "--grace", "0.2") as server:
        server.wait()
        done = server.files("/v1/batches", ("a.txt", text(1).encode()), ("b.txt", b"\x7fELF\0")).headers["location"]
        server.finished(done)
        where = f"{done}/records/1/decisions"
        none = server.ask("GET", where).body
        kept = server.ask("PUT", where, none, {"Content-Type": "application/json"}).headers["etag"]
        todo = server.files("/v1/batches", *[(f"{n}.txt", b"poison:sleep:0.5") for n in range(4)]).headers["location"]
        assert server.stop() == 143
    (store / "batch-half").mkdir()
    (store / "of others").mkdir()
    with Server("--jobs", "1", "--store", store) as server:
        server.wait()
        assert [entry["state"] for entry in server.ask("GET", done).json()["entries"]] == ["parsed", "failed"]
        assert json.loads(server.ask("GET", f"{done}/records/1").body)["source"]["name"] == "a"
        assert server.ask("GET", f"{done}/records/1/decisions").headers["etag"] == kept
        assert server.finished(todo)["parsed"] == 4
        assert not (store / "batch-half").exists()
        for where in (done, todo):
            assert server.ask("DELETE", where).status == 204
        assert [path.name for path in store.iterdir()] == ["of others"]


def test_port_that_is_taken_is_told_in_a_line() -> None:
    with Server("--jobs", "1") as server:
        result = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "serve", "--port", str(server.port)], capture_output=True, text=True
        )
    assert result.returncode == 1
    assert result.stderr == f"gangwei: 127.0.0.1:{server.port}: Address already in use\n"


def test_store_that_is_no_folder_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "store").touch()
    command = [sys.executable, "-m", "pipeline.cli", "serve", "--port", "0", "--store", str(tmp_path / "store")]
    result = subprocess.run(command, capture_output=True, text=True)
    told = [line for line in result.stderr.splitlines() if not line.startswith("{")]
    assert (result.returncode, told) == (1, [f"gangwei: {tmp_path / 'store'}: File exists"])


def test_extra_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = CliRunner().invoke(main, ["serve", "--port", "0"])
    assert (result.exit_code, result.stderr) == (
        1,
        "gangwei: serve needs the package uvicorn: pip install 'gangwei[serve]'\n",
    )


def test_command_line_imports_nothing_of_the_service() -> None:
    code = "import sys, pipeline.cli; print(*(m for m in sys.modules if m.startswith(('starlette', 'uvicorn', 'pipeline.serve.'))))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert told.stdout.split() == []
