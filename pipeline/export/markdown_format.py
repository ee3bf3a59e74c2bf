"""Markdown: a page a document, for people to read. What a record says shows as text, whatever markup it looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.errors import InvalidRecordError
from pipeline.export.characters import visible
from pipeline.export.rows import Record
from pipeline.model import Correction, FieldNode, Item, Node, Role, Section, wording

_MARKUP = re.compile(r"([\\`*_\[\]<>|~&$]|#$)")
_BULLET = re.compile(r"^([-+=:#])")
_NUMBER = re.compile(r"^(\d+)\.")
"""What makes a list, a heading or a table only where a line begins."""
_BREAK = re.compile(r"\r\n|[\r\n]")
_TOP, _DEEPEST = 2, 6
"""Levels of the headings of roles, and of the lowest headings that Markdown has."""


def write(record: Record) -> bytes:
    """A page in UTF-8. Raises InvalidRecordError for a text that is no Unicode."""
    document = record.document
    lines = [f"# {_plain(document.source.name)}", ""]
    for role in document.roles:
        lines += _role(role)
    lines += _changes(wording.MADE, document.corrections)
    lines += _changes(wording.SUGGESTED, document.suggestions)
    if document.warnings:
        told = (f"{wording.WARNINGS.get(w.code, w.code)}：{w.message}" for w in document.warnings)
        lines += [f"## {wording.WARNED}", "", *(f"- {_plain(line)}" for line in told), ""]
    if document.leftovers:
        rows = ((wording.REASONS.get(left.reason, left.reason), left.text) for left in document.leftovers)
        lines += [f"## {wording.LEFT}", "", *_table(("原因", "文字"), rows), ""]
    try:
        return ("\n".join(lines).rstrip("\n") + "\n").encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidRecordError(f"{record.name}: cannot be written as Markdown: {error}") from error


def _plain(text: str) -> str:
    """A text on one line of which a reader of Markdown shows each character."""
    escaped = _MARKUP.sub(r"\\\1", visible(text.strip()))
    return _BREAK.sub("<br>", _NUMBER.sub(r"\1\\.", _BULLET.sub(r"\\\1", escaped)))


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(_plain(cell) for cell in row)} |"


def _changes(title: str, changes: tuple[Correction, ...]) -> Iterator[str]:
    if not changes:
        return
    rows = ((c.original, c.replacement, wording.CATEGORIES[c.category], f"{c.confidence:.2f}") for c in changes)
    yield from (f"## {title}", "", *_table(("原文", "改为", "类别", wording.CONFIDENCE), rows), "")


# -- roles ------------------------------------------------------------------------------------------------------------


def _role(role: Role) -> Iterator[str]:
    yield from (f"{'#' * _TOP} {_plain(role.title or wording.UNTITLED)}", "")
    if facts := list(_facts(role)):
        yield from (*_table(("项目", "内容"), facts), "")
    yield from _nodes(role.content)


def _facts(role: Role) -> Iterator[tuple[str, str]]:
    for name, title in wording.PROFILE.items():
        if value := getattr(role.profile, name):
            yield title, value if isinstance(value, str) else "\n".join(value)
    if role.occupation:
        yield wording.OCCUPATION, wording.occupation(role.occupation)
    facts: dict[str, list[str]] = {}
    for title, words, _ in wording.asked(role.qualifications):
        facts.setdefault(title, []).append(words)
    yield from ((title, "、".join(words)) for title, words in facts.items())


def _nodes(nodes: tuple[Node, ...]) -> Iterator[str]:
    """Blocks parted by blank lines; entries that follow each other make one list."""
    in_list = False
    for node in nodes:
        listed = isinstance(node, Item | FieldNode)
        if in_list and not listed:
            yield ""
        in_list = listed
        if isinstance(node, Section):
            yield from _section(node)
        elif isinstance(node, Item | FieldNode):
            yield from _listed(node, 0)
        else:
            yield from (_plain(node.text), "")
    if in_list:
        yield ""


def _section(section: Section) -> Iterator[str]:
    if section.heading:
        text = f"{section.heading.marker or ''}{section.heading.text}"
        yield from (f"{'#' * min(_TOP + section.level, _DEEPEST)} {_plain(text)}", "")
    yield from _nodes(section.content)


def _listed(node: Node, depth: int) -> Iterator[str]:
    """An entry of a list with what stands under it, where a heading can be no more than an entry."""
    margin = "  " * depth
    if isinstance(node, Section):
        if node.heading:
            yield f"{margin}- {_plain(node.heading.text)}"
    elif isinstance(node, FieldNode):
        name = f"**{_plain(node.name)}**：" if node.name.strip() else ""
        yield f"{margin}- {name}{_plain(node.value)}"
    else:
        yield f"{margin}- {_marker(node)}{_plain(node.text)}"
    for inner in getattr(node, "content", ()):
        yield from _listed(inner, depth + 1)


def _marker(node: Node) -> str:
    """The number of an entry as it was written; bullets say no more than the list itself does."""
    if not isinstance(node, Item) or node.number is None or node.marker is None:
        return ""
    return f"{_plain(node.marker)} "
