"""The letters of a page with where they stand, and the lines that are drawn on it; all else is left to others."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipeline.read import symbols

_DEEPEST = 8
"""Drawings within each other."""
_MOST_SHAPES = 20_000
_MOST_SEGMENTS = 400
_THIN = 3.0
"""Points: a shape that is no thicker is a line."""
_FILL_AND_STROKE = 2


class Letter(NamedTuple):
    """A character; points from the upper left corner of the page as it is shown, `base` is what it stands on."""

    char: str
    left: float
    right: float
    top: float
    bottom: float
    base: float
    size: float
    bold: bool


class Rule(NamedTuple):
    """A straight line along x (`flat`) or y: where it is across, from where to where it goes."""

    flat: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """What is on a page."""

    number: int
    width: float
    height: float
    letters: list[Letter] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    aslant: list[Letter] = field(default_factory=list)
    """Letters that do not stand upright, such as those of a watermark."""
    pictures: bool = False


class _Look(NamedTuple):
    """What all letters of one drawing of text share."""

    size: float
    angle: float
    bold: bool
    font: str


class _View:
    """Turns points of the file into points of the page as it is shown, which may lie on its side."""

    def __init__(self, page: Any, raw: Any) -> None:
        self.turn = int(raw.FPDFPage_GetRotation(page)) % 4
        left, bottom, right, top = page.get_bbox()
        self._box = (left, bottom, right, top)
        wide, high = right - left, top - bottom
        self.width, self.height = (high, wide) if self.turn % 2 else (wide, high)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """From the upper left corner."""
        left, bottom, right, top = self._box
        if self.turn == 1:
            return y - bottom, x - left
        if self.turn == 2:
            return right - x, y - bottom
        if self.turn == 3:
            return top - y, right - x
        return x - left, top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        a, b = self.point(left, bottom), self.point(right, top)
        return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def read(page: Any, number: int, raw: Any) -> Page:
    """The letters and lines of a page of pypdfium2; `raw` is its module of plain functions."""
    view = _View(page, raw)
    found = Page(number, view.width, view.height)
    text = page.get_textpage()
    try:
        letters = list(_letters(text, view, raw))
    finally:
        text.close()
    for letter, angle in letters:
        (found.letters if angle == 0 else found.aslant).append(letter)
    found.letters = _once(found.letters)
    found.aslant = _once(found.aslant)
    shapes = [0]
    for index in range(raw.FPDFPage_CountObjects(page)):
        _shape(raw.FPDFPage_GetObject(page, index), view, raw, found, 0, shapes)
    return found


def _letters(text: Any, view: _View, raw: Any) -> Iterator[tuple[Letter, int]]:
    """Each letter and by how many quarter turns it is off upright; 9 for another angle."""
    looks: dict[int, _Look] = {}
    loose, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for i in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, i)
        if (
            code in (0, 0xFFFE, 0xFFFF)
            or code in (10, 13)
            or 0xD800 <= code < 0xE000
            or raw.FPDFText_IsGenerated(text, i) == 1
        ):
            continue
        shape = raw.FPDFText_GetTextObject(text, i)
        key = ctypes.cast(shape, ctypes.c_void_p).value or 0
        look = looks.get(key)
        if look is None:
            look = looks[key] = _look(text, i, shape, raw)
        if not raw.FPDFText_GetLooseCharBox(text, i, loose):
            continue
        left, top, right, bottom = view.box(loose.left, loose.bottom, loose.right, loose.top)
        raw.FPDFText_GetCharOrigin(text, i, x, y)
        base = view.point(x.value, y.value)[1]
        size = _size(look.size, right - left, bottom - top, text, i, raw)
        if not 0.6 < (bottom - top) / max(size, 0.1) < 2.2:  # the font lies about its height
            top, bottom = base - 0.88 * size, base + 0.12 * size
        if size < 0.5 or not (-size < left < view.width + size and -size < top < view.height + size):
            continue
        turns = look.angle / 90 - view.turn
        off = round(turns) % 4 if abs(turns - round(turns)) < 0.02 else 9
        yield Letter(_char(code, look.font), left, right, top, bottom, base, round(size, 2), look.bold), off


def _size(said: float, width: float, height: float, text: Any, i: int, raw: Any) -> float:
    """The font's size in points on the page: as the text says, unless what is drawn is of another order."""
    if 0.6 < height / max(said, 0.1) < 2.2:
        return said
    sides = [ctypes.c_double() for _ in range(4)]
    drawn = 0.0
    if raw.FPDFText_GetCharBox(text, i, *sides):
        left, right, bottom, top = (side.value for side in sides)
        drawn = max(right - left, top - bottom)
    return said if 0.05 < drawn / max(said, 0.1) < 1.6 else max(width, drawn)


