"""Words that a job site hides inside its postings, so that copies of them show where they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text import Edit

_HAN = "[\u4e00-\u9fff，。；：、]"
_SURE = re.compile(f"(?<={_HAN})(?:来自BOSS直聘|kanzhun)(?={_HAN})", re.IGNORECASE)
_ANY = re.compile(f"(?<={_HAN})(?:来自BOSS直聘|BOSS直聘|kanzhun|boss|直聘)(?={_HAN})", re.IGNORECASE)


def drop_watermarks(text: str) -> Iterator[Edit]:
    """ "岗位职直聘责：负责kanzhun招聘来自BOSS直聘工作" reads "岗位职责：负责招聘工作".

    Only where two unmistakable ones stand between Chinese characters: "熟悉BOSS直聘、猎聘等渠道" and "总部直聘" are words.
    """
    if "kanzhun" not in text and "直聘" not in text:
        return
    signs = [m for m, _ in zip(_SURE.finditer(text), range(2), strict=False)]
    if len(signs) == 2:
        for m in _ANY.finditer(text):
            yield Edit(m.start(), m.end(), "", "watermark")
