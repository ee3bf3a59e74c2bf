"""The one ordered composition of the stages: source text in, record out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from pipeline import lexicons, places
from pipeline.classify import classify
from pipeline.clean import clean, losses
from pipeline.correct import Settings, correct
from pipeline.errors import BrokenPromiseError, LimitError
from pipeline.model import Document, Generator
from pipeline.read import read
from pipeline.review import changes, decisions, structure
from pipeline.review.decisions import ChangeDecision, Decisions
from pipeline.segment import load_model, segment
from pipeline.text import SourceText
from pipeline.verify import broken, depth
from pipeline.version import __version__

__all__ = ["generator", "misfits", "parse", "parse_file", "parse_source", "record", "source_of"]

DEEPEST = 64
"""Levels of content that a record may have. Readers of JSON and XML refuse records that are nested much deeper; those
of real documents have a handful."""
_SHOWN = 3
"""Problems of a record that a message names."""


def parse_source(source: SourceText, settings: Settings | None = None, decided: Sequence[Decisions] = ()) -> Document:
    """The record of a source text. `settings` steer the corrections and name another model of structure.

    `decided` is what people decided about this document; what of it does not fit the text is a warning.
    Raises ModelError where that is none, LimitError for a text that is nested too deeply to be followed.
    """
    source = replace(source, warnings=(*source.warnings, *losses(source.text)))
    wanted, misfits = decisions.fitting(decided, source.text, source.sha256)
    try:
        cleaned = clean(source.text)
        swaps = [d for d in wanted if isinstance(d, ChangeDecision)]
        corrected, unmade = changes.apply(cleaned, correct(cleaned, settings), swaps)
        segmented = segment(source, corrected, load_model(settings.model if settings else None))
        segmented, unplaced = structure.apply(segmented, wanted)
        document = classify(segmented, generator())
    except RecursionError as error:
        raise LimitError(f"{source.name}: nested too deeply") from error
    told = tuple(misfit.warning(source.text) for misfit in (*misfits, *unmade, *unplaced))
    return document.model_copy(
        update={"places": places.of_layout(source.layout), "warnings": (*document.warnings, *told)}
    )


def record(source: SourceText, settings: Settings | None = None, decided: Sequence[Decisions] = ()) -> Document:
    """The record of a source text, once it is held against it: what is written, is written by way of this.

    Raises BrokenPromiseError where it lost or doubled characters, says anything else than its spans, or could not be
    undone, and LimitError where it is nested deeper than DEEPEST levels.
    """
    document = parse_source(source, settings, decided)
    if depth(document) > DEEPEST:
        raise LimitError(f"{source.name}: nested deeper than {DEEPEST} levels")
    problems = broken(document, source.text)
    if problems:
        more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise BrokenPromiseError(f"{source.name}: the record breaks a promise: {'; '.join(problems[:_SHOWN])}{more}")
    return document


def parse(text: str, name: str = "text", settings: Settings | None = None) -> Document:
    """The record of a text that is at hand as a string; `name` goes into its roles' ids."""
    return parse_source(source_of(text, name), settings)


def source_of(text: str, name: str) -> SourceText:
    """A text that is at hand as a string, as readers hand on that of a file."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    warnings = () if text.strip() else (("empty", "the file holds no text"),)
    return SourceText(text, name, "text/plain", "utf-8", digest, warnings=warnings)


def parse_file(path: Path | str, settings: Settings | None = None, text_field: str | None = None) -> Document:
    """The record of a file; `text_field` names the field of its text in JSON. Raises ReadError, which names it."""
    return parse_source(read(Path(path), text_field), settings)


def misfits(document: Document) -> int:
    """How many decisions of people were not applied."""
    return sum(warning.code == decisions.MISFIT for warning in document.warnings)


@cache
def generator() -> Generator:
    """What records say of the program that made them."""
    return Generator(name="gangwei", version=__version__, lexicon_version=lexicons.version())
