"""A PDF as a whole: its pages in order, tables that go on over pages as one, what runs on each page set apart.

This is the work of a child process (see `pipeline.read.child`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.errors import NoTextError, ReadError
from pipeline.layout import Region
from pipeline.read.parts import Block, Extract, GridCell, Paragraph, Row, Run, Table
from pipeline.read.pdf import aligned, flow, letters, lines, ruled, running, spread
from pipeline.read.writer import Writer

_MOST_PAGES = 2000
_MOST_LETTERS = 5_000_000
_PASSWORD = 4
"""pdfium's number for a document that asks for a password."""


@dataclass(slots=True)
class _Part:
    """A stretch of a page: a table, or columns of lines."""

    page: letters.Page
    table: ruled.RuledTable | None = None
    columns: list[list[lines.Line]] = field(default_factory=list)


def read(data: bytes, name: str) -> Extract:
    """The text of a PDF with its layout.

    Raises ReadError: a damaged or encrypted file, one over the limits, one whose pages are pictures without text.
    """
    pages, outline = _pages(data, name)
    if not any(page.letters for page in pages):
        if any(page.pictures for page in pages):
            raise NoTextError(f"{name}: no text layer, its pages are pictures (a scan)")
        return Extract("")
    writer = Writer()
    found = [(page, _pieces(page)) for page in pages]
    inside = [(page.number, page.height, pieces) for page, (_, pieces) in found]
    runs = running.find(inside)
    parts = [part for page, split in found for part in _parts(page, split, runs.get(page.number, []))]
    for block in _blocks(parts):
        writer.blocks([_titled(block, outline)])
    writer.blank()
    for page, _ in found:
        writer.blocks(_running(page, runs.get(page.number, [])))
    text, layout = writer.done()
    return Extract(text, layout)


