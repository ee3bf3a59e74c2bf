"""The styles of a Word document, each with what it takes from those that it is based on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from pipeline.read.package import Package, attribute, child, integer, kind, switch, value

_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录|目錄|contents)\b.*|目录.*", re.IGNORECASE)
_TITLE = re.compile(r"title|标题|標題", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph or a run of this style is; None where neither it nor what it is based on says anything.

    `numbering` and `level` are the list's numId and ilvl, `outline` counts from 1, `size` is in points.
    """

    numbering: str | None = None
    level: int | None = None
    outline: int | None = None
    contents: bool = False
    bold: bool | None = None
    hidden: bool | None = None
    centred: bool | None = None
    size: float | None = None
    font: str | None = None


PLAIN = Style()


class Styles:
    """The styles of a document by their id."""

    def __init__(self, package: Package, part: str | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._known: dict[str, Style] = {}
        self._default = PLAIN
        self._normal: str | None = None
        if part is None:
            return
        root = package.root(part)
        for element in root:
            if kind(element) == "w:style":
                identity = attribute(element, "styleId") or ""
                self._elements[identity] = element
                if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true", "on"):
                    self._normal = identity
            elif kind(element) == "w:docDefaults":
                self._default = _merged(PLAIN, _defaults(element), "")

    def paragraph(self, identity: str | None) -> Style:
        """The style of a paragraph that names this one, or none."""
        return self._resolved(identity if identity in self._elements else self._normal)

    def run(self, identity: str | None) -> Style:
        """The style of a run; of one that names none nothing is said."""
        return self._resolved(identity) if identity in self._elements else PLAIN

    def numbering_of(self, identity: str | None) -> str | None:
        """The numId of a list style."""
        return self._resolved(identity).numbering if identity in self._elements else None

    def _resolved(self, identity: str | None) -> Style:
        chain: list[str] = []
        at = identity
        while at is not None and at in self._elements and at not in self._known and at not in chain:
            chain.append(at)
            at = value(self._elements[at], "w:basedOn")
        style = self._known.get(at or "", self._default)
        for name in reversed(chain):
            element = self._elements[name]
            style = _merged(style, element, value(element, "w:name") or "")
            self._known[name] = style
        return style


def _defaults(element: etree._Element) -> list[etree._Element]:
    inner = [child(element, "w:rPrDefault"), child(element, "w:pPrDefault")]
    return [part for holder in inner if holder is not None for part in holder]


def _merged(base: Style, element: Iterable[etree._Element], name: str) -> Style:
    """What a style says laid over what it is based on."""
    holder = {kind(part): part for part in element}
    paragraph, run = holder.get("w:pPr"), holder.get("w:rPr")
    number = child(paragraph, "w:numPr") if paragraph is not None else None
    own, level = value(number, "w:numId"), integer(value(number, "w:ilvl"))
    outline = outline_of(paragraph, name)
    alignment = value(paragraph, "w:jc")
    return Style(
        own if own is not None else base.numbering,
        level if level is not None else base.level,
        outline if outline is not None else base.outline,
        bool(_CONTENTS.fullmatch(name)) or (base.contents and not outline),
        _over(switch(run, "w:b"), base.bold),
        _over(switch(run, "w:vanish"), base.hidden),
        alignment == "center" if alignment else base.centred,
        size_of(run) or base.size,
        font_of(run) or base.font,
    )


def _over(own: bool | None, base: bool | None) -> bool | None:
    return base if own is None else own


def outline_of(paragraph: etree._Element | None, name: str = "") -> int | None:
    """The level of a heading: by its outline level, else by the name of its style; 0 is a title, 10 body text."""
    level = integer(value(paragraph, "w:outlineLvl"))
    if level is not None:
        return level + 1
    if m := _HEADING.fullmatch(name):
        return int(m[1])
    return 0 if _TITLE.fullmatch(name) else None


def size_of(run: etree._Element | None) -> float | None:
    """Points; Word counts half ones."""
    half = integer(value(run, "w:sz"))
    return half / 2 if half else None


def font_of(run: etree._Element | None) -> str | None:
    """The font of Latin letters, which symbols are set in."""
    fonts = child(run, "w:rFonts") if run is not None else None
    return None if fonts is None else attribute(fonts, "ascii") or attribute(fonts, "hAnsi")
