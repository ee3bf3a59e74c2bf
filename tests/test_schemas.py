"""The published schemas say what the model says; a change of the model shows here until they say it too."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import jsonschema_rs
import pytest
from lxml import etree
from pydantic import BaseModel, Field, TypeAdapter, create_model

from pipeline import model
from pipeline.export import SCHEMAS
from pipeline.export.plan import parts
from pipeline.export.reference import PAGE, page
from pipeline.model import (
    SCHEMA_RELEASE,
    SCHEMA_VERSION,
    Document,
    FieldNode,
    Item,
    Kind,
    Paragraph,
    Section,
    SpanModel,
)

PUBLISHED = Path(__file__).parent.parent / "schemas"
XS = "{http://www.w3.org/2001/XMLSchema}"
NODES = {"section": Section, "item": Item, "paragraph": Paragraph, "field": FieldNode}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_file_is_what_the_program_uses(name: str) -> None:
    file, make = SCHEMAS[name]
    assert (PUBLISHED / file).read_bytes() == make(), f"schemas/{file} has drifted: make schemas"


# -- JSON Schema ------------------------------------------------------------------------------------------------------


def published_json() -> dict[str, Any]:
    record: dict[str, Any] = json.loads((PUBLISHED / "role-document.schema.json").read_bytes())
    return record


def test_the_json_schema_is_valid_and_names_itself() -> None:
    schema = published_json()
    jsonschema_rs.meta.validate(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith("urn:gangwei:") and schema["$id"].endswith(f":{SCHEMA_VERSION}")
    assert schema["version"] == SCHEMA_RELEASE
    assert schema["title"] and schema["description"]


def test_the_json_schema_is_made_from_the_model() -> None:
    made, schema = Document.model_json_schema(mode="serialization"), published_json()
    assert schema["$defs"] == made["$defs"]
    assert schema["properties"] == made["properties"]


def test_the_json_schema_forbids_unknown_keys_everywhere() -> None:
    schema = published_json()
    for name, definition in [("Document", schema), *schema["$defs"].items()]:
        assert "enum" in definition or definition["additionalProperties"] is False, name


# -- XML Schema: read by itself, not by way of the code that made it ---------------------------------------------------


def published_xsd() -> etree._Element:
    return etree.fromstring((PUBLISHED / "role-document.xsd").read_bytes())


def test_the_xsd_is_valid_and_names_itself() -> None:
    root = published_xsd()
    etree.XMLSchema(root)
    assert root.get("targetNamespace") == "urn:gangwei:role-document:1"
    assert root.get("version") == SCHEMA_RELEASE


def test_every_type_of_the_xsd_is_documented() -> None:
    for kind in ("complexType", "simpleType"):
        for defined in published_xsd().findall(f"{XS}{kind}"):
            assert (defined.findtext(f"{XS}annotation/{XS}documentation") or "").strip(), defined.get("name")


def models(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and all that it is made of."""
    seen: list[type[BaseModel]] = []
    todo: list[Any] = [root, *NODES.values()]
    while todo:
        here = todo.pop()
        if isinstance(here, type) and issubclass(here, BaseModel):
            if here in seen or here is SpanModel:
                continue
            seen.append(here)
            todo += [info.annotation for info in here.model_fields.values()]
        else:
            todo += [inner for inner in get_args(here) if not isinstance(inner, str)]
    yield from seen


def core(annotation: Any) -> tuple[Any, bool, bool]:
    """The type of one value; whether it may be null; whether there are many."""
    inner = [a for a in get_args(annotation) if a not in (NoneType, Ellipsis)]
    if get_origin(annotation) in (None, Literal):
        return annotation, False, False
    if get_origin(annotation) is Annotated:
        return core(inner[0])
    found, optional, many = core(inner[0])
    return found, optional or NoneType in get_args(annotation), many or get_origin(annotation) is tuple


