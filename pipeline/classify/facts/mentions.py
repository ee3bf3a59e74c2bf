"""Languages and certificates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.classify.facts.clauses import Clause
from pipeline.classify.spans import source_span
from pipeline.model import NamedMention
from pipeline.text import Revision

_LANGUAGE = re.compile(
    r"(?P<name>英语|英文|日语|日文|韩语|德语|法语|俄语|西班牙语|葡萄牙语|阿拉伯语|泰语|越南语|意大利语|粤语|普通话|闽南语)(?!专业|教师|老师|培训|系|教学|国家|市场|字幕)"
)
_GRADE = re.compile(
    r"CET\s*[-—]?\s*[468]|TEM\s*[-—]?\s*[48]|(?:大学)?(?:专业)?[四六八468]级|专[四八]|N[1-5]"
    r"|雅思\s*[\d.]*|托福\s*\d*|[一二三]级[甲乙]等?|流利|流畅|熟练|精通|良好|标准|母语|优秀|工作语言",
    re.IGNORECASE,
)
_CET = re.compile(r"CET\s*[-—]?\s*[46]", re.IGNORECASE)
_CERTIFICATE = re.compile(
    r"(?P<name>[A-C][1-3]\s?(?:驾驶证|驾照|照|本|证)|(?:[\u4e00-\u9fffA-Za-z]{2,14}?)(?:资格证书|资格证|职称证书|从业证|上岗证|等级证书|证书|驾驶证|驾照|操作证|执业证|健康证|会计证)|驾照|驾驶证|CPA|PMP|CFA|ACCA|CISA|CISP|CISSP"
    r"|[\u4e00-\u9fff]{1,6}(?<![保验认查论求佐见印公签凭取举考信双无新可])证(?![明实件据书券监候照人])"
    r"|注册[\u4e00-\u9fff]{2,8}师|[一二]级建造师|教师资格|[初中高]级[\u4e00-\u9fff]{0,6}职称)"
)
_CERTIFIES = re.compile(r"证|照|本|职称|资格|注册|建造师|[ACP][A-Z]{2}")
"""One of these stands in every certificate's name."""

_LEAD = re.compile(
    r"^(?:具有|具备|持有|持|取得|获得|拥有|必须|相关|需要?|有|考取|以上|及|或|和|通过|相应的?|国家|者|得|提供|要求|必须|须|应|最好|优先|凭|带|附|本人|均|要|能|效的?)+"
)


_PART = re.compile(r"(?:(?!获得|持有|具备)[^或及和并有得加])+")
_NONE = frozenset(("证书", "资格证书", "资格证", "级证", "类证"))
"""What is no certificate by itself."""


def languages(revision: Revision, clauses: Sequence[Clause]) -> tuple[NamedMention, ...]:
    """Languages with the grade or fluency named beside them, each once."""
    found: dict[str, NamedMention] = {}
    for clause in clauses:
        named = [(m["name"], m) for m in _LANGUAGE.finditer(clause.text)]
        cet = _CET.search(clause.text)
        if cet and not named:
            named = [("英语", cet)]
        for name, m in named:
            name = {"英文": "英语", "日文": "日语"}.get(name, name)
            grade = _GRADE.search(clause.text, max(0, m.start() - 6), min(len(clause.text), m.end() + 14))
            span = source_span(revision, clause.start + m.start(), clause.start + m.end())
            mention = NamedMention(
                name=name, level=grade[0].strip() if grade else None, preferred=clause.preferred, span=span
            )
            known = found.get(name)
            if known is None or (known.level is None and mention.level):
                found[name] = mention
    return tuple(found.values())


def certificates(revision: Revision, clauses: Sequence[Clause]) -> tuple[NamedMention, ...]:
    """Certificates, licences and titles, each once."""
    found: dict[str, NamedMention] = {}
    for clause in clauses:
        if not _CERTIFIES.search(clause.text):
            continue
        for name, end in _certificates(clause.text):
            span = source_span(revision, clause.start + end - len(name), clause.start + end)
            found.setdefault(name, NamedMention(name=name, preferred=clause.preferred, span=span))
    return tuple(found.values())


def _certificates(text: str) -> Iterator[tuple[str, int]]:
    """The names in a clause, and where each ends: "厨师证加健康证" are two."""
    for m in _CERTIFICATE.finditer(text):
        for part in _PART.finditer(m["name"]):
            name = _LEAD.sub("", part[0])
            whole = part.end() == len(m["name"]) or name.endswith(("证", "证书"))
            none = len(name) < 2 or name in _NONE or name.startswith(("无", "没", "不")) or name.endswith("信用证")
            if whole and not none:
                yield name, m.start("name") + part.end()
