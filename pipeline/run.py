"""The one ordered composition of the stages: source text in, record out."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path

from pipeline import lexicons, places
from pipeline.classify import classify
from pipeline.clean import clean, losses
from pipeline.correct import Settings, correct
from pipeline.model import Document, Generator
from pipeline.read import read
from pipeline.segment import segment
from pipeline.text import SourceText
from pipeline.version import __version__

__all__ = ["generator", "parse", "parse_file", "parse_source"]


def parse_source(source: SourceText, settings: Settings | None = None) -> Document:
    """The record of a source text. `settings` steer the corrections; without them the defaults hold."""
    source = replace(source, warnings=(*source.warnings, *losses(source.text)))
    cleaned = clean(source.text)
    corrected = correct(cleaned, settings)
    segmented = segment(source, corrected)
    document = classify(segmented, generator())
    return document.model_copy(update={"places": places.of_layout(source.layout)}) if source.layout else document


def parse(text: str, name: str = "text", settings: Settings | None = None) -> Document:
    """The record of a text that is at hand as a string; `name` goes into its roles' ids."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    warnings = () if text.strip() else (("empty", "the file holds no text"),)
    return parse_source(SourceText(text, name, "text/plain", "utf-8", digest, warnings=warnings), settings)


def parse_file(path: Path | str, settings: Settings | None = None, text_field: str | None = None) -> Document:
    """The record of a file; `text_field` names the field of its text in JSON. Raises ReadError, which names it."""
    return parse_source(read(Path(path), text_field), settings)


@cache
def generator() -> Generator:
    """What records say of the program that made them."""
    return Generator(name="gangwei", version=__version__, lexicon_version=lexicons.version())
