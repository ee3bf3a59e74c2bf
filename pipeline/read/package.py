"""Office files are ZIP containers of XML; this opens them within limits and lets nothing hostile through."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from typing import IO, NamedTuple

from lxml import etree

from pipeline.errors import ReadError

_LARGEST = 128 << 20
"""Bytes that all read parts together may unpack to."""
_SUSPECT = 32 << 20
_RATIO = 120
"""A part of more than `_SUSPECT` bytes that unpacks to more than this many times its size is refused: the XML of real
documents, the most repetitive of them, was seen to shrink to a fortieth."""
_MOST_PARTS = 20_000
_DEEPEST = 200
"""Elements within each other; Word's own files stay below 60."""
_MOST_ELEMENTS = 1_000_000
"""Elements that are held in memory at a time: those of one table, say."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_OFF = ("0", "false", "off", "none")

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "x",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "x",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
}
"""Short names of the namespaces that are read, of both kinds of Office Open XML, the usual and the strict."""


@cache
def _kind(tag: str) -> str:
    namespace, _, local = tag.rpartition("}")
    return f"{_PREFIXES.get(namespace[1:], '?')}:{local}"


def kind(element: etree._Element) -> str:
    """An element's name with a short prefix, "w:p"; of an unknown namespace "?:name", of a comment "?:"."""
    tag = element.tag
    return _kind(tag) if isinstance(tag, str) else "?:"


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute of this local name, in whatever namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of this kind."""
    return next((inner for inner in element if kind(inner) == name), None)


def value(element: etree._Element | None, name: str) -> str | None:
    """The `val` of the first child of this kind; None without either."""
    inner = child(element, name) if element is not None else None
    return attribute(inner, "val") if inner is not None else None


def switch(run: etree._Element | None, name: str) -> bool | None:
    """Whether a property is on; None where nothing is said."""
    element = child(run, name) if run is not None else None
    return None if element is None else (attribute(element, "val") or "1").lower() not in _OFF


def integer(text: str | None) -> int | None:
    """A whole number of moderate size; None for anything else."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else None


class Relation(NamedTuple):
    """A link from one part to another: the last word of its type, and the part's name."""

    id: str
    type: str
    target: str


class Package:
    """A ZIP container of parts; `name` is the file's, for messages.

    All methods raise ReadError for what is damaged, encrypted, over a limit, or says things that no office program
    writes, such as a document type.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError) as error:
            raise self.refusal(f"a damaged or truncated container: {error}") from error
        if len(self._zip.infolist()) > _MOST_PARTS:
            raise self.refusal(f"too many parts: the limit is {_MOST_PARTS}")
        self._parts = {info.filename.lstrip("/"): info for info in self._zip.infolist()}

    def refusal(self, reason: str) -> ReadError:
        """The error to raise for this file; libraries break their reasons into lines."""
        return ReadError(f"{self.name}: {' '.join(reason.split())}")

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def open(self, part: str) -> IO[bytes]:
        """A part's bytes as they are unpacked."""
        info = self._parts.get(part)
        if info is None:
            raise self.refusal(f"a damaged container: {part} is missing")
        if info.flag_bits & 1:
            raise self.refusal("it is encrypted; save it without a password")
        if info.compress_type not in _METHODS:
            raise self.refusal(f"{part} is packed by a method that office programs do not use")
        self._read += info.file_size
        steep = info.file_size > _SUSPECT and info.file_size > _RATIO * max(info.compress_size, 1)
        if self._read > _LARGEST or steep:
            raise self.refusal(f"too large: {part} would unpack to {info.file_size:,} bytes, over the limit")
        try:
            return self._zip.open(info)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError) as error:
            raise self.refusal(f"a damaged container: {part}: {error}") from error

    def elements(self, part: str, depth: int) -> Iterator[etree._Element]:
        """The elements that stand `depth` levels below the root, one at a time; each is gone when the next is asked for.

        Elements of a lower level that hold such are not given.
        """
        level = -1
        held = 0
        try:
            events = etree.iterparse(
                self.open(part),
                ("start", "end"),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                remove_comments=True,
                remove_pis=True,
            )
            for event, element in events:
                if event == "start":
                    level += 1
                    held += 1
                    if held > _MOST_ELEMENTS:
                        raise self.refusal(
                            f"{part} is too large: the limit is {_MOST_ELEMENTS:,} elements in one piece"
                        )
                    if level == 0 and element.getroottree().docinfo.doctype:
                        raise self.refusal(f"{part} has a document type, which office programs do not write")
                    if level > _DEEPEST:
                        raise self.refusal(f"{part} is nested too deep: the limit is {_DEEPEST} levels")
                    continue
                if level == depth:
                    yield element
                    _forget(element)
                    held = 0
                level -= 1
        except etree.XMLSyntaxError as error:
            raise self.refusal(f"{part} is damaged: {error.msg}") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise self.refusal(f"a damaged container: {part}: {error}") from error

    def root(self, part: str) -> etree._Element:
        """A small part as a whole."""
        for element in self.elements(part, 0):
            return element
        raise self.refusal(f"{part} is empty")

    def relations(self, part: str) -> list[Relation]:
        """What a part refers to within the container; of the container itself for an empty name."""
        folder, file = posixpath.split(part)
        beside = posixpath.join(folder, "_rels", f"{file}.rels")
        if beside not in self:
            return []
        out = []
        for link in self.root(beside):
            target, mode = attribute(link, "Target"), attribute(link, "TargetMode")
            if target and mode != "External":
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                type_ = (attribute(link, "Type") or "").rpartition("/")[2]
                out.append(Relation(attribute(link, "Id") or "", type_, posixpath.normpath(path)))
        return out

    def related(self, part: str, type_: str) -> str | None:
        """The first part of this type that a part refers to and the container has."""
        return next((r.target for r in self.relations(part) if r.type == type_ and r.target in self), None)


def _forget(element: etree._Element) -> None:
    """Free an element and what stood before it: a long part is never held as a whole."""
    element.clear()
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]
