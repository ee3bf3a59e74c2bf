"""Years of experience: how many, in what, and whether required."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.classify.facts.clauses import Clause
from pipeline.classify.facts.numbers import NUMBER, value
from pipeline.classify.spans import source_span
from pipeline.model import Experience
from pipeline.text import Revision

_YEARS = re.compile(
    rf"(?<![\d.年])(?P<low>{NUMBER})\s*年?\s*(?:(?:[-—–－~～至到]|或)+\s*(?P<high>{NUMBER})\s*)?(?:个)?(?P<unit>年|月)"
    r"(?!级|度|底|初|薪|终|假|龄\s*\d|代|月|\d)\s*(?P<bound>(?:及|含|或|[（(]含[)）])?(?:其)?以上|以内|以下|左右|\+)?(?=(?P<what>[^，,；;。\n]{0,40}))"
)
_WORK = re.compile(r"经验|经历|从业|工龄|工作|背景|阅历|开发|管理|设计|销售|研发|运营|测试|实践|实战|操作|从事")
_NOT_WORK = re.compile(
    r"合同|成立|历史|学制|服务期|试用|工资|奖|保修|晋升|以来|近\s*$|连续\s*$|未来|第\s*$|转正|社保|每\s*$|毕业\s*$|专注|深耕|历经|内(?:完成|达)|一次"
)
_AGED = re.compile("岁|年龄")
_TOLD = re.compile("经验|经历|年限|从业|工龄|工作")
_TRIM = re.compile(
    r"^(?:的|以上|及以上|相关|或以上|丰富|工作|从事|从业|实际|全职|专职|同等|类似|在|于|与)+|(?:的|相关|工作|从业|实际|开发|丰富|方面|类似|优先|者|岗位|职位|行业|等|或|及)+$"
)


def read(revision: Revision, clauses: Sequence[Clause]) -> tuple[Experience, ...]:
    """Every statement of years of experience, in document order."""
    found = []
    for clause, behind in zip(clauses, [*clauses[1:], None], strict=False):
        if "年" not in clause.text and "月" not in clause.text:
            continue
        if _AGED.search(clause.text):
            continue
        told = _TOLD.search(clause.text)
        for m in _YEARS.finditer(clause.text):
            before = clause.text[max(0, m.start() - 6) : m.start()]
            if _NOT_WORK.search(before) or _NOT_WORK.match(m["what"].lstrip()):
                continue
            split = (
                behind is not None and behind.entry == clause.entry and m["bound"] and m.end("what") == len(clause.text)
            )
            what = m["what"] + (behind.text if split and behind else "")  # "两年以上APP，Web端测试经验"
            if not (_WORK.search(what) or (told and told.end() <= m.start())):
                continue
            found.append(_statement(revision, clause, m))
    return tuple(found)


def _statement(revision: Revision, clause: Clause, m: re.Match[str]) -> Experience:
    scale = 1 if m["unit"] == "年" else 1 / 12
    low = round(value(m["low"]) * scale, 2)
    high = round(value(m["high"]) * scale, 2) if m["high"] else None
    if m["bound"] in ("以内", "以下"):
        low, high = (0.0, low) if high is None else (low, high)
    span = source_span(revision, clause.start + m.start(), clause.start + m.end("bound" if m["bound"] else "unit"))
    field = _field(m["what"])
    if clause.preferred:
        return Experience(field=field, preferred=True, preferred_years=low, span=span)
    return Experience(min_years=low or None, max_years=high, field=field, span=span)


def _field(what: str) -> str | None:
    """ "以上互联网产品运营工作经验" -> "互联网产品运营"."""
    m = re.match(r"(?P<field>[^或\d]*?)(?:工作)?(?:经验|经历|背景|阅历)", what)
    if m is None:
        return None
    name, before = m["field"].strip(), None
    while before != name:
        before = name
        name = _TRIM.sub("", name).strip(" 、")
    return name if 2 <= len(name) <= 24 else None
