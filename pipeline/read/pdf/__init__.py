"""PDF: letters and lines by pdfium, everything else by where they stand; pages that are pictures by recognition."""

from __future__ import annotations

from pipeline.errors import NoTextError
from pipeline.read import child, scan
from pipeline.read.parts import Extract

__all__ = ["read"]


def read(data: bytes, name: str) -> Extract:
    """The text of a PDF with its layout, read in a process of its own. Raises ReadError."""
    try:
        return child.run("pdf", data, name)
    except NoTextError:
        return scan.read(data, name, "its pages are pictures (a scan without a text layer), which")
