"""The same input gives the same bytes, whatever the machine is set to."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.running import COMMAND
from tests.test_kills import records

RAW = Path(__file__).parent.parent / "raw"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
MACHINES: dict[str, tuple[str, dict[str, str]]] = {
    "two workers, a second run": ("2", {}),
    "eight workers, another hash seed": ("8", {"PYTHONHASHSEED": "4242"}),
    "another locale and time zone, eight threads of numpy": (
        "1",
        {"LC_ALL": "C", "LANG": "tr_TR", "TZ": "Pacific/Kiritimati", **dict.fromkeys(THREADS, "8")},
    ),
}


def parsed(out: Path, jobs: str, **environment: str) -> dict[str, bytes]:
    words = [*COMMAND, "parse", str(RAW), "-o", str(out), "--jobs", jobs, "--quiet"]
    subprocess.run(words, env={**os.environ, **environment}, check=True)
    return records(out)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return parsed(tmp_path_factory.mktemp("first"), "1", PYTHONHASHSEED="1", TZ="UTC", **dict.fromkeys(THREADS, "1"))


@pytest.mark.parametrize("machine", MACHINES)
def test_bytes_do_not_hang_on_the_machine(first: dict[str, bytes], tmp_path: Path, machine: str) -> None:
    jobs, environment = MACHINES[machine]
    assert len(first) == 14
    assert parsed(tmp_path, jobs, **environment) == first
