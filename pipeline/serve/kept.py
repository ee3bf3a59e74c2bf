"""Decisions of people about stored documents: a file beside the record, replaced as a whole."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from pipeline import manifest, outputs
from pipeline.review.decisions import DecidedSource, Decisions
from pipeline.serve.problems import Refusal
from pipeline.serve.work import DECISIONS, SOURCE

MOST = 10_000_000
"""Bytes of a file of decisions."""
_NONE = '"none"'
_LOCK = threading.Lock()
"""Held from the look at what is kept to the end of its replacement."""


class Kept(NamedTuple):
    """A file of decisions as it is kept, and the tag that this state of it has (RFC 9110, strong)."""

    data: bytes
    tag: str


def found(folder: Path, name: str, characters: int) -> Kept:
    """The decisions about a document; a file without any where none were kept. Raises OSError where its folder is gone."""
    try:
        data = _path(folder).read_bytes()
    except FileNotFoundError:
        source = DecidedSource(name=name, sha256=_digest(folder), characters=characters)
        return Kept(Decisions(source=source).model_dump_json().encode() + b"\n", _NONE)
    return Kept(data, tag_of(data))


def keep(folder: Path, data: bytes, match: str) -> str:
    """Replace the decisions about a document; their new tag. `match` is the tag of those that are replaced, "" for any.

    Raises Refusal: 400 for what is no JSON, 422 for what is no file of decisions or is about another file, 412 where
    others are kept by now; OSError where the folder is gone, WriteError.
    """
    decided = read(data)
    if decided.source.sha256 != _digest(folder):
        raise Refusal("invalid", 422, "the decisions are about another file: source.sha256 is not that of this one")
    written = decided.model_dump_json().encode() + b"\n"
    with _LOCK:
        if match and match != _tag(folder):
            raise Refusal("outdated", 412, "somebody else has decided meanwhile; look at the page anew")
        outputs.write(folder, DECISIONS, {"": written})
    return tag_of(written)


def read(data: bytes) -> Decisions:
    """A file of decisions. Raises Refusal: 400 for what is no JSON, 422 for JSON that is none."""
    try:
        return Decisions.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise Refusal("malformed", 400, "the body is no JSON") from error
        place = "/".join(map(str, first["loc"])) or "the body"
        raise Refusal("invalid", 422, f"no file of decisions: {place}: {first['msg']}") from error


def tag_of(data: bytes) -> str:
    """The tag of a file of decisions."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def _tag(folder: Path) -> str:
    path = _path(folder)
    return tag_of(path.read_bytes()) if path.exists() else _NONE


def _path(folder: Path) -> Path:
    return folder / DECISIONS


def _digest(folder: Path) -> str:
    """The hash of the file that came. Raises FileNotFoundError where it is gone."""
    digest = manifest.digest_of(folder / SOURCE)
    if digest is None:
        raise FileNotFoundError(folder)
    return digest