def _char(code: int, font: str) -> str:
    if code == 2:  # pdfium's sign for a hyphen at the end of a line
        return "-"
    if 0xE000 <= code <= 0xF8FF or symbols.is_symbol_font(font):
        return symbols.shown(chr(code), font if symbols.is_symbol_font(font) else None)
    return chr(code)


def _look(text: Any, i: int, shape: Any, raw: Any) -> _Look:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, i, matrix)
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, i, buffer, 128, flags)
    font = buffer.value.decode("utf-8", "replace").rpartition("+")[2]
    mode = raw.FPDFTextObj_GetTextRenderMode(shape) if shape else 0
    heavy = raw.FPDFText_GetFontWeight(text, i) >= 600 or "bold" in font.lower() or mode == _FILL_AND_STROKE
    size = raw.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
    return _Look(size, math.degrees(math.atan2(matrix.b, matrix.a)), heavy, font)


def _once(letters: list[Letter]) -> list[Letter]:
    """Letters that are drawn twice on one spot, which looks bold, once; 天天 stands on two spots."""
    out: list[Letter] = []
    seen: dict[tuple[str, int, int], list[int]] = {}
    for letter in letters:
        if letter.char.isspace():
            out.append(letter)
            continue
        near = 0.12 * letter.size + 0.3
        step = max(letter.size, 1.0)
        column, row = int(letter.left / step), int(letter.base / step)
        spots = (seen.get((letter.char, column + a, row + b), ()) for a in (-1, 0, 1) for b in (-1, 0, 1))
        twin = next(
            (
                n
                for spot in spots
                for n in spot
                if abs(out[n].left - letter.left) < near > abs(out[n].base - letter.base)
            ),
            None,
        )
        if twin is not None:
            out[twin] = out[twin]._replace(bold=True)
            continue
        seen.setdefault((letter.char, column, row), []).append(len(out))
        out.append(letter)
    return out


# -- lines that are drawn ---------------------------------------------------------------------------------------------


def _shape(shape: Any, view: _View, raw: Any, found: Page, depth: int, count: list[int]) -> None:
    count[0] += 1
    if count[0] > _MOST_SHAPES:
        return
    kind = raw.FPDFPageObj_GetType(shape)
    if kind == raw.FPDF_PAGEOBJ_IMAGE:
        found.pictures = True
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        # The lines of a form are in its own space; most forms of tables are not moved, and others give no grid.
        for index in range(raw.FPDFFormObj_CountObjects(shape)):
            _shape(raw.FPDFFormObj_GetObject(shape, index), view, raw, found, depth + 1, count)
    elif kind == raw.FPDF_PAGEOBJ_PATH:
        found.rules += _path(shape, view, raw)


def _path(shape: Any, view: _View, raw: Any) -> list[Rule]:
    """The straight lines of a path: itself where it is thin, the edges of the rectangles in it otherwise."""
    sides = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(shape, *sides):
        return []
    left, bottom, right, top = (side.value for side in sides)
    whole = _line(view.box(left, bottom, right, top))
    if whole is not None:
        return [whole]
    segments = raw.FPDFPath_CountSegments(shape)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(shape, fill, stroke)
    if segments > _MOST_SEGMENTS or segments < 2:
        return []
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(shape, matrix)
    return _edges(shape, segments, matrix, view, raw, bool(stroke.value))


def _edges(shape: Any, segments: int, matrix: Any, view: _View, raw: Any, stroked: bool) -> list[Rule]:
    out: list[Rule] = []
    boxes: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(segments):
        segment = raw.FPDFPath_GetPathSegment(shape, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO or not boxes:
            boxes.append([])
        boxes[-1].append(view.point(*point))
        if raw.FPDFPathSegment_GetClose(segment):
            boxes[-1].append(boxes[-1][0])
    for points in boxes:
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        thin = _line((min(xs), min(ys), max(xs), max(ys)))
        if thin is not None:
            out.append(thin)
        elif stroked:
            pairs = itertools.pairwise(points)
            edges = ((min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])) for a, b in pairs)
            out += filter(None, map(_line, edges))
    return out


def _line(box: tuple[float, float, float, float]) -> Rule | None:
    left, top, right, bottom = box
    if bottom - top <= _THIN < right - left:
        return Rule(True, (top + bottom) / 2, left, right)
    if right - left <= _THIN < bottom - top:
        return Rule(False, (left + right) / 2, top, bottom)
    return None
