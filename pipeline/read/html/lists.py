"""Lists of a page: how they count, and what number the next item shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.read import counting
from pipeline.read.html.flow import Line

_COUNTS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STYLES = {
    "cjk-ideographic": "chineseCountingThousand",
    "simp-chinese-informal": "chineseCountingThousand",
    "trad-chinese-informal": "chineseCountingThousand",
    "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "none": "none",
    "disc": "bullet",
}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)


@dataclass(slots=True)
class Numbered:
    """An open list: how it counts, its next number, and where in the flow it began."""

    way: str
    next: int
    step: int
    items: list[Line] = field(default_factory=list)

    def number(self) -> str | None:
        """The number of its next item, counted on."""
        count = self.next
        self.next += self.step
        if self.way == "none":
            return None
        if self.way == "bullet":
            return "•"
        shown = counting.shown(count, self.way)
        return f"{shown}、" if self.way.startswith("chinese") else f"{shown}."


def numbered(tag: str, attributes: Mapping[str, str]) -> Numbered:
    """The list that an element opens."""
    style = _LIST_STYLE.search(attributes.get("style", ""))
    kind = attributes.get("type", "")
    way = _COUNTS.get(kind, "decimal" if tag == "ol" else "bullet")
    if style:
        way = _STYLES.get(style[1].lower(), way)
    start = attributes.get("start", "1")
    return Numbered(way, int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1, -1 if "reversed" in attributes else 1)
