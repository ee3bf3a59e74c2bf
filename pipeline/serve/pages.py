"""Pages of stored records, made in a worker: a long one takes a while; and the page that one starts from."""

from __future__ import annotations

from pathlib import Path

from pipeline import boxes
from pipeline.errors import SourceError
from pipeline.review import assets
from pipeline.review.markup import tag
from pipeline.serve import kept, store
from pipeline.serve.store import State
from pipeline.serve.work import RECORD, SOURCE, SOURCE_TEXT, Answer

HTML = ".html"


def page(folder: Path, name: str) -> Answer:
    """The page of the record in a document's folder; `name` is what a message calls it. It saves decisions where it is from.

    Raises SourceError where the folder is gone, InvalidRecordError for a broken record.
    """
    from pipeline.export import parse_record
    from pipeline.review.page import Home
    from pipeline.review.page import page as page_of
    from pipeline.reviewing import sheets_of

    try:
        record = (folder / f"{RECORD}.json").read_bytes()
        text = (folder / (RECORD + SOURCE_TEXT)).read_bytes().decode("utf-8")
        document = parse_record(record, "json")
        shown = sheets_of(document, folder / SOURCE, folder / (RECORD + boxes.SUFFIX))
        saved = kept.found(folder, document.source.name, len(text))
    except OSError as error:
        raise SourceError(f"{name}: the batch was removed meanwhile") from error
    home = Home("decisions", "parse", f"../{folder.name}?format=json", saved.data.decode("utf-8"), saved.tag)
    return Answer(len(text), {HTML: page_of(document, text, document.source.name, "../../review", home, shown)})


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
