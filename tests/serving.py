"""A server in a process of its own and a client over HTTP that holds each answer to the description of the routes."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
_START = """
from pipeline.cli import main
from pipeline.serve import server
from tests import poison
server.work = poison.work
main()
"""
_PATIENCE = 60.0


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """The end of the problem's type, once it is seen to be one."""
        assert self.headers["content-type"] == "application/problem+json"
        told = self.json()
        assert told["status"] == self.status
        assert told["instance"] == f"urn:gangwei:request:{self.headers['x-request-id']}"
        assert "Traceback" not in told["detail"]
        return str(told["type"].removeprefix("urn:gangwei:problem:"))


def _heard() -> None:
    """Hear Ctrl-C, which whoever runs the tests in the background may have had ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Server:
    """`gangwei serve` with options; documents that begin with "poison:" do harm to its workers."""

    def __init__(self, *options: str | Path, env: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, "serve", "--port", "0", *map(str, options)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            env={**os.environ, **(env or {})},
            start_new_session=True,
            preexec_fn=_heard,
        )
        self.lines: list[bytes] = []
        self.description: Any = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.port = self.event("listening")["port"]

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)

    def event(self, name: str, **facts: str) -> Any:
        """The first line of the log of that event and with those facts, once it is there: it may come after an answer."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            for told in self.told():
                if told["event"] == name and facts.items() <= told.items():
                    return told
            time.sleep(0.02)
        raise AssertionError(b"".join(self.lines).decode())

    def told(self) -> list[Any]:
        """The lines of the log so far."""
        return [json.loads(line) for line in list(self.lines)]

    def wait(self) -> Server:
        """Wait until a worker is ready, and learn the description."""
        until = time.monotonic() + _PATIENCE
        while self.ask("GET", "/healthz").status != 200:
            assert time.monotonic() < until
            time.sleep(0.05)
        return self.learn()

    def learn(self, token: str | None = None) -> Server:
        """Learn the description, which each answer is held to from here on."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.description = self.ask("GET", "/openapi.json", headers=headers).json()
        return self

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request(
                method, path, body, dict(headers or {}), encode_chunked=not isinstance(body, bytes | None)
            )
            came = connection.getresponse()
            answer = Answer(came.status, {k.lower(): v for k, v in came.getheaders()}, came.read())
        finally:
            connection.close()
        if self.description:
            self._hold(method, path.partition("?")[0], answer)
        return answer

    def _hold(self, method: str, path: str, answer: Answer) -> None:
        """Hold an answer to what the description says of its route."""
        for template, operations in self.description["paths"].items():
            pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in operations:
                said = operations[method.lower()]["responses"][str(answer.status)]
                kind = answer.headers.get("content-type", "").partition(";")[0]
                assert kind in said.get("content", {"": {}}), (path, answer.status, kind)

    def text(self, text: str, name: str = "text", accept: str = "application/json") -> Answer:
        body = json.dumps({"text": text, "name": name}).encode()
        return self.ask("POST", "/v1/documents", body, {"Content-Type": "application/json", "Accept": accept})

    def files(self, path: str, *files: tuple[str, bytes], accept: str = "application/json") -> Answer:
        body, kind = form(*files)
        return self.ask("POST", path, body, {"Content-Type": kind, "Accept": accept})

    def finished(self, path: str) -> Any:
        """How a batch ended."""
        until = time.monotonic() + _PATIENCE
        while not (told := self.ask("GET", path).json())["finished"]:
            assert time.monotonic() < until
            time.sleep(0.05)
        return told

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        code = self.process.wait(_PATIENCE)
        self._reader.join(_PATIENCE)
        return code

    def processes(self) -> list[int]:
        """All processes of the session that the server began, as Linux lists them."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if int(session) == self.process.pid and state != "Z":
                found.append(int(stat.parent.name))
        return found

    def left(self) -> list[int]:
        """The processes that are still there a moment after the server has ended; those that served it end after it."""
        until = time.monotonic() + 5
        while (found := self.processes()) and time.monotonic() < until:
            time.sleep(0.05)
        return found

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self.process.poll() is None:
                self.stop()
        finally:
            self.process.kill()
            self.ended()
        if self.process.stderr is not None:
            self.process.stderr.close()


def form(*files: tuple[str, bytes]) -> tuple[bytes, str]:
    """A form of files, and its type."""
    parts = []
    for name, data in files:
        head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n")
    return b"".join(parts) + b"--edge--\r\n", "multipart/form-data; boundary=edge"
