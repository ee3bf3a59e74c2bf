"""What readers start does not outlive them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.read import watch
from pipeline.read.child import environment

OWNER = """
import os, subprocess, sys
from pipeline.read import watch
words = ["sh", "-c", "sleep 61 & echo $! > $0; wait", sys.argv[2]]
subprocess.Popen(watch.command(sys.argv[1], 512, words), start_new_session=True)
sys.stdin.read()
os.kill(os.getpid(), 9)
"""


def there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False


def until(holds: object) -> bool:
    for _ in range(200):
        if holds():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes as Linux lists them")
def test_program_goes_with_all_that_it_started_and_its_files_when_its_owner_is_killed(tmp_path: Path) -> None:
    folder, told = tmp_path / "folder", tmp_path / "told"
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder), str(told)], stdin=subprocess.PIPE, env=environment()
    ) as owner:
        assert until(lambda: told.exists() and told.read_text().strip())
        inner = int(told.read_text())
        assert there(inner)
        assert folder.exists()
    assert owner.returncode == -9
    assert until(lambda: not there(inner) and not folder.exists())


def test_program_s_end_is_the_end_of_its_watch(tmp_path: Path) -> None:
    done = subprocess.run(watch.command(str(tmp_path), 512, ["sh", "-c", "exit 3"]), env=environment())
    assert (done.returncode, tmp_path.exists()) == (3, True)
