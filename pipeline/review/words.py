"""What the pages say. The people who review Chinese HR text read Chinese."""

from __future__ import annotations

from pipeline.model import Category, Kind

KINDS = {Kind.DUTIES: "职责", Kind.REQUIREMENTS: "要求", Kind.QUALITIES: "素质", Kind.OTHER: "其他"}

CATEGORIES = {
    Category.OCR: "误识",
    Category.TYPO: "错别字",
    Category.SPIN: "同义替换",
    Category.PUNCT: "标点",
    Category.DUP: "重复",
    Category.MISSING: "缺字",
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

WARNINGS = {
    "empty": "空文件",
    "no-role": "未找到岗位",
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

PROFILE = {
    "department": "部门",
    "reports_to": "上级",
    "subordinates": "下级",
    "authority": "权限",
    "function": "职能",
    "headcount": "人数",
    "place": "地点",
    "pay": "薪酬",
    "hours": "工时",
}

KEYS = (
    ("j ↓", "下一处待定"),
    ("k ↑", "上一处待定"),
    ("J K", "逐块前后移动"),
    ("Enter", "跳到另一栏的对应处"),
    ("a", "接受更正或建议；确认类别或岗位"),
    ("r", "拒绝更正或建议；此处不是新岗位"),
    ("1 2 3 4", "改为职责、要求、素质、其他"),
    ("t", "改岗位名称"),
    ("b", "岗位自此处起，或撤回"),
    ("u", "撤销上一步"),
    ("d", "下载审阅决定"),
    ("?", "打开或关闭本说明"),
    ("Esc", "取消选择"),
)


def percent(confidence: float) -> str:
    """ "0.83" for a probability; two digits are as many as it is good for."""
    return f"{confidence:.2f}"
