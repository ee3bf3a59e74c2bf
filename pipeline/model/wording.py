"""What a record's own terms are called in Chinese: one place for the review pages and for the exports that people read."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.content import SpanModel
from pipeline.model.occupation import Occupation, OccupationChoice
from pipeline.model.qualifications import Age, Education, Experience, NamedMention, Qualifications, Skill
from pipeline.model.vocabulary import Category, Kind

KINDS = {Kind.DUTIES: "职责", Kind.REQUIREMENTS: "要求", Kind.QUALITIES: "素质", Kind.OTHER: "其他"}
CATEGORIES = {
    Category.OCR: "识别错误",
    Category.TYPO: "错别字",
    Category.SPIN: "换词改写",
    Category.PUNCT: "标点",
    Category.DUP: "重复",
    Category.MISSING: "漏字",
}
LABELS = {
    "role": "岗位",
    "subtitle": "副标题",
    "section": "小标题",
    "item": "条目",
    "paragraph": "段落",
    "field": "栏目",
    "leftover": "未归岗",
}
"""Blocks of a record."""
PROFILE = {
    "department": "部门",
    "reports_to": "直接上级",
    "subordinates": "直接下级",
    "authority": "权限",
    "function": "职能",
    "headcount": "人数",
    "place": "地点",
    "pay": "薪资",
    "hours": "工时",
}
"""Fields of a profile, in its order."""
OCCUPATION = "职业"
"""What a post is by the national classification."""
ASKED = {
    "education": "学历",
    "major": "专业",
    "experience": "经验",
    "age": "年龄",
    "gender": "性别",
    "language": "语言",
    "certificate": "证书",
    "skill": "技能",
}
"""What can be asked of a candidate, by the names that tables have for it."""
REASONS = {
    "boilerplate": "与岗位无关的文字",
    "common": "各岗位共用的文字",
    "decision": "审阅时移出岗位",
    "header": "页眉",
    "footer": "页脚",
    "contents": "目录",
    "navigation": "导航",
    "hidden": "隐藏文字",
    "footnote": "脚注",
    "comment": "批注",
    "table-head": "表头",
    "row-without-title": "无岗位名的表行",
    "persons": "人员名单",
    "emphasis": "强调符号",
}
"""Why a text belongs to no role, by the code that the record says."""
WARNINGS = {
    "empty": "空文件",
    "no-role": "未找到岗位",
    "unsure-role": "此处未必是岗位的开头",
    "masked-value": "数值被隐去",
    "number-doubled": "编号重复",
    "number-missing": "编号缺失",
    "empty-section": "小标题下无内容",
    "strayed-entry": "条目与小标题不符",
    "near-duplicate": "岗位近似重复",
    "left-out": "有内容未读",
    "lost-characters": "字符丢失",
    "recognised": "文字识别所得",
    "forbidden-gender": "性别限制（违法风险）",
    "forbidden-family": "婚育限制（违法风险）",
    "forbidden-ethnicity": "民族限制（违法风险）",
    "forbidden-religion": "宗教限制（违法风险）",
    "forbidden-carrier": "病原携带限制（违法风险）",
    "forbidden-household": "户籍限制（违法风险）",
    "risk-age": "年龄限制（有风险）",
    "decision-misfit": "旧的审阅决定未能应用",
}
"""Warnings by their codes."""
UNTITLED = "（未命名岗位）"
"""A role without a title."""
CONFIDENCE = "可信度"
MADE, SUGGESTED, WARNED = "更正", "建议", "提醒"
"""Changes that were made, those that were not, and what a person should look at."""
LEFT = "未归入岗位的文字"


Fact = tuple[str, str, SpanModel | None]
"""What something is called, what is said of it, and where."""


def asked(wanted: Qualifications) -> Iterator[Fact]:
    """What is asked of a candidate; nothing for what the text is silent about."""
    if schooling := education(wanted.education):
        yield ASKED["education"], schooling, wanted.education.span
    for each in wanted.experience:
        if words := experience(each):
            yield ASKED["experience"], words, each.span
    if wanted.age:
        yield ASKED["age"], age(wanted.age), wanted.age.span
    if wanted.gender:
        yield ASKED["gender"], wanted.gender.value, None
    named: tuple[tuple[str, tuple[NamedMention | Skill, ...]], ...] = (
        ("language", wanted.languages),
        ("certificate", wanted.certificates),
        ("skill", wanted.skills),
    )
    for name, mentions in named:
        yield from ((ASKED[name], mention(each), each.span) for each in mentions)


def occupation(found: Occupation | OccupationChoice) -> str:
    """Such as 会计专业人员（2-06-03-00）."""
    return f"{found.name}（{found.code}）"


def education(asked: Education) -> str:
    """Such as 本科及以上，全日制，机械、材料; empty where nothing is asked for."""
    level = f"{asked.min_level}及以上" if asked.min_level else ""
    full_time = {True: "全日制", False: "不限全日制", None: ""}[asked.full_time]
    return "，".join(part for part in (level, full_time, "、".join(asked.majors)) if part)


def experience(asked: Experience) -> str:
    """Such as 3年以上 销售, or 1-3年（优先）."""
    words = _between(asked.min_years, asked.max_years, "年")
    if asked.preferred_years is not None:
        words += f"（{number(asked.preferred_years)}年以上优先）"
    elif asked.preferred:
        words += "（优先）"
    return " ".join(part for part in (words, asked.field) if part)


def age(asked: Age) -> str:
    """Such as 28-45岁."""
    return _between(asked.min, asked.max, "岁")


def mention(named: NamedMention | Skill) -> str:
    """A language, certificate or skill with its level, such as 游标卡尺（熟练）."""
    notes = "，".join(part for part in (named.level, "优先" if named.preferred else None) if part)
    return f"{named.name}（{notes}）" if notes else named.name


def number(value: float) -> str:
    """A number of years, whole ones without a point."""
    return str(int(value)) if float(value).is_integer() else repr(value)


def _between(least: float | None, most: float | None, unit: str) -> str:
    if least is not None and most is not None:
        return f"{number(least)}-{number(most)}{unit}" if least != most else f"{number(least)}{unit}"
    if least is not None:
        return f"{number(least)}{unit}以上"
    return f"{number(most)}{unit}以内" if most is not None else ""
