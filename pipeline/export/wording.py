"""Facts of a record in the words of its readers, for views that people read."""

from __future__ import annotations

from pipeline.model import Age, Education, Experience, NamedMention, Occupation, Skill

KINDS = {"duties": "职责", "requirements": "要求", "qualities": "素质", "other": "其他"}
PROFILE = {
    "department": "部门",
    "reports_to": "直接上级",
    "subordinates": "直接下级",
    "authority": "权限",
    "function": "职能",
    "headcount": "编制",
    "place": "地点",
    "pay": "薪资",
    "hours": "工时",
}
"""Fields of a profile, in its order."""
CATEGORIES = {
    "ocr": "识别错误",
    "typo": "错别字",
    "spin": "换词改写",
    "punct": "标点",
    "dup": "重复",
    "missing": "漏字",
}


def occupation(found: Occupation) -> str:
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
