"""Doubled and stray marks: broken in a way that needs no model to see."""

from __future__ import annotations

import re

from pipeline.correct.rescoring import Candidate
from pipeline.correct.spin import Judged

_RULES: tuple[tuple[str, re.Pattern[str], str, str], ...] = (
    (
        "mark.doubled",
        re.compile(r"(?<=[\u4e00-\u9fffA-Za-z])([，、；])(\1+)(?=[\u4e00-\u9fffA-Za-z“])"),
        "dup",
        "礼品、、贵金属",
    ),
    (
        "mark.comma-before-stop",
        re.compile(r"(?<=[\u4e00-\u9fffA-Za-z）])()([，、,])(?=[；。])"),
        "punct",
        "熟悉敏捷开发，；",
    ),
    (
        "mark.stray-quote",
        re.compile(r"(?<=的)()(['’‘])(?=[\u4e00-\u9fff]{2}[^'’‘\n]{0,30}(?:\n|$))"),
        "punct",
        "较强的'事业心",
    ),
    ("mark.quote-after-stop", re.compile(r"(?<=[；。])()(['’‘])(?=\s*\d)"), "punct", "专业优先；’2、"),
)
"""Rule, pattern whose second group goes, category, and the kind of text that called for it."""


_LINE_END = re.compile(r"[?？](?=[ ]*(?:\n|\Z))")
"""例: "1、爱护幼儿。?" on every line: a line break of another system that a conversion could not read."""

_ASKED = re.compile(r"[吗呢么谁哪何几多怎否][^\n]{0,12}\Z")


def _lost_breaks(text: str) -> list[Judged]:
    """Question marks at the ends of most lines of a page, of which hardly one asks anything."""
    found = list(_LINE_END.finditer(text))
    lines = sum(1 for line in text.split("\n") if line.strip())
    if len(found) < 3 or 2 * len(found) < lines:
        return []
    told = [m for m in found if not _ASKED.search(text, max(0, m.start() - 16), m.start())]
    if len(told) * 10 < len(found) * 9:
        return []
    return [
        Judged(Candidate(*m.span(), "", "mark.lost-break", "punct"), True, 0.95, "at the ends of most lines")
        for m in told
    ]


def judge(text: str) -> list[Judged]:
    """Marks to take out. An ellipsis, a decimal and a pair of quotation marks stay."""
    out = _lost_breaks(text)
    for rule, pattern, category, example in _RULES:
        for m in pattern.finditer(text):
            candidate = Candidate(m.start(2), m.end(2), "", rule, category)
            out.append(Judged(candidate, True, 0.95, f"as in {example}"))
    return out
