"""Passages of postings as the package divides them, for training the model of facts on texts whose blocks nobody annotated.

`skills.jsonl` lists the skills that 1,311 postings of a corpus ask for, each of one post: `id`, and the spans of the forms of each
skill in its text.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np

from pipeline.blocks import Corrected, Segmented
from pipeline.classify.facts import passages
from pipeline.classify.facts.tagger import Tag
from pipeline.clean import clean
from pipeline.segment import segment
from pipeline.text import SourceText
from pipeline.train import corpus, stated
from pipeline.train.corpus import Posting
from pipeline.train.stated import Part

LONGEST = 3000
"""Characters of a posting."""

_OTHERS = [int(tag) for tag in Tag if tag not in (Tag.SKILL, Tag.SKILL_ON)]


def listed(path: Path) -> Iterator[list[Part]]:
    """The passages of the postings whose skills were listed; of other facts nothing is said."""
    lines = files(__package__).joinpath("skills.jsonl").read_text("utf-8").splitlines()
    wanted = {row["id"]: row["skills"] for row in map(json.loads, lines)}
    for posting in corpus.read(path):
        if posting.id in wanted:
            forms = [tuple(posting.text[a:b] for a, b in spans) for spans in wanted[posting.id]]
            if parts := list(_passages(posting, forms)):
                yield parts


def unread(path: Path, number: int, but: Iterable[str], seed: int) -> Iterator[list[Part]]:
    """The passages of `number` postings that nobody annotated, drawn by chance, without those of the ids `but`; any tag may be right."""
    known = set(but)
    postings = [p for p in corpus.read(path) if p.id not in known and len(p.text) < LONGEST]
    random.Random(seed).shuffle(postings)
    for posting in postings[:number]:
        if parts := list(_passages(posting, None)):
            yield parts


def _passages(posting: Posting, skills: list[tuple[str, ...]] | None) -> Iterator[Part]:
    segmented = _segmented(posting)
    text = segmented.corrected.revision.text
    for role in segmented.roles:
        found = list(passages.of_role(text, role.blocks))
        if found:
            allowed = stated.allowed(text, found, [], skills)
            unsaid = np.flatnonzero(allowed[:, Tag.NONE])
            allowed[unsaid[:, None], _OTHERS] = True
            yield from stated.parts(text, found, allowed)


def _segmented(posting: Posting) -> Segmented:
    source = SourceText(posting.text, posting.id, "text/plain", "utf-8", "0" * 64)
    return segment(source, Corrected(clean(posting.text)))