def drift(root: etree._Element, document: type[BaseModel]) -> list[str]:
    """Where the XML Schema and the model say different things."""
    types = {str(t.get("name")): t for t in root.findall(f"{XS}complexType")}
    enums = {
        str(t.get("name")): [str(e.get("value")) for e in t.iter(f"{XS}enumeration")]
        for t in root.findall(f"{XS}simpleType")
    }
    out: list[str] = []
    used = {"Content"}
    for each in models(document):
        name = "Document" if each is document else each.__name__
        used.add(name)
        if name not in types:
            out.append(f"{name} is missing")
            continue
        attributes = {str(a.get("name")): a for a in types[name].findall(f"{XS}attribute")}
        elements = {str(e.get("name")): e for e in types[name].findall(f"{XS}sequence/{XS}element")}
        for field, info in each.model_fields.items():
            if field == "type":
                continue
            value, optional, many = core(info.annotation)
            if value is SpanModel:
                where = [attributes.pop(side, None) for side in ("start", "end")]
            else:
                where = [attributes.pop(field, None) if field in attributes else elements.pop(field, None)]
            for at in where:
                out += [f"{name}.{field}: {problem}" for problem in differences(at, info, value, optional, many, enums)]
        out += [f"{name}.{left} is not in the model" for left in (*attributes, *elements)]
        if isinstance(each.model_fields.get("type"), type(info)):
            literal = get_args(each.model_fields["type"].annotation)
            choices = {e.get("name"): e.get("type") for e in types["Content"].iter(f"{XS}element")}
            out += [f"content holds no {tag}" for tag in literal if choices.get(tag) != name]
    out += [f"{left} is not in the model" for left in types if left not in used]
    return out


def differences(
    at: etree._Element | None, info: Any, value: Any, optional: bool, many: bool, enums: dict[str, list[str]]
) -> Iterator[str]:
    """What one attribute or element says otherwise than its field."""
    if at is None:
        yield "missing"
        return
    attribute = at.tag == f"{XS}attribute"
    needed = at.get("use") == "required" if attribute else at.get("minOccurs") != "0"
    listed = many or "content" in str(at.get("name"))
    default_text = value is str and not attribute and not info.is_required()
    if needed is (optional or listed or default_text):
        yield f"{'needed' if needed else 'may be left out'}"
    if isinstance(value, type) and issubclass(value, StrEnum) and enums.get(str(at.get("type"))) != [*value]:
        yield "other values"
    if get_origin(value) is Literal and [e.get("value") for e in at.iter(f"{XS}enumeration")] != [*get_args(value)]:
        yield "another constant"
    if isinstance(value, type) and issubclass(value, BaseModel) and value is not SpanModel:
        kinds = {at.get("type"), *(e.get("type") for e in at.iter(f"{XS}element"))}
        expected = "Content" if at.get("name") == "content" else value.__name__
        if expected not in kinds:
            yield "another type"
    simple = {bool: "xs:boolean", int: "xs:nonNegativeInteger", float: "xs:double"}.get(value)
    if simple and not listed:
        base = at.find(f".//{XS}restriction")
        if simple != (at.get("type") or (base.get("base") if base is not None else None)):
            yield "another type"
    bounds = {m: getattr(b, m) for b in info.metadata for m in ("ge", "le") if getattr(b, m, None) is not None}
    said = {
        "ge": next((e.get("value") for e in at.iter(f"{XS}minInclusive")), "0" if simple else None),
        "le": next((e.get("value") for e in at.iter(f"{XS}maxInclusive")), None),
    }
    if any(str(limit) != said[side] for side, limit in bounds.items()):
        yield "other bounds"


def test_the_xsd_says_what_the_model_says() -> None:
    assert drift(published_xsd(), Document) == []


def test_the_drift_test_walks_the_whole_model() -> None:
    written = {
        thing
        for thing in vars(model).values()
        if isinstance(thing, type) and issubclass(thing, BaseModel) and thing.__module__.startswith(model.__name__)
    }
    assert {*models(Document), SpanModel} == written


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ((str, "x"), "Document.colour: missing"),
        ((str | None, None), "Document.colour: missing"),
        ((SpanModel, ...), "Document.colour: missing"),
        ((tuple[Kind, ...], ()), "Document.colour: missing"),
    ],
)
def test_a_field_that_the_xsd_lacks_is_found(field: Any, problem: str) -> None:
    wider = create_model("Wider", __base__=Document, colour=field)
    assert problem in drift(published_xsd(), wider)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('<xs:element name="evidence"', '<xs:element name="proof"', "Correction.evidence: missing"),
        ('name="evidence" type="xs:string" minOccurs="0"', 'name="evidence" type="xs:string"', "needed"),
        ('<xs:attribute name="marker"', '<xs:attribute name="mark"', "Item.marker: missing"),
        ('name="marker" type="xs:string" use="optional"', 'name="marker" type="xs:string" use="required"', "needed"),
        ('name="id" type="xs:string" use="required"', 'name="id" type="xs:string" use="optional"', "may be left out"),
        ('   <xs:enumeration value="硕士"/>\n', "", "min_level: other values"),
        ('<xs:enumeration value="ocr"/>', '<xs:enumeration value="scan"/>', "category: other values"),
        ('<xs:enumeration value="1.0"/>', '<xs:enumeration value="0.9"/>', "schema_version: another constant"),
        ('<xs:maxInclusive value="1"/>', '<xs:maxInclusive value="100"/>', "confidence: other bounds"),
        (
            '<xs:element name="education" type="Education">',
            '<xs:element name="education" type="Age">',
            "another type",
        ),
        ('name="headcount"', 'name="heads"', "Profile.heads is not in the model"),
        ('<xs:element name="item" type="Item"/>', "", "content holds no item"),
    ],
)
def test_an_xsd_that_says_otherwise_is_found(old: str, new: str, problem: str) -> None:
    text = (PUBLISHED / "role-document.xsd").read_text("utf-8")
    found = drift(etree.fromstring(text.replace(old, new).encode()), Document)
    assert old in text
    assert any(problem in line for line in found)


