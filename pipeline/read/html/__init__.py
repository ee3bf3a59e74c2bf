"""Web pages, and web archives such as Word and browsers save them.

The encoding goes by the bytes before what the page declares: valid UTF-8 that says gb2312 is UTF-8.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipeline.errors import DecodeError, ReadError
from pipeline.read import plain
from pipeline.read.html.page import Page
from pipeline.read.parts import Extract
from pipeline.read.writer import Writer

__all__ = ["read", "read_archive"]

_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}
"""Names in declarations, and the codec that also decodes what such pages hold beside it."""
_MOST = 64 << 20
"""Bytes of a page."""


def read(data: bytes, name: str) -> Extract:
    """The text of an HTML page with its layout. Raises ReadError, DecodeError where the bytes are in no encoding."""
    found = _decoded(data, name)
    writer = Writer()
    _write(found.text, name, writer)
    text, layout = writer.done()
    return Extract(text, layout, found.warnings, found.encoding)


def read_archive(data: bytes, name: str) -> Extract:
    """The text of the pages in a web archive (MHTML), with its layout. Raises as `read` does."""
    writer = Writer()
    encoding = None
    warnings: tuple[tuple[str, str], ...] = ()
    pages = 0
    for page, charset in _pages(data, name):
        found = _decoded(page, name, charset)
        _write(found.text, name, writer)
        encoding = encoding or found.encoding
        warnings += found.warnings
        pages += 1
    if not pages:
        raise ReadError(f"{name}: a web archive (MHTML) without a page in it")
    text, layout = writer.done()
    return Extract(text, layout, tuple(dict.fromkeys(warnings)), encoding)


def _pages(data: bytes, name: str) -> Iterator[tuple[bytes, str | None]]:
    """The HTML parts of an archive as bytes, each with the encoding that its head names."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        for part in message.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                payload = part.get_payload(decode=True)
                if isinstance(payload, bytes) and payload.strip():
                    yield payload, part.get_content_charset()
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())
        raise ReadError(f"{name}: a damaged web archive (MHTML): {reason}") from error


def _decoded(data: bytes, name: str, charset: str | None = None) -> plain.Decoded:
    """The characters of a page: by mark or as UTF-8; as it declares, where that reads as Chinese; as is likeliest."""
    if len(data) > _MOST:
        raise ReadError(f"{name}: too large: the limit for a web page is {_MOST:,} bytes")
    declared = _DECLARED.search(data[:4096])
    names = [charset, declared[1].decode("ascii") if declared else None]
    if plain.is_utf8(data) or plain.marked(data):
        return plain.decode(data, name)
    for said in filter(None, names):
        codec = _SUPERSETS.get(said.lower(), said.lower())
        text = _exact(data, codec)
        if text is not None and plain.plausibility(text, codec) >= plain.ENOUGH:
            return plain.Decoded(text, codec)
    try:
        return plain.decode(data, name)
    except DecodeError:
        for said in filter(None, names):
            text = _exact(data, _SUPERSETS.get(said.lower(), said.lower()))
            if text is not None and "\0" not in text:
                return plain.Decoded(text, said.lower())
        raise


def _exact(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _write(text: str, name: str, writer: Writer) -> None:
    page = Page()
    target: Any = page  # the stubs want bytes taken too, which this parser never gives
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True, no_network=True)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except etree.XMLSyntaxError as error:
        if text.strip():
            reason = " ".join(str(error.msg).split())
            raise ReadError(f"{name}: not readable as HTML: {reason}") from error
    writer.blocks(page.blocks())
