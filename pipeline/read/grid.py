"""What the cells of a table are to each other: names of columns, names before values, values that hold for rows below."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise, takewhile

from pipeline import lexicons
from pipeline.read.parts import Block, GridCell, Paragraph, Row, Run, Table

_SHORT = 16
"""Characters that the name of a column or a field has at most."""
_NAME = re.compile(
    r"(?:序号|编号|代码|部门|科室|单位|岗位|职位|职务|工种|人数|名额|学历|学位|专业|年龄|性别|要求|条件|资格|职责|任务|备注|地点|地区|城市"
    r"|薪资|薪酬|工资|待遇|时间|日期|经验|技能|内容|名称|类别|类型|性质|电话|联系人|项目|说明|描述|标准|上级|下级|权限|No\.?)"
    r"(?:[(（][^()（）]{1,10}[)）])?$"
)
_TITLES = re.compile(r"(?:招聘|需求|应聘|拟招|用工)?(?:岗位|职位|工种|职务)(?:名称)?")
_DECORATION = re.compile(r"[\s:：*＊]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_STOP = re.compile(r"[。；;！？!?，,]")


@dataclass(frozen=True, slots=True)
class Plan:
    """What was made out of one table. Cells are told by the index of their row and their column."""

    headers: frozenset[int]
    entries: frozenset[int]
    """Rows that have a value for each name of a header."""
    labels: frozenset[tuple[int, int]]
    filled: frozenset[tuple[int, int]]

    def in_columns(self, index: int) -> bool:
        """Whether the cells of this row stand in named columns, so that an empty one matters."""
        return index in self.headers or index in self.entries

    def is_header(self, index: int) -> bool:
        """Whether this row names the columns."""
        return index in self.headers

    def is_label(self, index: int, cell: GridCell) -> bool:
        """Whether this cell names what stands beside it."""
        return (index, cell.column) in self.labels

    def blocks(self, index: int, cell: GridCell) -> tuple[Block, ...]:
        """What to write for a cell: a merged one once, or in each row where rows are entries of a list."""
        if cell.merged and (index, cell.column) not in self.filled:
            return ()
        return _upright(cell.blocks)


def plan(table: Table) -> Plan:
    """Make out which rows are headers, which cells are labels, which merged cells hold for the rows below."""
    rows = table.rows
    headers = _headers(rows)
    under = _under(rows, headers)
    labels = _labels(rows, frozenset(under) | headers)
    return Plan(headers, frozenset(under), frozenset(labels), frozenset(_filled(rows, under)))


def words(cell: GridCell) -> str:
    """A cell's text without blanks and colons; empty for one that holds a table."""
    if any(isinstance(block, Table) for block in cell.blocks):
        return ""
    return _DECORATION.sub("", "".join(b.text for b in cell.blocks if isinstance(b, Paragraph)))


def is_name(text: str) -> bool:
    """Whether a text without blanks and colons is the name of a column or of a field."""
    if not 0 < len(text) <= _SHORT or _STOP.search(text):
        return False
    return text in _known() or bool(_NAME.search(text))


@cache
def _known() -> frozenset[str]:
    return frozenset(phrase for phrase, _, use in lexicons.rows("headings") if use in ("strong", "plain", "field"))


# -- rows that name the columns ---------------------------------------------------------------------------------------


def _headers(rows: tuple[Row, ...]) -> frozenset[int]:
    found = [i for i, row in enumerate(rows) if _says_header(row)]
    if not found or len(found) == len(rows):
        found = [i for i, (row, below) in enumerate(pairwise(rows)) if _names_columns(row, below)]
    texts = {tuple(words(cell) for cell in rows[i].cells) for i in found if not _is_form(rows, i)}
    return frozenset(i for i, row in enumerate(rows) if tuple(words(cell) for cell in row.cells) in texts)


def _columns(row: Row) -> list[int]:
    """Where the cells of a row begin."""
    return [cell.column for cell in row.cells]


def _is_form(rows: tuple[Row, ...], head: int) -> bool:
    """Whether the rows below have names where a list has titles: "岗位名称 | 出纳 | 岗位代码", below it "所属部门 | 财务部"."""
    titles = {cell.column for cell in rows[head].cells if _TITLES.fullmatch(words(cell))}
    alike = takewhile(lambda row: _columns(row) == _columns(rows[head]), rows[head + 1 :])
    under = [text for row in alike for cell in row.cells if cell.column in titles and (text := words(cell))]
    return 2 * sum(map(is_name, under)) > len(under)


