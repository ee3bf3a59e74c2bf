"""What a post is by the national occupational classification of China."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipeline.model.vocabulary import Confidence, Frozen, said

OccupationCode = Annotated[
    str,
    Field(pattern=r"^[1-8](-[0-9]{2}){3}$"),
    said("Its code: 2-06-03-01 is an occupation, 2-06-03-00 a whole group.", "4-02-06-01"),
]
OccupationName = Annotated[str, said("Its official name.", "仓储管理员")]


class OccupationChoice(Frozen):
    """An occupation that a post may be of instead; where a whole group is said, also which one of it."""

    code: OccupationCode
    name: OccupationName
    confidence: Confidence


class Occupation(Frozen):
    """What a post is by the national occupational classification of China (2022): the deepest code that is sure."""

    code: OccupationCode
    name: OccupationName
    confidence: Confidence
    alternatives: Annotated[
        tuple[OccupationChoice, ...],
        said(
            "Up to three of the likeliest occupations besides it, the likeliest first.",
            [{"code": "4-02-06-02", "name": "理货员", "confidence": 0.02}],
        ),
    ] = ()
