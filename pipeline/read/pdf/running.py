"""Running heads, feet and page numbers: what stands in one place on several pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.layout import Region
from pipeline.read.pdf.lines import Line, Piece, ordered_by_height

_EDGE = 0.13
"""Share of a page's height, at its top and at its foot, in which they stand."""
_OUTERMOST = 3
"""Lines of a page, from either end, that can be such."""
_NEAR = 6.0
"""Points by which their place may differ."""
_DIGITS = re.compile(r"[\d一二三四五六七八九十百IVXivx]+")
_NUMBER = re.compile(
    r"[-–—~·\s]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/／，,共of]*\s*共?\s*\d{1,4}\s*页?)?[-–—~·\s]*|page\s*\d+(?:\s*of\s*\d+)?",
    re.IGNORECASE,
)


def find(pages: Sequence[tuple[int, float, list[Piece]]]) -> dict[int, list[tuple[Line, Region]]]:
    """By page the lines that run: pages are told by number, height in points and pieces.

    One that is nothing but a page number is known on a single page; others by their like on another page.
    """
    edges = [(line, region) for number, height, found in pages for line, region in _edges(number, height, found)]
    out: dict[int, list[tuple[Line, Region]]] = {}
    least = max(2, len(pages) // 5)
    for line, region in edges:
        like = {other.page for other, where in edges if where == region and _alike(line, other)}
        if len(like) >= least or _NUMBER.fullmatch(line.text):
            out.setdefault(line.page, []).append((line, region))
    return out


def _edges(number: int, height: float, found: Iterable[Piece]) -> list[tuple[Line, Region]]:
    lines = ordered_by_height(list(found), number)
    heads = [(line, Region.HEADER) for line in lines[:_OUTERMOST] if line.box.bottom < _EDGE * height]
    feet = [(line, Region.FOOTER) for line in lines[-_OUTERMOST:] if line.box.top > (1 - _EDGE) * height]
    return heads + feet


def _alike(line: Line, other: Line) -> bool:
    near = abs(line.box.top - other.box.top) <= _NEAR
    return near and _DIGITS.sub("#", line.text) == _DIGITS.sub("#", other.text)