def test_a_constraint_of_the_model_reaches_the_xsd() -> None:
    narrow = create_model(
        "Narrow", code=(Annotated[str, Field(pattern="^[A-Z]+$")], ...), size=(int | None, Field(ge=2))
    )
    assert [part.facets for part in parts(narrow)] == [(("pattern", "[A-Z]+"),), (("minInclusive", "2"),)]


# -- words and versions -----------------------------------------------------------------------------------------------

CHANGES = Path(__file__).parent.parent / "docs" / "schema-changes.md"
RELEASE = re.compile(r"^## (\d+)\.(\d+)\.(\d+) .*\n(?:(?!## ).*\n)*?Shape `([0-9a-f]{12})`", re.M)


def every_field() -> Iterator[tuple[str, Any]]:
    for each in (*models(Document), SpanModel):
        yield from ((f"{each.__name__}.{name}", info) for name, info in each.model_fields.items())


@pytest.mark.parametrize(("name", "info"), [pytest.param(*field, id=field[0]) for field in every_field()])
def test_each_field_says_what_it_holds_and_gives_an_example_that_it_may_hold(name: str, info: Any) -> None:
    assert info.description and info.description.endswith("."), f"{name} is not described"
    assert info.examples, f"{name} has no example"
    adapter = TypeAdapter(Annotated[info.annotation, info])
    for example in info.examples:
        adapter.validate_json(json.dumps(example), strict=True)


def test_the_page_on_a_record_is_made_from_the_model() -> None:
    assert (CHANGES.parent / PAGE).read_bytes() == page(), f"docs/{PAGE} has drifted: make schemas"


def test_the_page_has_each_field_and_its_links_lead_somewhere() -> None:
    text = page().decode()
    headings = {line[3:].lower() for line in text.splitlines() if line.startswith("## ")}
    assert set(re.findall(r"\(#([a-z]+)\)", text)) <= headings
    for each in (*models(Document), SpanModel):
        section = text.partition(f"\n## {each.__name__}\n")[2].partition("\n## ")[0]
        assert all(f"\n| `{name}` |" in section for name in each.model_fields)


def shape(schema: Any, named: bool = False) -> Any:
    """A schema without its words: what it admits and what it refuses."""
    if isinstance(schema, dict):
        words = () if named else ("$id", "title", "description", "examples", "version")
        return {k: shape(v, k in ("properties", "$defs")) for k, v in schema.items() if k not in words}
    return [shape(entry) for entry in schema] if isinstance(schema, list) else schema


def test_the_schema_changes_with_its_version_only_and_each_version_is_told_of() -> None:
    found = RELEASE.findall(CHANGES.read_text("utf-8"))
    releases = [tuple(map(int, release[:3])) for release in found]
    assert releases == sorted(set(releases), reverse=True)
    assert ".".join(found[0][:3]) == SCHEMA_RELEASE and ".".join(found[0][:2]) == SCHEMA_VERSION
    digest = hashlib.sha256(json.dumps(shape(published_json()), sort_keys=True).encode()).hexdigest()[:12]
    assert found[0][3] == digest, (
        "what a record may hold has changed: a new version, and a word in docs/schema-changes.md"
    )
    for newer, older in pairwise(found):
        assert (newer[:2] == older[:2]) == (newer[3] == older[3]), "a patch changes words, anything else the shape"


def test_the_xsd_describes_each_attribute_and_element_that_is_a_field() -> None:
    for defined in published_xsd().findall(f"{XS}complexType"):
        if defined.get("name") != "Content":
            for field in (*defined.findall(f"{XS}attribute"), *defined.findall(f"{XS}sequence/{XS}element")):
                assert field.findtext(f"{XS}annotation/{XS}documentation"), (defined.get("name"), field.get("name"))
