"""Warnings that help HR. Each names a place and a reason; nothing is deleted for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipeline.model import DocumentWarning, FieldNode, Item, Kind, Node, Paragraph, Role, Section, SpanModel

_RISKS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "forbidden-gender",
        re.compile(
            r"(?:限|仅限|只限|只招|要求)\s*[男女](?:性|士|生)?|[男女](?:性|士|生)?优先|性别[:：为]?\s*[男女](?!女|不限)|^\s*[男女][，,、]"
        ),
        "a condition of sex (Employment Promotion Law, art. 27)",
    ),
    (
        "forbidden-family",
        re.compile(r"已婚|未婚|已育|未育|婚育|生育计划|[一二两三]年内不(?:要|生)|无孩|有孩"),
        "a condition of marriage or childbearing (Employment Promotion Law, art. 27)",
    ),
    (
        "forbidden-ethnicity",
        re.compile(r"(?:限|仅限|要求)?汉族(?!自治)|民族[:：]\s*汉|少数民族(?:除外|勿扰)"),
        "a condition of ethnicity (Employment Promotion Law, art. 28)",
    ),
    ("forbidden-religion", re.compile(r"无宗教信仰|宗教信仰|不信教"), "a condition of religion (Labour Law, art. 12)"),
    (
        "forbidden-carrier",
        re.compile(r"乙肝|HBV|两对半|大三阳|小三阳|病原携带"),
        "a condition of carrier status (Employment Promotion Law, art. 30)",
    ),
    (
        "forbidden-household",
        re.compile(
            r"(?:限|仅限|要求|具有|有|需)?(?:本地|本市|[\u4e00-\u9fff]{2,3}市?)(?:户口|户籍)(?!办理|迁移|管理|落户|手续|政策)"
        ),
        "a condition of household registration (Interim Regulations on the Human Resources Market, art. 24)",
    ),
    (
        "risk-age",
        re.compile(
            r"\d{2}\s*(?:周)?岁\s*(?:及|含|或)?(?:以下|以内|之内)|年龄[^，。；\d]{0,6}\d{2}\s*[-—~～至到]\s*\d{2}|\d{2}\s*[-—~～至到]\s*\d{2}\s*(?:周)?岁"
        ),
        "an age limit, which courts and labour offices question",
    ),
)
"""Conditions that the law forbids or puts at risk; 例: "限男性", "已婚已育优先", "35岁以下"."""

_TRIGGERS = re.compile("[男女婚育孩族教肝HＨ阳携户籍岁龄两]")
"""One of these stands in every text that a pattern above fits."""

_MASKED = re.compile(r"[_＿]{2,}|(?<![A-Za-z])[Xx×]{2,}(?![A-Za-z])|\*{2,}|某某")
"""例: "至少____年", "XX公司", "**市场维护"."""

_UNSURE = 0.5
_STRAY_CONFIDENCE = 0.9
_SAME = 0.85
"""Share of common bigrams from which two roles are near-duplicates."""


class _Said(NamedTuple):
    """A role, all nodes of its content, and what its entries and fields say."""

    role: Role
    nodes: list[Node]
    texts: list[tuple[str, SpanModel, Kind]]


def document(roles: tuple[Role, ...], source_text: str) -> tuple[DocumentWarning, ...]:
    """Everything worth a person's look in a document."""
    said = [_said(role) for role in roles]
    out = [warning for each in said for check in _CHECKS for warning in check(each)]
    out += _near_duplicates(said)
    if not roles and source_text.strip():
        out.append(DocumentWarning(code="no-role", message="no role was found in the text"))
    return tuple(out)


def _said(role: Role) -> _Said:
    nodes: list[Node] = []
    _walk(role.content, nodes)
    texts = []
    for node in nodes:
        if isinstance(node, Item | Paragraph):
            texts.append((node.text, node.span, node.kind))
        elif isinstance(node, FieldNode):
            texts.append((f"{node.name}：{node.value}", node.span, node.kind))
    return _Said(role, nodes, texts)


def _walk(nodes: tuple[Node, ...], out: list[Node]) -> None:
    for node in nodes:
        out.append(node)
        if isinstance(node, Section | Item) and node.content:
            _walk(node.content, out)


def _unsure(said: _Said) -> Iterator[DocumentWarning]:
    """Roles of which it is as likely as not that none begins there."""
    if said.role.confidence < _UNSURE:
        where = said.role.heading or said.role
        message = f"{said.role.id}: perhaps no role begins here (probability {said.role.confidence:.2f})"
        yield DocumentWarning(code="unsure-role", message=message, span=where.span)


