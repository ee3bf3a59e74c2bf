"""Review pages of stored records, made in a worker: a long one takes a while."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import SourceError
from pipeline.serve.work import RECORD, SOURCE_TEXT, Answer

HTML = ".html"


def page(folder: Path, name: str) -> Answer:
    """The page of the record in a document's folder; `name` is what a message calls it.

    Raises SourceError where the folder is gone, InvalidRecordError for a broken record.
    """
    from pipeline.export import parse_record
    from pipeline.review.page import page as page_of

    try:
        record = (folder / f"{RECORD}.json").read_bytes()
        text = (folder / (RECORD + SOURCE_TEXT)).read_bytes().decode("utf-8")
    except OSError as error:
        raise SourceError(f"{name}: the batch was removed meanwhile") from error
    document = parse_record(record, "json")
    return Answer(len(text), {HTML: page_of(document, text, document.source.name)})
