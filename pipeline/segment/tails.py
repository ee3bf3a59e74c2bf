"""Sentences behind the last entry of a one-line list that no longer belong to it."""

from __future__ import annotations

import re

from pipeline.segment.pieces import Piece

_CUE = re.compile(
    r"(?<=[。！!；;…\s])\s*(?=(?:我们|我司|本公司|公司|医院|企业|学校|集团|这里|平台)(?:将|会|可|还|有|能)?(?:为|给|提供|拥有|简介|福利|秉承|致力)"
    r"|(?:五险一金|六险一金|薪资|薪酬|福利|待遇|工资|月薪|年薪|底薪|综合收入|上班时间|工作时间|工作地点|工作地址|公司地址|面试地址)"
    r"|[A-Za-z0-9._-]+@[A-Za-z0-9-]+\.|联系(?:人|电话|方式)|有意者|欢迎(?:您|你|加入|应聘|投递|优秀|有志|广大)|期待(?:您|你)|简历(?:请|投递)"
    r"|我们是一[家个群支]|(?:我|本)?公司(?:是一|成立|位于|地处)|[\u4e00-\u9fff（）()]{4,24}有限公司(?:公司地址|成立|是|位于)"
    r"|请将简历|加入我们|以上(?:岗位|职位)|备注[:：]|注[:：]|职能类别)"
)
"""例: "5.具有良好的团队沟通能力。医院提供五险一金…", "…优先。 我们将提供给你一流的场地"."""


def split(text: str, pieces: list[Piece]) -> list[Piece]:
    """The pieces, with such sentences as pieces of their own."""
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        out.append(piece)
        following = pieces[i + 1] if i + 1 < len(pieces) else None
        listed = piece.marker or (i and pieces[i - 1].heading and not piece.first)
        if piece.whole or piece.heading or not listed or (following and _goes_on(piece, following)):
            continue
        cue = _CUE.search(text, piece.body + 1, piece.end)
        if cue is None or cue.end() >= piece.end:
            continue
        out.append(Piece(cue.end(), piece.end, cue.end(), None, None, False, piece.last, 0, kind="other", aside=True))
        piece.end, piece.last = cue.end(), False
        while text[piece.end - 1].isspace():
            piece.end -= 1
    return out


def _goes_on(piece: Piece, following: Piece) -> bool:
    """Whether the next piece is the next entry of the same list."""
    a, b = piece.marker, following.marker
    if not a or not b or following.first:
        return False
    return a.number is None or b.number is None or b.number > a.number
