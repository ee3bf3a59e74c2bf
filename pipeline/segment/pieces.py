"""The pieces of a text: what lies between two cuts, before anything is decided about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.blocks import Label
from pipeline.segment import cuts, headings, markers
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
    found = _columns(text, _upright(text, found))
    _number_decimals(text, found)
    _number_bare(text, found)
    return _joined(text, found)


def _upright(text: str, found: list[Piece]) -> list[Piece]:
    """ "工", "作", "职", "责" on lines of their own: a heading set upright, as in a narrow cell of a table."""
    out: list[Piece] = []
    i = 0
    while i < len(found):
        stop = i
        while stop < len(found) and found[stop].end - found[stop].start == 1 and (stop == i or not found[stop].blank):
            stop += 1
        words = "".join(text[p.start] for p in found[i:stop])
        known = headings.whole(words) if 3 <= stop - i <= headings.LONGEST else None
        if known:
            start, end = found[i].start, found[stop - 1].end
            out.append(Piece(start, end, start, None, Heading(start, end, words, *known), True, True, found[i].blank))
            i = stop
        else:
            out += found[i : max(stop, i + 1)]
            i = max(stop, i + 1)
    return out


_COLUMN = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,6})(?:[ \xa0\u3000]+(?P<value>\S.{0,23}))?")
_ASKED = re.compile(r"学历|专业|年龄|性别|经验|语言|年限|证书|程度")
_COLUMNS = 3
"""Lines of names and values, set off by white space alone, that make a column of fields."""


def _columns(text: str, found: list[Piece]) -> list[Piece]:
    """ "工作性质 全职", "工作经验 5-10年", "最低学历 本科" one below the other: names and values, though without a colon."""
    lines = [i for i, p in enumerate(found) if p.first]
    out, cells = list(found), {i: cell for i in lines if (cell := _cell(text, found, i))}
    for a, b in reversed(list(_runs(lines, cells))):
        if b - a < _COLUMNS:
            continue
        for i in reversed(lines[a:b]):
            m, (kind, _) = cells[i]
            stop = i + 1
            while stop < len(found) and not found[stop].first:
                stop += 1
            heading = Heading(m.start(), m.end("name"), m["name"], "other" if kind == "trailer" else kind, "field")
            name = Piece(m.start(), m.end("name"), m.start(), None, heading, True, not m["value"], found[i].blank)
            value = Piece(m.start("value"), m.end(), m.start("value"), None, None, False, True, 0)
            out[i:stop] = [name, value] if m["value"] else [name]
    return out


def _cell(text: str, found: list[Piece], i: int) -> tuple[re.Match[str], tuple[str, str]] | None:
    """A line that is a known name and, behind white space, a value."""
    piece = found[i]
    stop = i + 1
    while stop < len(found) and not found[stop].first:
        stop += 1
    if any(p.marker for p in found[i:stop]) or "\t" in text[piece.start : found[stop - 1].end]:
        return None
    m = _COLUMN.fullmatch(text, piece.start, found[stop - 1].end)
    known = headings.lookup(m["name"]) if m else None
    if m is None or known is None or known[0] in ("duties", "qualities", "company", "title"):
        return None
    named = known[1] == "field" or known[0] in ("other", "trailer") or _ASKED.search(m["name"])
    alone = known[1] == "field" or known[0] == "trailer"
    return (m, known) if named and (m["value"] or alone) else None


def _runs(lines: list[int], cells: dict[int, tuple[re.Match[str], tuple[str, str]]]) -> Iterator[tuple[int, int]]:
    """The runs of lines that are cells, as bounds in `lines`."""
    start = None
    for n, i in enumerate([*lines, -1]):
        if i in cells:
            start = n if start is None else start
        elif start is not None:
            yield start, n
            start = None


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
        if before.marker.number is None and (not before.first or piece.blank or piece.heading):
            return False
        return piece.marker is None and piece.blank <= 1 and before.marker.style not in ("lost", "dash", "star")
    if piece.marker or piece.heading or piece.blank:
        return False
    if _OPEN_END.search(text, before.start, before.end):
        return True
    last_line = before.end - max(before.start, text.rfind("\n", before.start, before.end) + 1)
    return bool(margin) and last_line >= margin and not text.endswith(_STOP_END, 0, before.end)
