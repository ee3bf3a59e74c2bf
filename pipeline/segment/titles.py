"""Role headings: does a line name a post, and what is the post's clean title?"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline import lexicons
from pipeline.segment import headings, numerals


class Named(NamedTuple):
    """A role heading's reading: the clean title, its number among its like, and how much of the text it takes."""

    title: str
    ordinal: int | None
    size: int
    explicit: bool
    """Whether the words themselves say that this heads a role ("出纳岗位职责"), or only their place may."""
    kind: str | None = None
    """What they say that follows: "出纳岗位职责" promises duties."""


_TAILS = (
    "岗位说明书|职位说明书|职务说明书|工作说明书|岗位职责说明书|岗位工作职责|岗位主要职责"
    "|主要工作职责|岗位安全职责|岗位职责|工作职责|主要职责|岗位责任制|岗位责任|职位职责"
    "|职责范围|部门职责|部门职能|职责|职能|岗位描述|职位描述|岗位说明|职位说明"
    "|招聘启事|招聘简章|岗位要求|任职要求|任职资格|职位要求|工作内容"
)
"""Words behind a title, the longer before those that begin them."""

_WEAK_TAILS = (
    "岗位要求",
    "任职要求",
    "任职资格",
    "职位要求",
    "工作内容",
    "岗位描述",
    "职位描述",
    "招聘启事",
    "招聘简章",
)
_EXPLICIT = re.compile(
    rf"(?P<title>[^，。；：、！？,;:!?\n]{{2,24}}?)的?(?P<tail>{_TAILS})(?:范文|模板|范本|文本|怎么写|有哪些|是什么|说明|描述|内容|大全|(?:和|及|与)[\u4e00-\u9fff]{{2,6}})?"
    r"[ ]*(?P<ordinal>[（(【]?[ ]*[第篇]?[ ]*(?:[\d]{1,2}|[一二三四五六七八九十]{1,3})[ ]*篇?[ ]*[)）】]?|[①-⑳])?[ ]*[:：]?"
)
"""例: "渠道客户经理岗位职责2", "客户经理职责(一)", "身为一名客户经理的岗位职责"."""

_LEAD = re.compile(
    r"^[【\[][\u4e00-\u9fff/、]{2,10}[】\]]\s*(?=\S{2})|^(?:身为一名|作为一名|作为|关于|一名|现?诚[聘招]|急[聘招]|招聘|热招|高薪诚聘)|^(?:岗位|职位|职务)(?:名称)?[:：\s]+"
)
_COMPANY = re.compile(r"^.*(?:公司|集团|医院|学校|学院|中心|银行)[-—–_ ·]+(?=\S{2})")
_ASIDE = re.compile(
    r"[（(【\[][^（()）】\]]{0,30}[)）】\]]|[\s（(【\[]*(?:\d+|若干|[一二三四五六七八九十两]+)\s*[名人位个][)）】\]]?"
    r"|\s*[-—–]+\s*\d[\d.kKwW万千~\-—–/元月以上薪·]*|\s+\d[\d.]*[kKwW]?[-—–~]\d[\d.]*[kKwW万千元/月]*.*$|#\w+"
    r"|\s*(?:查看详情|查看更多|了解详情|立即申请|申请职位|投递简历)$|\s+(?:详情|更多|展开|收起)$|(?<=[\u4e00-\u9fff])[a-z]{8,}$"
)
"""What stands beside a title: "(2人)", "-20K以上", " 3名", "查看详情", a picture's name in pinyin."""

_CITIES = (
    "北京|上海|天津|重庆|广州|深圳|杭州|南京|苏州|武汉|成都|西安|长沙|郑州|济南|青岛|大连|沈阳|哈尔滨|长春|福州|厦门|合肥|南昌|昆明|贵阳|南宁"
    "|海口|兰州|西宁|银川|太原|石家庄|呼和浩特|乌鲁木齐|拉萨|宁波|温州|无锡|常州|南通|徐州|东莞|佛山|珠海|中山|惠州|嘉兴|绍兴|金华|台州|烟台|潍坊|泉州"
)
_WRAPPED = re.compile(r"^[【\[「〖]([^】\]」〗]*)[】\]」〗]$")
_SYMBOLS = re.compile("^[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\\s]+|[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\\s]+$")
_NOT_TITLE = re.compile(
    r"[，。；！？：,;!?:\n]|优先|经验|能力|负责(?!人)|具有|具备|熟悉|完成|以上|以下|要求|任职|学历|专业|工作$|等$|者$|[的地得]$|福利|待遇|我们|你|如下"
    r"|欢迎|招聘|公司$|有限|职位|岗位|简介|介绍|说明$|方面$|管理$|描述|内容|地点|时间|^有|^能|^是|^对|^与|^为|^按|^及|^base\b|其他|其它|相关|http|www|@"
)
_GENERIC = re.compile(
    "(?:公司|企业|单位)?(?:各|各级|各类|本|全体)?(?:部门|岗位|人员|员工|职位|单位)?|公司|企业|学校|工作|主要|各"
)


