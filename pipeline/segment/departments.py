"""Pages about departments: what names one starts a role, where nothing names a post."""

from __future__ import annotations

from pipeline.blocks import Label
from pipeline.segment import headings, titles
from pipeline.segment.pieces import Piece
from pipeline.segment.standing import Start
from pipeline.segment.titles import Named

_NAMES = frozenset(("部门名称", "部门", "科室名称", "科室", "部室名称", "机构名称"))
_DUTIES = ("部门职责", "部门职能", "部门工作职责", "部门主要职责", "科室职责", "科室职能", "机构职能", "部门任务")


def promote(pieces: list[Piece]) -> None:
    """ "部门名称：档案部" names the role above "部门职责：", unless labels on the page name posts."""
    labels = [p for p in pieces if p.heading and p.first and p.heading.phrase in _NAMES]
    if not labels or any(p.heading and p.heading.kind == "title" for p in pieces):
        return
    if not any(p.heading and headings.simplified(p.heading.phrase) in _DUTIES for p in pieces):
        return
    for piece in labels:
        assert piece.heading is not None
        piece.heading = piece.heading._replace(kind="title")


def first(text: str, pieces: list[Piece]) -> list[Start]:
    """A page that begins with a department's name and has a heading of a department's duties is about that one."""
    live = [i for i, p in enumerate(pieces) if p.label != Label.LEFTOVER]
    if not live or not any(p.heading and headings.simplified(p.heading.phrase) in _DUTIES for p in pieces):
        return []
    piece = pieces[live[0]]
    title = titles.clean(piece.text(text))
    if piece.whole and not piece.heading and not piece.marker and titles.names_department(title):
        return [Start(live[0], Named(title, None, piece.end - piece.body, False))]
    return []
