"""Letters become pieces of lines, pieces lines, and lines are put in the order in which columns are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.layout import Box
from pipeline.read.pdf.letters import Letter

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_BLANK = 0.2
"""Widths of a letter between two Latin words, and `_BLANK_WIDE` between ideographs, that read as a blank."""
_BLANK_WIDE = 0.6
_TAB = 2.6
"""What reads as a tab: names and values that stand apart."""
_GUTTER = 1.1
_LEAST_ROWS = 3
"""Lines on both sides of what can be the space between two columns."""


@dataclass(slots=True)
class Piece:
    """Letters that follow each other on one base without a wide gap."""

    letters: list[Letter]
    confidence: float | None = None
    """The recogniser's, for letters that were read from a picture."""

    @property
    def left(self) -> float:
        """Points: where its first letter begins."""
        return self.letters[0].left

    @property
    def right(self) -> float:
        """Points: where its last letter ends."""
        return self.letters[-1].right

    @property
    def base(self) -> float:
        """Points: what it stands on."""
        return self.letters[0].base

    @property
    def size(self) -> float:
        """Points: the height of its largest letter."""
        return max(letter.size for letter in self.letters)


@dataclass(slots=True)
class Line:
    """Pieces on one base, from left to right; `page` counts from 1."""

    page: int
    pieces: list[Piece] = field(default_factory=list)
    text: str = ""
    bold: bool = False
    size: float = 0.0
    confidence: float | None = None
    box: Box = field(default_factory=lambda: Box(0, 0, 0, 0))

    def close(self) -> Line:
        """Put its text together."""
        self.pieces.sort(key=lambda piece: piece.left)
        letters = [letter for piece in self.pieces for letter in piece.letters]
        self.text = _text(letters)
        seen = [letter for letter in letters if not letter.char.isspace()] or letters
        told = [piece.confidence for piece in self.pieces if piece.confidence is not None]
        self.confidence = min(told, default=None)
        self.bold = all(letter.bold for letter in seen)
        self.size = sorted(letter.size for letter in seen)[len(seen) // 2]
        self.box = Box(
            min(letter.left for letter in seen),
            min(letter.top for letter in seen),
            max(letter.right for letter in seen),
            max(letter.bottom for letter in seen),
        )
        return self


def _text(letters: Sequence[Letter]) -> str:
    out: list[str] = []
    last: Letter | None = None
    typed = False
    for letter in letters:
        if letter.char.isspace():
            typed = True
            continue
        if last is not None:
            gap = (letter.left - last.right) / max(min(letter.size, last.size), 0.5)
            wide = bool(_WIDE.match(letter.char) and _WIDE.match(last.char))
            if gap > _TAB:
                out.append("\t")
            elif gap > (_BLANK if typed or not wide else _BLANK_WIDE):
                out.append(" ")
        out.append(letter.char)
        last = letter
        typed = False
    return "".join(out)


def pieces(letters: Iterable[Letter]) -> list[Piece]:
    """Letters in the order of the file, cut where the base changes or a gap opens."""
    out: list[Piece] = []
    for letter in letters:
        if out:
            last = out[-1].letters[-1]
            size = max(letter.size, last.size)
            if abs(letter.base - last.base) < 0.35 * size and -0.6 * size < letter.left - last.right < 1.2 * size:
                out[-1].letters.append(letter)
                continue
        out.append(Piece([letter]))
    return [piece for piece in map(_trimmed, out) if piece is not None]


def _trimmed(piece: Piece) -> Piece | None:
    """Without white space around it."""
    letters = piece.letters
    while letters and letters[-1].char.isspace():
        letters.pop()
    while letters and letters[0].char.isspace():
        letters.pop(0)
    return piece if letters else None


def ordered(found: list[Piece], page: int) -> list[list[Line]]:
    """Lines in reading order, one list a column: what spans columns stands between them."""
    return [ordered_by_height(column, page) for column in _columns(sorted(found, key=lambda p: (p.base, p.left)), 0)]


def ordered_by_height(found: Sequence[Piece], page: int) -> list[Line]:
    """Lines from top to bottom; pieces on one base are one line."""
    out: list[Line] = []
    for piece in sorted(found, key=lambda p: (p.base, p.left)):
        near = out[-1].pieces[-1] if out else None
        if near is not None and abs(piece.base - near.base) < 0.45 * max(piece.size, near.size):
            out[-1].pieces.append(piece)
        else:
            out.append(Line(page, [piece]))
    return [line.close() for line in out]


def aslant(letters: Iterable[Letter], page: int) -> list[Line]:
    """Letters that do not stand upright, each stretch of them a line."""
    out: list[Line] = []
    last: Letter | None = None
    for letter in letters:
        far = last is None or max(abs(letter.left - last.left), abs(letter.base - last.base)) > 2.5 * letter.size
        if far:
            out.append(Line(page, [Piece([])]))
        out[-1].pieces[0].letters.append(letter)
        last = letter
    shown = [line for line in out if any(not letter.char.isspace() for letter in line.pieces[0].letters)]
    for line in shown:
        text = "".join(letter.char for letter in line.pieces[0].letters)
        line.close().text = text.strip()
    return shown


# -- columns ----------------------------------------------------------------------------------------------------------


def _columns(found: list[Piece], depth: int) -> list[list[Piece]]:
    """Cut at the widest gutter that several lines on both sides leave free, and read what is left of it first.

    Lines that cross it end a stretch of columns: a title above, a note below.
    """
    gutter = _gutter(found) if depth < 3 and len(found) >= 2 * _LEAST_ROWS else None
    if gutter is None:
        return [found] if found else []
    out: list[list[Piece]] = []
    for across, stretch in _stretches(found, gutter):
        sides = [p for p in stretch if p.right <= gutter], [p for p in stretch if p.left >= gutter]
        if across or not all(sides):
            out.append(stretch)
            continue
        begin = max(side[0].base - 0.5 * side[0].size for side in sides)
        if above := [p for p in stretch if p.base < begin]:
            out.append(above)
        for side in sides:
            out += _columns([p for p in side if p.base >= begin], depth + 1)
    return out


def _stretches(found: list[Piece], gutter: float) -> list[tuple[bool, list[Piece]]]:
    out: list[tuple[bool, list[Piece]]] = []
    for piece in found:
        across = piece.left < gutter < piece.right
        if not out or out[-1][0] != across:
            out.append((across, []))
        out[-1][1].append(piece)
    return out


def _gutter(found: list[Piece]) -> float | None:
    """The middle of the widest strip that is free beside running text on both sides, None where there is none."""
    left, right = min(p.left for p in found), max(p.right for p in found)
    size = sorted(p.size for p in found)[len(found) // 2]
    edges = sorted({p.right for p in found} | {p.left for p in found})
    best: tuple[float, float] | None = None
    for a in edges:
        if not left + 0.2 * (right - left) < a < right - 0.2 * (right - left):
            continue
        if not any(p.right == a for p in found):
            continue
        wide = _free(found, a, size)
        if wide is not None and (best is None or wide[0] > best[0]):
            best = wide
    return best[1] if best else None


def _free(found: list[Piece], start: float, size: float) -> tuple[float, float] | None:
    """Width and middle of the free strip that begins at `start`, when enough lines stand on both of its sides.

    A few lines may cross it from end to end.
    """
    crossing = [p for p in found if p.left < start - 0.5 and p.right > start + 0.5]
    behind = [p.left for p in found if p.left >= start - 0.5]
    if not behind or len(crossing) > 0.34 * len(found):
        return None
    end = min(behind)
    middle = (start + end) / 2
    if end - start < _GUTTER * size or any(p.right < end for p in crossing):
        return None
    west = [p for p in found if p.right <= start + 0.5]
    east = [p for p in found if p.left >= end]
    if len(west) < _LEAST_ROWS or len(east) < _LEAST_ROWS or not _is_text(west) or not _is_text(east):
        return None
    low, high = max(west[0].base, east[0].base), min(west[-1].base, east[-1].base)
    beside = sum(low - size <= p.base <= high + size for p in (*west, *east))
    return (end - start, middle) if beside >= 0.6 * (len(west) + len(east)) else None


def _is_text(side: Sequence[Piece]) -> bool:
    """Whether a side reads on its own: a column of short values beside names is none."""
    longest = sorted((len(p.letters) for p in side), reverse=True)
    return longest[0] >= 6 and sum(longest) / len(longest) >= 4
