"""JSON and XML say the same, both are valid, and neither loses a character."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InvalidRecordError
from pipeline.export import WRITERS, parse_record, render
from pipeline.layout import Region
from pipeline.model import (
    Age,
    Category,
    Correction,
    Document,
    DocumentWarning,
    Education,
    EducationLevel,
    Entry,
    Experience,
    FieldNode,
    Gender,
    Generator,
    Item,
    Kind,
    Leftover,
    NamedMention,
    Node,
    Normalisation,
    Occupation,
    OccupationChoice,
    Paragraph,
    Place,
    Profile,
    Qualifications,
    Role,
    Section,
    SectionHeading,
    Skill,
    SkillLevel,
    Source,
    SpanModel,
    SpannedText,
)

FORMATS = sorted(WRITERS)
AWKWARD = "岗位 \t\n\r\0\x0b\x1f\x7f\x85\u2028\ufeff\ufffe\U0001f600\\x{5C}<>&\"']]>"

# -- any document -----------------------------------------------------------------------------------------------------

texts = st.one_of(st.text(AWKWARD, max_size=8), st.text(st.characters(exclude_categories=["Cs"]), max_size=6))
numbers = st.integers(0, 2**63 - 1)
probabilities = st.floats(0, 1)
years = st.floats(0, allow_infinity=False, allow_nan=False)
ordinals = st.integers(1, 2**40)
spans = st.builds(SpanModel, start=numbers, end=numbers)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=2).map(tuple)


KNOWN: dict[str, Any] = {"span": spans, "confidence": probabilities, "kind": st.sampled_from(Kind), "text": texts}


def build(model: Any, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Instances of a model; every field must be named or be among the KNOWN ones, so that none is left untried."""
    known = {name: KNOWN[name] for name in model.model_fields if name in KNOWN}
    assert {*known, *fields, "type", "schema_version"} >= set(model.model_fields), f"no strategy for {model.__name__}"
    return st.builds(model, **{**known, **fields})


headings = build(SectionHeading, marker=maybe(texts), number=maybe(numbers))
leaves = build(Paragraph) | build(FieldNode, name=texts, value=texts)
nodes: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: (
        build(Section, heading=maybe(headings), level=st.integers(1, 9), content=some(inner))
        | build(Item, marker=maybe(texts), number=maybe(numbers), content=some(inner))
    ),
    max_leaves=4,
)
mentions = some(build(NamedMention, name=texts, level=maybe(texts), preferred=st.booleans()))
qualifications = build(
    Qualifications,
    education=build(
        Education,
        min_level=maybe(st.sampled_from(EducationLevel)),
        full_time=maybe(st.booleans()),
        majors=some(texts),
        span=maybe(spans),
    ),
    experience=some(
        build(
            Experience,
            min_years=maybe(years),
            max_years=maybe(years),
            field=maybe(texts),
            preferred=st.booleans(),
            preferred_years=maybe(years),
        )
    ),
    age=maybe(build(Age, min=maybe(numbers), max=maybe(numbers))),
    gender=maybe(st.sampled_from(Gender)),
    languages=mentions,
    certificates=mentions,
    skills=some(build(Skill, name=texts, level=maybe(st.sampled_from(SkillLevel)), preferred=st.booleans())),
)
profiles = build(
    Profile,
    subordinates=some(texts),
    authority=some(texts),
    **{n: maybe(texts) for n in ("department", "reports_to", "function", "headcount", "place", "pay", "hours")},
)
entries = some(build(Entry))
codes = st.from_regex(r"[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}", fullmatch=True)
occupations = build(
    Occupation, code=codes, name=texts, alternatives=some(build(OccupationChoice, code=codes, name=texts))
)
roles = build(
    Role,
    id=texts,
    title=maybe(texts),
    heading=maybe(build(SpannedText)),
    subtitle=maybe(build(SpannedText)),
    ordinal=maybe(numbers),
    profile=profiles,
    occupation=maybe(occupations),
    content=some(nodes),
    duties=entries,
    requirements=entries,
    qualities=entries,
    qualifications=qualifications,
)
changes = some(
    build(
        Correction,
        original=texts,
        replacement=texts,
        category=st.sampled_from(Category),
        rule=texts,
        evidence=texts,
    )
)
documents: st.SearchStrategy[Document] = build(
    Document,
    generator=build(Generator, name=texts, version=texts, lexicon_version=texts),
    source=build(
        Source,
        name=texts,
        media_type=texts,
        encoding=maybe(texts),
        sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
        characters=numbers,
    ),
    roles=some(roles),
    corrections=changes,
    suggestions=changes,
    normalisations=some(build(Normalisation, rule=texts, original=texts, replacement=texts, at=some(numbers))),
    leftovers=some(build(Leftover, reason=texts)),
    warnings=some(build(DocumentWarning, code=texts, message=texts, span=maybe(spans))),
    places=some(
        build(
            Place,
            paragraph=ordinals,
            region=st.sampled_from(Region),
            **{n: maybe(ordinals) for n in ("page", "table", "row", "column")},
        )
    ),
)


