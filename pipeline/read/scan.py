"""Text in pictures, by RapidOCR: scans as PNG, JPEG, TIFF, BMP or WebP, and PDF whose pages are pictures.

It comes with the extra `gangwei[ocr]`, whose wheel carries the Chinese models, so that nothing is fetched. What it reads
is put in order as a PDF's letters are; how sure it is of each line goes on in the layout.
"""

from __future__ import annotations

import importlib.util
import io
import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.errors import ReadError
from pipeline.read.parts import Extract

SECONDS = 600
MEGABYTES = 6144
_DPI = 200
_LONGEST = 4000
"""Pixels along the longer side; larger pictures are made smaller."""
_MOST_PIXELS = 120_000_000
_MOST_PAGES = 200
_LEAST = 0.5
"""Lines of which the recogniser is less sure are stamps, seams and pictures more often than text."""
_MISSING = "needs the extra for recognition (OCR): pip install 'gangwei[ocr]'"


def read(data: bytes, name: str, what: str) -> Extract:
    """The text of a picture or of a PDF of pictures, with its layout; `what` names it in messages.

    Raises ReadError, also when the extra is not installed.
    """
    from pipeline.read import child

    if not all(map(importlib.util.find_spec, ("rapidocr", "onnxruntime", "PIL"))):
        raise ReadError(f"{name}: {what} {_MISSING}")
    return child.run("scan", data, name, SECONDS, MEGABYTES)


def recognise(data: bytes, name: str) -> Extract:
    """Recognise all pages; the work of a child process. Raises ReadError."""
    from pipeline.read.pdf import flow, lines, running
    from pipeline.read.writer import Writer

    engine = _engine()
    pages: list[tuple[int, float, float, list[lines.Piece]]] = []
    for number, (picture, scale) in enumerate(pictures(data, name), 1):
        found = engine(picture)
        boxes = [] if found.boxes is None else list(zip(found.boxes.tolist(), found.txts, found.scores, strict=True))
        height, width = picture.shape[0] / scale, picture.shape[1] / scale
        pages.append((number, width, height, _pieces(boxes, scale)))
    runs = running.find([(number, height, found) for number, _, height, found in pages])
    writer = Writer()
    for number, width, _, found in pages:
        gone = {id(piece) for line, _ in runs.get(number, []) for piece in line.pieces}
        columns = lines.ordered([piece for piece in found if id(piece) not in gone], number)
        for column in columns:
            margins = flow.margins(column, width, alone=len(columns) == 1)
            writer.blocks(flow.paragraphs(((line, margins) for line in column), width))
    writer.blank()
    for number, width, _, _ in pages:
        for line, region in runs.get(number, []):
            margins = flow.Margins(line.box.left, line.box.right)
            for paragraph in flow.paragraphs([(line, margins)], width):
                writer.paragraph(flow.in_region(paragraph, region))
    text, layout = writer.done()
    return Extract(text, layout, (("recognised", "the text was recognised in pictures and can hold errors"),))


def _engine() -> Any:
    import logging

    from rapidocr import RapidOCR

    logging.disable(logging.INFO)
    return RapidOCR(params={"Global.log_level": "error"})


# -- pictures ---------------------------------------------------------------------------------------------------------


def pictures(data: bytes, name: str) -> Iterator[tuple[Any, float]]:
    """Pages as arrays of pixels, each with how many of these its unit of measure has: points in PDF, else pixels."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        yield from _rendered(data, name)
        return
    import numpy
    from PIL import Image, ImageOps, ImageSequence

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data)) as image:
            for n, frame in enumerate(ImageSequence.Iterator(image)):
                if n >= _MOST_PAGES:
                    raise ReadError(f"{name}: too many pages: the limit is {_MOST_PAGES}")
                if frame.width * frame.height > _MOST_PIXELS:
                    raise ReadError(f"{name}: too large: the limit is {_MOST_PIXELS:,} pixels")
                upright = ImageOps.exif_transpose(frame).convert("RGB")
                upright.thumbnail((_LONGEST, _LONGEST))
                yield numpy.asarray(upright)[:, :, ::-1].copy(), 1.0
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ReadError(f"{name}: too large: the limit is {_MOST_PIXELS:,} pixels") from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError, struct.error) as error:
        raise ReadError(f"{name}: a damaged picture: {' '.join(str(error).split())}") from error


def _rendered(data: bytes, name: str) -> Iterator[tuple[Any, float]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        if len(document) > _MOST_PAGES:
            raise ReadError(f"{name}: too many pages to recognise: the limit is {_MOST_PAGES}")
        for number in range(len(document)):
            page = document[number]
            scale = min(_DPI / 72, _LONGEST / max(*page.get_size(), 1.0))
            yield page.render(scale=scale).to_numpy(), scale
            page.close()
    finally:
        document.close()


# -- what was recognised ----------------------------------------------------------------------------------------------


def _pieces(found: Sequence[tuple[list[list[float]], str, float]], scale: float) -> list[Any]:
    """The recogniser's lines as pieces, set straight: a page that lies askew is turned by the median of their slopes."""
    from pipeline.read.pdf.letters import Letter
    from pipeline.read.pdf.lines import Piece

    slopes = sorted(_slope(corners) for corners, text, _ in found if len(text) > 5)
    turn = slopes[len(slopes) // 2] if slopes else 0.0
    out = []
    for corners, text, score in found:
        if not text.strip() or score < _LEAST:
            continue
        points = [_turned(x / scale, y / scale, turn) for x, y in corners]
        left, right = min(p[0] for p in points), max(p[0] for p in points)
        top, bottom = min(p[1] for p in points), max(p[1] for p in points)
        weights = [0.5 if c.isascii() else 1.0 for c in text]
        step = (right - left) / sum(weights)
        size = min(step, bottom - top) if len(text) > 3 else 0.8 * (bottom - top)
        letters, at = [], left
        for char, weight in zip(text, weights, strict=True):
            letters.append(Letter(char, at, at + weight * step, top, bottom, bottom, round(size, 1), False))
            at += weight * step
        out.append(Piece(letters, round(float(score), 3)))
    return out


def _slope(corners: list[list[float]]) -> float:
    (x0, y0), (x1, y1) = corners[0], corners[1]
    return math.atan2(y1 - y0, x1 - x0)


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    return x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
