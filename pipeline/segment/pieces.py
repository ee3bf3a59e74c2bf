"""The pieces of a text: what lies between two cuts, before anything is decided about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.blocks import Label
from pipeline.segment import cuts, markers
from pipeline.segment.headings import Heading
from pipeline.segment.markers import Marker


@dataclass(slots=True)
class Piece:
    """A stretch of one or more lines; the passes of this room fill in `label`, `depth` and `note`.

    `first` says that it begins its line, `last` that it ends it; `blank` counts the empty lines above it.
    """

    start: int
    end: int
    body: int
    marker: Marker | None
    heading: Heading | None
    first: bool
    last: bool
    blank: int
    label: Label | None = None
    depth: int = 1
    note: str | None = None
    ordinal: int | None = None
    kind: str | None = None
    title: str | None = None
    """The title of the role that begins here."""
    aside: bool = False
    """Behind a list but not of it: what was above does not head it."""

    @property
    def whole(self) -> bool:
        """Whether the piece has its line to itself."""
        return self.first and self.last

    @property
    def markdown(self) -> str:
        """The style of a Markdown heading, "hash1" to "hash6", "" for any other piece."""
        return self.marker.style if self.marker and self.marker.style.startswith("hash") else ""

    def text(self, text: str) -> str:
        """Its words, without the marker."""
        return text[self.body : self.end]


_STOP_END = tuple("。；;！!？?：:.…")
_OPEN_END = re.compile(r"[、，,和与及或的（(]$")


def of_text(text: str) -> list[Piece]:
    """All pieces of a text, in order; white space lies between them, everything else in one."""
    found: list[Piece] = []
    at = blank = 0
    for line in text.split("\n"):
        start = at + len(line) - len(line.lstrip())
        end = at + len(line.rstrip())
        at += len(line) + 1
        if end <= start:
            blank += 1
            continue
        found += _of_line(text, start, end, blank)
        blank = 0
    _number_decimals(text, found)
    _number_bare(text, found)
    return _joined(text, found)


def _number_decimals(text: str, pieces: list[Piece]) -> None:
    """ "1.3年以上经验" above "2. 熟悉…" is entry 1, and three years."""
    firsts = [p for p in pieces if p.first]
    for before, piece, behind in zip([None, *firsts], firsts, [*firsts[1:], None], strict=False):
        if piece.marker or piece.heading or not text[piece.start].isdigit():
            continue
        marker = markers.decimal_like(text, piece.start, piece.end)
        if marker and (_counts(before, marker, -1) or _counts(behind, marker, 1)):
            piece.marker, piece.body = marker, marker.end


def _number_bare(text: str, pieces: list[Piece]) -> None:
    """ "1负责收款", "2负责付款", "3负责对账" on lines of their own count to three, so they are numbered."""
    run: list[tuple[Piece, Marker]] = []
    for piece in [*(p for p in pieces if p.first), None]:
        plain = piece is not None and not piece.marker and not piece.heading and text[piece.start].isdigit()
        marker = markers.bare(text, piece.start, piece.end) if piece and plain else None
        if marker and marker.number == len(run) + 1:
            run.append((piece, marker))  # type: ignore[arg-type]
            continue
        if len(run) >= 3:
            for numbered, found in run:
                numbered.marker, numbered.body = found, found.end
        run = []


def _counts(neighbour: Piece | None, marker: Marker, step: int) -> bool:
    other = neighbour.marker if neighbour else None
    return other is not None and other.style == marker.style and other.number == (marker.number or 0) + step


def _of_line(text: str, start: int, end: int, blank: int) -> list[Piece]:
    places = cuts.of_line(text, start, end)
    ends = [cut.start for cut in places[1:]] + [end]
    out = []
    for i, (cut, stop) in enumerate(zip(places, ends, strict=True)):
        while text[stop - 1].isspace():
            stop -= 1
        body = min(cut.marker.end, stop) if cut.marker else cut.start
        only = i == len(places) - 1
        out.append(Piece(cut.start, stop, body, cut.marker, cut.heading, i == 0, only, blank if i == 0 else 0))
    return out


def _joined(text: str, pieces: list[Piece]) -> list[Piece]:
    """Pieces whose lines belong together made one: a number alone on its line, and lines broken by a margin."""
    out: list[Piece] = []
    margin = _margin(text, pieces)
    for piece in pieces:
        before = out[-1] if out else None
        if before and _continues(text, before, piece, margin):
            before.body = min(before.body, before.end) if before.body < before.end else piece.start
            before.end, before.last = piece.end, piece.last
        else:
            out.append(piece)
    return out


def _margin(text: str, pieces: list[Piece]) -> int:
    """Characters in a full line where a margin broke the lines, else 0.

    A margin shows itself: many lines end at about the same length, without a stop, and none is much longer.
    """
    sizes = sorted(p.end - p.start for p in pieces if p.first and p.last)
    if len(sizes) < 4 or not 16 <= sizes[-1] <= 60:
        return 0
    full = [p for p in pieces if p.whole and p.end - p.start >= sizes[-1] - 3]
    unstopped = [p for p in full if text[p.end - 1 : p.end] not in _STOP_END]
    many = len(full) >= 4 and len(full) * 4 >= len(sizes)
    return sizes[-1] - 3 if many and len(unstopped) * 3 > len(full) * 2 else 0


def _continues(text: str, before: Piece, piece: Piece, margin: int) -> bool:
    if not (before.last and piece.first) or before.heading or before.end == piece.start:
        return False
    if before.marker and before.body >= before.end:
        return piece.marker is None and piece.blank <= 1 and before.marker.style not in ("lost", "dash", "star")
    if piece.marker or piece.heading or piece.blank:
        return False
    if _OPEN_END.search(text, before.start, before.end):
        return True
    last_line = before.end - max(before.start, text.rfind("\n", before.start, before.end) + 1)
    return bool(margin) and last_line >= margin and not text.endswith(_STOP_END, 0, before.end)
