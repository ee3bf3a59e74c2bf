"""Tables whose cells are ruled: a grid is made of the lines, cells without a line between them are one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.read.pdf.letters import Letter, Rule

_NEAR = 2.5
"""Points within which two lines are one, and the end of a line touches another."""
_MOST_LINES = 2000


@dataclass(slots=True)
class RuledCell:
    """A cell: rows and columns of the grid from 0, its reach in both, and the letters in it."""

    row: int
    column: int
    rows: int
    columns: int
    letters: list[Letter] = field(default_factory=list)


@dataclass(slots=True)
class RuledTable:
    """A table: the places of its columns and rows in points, its cells in order."""

    xs: list[float]
    ys: list[float]
    cells: list[RuledCell]

    @property
    def top(self) -> float:
        """Where it begins."""
        return self.ys[0]

    def holds(self, letter: Letter) -> bool:
        """Whether a letter stands in it."""
        x, y = (letter.left + letter.right) / 2, (letter.top + letter.bottom) / 2
        return self.xs[0] - 1 <= x <= self.xs[-1] + 1 and self.ys[0] - 1 <= y <= self.ys[-1] + 1

    def take(self, letters: Iterable[Letter]) -> None:
        """Put each letter into its cell."""
        where = {
            (r, c): cell
            for cell in self.cells
            for r in range(cell.row, cell.row + cell.rows)
            for c in range(cell.column, cell.column + cell.columns)
        }
        for letter in letters:
            x, y = (letter.left + letter.right) / 2, (letter.top + letter.bottom) / 2
            column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
            row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
            where[row, column].letters.append(letter)


def tables(rules: Sequence[Rule]) -> list[RuledTable]:
    """The tables that lines make, from the top of the page; a frame around a single text is none."""
    if len(rules) > _MOST_LINES:
        return []
    flat = _merged([r for r in rules if r.flat])
    upright = _merged([r for r in rules if not r.flat])
    out = []
    for group in _groups(flat, upright):
        ys = _places(r.at for r in group if r.flat)
        xs = _places(r.at for r in group if not r.flat)
        if len(xs) >= 2 and len(ys) >= 2 and (len(xs) > 2 or len(ys) > 2):
            out.append(RuledTable(xs, ys, _cells(xs, ys, group)))
    return sorted((t for t in out if len(t.cells) > 1), key=lambda t: t.top)


def _merged(rules: list[Rule]) -> list[Rule]:
    """Lines in one place that touch or overlap, as one."""
    out: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (round(r.at / _NEAR), r.start)):
        last = out[-1] if out else None
        if last and abs(last.at - rule.at) <= _NEAR and rule.start <= last.end + _NEAR:
            out[-1] = last._replace(end=max(last.end, rule.end))
        else:
            out.append(rule)
    return out


def _groups(flat: list[Rule], upright: list[Rule]) -> list[list[Rule]]:
    """Lines that hang together, each crossing or touching another of its group."""
    rules = [*flat, *upright]
    parent = list(range(len(rules)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, a in enumerate(flat):
        for j, b in enumerate(upright, len(flat)):
            meets = b.start - _NEAR <= a.at <= b.end + _NEAR and a.start - _NEAR <= b.at <= a.end + _NEAR
            if meets:
                parent[root(i)] = root(j)
    groups: dict[int, list[Rule]] = {}
    for i, rule in enumerate(rules):
        groups.setdefault(root(i), []).append(rule)
    return list(groups.values())


def _places(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _NEAR:
            out.append(value)
    return out


def _cells(xs: list[float], ys: list[float], group: list[Rule]) -> list[RuledCell]:
    """Fields of the grid, those that no line parts put together; what is then no rectangle stays apart."""
    flat = [r for r in group if r.flat]
    upright = [r for r in group if not r.flat]
    taken: set[tuple[int, int]] = set()
    out: list[RuledCell] = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            wide = 1
            middle = (ys[row] + ys[row + 1]) / 2
            while column + wide < len(xs) - 1 and not _parts(upright, xs[column + wide], middle):
                wide += 1
            high = 1
            while row + high < len(ys) - 1 and not any(
                _parts(flat, ys[row + high], (xs[c] + xs[c + 1]) / 2) or (row + high, c) in taken
                for c in range(column, column + wide)
            ):
                high += 1
            fields = {(r, c) for r in range(row, row + high) for c in range(column, column + wide)} - taken
            taken |= fields
            out.append(RuledCell(row, column, high, wide))
    return out


def _parts(rules: list[Rule], at: float, along: float) -> bool:
    """Whether a line in this place passes there."""
    return any(abs(r.at - at) <= _NEAR and r.start - 1 <= along <= r.end + 1 for r in rules)
