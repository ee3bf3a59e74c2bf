"""The automatic numbers of Word, which stand nowhere in the text: numbering.xml, counted through the document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.read import counting, symbols
from pipeline.read.docx.styles import Styles, font_of
from pipeline.read.package import Package, attribute, child, integer, kind, switch, value

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level counts. `restart` is the level, from 1, whose use makes it begin again; 0 for never."""

    start: int = 1
    way: str = "decimal"
    pattern: str = ""
    restart: int | None = None
    decimal: bool = False
    style: str | None = None
    font: str | None = None
    picture: bool = False
    zeros: int = 0


@dataclass(frozen=True, slots=True)
class _Num:
    """An instance of a list: which definition it counts by, and what it changes of it."""

    definition: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


class Numbering:
    """Counts through a document, paragraph by paragraph, in its order."""

    def __init__(self, package: Package, part: str | None, styles: Styles) -> None:
        self._styles = styles
        self._definitions: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}
        self._nums: dict[str, _Num] = {}
        self._counts: dict[str, list[int | None]] = {}
        """Of each definition the last number of each level. Instances of one definition count on together."""
        self._used: set[tuple[str, int]] = set()
        """Instances and levels that have been begun: a start of their own counts once."""
        for element in package.root(part) if part else ():
            self._define(element)

    def _define(self, element: etree._Element) -> None:
        if kind(element) == "w:abstractNum":
            identity = attribute(element, "abstractNumId") or ""
            levels = (inner for inner in element if kind(inner) == "w:lvl")
            self._definitions[identity] = {integer(attribute(lvl, "ilvl")) or 0: _level(lvl) for lvl in levels}
            if link := value(element, "w:numStyleLink"):
                self._links[identity] = link
        elif kind(element) == "w:num":
            num = _Num(value(element, "w:abstractNumId") or "")
            for override in (inner for inner in element if kind(inner) == "w:lvlOverride"):
                at = integer(attribute(override, "ilvl")) or 0
                start = integer(value(override, "w:startOverride"))
                if start is not None:
                    num.starts[at] = start
                if (lvl := child(override, "w:lvl")) is not None:
                    num.levels[at] = _level(lvl)
            self._nums[attribute(element, "numId") or ""] = num

    def level_of_style(self, numbering: str, style: str | None) -> int | None:
        """The level that a list gives to paragraphs of a style."""
        num = self._nums.get(numbering)
        levels = self._levels(num) if num else {}
        return next((at for at, level in levels.items() if style and level.style == style), None)

    def _levels(self, num: _Num) -> dict[int, Level]:
        return {**self._definitions.get(self._definition(num), {}), **num.levels}

    def _definition(self, num: _Num) -> str:
        """The definition that an instance counts by, through a list style where it is only named there."""
        at = num.definition
        for _ in range(_LEVELS):
            link = self._links.get(at)
            linked = self._nums.get(self._styles.numbering_of(link) or "") if link else None
            if linked is None:
                return at
            at = linked.definition
        return at

    def next(self, numbering: str, level: int) -> str | None:
        """Count a paragraph of this list and level; the number as it is shown, None where the list shows none."""
        num = self._nums.get(numbering)
        if num is None or numbering == "0":
            return None
        levels = self._levels(num)
        level = min(max(level, 0), _LEVELS - 1)
        counts = self._counts.setdefault(self._definition(num), [None] * _LEVELS)
        own = levels.get(level, Level())
        fresh = (numbering, level) not in self._used
        self._used.add((numbering, level))
        last = counts[level]
        if fresh and level in num.starts:
            counts[level] = num.starts[level]
        else:
            counts[level] = own.start if last is None else last + 1
        for above in range(level):
            if counts[above] is None:
                counts[above] = num.starts.get(above, levels.get(above, Level()).start)
        for below in range(level + 1, _LEVELS):
            restart = levels.get(below, Level()).restart
            if restart is None or (restart > 0 and level < restart):
                counts[below] = None
        return _label(levels, own, counts) or None


def _label(levels: dict[int, Level], own: Level, counts: list[int | None]) -> str:
    """The level's pattern with the numbers put in."""
    if own.way == "bullet":
        sign = symbols.shown(own.pattern, own.font) if own.pattern.strip() else ""
        return "○" if sign == "o" else sign or ("•" if own.picture else "")

    def number(m: re.Match[str]) -> str:
        at = int(m[1]) - 1
        level = levels.get(at, Level())
        if own.decimal:
            level = replace(level, way="decimal")
        count = counts[at] if counts[at] is not None else level.start
        return f"{count:0{level.zeros}}" if level.zeros else counting.shown(count or 0, level.way)

    return _PLACE.sub(number, own.pattern).strip()


def _level(element: etree._Element) -> Level:
    way = child(element, "w:numFmt")
    if way is None:  # ways that are newer than the format stand within a choice
        way = next((e for e in element.iter() if kind(e) == "w:numFmt"), None)
    name = (attribute(way, "val") if way is not None else None) or "decimal"
    custom = (attribute(way, "format") if way is not None else None) or ""
    run = child(element, "w:rPr")
    start = integer(value(element, "w:start"))
    return Level(
        1 if start is None else start,
        "decimal" if name == "custom" else name,
        "" if switch(run, "w:vanish") else value(element, "w:lvlText") or "",
        integer(value(element, "w:lvlRestart")),
        bool(switch(element, "w:isLgl")),
        value(element, "w:pStyle"),
        font_of(run),
        child(element, "w:lvlPicBulletId") is not None,
        len(custom.split(",")[0].strip()) if name == "custom" and custom[:1] == "0" else 0,
    )
