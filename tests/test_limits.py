"""What is too large is refused by name, within bounds of memory; what is packed or nested to do harm, too."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import LimitError, PipelineError
from pipeline.limits import Limits
from pipeline.read import read_bytes
from tests.running import COMMAND

GIGABYTE = 1 << 30
MOST = 512
"""MiB that any process may take while it refuses a gigabyte."""

HELD = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
print(done.stderr, end="")
"""


def held(*words: str | Path, piped: str = "") -> tuple[int, int, str]:
    """Exit code, MiB of the largest process, and what was said. What a shell command prints is piped in."""
    command = [*COMMAND, *map(str, words)]
    if piped:
        command = ["sh", "-c", f'{piped} | exec "$0" "$@"', *command]
    told = subprocess.run([sys.executable, "-c", HELD, *command], capture_output=True, text=True, check=True).stdout
    first, _, rest = told.partition("\n")
    code, size = map(int, first.split())
    return code, size, rest


LINUX = pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")


@LINUX
def test_gigabyte_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    path.touch()
    os.truncate(path, GIGABYTE)
    code, size, told = held("parse", path, "-o", tmp_path / "out", "--quiet")
    assert (code, "1,073,741,824 bytes are over the limit of 100,000,000" in told) == (1, True)
    assert size < MOST


@LINUX
def test_gigabyte_from_a_pipe_is_refused(tmp_path: Path) -> None:
    code, size, told = held("parse", "-", "-o", "-", piped=f"head -c {GIGABYTE} /dev/zero")
    assert (code, "over the limit of 100,000,000" in told) == (1, True)
    assert size < MOST


@LINUX
def test_line_of_a_gigabyte_is_passed_over_and_the_next_one_parsed(tmp_path: Path) -> None:
    line = '{"id": 1, "text": "出纳岗位职责\\\\n1、负责收付；"}'
    piped = f"(head -c {GIGABYTE} /dev/zero | tr '\\\\0' a; printf '\\n{line}\\n')"
    code, size, told = held("parse", "--lines", "-", "-o", tmp_path / "out.jsonl", "--jobs", "1", piped=piped)
    assert (code, "1 parsed, 0 unchanged, 1 failed" in told or "1 parsed, 1 failed" in told) == (1, True), told
    assert size < MOST
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 1


def packed(name: str, part: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        package.writestr("[Content_Types].xml", types)
        package.writestr(part, content)
    return file.getvalue()


HARM = {
    "a part that inflates a thousand times": packed("a.docx", "word/document.xml", b"<w>" + b" " * 300_000_000),
    "XML nested without end": packed("a.docx", "word/document.xml", b"<w>" * 200_000),
    "entities that multiply": packed(
        "a.docx", "word/document.xml", b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w>&b;</w>'
    ),
}


@pytest.mark.parametrize("name", HARM)
def test_container_that_is_made_to_do_harm_is_refused_by_a_typed_error(name: str) -> None:
    with pytest.raises(PipelineError, match=r"a\.docx"):
        read_bytes(HARM[name], "a.docx")


def test_limits_are_told_with_what_was_found() -> None:
    with pytest.raises(LimitError, match="a: 11 bytes are over the limit of 10"):
        Limits(bytes=10).check_bytes(11, "a")
    Limits(bytes=10).check_bytes(10, "a")
    with pytest.raises(LimitError, match="a: 11 characters are over the limit of 10"):
        Limits(characters=10).check_characters(11, "a")
    Limits(characters=10).check_characters(10, "a")