def _under(rows: tuple[Row, ...], headers: frozenset[int]) -> dict[int, int]:
    """For each row that has the columns of a header above it, that header; other columns end its reach."""
    out: dict[int, int] = {}
    head: int | None = None
    for i, row in enumerate(rows):
        if i in headers:
            head = i
        elif head is not None and _columns(row) == _columns(rows[head]):
            out[i] = head
        else:
            head = None
    return out


def _says_header(row: Row) -> bool:
    """Whether the file says so; the title of a table, in one cell, names no columns."""
    filled = [cell for cell in row.cells if words(cell)]
    return len(filled) > 1 and (row.header or all(cell.header for cell in filled))


def _names_columns(row: Row, below: Row) -> bool:
    """More than six in ten cells are names, and few of the row below are: a form has a name and a value by turns."""
    texts = [text for cell in row.cells if not cell.merged and (text := words(cell))]
    names = sum(map(is_name, texts))
    if len(texts) < 2 or names < 2 or names <= 0.6 * len(texts) or _by_turns(row):
        return False
    under = [text for cell in below.cells if (text := words(cell))]
    return bool(under) and _columns(row) == _columns(below) and sum(map(is_name, under)) <= 0.3 * len(under)


def _by_turns(row: Row) -> bool:
    """Whether a row has a name and a value, or room for one, by turns: "岗位名称 | 出纳 | 岗位代码 | "."""
    named = [is_name(words(cell)) for cell in row.cells]
    return len(named) % 2 == 0 and all(named[::2]) and not any(named[1::2])


# -- cells that name their neighbour ----------------------------------------------------------------------------------


def _labels(rows: tuple[Row, ...], columns: frozenset[int]) -> list[tuple[int, int]]:
    """The names in rows that stand in no named columns."""
    out = []
    for i, row in enumerate(rows):
        if i in columns:
            continue
        behind = False
        for at, cell in enumerate(row.cells):
            text = words(cell)
            last = at + 1 == len(row.cells)
            label = not last and not cell.merged and not behind and _names_neighbour(cell, text, row.cells[at + 1])
            if label:
                out.append((i, cell.column))
            behind = label and not is_name(words(row.cells[at + 1]))
    return out


def _names_neighbour(cell: GridCell, text: str, neighbour: GridCell) -> bool:
    if is_name(text):
        return True
    if not 0 < len(text) <= _SHORT or _STOP.search(text) or not _HAN.search(text):
        return False
    typed = "".join(b.text for b in cell.blocks if isinstance(b, Paragraph)).rstrip().endswith((":", "："))
    marked = cell.header or (cell.shaded and not neighbour.shaded) or (_bold(cell) and not _bold(neighbour))
    return typed or marked


def _bold(cell: GridCell) -> bool:
    return any(isinstance(b, Paragraph) and b.bold for b in cell.blocks)


# -- values that hold for the rows below ------------------------------------------------------------------------------


def _filled(rows: tuple[Row, ...], under: dict[int, int]) -> list[tuple[int, int]]:
    """The merged cells that are said again in rows that are each an entry of their own.

    Where the title itself goes on, the row is no new entry and nothing is said again.
    """
    out = []
    for i, head in under.items():
        titles = {c.column for c in rows[head].cells if _TITLES.fullmatch(words(c))}
        cells = rows[i].cells
        own = [c for c in cells if not c.merged and words(c)]
        if own and titles and not any(c.merged and c.column in titles for c in cells):
            out += [(i, cell.column) for cell in cells if cell.merged]
    return out


# -- names set upright ------------------------------------------------------------------------------------------------


def _upright(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A name that a narrow column breaks into lines of a character or two, on one line."""
    if not blocks or not all(isinstance(b, Paragraph) and not b.number for b in blocks):
        return blocks
    paragraphs = [b for b in blocks if isinstance(b, Paragraph)]
    lines = [line.strip() for p in paragraphs for line in p.text.splitlines() if line.strip()]
    if len(lines) < 2 or not all(len(line) <= 3 and all(map(_HAN.match, line)) for line in lines):
        return blocks
    whole = "".join(lines)
    if (max(map(len, lines)) > 1 or len(lines) == 2) and whole not in _known():
        return blocks
    first = next(p for p in paragraphs if p.text.strip())
    run = next(run for run in first.runs if run.text.strip())
    return (replace(first, runs=(Run(whole, run.bold, run.region),)),)
