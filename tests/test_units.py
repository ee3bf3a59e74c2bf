"""Which department a role stands under: the lines are given as read, so that the model has no say in it."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.segment import tags, units
from pipeline.segment.cut import cut
from pipeline.segment.joined import join
from pipeline.segment.network import Read

ENTRY = tags.tag(tags.BODY[1], "duties")


def departments(*lines: str) -> list[str | None]:
    """The units of the roles: a line that begins with "*" heads a role, one with "-" is an entry, others are outside."""
    text = "\n".join(line.lstrip("*-") for line in lines)
    pieces = cut(text)
    starts = np.cumsum([0, *(len(line.lstrip("*-")) + 1 for line in lines)])[:-1].tolist()
    tag_of = dict(zip(starts, lines, strict=True))
    read_tags, last = [], tags.OUTSIDE
    for piece in pieces:
        line = tag_of.get(piece.start)
        if line is not None:
            last = tags.ROLE if line[0] == "*" else ENTRY if line[0] == "-" else tags.OUTSIDE
        read_tags.append(last if line is not None or last == tags.OUTSIDE else tags.CONTINUATION)
    n = np.zeros(len(pieces))
    read = Read(read_tags, n, n, n, n)
    parted: list[list[tuple[int, int, int]]] = []
    for block in join(pieces, read):
        if block.tag == tags.ROLE:
            parted.append([block])
    return units.of_roles(text, pieces, read, parted, frozenset())  # type: ignore[arg-type]


def test_roles_stand_under_the_line_above_them_down_to_the_next() -> None:
    found = departments(
        "二、机修车间", "*1. 钳工", "-修泵", "*2. 电焊工", "-补焊", "三、化验室 4人", "*1. 取样工", "-取样"
    )
    assert found == ["机修车间", "机修车间", "化验室"]


def test_line_or_role_of_the_same_numbering_ends_a_unit() -> None:
    assert departments("二、机修车间", "*1. 钳工", "-修泵", "三、其他", "*1. 门卫", "-看门") == ["机修车间", None]
    assert departments("二、机修车间", "*1. 钳工", "-修泵", "*三、门卫", "-看门") == ["机修车间", None]


def test_unit_that_is_a_role_itself_holds_the_posts_below() -> None:
    assert departments("*一、护理科", "-管病区", "*（一）护士长", "-排班", "*二、药剂科", "-管药") == [
        None,
        "护理科",
        None,
    ]


def test_unit_within_the_text_of_a_role_ends_the_one_before() -> None:
    assert departments("配餐组", "*面点师", "-蒸包子", "-质检组", "-查票", "*结算员", "-对账") == ["配餐组", None]


@pytest.mark.parametrize(
    "line",
    [
        "二、需周末上班",
        "◆ 储备干部",
        "三、本科",
        "云岬健身俱乐部",
        "珂岚湖畔酒店",
        "用人部门",
        "三号会议室",
        "后勤岗位",
    ],
)
def test_other_line_is_no_unit(line: str) -> None:
    assert departments(line, "*1. 钳工", "-修泵") == [None]


def test_firm_counts_only_where_it_is_one_of_several() -> None:
    assert departments("（三）燃气公司 9人", "*1. 安检员", "-查表") == ["燃气公司"]
    assert departments("燃气公司", "*1. 安检员", "-查表") == [None]


def test_unit_that_stands_apart_from_the_roles_names_none() -> None:
    assert departments("财务部", "本部门共四人，见下。", "*出纳", "-付款") == [None]
