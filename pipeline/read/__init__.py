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


class Ask(NamedTuple):
    """What is to be read: bytes, what stands for their file in messages, and the field that holds the text in JSON."""

    data: bytes
    name: str
    text_field: str | None = None


def _docx(ask: Ask) -> Extract:
    from pipeline.read import docx
    from pipeline.read.package import Package

    return docx.read(Package(ask.data, ask.name))


def _workbook(ask: Ask) -> Extract:
    from pipeline.read import sheet
    from pipeline.read.package import Package

    return sheet.read_workbook(Package(ask.data, ask.name))


def _pdf(ask: Ask) -> Extract:
    from pipeline.read import pdf

    return pdf.read(ask.data, ask.name)


def _picture(ask: Ask) -> Extract:
    from pipeline.read import scan

    return scan.read(ask.data, ask.name, "a picture, whose text")


def _html(ask: Ask) -> Extract:
    from pipeline.read import html

    return html.read(ask.data, ask.name)


def _web_archive(ask: Ask) -> Extract:
    from pipeline.read import html

    return html.read_archive(ask.data, ask.name)


def _delimited(ask: Ask) -> Extract:
    from pipeline.read import sheet

    return sheet.read_text(ask.data, ask.name)


def _json(ask: Ask) -> Extract:
    from pipeline.read import structured

    return structured.read(ask.data, ask.name, ask.text_field)


def _office(ask: Ask) -> Extract:
    from pipeline.read import office

    suffix = signatures.office_suffix(ask.data) or ""
    if suffix == "encrypted":
        raise ReadError(f"{ask.name}: it is encrypted; save it without a password")
    return office.read(ask.data, ask.name, signatures.BY_OFFICE[suffix][0], suffix)


def _plain(ask: Ask) -> Extract:
    found = plain.decode(ask.data, ask.name)
    return Extract(found.text, (), found.warnings, found.encoding, plain=True)


class Reader(NamedTuple):
    """What a format is called (None where its bytes say), how it is told from the others, and what reads it."""

    media_type: str | None
    knows: Callable[[bytes, str], bool]
    read: Callable[[Ask], Extract]


_READERS = (
    Reader("application/vnd.openxmlformats-officedocument.wordprocessingml.document", signatures.is_docx, _docx),
    Reader("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", signatures.is_xlsx, _workbook),
    Reader("application/pdf", signatures.is_pdf, _pdf),
    Reader(None, signatures.is_picture, _picture),
    Reader("text/html", signatures.is_html, _html),
    Reader("multipart/related", signatures.is_web_archive, _web_archive),
    Reader(None, signatures.is_office, _office),
    Reader("application/json", signatures.is_json, _json),
    Reader("text/csv", signatures.is_delimited, _delimited),
    Reader("text/markdown", signatures.is_markdown, _plain),
    Reader("text/plain", signatures.is_text, _plain),
)
"""In the order in which they are asked; the last one takes whatever is left."""


def read(path: Path, text_field: str | None = None) -> SourceText:
    """The source text of a file; `text_field` names the field that holds it in JSON.

    Raises ReadError when it cannot be opened or is of a format that no reader knows, DecodeError when its bytes are not
    text in any encoding that it could be in; both name the file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:  # a name with a NUL
        raise ReadError(f"{str(path)!r}: {error}") from error
    return read_bytes(data, str(path), text_field)


def read_bytes(data: bytes, name: str, text_field: str | None = None) -> SourceText:
    """The source text of bytes; `name` is a path, or what stands for one in messages. Raises as `read` does."""
    reader = next((r for r in _READERS if r.knows(data, name)), None)
    if reader is None:
        raise ReadError(f"{name}: not a text file, it looks like {signatures.binary(data)}")
    found = reader.read(Ask(data, name, text_field))
    empty = () if found.text.strip() else (("empty", "the file holds no text"),)
    return SourceText(
        found.text,
        Path(name).stem,
        reader.media_type or signatures.type_of(data),
        found.encoding,
        hashlib.sha256(data).hexdigest(),
        extracted=not found.plain,
        warnings=(*found.warnings, *empty),
        layout=found.layout,
    )
