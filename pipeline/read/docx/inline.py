"""The letters of one paragraph of Word: runs, breaks, symbols, fields, tracked changes, and the boxes anchored in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.layout import Region
from pipeline.read import counting, symbols
from pipeline.read.docx.styles import PLAIN, Style, Styles, font_of, size_of
from pipeline.read.package import attribute, child, kind, switch, value
from pipeline.read.parts import Run

GONE = frozenset(("w:del", "w:moveFrom", "w:rPrChange", "w:pPrChange", "w:delText", "w:delInstrText"))
"""What is no more when all tracked changes are accepted."""
_THROUGH = frozenset(
    ("w:ins", "w:moveTo", "w:hyperlink", "w:smartTag", "w:customXml", "w:fldSimple", "w:dir", "w:bdo", "w:sdtContent")
)
_ENCLOSED = re.compile(r"eq\s*\\o\s*(?:\\a[clr])?\s*\(\s*([^,，]+?)\s*[,，]\s*(.+?)\s*\)", re.IGNORECASE)
"""The field that Word writes for an enclosed character: "eq \\o\\ac(○,1)" is ①."""
_CIRCLES = "○〇◯Oo"


@dataclass(slots=True)
class _Field:
    """An open field: its code, which is never text, and whether its result has begun."""

    code: str = ""
    result: bool = False

    @property
    def contents(self) -> bool:
        """Whether its result is a list of contents."""
        return self.result and self.code.strip().upper().startswith("TOC")


@dataclass(slots=True)
class Story:
    """What goes on from paragraph to paragraph through a part of the document."""

    fields: list[_Field] = field(default_factory=list)
    page: int = 1
    paged: bool = False
    left_out: set[str] = field(default_factory=set)

    @property
    def in_contents(self) -> bool:
        """Whether a list of contents is open."""
        return any(inner.contents for inner in self.fields)

    @property
    def in_code(self) -> bool:
        """Whether what comes is the code of a field."""
        return any(not inner.result for inner in self.fields)


@dataclass(slots=True)
class Letters:
    """What was found in a paragraph."""

    runs: list[Run] = field(default_factory=list)
    before: list[etree._Element] = field(default_factory=list)
    """Text boxes that are anchored before its first letter, and `behind` those that are behind it."""
    behind: list[etree._Element] = field(default_factory=list)
    page: int | None = None
    size: float | None = None
    seen: bool = False


class Inline:
    """Reads paragraphs one after the other; `story` is carried from each to the next."""

    def __init__(self, styles: Styles, story: Story) -> None:
        self._styles = styles
        self.story = story

    def read(self, paragraph: etree._Element, style: Style) -> Letters:
        """The letters of a paragraph of this style."""
        letters = Letters()
        self._children(paragraph, style, letters)
        return letters

    def _children(self, element: etree._Element, style: Style, letters: Letters) -> None:
        for inner in element:
            name = kind(inner)
            if name == "w:r":
                self._run(inner, style, letters)
            elif name in _THROUGH:
                self._children(inner, style, letters)
            elif name == "w:sdt":
                content = child(inner, "w:sdtContent")
                if content is not None and not is_placeholder(inner):
                    self._children(content, style, letters)
            elif name in ("m:oMath", "m:oMathPara"):
                self._put(letters, "".join(t.text or "" for t in inner.iter() if kind(t) == "m:t"), style, False)
            elif name == "mc:AlternateContent":
                self._boxes(inner, letters)

    def _run(self, run: etree._Element, style: Style, letters: Letters) -> None:
        look = child(run, "w:rPr")
        named = self._styles.run(value(look, "w:rStyle")) if look is not None else PLAIN
        hidden = _first(switch(look, "w:vanish"), named.hidden, style.hidden)
        bold = bool(_first(switch(look, "w:b"), named.bold, style.bold))
        font = font_of(look) or named.font
        size = size_of(look) or named.size or style.size
        for inner in run:
            name = kind(inner)
            if name == "w:fldChar":
                self._field(attribute(inner, "fldCharType"), inner, letters, style, bold)
            elif name == "w:instrText":
                self._code(inner.text or "")
            elif name == "w:lastRenderedPageBreak":
                self.story.page += 1
                self.story.paged = True
            elif name in ("mc:AlternateContent", "w:drawing", "w:pict", "w:object"):
                self._boxes(inner, letters)
            elif name == "w:ruby":
                if (base := child(inner, "w:rubyBase")) is not None:
                    self._children(base, style, letters)
            elif text := _letters_of(inner, name, font):
                if hidden:
                    self.story.left_out.add("hidden text")
                    continue
                if text.strip() and letters.size is None:
                    letters.size = size
                self._put(letters, text, style, bold)
            elif name in ("w:footnoteReference", "w:endnoteReference"):
                self.story.left_out.add("notes")
            elif name == "w:commentReference":
                self.story.left_out.add("comments")

    def _put(self, letters: Letters, text: str, style: Style, bold: bool) -> None:
        if self.story.in_code:
            self._code(text)
            return
        if text.strip() and not letters.seen:
            letters.seen = True
            letters.page = self.story.page
        region = Region.CONTENTS if self.story.in_contents or style.contents else Region.BODY
        last = letters.runs[-1] if letters.runs else None
        if last is not None and (last.bold, last.region) == (bold, region):
            letters.runs[-1] = last._replace(text=last.text + text)
        else:
            letters.runs.append(Run(text, bold, region))

    # -- fields --------------------------------------------------------------------------------------------------------

    def _code(self, text: str) -> None:
        inner = next((f for f in reversed(self.story.fields) if not f.result), None)
        if inner is not None:
            inner.code += text

    def _field(self, step: str | None, char: etree._Element, letters: Letters, style: Style, bold: bool) -> None:
        fields = self.story.fields
        if step == "begin":
            fields.append(_Field())
            box = next((e for e in char.iter() if kind(e) == "w:checkBox"), None)
            if box is not None:
                ticked = _first(switch(box, "w:checked"), switch(box, "w:default"), False)
                fields[-1].result = True
                self._put(letters, "☑" if ticked else "□", style, bold)
                fields[-1].result = False
        elif step == "separate" and fields:
            fields[-1].result = True
        elif step == "end" and fields:
            done = fields.pop()
            if not done.result and (sign := _enclosed(done.code)):
                self._put(letters, sign, style, bold)

    # -- boxes ---------------------------------------------------------------------------------------------------------

    def _boxes(self, element: etree._Element, letters: Letters) -> None:
        found = list(text_boxes(element))
        (letters.behind if letters.seen else letters.before).extend(found)


def text_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """The outermost text boxes in an element; of several renderings of one drawing those of the first that has any."""
    name = kind(element)
    if name == "w:txbxContent":
        yield element
    elif name == "mc:AlternateContent":
        renderings = ([box for part in inner for box in text_boxes(part)] for inner in element)
        yield from next(filter(None, renderings), [])
    elif name not in GONE:
        for inner in element:
            yield from text_boxes(inner)


def is_placeholder(control: etree._Element) -> bool:
    """Whether a content control shows its prompt, "click here to enter text", and nothing of the author's."""
    properties = child(control, "w:sdtPr")
    return properties is not None and bool(switch(properties, "w:showingPlcHdr"))


def _letters_of(element: etree._Element, name: str, font: str | None) -> str:
    if name == "w:t":
        text = element.text or ""
        return symbols.shown(text, font) if symbols.is_symbol_font(font) or not text.isascii() else text
    if name == "w:sym":
        code = attribute(element, "char") or ""
        number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) else 0
        return (
            symbols.shown(chr(number), attribute(element, "font")) if number and not 0xD800 <= number < 0xE000 else ""
        )
    if name == "w:br":
        return "" if attribute(element, "type") in ("page", "column") else "\n"
    return {"w:cr": "\n", "w:tab": "\t", "w:ptab": "\t", "w:noBreakHyphen": "-"}.get(name, "")


def _enclosed(code: str) -> str:
    m = _ENCLOSED.search(code)
    if not m:
        return ""
    inner = m[2].strip("() ")
    if m[1] in _CIRCLES and inner.isdigit() and len(inner) < 4:
        return counting.shown(int(inner), "decimalEnclosedCircle")
    return inner


def _first(*answers: bool | None) -> bool | None:
    return next((answer for answer in answers if answer is not None), None)
