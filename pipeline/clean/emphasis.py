"""Markdown's emphasis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text import Edit

_BOLD = re.compile(
    r"(?m)(?:^|(?<=^[-*+] )|(?<=^\d[.、] ))[ \t]{0,8}(\*\*)(?=\S)[^*\n]{1,60}(?<=\S)\s?(\*\*)(?=$|[\s:：])"
)


def drop_emphasis(text: str) -> Iterator[Edit]:
    """ "**职位描述**" loses its stars where they are a pair around a line's first words.

    A redaction keeps them: "**市场维护", "在**公司**部门", "设计***结构".
    """
    if "**" not in text:
        return
    for m in _BOLD.finditer(text):
        yield Edit(m.start(1), m.end(1), "", "emphasis")
        yield Edit(m.start(2), m.end(2), "", "emphasis")
