"""One document as a page that needs nothing beside it: source on the left, record on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.model import Document, wording
from pipeline.review import assets, record, sheets, source, words
from pipeline.review.markup import Html, exact, join, raw, tag
from pipeline.review.outline import Outline
from pipeline.review.sheets import Sheets


class Home(NamedTuple):
    """Where the decisions of a page are kept: the addresses to which they are put and at which the document is parsed anew
    by them, that of the record, what is kept there as a file of decisions, and the tag of that state."""

    decisions: str
    parse: str
    record: str
    saved: str
    tag: str


def page(
    document: Document,
    text: str,
    name: str,
    back: str | None = None,
    home: Home | None = None,
    shown: Sheets | None = None,
) -> bytes:
    """The page of a record as UTF-8: the same record and text give the same bytes.

    `text` is the source text that the record's spans count in; `name` the path of the record below its folder, which
    decisions are stored under; `back` the address of the index, if there is one. Without a `home` decisions are kept in the
    browser only. `shown` are the pages of the file, where it has any.
    """
    outline = Outline.of(document, text)
    body = tag(
        "body",
        _bar(outline, name, back, home, shown is not None),
        tag(
            "main",
            _pane("sheets", "页面", sheets.column(shown)) if shown else "",
            _pane("source", "原文", source.column(outline)),
            _pane("record", "记录", join([record.column(outline), _gone()])),
            class_="sheeted" if shown else None,
        ),
        _inspector(),
        _help(home is not None, shown is not None),
        raw("script", assets.script()),
        class_="page",
        data_name=name,
        data_sha256=document.source.sha256,
        data_characters=document.source.characters,
        data_untitled=wording.UNTITLED,
        data_confidence=wording.CONFIDENCE,
        data_decisions=home.decisions if home else None,
        data_parse=home.parse if home else None,
        data_saved=exact(home.saved) if home else None,
        data_tag=home.tag if home else None,
    )
    allow = {**({"connect-src": "'self'"} if home else {}), **(sheets.ALLOW if shown else {})}
    return assets.document(f"{document.source.name} · 审阅", body, [assets.script()], allow)


def _pane(name: str, title: str, content: Html) -> Html:
    return tag("section", tag("h2", title, class_="label"), content, id=name, aria_label=title, tabindex=0)


# -- the bar ----------------------------------------------------------------------------------------------------------


def _bar(outline: Outline, name: str, back: str | None, home: Home | None, sheeted: bool) -> Html:
    return tag(
        "header",
        tag("a", "‹ 目录", href=back, class_="back") if back else "",
        tag("h1", name),
        tag("p", _counts(outline), class_="counts"),
        tag(
            "div",
            tag("output", id="progress", aria_live="polite"),
            tag("output", id="saved", aria_live="polite") if home else "",
            _button("sheets", "页面", "v") if sheeted else "",
            _button("undo", "撤销", "u"),
            _button("theme", "明暗"),
            _button("help", "说明", "?"),
            _button("load", "载入决定"),
            tag("input", type="file", id="file", accept=".json", aria_label="载入决定", hidden=True),
            _button("download", "下载决定", "d", primary=not home),
            _button("parse", "重新解析", "p", primary=True) if home else "",
            tag("a", "下载记录", href=home.record, download=f"{name}.json", class_="button") if home else "",
            class_="tools",
        ),
        _filters(),
        class_="bar",
    )


def _counts(outline: Outline) -> str:
    document = outline.document
    told = (
        (len(document.roles), "个岗位"),
        (len(document.corrections), f"处{wording.MADE}"),
        (len(document.suggestions), f"条{wording.SUGGESTED}"),
        (len(document.warnings), f"条{wording.WARNED}"),
        (outline.unsure(), "处待定"),
    )
    return " · ".join(f"{count} {what}" for count, what in told)


def _button(name: str, title: str, key: str = "", primary: bool = False) -> Html:
    hint = tag("kbd", key) if key else ""
    return tag("button", title, hint, type="button", id=f"do-{name}", class_="primary" if primary else None)


def _filters() -> Html:
    kinds = [(kind.value, title) for kind, title in wording.KINDS.items()] + [("leftover", wording.LABELS["leftover"])]
    categories = [(category.value, title) for category, title in wording.CATEGORIES.items()]
    return tag(
        "div",
        _choices("kind", "类别", kinds),
        _choices("category", wording.MADE, categories),
        tag(
            "label",
            f"{wording.CONFIDENCE}不高于 ",
            tag("input", type="range", id="at-most", min=0, max=1, step=0.01, value=1),
            tag("output", "1.00", id="at-most-shown"),
        ),
        tag("label", tag("input", type="checkbox", id="ask-only"), "只看待定"),
        class_="filters",
    )


def _choices(name: str, title: str, choices: Sequence[tuple[str, str]]) -> Html:
    boxes = [
        tag(
            "label",
            tag("input", type="checkbox", name=name, value=value, checked=True),
            tag("span", shown),
            class_="choice",
            data_kind=value if name == "kind" else None,
        )
        for value, shown in choices
    ]
    return tag("fieldset", tag("legend", title), *boxes)


# -- what is looked at, and help --------------------------------------------------------------------------------------


def _inspector() -> Html:
    """The line at the foot of the page: what is selected, why it is as it is, and what can be decided about it."""
    return tag(
        "section",
        tag("div", id="told"),
        tag("div", id="choices"),
        tag(
            "label",
            "岗位名称 ",
            tag("input", type="text", id="title-input", autocomplete="off"),
            tag("kbd", "Enter"),
            id="title-form",
            hidden=True,
        ),
        id="inspector",
        aria_label="所选",
        aria_live="polite",
    )


def _gone() -> Html:
    """Decisions whose matter the record no longer shows, such as corrections that were rejected: they still hold."""
    return tag("section", tag("h2", "仍有效的决定"), tag("ul"), id="gone", class_="aside", hidden=True)


def _help(kept: bool, sheeted: bool) -> Html:
    keys_of = (*words.KEYS, *([words.PARSE] if kept else []), *([words.SHEETS] if sheeted else []))
    rows = [part for keys, what in keys_of for part in (tag("dt", _keys(keys)), tag("dd", what))]
    return tag(
        "dialog",
        tag("h2", "键盘"),
        tag("dl", *rows),
        tag("p", _KEPT if kept else _NOTE),
        id="help",
        aria_label="键盘说明",
    )


_NOTE = (
    "决定保存在本页；浏览器允许时也存入本地。下载所得的文件交给 gangwei parse --decisions，"
    "下次解析时生效；不再相符的决定会列为提醒。"
)
_KEPT = "决定随时保存在服务上，“重新解析”后写入记录；不再相符的决定会列为提醒。"


def _keys(keys: str) -> Html:
    return join(part for key in keys.split() for part in (tag("kbd", key), " "))
