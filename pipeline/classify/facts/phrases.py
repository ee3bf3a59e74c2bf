"""Cut passages into phrases, so that names begin and end where words do: "熟练使用Excel、用友等软件" has "Excel", "用友"."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from pipeline import lexicons

_MARKS = r"""[，,；;。！!？?：:、/|｜（）()【】\[\]《》〈〉“”"'’‘~～…—→·•*＋=\n\t]"""
_SHORT = r"""
    (?<![社协商学工议])会(?![计议展员所])                     # 会CAD, and not 会计, 社会
  | (?<![功性智节动热机才潜产可电势核])能(?![源量力耗效级])      # 能画图, and not 性能, 能源
  | (?<![国私])有(?![机限色氧源效])
  | 和(?![谐平声]) | (?<!参)与(?!会) | (?<![普以])及(?![时格]) | 或(?!许) | 等(?![级保离温静压])
"""
_STUDIES = regex.compile(
    rf"""
      {_MARKS} | \s | 等 | 相关 | 相近 | 优先 | 任一 | 不限 | [均都亦即]可 | 都行 | 这[些几] | 背景 | 领域 | 方向 | 以上 | 所学 | 出身
    | 专业 | 学科 | 学历 | 学位 | 毕业 | [本专]科 | 大专 | 中专 | 中职 | 高职 | 技校 | 硕士 | 博士 | 研究生 | 统招 | 全日制
    | (?<=\p{{Han}})类(?=$|[，,、/；;。\s等相专的及或和与]|以上|本科|大专|中专|硕士)        # 机械类
    | (?<=[\p{{Han}}--关])系(?=$|[，,、/；;。\s等相专的及或和与]|以上|本科|大专|中专|硕士)  # 中文系, and not 公共关系
    """,
    regex.VERBOSE | regex.VERSION1,
)


@cache
def _between() -> regex.Pattern[str]:
    words = [word for word, use in lexicons.rows("name-words") if use == "between"]
    return regex.compile(
        rf"{_MARKS} | (?<![A-Za-z\d])\s | \s(?![A-Za-z\d]) | \L<words> | {_SHORT}", regex.VERBOSE, words=words
    )


def skills(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The phrases of `text[start:end]` that could name skills."""
    return _split(_between(), text, start, end)


def subjects(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The phrases of `text[start:end]` that could name subjects of study."""
    return _split(_STUDIES, text, start, end)


def _split(between: regex.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for m in between.finditer(text, start, end):
        if m.start() > at:
            yield at, m.start()
        at = m.end()
    if end > at:
        yield at, end
