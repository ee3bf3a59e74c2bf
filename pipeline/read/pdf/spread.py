"""Tables that go on over pages: their parts become one, rows that a page broke are made whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline.read.parts import GridCell, Paragraph, Row, Table
from pipeline.read.pdf import flow
from pipeline.read.pdf.ruled import RuledCell

_NEAR = 4.0
"""Points by which the columns of one table may differ from page to page."""


_OPEN = tuple("，、,（(《“与和及或的")
"""Ends of a text that cannot end there."""


class Placed(NamedTuple):
    """A cell with the places of its left and right line in points; its column is told when the table is whole."""

    left: float
    right: float
    cell: GridCell

    @property
    def text(self) -> str:
        """What stands in it."""
        return "".join(b.text for b in self.cell.blocks if isinstance(b, Paragraph))


@dataclass(slots=True)
class Spread:
    """The rows of a table so far, and the page that they reach to."""

    page: int
    rows: list[list[Placed]]

    def takes(self, page: int, more: list[list[Placed]]) -> bool:
        """Put in the rows at the top of the next page where they go on with this table; False where they do not.

        They do where their columns are the same, unless they begin as this table did, with a title or a name of which
        the value differs: that is the next form. Other columns go on only with a row that the page broke. Names of
        columns that are set again follow behind such a row.
        """
        if page != self.page + 1 or not more:
            return False
        ours, theirs = _lines(self.rows), _lines(more)
        if abs(ours[0] - theirs[0]) > _NEAR or abs(ours[-1] - theirs[-1]) > _NEAR:
            return False
        same = ours == theirs
        first, head = _texts(self.rows[0]), _texts(more[0])
        again = head == first and any(head)
        named_anew = bool(head[0]) and head[0] == first[0] and not again
        titled = again and sum(map(bool, head)) == 1
        rest = more[1:] if again else more
        broken = bool(rest) and self._is_broken(rest[0])
        if named_anew or titled or not (same or broken):
            return False
        if broken:
            self.rows[-1] = [_longer(a, b) for a, b in zip(self.rows[-1], rest[0], strict=True)]
            rest = rest[1:]
        self.rows += [*more[:1], *rest] if again else rest
        self.page = page
        return True

    def _is_broken(self, first: list[Placed]) -> bool:
        """Whether a row is the rest of the last one: nothing stands in its first cell, and their cells are the same."""
        last = self.rows[-1]
        texts = _texts(first)
        same = len(first) == len(last) > 1 and all(
            abs(a.left - b.left) <= _NEAR for a, b in zip(first, last, strict=True)
        )
        return same and not texts[0] and any(texts) and bool(last[0].text)

    def closed(self) -> Table:
        """The whole, with the columns of all of its parts."""
        xs = _lines(self.rows)

        def column(x: float) -> int:
            return min(range(len(xs)), key=lambda n: abs(xs[n] - x))

        rows = (
            tuple(
                replace(p.cell, column=column(p.left) + 1, columns=max(1, column(p.right) - column(p.left)))
                for p in row
            )
            for row in self.rows
        )
        return Table(tuple(Row(n, cells) for n, cells in enumerate(rows, 1)))


def placed(xs: Sequence[float], cell: RuledCell, blocks: tuple[Paragraph, ...]) -> Placed:
    """A cell of a table on one page with its text."""
    made = GridCell(cell.column + 1, blocks, cell.rows, cell.columns)
    return Placed(xs[cell.column], xs[cell.column + cell.columns], made)


def _lines(rows: list[list[Placed]]) -> list[float]:
    """The places of all upright lines, those that are nearly the same once; to a whole point, so that they compare."""
    out: list[float] = []
    for x in sorted({side for row in rows for cell in row for side in (cell.left, cell.right)}):
        if not out or x - out[-1] > _NEAR:
            out.append(round(x / _NEAR) * _NEAR)
    return out


def _texts(row: Sequence[Placed]) -> list[str]:
    return [cell.text for cell in row] or [""]


def _longer(part: Placed, more: Placed) -> Placed:
    """A cell and its rest on the next page; a sentence that the page broke goes on."""
    own = [b for b in part.cell.blocks if isinstance(b, Paragraph)]
    rest = [b for b in more.cell.blocks if isinstance(b, Paragraph)]
    if own and rest and _is_full(part, own[-1]) and flow.is_broken(own[-1].text, rest[0].text):
        own[-1] = replace(own[-1], runs=(*own[-1].runs, *rest[0].runs))
        rest = rest[1:]
    return part._replace(cell=replace(part.cell, blocks=(*own, *rest)))


def _is_full(part: Placed, last: Paragraph) -> bool:
    """Whether a paragraph reaches to the right margin of its cell, which is as wide as the left one, or ends in mid-air."""
    if last.box is None or last.size is None or last.text.rstrip().endswith(_OPEN):
        return True
    return last.box.right + 1.5 * last.size > part.right - max(last.box.left - part.left, 0.0)
