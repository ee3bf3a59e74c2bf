"""Doubled and stray marks, and stars for stops: broken in a way that needs no model to see."""

from __future__ import annotations

import re

from pipeline.correct.language.ngrams import Language
from pipeline.correct.proposal import Candidate, Judged

_RULES: tuple[tuple[str, re.Pattern[str], str, str], ...] = (
    (
        "mark.doubled",
        re.compile(r"(?<=[\u4e00-\u9fffA-Za-z])([，、；])(\1+)(?=[\u4e00-\u9fffA-Za-z“])"),
        "dup",
        "礼品、、贵金属",
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


_TWO = re.compile(
    r"(?:(?<=[\u4e00-\u9fff）)”])(?<![一二三四五六七八九十])|(?<=[A-Za-z+#]{2}))([，、；。：])([，、；。：])(?![，、；。：…])"
)
"""例: "熟悉敏捷开发，；", "掌握操作系统，、脚本", "开发和性能优化。、任职要求". Behind a numeral the first is part of a marker."""

_WEAK = "，、"


def _one_of_two(text: str) -> list[Judged]:
    """One of two marks in a row: the weaker goes, of two that are as strong the first."""
    out = []
    for m in _TWO.finditer(text):
        gone = 2 if m[2] in _WEAK and m[1] not in _WEAK else 1
        same = m[1] == m[2]
        if (same and m[1] in "，、；") or m[0] in ("；：", "。："):
            continue  # those are mark.doubled; a heading may be lost before these
        candidate = Candidate(*m.span(gone), "", "mark.doubled" if same else "mark.two", "dup" if same else "punct")
        out.append(Judged(candidate, True, 0.95, f"{m[0]} for one mark"))
    return out


_LINE_END = re.compile(r"[?？](?=[ ]*(?:\n|\Z))")
"""例: "1、爱护幼儿。?" on every line: a line break of another system that a conversion could not read."""

_ASKED = re.compile(r"[吗呢么谁哪何几多怎否][^\n]{0,12}\Z|[不没]\Z")
"""What goes before the mark of a real question."""


def asked(text: str, at: int) -> bool:
    """Whether the question mark at a place ends a real question."""
    return _ASKED.search(text, max(0, at - 16), at) is not None


def _lost_breaks(text: str) -> list[Judged]:
    """Question marks at the ends of most lines of a page, of which hardly one asks anything."""
    found = list(_LINE_END.finditer(text))
    lines = sum(1 for line in text.split("\n") if line.strip())
    if len(found) < 3 or 2 * len(found) < lines:
        return []
    told = [m for m in found if not asked(text, m.start())]
    if len(told) * 10 < len(found) * 9:
        return []
    return [
        Judged(Candidate(*m.span(), "", "mark.lost-break", "punct"), True, 0.95, "at the ends of most lines")
        for m in told
    ]


_STAR = re.compile(r"(?m)^(?P<said>[^*＊\n]*[\u4e00-\u9fff])(?P<star>[*＊])(?P<rest>[\u4e00-\u9fff][^*＊\n]*|[ ]*)$")
"""例: "供业务决策及营销控制部门参考*" at the end of a line: the one star of a line, behind a word."""

_NOTED = re.compile(r"(?m)^[ ]*[*＊]")

_SENTENCE = 15
"""Characters of a line before its star: "姓名*" and "联系电话*" are fields to be filled in."""


def _stars_for_stops(text: str) -> list[Judged]:
    """Stars where a sentence ends. None on a page that has notes or a list behind stars; and a star within a line only where
    another stands at the end of one, since it may hide a letter of a name, or belong to no word at all ("可以兼*职")."""
    found = [m for m in _STAR.finditer(text) if len(m["said"].strip()) >= _SENTENCE]
    last = [m for m in found if not m["rest"].strip()]
    if not last or _NOTED.search(text):
        return []
    ends = [line.rstrip()[-1:] for line in text.split("\n")]
    usual = "；" if ends.count("；") > ends.count("。") else "。"
    return [
        Judged(
            Candidate(*m.span("star"), usual if m in last else "。", "mark.star", "punct"), True, 0.9, "ends a sentence"
        )
        for m in found
    ]


_TILDE = re.compile(r"(?<=[\u4e00-\u9fff)）”])[~～](?=[\u4e00-\u9fff])")
"""例: "核对批号~合格后放行": a comma that a conversion could not show. Between numbers it means a range."""

TILDES = 4
"""Places of a page from which they are commas: one or two may mean a range ("周一~周五") or a tone of voice."""


def _tildes_for_commas(text: str) -> list[Judged]:
    """Tildes between words, where a page has many of them and hardly a comma."""
    found = [m.span() for m in _TILDE.finditer(text) if not _RANGE.match(text, m.start() - 1)]
    if len(found) < TILDES or text.count("，") + text.count(",") > len(found):
        return []
    told = f"{len(found)} of the page stand between words"
    return [Judged(Candidate(*span, "，", "mark.tilde", "punct"), True, 0.95, told) for span in found]


_RANGE = re.compile(r"[一二三四五六七八九十日][~～](?:周|星期|礼拜|月)?[一二三四五六七八九十日]")

_HYPHEN = re.compile(r"(?<=[\u4e00-\u9fff])-(?=\n[\u4e00-\u9fff])")
"""例: "控制发酵温-" at the end of a line: a word that a page of columns broke."""

HYPHENS = 2
"""Lines of a page from which they are that."""


def _broken_words(text: str) -> list[Judged]:
    """Hyphens at the ends of lines within words, as programs put them that know only Latin script."""
    found = [m.span() for m in _HYPHEN.finditer(text)]
    if len(found) < HYPHENS:
        return []
    return [Judged(Candidate(*span, "", "mark.hyphen", "punct"), True, 0.95, "breaks a word") for span in found]


_MISREAD = (
    (re.compile(r"(?<=[\u4e00-\u9fff])丶(?=\s?[\u4e00-\u9fff])"), "、"),
    (re.compile(r"(?<=[\u4e00-\u9fff])[oO](?=[ ]*(?:\n|\Z))"), "。"),
    (re.compile(r"(?<=[\u4e00-\u9fff])[i!](?=[ ]*\n[ ]*[（(]?[\d一二三四五六七八九十]+[)）.．、])"), "；"),
)
"""What recognisers make of marks, and the mark: 例 "卡丶物相符", "集中处理o", "检验员证书i" before the next entry."""


def _misread_marks(text: str) -> list[Judged]:
    """Marks read as letters; of "o" and "i" only where lines of the page end in such marks."""
    ends = {line.rstrip()[-1:] for line in text.split("\n")}
    return [
        Judged(Candidate(*m.span(), mark, "mark.misread", "punct"), True, 0.9, f"{m[0]} stands for {mark}")
        for pattern, mark in _MISREAD
        if mark == "、" or mark in ends
        for m in pattern.finditer(text)
    ]


def judge(text: str, _language: Language) -> list[Judged]:
    """Marks to take out, and stars for stops. An ellipsis, a decimal and a pair of quotation marks stay."""
    systematic = (_lost_breaks, _stars_for_stops, _one_of_two, _tildes_for_commas, _broken_words, _misread_marks)
    out = [judged for find in systematic for judged in find(text)]
    for rule, pattern, category, example in _RULES:
        for m in pattern.finditer(text):
            candidate = Candidate(m.start(2), m.end(2), "", rule, category)
            out.append(Judged(candidate, True, 0.95, f"as in {example}"))
    return out
