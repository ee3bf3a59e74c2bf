"""Annotated postings of a corpus: what is said of them is in `postings.jsonl`, their text in the corpus alone.

Each row has the posting's `id`; `marks`: start, end, label, kinds, other labels, level, spans of titles (null where the
text names none); `facts`: role, field, and the value, or the span at which it stands; and, where somebody listed them,
`skills`: role, and the spans of the forms of each skill.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.annotation import UNNAMED, Annotation, Fact, Mark
from pipeline.train import corpus
from pipeline.train.gold import Skills


def annotated(path: Path, said: Path | None = None) -> Iterator[tuple[Annotation, Skills | None]]:
    """The annotated postings of a corpus file, with their skills where these were listed.

    What is said of them is read from `said`, where that is given.
    """
    lines = said or files(__package__).joinpath("postings.jsonl")
    wanted = {row["id"]: row for row in map(json.loads, lines.read_text("utf-8").splitlines())}
    for posting in corpus.read(path):
        row = wanted.get(posting.id)
        if row:
            marks = tuple(_mark(posting.text, mark) for mark in row["marks"])
            facts = tuple(Fact(role, field, _words(posting.text, value)) for role, field, value in row["facts"])
            yield Annotation(posting.id, posting.id, posting.text, marks, facts), _skills(posting.text, row)


def _words(text: str, value: Any) -> str:
    return value if isinstance(value, str) else text[value[0] : value[1]]


def _mark(text: str, row: list[Any]) -> Mark:
    start, end, label, kinds, alt, level, spans = row
    names = tuple(UNNAMED if span is None else text[span[0] : span[1]] for span in spans)
    return Mark(start, end, label, tuple(kinds), tuple(alt), level, names)


def _skills(text: str, row: dict[str, Any]) -> Skills | None:
    if "skills" not in row:
        return None
    out: Skills = {}
    for role, spans in row["skills"]:
        out.setdefault(role, []).append(tuple(text[a:b] for a, b in spans))
    return out
