"""`kill -9` at random moments of a batch: no file is half-written, no document is lost, the rerun makes the same bytes.

A few kills here; a hundred, each of a batch of 300, with `make soak`.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline import manifest
from tests.running import SOAK, Running

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes as Linux lists them")

KILLS = 100 if SOAK else 4
DOCUMENTS = 300 if SOAK else 100
TEXT = "{}岗位职责\n1、井根据预算负责现金收付；\n2、登记日记账，按时报送报表。\n任职要求：\n1、大专以上学历，{}年以上经验。\n"


def records(out: Path) -> dict[str, bytes]:
    """What a run is for: all its files but the manifest, and those under the temporary names of killed runs."""
    files = (path for path in out.rglob("*") if path.is_file())
    return {str(path.relative_to(out)): path.read_bytes() for path in files if not path.name.startswith(".gangwei")}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    for n in range(DOCUMENTS):
        (folder / f"{n:03}.txt").write_text(TEXT.format(f"出纳{n}", n % 7 + 1) * (1 + n % 4), "utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, bytes], float]]:
    """The records of a run that nobody kills, and the seconds that it takes."""
    out = tmp_path_factory.mktemp("whole")
    began = time.monotonic()
    finish(raw, out, f"{os.getpid()}-whole")
    yield records(out), time.monotonic() - began


def finish(raw: Path, out: Path, tag: str) -> None:
    """Run to the end, and see that nothing is left of it or of runs before it."""
    again = Running(raw, out, tag)
    told = again.process.communicate(timeout=300)[1].decode()
    assert (again.process.returncode, again.left()) == (0, []), told
    assert list(out.rglob(".gangwei-*")) == []


def shot(running: Running, workers: bool, rest: random.Random) -> None:
    """Kill the main process, or one of those that it started."""
    victims = running.others() if workers else [running.process.pid]
    with suppress(ProcessLookupError, IndexError):
        os.kill(rest.choice(victims), signal.SIGKILL)


@pytest.mark.parametrize("workers", [False, True], ids=["main process", "workers"])
def test_kill_loses_nothing(raw: Path, whole: tuple[dict[str, bytes], float], tmp_path: Path, workers: bool) -> None:
    wanted, seconds = whole
    assert len(wanted) == 2 * DOCUMENTS
    moments = random.Random(workers)
    early = 0
    for n in range(KILLS // 2):
        out = tmp_path / f"{n}"
        running = Running(raw, out, f"{os.getpid()}-{workers}-{n}")
        time.sleep(moments.uniform(0.1, seconds))
        shot(running, workers, moments)
        told = running.process.communicate(timeout=300)[1].decode()
        assert running.left() == [], told
        found = records(out)
        assert found.items() <= wanted.items(), f"kill {n}: a record is not the one of a run that nobody kills"
        if workers:
            assert (running.process.returncode, len(found)) == (0, len(wanted)), told
        else:
            assert running.process.returncode in (0, -signal.SIGKILL), told
            assert manifest.load(out).keys() <= {Path(name).stem for name in found}
            early += len(found) < len(wanted)
        finish(raw, out, f"{os.getpid()}-{workers}-{n}-again")
        assert records(out) == wanted
    assert workers or early, "every kill came too late to be one"
