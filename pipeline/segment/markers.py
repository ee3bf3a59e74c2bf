"""The grammar of markers: what can stand in front of an entry, and which family of numbering it belongs to.

A marker's *style* is its family together with its delimiter, normalised: "1、" and "1." are two styles, "（1）" and
"(1)" are one. Levels are inferred from styles (`outline.py`), so the grammar itself knows no ranks.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.segment import numerals


class Marker(NamedTuple):
    """A marker at `text[start:end]`; white space behind it is included, so that the body starts at `end`."""

    start: int
    end: int
    text: str
    style: str
    number: int | None


_CN = "[〇零一二三四五六七八九十百两]{1,4}"
# Each alternative carries the kind of line that called for it. Order matters: the first that fits wins.
_GRAMMAR = re.compile(
    rf"""
      (?P<hash>\#{{1,6}})(?=[\s【\u4e00-\u9fff])                           # "#### PLM顾问"
    | [【\[（(]?(?P<part>[第篇]\s*(?:{_CN}|\d{{1,3}})\s*(?:篇|章|节|条|款|部分|项)?   # "篇三：" "【篇2】" "第X条" "职责一："
        |(?:职责|任务|职能)[ ]?{_CN}(?=\s*[:：]))[】\])）]?\s*[:：、.．]?
    | [（(]\s*(?P<paren>\d{{1,3}}|{_CN}|[A-Za-z]|[ivxIVX]{{2,4}})\s*[)）]\s?[、.．,，:：]?   # "(1)" "（一）、"
    | (?P<circled>[①-⑳⑴-⒇㈠-㈩❶-❿➀-➓⒜-⒵Ⓐ-ⓩ])\s?[、.．,，:：]?           # "①" "⑴"
    | (?P<dotted>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})(?:[.、．)）]|(?=\s*[\u4e00-\u9fff【]))   # "1.1 负责" "2.3.1、"
    | (?P<numdot>[⒈-⒛])                                                  # "⒈"
    | (?P<arabic>\d{{1,3}})(?P<asep>\s{{0,3}}[、.．,，。)）:：;；﹑·]|(?=[ \t\u3000]+[^\d\s]))[.、]?   # "1、" "2。" "3 ，" "4 负责"
    | (?P<padded>0\d)(?=[\u4e00-\u9fff])                                  # "01化验员"
    | (?P<chinese>{_CN})(?P<csep>\s?[、.．,，:：。)）﹑])                   # "一、" "二："
    | (?P<roman>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ]|[IVX]{{1,4}}(?=[、.．]))[、.．,，:：]?    # "Ⅰ、"
    | (?P<stem>[甲乙丙丁戊己庚辛])[、.．]                                   # "甲、"
    | (?P<letter>[A-Ha-h])\s?(?P<lsep>[、.．)）])(?![A-Za-z])              # "a)" "A、"
    | (?P<bullet>[•·・●○◎◆◇■□▲△▼★☆※➢➤►▶▪▫◦‣⁃✓✔√❖➣⚫⬤■♦\uf000-\uf0ff]+|[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?)[、.]?
    | (?P<dash>[-–—―－~_]{{1,4}}(?:\s?[-–—―－]{{1,2}})?)(?![-–—])     # "-" "—" "- -"
    | (?P<star>\*{{1,3}})(?=[^*\s])(?!\*)|(?P<star2>[*+])(?=\s)           # "*负责" "* 负责"
    | (?P<quote>>+)(?=\s)                                                 # "> 联系邮箱"
    """,
    re.VERBOSE,
)
_LOST = re.compile(r"[?？.．]{1,2}(?=\s*[\u4e00-\u9fffA-Za-z“\"【(（\d])")
"""A bullet that a conversion lost: "?负责…", ".负责…"."""

_ELL = re.compile(r"l(?=[ \t]+\S)|[nuØüvl](?=[ \t]{2,}\S)")
"""Wingdings bullets that came through as the letters behind them: "l 负责…"."""

_TAIL = re.compile(r"[\s\u3000]*(?:[?？](?=\s*[\u4e00-\u9fffA-Za-z]))?[\s\u3000]*")
"""White space behind a marker, with a non-breaking space that became "?" in it: "1.？制定…"."""

_DECIMAL = re.compile(r"\d{1,2}[.．](?=\d)")


def at(text: str, start: int, end: int) -> Marker | None:
    """The marker at `start` of a line that ends at `end`, or None.

    Quantities, times, dates and versions are no markers: "3.5年", "9:00", "2021.8", "1-3年".
    """
    m = _GRAMMAR.match(text, start, end)
    if m is None:
        return _lost(text, start, end)
    family = m.lastgroup or ""
    family = {"asep": "arabic", "csep": "chinese", "lsep": "letter", "star2": "star"}.get(family, family)
    if not _fits(text, m, family, end):
        return None
    tail = _TAIL.match(text, m.end(), end)
    marker = Marker(start, tail.end() if tail else m.end(), m[0].strip(), _style(m, family), _number(m, family))
    inner = at(text, marker.end, end) if family == "hash" else None
    if inner and inner.number is not None:  # "### 2. 算法实习生"
        return marker._replace(end=inner.end, text=text[start : inner.end].strip(), number=inner.number)
    if family == "quote" and (inner := at(text, marker.end, end)):  # "> 1. 双休"
        return inner._replace(start=start, text=text[start : inner.end].strip())
    return marker


def _fits(text: str, m: re.Match[str], family: str, end: int) -> bool:
    behind = text[m.end() : m.end() + 1] if m.end() < end else ""
    if family == "arabic":
        if not m["asep"] and (_quantity(text, m, end) or len(m["arabic"]) == 3):
            return False
        return not (behind.isdigit() and m[0][-1] in ".．:：,，") and not (
            len(m["arabic"]) == 3 and m[0][-1] not in "、)）"
        )
    if family == "chinese":
        return not (m["chinese"] in ("百", "零", "两") or (behind.isdigit() and m[0][-1] in ":："))
    if family == "part":
        return m["part"][0] in "篇职任" or m["part"][-1] in "篇章节条款项分"
    if family in ("dotted", "padded"):
        return not _quantity(text, m, end)
    return True


_UNIT = re.compile(r"\s*[年个月天万千元亿倍米小名人岁%％KkwW期版]")


def _quantity(text: str, m: re.Match[str], end: int) -> bool:
    """Whether "2.3年以上" or "3.5 万" is a quantity, and not the number 2.3 of a section."""
    return _UNIT.match(text, m.end(), end) is not None


def pictured(marker: Marker) -> bool:
    """Whether a marker is a picture, such as "📍" or "✅": a decoration, which ranks nothing."""
    return marker.style.startswith("bullet") and ord(marker.style[6]) >= 0x2600 and marker.style[6] not in "★☆■♦⬤"


def decimal_like(text: str, start: int, end: int) -> Marker | None:
    """ "2." in "2.3年以上经验": a marker only where its neighbours in the list say so."""
    m = _DECIMAL.match(text, start, end)
    if m is None:
        return None
    return Marker(start, m.end(), m[0], "arabic.", int(m[0][:-1]))


_BARE = re.compile(r"\d{1,2}(?=[\u4e00-\u9fff]|[A-Za-z]{3}|\s[\u4e00-\u9fffA-Za-z])")
_COUNTED = tuple("年个月天万千元亿倍米小名人岁种级次家台条项轮期版维类层门位周日号点代大线")


def bare(text: str, start: int, end: int) -> Marker | None:
    """ "2" in "1负责接待；2整理文件": a marker only in a list that counts to three, and never a quantity."""
    m = _BARE.match(text, start, end)
    if m is None or text[m.end() :].lstrip()[:1] in _COUNTED:
        return None
    return Marker(start, m.end(), m[0], "bare", int(m[0]))


def _lost(text: str, start: int, end: int) -> Marker | None:
    m = _LOST.match(text, start, end) or _ELL.match(text, start, end)
    if m is None:
        return None
    tail = _TAIL.match(text, m.end(), end)
    return Marker(start, tail.end() if tail else m.end(), m[0], "lost", None)


_DELIMITERS = {"．": ".", "，": ",", "）": ")", "：": ":", "﹑": "、", "；": ";"}


def _style(m: re.Match[str], family: str) -> str:
    """Family and delimiter, as one key."""
    if family in ("arabic", "chinese", "letter"):
        delimiter = (m[{"arabic": "asep", "chinese": "csep", "letter": "lsep"}[family]] or "").strip()
        return family + _DELIMITERS.get(delimiter, delimiter)
    if family == "paren":
        inner = m["paren"]
        kind = "arabic" if inner.isdigit() else "letter" if inner.isascii() else "chinese"
        return f"({kind})"
    if family == "circled":
        return f"circled{ord(m['circled']) // 32}"
    if family == "bullet":
        return f"bullet{m['bullet'][0]}"
    if family == "hash":
        return f"hash{len(m['hash'])}"
    if family == "part":
        return f"part{m['part'][-1]}" if m["part"][-1] in "章节条" else "part"
    if family == "dotted":
        return f"dotted{m['dotted'].count('.')}"
    return family


def _number(m: re.Match[str], family: str) -> int | None:
    if family in ("hash", "bullet", "dash", "star", "quote"):
        return None
    raw = m[family]
    if family == "part":
        raw = re.sub(r"[第篇章节条款部分项职责任务能\s]", "", raw)
    if family == "dotted":
        raw = raw.rsplit(".", 1)[1]
    return numerals.value(raw)
