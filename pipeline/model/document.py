"""Roles, changes, leftovers, warnings and places, and the record that holds them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt

from pipeline.layout import Region
from pipeline.model.content import Entry, Node, SpanModel, SpannedText
from pipeline.model.occupation import Occupation
from pipeline.model.qualifications import Qualifications
from pipeline.model.vocabulary import Category, Confidence, Frozen, Ordinal, said

SCHEMA_VERSION = "1.1"
"""What records say: it changes with what a record may or must hold."""
SCHEMA_RELEASE = "1.1.0"
"""The semantic version of the published schemas: it changes with their words, too. docs/schema-changes.md tells of each."""

_ENTRY = [{"text": "负责现金收付；", "confidence": 0.97, "span": {"start": 7, "end": 16}}]
_CORRECTION = [
    {
        "span": {"start": 9, "end": 11},
        "original": "负贵",
        "replacement": "负责",
        "category": "ocr",
        "rule": "misread.shape",
        "confidence": 0.96,
        "evidence": "reads 6.1 better (log10)",
    }
]


class Profile(Frozen):
    """The post's place in the organisation; null or empty where the text is silent."""

    department: Annotated[
        str | None,
        said(
            "The department that the post belongs to, by a field or by the line above the department's posts.", "财务部"
        ),
    ] = None
    reports_to: Annotated[str | None, said("The post that it reports to.", "财务经理")] = None
    subordinates: Annotated[tuple[str, ...], said("The posts that report to it.", ["收银员"])] = ()
    authority: Annotated[tuple[str, ...], said("What it may decide, a text each.", ["有权拒付不合规定的票据"])] = ()
    function: Annotated[str | None, said("What the post is for, in a sentence.", "保证现金收付准确及时")] = None
    headcount: Annotated[str | None, said("How many are wanted, as it is written.", "2人")] = None
    place: Annotated[str | None, said("Where the work is done, as it is written.", "杭州")] = None
    pay: Annotated[str | None, said("What is paid, as it is written.", "6000-8000元/月")] = None
    hours: Annotated[str | None, said("When the work is done, as it is written.", "做五休二")] = None


class Role(Frozen):
    """One post."""

    id: Annotated[str, said("The name of the document, # and the number of the role in it.", "出纳#1")]
    title: Annotated[str | None, said("The name of the post; null where the text does not name it.", "出纳")] = None
    heading: Annotated[
        SpannedText | None,
        said(
            "The line that the role begins with; null if none.",
            {"text": "出纳岗位职责", "span": {"start": 0, "end": 6}},
        ),
    ] = None
    subtitle: Annotated[
        SpannedText | None,
        said("A second line of the heading; null if none.", {"text": "（财务部）", "span": {"start": 7, "end": 12}}),
    ] = None
    ordinal: Annotated[NonNegativeInt | None, said("The number in its heading (篇一, 三、); null if none.", 1)] = None
    confidence: Confidence = 1.0
    span: Annotated[SpanModel, said("From its heading to its last entry, in the source text.", {"start": 0, "end": 32})]
    profile: Annotated[Profile, said("The post's place in the organisation.", {"department": "财务部"})] = Profile()
    occupation: Annotated[
        Occupation | None,
        said(
            "Its occupation by the national classification; null where that is not sure.",
            {"code": "2-06-03-00", "name": "会计专业人员", "confidence": 0.93},
        ),
    ] = None
    content: Annotated[
        tuple[Node, ...],
        said(
            "All that the role says, as a tree in the order of the document.",
            [{"type": "item", "marker": "1、", "number": 1, "kind": "duties", **_ENTRY[0]}],
        ),
    ] = ()
    duties: Annotated[tuple[Entry, ...], said("The duties of the tree as a flat list, in order.", _ENTRY)] = ()
    requirements: Annotated[
        tuple[Entry, ...],
        said(
            "The requirements of the tree as a flat list, in order.",
            [{"text": "大专以上学历。", "confidence": 0.97, "span": {"start": 23, "end": 32}}],
        ),
    ] = ()
    qualities: Annotated[
        tuple[Entry, ...],
        said(
            "The personal qualities of the tree as a flat list, in order.",
            [{"text": "工作细致，责任心强。", "confidence": 0.95, "span": {"start": 33, "end": 43}}],
        ),
    ] = ()
    qualifications: Annotated[
        Qualifications,
        said(
            "What can be checked of a candidate, read out of the entries.",
            {"education": {"min_level": "专科", "span": {"start": 25, "end": 31}}, "gender": None},
        ),
    ] = Qualifications()


class Correction(Frozen):
    """A change of meaning-bearing characters: made (corrections) or proposed (suggestions)."""

    span: Annotated[SpanModel, said("What is replaced, in the source text.", {"start": 9, "end": 11})]
    original: Annotated[str, said("The source text at the span; empty where something is put in.", "负贵")]
    replacement: Annotated[str, said("What is put there instead; empty where something is taken out.", "负责")]
    category: Annotated[Category, said("Why the text needed it.", "ocr")]
    rule: Annotated[str, said("The rule that found it, by which it can be told from others.", "misread.shape")]
    confidence: Confidence
    evidence: Annotated[str, said("What speaks for it, in words.", "reads 6.1 better (log10)")] = ""