def explicit(text: str) -> Named | None:
    """The reading of a text that begins with a title and a word for duties; None when it does not.

    "岗位职责" alone, or behind mere modifiers ("主要工作职责"), heads a section and no role.
    """
    m = _EXPLICIT.match(text)
    if m is None or headings.whole(text) or headings.lookup(headings.bare(m[0])):
        return None
    title = clean(m["title"])
    if (
        not re.search(r"[\u4e00-\u9fffA-Za-z]", title)
        or headings.lookup(title + m["tail"])
        or re.search(r"^[是有在按对]|[及和与、]$|岗位设置|负责|以下|如下|根据|明确|履行", title)
    ):
        return None
    rest = text[m.end() :]
    if rest.strip() and not headings.whole(rest):
        return None
    if m["tail"] in _WEAK_TAILS and not ends_like_title(title):
        return None
    size = len(m[0].rstrip()) if not rest.strip() else m.end()
    ordinal = m["ordinal"]
    number = numerals.value(ordinal.strip("（()）【】第篇 ")) if ordinal else None
    return Named(title, number, size, True, "duties" if "职" in m["tail"] and m["tail"] not in _WEAK_TAILS else None)


_LINKED = re.compile(r"!?\[[^\]\n]{0,40}->\s*(?P<title>[^\]\n]{2,60})\]\(https?://")
"""例: "[点击应聘 -> 天猫店长](https://…)"."""


_UNIT = re.compile(
    r"\s*[-—–]\s*(?:[^-—–（）()\n]{1,14}(?:事业群|事业部|中心|研究院|工作室|部|组)\d{0,3}|[^-—–（）()\n]{2,10}\d{3})\s*$"
)
"""例: "产品经理-内容部001", "插画师-某某工作室": the unit behind a title is not of it."""


def linked(text: str) -> Named | None:
    """The title that a link line carries behind an arrow, without the unit behind it."""
    m = _LINKED.match(text)
    if m is None:
        return None
    title, before = m["title"].strip(), None
    while before != title:
        before, title = title, _UNIT.sub("", title)
    return Named(title.strip(), None, len(text), True)


def generic(title: str) -> bool:
    """Whether a title names no post: "公司各部门"."""
    return _GENERIC.fullmatch(title) is not None


@lru_cache(maxsize=256)
def bare(text: str) -> Named | None:
    """The reading of a text that may be a title because it is short and says nothing else."""
    title = clean(text)
    if not 2 <= len(title) <= (40 if title.isascii() else 20) or _NOT_TITLE.search(title) or headings.whole(text):
        return None
    if not re.search(r"[\u4e00-\u9fffA-Za-z]{2}", title):
        return None
    if "、" in title and not all(ends_like_title(part) for part in title.split("、")):
        return None
    return Named(title, None, len(text), False)


_ADVERTISED = re.compile(
    rf"(?:(?:{_CITIES})市?|[\u4e00-\u9fff]{{2,3}}市)?(?P<title>[^，。；：、,;:\s]{{2,14}}?)(?:人员)?招聘"
)


def advertised(text: str, any_word: bool = False) -> Named | None:
    """The reading of "济南市会计招聘": a title between a town and a word that advertises; or `any_word` for a title."""
    m = _ADVERTISED.fullmatch(text.strip())
    if m is None or not (any_word or ends_like_title(m["title"])) or _NOT_TITLE.search(m["title"]):
        return None
    return Named(clean(m["title"]), None, len(text), False)


def clean(text: str) -> str:
    """A title without marks, asides, company and number: "【急聘】某公司--PLM顾问(2人)-20K以上" -> "PLM顾问"."""
    text = text.strip(" \t\u3000:：-—=*#~·●■◆★_|｜《》“”\"'")
    text = _COMPANY.sub("", text)
    before = None
    while before != text:
        before = text
        text = _LEAD.sub("", text).strip()
    text = _SYMBOLS.sub("", _WRAPPED.sub(r"\1", text))
    out = _ASIDE.sub("", text).strip(" -—–:：、，,·")
    post = re.sub(r"(?:岗位?|职位)$", "", out)
    if post != out and ends_like_title(post):
        return post
    return out or text


_LATIN = re.compile(
    r"(?:engineer|developer|designer|architect|manager|director|analyst|specialist|assistant|consultant|intern|officer"
    r"|leader|scientist|accountant|supervisor|representative|executive|coordinator|recruiter|writer|editor)s?$",
    re.IGNORECASE,
)


def ends_like_title(title: str) -> bool:
    """Whether the last word is one that job titles end with, or that names a department."""
    if _LATIN.search(title):
        return True
    title = re.sub(r"[（(][^（()）]*[)）]$", "", title).rstrip("0-9一二三四")
    if names_department(title):
        return True
    return any(title[-n:] in _suffixes() for n in range(1, min(8, len(title)) + 1))


def names_department(title: str) -> bool:
    """Whether a title is that of a department: "人事行政部", "校工会"."""
    return (
        not title.endswith(("本科", "专科", "学科"))
        and title.endswith(("部", "科", "处", "室", "中心", "工会", "团委", "支部", "委员会", "办"))
        and 2 <= len(title) <= 10
    )


def of_department(title: str, department: str) -> bool:
    """Whether a title is that of a post in a department of which the other is the name."""
    return names_department(department) and not names_department(title)


@cache
def _suffixes() -> frozenset[str]:
    return frozenset(row[0] for row in lexicons.rows("title-suffixes"))
