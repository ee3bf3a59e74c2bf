"""Pages of stored records, made in a worker: a long one takes a while; and the page that one starts from."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from pipeline import boxes, outputs
from pipeline.errors import ReadError, SourceError
from pipeline.layout import Picture
from pipeline.review import assets
from pipeline.review.markup import tag
from pipeline.serve import kept, store
from pipeline.serve.store import State
from pipeline.serve.work import RECORD, SOURCE, SOURCE_TEXT, Answer

if TYPE_CHECKING:
    from pipeline.model import Document
    from pipeline.review.sheets import Sheets

HTML = ".html"
_PICTURES = "pictures.json"
"""The pages of a file as they were drawn, in the folder of a document."""


def page(folder: Path, name: str) -> Answer:
    """The page of the record in a document's folder; `name` is what a message calls it. It saves decisions where it is from.

    Raises SourceError where the folder is gone, InvalidRecordError for a broken record.
    """
    from pipeline.export import parse_record
    from pipeline.review.page import Home
    from pipeline.review.page import page as page_of

    try:
        record = (folder / f"{RECORD}.json").read_bytes()
        text = (folder / (RECORD + SOURCE_TEXT)).read_bytes().decode("utf-8")
        document = parse_record(record, "json")
        shown = _sheets(folder, document)
        saved = kept.found(folder, document.source.name, len(text))
    except OSError as error:
        raise SourceError(f"{name}: the batch was removed meanwhile") from error
    home = Home("decisions", "parse", f"../{folder.name}?format=json", saved.data.decode("utf-8"), saved.tag)
    return Answer(len(text), {HTML: page_of(document, text, document.source.name, "../../review", home, shown)})


def _sheets(folder: Path, document: Document) -> Sheets | None:
    """The pages of a file, drawn when they are first asked for. Raises SourceError, OSError."""
    from pipeline.read.pictures import MOST, pictures
    from pipeline.review.sheets import Sheets
    from pipeline.reviewing import pages_of

    count, beside, held = pages_of(document), folder / (RECORD + boxes.SUFFIX), folder / _PICTURES
    if not count:
        return None
    if held.exists():
        drawn = tuple(
            Picture(page, width, height, base64.b64decode(png))
            for page, width, height, png in orjson.loads(held.read_bytes())
        )
    else:
        try:
            drawn = pictures((folder / SOURCE).read_bytes(), document.source.name, MOST)
        except ReadError:
            return Sheets((), (), count)  # the page says that it shows none
        told = [(*picture[:3], base64.b64encode(picture.png).decode("ascii")) for picture in drawn]
        outputs.write(folder, _PICTURES, {"": orjson.dumps(told)})
    found = boxes.from_bytes(beside.read_bytes(), document.source.name) if beside.is_file() else ()
    return Sheets(drawn, found, count) if drawn else None


def overview(folder: Path, name: str) -> Answer:
    """The list of a batch's pages, which is looked at anew by itself until all is parsed. Raises as `page` does."""
    from pipeline.export import parse_record
    from pipeline.review.index import index, row

    batch = store.read(folder)
    if batch is None:
        raise SourceError(f"{name}: the batch was removed meanwhile")
    rows, failed, waiting = [], [], 0
    for entry in batch.entries:
        state, where = store.state_of(batch, entry.number), batch.folder_of(entry.number)
        try:
            if state is State.PARSED:
                document = parse_record((where / f"{RECORD}.json").read_bytes(), "json")
                text = (where / (RECORD + SOURCE_TEXT)).read_bytes().decode("utf-8")
                rows.append(row(document, text, entry.name, f"records/{entry.number}/review"))
            elif state is State.FAILED:
                failed.append((entry.name, store.problem_of(batch, entry.number).detail))
        except OSError as error:
            raise SourceError(f"{name}: the batch was removed meanwhile") from error
        waiting += state is State.WAITING
    return Answer(0, {HTML: index(rows, failed, waiting, "/")})


def start() -> bytes:
    """The page on which people hand in files."""
    form = tag(
        "form",
        tag("p", tag("label", "文件 ", tag("input", type="file", name="files", multiple=True, required=True))),
        tag("p", tag("button", "上传并解析", type="submit", class_="primary")),
        action="v1/batches",
        method="post",
        enctype="multipart/form-data",
        class_="start",
    )
    told = "选择岗位说明书、招聘启事等文件，解析后逐份审阅；决定保存在本服务上，可据此重新解析。"
    head = tag("header", tag("h1", "岗位记录"), tag("p", told, class_="counts"), class_="bar")
    body = tag("body", head, tag("main", form), class_="index")
    return assets.document("岗位记录", body, allow={"form-action": "'self'"})
