"""The list of the pages: what each document holds, and how much of it waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from pipeline.model import Document, wording
from pipeline.review import assets
from pipeline.review.markup import Html, tag
from pipeline.review.outline import Outline


class Row(NamedTuple):
    """A document of the index: the path of its page below the index, and its figures."""

    name: str
    path: str
    titles: tuple[str, ...]
    figures: tuple[int, ...]
    """Roles, corrections, suggestions, warnings, leftovers, and what waits for a person."""


def row(document: Document, text: str, name: str, path: str) -> Row:
    """The row of a document."""
    titles = tuple(role.title or wording.UNTITLED for role in document.roles)
    found = (document.roles, document.corrections, document.suggestions, document.warnings, document.leftovers)
    return Row(name, path, titles, (*map(len, found), Outline.of(document, text).unsure()))


_COLUMNS = ("文件", "岗位", wording.MADE, wording.SUGGESTED, wording.WARNED, wording.LABELS["leftover"], "待定")
_AGAIN = 2
"""Seconds after which it is looked again whether all is parsed."""
_TITLES = 6
"""Titles of roles that a row names."""


def index(
    rows: Sequence[Row], failed: Sequence[tuple[str, str]] = (), waiting: int = 0, back: str | None = None
) -> bytes:
    """The index as UTF-8; `failed` are names of records without a page, each with the reason.

    While documents are `waiting` to be parsed, it is looked at anew by itself. `back` is the address that it was come from.
    """
    head = tag(
        "tr", *(tag("th", title, scope="col", class_=None if i == 0 else "figure") for i, title in enumerate(_COLUMNS))
    )
    table = tag("table", tag("thead", head), tag("tbody", *map(_row, rows)))
    body = tag(
        "body",
        tag(
            "header",
            tag("a", "‹ 上传", href=back, class_="back") if back else "",
            tag("h1", "岗位记录审阅"),
            tag("p", _summary(rows, waiting), class_="counts"),
            class_="bar",
        ),
        tag("main", table if rows else "" if waiting else tag("p", "没有可审阅的记录。"), _failed(failed)),
        class_="index",
    )
    return assets.document("岗位记录审阅", body, refresh=_AGAIN if waiting else None)


def _summary(rows: Sequence[Row], waiting: int) -> str:
    unsure = sum(row.figures[-1] for row in rows)
    told = f"{len(rows)} 份文件 · {sum(row.figures[0] for row in rows)} 个岗位 · {unsure} 处待定"
    return f"{told} · {waiting} 份正在解析" if waiting else told


def _row(row: Row) -> Html:
    shown = "、".join(row.titles[:_TITLES]) + ("…" if len(row.titles) > _TITLES else "")
    name = tag("th", tag("a", row.name, href=quote(row.path)), tag("small", shown), scope="row")
    *figures, waiting = row.figures
    return tag(
        "tr",
        name,
        *(tag("td", str(figure) if figure else "–", class_="figure") for figure in figures),
        tag("td", tag("b", str(waiting), class_="low") if waiting else "–", class_="figure"),
    )


def _failed(failed: Sequence[tuple[str, str]]) -> Html:
    if not failed:
        return Html()
    rows = [tag("li", tag("b", name), " ", tag("span", reason, lang="en")) for name, reason in failed]
    return tag("section", tag("h2", "未能生成"), tag("ul", *rows), class_="aside")
