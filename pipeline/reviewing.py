"""What `gangwei review` does: a page for each record of a folder, and an index of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline import boxes, inputs, manifest, outputs
from pipeline.errors import InvalidRecordError, PipelineError, ReadError, SourceError
from pipeline.export import parse_record
from pipeline.model import Document
from pipeline.names import readable
from pipeline.read import read
from pipeline.read.pictures import MOST, pictures
from pipeline.review.index import Row, index, row
from pipeline.review.page import page
from pipeline.review.sheets import Sheets
from pipeline.verify import broken

PAGES = "documents"
"""Folder of the pages below that of the index, so that no document's page can be taken for the index."""
DECISIONS = ".decisions.json"
"""What files of decisions end in: they are no records, wherever a browser puts them."""
_PLAIN = (".txt", ".md")


class Reviewed(NamedTuple):
    """The index that was written, how many pages it lists, and the records without a page, each with the error."""

    path: Path
    pages: int
    failed: tuple[tuple[str, PipelineError], ...]


def review(out: Path, folder: Path, raw: Sequence[Path] = (), most: int = MOST) -> Reviewed:
    """Write a page for each record below `out`, and the index, into `folder`.

    `raw` are the files and folders that were parsed: the source text of plain text is found there, that of other
    formats lies beside the record. Of a file that has pages these are shown, in at
    most `most` bytes. Raises ReadError where `out` holds no records, WriteError.
    """
    names = sorted(_records(out, folder))
    if not names:
        raise ReadError(f"{out}: no records; gangwei parse writes them")
    sources = _sources(out, raw)
    rows: list[Row] = []
    failed: list[tuple[str, PipelineError]] = []
    for name in names:
        try:
            rows.append(_one(out, name, sources, folder, most))
        except (SourceError, InvalidRecordError, ReadError) as error:
            failed.append((name, error))
    told = [(name, readable(str(error))) for name, error in failed]
    outputs.write(folder, "index", {".html": index(rows, told)})
    return Reviewed(folder / "index.html", len(rows), tuple(failed))


def _records(out: Path, folder: Path) -> Iterator[str]:
    """The names of the records below a folder."""
    for file in out.rglob("*.json"):
        parts = file.relative_to(out).parts
        ours = parts[0] != inputs.QUARANTINE and not any(part.startswith(".") for part in parts)
        if ours and not file.name.endswith(DECISIONS) and not file.is_relative_to(folder):
            yield file.relative_to(out).as_posix().removesuffix(".json")


def _sources(out: Path, raw: Sequence[Path]) -> dict[str, Path]:
    """The files that were parsed, by the names of their records."""
    own = {entry.name + suffix for entry in manifest.load(out).values() for suffix in entry.outputs}
    jobs, _ = inputs.collect(raw, out, own)
    return {job.name: job.path for job in jobs}


def _one(out: Path, name: str, sources: Mapping[str, Path], folder: Path, most: int) -> Row:
    file = out / f"{name}.json"
    document = _document(file)
    text = _text(file, name, document, sources)
    back = "../" * (name.count("/") + 1) + "index.html"
    told = readable(name)
    shown = _sheets(file, document, sources.get(name), most)
    outputs.write(folder, f"{PAGES}/{name}", {".html": page(document, text, told, back, shown=shown)})
    return row(document, text, told, f"{PAGES}/{name}.html")


def _document(file: Path) -> Document:
    try:
        return parse_record(file.read_bytes(), "json")
    except OSError as error:
        raise ReadError(f"{file}: {error.strerror or error}") from error
    except InvalidRecordError as error:
        raise InvalidRecordError(f"{file}: no record: {error}") from error


def _text(file: Path, name: str, document: Document, sources: Mapping[str, Path]) -> str:
    """The source text of a record. Raises SourceError where it is not there, or is another one."""
    beside = file.with_name(f"{file.name.removesuffix('.json')}.source.txt")
    if beside.is_file():
        path, text = beside, _decoded(beside)
    else:
        plain = (file.with_suffix(suffix) for suffix in _PLAIN)
        found = sources.get(name) or next((path for path in plain if path.is_file()), None)
        if found is None:
            raise SourceError(f"{file}: its source text is not to be found; name what was parsed with --raw")
        if manifest.digest_of(found) != document.source.sha256:
            raise SourceError(f"{found}: has changed since {file} was made from it; parse it again")
        path, text = found, read(found).text
    problems = broken(document, text)
    if problems:
        raise SourceError(f"{path}: is not the text that {file} was made from: {problems[0]}")
    return text


def _sheets(file: Path, document: Document, source: Path | None, most: int) -> Sheets | None:
    """The pages of the file that a record was made from; None where it has none, or is not there as it was."""
    count = pages_of(document)
    if not count or not most or source is None or manifest.digest_of(source) != document.source.sha256:
        return None
    beside = file.with_name(file.name.removesuffix(".json") + boxes.SUFFIX)
    try:
        drawn = pictures(source.read_bytes(), str(source), most)
        found = boxes.from_bytes(beside.read_bytes(), str(beside)) if beside.is_file() else ()
    except OSError as error:
        raise ReadError(f"{error.filename}: {error.strerror}") from error
    except ReadError:
        return Sheets((), (), count)  # the page says that it shows none
    return Sheets(drawn, found, count) if drawn else None


def pages_of(document: Document) -> int:
    """How many pages the file of a record has, as far as it says."""
    return max((place.page or 0 for place in document.places), default=0)


def _decoded(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8: {error.reason}") from error
