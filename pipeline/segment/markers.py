"""The grammar of markers: what can stand in front of an entry or a heading, and how it counts.

A marker's *style* is its family together with its delimiter: "1、" and "1." are two styles, "（1）" and "(1)" are one.
The grammar knows no ranks; levels are inferred from styles (`nest.py`).
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import regex

from pipeline.segment import numerals


class Family(IntEnum):
    """The families of numbering, and of signs that number nothing."""

    HASH = 1  # "## 岗位"
    PART = 2  # "第一章" "篇三：" "职责二："
    CHINESE = 3  # "一、"
    PAREN_CHINESE = 4  # "（一）"
    ARABIC = 5  # "1、" "2."
    PAREN_ARABIC = 6  # "(1)"
    CIRCLED = 7  # "①" "⑴"
    DOTTED = 8  # "1.1" "2.3.1"
    PADDED = 9  # "01化验员"
    ROMAN = 10  # "Ⅱ、"
    STEM = 11  # "甲、"
    LETTER = 12  # "A、" "a)"
    PAREN_LETTER = 13  # "(a)"
    KEYCAP = 14  # "1️⃣"
    BARE = 15  # "4 负责" "4负责"
    BULLET = 16  # "•" "■" "✅"
    DASH = 17  # "-" "—"
    STAR = 18  # "*负责" "+ 负责"
    QUOTE = 19  # "> 1. 双休"
    LOST = 20  # "?负责" ".负责" "l 负责": a bullet that a conversion lost


class Marker(NamedTuple):
    """A marker at `text[start:end]`; white space after it is included, so that the body starts at `end`."""

    start: int
    end: int
    text: str
    family: Family
    delimiter: str
    number: int | None

    @property
    def style(self) -> tuple[Family, str]:
        """What two markers of one list have in common."""
        return self.family, self.delimiter


_CN = "[〇零一二三四五六七八九十百两壹贰叁肆伍陆柒捌玖拾]{1,4}"
# Each alternative carries the kind of line that called for it. Order matters: the first that fits wins.
_GRAMMAR = regex.compile(
    rf"""
      (?P<hash>\#{{1,6}})(?=[\s【\p{{Han}}])                                # "#### PLM顾问"
    | (?P<keycap>\d)\ufe0f?\u20e3                                          # "1️⃣"
    | [【\[（(]?(?P<part>[第篇]\s*(?:{_CN}|\d{{1,3}})\s*(?:篇|章|节|条|款|部分|项)?   # "篇三：" "【篇2】" "第X条" "职责一："
        |(?:职责|任务|职能)[ ]?{_CN}(?=\s*[:：]))[】\])）]?\s*[:：、.．]?
    | [（(]\s*(?P<paren>\d{{1,3}}|{_CN}|[A-Za-z]|[ivxIVX]{{2,4}})\s*[)）]\s?[、.．,，:：]?   # "(1)" "（一）、"
    | (?P<circled>[①-⑳⑴-⒇㈠-㈩❶-❿➀-➓⒜-⒵Ⓐ-ⓩ])\s?[、.．,，:：]?           # "①" "⑴"
    | (?P<dotted>\d{{1,2}}(?:[.．]\d{{1,2}}){{1,3}})(?:[.、．)）]|(?=\s*[\p{{Han}}【]))   # "1.1 负责" "2.3.1、"
    | (?P<numdot>[⒈-⒛])                                                  # "⒈"
    | (?P<arabic>\d{{1,3}})(?P<asep>\s{{0,3}}[、.．,，。)）:：;；﹑﹒·])[.、]?  # "1、" "2。" "3 ，"
    | (?P<spaced>\d{{1,3}})(?=[ \t\u3000]+[^\d\s])                          # "4 负责"
    | (?P<padded>0\d)(?=\p{{Han}})                                        # "01化验员"
    | (?P<chinese>{_CN})(?P<csep>\s?[、.．,，:：。)）﹑])                   # "一、" "二："
    | (?P<roman>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ]|[IVX]{{1,4}}(?=[、.．]))[、.．,，:：]?    # "Ⅰ、"
    | (?P<stem>[甲乙丙丁戊己庚辛])[、.．]                                   # "甲、"
    | (?P<letter>[A-Ha-h])\s?(?P<lsep>[、.．)）])(?![A-Za-z])              # "a)" "A、"
    | (?P<bullet>[•·・●○◎◆◇■□▲△▼★☆※➢►▶▪▫◦‣⁃✓✔√❖➣⚫⬤♦▍▎❥➤☑\p{{Co}}]++|\p{{Extended_Pictographic}}\ufe0f?)[、.]?
    | (?P<dash>[-–—―－~_]{{1,4}}+(?:\s?[-–—―－]{{1,2}})?)(?![-–—])     # "-" "—" "- -"
    | (?P<star>\*{{1,3}}+)(?=[^*\s])|(?P<star2>[*+])(?=\s)                 # "*负责" "* 负责"
    | (?P<quote>>++(?:[ ]>++)*+)(?=\s)                                    # "> 联系邮箱" "> > 引文里的引文"
    | (?P<lost>[?？.．]{{1,2}}+)(?=\s*[\p{{Han}}A-Za-z“"【(（\d])            # "?负责…", ".负责…"
    | (?P<ell>l(?=[ \t]+\S)|[nuØüvl](?=[ \t]{{2,}}\S))                     # "l 负责…": a Wingdings bullet read as a letter
    """,
    regex.VERBOSE,
)
_TAIL = regex.compile(r"\s*+(?:[?？](?=\s*[\p{Han}A-Za-z]))?\s*+")
"""White space after a marker, with a non-breaking space that became "?" in it: "1.？制定…"."""

_UNIT = regex.compile(r"\s*+[年个月天万千元亿倍米小名人岁%％KkwW期版]")
_COUNTED = frozenset("年个月天万千元亿倍米小名人岁种级次家台条项轮期版维类层门位周日号点代大线")
_BARE = regex.compile(r"\d{1,2}(?=\p{Han}|[A-Za-z]{3})")

_FAMILIES = {
    "hash": Family.HASH,
    "keycap": Family.KEYCAP,
    "part": Family.PART,
    "circled": Family.CIRCLED,
    "dotted": Family.DOTTED,
    "numdot": Family.ARABIC,
    "arabic": Family.ARABIC,
    "spaced": Family.BARE,
    "padded": Family.PADDED,
    "chinese": Family.CHINESE,
    "roman": Family.ROMAN,
    "stem": Family.STEM,
    "letter": Family.LETTER,
    "bullet": Family.BULLET,
    "dash": Family.DASH,
    "star": Family.STAR,
    "star2": Family.STAR,
    "quote": Family.QUOTE,
    "lost": Family.LOST,
    "ell": Family.LOST,
}
_MEMBERS = {"asep": "arabic", "csep": "chinese", "lsep": "letter"}
_SEPARATORS = {"arabic": "asep", "chinese": "csep", "letter": "lsep"}
_DELIMITERS = {"．": ".", "，": ",", "）": ")", "：": ":", "﹑": "、", "；": ";", "﹒": "."}
_UNNUMBERED = frozenset({"hash", "bullet", "dash", "star", "star2", "quote", "lost", "ell"})
_PART_WORDS = regex.compile(r"[第篇章节条款部分项职责任务能\s]")


def at(text: str, start: int, end: int) -> Marker | None:
    """The marker at `start` of a line or piece that ends at `end`, or None.

    Quantities, times, dates and versions are no markers: "3.5万元", "9:00", "2021.8", "1-3年". But "1.3年以上经验" is the first
    entry: of 1,266 such beginnings in 50,535 postings all but some fifteen count on in their list, and no other is half years.
    """
    marker = _one(text, start, end)
    if marker and marker.family in (Family.HASH, Family.QUOTE):
        inner = _one(text, marker.end, end)
        if inner and inner.number is not None:
            # "### 2. 算法实习生" counts; "> 1. 双休" is an entry within a quotation
            family, delimiter = marker.style if marker.family == Family.HASH else inner.style
            return Marker(start, inner.end, text[start : inner.end].strip(), family, delimiter, inner.number)
    return marker


_HAN_FIRST = frozenset("第篇职任甲乙丙丁戊己庚辛零一二三四五六七八九十百两壹贰叁肆伍陆柒捌玖拾")
"""The ideographs that a marker can begin with."""


_YEARS = regex.compile(r"(\d{1,2}+)([.．])(?=\d{1,2}+(?:[-~—至到]\d{1,2}+)?年)")


def _one(text: str, start: int, end: int) -> Marker | None:
    if "\u4e00" <= text[start : start + 1] <= "\u9fff" and text[start] not in _HAN_FIRST:
        return None
    years = _YEARS.match(text, start, end)
    if years:
        return Marker(start, years.end(), years[0], *_meaning("arabic", years[1], years[2]))
    m = _GRAMMAR.match(text, start, end)
    if m is None or m.lastgroup is None:
        return _bare(text, start, end)
    name = _MEMBERS.get(m.lastgroup, m.lastgroup)
    if not _fits(text, m, name, end):
        return None
    separator = m[_SEPARATORS[name]].strip() if name in _SEPARATORS else ""
    return Marker(start, _after(text, m.end(), end), m[0].strip(), *_meaning(name, m[name], separator))


def _after(text: str, at: int, end: int) -> int:
    if at < end and text[at] not in "?？" and not text[at].isspace():
        return at
    m = _TAIL.match(text, at, end)
    return m.end() if m else at


def _fits(text: str, m: regex.Match[str], name: str, end: int) -> bool:
    after = text[m.end()] if m.end() < end else ""
    if name == "arabic":
        delimiter, digits = m["asep"].strip(), m["arabic"]
        if after.isdigit() and delimiter in ".．:：,，":
            return False
        return len(digits) < 3 or delimiter in "、)）"
    if name == "spaced":
        return len(m["spaced"]) < 3 and not _UNIT.match(text, m.end(), end)
    if name == "chinese":
        return not (m["chinese"] in ("百", "零", "两") or (after.isdigit() and m["csep"].strip() in ":："))
    if name == "part":
        return m["part"][0] in "篇职任" or m["part"][-1] in "篇章节条款项分"
    if name in ("dotted", "padded"):
        return not _UNIT.match(text, m.end(), end)
    return True


def _bare(text: str, start: int, end: int) -> Marker | None:
    """ "2" in "1负责接待；2整理文件": whether it counts anything only its list can say."""
    m = _BARE.match(text, start, end)
    if m is None or text[m.end() : m.end() + 1] in _COUNTED:
        return None
    return Marker(start, m.end(), m[0], Family.BARE, "", int(m[0]))


@lru_cache(maxsize=4096)
def _meaning(name: str, words: str, separator: str) -> tuple[Family, str, int | None]:
    """Family, delimiter and number of a marker that the named alternative fits; few markers make most of a text."""
    return *_style(name, words, separator), _number(name, words)


def _style(name: str, words: str, separator: str) -> tuple[Family, str]:
    if name == "paren":
        if words.isdigit():
            return Family.PAREN_ARABIC, ""
        return (Family.PAREN_LETTER if words.isascii() else Family.PAREN_CHINESE), ""
    family = _FAMILIES[name]
    if name in _SEPARATORS:
        return family, _DELIMITERS.get(separator, separator)
    if name == "numdot":
        return family, "⒈"
    if name == "circled":
        return family, str(ord(words) // 32)
    if name == "bullet":
        return family, words[0]
    if name == "hash":
        return family, str(len(words))
    if name == "part":
        return family, words[-1] if words[-1] in "章节条" else words[0]
    if name == "dotted":
        return family, str(words.count(".") + words.count("．"))
    return family, ""


def _number(name: str, words: str) -> int | None:
    if name in _UNNUMBERED:
        return None
    if name == "part":
        words = _PART_WORDS.sub("", words)
    if name == "dotted":
        words = words.replace("．", ".").rsplit(".", 1)[1]
    return numerals.value(words)