def _risks(said: _Said) -> Iterator[DocumentWarning]:
    """Conditions that Chinese employment law forbids or puts at risk."""
    for text, span, kind in said.texts:
        if kind not in (Kind.REQUIREMENTS, Kind.QUALITIES) or not _TRIGGERS.search(text):
            continue
        for code, pattern, what in _RISKS:
            m = pattern.search(text)
            if m:
                yield DocumentWarning(code=code, message=f"{said.role.id}: {m[0].strip()}: {what}", span=span)


def _masked(said: _Said) -> Iterator[DocumentWarning]:
    """Values that somebody blanked out."""
    if not _MASKED.search("\n".join([text for text, _, _ in said.texts])):
        return
    for text, span, _ in said.texts:
        m = _MASKED.search(text)
        if m:
            yield DocumentWarning(code="masked-value", message=f"{said.role.id}: a value is masked: {m[0]}", span=span)


def _numbering(said: _Said) -> Iterator[DocumentWarning]:
    """Numbers that are missing from a list, or stand in it twice."""
    yield from _list_numbers(said.role, said.role.content)
    for node in said.nodes:
        if isinstance(node, Section | Item) and node.content:
            yield from _list_numbers(said.role, node.content)


def _list_numbers(role: Role, nodes: tuple[Node, ...]) -> Iterator[DocumentWarning]:
    last: int | None = None
    for node in nodes:
        number, span = _number(node)
        if number is None or span is None:
            continue
        if last is not None and number == last:
            yield DocumentWarning(code="number-doubled", message=f"{role.id}: number {number} stands twice", span=span)
        elif last is not None and number > last + 1:
            missing = f"{last + 1}" if number == last + 2 else f"{last + 1} to {number - 1}"
            yield DocumentWarning(code="number-missing", message=f"{role.id}: number {missing} is missing", span=span)
        last = number


def _number(node: Node) -> tuple[int | None, SpanModel | None]:
    if isinstance(node, Item):
        return node.number, node.span
    if isinstance(node, Section) and node.heading:
        return node.heading.number, node.heading.span
    return None, None


def _empty_sections(said: _Said) -> Iterator[DocumentWarning]:
    """Headings with nothing under them."""
    for node in said.nodes:
        if isinstance(node, Section) and node.heading and not node.content:
            message = f"{said.role.id}: nothing stands under {node.heading.text}"
            yield DocumentWarning(code="empty-section", message=message, span=node.heading.span)


def _strays(said: _Said) -> Iterator[DocumentWarning]:
    """Entries that say something else than their heading: a requirement among the duties, or the reverse."""
    for section in said.nodes:
        if not isinstance(section, Section) or section.kind not in (Kind.DUTIES, Kind.REQUIREMENTS):
            continue
        for node in section.content:
            if not isinstance(node, Item | Paragraph) or node.confidence < _STRAY_CONFIDENCE:
                continue
            if node.kind in (Kind.DUTIES, Kind.REQUIREMENTS) and node.kind is not section.kind:
                message = f"{said.role.id}: this says {node.kind.value}, and stands under {section.kind.value}"
                yield DocumentWarning(code="strayed-entry", message=message, span=node.span)


_CHECKS: tuple[Callable[[_Said], Iterator[DocumentWarning]], ...] = (
    _unsure,
    _risks,
    _masked,
    _numbering,
    _empty_sections,
    _strays,
)


def _near_duplicates(said: list[_Said]) -> Iterator[DocumentWarning]:
    """Roles of one document that say almost the same; compared with their neighbours up to ten roles on."""
    if len(said) < 2:
        return
    roles = [each.role for each in said]
    grams = [_bigrams("".join([text for text, _, _ in each.texts])) for each in said]
    for i, role in enumerate(roles):
        for j in range(i + 1, min(i + 11, len(roles))):
            few, many = sorted((len(grams[i]), len(grams[j])))
            if few < _SAME * many:
                continue  # they cannot have that share in common
            common = len(grams[i] & grams[j])
            union = few + many - common
            if union >= 40 and common / union >= _SAME:
                message = f"{roles[j].id} says almost the same as {role.id}"
                yield DocumentWarning(code="near-duplicate", message=message, span=roles[j].span)


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
