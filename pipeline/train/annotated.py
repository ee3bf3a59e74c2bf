"""Annotated documents as the model of structure is trained on them: pieces, and the tags that each may have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.blocks import Label
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

    name: str
    family: str
    text: str
    pieces: tuple[Piece, ...]
    description: Description
    allowed: NDArray[np.bool_]
    begins: NDArray[np.int64]
    deeper: NDArray[np.int64]
    titles: tuple[tuple[int, tuple[str, ...]], ...]
    source: str
    gold: dict[str, Any]
    """For each role heading its first piece, and the titles that are right."""


def folder(path: Path) -> Iterator[Annotated]:
    """The annotated documents of a folder: NAME.txt beside NAME.gold.json, families in layouts.tsv."""
    families = _families(path / "layouts.tsv")
    for gold_path in sorted(path.glob("*.gold.json")):
        name = gold_path.name.removesuffix(".gold.json")
        text = (path / f"{name}.txt").read_bytes().decode("utf-8-sig")
        gold = gold_path.read_text(encoding="utf-8")
        if gold.strip():  # an annotation that did not fit its text leaves an empty file
            yield of_gold(name, families.get(name, name), text, json.loads(gold))


def _families(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return {row[0]: row[1] for row in rows}


def of_gold(name: str, family: str, text: str, gold: dict[str, Any]) -> Annotated:
    """A text and its gold annotation, whose offsets are of the text as it stands."""
    revision = clean(text)
    pieces = cut(revision.text)
    blocks = gold["blocks"]
    at = _block_of_pieces(revision, pieces, blocks)
    n = len(pieces)
    allowed = np.zeros((n, tags.COUNT), bool)
    begins, deeper = np.zeros(n, np.int64), np.full(n, -1, np.int64)
    titles = []
    for i, k in enumerate(at):
        first = i == 0 or at[i - 1] != k
        block = blocks[k] if k >= 0 else None
        allowed[i] = _allowed(block, first)
        if block is None or block["label"] == "free":
            begins[i] = -1
            continue
        if first and block["titles"]:
            begins[i] = -1 if "boilerplate" in block["alt"] else 1
            if block["label"] == "role_heading" and "∅" not in block["titles"]:
                titles.append((i, tuple(block["titles"])))
        if first and block["label"] == "section_heading":
            deeper[i] = int((block["level"] or 1) > 1)
    return Annotated(name, family, revision.text, pieces, describe(revision.text, pieces), allowed, begins, deeper, tuple(titles), text, gold)


def _block_of_pieces(revision: Revision, pieces: tuple[Piece, ...], blocks: list[dict[str, Any]]) -> list[int]:
    starts = np.array([b["start"] for b in blocks])
    where = [revision.to_source((p.start, p.end)).start for p in pieces]
    return (np.searchsorted(starts, where, side="right") - 1).tolist()


def _allowed(block: dict[str, Any] | None, first: bool) -> NDArray[np.bool_]:
    out = np.zeros(tags.COUNT, bool)
    if block is None or block["label"] == "free":
        return ~out
    labels = {block["label"], *block["alt"]}
    if "boilerplate" in labels:
        out[tags.OUTSIDE] = True
    if not first:
        out[tags.CONTINUATION] = block["label"] != "boilerplate" or block["alt"]
        return out
    if "role_heading" in labels:
        out[tags.ROLE if block["titles"] or block["label"] != "role_heading" else tags.SUBTITLE] = True
    for label in tags.BODY:
        if label.value in labels:
            for kind in block["kinds"] or tags.KINDS:
                out[tags.tag(label, kind)] = True
    if block["label"] == "boilerplate" and block["alt"]:
        for label in tags.BODY:
            if label.value in block["alt"]:
                out[[tags.tag(label, k) for k in tags.KINDS]] = False
                out[tags.tag(label, "other")] = True
    return out


__all__ = ["Annotated", "Label", "folder", "of_gold"]
