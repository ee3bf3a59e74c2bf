"""Annotated documents as segmentation would hand them on if it made no mistake, so that facts are judged on their own."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipeline.annotation import Annotation, Fact, Mark
from pipeline.blocks import Corrected, Label, Segmented
from pipeline.clean import clean
from pipeline.segment import build, tags
from pipeline.segment.cut import cut
from pipeline.segment.joined import join
from pipeline.segment.network import Read
from pipeline.text import SourceText
from pipeline.train.annotated import mark_of_pieces

Skills = dict[int, list[tuple[str, ...]]]
"""The skills that each role asks for, each with the forms that are right."""


class Told(NamedTuple):
    """A document, its true blocks, and what its annotation says of its roles; `skills` is None where nobody listed them."""

    name: str
    segmented: Segmented
    facts: tuple[Fact, ...]
    skills: Skills | None


def told(document: Annotation, skills: Skills | None = None) -> Told:
    """An annotated document, whose offsets are of the text as it stands."""
    return Told(document.name, segmented(document), document.facts, skills)


def skills_of(folder: Path) -> dict[str, Skills]:
    """What `skills.tsv` in a folder of annotated documents lists, by the document's name; nothing where there is no such file.

    Its rows are document, role, forms joined by " / ", level, preferred; a document whose roles ask for none has "-" for a role.
    """
    out: dict[str, Skills] = {}
    path = folder / "skills.tsv"
    rows = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for row in rows:
        if row and not row.startswith("#"):
            name, role, *rest = row.split("\t")
            listed = out.setdefault(name, {})
            if role != "-":
                listed.setdefault(int(role), []).append(tuple(rest[0].split(" / ")))
    return out


def segmented(document: Annotation) -> Segmented:
    """The blocks of an annotation, cut where the cutter cuts."""
    revision = clean(document.text)
    source = SourceText(document.text, document.name, "text/plain", "utf-8", "0" * 64)
    pieces = cut(revision.text, revision.unbroken())
    if not pieces:
        return Segmented(source, Corrected(revision))
    marks = document.marks
    at = np.maximum(mark_of_pieces(revision, pieces, marks), 0)
    first = np.concatenate([[True], at[1:] != at[:-1]])
    read = Read(
        [_tag(marks[k], new) for k, new in zip(at, first, strict=True)],
        np.ones(len(pieces)),
        np.ones(len(pieces)),
        np.array([float(new and bool(marks[k].titles)) for k, new in zip(at, first, strict=True)]),
        np.array([float((marks[k].level or 1) > 1) for k in at]),
    )
    parted, left = build.part(join(pieces, read), read)
    return Segmented(
        source,
        Corrected(revision),
        build.roles(revision.text, pieces, read, parted),
        tuple(build.leftover(pieces, block, reason) for block, reason in left),
    )


def _tag(mark: Mark, first: bool) -> int:
    if mark.label == "boilerplate":
        return tags.OUTSIDE
    if not first:
        return tags.CONTINUATION
    if mark.label == "free":
        return tags.tag(Label.PARAGRAPH, "other") if mark.titles else tags.OUTSIDE
    if mark.label == "role_heading":
        return tags.ROLE if mark.titles else tags.SUBTITLE
    return tags.tag(Label(mark.label), (mark.kinds or ("other",))[0])
