"""PDF with a text layer: letters and lines by pdfium, everything else by where they stand."""

from __future__ import annotations

from pipeline.read import child
from pipeline.read.parts import Extract

__all__ = ["read"]


def read(data: bytes, name: str) -> Extract:
    """The text of a PDF with its layout, read in a process of its own. Raises ReadError."""
    return child.run("pdf", data, name)
