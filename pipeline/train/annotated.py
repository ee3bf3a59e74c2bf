"""Annotated documents as the model of structure is trained on them: pieces, and the tags that each may have."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.annotation import UNNAMED, Annotation, Mark
from pipeline.clean import clean
from pipeline.segment import tags
from pipeline.segment.cut import Piece, cut
from pipeline.segment.describe import Description, describe
from pipeline.text import Revision


class Annotated(NamedTuple):
    """A document and what its annotation says of each piece.

    `allowed[i, t]`: whether tag t is right for piece i, since an annotation may accept several. `begins`: 1 where a role
    begins, 0 where none does, -1 where either is right. `deeper`: 1 for headings under another heading, 0 for others,
    -1 for what is no heading.
    """

    annotation: Annotation
    text: str
    pieces: tuple[Piece, ...]
    description: Description
    allowed: NDArray[np.bool_]
    begins: NDArray[np.int64]
    deeper: NDArray[np.int64]
    titles: tuple[tuple[int, tuple[str, ...]], ...]
    """For each role heading its first piece, and the titles that are right."""


def of(annotation: Annotation) -> Annotated:
    """An annotation as the model sees it; its offsets are of the text as it stands."""
    revision = clean(annotation.text)
    pieces = cut(revision.text, revision.unbroken())
    marks = annotation.marks
    at = mark_of_pieces(revision, pieces, marks)
    n = len(pieces)
    allowed = np.zeros((n, tags.COUNT), bool)
    begins, deeper = np.zeros(n, np.int64), np.full(n, -1, np.int64)
    titles = []
    for i, k in enumerate(at):
        first = i == 0 or at[i - 1] != k
        mark = marks[k] if k >= 0 else None
        allowed[i] = _allowed(mark, first)
        if mark is None or mark.label == "free":
            begins[i] = -1
            continue
        if first and mark.titles:
            begins[i] = -1 if "boilerplate" in mark.alt else 1
            if mark.label == "role_heading" and UNNAMED not in mark.titles:
                titles.append((i, mark.titles))
        if first and mark.label == "section_heading":
            deeper[i] = int((mark.level or 1) > 1)
    description = describe(revision.text, pieces)
    return Annotated(annotation, revision.text, pieces, description, allowed, begins, deeper, tuple(titles))


def mark_of_pieces(revision: Revision, pieces: tuple[Piece, ...], marks: tuple[Mark, ...]) -> list[int]:
    """For each piece the index of the mark that it lies in; -1 before the first."""
    starts = np.array([mark.start for mark in marks])
    where = [revision.to_source((p.start, p.end)).start for p in pieces]
    out: list[int] = (np.searchsorted(starts, where, side="right") - 1).tolist()
    return out


def _allowed(mark: Mark | None, first: bool) -> NDArray[np.bool_]:
    out = np.zeros(tags.COUNT, bool)
    if mark is None or mark.label == "free":
        return ~out
    labels = {mark.label, *mark.alt}
    out[tags.OUTSIDE] = "boilerplate" in labels
    if not first:
        out[tags.CONTINUATION] = mark.label != "boilerplate" or bool(mark.alt)
        return out
    if "role_heading" in labels:
        out[tags.ROLE if mark.titles or mark.label != "role_heading" else tags.SUBTITLE] = True
    kinds = mark.kinds or (("other",) if mark.label == "boilerplate" else tags.KINDS)
    for label in tags.BODY:
        if label.value in labels:
            out[[tags.tag(label, kind) for kind in kinds]] = True
    return out
