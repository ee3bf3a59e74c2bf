"""What a worker does with a document that came over HTTP: the same as `gangwei parse` does with a file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline import outputs
from pipeline.batch import render_all
from pipeline.errors import PipelineError, ReadError
from pipeline.limits import Limits

if TYPE_CHECKING:
    from pipeline.correct import Settings
    from pipeline.review.decisions import Decisions
    from pipeline.text import SourceText

SOURCE = "source"
"""The file, in the folder of a document, that came."""
RECORD = "record"
"""What is made of it, there, without suffixes."""
SOURCE_TEXT = ".source.txt"
DECISIONS = "decisions.json"
"""What people decided about it, there."""


class Wanted(StrEnum):
    """What is to be made: the record of a document, its review page, or the list of a batch's pages."""

    RECORD = "record"
    PAGE = "page"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Manner:
    """How documents are parsed: steered by what, within which limits; which field of JSON files holds the text."""

    settings: Settings | None = None
    limits: Limits = field(default_factory=Limits)
    text_field: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A document to parse, in a folder of its own.

    `name` is that of its file, or of the text itself where `is_text`. `kept` says that what is made of it is to be
    written to the folder, its source text in any case, instead of being handed back, and that decisions which are kept
    there are followed. Pages are made from what was kept; of a list, `folder` is that of the batch.
    """

    folder: Path
    name: str
    is_text: bool
    formats: tuple[str, ...]
    kept: bool = False
    wanted: Wanted = Wanted.RECORD


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a document: its characters, and what was made of it, by suffix; nothing where that is kept."""

    characters: int
    written: dict[str, bytes]


def work(ask: Ask | None, manner: Manner) -> Answer | PipelineError | None:
    """Parse a document, or make its page; nothing where there is none, which shows that the worker is there."""
    if ask is None:
        return None
    try:
        return _parsed(ask, manner) if ask.wanted is Wanted.RECORD else _page(ask)
    except PipelineError as error:
        return error
    except Exception as error:  # a fault of gangwei's own; what it says might hold text of the document
        return PipelineError(f"{ask.name}: internal error: {type(error).__name__}")


def _parsed(ask: Ask, manner: Manner) -> Answer:
    from pipeline.run import record

    source = _source(ask, manner)
    manner.limits.check_characters(len(source.text), ask.name)
    written = render_all(record(source, manner.settings, _decided(ask)), source, ask.formats)
    if ask.kept:
        outputs.write(ask.folder, RECORD, {**written, SOURCE_TEXT: source.text.encode("utf-8")})
        written = {}
    return Answer(len(source.text), written)


def _page(ask: Ask) -> Answer:
    from pipeline.serve import pages

    return (pages.page if ask.wanted is Wanted.PAGE else pages.overview)(ask.folder, ask.name)


def _decided(ask: Ask) -> tuple[Decisions, ...]:
    from pipeline.review.decisions import load

    path = ask.folder / DECISIONS
    return (load(path),) if ask.kept and path.exists() else ()


def _source(ask: Ask, manner: Manner) -> SourceText:
    from pipeline.read import read_bytes
    from pipeline.run import source_of

    try:
        data = (ask.folder / SOURCE).read_bytes()
    except OSError as error:  # its folder may have been removed meanwhile
        raise ReadError(f"{ask.name}: {error.strerror}") from error
    if ask.is_text:
        return source_of(data.decode("utf-8"), ask.name)
    return replace(read_bytes(data, ask.name, manner.text_field), name=PurePosixPath(ask.name).with_suffix("").name)
