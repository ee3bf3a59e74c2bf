"""A file becomes source text: one reader a format, chosen by what the bytes are and then by the name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.read import plain, signatures
from pipeline.text import SourceText

__all__ = ["read", "read_bytes"]

_READERS: tuple[tuple[tuple[str, ...], str, Callable[[bytes, str], plain.Decoded]], ...] = (
    ((".md", ".markdown"), "text/markdown", plain.decode),
    ((), "text/plain", plain.decode),
)
"""Suffixes, media type and function of each reader; the last one takes every other name."""


def read(path: Path) -> SourceText:
    """The source text of a file.

    Raises ReadError when it cannot be opened or is of a format that no reader knows, DecodeError when its bytes are no
    text; both name the file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}") from error
    return read_bytes(data, str(path))


def read_bytes(data: bytes, name: str) -> SourceText:
    """The source text of bytes; `name` is a path, or what stands for one in messages. Raises as `read` does."""
    suffix = Path(name).suffix.lower()
    looks_like = signatures.binary(data)
    if looks_like:
        raise ReadError(f"{name}: not a text file, it looks like {looks_like}")
    media_type, decode = next((m, d) for suffixes, m, d in _READERS if suffix in suffixes or not suffixes)
    decoded = decode(data, name)
    warnings = () if decoded.text.strip() else (("empty", "the file holds no text"),)
    return SourceText(
        decoded.text,
        Path(name).stem,
        media_type,
        decoded.encoding,
        hashlib.sha256(data).hexdigest(),
        warnings=warnings,
    )
