"""Weak labels for a corpus: names in the frames that usually hold subjects of study and skills.

"计算机、软件等相关专业毕业" names two subjects, "熟悉Linux、MySQL" two skills. What the frames miss the model learns to see.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.classify.facts.clauses import Clause

_CORE = re.compile(
    r"(?P<list>[^，,；;。！!:：\n]{1,60}?)(?:等|类|学科|领域|方向)*(?:的|之)?(?:相关|类似|相近|对口|理工科?|的)*(?:等)?(?:学科|学位)?专业"
    r"(?!知识|技能|层面|角度|能力|性|化|人|技术|背景知识|素质|素养|水平|的?[^，。；]{0,6}(?:服务|团队|能力|知识|技能|精神|态度|课程|技术|英语|经验|功底|基础|文档|书|八级|四级|软件|人士|资料|工具|领域))"
)
_LEAD = re.compile(
    r"^.*(?:学历|学位|毕业|以上|统招|全日制|本科|大专|专科|硕士|博士|研究生|要求|具有|具备|拥有|需要|应届生?|限|为|是|有|不限)(?:及|或|并|且)?(?:以上)?(?:学历|学位)?[、\s]*(?=\S)"
)
_SPLIT = re.compile(r"[、/，,\s]|或者|或|及其|以及|及|和|与|等")
_STRIP = re.compile(
    r"^(?:[\dp]{1,2}[.)、]?|于|其中|一个|在|相关|主修|专业|优先|的|一本|二本|重点|院校|大学|理工科?类?|同等|国家|国内|知名|正规|高等|海内外)+|(?:相关|类似|相近|对口|等|类|专业|的|(?<!关)系|学科|方向|领域|有关|理工|其他|其它)+$"
)
_NOT = re.compile(
    r"不限|相关|经验|能力|熟悉|负责|工作|以上|要求|专业|学历|学位|毕业|优先|具有|具备|良好|院校|行业|理工|知识|技术性|其他|其它|同学|背景$|沟通|精通|好奇|欲望|能够|需求|功底|博客|^研究生|^硕士|^博士|^本科|教育水平|教育程度|在校|在读|意识|双证|学信网|希望|来自|操作的|认证|重点|高校|扎实|达到|优秀的|敏感|刷过|专注|接受|志于|放宽|即可|均可|亦可|也可|受过|接受过|之后|同等|应届|岁|年|各|该|本$|职业|有关|以下|之一|者|如|水平|[一二三四五六七八]级|经历|独立|完成|制作"
)
_DEGREE_IN = re.compile(
    r"(?P<list>[^，,；;。\n]{2,40}?)(?:等)?(?:相关)?(?:(?:领域|学科|方向)的?|(?<=[学计机程融业理])的)(?:本科|硕士|博士|学士|大专)"
    r"|(?:^|(?<=[，,、；;：:\s]))(?P<glued>[\u4e00-\u9fff]{0,4}(?:计算机|会计|法学|法律|金融|机械|电子|通信|自动化|土木|医学|护理|药学|化学|中文|新闻|营销|经济|数学|统计))(?:类|系)?(?:专业)?(?:本科|硕士|博士|大专)"
)
"""例: "数学方向的硕士", "计算机本科"."""


_MENTIONED = re.compile("专业|领域|学科|(?:的|[\u4e00-\u9fff]{2})(?:本科|硕士|博士|学士|大专)")


_NAMED = re.compile(r"^\s*(?:所学|对口)?专业(?:要求)?\s*[:：]\s*(?P<list>[^。；;\n]{2,40})")
"""例: "专业：法学、经济学"."""


def majors(clauses: Sequence[Clause]) -> tuple[tuple[str, ...], tuple[int, int] | None]:
    """The majors of a role in document order, and where the first is named.

    A list of majors may run over commas ("生物科学，生物技术，生物工程等生命科学相关专业"), so that short clauses before the one that
    says 专业 belong to it.
    """
    names: list[str] = []
    first: tuple[int, int] | None = None
    for i, clause in enumerate(clauses):
        if not _MENTIONED.search(clause.text):
            continue
        m = _NAMED.search(clause.text) or _CORE.search(clause.text) or _DEGREE_IN.search(clause.text)
        if m is None:
            continue
        words = _LEAD.sub("", m.groupdict().get("glued") or m["list"])
        found = [*_before(clauses, i, m.start() == 0 and words == m["list"]), *_names(words)]
        if found and first is None:
            first = clause.start + m.start(), clause.start + m.end()
        names += [n for k, n in enumerate(found) if n not in names and n not in found[:k]]
    return tuple(names), first


def _before(clauses: Sequence[Clause], i: int, open_list: bool) -> list[str]:
    """Names in the clauses right before, as long as these are nothing but names."""
    out: list[str] = []
    while open_list and i > 0 and clauses[i - 1].entry == clauses[i].entry:
        i -= 1
        words = _LEAD.sub("", clauses[i].text)
        names = _names(words)
        if not names or len(words) > 24 or re.search(r"[。；;]", words) or _NOT.search(words):
            break
        out = names + out
        open_list = words == clauses[i].text
    return out


_LISTED = re.compile(r"类\s*[（(](?P<list>[^（()）]{2,40}[、/,，][^（()）]{2,40})[)）]?")
"""例: "管理类（酒店管理、工商管理）": the majors stand in the brackets."""


def _names(words: str) -> list[str]:
    out = []
    listed = _LISTED.search(words)
    words = listed["list"] if listed else words
    if "、" in words:  # "艺术设 计、园林": white space parts nothing where marks do
        words = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", words)
    for part in _SPLIT.split(re.sub(r"[（(][^（()）]*[)）]", "", words)):
        name = _STRIP.sub("", part.strip(" （）()、：:;；.。-—“”\"'*"))
        if 2 <= len(name) <= 12 and not _NOT.search(name) and not re.fullmatch(r"[\dA-Za-z]", name):
            out.append(name)
    return out


_GRADED = re.compile(
    r"(?P<level>精通|熟练|熟悉|熟知|掌握|了解)(?:地|的)?(?:掌握|使用|运用|应用|操作|编写|并掌握)?(?:以及|及|和|或|并|[/、])?(?:精通|熟练|熟悉|掌握|了解|使用|运用|操作)?\s*(?P<what>[^；;。，,！!\n（(]{2,60})"
)
_SKILL_SPLIT = re.compile(
    r"[、/]|以及|及其|或者|(?<=[A-Za-z0-9+#\u4e00-\u9fff])\s*(?:和|与|及|或)\s*(?=[A-Za-z0-9\u4e00-\u9fff])"
)
_SKILL_STRIP = re.compile(
    r"^(?:了解|理解|熟悉|使用|运用|应用|操作|掌握|相关|常用的?|各种|各类|主流的?|一般|基本的?|至少一?[门种]|国家|并|及|能|一定的?|[一两][门种])+|(?:等(?:的)?(?:相关|主流|各种|常用|多种|办公)*(?:[\u4e00-\u9fff]{2,6})?|更佳|者?优先|者|之一|中的?一种|其中[一两]种|的使用|[一两任]种.*)+$"
)
_SKILL_NOT = re.compile(r"优先|经验|能力|至少|以上|以下|情况|之一$|^[的等其]|工作$|一[门种]")


def skills(clause: Clause) -> list[tuple[int, str]]:
    """The names behind words of level, each with its offset in the clause."""
    return [found for m in _GRADED.finditer(clause.text) for found in _skill_names(m["what"], m.start("what"))]


def _skill_names(what: str, offset: int) -> list[tuple[int, str]]:
    out, at = [], 0
    for m in [*(s for s in _SKILL_SPLIT.finditer(what) if not _compound(what, s)), None]:
        part = what[at : m.start() if m else len(what)]
        name = _SKILL_STRIP.sub("", part.strip())
        if 1 < len(name) <= 24 and not _SKILL_NOT.search(name):
            out.append((offset + at + part.find(name), name))
        at = m.end() if m else len(what)
    return out


def _compound(what: str, slash: re.Match[str]) -> bool:
    """ "C/C++" and "TCP/IP" are one name each."""
    around = what[max(0, slash.start() - 3) : slash.end() + 3]
    return slash[0] == "/" and bool(re.search(r"(?i)(?<![a-z])c/c\+\+|tcp/ip|b/s|c/s|i/o|a/b", around))
