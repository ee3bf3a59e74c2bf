"""How fast the service answers: many requests, several at once, each answer held to the text that was sent.

`python bench/serve.py --requests 200 --at-once 8 --jobs 2` starts a server of its own.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RAW = Path(__file__).parents[1] / "raw"


def main() -> None:
    """Print requests a second and the seconds that requests took; exit with 1 where one was lost or mixed up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in sorted(RAW.glob("*.txt")) if "GB18030" not in path.name]
    with running(options.jobs) as port, ThreadPoolExecutor(options.at_once) as clients:
        began = time.perf_counter()
        found = list(clients.map(lambda n: ask(port, n, texts[n % len(texts)]), range(options.requests)))
        seconds = time.perf_counter() - began
    took = sorted(second for second, _ in found)
    right = sum(good for _, good in found)
    characters = sum(len(texts[n % len(texts)]) for n in range(options.requests))
    print(f"{options.requests} requests, {options.at_once} at once, {options.jobs} workers: {right} answered rightly")
    print(f"{options.requests / seconds:.1f} requests a second, {characters / seconds:,.0f} characters a second")
    print(
        f"seconds a request: median {statistics.median(took):.3f}, 95 % {took[int(len(took) * 0.95)]:.3f}, most {took[-1]:.3f}"
    )
    sys.exit(right != options.requests)


def ask(port: int, number: int, text: str) -> tuple[float, bool]:
    """Seconds that a request took, and whether the answer is of its own text."""
    name = f"文件{number}"
    sent = f"{text}\n编号{number}\n"
    body = json.dumps({"text": sent, "name": name}).encode()
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("POST", "/v1/documents", body, {"Content-Type": "application/json"})
    came = connection.getresponse()
    data = came.read()
    connection.close()
    seconds = time.perf_counter() - began
    return seconds, came.status == 200 and _is_of(json.loads(data), number, sent)


def _is_of(record: Any, number: int, text: str) -> bool:
    shown = set(re.findall(r"编号(\d+)", json.dumps(record, ensure_ascii=False)))
    source = record["source"]
    return source["name"] == f"文件{number}" and source["characters"] == len(text) and shown == {str(number)}


@contextmanager
def running(jobs: int) -> Iterator[int]:
    """The port of a server that is ready."""
    command = [sys.executable, "-m", "pipeline.cli", "serve", "--port", "0", "--jobs", str(jobs)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        port = int(json.loads(process.stderr.readline())["port"])
        with ThreadPoolExecutor(1) as reader:
            reader.submit(process.stderr.read)
            try:
                while not _is_ready(port, jobs):
                    time.sleep(0.05)
                yield port
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)


def _is_ready(port: int, jobs: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/metrics")
    page = connection.getresponse().read().decode()
    connection.close()
    return f"gangwei_workers_alive {jobs}\n" in page


if __name__ == "__main__":
    main()
