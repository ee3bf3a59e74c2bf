"""Take entries and titles out of postings whose headings leave no doubt: what training pages are composed of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import regex

from pipeline.segment import phrases
from pipeline.segment.cut import cut


class Harvest(NamedTuple):
    """What pages are composed of."""

    posts: list[dict[str, list[str]]]
    """Of each posting its entries by kind."""

    titles: list[str]
    companies: list[str]


_TITLE = regex.compile(r"[\p{Han}A-Za-z/]{2,12}")
_NO_TITLE = regex.compile(r"实习|招聘|诚聘|双休|包住|position|网易")


def harvest(texts: Iterable[tuple[str, str]]) -> Harvest:
    """The entries and titles of postings given as pairs of title and text."""
    posts: list[dict[str, list[str]]] = []
    titles: set[str] = set()
    companies: list[str] = []
    for title, text in texts:
        if _TITLE.fullmatch(title) and not _NO_TITLE.search(title):
            titles.add(title)
        found = _sections(text, companies)
        if len(found["duties"]) >= 3 and len(found["requirements"]) + len(found["qualities"]) >= 2:
            posts.append(found)
    return Harvest(posts, sorted(titles), companies)


def _sections(text: str, companies: list[str]) -> dict[str, list[str]]:
    """The entries that stand under plain headings, each begun by a marker."""
    out: dict[str, list[str]] = {"duties": [], "requirements": [], "qualities": [], "other": []}
    kind: str | None = None
    entry = ""
    for p in (*cut(text), None):
        said = text[p.body : p.end] if p else ""
        known = phrases.whole(said) if p else None
        heads = known is not None and known.use in ("strong", "plain") and said[-1:] in ":：】"
        if p is None or heads or p.marker:
            body = regex.sub(r"\s+", "", entry.strip()) if not regex.search("[A-Za-z]", entry) else entry.strip()
            if kind in out and 5 <= len(body) <= 140:
                out[kind].append(body)
            elif kind == "company" and 15 <= len(body) <= 200:
                companies.append(body)
            entry = ""
        if p is None:
            break
        if heads and known:
            kind = known.kind
        elif p.marker or entry:
            entry += text[p.body : p.end]
        elif kind == "company":
            entry = said
    return out
