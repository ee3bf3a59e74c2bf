"""Lines become paragraphs: a line that the margin broke goes on in the next, across columns and pages too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.layout import Box, Region
from pipeline.read.parts import Paragraph, Run
from pipeline.read.pdf.lines import Line
from pipeline.text import WIDE

_BEGINS = re.compile(
    r"(?:[(（【\[]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z])\s*[、.．)）】\]]|\d{1,2}(?:\.\d{1,2})+|第[一二三四五六七八九十百\d]+[条章节款项部篇]"
    r"|[①-⑳⑴-⒇⒈-⒛㈠-㈩❶-❿]|[•●■◆▪○□☐☑➢➤◇★※·►✓✔√]|[-–—*]\s|【|附[件表录]|\d{1,2}\s)"
)
"""What a line begins with that is the beginning of an entry or a heading."""
_DECIMAL = re.compile(r"\d+[.．]\d")
_STOP = re.compile(r"[。；;！？!?：:][”’」』)）\"]*$")
_UNIT = re.compile(r"(?:[A-Za-z0-9.@_/+-]{1,30}|.)[，。；：、！？）》」』”’,.;:!?)%％]{0,3}", re.DOTALL)
_CONTENTS = re.compile(r".*[.·…．。•\s]{3}[-\s]{0,20}\d{1,4}\s*|.+\t\d{1,4}")
_LEADERS = re.compile(r"(?:[.·…．]\s?){4,}")
_CONTENTS_TITLE = re.compile(r"目\s*[录錄次]|contents", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the lines of a column begin and end at most, and how far apart they usually stand, in points."""

    left: float
    right: float
    pitch: float = 0.0


def margins(lines: Sequence[Line], width: float, alone: bool) -> Margins:
    """The margins of a column by its lines; one that has the page of this width for itself is wider than short lines."""
    left = min(line.box.left for line in lines)
    right = max(line.box.right for line in lines)
    return Margins(left, max(right, left + 0.6 * (width - 2 * left)) if alone else right, pitch(lines))


def pitch(lines: Sequence[Line]) -> float:
    """From one line to the next, where no paragraph ends: the lower quartile of all steps; 0 for a single line."""
    pairs = pairwise(lines)
    steps = sorted(b.box.top - a.box.top for a, b in pairs if a.page == b.page and b.box.top > a.box.top)
    return steps[len(steps) // 4] if steps else 0.0


def paragraphs(lines: Iterable[tuple[Line, Margins]], page_width: float) -> Iterator[Paragraph]:
    """Put lines together; each comes with the margins of its column, those of all columns in reading order."""
    open_: list[Line] = []
    last: Margins | None = None
    in_contents = False
    for line, here in lines:
        if open_ and last is not None and _goes_on(open_, line, last, here):
            open_.append(line)
        else:
            if open_ and last is not None:
                in_contents = _is_contents(open_, in_contents)
                yield _made(open_, last, page_width, in_contents)
            open_ = [line]
        last = here
    if open_ and last is not None:
        yield _made(open_, last, page_width, _is_contents(open_, in_contents))


def _goes_on(before: Sequence[Line], line: Line, last: Margins, here: Margins) -> bool:
    """Whether a line is the rest of the paragraph before it."""
    above = before[-1]
    if "\t" in above.text or "\t" in line.text or abs(above.size - line.size) > 0.12 * above.size:
        return False
    if _begins(line.text) or above.bold != line.bold or _LEADERS.search(above.text):
        return False
    full = above.box.right + _unit(line.text) * line.size > last.right
    if not full or not _is_next(above, line, last):
        return False
    if not _STOP.search(above.text):
        return True
    first = before[0]
    hanging = _begins(first.text) and line.box.left > first.box.left + 0.5 * line.size
    indented = first.box.left > last.left + 1.2 * line.size and abs(line.box.left - here.left) < 0.6 * line.size
    return (hanging or indented) and not above.text.endswith(("：", ":"))


def in_region(paragraph: Paragraph, region: Region) -> Paragraph:
    """The paragraph as a part of a region."""
    return replace(paragraph, runs=tuple(run._replace(region=region) for run in paragraph.runs))


def is_broken(text: str, rest: str) -> bool:
    """Whether a text at the end of a page goes on with another on the next."""
    return not _STOP.search(text) and not _begins(rest)


def _begins(text: str) -> bool:
    return bool(_BEGINS.match(text)) and not _DECIMAL.match(text)


def _unit(text: str) -> float:
    """How wide, in widths of an ideograph, that is which could not stay on the line before: a word, its closing marks."""
    m = _UNIT.match(text)
    return 0.25 + sum(0.55 if c.isascii() else 1.0 for c in m[0]) if m else 1.25


def _is_next(above: Line, line: Line, last: Margins) -> bool:
    """Whether it stands right below, as far as lines usually do; on another page or in another column anywhere."""
    step = line.box.top - above.box.top
    return line.page != above.page or step <= 0 or step < max(1.35 * last.pitch, 1.9 * line.size)


def _is_contents(lines: Sequence[Line], open_: bool) -> bool:
    text = lines[0].text.strip()
    if _CONTENTS_TITLE.fullmatch(text):
        return True
    return bool(_LEADERS.search(text) and text[-1:].isdigit()) or (open_ and bool(_CONTENTS.fullmatch(text)))


def _made(lines: Sequence[Line], here: Margins, page_width: float, contents: bool) -> Paragraph:
    region = Region.CONTENTS if contents else Region.BODY
    first = lines[0]
    bold = all(line.bold for line in lines)
    runs: list[Run] = []
    for line in lines:
        gap = "" if not runs or WIDE.match(runs[-1].text[-1:]) or WIDE.match(line.text) else " "
        if runs and line.page == runs[-1].page and line.confidence is None:
            joined = runs[-1].text + gap + line.text
            runs[-1] = runs[-1]._replace(text=joined, box=_around(runs[-1].box or line.box, line.box))
        else:
            runs.append(Run(gap + line.text, bold, region, line.page, _around(line.box, line.box), line.confidence))
    box = runs[0].box or first.box
    middle = (box.left + box.right) / 2
    centred = (
        len(lines) == 1 and abs(middle - page_width / 2) < 0.02 * page_width and box.left > here.left + 2 * first.size
    )
    return Paragraph(tuple(runs), page=first.page, centred=centred, size=round(first.size, 1), box=box)


def _around(box: Box, other: Box) -> Box:
    """The box around two, to a tenth."""
    low, high = map(min, box[:2], other[:2]), map(max, box[2:], other[2:])
    return Box(*(round(side, 1) for side in (*low, *high)))
