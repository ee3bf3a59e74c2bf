"""The post's place in the organisation, from fields and from sections that are about it."""

from __future__ import annotations

import regex

from pipeline.blocks import RoleBlocks
from pipeline.model import FieldNode, Item, Node, Paragraph, Profile, Section

_FIELDS = {
    "department": "所属部门 部门 所在部门 用人部门 供职部门 所属科室 科室 所在科室 部门名称 所属单位 隶属部门",
    "reports_to": "直接上级 直属上级 上级 上级岗位 上级主管 汇报对象 汇报上级 汇报关系 直接上级岗位 直接领导 主管领导 "
    "上级职位 直接主管 直线主管 直线上级",
    "subordinates": "直接下级 直属下级 直接下属 下属 下属岗位 下级岗位 直接下级岗位 所辖人员 下级 下级职位 管辖人员",
    "headcount": "招聘人数 需求人数 人数 编制 定员 定编 编制人数 名额 招录人数 计划人数 用工人数 招募人数 招聘名额",
    "place": "工作地点 上班地点 工作地址 上班地址 工作地区 工作城市 办公地点 办公地址 工作地 地点 城市 实习地点",
    "pay": "薪资待遇 薪酬待遇 工资待遇 薪资 薪酬 工资 薪资范围 工资范围 月薪 年薪 底薪 薪资水平 待遇 薪资福利 薪酬福利 "
    "职位月薪 月薪范围 薪资区间 职位薪资",
    "hours": "工作时间 上班时间 作息时间 工时制度 工时 班次 工作制度 休息时间 每周工作时间",
    "function": "岗位概述 职位概述 岗位综述 岗位概要 职位概要 岗位使命 职位使命 工作使命 岗位目标 工作目标 主要职能 职能",
}
_BY_NAME = {name: key for key, names in _FIELDS.items() for name in names.split()}
_TRANSLATION = regex.compile(r"[/（(\s]*[A-Za-z].*$")
_PAY = (
    r"[\d.,]{1,7}\s*(?:[-—~～至到]\s*[\d.,]{1,7}\s*)?(?:元|[kK万千])(?:[/每]?\s*[月年天日时]|[·*]?\d{2}薪|以上|起|\+)*"
)
_COUNT = r"(?:招聘?|需)?\s*(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|若干|数)\s*[名人]"
_BARE = (("pay", regex.compile(f"{_PAY}|面议")), ("headcount", regex.compile(_COUNT)))
"""What says by its shape what it is, where no name stands before it: "7000-9000元/月", "6-10K·13薪", "招2人"."""
_AUTHORITY = regex.compile(r"权限$|^职权$|^权力$")
_SPLIT = regex.compile(r"[、，,；;/]|\s{2,}")
_LONGEST = 120
"""Characters up to which a value says one thing; a field that runs on through an advertisement does not."""

_NONE = regex.compile(r"(?:无|暂无|/|-+|—+)?$|.*_{2}")
_DEPARTMENT = regex.compile(r"^\p{Han}{1,8}(?:(?<![干全内外]|俱乐)部|处|(?<![本专学])科|室|中心)$")
"""A title that is a department; "储备干部" is a post."""


def read(role: RoleBlocks, heading: str, content: tuple[Node, ...]) -> Profile:
    """The profile of a role.

    The first mention of each thing counts: a named field before what stands in the heading, and either before the department
    that a line above several roles names.
    """
    title = role.title
    found: dict[str, str] = {}
    bare: dict[str, str] = {}
    authority: list[str] = []
    _walk(content, found, bare, authority)
    for key, pattern in _BARE:
        m = pattern.search(heading.replace(title or "", " ", 1))
        if m:
            bare.setdefault(key, m[0].strip())
    found = bare | found
    below = tuple(s.strip() for s in _SPLIT.split(found.pop("subordinates", "")) if not _NONE.match(s.strip()))
    department = title if title and _DEPARTMENT.match(title) else role.unit
    if "department" not in found and department:
        found["department"] = department
    return Profile(subordinates=below, authority=tuple(authority), **found)


def _walk(nodes: tuple[Node, ...], found: dict[str, str], bare: dict[str, str], authority: list[str]) -> None:
    for node in nodes:
        if isinstance(node, FieldNode):
            key = _key(node.name)
            value = node.value.strip(" :：；;。")
            if key and len(value) <= _LONGEST and not _NONE.match(value):
                found.setdefault(key, value)
            elif not node.name:
                for shape, pattern in _BARE:
                    if pattern.fullmatch(value):
                        bare.setdefault(shape, value)
        elif isinstance(node, Section):
            words = node.heading.text if node.heading else ""
            if _AUTHORITY.search(words):
                authority += [n.text.rstrip("；;。") for n in node.content if isinstance(n, Item | Paragraph)]
            key = _key(words)
            only = node.content[0] if len(node.content) == 1 else None
            if key and isinstance(only, Item | Paragraph) and (len(only.text) <= _LONGEST or key == "function"):
                found.setdefault(key, only.text)
            _walk(node.content, found, bare, authority)


def _key(name: str) -> str | None:
    """What a name says of a post: "工作地" and "岗位工作地" its place."""
    plain = _plain(name)
    return _BY_NAME.get(plain) or _BY_NAME.get(plain.removeprefix("岗位"))


def _plain(name: str) -> str:
    """ "部  门 Department" -> "部门"."""
    return "".join(_TRANSLATION.sub("", name).split()) if name else name
