"""Annotated documents as segmentation would hand them on if it made no mistake, so that facts are judged on their own."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pipeline.blocks import Corrected, Label, Segmented
from pipeline.clean import clean
from pipeline.segment import build, tags
from pipeline.segment.cut import cut
from pipeline.segment.network import Read
from pipeline.text import SourceText

Skills = dict[int, list[tuple[str, ...]]]
"""The skills that each role asks for, each with the forms that are right."""


class Told(NamedTuple):
    """A document, its true blocks, and what its annotation says of its roles; `skills` is None where nobody listed them."""

    name: str
    segmented: Segmented
    facts: list[dict[str, Any]]
    skills: Skills | None


def told(name: str, text: str, gold: dict[str, Any], skills: Skills | None = None) -> Told:
    """A text with its gold annotation, whose offsets are of the text as it stands."""
    return Told(name, segmented(name, text, gold["blocks"]), gold["facts"], skills)


def skills_of(path: Path) -> Skills | None:
    """The skills of NAME.skills.tsv: role, forms joined by " / ", level, preferred. None where there is no such file."""
    if not path.exists():
        return None
    out: Skills = defaultdict(list)
    for row in path.read_text(encoding="utf-8").splitlines():
        columns = row.split("\t")
        if len(columns) >= 2:
            out[int(columns[0])].append(tuple(columns[1].split(" / ")))
    return out


def segmented(name: str, text: str, blocks: list[dict[str, Any]]) -> Segmented:
    """The blocks of a gold annotation, cut where the cutter cuts."""
    revision = clean(text)
    source = SourceText(text, name, "text/plain", "utf-8", "0" * 64)
    pieces = cut(revision.text, revision.unbroken())
    if not pieces:
        return Segmented(source, Corrected(revision))
    starts = [b["start"] for b in blocks]
    where = [revision.to_source((p.start, p.end)).start for p in pieces]
    at = np.maximum(np.searchsorted(starts, where, side="right") - 1, 0)
    first = np.concatenate([[True], at[1:] != at[:-1]])
    read = Read(
        [_tag(blocks[k], new) for k, new in zip(at, first, strict=True)],
        np.ones(len(pieces)),
        np.ones(len(pieces)),
        np.array([float(new and bool(blocks[k]["titles"])) for k, new in zip(at, first, strict=True)]),
        np.array([float((blocks[k]["level"] or 1) > 1) for k in at]),
    )
    roles, left = build.part(build.join(pieces, read), read)
    return Segmented(
        source,
        Corrected(revision),
        tuple(build.role(revision.text, pieces, read, blocks) for blocks in roles),
        tuple(build.leftover(pieces, block, reason) for block, reason in left),
    )


def _tag(block: dict[str, Any], first: bool) -> int:
    label = block["label"]
    if label == "boilerplate":
        return tags.OUTSIDE
    if not first:
        return tags.CONTINUATION
    if label == "free":
        return tags.tag(Label.PARAGRAPH, "other") if block["titles"] else tags.OUTSIDE
    if label == "role_heading":
        return tags.ROLE if block["titles"] else tags.SUBTITLE
    return tags.tag(Label(label), (block["kinds"] or ["other"])[0])