@settings(max_examples=150, deadline=None)
@given(documents)
def test_json_to_document_to_xml_to_document_to_json_is_the_identity(document: Document) -> None:
    first = render(document, "json")
    through = parse_record(render(parse_record(first, "json"), "xml"), "xml")
    assert through == document
    assert render(through, "json") == first


# -- one document -----------------------------------------------------------------------------------------------------


def document(**fields: Any) -> Document:
    source = Source(name="招聘", media_type="text/plain", encoding="utf-8", sha256="0" * 64, characters=9)
    generator = Generator(name="gangwei", version="0", lexicon_version="0")
    return Document(generator=generator, source=source, **fields)


def with_text(text: str) -> Document:
    return document(leftovers=(Leftover(span=SpanModel(start=0, end=1), text=text, reason="clutter"),))


ROLE = Role(
    id="招聘#1",
    title="会计",
    span=SpanModel(start=0, end=9),
    content=(
        Section(
            heading=SectionHeading(text="岗位职责", span=SpanModel(start=2, end=6)),
            level=1,
            kind=Kind.DUTIES,
            confidence=0.9,
            content=(
                Item(
                    marker="1、",
                    number=1,
                    text="记账",
                    kind=Kind.DUTIES,
                    confidence=0.5,
                    span=SpanModel(start=6, end=9),
                ),
            ),
        ),
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 两头 ",
        "\r",
        "\r\n",
        "\t\n",
        "\0",
        "\x0b\x1f",
        "\ufffe\uffff",
        "\\x{5C}",
        "\\x{41}",
        "\\\0",
        "\\\\x{",
        "]]>",
        "&lt;",
        "<b>",
        "\x85\u2028",
    ],
)
@pytest.mark.parametrize("name", FORMATS)
def test_every_character_survives_in_text_and_in_code(text: str, name: str) -> None:
    record = with_text(text).model_copy(update={"warnings": (DocumentWarning(code=text, message=text),)})
    assert parse_record(render(record, name), name) == record


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_text_is_told_from_none(name: str) -> None:
    for profile in (Profile(), Profile(place=""), Profile(subordinates=("",)), Profile(subordinates=("", ""))):
        record = document(roles=(ROLE.model_copy(update={"profile": profile}),))
        assert parse_record(render(record, name), name).roles[0].profile == profile


@pytest.mark.parametrize("name", FORMATS)
def test_chinese_is_written_as_it_is_and_the_last_line_ends(name: str) -> None:
    data = render(with_text("岗位说明书"), name)
    assert "岗位说明书".encode() in data
    assert data.endswith(b"\n")


def test_json_keys_stand_in_the_order_of_the_model() -> None:
    record = json.loads(render(document(roles=(ROLE,)), "json"))
    assert list(record) == list(Document.model_fields)
    assert list(record["roles"][0]) == list(Role.model_fields)


