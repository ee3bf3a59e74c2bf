"""A file becomes source text with its layout: one reader a format, one literal list of them.

A format is known by its first bytes, not by its name: HR departments mail web archives named .doc. The name decides
only where the bytes cannot, as between text and Markdown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ReadError
from pipeline.read import plain, signatures
from pipeline.read.parts import Extract
from pipeline.text import SourceText

__all__ = ["read", "read_bytes"]


def _office(data: bytes, name: str) -> Extract:
    from pipeline.read import docx
    from pipeline.read.package import Package

    return docx.read(Package(data, name))


def _workbook(data: bytes, name: str) -> Extract:
    from pipeline.read import sheet
    from pipeline.read.package import Package

    return sheet.read_workbook(Package(data, name))


def _delimited(data: bytes, name: str) -> Extract:
    from pipeline.read import sheet

    return sheet.read_text(data, name)


def _pdf(data: bytes, name: str) -> Extract:
    from pipeline.read import pdf

    return pdf.read(data, name)


def _html(data: bytes, name: str) -> Extract:
    from pipeline.read import html

    return html.read(data, name)


def _web_archive(data: bytes, name: str) -> Extract:
    from pipeline.read import html

    return html.read_archive(data, name)


def _plain(data: bytes, name: str) -> Extract:
    found = plain.decode(data, name)
    return Extract(found.text, (), found.warnings, found.encoding, plain=True)


class Reader(NamedTuple):
    """What a format is called, how it is told from the others, and what reads it."""

    media_type: str
    knows: Callable[[bytes, str], bool]
    read: Callable[[bytes, str], Extract]


_READERS = (
    Reader("application/vnd.openxmlformats-officedocument.wordprocessingml.document", signatures.is_docx, _office),
    Reader("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", signatures.is_xlsx, _workbook),
    Reader("application/pdf", signatures.is_pdf, _pdf),
    Reader("text/html", signatures.is_html, _html),
    Reader("multipart/related", signatures.is_web_archive, _web_archive),
    Reader("text/csv", signatures.is_delimited, _delimited),
    Reader("text/markdown", signatures.is_markdown, _plain),
    Reader("text/plain", signatures.is_text, _plain),
)
"""In the order in which they are asked; the last one takes whatever is left."""


def read(path: Path) -> SourceText:
    """The source text of a file.

    Raises ReadError when it cannot be opened or is of a format that no reader knows, DecodeError when its bytes are not
    text in any encoding that it could be in; both name the file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}") from error
    return read_bytes(data, str(path))


def read_bytes(data: bytes, name: str) -> SourceText:
    """The source text of bytes; `name` is a path, or what stands for one in messages. Raises as `read` does."""
    reader = next((r for r in _READERS if r.knows(data, name)), None)
    if reader is None:
        raise ReadError(f"{name}: not a text file, it looks like {signatures.binary(data)}")
    found = reader.read(data, name)
    empty = () if found.text.strip() else (("empty", "the file holds no text"),)
    return SourceText(
        found.text,
        Path(name).stem,
        reader.media_type,
        found.encoding,
        hashlib.sha256(data).hexdigest(),
        extracted=not found.plain,
        warnings=(*found.warnings, *empty),
        layout=found.layout,
    )
