"""Formats by their first bytes; names are asked only where bytes cannot tell."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP container (Word, Excel, ...)"),
    (b"PK\x05\x06", "an empty ZIP container"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"RIFF", "a RIFF file (WebP, WAV, ...)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3\x00", "a database"),
)


def binary(data: bytes) -> str | None:
    """What the bytes look like when they begin as a format that is no text, None otherwise."""
    return next((what for magic, what in _MAGIC if data.startswith(magic)), None)


def is_text(data: bytes, name: str) -> bool:
    """Whether the bytes begin as no format that is known and is none of text."""
    return binary(data) is None


def is_markdown(data: bytes, name: str) -> bool:
    """Whether a text is named as Markdown; its bytes are those of any text."""
    return PurePath(name).suffix.lower() in (".md", ".markdown") and binary(data) is None


_PAGE = re.compile(
    r"\s*+(?:<\?xml[^>]{0,200}>\s*+)?(?:<!--(?:(?!-->).){0,800}+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"\s*+(?:<!--(?:(?!-->).){0,800}+-->\s*+)*+<[a-z][a-z0-9]{0,9}[\s/>]", re.IGNORECASE | re.DOTALL)
_ARCHIVE = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,30}?MIME-Version:", re.IGNORECASE)
_ARCHIVE_TYPE = re.compile(r"^Content-Type:\s*(?:multipart/|text/html)", re.IGNORECASE | re.MULTILINE)
_PAGES = (".html", ".htm", ".xhtml", ".shtml", ".doc", ".xls", ".wps", ".et")
"""Names under which pieces of pages are kept: what begins with any tag is one there. Elsewhere it must say so."""


def is_html(data: bytes, name: str) -> bool:
    """Whether this is a page, or under the name of one a piece of one."""
    head = _head(data)
    return bool(_PAGE.match(head) or (PurePath(name).suffix.lower() in _PAGES and _TAG.match(head)))


def is_web_archive(data: bytes, name: str) -> bool:
    """Whether this is a web archive (MHTML), which Word likes to name .doc."""
    head = _head(data).lstrip().replace("\r\n", "\n")
    return bool(_ARCHIVE.match(head) and _ARCHIVE_TYPE.search(head))


def _head(data: bytes) -> str:
    """The first characters, of whatever encoding: markup is ASCII in all but UTF-16."""
    head = data[:4096]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def is_docx(data: bytes, name: str) -> bool:
    """Whether this is a container with a Word document in it."""
    return _holds(data, "word/")


def is_xlsx(data: bytes, name: str) -> bool:
    """Whether this is a container with an Excel workbook in it, in XML and not in Excel's binary parts."""
    return _holds(data, "xl/") and not _holds(data, "xl/workbook.bin")


def is_delimited(data: bytes, name: str) -> bool:
    """Whether a text is named as a table; its bytes are those of any text."""
    return PurePath(name).suffix.lower() in (".csv", ".tsv", ".tab") and binary(data) is None


def is_pdf(data: bytes, name: str) -> bool:
    """Whether this is a PDF; some begin with a few bytes of something else."""
    return data.startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and binary(data) is None and b"%%EOF" in data)


def is_json(data: bytes, name: str) -> bool:
    """Whether a text is named as JSON and begins as an object or a list."""
    named = PurePath(name).suffix.lower() in (".json", ".jsonl", ".ndjson")
    return named and _head(data).lstrip()[:1] in ("{", "[")


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", ".doc"),
    ("Workbook", ".xls"),
    ("Book", ".xls"),
)
"""Names of streams that tell old office documents apart; an encrypted one of the new formats is such a container too."""
_OPEN_DOCUMENTS = (
    (b"application/vnd.oasis.opendocument.text", ".odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", ".ods"),
)
BY_OFFICE = {
    ".doc": ("an old Word document (.doc, .wps)", "application/msword"),
    ".xls": ("an old Excel workbook (.xls, .et)", "application/vnd.ms-excel"),
    ".xlsb": ("a binary Excel workbook (.xlsb)", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
    ".rtf": ("an RTF document", "application/rtf"),
    ".odt": ("an OpenDocument text (.odt)", "application/vnd.oasis.opendocument.text"),
    ".ods": ("an OpenDocument spreadsheet (.ods)", "application/vnd.oasis.opendocument.spreadsheet"),
}
"""What is read by way of LibreOffice: by the suffix that it knows, how it is called and its media type."""


def office_suffix(data: bytes) -> str | None:
    """The suffix by which LibreOffice knows a document that is not read here itself; "encrypted" for one that is."""
    if data.startswith(_OLE):
        return next((suffix for stream, suffix in _STREAMS if stream.encode("utf-16-le") in data), None)
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if data.startswith(b"PK\x03\x04"):
        if _holds(data, "xl/workbook.bin"):
            return ".xlsb"
        return next((suffix for type_, suffix in _OPEN_DOCUMENTS if type_ in data[:400] or _says(data, type_)), None)
    return None


def _says(data: bytes, type_: bytes) -> bool:
    """Whether a ZIP container says its type as OpenDocument does, though packed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            info = container.getinfo("mimetype")
            return info.file_size < 200 and container.read(info).strip() == type_
    except (KeyError, zipfile.BadZipFile, RuntimeError, ValueError, OSError, NotImplementedError, OverflowError):
        return False


def is_office(data: bytes, name: str) -> bool:
    """Whether this is read by way of LibreOffice, or would be if it were not encrypted."""
    return office_suffix(data) is not None


def type_of(data: bytes) -> str:
    """The media type of a picture, or of a document that is read by way of LibreOffice."""
    picture = next((type_ for magic, type_ in _PICTURES if data.startswith(magic)), None)
    return picture or BY_OFFICE[office_suffix(data) or ""][1]


_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"RIFF", "image/webp"),
    (b"BM", "image/bmp"),
)


def is_picture(data: bytes, name: str) -> bool:
    """Whether this is a picture of a kind in which scans come."""
    if data[:4] == b"RIFF":
        return data[8:12] == b"WEBP"
    if data[:2] == b"BM":
        return len(data) > 54 and data[6:10] == bytes(4)
    return any(data.startswith(magic) for magic, _ in _PICTURES)


def _holds(data: bytes, folder: str) -> bool:
    """Whether a ZIP container has parts in a folder; of a damaged one the names in its bytes tell."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            return any(part.lstrip("/").startswith(folder) for part in container.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
        return folder.encode() in data
