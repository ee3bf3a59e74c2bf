"""Formats that are known by their first bytes and are not text."""

from __future__ import annotations

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP container (Word, Excel, ...)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def binary(data: bytes) -> str | None:
    """What non-text format the bytes look like, None when they may be text.

    NUL bytes say binary, unless a byte-order mark or their regular places say UTF-16.
    """
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return what
    if b"\x00" in data[:65536] and not data.startswith(_UTF16) and utf16_without_mark(data) is None:
        return "binary data"
    return None


def utf16_without_mark(data: bytes) -> str | None:
    """"utf-16-le" or "utf-16-be" for UTF-16 that has no byte-order mark, told by the high bytes of its line ends and stops.

    Line feeds, spaces and ASCII digits have a zero high byte, always on the same side; Han text never has zeros.
    """
    if len(data) < 4 or len(data) % 2:
        return None
    head = data[:65536]
    even, odd = head[::2].count(0), head[1::2].count(0)
    for codec, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > 0 and others == 0 and _decodes(data, codec):
            return codec
    return None


def _decodes(data: bytes, codec: str) -> bool:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return False
    return all(c.isprintable() or c.isspace() for c in text[:4096])
