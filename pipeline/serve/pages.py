"""The seam for review pages: the page of a stored record, where `pipeline.review` is there."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from pipeline.export import parse_record
from pipeline.serve.problems import Refusal
from pipeline.serve.work import RECORD, SOURCE_TEXT


def page(folder: Path, name: str) -> bytes:
    """The page of the record in a document's folder; `name` is what its decisions are stored under.

    Raises Refusal (501) where this gangwei makes no pages, PipelineErrors for a broken record.
    """
    if find_spec("pipeline.review") is None:
        raise Refusal("no-review", 501, "this gangwei makes no review pages")
    document = parse_record((folder / f"{RECORD}.json").read_bytes(), "json")
    text = (folder / (RECORD + SOURCE_TEXT)).read_bytes().decode("utf-8")
    made: bytes = import_module("pipeline.review.page").page(document, text, name)
    return made
