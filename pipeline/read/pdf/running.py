"""Running heads, feet and page numbers: what stands in one place on several pages."""

from __future__ import annotations

import re
from collections import defaultdict
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
    edges = [edge for number, height, found in pages for edge in _edges(number, height, found)]
    said = [(region, _DIGITS.sub("#", line.text)) for line, region in edges]
    likes: dict[tuple[Region, str], list[Line]] = defaultdict(list)
    for (line, _), key in zip(edges, said, strict=True):
        likes[key].append(line)
    out: dict[int, list[tuple[Line, Region]]] = {}
    least = max(2, len(pages) // 5)
    for (line, region), key in zip(edges, said, strict=True):
        near = {other.page for other in likes[key] if abs(line.box.top - other.box.top) <= _NEAR}
        if len(near) >= least or _NUMBER.fullmatch(line.text):
            out.setdefault(line.page, []).append((line, region))
    return out


def _edges(number: int, height: float, found: Iterable[Piece]) -> list[tuple[Line, Region]]:
    lines = ordered_by_height(list(found), number)
    heads = [(line, Region.HEADER) for line in lines[:_OUTERMOST] if line.box.bottom < _EDGE * height]
    feet = [(line, Region.FOOTER) for line in lines[-_OUTERMOST:] if line.box.top > (1 - _EDGE) * height]
    return heads + feet
