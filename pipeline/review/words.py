"""What the pages say beside the terms of records, which `pipeline.model.wording` has."""

from __future__ import annotations

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
PARSE = ("p", "按决定重新解析")
"""Where a service keeps the decisions."""
SHEETS = ("v", "显示页面或文字")
"""Where the file has pages."""


def percent(confidence: float) -> str:
    """ "0.83" for a probability; two digits are as many as it is good for."""
    return f"{confidence:.2f}"
