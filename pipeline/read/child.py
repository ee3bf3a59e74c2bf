"""Readers that run foreign code work in a process of their own, with limits on its time and memory.

A PDF library, an office program or a recogniser that hangs, grows without end or dies on a hostile file takes this
process with it and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from pipeline.errors import NoTextError, ReadError
from pipeline.layout import Box, Cell, Hint, Region
from pipeline.lifeline import die_with_the_owner
from pipeline.read.parts import Extract

SECONDS = 120
MEGABYTES = 2048
"""What a document may take; of real ones the slowest, a handbook of 44 pages, was seen to take 2 seconds."""


_NAME = "file"
"""What a child calls its file: the name itself may be bytes that are no text, which JSON does not hold."""


def run(work: str, data: bytes, name: str, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> Extract:
    """The text that the work of this name takes out of a file's bytes. Raises ReadError that names the file."""
    told = answer(work, data, name, seconds, megabytes)
    return Extract(
        told["text"],
        tuple(map(_hint, told["layout"])),
        tuple((code, message) for code, message in told["warnings"]),
        told["encoding"],
    )


def answer(
    work: str, data: bytes, name: str, seconds: int = SECONDS, megabytes: int = MEGABYTES, more: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What the work of this name, one of `_works`, makes of a file's bytes. Raises ReadError that names the file."""
    command = [sys.executable, "-P", "-m", __name__, work, str(seconds), str(megabytes), *more]
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    )
    try:
        out, _ = child.communicate(data, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise ReadError(f"{name}: reading it takes longer than the limit of {seconds} seconds") from error
    finally:
        end(child)
    try:
        told: dict[str, Any] = orjson.loads(out)
    except orjson.JSONDecodeError as error:
        reason = f"the process that read it died ({child.returncode}); its limit is {megabytes} MB"
        raise ReadError(f"{name}: {reason}") from error
    if "error" in told:
        raise (NoTextError if told.get("scan") else ReadError)(name + told["error"].removeprefix(_NAME))
    return told


def environment() -> dict[str, str]:
    """The environment in which Python finds this very package; a worker's own word on threads counts."""
    own = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"}
    return {"OMP_NUM_THREADS": "2", **os.environ, **own}


def end(child: subprocess.Popen[bytes]) -> None:
    """End the child with all that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def _hint(told: dict[str, Any]) -> Hint:
    cell, box = told.pop("cell"), told.pop("box")
    region = Region(told.pop("region"))
    return Hint(**told, region=region, cell=Cell(**cell) if cell else None, box=Box(*box) if box else None)


# -- in the child -----------------------------------------------------------------------------------------------------


def _works() -> dict[str, Callable[..., dict[str, Any]]]:
    """What a child can do, each with what it answers as JSON can say it."""
    from pipeline.read import pictures, scan
    from pipeline.read.pdf import document

    def text(read: Callable[[bytes, str], Extract]) -> Callable[..., dict[str, Any]]:
        return lambda data, name: _told(read(data, name))

    return {"pdf": text(document.read), "scan": text(scan.recognise), "pictures": pictures.draw}


def _told(found: Extract) -> dict[str, Any]:
    return {
        "text": found.text,
        "layout": [{**asdict(hint), "box": list(hint.box) if hint.box else None} for hint in found.layout],
        "warnings": found.warnings,
        "encoding": found.encoding,
    }


def _limit(seconds: int, megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the time limit alone holds
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    signal.alarm(seconds + 5)  # should the parent be gone


def main() -> None:
    """Do the work that the arguments name on standard input; the answer is one JSON object."""
    die_with_the_owner()
    (work, seconds, megabytes), name = sys.argv[1:4], _NAME
    warnings.simplefilter("ignore")  # libraries warn of what they find in damaged files
    data = sys.stdin.buffer.read()
    _limit(int(seconds), int(megabytes))
    try:
        said = orjson.dumps(_works()[work](data, name, *sys.argv[4:]))
    except ReadError as error:
        said = orjson.dumps({"error": str(error), "scan": isinstance(error, NoTextError)})
    except MemoryError:
        said = orjson.dumps({"error": f"{name}: reading it takes more memory than the limit of {megabytes} MB"})
    except Exception as error:  # whatever a library raises on a damaged file
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        said = orjson.dumps({"error": f"{name}: damaged or not readable: {reason}"})
    sys.stdout.buffer.write(said)


if __name__ == "__main__":
    main()