class Normalisation(Frozen):
    """One kind of change of width, white space or quotation style, and every source offset where it was made."""

    rule: Annotated[str, said("The rule that made it.", "width")]
    original: Annotated[str, said("What stands in the source text; empty where something is put in.", ";")]
    replacement: Annotated[str, said("What was put there instead; empty where something is taken out.", "；")]
    at: Annotated[
        tuple[NonNegativeInt, ...], said("The code point of the source text at which each begins, in order.", [15, 31])
    ]


class Leftover(Frozen):
    """Source text that belongs to no role."""

    span: Annotated[SpanModel, said("Where it stands in the source text.", {"start": 33, "end": 43})]
    text: Annotated[str, said("The text, clean and corrected.", "联系电话：见公司网站")]
    reason: Annotated[str, said("Why it belongs to no role, as a code.", "boilerplate")]


class DocumentWarning(Frozen):
    """Something that a person should look at; nothing was deleted for it."""

    code: Annotated[str, said("What it is, as a code.", "empty")]
    message: Annotated[str, said("What it is, in words.", "the file holds no text")]
    span: Annotated[
        SpanModel | None, said("What it is about; null where it is the whole document.", {"start": 25, "end": 32})
    ] = None


class Place(Frozen):
    """Where in its file a stretch of the source text stands; null is what the file does not have or say."""

    span: Annotated[SpanModel, said("The stretch of the source text.", {"start": 7, "end": 16})]
    page: Annotated[Ordinal | None, said("Its page, from 1.", 2)] = None
    paragraph: Annotated[Ordinal, said("Its paragraph, from 1, in the order of the source text.", 5)]
    region: Annotated[Region, said("The part of the file that it belongs to.", "body")] = Region.BODY
    table: Annotated[Ordinal | None, said("Its table, from 1; of a workbook the sheet.", 1)] = None
    row: Annotated[Ordinal | None, said("Its row in the table, from 1.", 3)] = None
    column: Annotated[Ordinal | None, said("Its column in the table, from 1.", 2)] = None


class Generator(Frozen):
    """What made the record."""

    name: Annotated[str, said("The name of the program.", "gangwei")]
    version: Annotated[str, said("Its version.", "0.1.0")]
    lexicon_version: Annotated[
        str, said("Twelve hexadecimal digits that change when any of its lexicons or models does.", "6cf72e360a6a")
    ]


class Source(Frozen):
    """Where the record comes from; `sha256` is of the file's bytes, `characters` counts the source text."""

    name: Annotated[str, said("The name of the file, without its folder and suffix.", "出纳")]
    media_type: Annotated[str, said("What kind of file it was read as.", "text/plain")]
    encoding: Annotated[str | None, said("How its text was decoded; null where the format settles that.", "utf-8")]
    sha256: Annotated[
        str,
        Field(pattern="^[0-9a-f]{64}$"),
        said("SHA-256 of the file's bytes.", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ]
    characters: Annotated[NonNegativeInt, said("Code points of the source text.", 32)]


class Document(Frozen):
    """One parsed document; `places` hold every visible character of its source text; there are none for plain text."""

    schema_version: Annotated[
        Literal["1.0", "1.1"], said("The version of the schema that the record follows.", "1.1")
    ] = "1.1"
    generator: Annotated[
        Generator,
        said("What made the record.", {"name": "gangwei", "version": "0.1.0", "lexicon_version": "6cf72e360a6a"}),
    ]
    source: Annotated[
        Source,
        said(
            "Where the record comes from.",
            {
                "name": "出纳",
                "media_type": "text/plain",
                "encoding": "utf-8",
                "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "characters": 32,
            },
        ),
    ]
    roles: Annotated[
        tuple[Role, ...],
        said(
            "The roles, in the order of the document.",
            [{"id": "出纳#1", "title": "出纳", "span": {"start": 0, "end": 32}}],
        ),
    ] = ()
    corrections: Annotated[tuple[Correction, ...], said("Changes that were made, in order.", _CORRECTION)] = ()
    suggestions: Annotated[
        tuple[Correction, ...],
        said("Changes that were seen and not made, since they are not sure enough.", _CORRECTION),
    ] = ()
    normalisations: Annotated[
        tuple[Normalisation, ...],
        said(
            "Changes of width, white space and the like, by which the source text can be had back.",
            [{"rule": "width", "original": ";", "replacement": "；", "at": [15]}],
        ),
    ] = ()
    leftovers: Annotated[
        tuple[Leftover, ...],
        said(
            "Source text that belongs to no role.",
            [{"span": {"start": 33, "end": 43}, "text": "联系电话：见公司网站", "reason": "boilerplate"}],
        ),
    ] = ()
    warnings: Annotated[
        tuple[DocumentWarning, ...],
        said("What a person should look at.", [{"code": "empty", "message": "the file holds no text"}]),
    ] = ()
    places: Annotated[
        tuple[Place, ...],
        said(
            "Where in its file each stretch of the source text stands; empty for plain text.",
            [{"span": {"start": 7, "end": 16}, "page": 1, "paragraph": 2}],
        ),
    ] = ()
