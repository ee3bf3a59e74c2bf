"""How the pages of a file look, for people who hold its record against them: PDF by pdfium, scans as they are.

Drawn in a process of its own, as texts are read (see `pipeline.read.child`). Shades of grey, sixteen of them, are enough to
read by and take a tenth of the room of colours.
"""

from __future__ import annotations

import base64
import importlib.util
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from pipeline.layout import Picture
from pipeline.read import child, signatures

__all__ = ["MOST", "draw", "pictures"]

MOST = 8_000_000
"""Bytes of all pictures of a file that one page takes, before they are written as text, which takes a third more."""

_LONGEST = 1500
"""Pixels along the longer side of a page."""
_SHADES = 15


def pictures(data: bytes, name: str, most: int) -> tuple[Picture, ...]:
    """The pages of a PDF or a scan, the first ones where all together are more than `most` bytes; of other files none.

    Pictures need the extra `ocr`, by which they were read. Raises ReadError.
    """
    if not signatures.is_pdf(data, name) and not (
        signatures.is_picture(data, name) and importlib.util.find_spec("PIL") is not None
    ):
        return ()
    found = child.answer("pictures", data, name, more=(str(most),))["pictures"]
    return tuple(Picture(page, width, height, base64.b64decode(png)) for page, width, height, png in found)


def draw(data: bytes, name: str, most: str) -> dict[str, Any]:
    """The pictures as JSON can say them; the work of a child process. Raises ReadError."""
    out, size = [], 0
    for number, (width, height, shades) in enumerate(_pages(data, name), 1):
        png = _png(shades)
        size += len(png)
        if size > int(most):
            break
        out.append((number, round(width, 1), round(height, 1), base64.b64encode(png).decode("ascii")))
    return {"pictures": out}


def _pages(data: bytes, name: str) -> Iterator[tuple[float, float, Any]]:
    """Width, height and shades of each page."""
    if signatures.is_pdf(data, name):
        yield from _of_pdf(data)
        return
    from PIL import Image

    from pipeline.read import scan

    for pixels, _ in scan.pictures(data, name):
        image = Image.fromarray(pixels[:, :, ::-1]).convert("L")
        image.thumbnail((_LONGEST, _LONGEST))
        import numpy

        yield float(pixels.shape[1]), float(pixels.shape[0]), numpy.asarray(image)


def _of_pdf(data: bytes) -> Iterator[tuple[float, float, Any]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        for number in range(len(document)):
            page = document[number]
            width, height = page.get_size()
            shades = page.render(scale=_LONGEST / max(width, height, 1.0), grayscale=True).to_numpy()
            yield width, height, shades.reshape(shades.shape[0], shades.shape[1])
            page.close()
    finally:
        document.close()


def _png(shades: Any) -> bytes:
    """A PNG of sixteen shades from an array of bytes, a row a line."""
    import numpy

    height, width = shades.shape
    few = ((shades.astype(numpy.uint16) * _SHADES + 127) // 255).astype(numpy.uint8)
    if width % 2:
        few = numpy.concatenate([few, few[:, -1:]], axis=1)
    rows = numpy.zeros((height, few.shape[1] // 2 + 1), dtype=numpy.uint8)  # each begins with the number of its filter
    rows[:, 1:] = few[:, ::2] << 4 | few[:, 1::2]
    head = struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