def test_xml_reads_as_roles_sections_and_items() -> None:
    lines = render(document(roles=(ROLE,)), "xml").decode().splitlines()
    at = lines.index('    <section level="1" kind="duties" confidence="0.9">')
    assert lines[at + 1 : at + 6] == [
        '     <heading start="2" end="6">',
        "      <text>岗位职责</text>",
        "     </heading>",
        "     <content>",
        '      <item marker="1、" number="1" kind="duties" confidence="0.5" start="6" end="9">',
    ]


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_a_lone_surrogate_is_refused_by_name(name: str) -> None:
    with pytest.raises(InvalidRecordError, match="招聘: cannot be written"):
        render(with_text("\ud800"), name)


@pytest.mark.parametrize("name", FORMATS)
def test_a_record_that_does_not_fit_the_schema_is_not_given_out(name: str) -> None:
    broken = document(roles=(ROLE.model_copy(update={"ordinal": -1}),))
    with pytest.raises(InvalidRecordError, match=r"招聘: .*ordinal|招聘: roles/0/ordinal"):
        render(broken, name)


def test_json_errors_name_the_place() -> None:
    record = json.loads(render(document(roles=(ROLE,)), "json"))
    record["roles"][0]["content"][0]["content"][0]["confidence"] = 2
    data = json.dumps(record).encode()
    with pytest.raises(InvalidRecordError, match=r"招聘: roles/0/content/0"):
        WRITERS["json"].check(data, "招聘")
    with pytest.raises(InvalidRecordError, match=r"confidence"):
        parse_record(data, "json")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff"])
@pytest.mark.parametrize("name", FORMATS)
def test_bytes_that_are_no_record_are_refused(data: bytes, name: str) -> None:
    with pytest.raises(InvalidRecordError):
        parse_record(data, name)
    with pytest.raises(InvalidRecordError, match="招聘: "):
        WRITERS[name].check(data, "招聘")


DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE role_document [<!ENTITY a "a">]>',
        b'<!DOCTYPE role_document [<!ENTITY a SYSTEM "file:///dev/null">]>',
        b'<!DOCTYPE role_document SYSTEM "http://localhost/role.dtd">',
    ],
)
def test_xml_with_a_document_type_is_refused(doctype: bytes) -> None:
    data = render(document(), "xml")
    with pytest.raises(InvalidRecordError, match="document type"):
        parse_record(data.replace(DECLARATION, DECLARATION + doctype), "xml")


def test_a_document_type_cannot_hide_in_another_encoding() -> None:
    text = render(document(), "xml").decode().replace("UTF-8", "UTF-16")
    text = text.replace("?>\n", '?>\n<!DOCTYPE role_document [<!ENTITY a "a">]>')
    with pytest.raises(InvalidRecordError):
        parse_record(text.encode("utf-16"), "xml")


def test_a_comment_or_an_instruction_cuts_no_text_in_two() -> None:
    data = render(with_text("左右"), "xml").replace("左右".encode(), "左<!-- c --><?p i?>右".encode())
    assert parse_record(data, "xml").leftovers[0].text == "左右"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<profile/>", b"<profile/><salary/>"),
        (b'level="1"', b'level="1" colour="red"'),
        (b'level="1"', b'level="0"'),
        (b'kind="duties"', b'kind="duty"'),
        (b'confidence="0.9"', b'confidence="1.5"'),
        (b'confidence="0.9"', b'confidence="NaN"'),
        (b'schema_version="1.1"', b'schema_version="2.0"'),
        (b'sha256="0', b'sha256="x'),
        (b"urn:gangwei:role-document:1", b"urn:gangwei:role-document:2"),
    ],
)
def test_xml_that_says_more_or_other_than_the_schema_is_refused(old: bytes, new: bytes) -> None:
    data = render(document(roles=(ROLE,)), "xml")
    assert old in data
    with pytest.raises(InvalidRecordError):
        parse_record(data.replace(old, new, 1), "xml")


def test_a_span_with_one_end_is_refused() -> None:
    record = document(warnings=(DocumentWarning(code="c", message="m", span=SpanModel(start=0, end=1)),))
    data = render(record, "xml").replace(b' end="1"', b"")
    with pytest.raises(InvalidRecordError, match="end"):
        parse_record(data, "xml")


def test_a_paragraph_of_twelve_megabytes_is_written_and_read() -> None:
    record = with_text("岗" * 4_000_000)
    assert parse_record(render(record, "xml"), "xml") == record
