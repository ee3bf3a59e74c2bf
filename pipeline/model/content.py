"""Spans of the source text, and the tree of what stands in a role."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt

from pipeline.model.vocabulary import Confidence, Frozen, Kind, said

_MARKER = said("The numbering or bullet as it is written; null where there is none.", "1、")
_NUMBER = said("What the marker counts; null where it counts nothing.", 1)
_KIND = said("What the text says: duties, requirements, qualities of a person, or something else.", "duties")


class SpanModel(Frozen):
    """A half-open range of code points of the source text."""

    start: Annotated[NonNegativeInt, said("The first code point of the range, counted from 0.", 7)]
    end: Annotated[NonNegativeInt, said("The code point behind the last one of the range.", 16)]


_SPAN = said("Where it stands in the source text.", {"start": 7, "end": 16})


class SpannedText(Frozen):
    """A text and where it stands in the source."""

    text: Annotated[str, said("The text, clean and corrected.", "出纳岗位职责")]
    span: Annotated[SpanModel, said("Where it stands in the source text.", {"start": 0, "end": 6})]


class SectionHeading(Frozen):
    """The heading of a section; `marker` is its numbering as written, `number` what that counts."""

    text: Annotated[str, said("The heading without its marker and the colon behind it.", "任职要求")]
    marker: Annotated[str | None, said("Its numbering as it is written; null where there is none.", "二、")] = None
    number: Annotated[NonNegativeInt | None, said("What the marker counts; null where it counts nothing.", 2)] = None
    span: Annotated[
        SpanModel, said("Where it stands in the source text, its marker included.", {"start": 17, "end": 22})
    ]


class Section(Frozen):
    """A heading and what stands under it."""

    type: Annotated[
        Literal["section"], said("Says that this is a section; in XML the name of the element.", "section")
    ] = "section"
    heading: Annotated[
        SectionHeading | None,
        said(
            "Its heading; null where entries of another kind begin without one.",
            {"text": "任职要求", "marker": None, "number": None, "span": {"start": 17, "end": 22}},
        ),
    ] = None
    level: Annotated[int, Field(ge=1, description="Depth of the section within its role, from 1.", examples=[1])]
    kind: Annotated[Kind, _KIND]
    confidence: Confidence
    content: Annotated[
        tuple[Node, ...],
        said(
            "What stands under the heading, in the order of the document.",
            [
                {
                    "type": "paragraph",
                    "text": "大专以上学历。",
                    "kind": "requirements",
                    "confidence": 0.97,
                    "span": {"start": 25, "end": 32},
                }
            ],
        ),
    ] = ()


class Item(Frozen):
    """One numbered, bulleted or line-separated entry; its span starts at its marker."""

    type: Annotated[Literal["item"], said("Says that this is an item; in XML the name of the element.", "item")] = (
        "item"
    )
    marker: Annotated[str | None, _MARKER] = None
    number: Annotated[NonNegativeInt | None, _NUMBER] = None
    text: Annotated[str, said("The entry, clean, corrected and without its marker.", "负责现金收付；")]
    kind: Annotated[Kind, _KIND]
    confidence: Confidence
    span: Annotated[SpanModel, said("Where it stands in the source text, from its marker on.", {"start": 7, "end": 16})]
    content: Annotated[tuple[Node, ...], said("Entries that stand under this one, in order.", [])] = ()


class Paragraph(Frozen):
    """Running text that is no entry."""

    type: Annotated[
        Literal["paragraph"], said("Says that this is a paragraph; in XML the name of the element.", "paragraph")
    ] = "paragraph"
    text: Annotated[str, said("The paragraph, clean and corrected.", "出纳在财务经理的领导下管理现金。")]
    kind: Annotated[Kind, _KIND]
    confidence: Confidence
    span: Annotated[SpanModel, _SPAN]


class FieldNode(Frozen):
    """A name and its value in a job specification."""

    type: Annotated[Literal["field"], said("Says that this is a field; in XML the name of the element.", "field")] = (
        "field"
    )
    name: Annotated[str, said("What stands before the colon, or in the cell that names the value.", "所属部门")]
    value: Annotated[str, said("What is said of it; an empty text where the form was left blank.", "财务部")]
    kind: Annotated[Kind, said("What the field says; most are none of the three kinds.", "other")]
    span: Annotated[SpanModel, said("Where name and value stand in the source text.", {"start": 7, "end": 15})]

    @property
    def words(self) -> str:
        """Name and value, as the flat views have them; a value that stands by itself has no name."""
        return f"{self.name}：{self.value}" if self.name else self.value


Node = Annotated[Section | Item | Paragraph | FieldNode, Field(discriminator="type")]
Section.model_rebuild()  # what stands in them is known from here on
Item.model_rebuild()


class Entry(Frozen):
    """An entry of the flat views `duties`, `requirements` and `qualities`."""

    text: Annotated[str, said("The entry as it stands in `content`, without its marker.", "负责现金收付；")]
    confidence: Confidence
    span: Annotated[SpanModel, _SPAN]