def _pages(data: bytes, name: str) -> tuple[list[letters.Page], dict[tuple[int, str], int]]:
    """The pages, and by page and title the level of each entry of the outline."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise ReadError(f"{name}: it is encrypted; save it without a password") from error
        raise ReadError(f"{name}: a damaged PDF: {error}") from error
    try:
        if len(document) > _MOST_PAGES:
            raise ReadError(f"{name}: too many pages: the limit is {_MOST_PAGES:,}")
        pages = []
        size = 0
        for number in range(len(document)):
            page = document[number]
            pages.append(letters.read(page, number + 1, raw))
            page.close()
            size += len(pages[-1].letters)
            if size > _MOST_LETTERS:
                raise ReadError(f"{name}: too large: the limit is {_MOST_LETTERS:,} letters")
        return pages, _outline(document)
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"{name}: a damaged PDF: {error}") from error
    finally:
        document.close()


def _outline(document: Any) -> dict[tuple[int, str], int]:
    out: dict[tuple[int, str], int] = {}
    try:
        for mark in document.get_toc(max_depth=9):
            target = mark.get_dest()
            index = target.get_index() if target is not None else None
            if index is not None:
                out[index + 1, "".join(str(mark.get_title()).split())] = mark.level + 1
    except Exception:  # an outline is a help that files often break
        return out
    return out


def _titled(block: Block, outline: dict[tuple[int, str], int]) -> Block:
    """A paragraph that the outline names is a heading of its level."""
    if not isinstance(block, Paragraph) or block.page is None:
        return block
    level = outline.get((block.page, "".join(block.text.split())))
    return replace(block, heading=level) if level is not None else block


# -- one page ---------------------------------------------------------------------------------------------------------


def _pieces(page: letters.Page) -> tuple[list[ruled.RuledTable], list[lines.Piece]]:
    """The ruled tables of a page with their letters, and the pieces outside of them."""
    tables = [t for t in ruled.tables(page.rules) if sum(map(t.holds, page.letters)) > 1]
    rest: list[letters.Letter] = []
    held: list[list[letters.Letter]] = [[] for _ in tables]
    for letter in page.letters:
        at = next((n for n in reversed(range(len(tables))) if tables[n].holds(letter)), None)
        (rest if at is None else held[at]).append(letter)
    for table, own in zip(tables, held, strict=True):
        table.take(own)
    return tables, lines.pieces(rest)


def _parts(
    page: letters.Page,
    split: tuple[list[ruled.RuledTable], list[lines.Piece]],
    runs: Sequence[tuple[lines.Line, Region]],
) -> Iterator[_Part]:
    """A page from top to bottom: what stands above each table, the table, and what stands below the last."""
    tables, pieces = split
    gone = {id(piece) for line, _ in runs for piece in line.pieces}
    left = [piece for piece in pieces if id(piece) not in gone]
    for table in tables:
        above = [piece for piece in left if piece.base <= table.top + 1]
        left = [piece for piece in left if piece.base > table.top + 1]
        if above:
            yield _Part(page, columns=lines.ordered(above, page.number))
        yield _Part(page, table)
    if left:
        yield _Part(page, columns=lines.ordered(left, page.number))


def _running(page: letters.Page, runs: Sequence[tuple[lines.Line, Region]]) -> Iterator[Paragraph]:
    """What runs on a page, and what lies across it."""
    for line, region in runs:
        yield Paragraph((Run(line.text, line.bold, region),), page=page.number, size=round(line.size, 1), box=line.box)
    for line in lines.aslant(page.aslant, page.number):
        yield Paragraph(
            (Run(line.text, line.bold, Region.HEADER),), page=page.number, size=round(line.size, 1), box=line.box
        )


# -- all pages --------------------------------------------------------------------------------------------------------


def _blocks(parts: Sequence[_Part]) -> Iterator[Block]:
    """Paragraphs and tables; text and tables that a page breaks go on."""
    texts: list[_Part] = []
    table: spread.Spread | None = None
    for part in parts:
        if part.table is None:
            if table is not None:
                yield table.closed()
                table = None
            texts.append(part)
            continue
        yield from _text(texts)
        texts = []
        rows = _rows(part.table, part.page)
        if table is not None and table.takes(part.page.number, rows):
            continue
        if table is not None:
            yield table.closed()
        table = spread.Spread(part.page.number, rows)
    yield from _text(texts)
    if table is not None:
        yield table.closed()


def _text(parts: Sequence[_Part]) -> Iterator[Block]:
    """Running text over columns and pages, and the tables in it that no lines rule."""
    found = [(part, column) for part in parts for column in part.columns]
    alone = {id(part): len(part.columns) == 1 for part in parts}
    widest: dict[int, float] = {}
    own = []
    for part, column in found:
        margins = flow.margins(column, part.page.width, alone[id(part)])
        key = round(margins.left / 12)
        widest[key] = max(widest.get(key, 0.0), margins.right)
        own.append((part, column, margins, key))
    running_text: list[tuple[lines.Line, flow.Margins]] = []
    for part, column, margins, key in own:
        here = replace(margins, right=widest[key]) if alone[id(part)] else margins
        for stretch in aligned.split(column):
            if isinstance(stretch, aligned.AlignedTable):
                yield from flow.paragraphs(running_text, part.page.width)
                running_text = []
                yield _unruled(stretch)
            else:
                running_text += [(line, here) for line in stretch]
    if parts:
        yield from flow.paragraphs(running_text, parts[0].page.width)


def _unruled(table: aligned.AlignedTable) -> Table:
    """A table that no lines rule; each of its columns is as wide as its longest line."""
    rows = []
    for n, row in enumerate(table.rows, 1):
        cells = []
        for column, inside in enumerate(row):
            whole = [line for other in table.rows for line in other[column]]
            here = flow.Margins(
                min((line.box.left for line in whole), default=0.0),
                max((line.box.right for line in whole), default=0.0),
                flow.pitch(inside),
            )
            cells.append(GridCell(column + 1, tuple(flow.paragraphs([(line, here) for line in inside], 0.0))))
        rows.append(Row(n, tuple(cells)))
    return Table(tuple(rows))


def _rows(table: ruled.RuledTable, page: letters.Page) -> list[list[spread.Placed]]:
    rows: list[list[spread.Placed]] = [[] for _ in range(len(table.ys) - 1)]
    for cell in table.cells:
        inside = lines.ordered_by_height(lines.pieces(cell.letters), page.number)
        made = spread.placed(table.xs, cell, tuple(_in_cell(inside, table, cell)))
        rows[cell.row].append(made)
        for below in range(cell.row + 1, cell.row + cell.rows):
            rows[below].append(made._replace(cell=replace(made.cell, merged=True)))
    for row in rows:
        row.sort(key=lambda placed: placed.left)
    return rows


def _in_cell(inside: list[lines.Line], table: ruled.RuledTable, cell: ruled.RuledCell) -> Iterator[Paragraph]:
    """The paragraphs of a cell, whose margins are as far from its right line as from its left one."""
    if not inside:
        return iter(())
    left, right = table.xs[cell.column], table.xs[cell.column + cell.columns]
    start = min(line.box.left for line in inside)
    end = max(max(line.box.right for line in inside), right - max(start - left, 0.0) - 1)
    here = flow.Margins(start, min(end, right), flow.pitch(inside))
    for line in inside:
        line.text = line.text.replace("\t", " ")
    return flow.paragraphs(((line, here) for line in inside), left + right)
