"""Where stretches of a source text stand on the pages of its file, as a file beside the record: `NAME.boxes.tsv`.

A line a stretch: start and end in the source text, page, and the left, top, right and bottom of its box, parted by tabs;
in points of PDF, in pixels of pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.errors import SourceError
from pipeline.layout import Box, Boxed, Hint

__all__ = ["SUFFIX", "from_bytes", "of_layout", "to_bytes"]

SUFFIX = ".boxes.tsv"


def of_layout(layout: Sequence[Hint]) -> tuple[Boxed, ...]:
    """The boxes that a layout has."""
    return tuple(Boxed(h.start, h.end, h.page, h.box) for h in layout if h.box is not None and h.page is not None)


def to_bytes(boxes: Sequence[Boxed]) -> bytes:
    """The file as ASCII; a tenth of a point is as fine as people can see."""
    rows = ((b.start, b.end, b.page, *(f"{edge:.1f}" for edge in b.box)) for b in boxes)
    return "".join("\t".join(map(str, row)) + "\n" for row in rows).encode("ascii")


def from_bytes(data: bytes, name: str) -> tuple[Boxed, ...]:
    """What `to_bytes` wrote; `name` stands for the file in messages. Raises SourceError for anything else."""
    try:
        rows = [line.split("\t") for line in data.decode("ascii").splitlines()]
        return tuple(Boxed(int(row[0]), int(row[1]), int(row[2]), Box(*map(float, row[3:]))) for row in rows)
    except (ValueError, IndexError, TypeError) as error:
        raise SourceError(f"{name}: holds no boxes: {error}") from error
