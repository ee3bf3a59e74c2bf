"""A file becomes source text: one reader a format, one literal list of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ReadError
from pipeline.read import plain, signatures
from pipeline.text import SourceText

__all__ = ["read", "read_bytes"]


class Reader(NamedTuple):
    """Suffixes of a format (none: every other file), its media type, and what decodes it."""

    suffixes: tuple[str, ...]
    media_type: str
    decode: Callable[[bytes, str], plain.Decoded]


_READERS = (
    Reader((".md", ".markdown"), "text/markdown", plain.decode),
    Reader((), "text/plain", plain.decode),
)


def read(path: Path) -> SourceText:
    """The source text of a file.

    Raises ReadError when it cannot be opened or is of a format that no reader knows, DecodeError when its bytes are not
    text in any encoding that it could be in; both name the file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:  # a name with a NUL
        raise ReadError(f"{str(path)!r}: {error}") from error
    return read_bytes(data, str(path))


def read_bytes(data: bytes, name: str) -> SourceText:
    """The source text of bytes; `name` is a path, or what stands for one in messages. Raises as `read` does."""
    looks_like = signatures.binary(data)
    if looks_like:
        raise ReadError(f"{name}: not a text file, it looks like {looks_like}")
    path = Path(name)
    reader = next(r for r in _READERS if path.suffix.lower() in r.suffixes or not r.suffixes)
    decoded = reader.decode(data, name)
    empty = () if decoded.text.strip() else (("empty", "the file holds no text"),)
    return SourceText(
        decoded.text,
        path.stem,
        reader.media_type,
        decoded.encoding,
        hashlib.sha256(data).hexdigest(),
        warnings=(*decoded.warnings, *empty),
    )
