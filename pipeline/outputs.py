"""Where records are written: whole files only, and none outside the output folder."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from pipeline.errors import PipelineError, WriteError
from pipeline.inputs import QUARANTINE

REASON = ".reason.json"
_PART = ".gangwei-"
_LONGEST = 200
"""Bytes of a file name that leave room for a suffix: file systems take 255."""


def write(out: Path, name: str, outputs: Mapping[str, bytes]) -> None:
    """Write files beside each other, `name` with each suffix below `out`, so that none is ever half-written.

    All are written under names of their own first, brought to the disk, and moved when they are complete. Raises
    WriteError, also where a link in `out` would lead the files elsewhere.
    """
    target = out / name
    ready: list[tuple[Path, Path]] = []
    try:
        _make_folder(out, target.parent)
        for suffix, data in outputs.items():
            final = target.with_name(target.name + suffix)
            part = temporary(final)
            ready.append((part, final))
            with part.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for part, final in ready:
            os.replace(part, final)
    except BaseException as error:
        for part, _ in ready:
            part.unlink(missing_ok=True)
        _tell(error, target)
        raise


@contextmanager
def whole(out: Path, name: str) -> Iterator[Path]:
    """A path to write one file to, which becomes `name` below `out` when the context ends well, and is gone otherwise.

    For what writes to a path by itself, a file too large for memory or a database. Raises WriteError as `write` does.
    """
    final = out / name
    part = temporary(final)
    try:
        _make_folder(out, final.parent)
        yield part
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        os.replace(part, final)
    except BaseException as error:
        with suppress(OSError, ValueError):
            part.unlink()
        _tell(error, final)
        raise


def _tell(error: BaseException, target: Path) -> None:
    """Raise the WriteError that stands for what the system refused; nothing for other errors."""
    if isinstance(error, OSError):
        named = str(error.filename or target)
        raise WriteError(f"cannot write {target if _PART in named else named}: {error.strerror}") from error
    if isinstance(error, ValueError):  # a name with a NUL
        raise WriteError(f"cannot write {str(target)!r}: {error}") from error


def temporary(final: Path) -> Path:
    """A hidden name beside a file's own that no other process has."""
    return final.with_name(f"{_PART}{secrets.token_hex(8)}.part")


def is_inside(out: Path, folder: Path) -> bool:
    """Whether a folder lies in the output folder once all links are followed."""
    root, real = os.path.realpath(out), os.path.realpath(folder)
    return os.path.commonpath((root, real)) == root


def _make_folder(out: Path, folder: Path) -> None:
    if not is_inside(out, folder):
        raise WriteError(f"cannot write to {folder}: it leads out of {out}")
    folder.mkdir(parents=True, exist_ok=True)


# -- documents set apart ----------------------------------------------------------------------------------------------


def set_apart(out: Path, name: str, path: Path, error: PipelineError) -> None:
    """Write why a document was not parsed to `out/quarantine/NAME.reason.json`. Raises WriteError."""
    why = {"source": os.fsdecode(path), "error": type(error).__name__, "reason": str(error)}
    text = json.dumps(why, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")
    write(out, _reason(name), {REASON: text + b"\n"})


def release(out: Path, name: str) -> None:
    """Take back what `set_apart` wrote, if anything: the document is parsed now."""
    with suppress(OSError, ValueError):
        reason_path(out, name).unlink()


def reason_path(out: Path, name: str) -> Path:
    """Where the reason of a document lies, or would lie."""
    return out / (_reason(name) + REASON)


def _reason(name: str) -> str:
    """A name below `out` that is short enough whatever the document's own is."""
    pure = PurePosixPath(QUARANTINE, name)
    last = pure.name.encode("utf-8", "surrogateescape")
    if len(last) > _LONGEST:
        digest = hashlib.sha256(last).hexdigest()[:16]
        pure = pure.with_name(f"{last[: _LONGEST // 2].decode('utf-8', 'ignore')}-{digest}")
    return str(pure)


# -- several runs in one folder ---------------------------------------------------------------------------------------


@contextmanager
def occupied(out: Path, tidy: Callable[[], None]) -> Iterator[None]:
    """Mark the output folder as in use while the context lasts; `tidy` it before and after where no other run uses it.

    The mark is a lock that the system takes back when the process ends, however it does. Where a system or a file
    system has no such locks, nothing is tidied up. Raises WriteError when the folder cannot be made or opened.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = None if os.name == "nt" else os.open(out, os.O_RDONLY)  # Windows opens no folders
    except OSError as error:
        raise WriteError(f"cannot write to {out}: {error.strerror}") from error
    except ValueError as error:
        raise WriteError(f"cannot write to {str(out)!r}: {error}") from error
    try:
        if descriptor is not None:
            _if_alone(descriptor, tidy)
        yield
        if descriptor is not None:
            _if_alone(descriptor, tidy)
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _if_alone(descriptor: int, tidy: Callable[[], None]) -> None:
    """Call `tidy` under the lock for one run alone, where it is free; then take the one that runs share."""
    import fcntl

    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        tidy()
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_SH)


def sweep(folders: Iterable[Path]) -> None:
    """Remove what killed runs left half-written in these folders; only for a run that is alone in them."""
    for folder in folders:
        with suppress(OSError):
            for entry in os.scandir(folder):
                if entry.name.startswith(_PART) and entry.name.endswith(".part"):
                    os.unlink(entry.path)
