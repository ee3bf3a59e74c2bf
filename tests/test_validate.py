"""Records that others wrote are held against the published schemas: each problem in a line, with its place."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import parse
from pipeline.cli import main
from pipeline.errors import InvalidRecordError
from pipeline.export import json_format, render
from pipeline.export.json_format import problems as in_json
from pipeline.export.xml_problems import in_xml

TEXT = "出纳岗位职责\n一、岗位职责\n1、负责现金收付；\n2、登记日记账。\n二、任职要求\n1、大专以上学历。\n2、熟练使用Excel。\n"


def gangwei(*words: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def record() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(parse(TEXT), "json"))
    return found


def xml() -> str:
    return render(parse(TEXT), "xml").decode()


def spoil(change: Callable[[dict[str, Any]], Any]) -> list[str]:
    spoiled = record()
    change(spoiled)
    return [str(problem) for problem in in_json(json.dumps(spoiled).encode())]


def role(of: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = of["roles"][0]
    return found


def node(of: dict[str, Any], *steps: int) -> dict[str, Any]:
    here = role(of)
    for step in steps:
        here = here["content"][step]
    return here


def test_what_gangwei_writes_is_valid() -> None:
    assert list(in_json(render(parse(TEXT), "json"))) == []
    assert list(in_xml(render(parse(TEXT), "xml"))) == []
    assert list(in_json(b"\xef\xbb\xbf" + render(parse(TEXT), "json"))) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: r.update(colour=1), ["the record: Additional properties are not allowed ('colour' was unexpected)"]),
        (lambda r: r.pop("source"), ['the record: "source" is a required property']),
        (lambda r: r.update({"schema_version": "9"}), ['/schema_version: it is none of 1.0, 1.1: "9"']),
        (lambda r: role(r).update(title=3), ['/roles/0/title: it is not of type "string": 3']),
        (lambda r: role(r).update(heading={"text": "x"}), ['/roles/0/heading: "span" is a required property']),
        (
            lambda r: node(r, 0, 1).update(confidence=2),
            ["/roles/0/content/0/content/1/confidence: it is greater than the maximum of 1: 2"],
        ),
        (
            lambda r: node(r, 0, 1).update(number=-1),
            ["/roles/0/content/0/content/1/number: it is less than the minimum of 0: -1"],
        ),
        (
            lambda r: node(r, 0, 1).update(type="chapter"),
            ['/roles/0/content/0/content/1/type: it is none of section, item, paragraph, field: "chapter"'],
        ),
        (
            lambda r: role(r)["qualifications"]["education"].update(min_level="小学"),
            [
                "/roles/0/qualifications/education/min_level: "
                'it is none of 初中, 高中, 中专, 专科, 本科, 硕士, 博士: "小学"'
            ],
        ),
        (
            lambda r: node(r, 0, 1).update(span={"start": 9, "end": 4}),
            ["/roles/0/content/0/content/1/span: the span ends (4) before it begins (9)"],
        ),
        (
            lambda r: node(r, 0, 1).update(span={"start": 9, "end": 4000}),
            [
                f"/roles/0/content/0/content/1/span: the span ends (4000) behind the source text, which has {len(TEXT)} characters"
            ],
        ),
    ],
)
def test_problem_of_json_is_told_with_its_pointer_and_reason(change: Callable[[Any], Any], told: list[str]) -> None:
    assert spoil(change) == told


def test_all_problems_of_a_record_are_told() -> None:
    def change(r: dict[str, Any]) -> None:
        node(r, 0, 0).update(kind="x", text=None)
        node(r, 1).update(level=0)

    assert {line.partition(": ")[0] for line in spoil(change)} == {
        "/roles/0/content/0/content/0/kind",
        "/roles/0/content/0/content/0/text",
        "/roles/0/content/1/level",
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind="duties"', 'kind="x"', ["/role_document/roles/role/content/section[1]", "attribute 'kind'", "'x'"]),
        ("<title>出纳</title>", "<name/>", ["/role_document/roles/role/name (line", "not expected"]),
        ('<source name="text"', "<source", ["/role_document/source (line", "'name' is required"]),
        ('start="0" end="6"', 'start="6" end="0"', ["the span ends (0) before it begins (6)"]),
        ('start="0" end="6"', f'start="0" end="{"9" * 5000}"', ["/heading (line", "behind the source text"]),
        ("urn:gangwei:role-document:1", "urn:other", ["/role_document (line 2)", "No matching global declaration"]),
        ("</roles>", "", ["the record: no XML of a record: "]),
        ('<?xml version="1.0" encoding="UTF-8"?>', "<!DOCTYPE a []>", ["the record: ", "a document type declaration"]),
    ],
)
def test_problem_of_xml_is_told_with_its_path_line_and_reason(old: str, new: str, told: list[str]) -> None:
    assert old in xml()
    problem = str(next(iter(in_xml(xml().replace(old, new, 1).encode()))))
    assert all(words in problem for words in told), problem


def test_what_fits_the_schema_and_cannot_be_read_is_a_problem_too() -> None:
    untyped = spoil(lambda r: node(r, 0, 0).pop("type"))
    assert untyped and untyped[0].startswith("/roles/0/content/0/content/0")


ODD = (
    "null",
    "true",
    "-1",
    "3",
    str(2**70),
    "0.5",
    '"x"',
    '""',
    "[]",
    "{}",
    "[[]]",
    '{"type": "item"}',
    '{"start": 1}',
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in a value with each of its keys or indices."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [found for key in keys for found in ((value, key), *places(value[key]))]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.booleans(), st.sampled_from(ODD)), min_size=1, max_size=3))
def test_whatever_is_wrong_with_json_is_told_in_lines_and_whatever_is_refused_has_a_problem(
    changes: list[tuple[int, bool, str]],
) -> None:
    spoiled = record()
    for at, whole, odd in changes:
        spots = places(spoiled)
        if not spots:
            break
        holder, key = spots[at % len(spots)]
        if whole or isinstance(holder, list):
            holder[key] = json.loads(odd)
        else:
            del holder[key]
    data = json.dumps(spoiled).encode()
    told = [str(problem) for problem in in_json(data)]
    assert all(line.isprintable() for line in told)
    if not told:
        json_format.check(data, "a")
        json_format.read(data)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_whatever_is_wrong_with_xml_is_told_in_lines(data: st.DataObject) -> None:
    spoiled = bytearray(xml().encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(spoiled) - 1))
        pieces = [b"", b"<a/>", b"&#x1;", b"]]>", b"<!--x-->", b' end="1"', b"\xff", b"\0"]
        spoiled[at : at + data.draw(st.integers(0, 20))] = data.draw(st.sampled_from(pieces))
    assert all(str(problem).isprintable() for problem in in_xml(bytes(spoiled)))


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.json").write_bytes(render(parse(TEXT), "json"))
    (tmp_path / "good.xml").write_bytes(render(parse(TEXT), "xml"))
    (tmp_path / "bad.json").write_text(json.dumps({**record(), "colour": 1}), "utf-8")
    lines = [json.dumps(record()), "", "{", json.dumps({**record(), "roles": 3})]
    (tmp_path / "all.jsonl").write_text("\n".join(lines), "utf-8")
    with gzip.open(tmp_path / "all.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))
    return tmp_path


def test_files_are_told_of_in_their_order_and_the_exit_code_says_whether_all_are_valid(folder: Path) -> None:
    good = gangwei("validate", folder / "good.json", folder / "good.xml")
    assert (good.exit_code, good.output) == (0, "2 valid, 0 invalid\n")
    names = ("bad.json", "none.json", "good.xml", "all.jsonl", "all.jsonl.gz")
    told = gangwei("validate", *(folder / name for name in names))
    assert (told.exit_code, told.stdout) == (1, "")
    lines = told.stderr.splitlines()
    starts = [
        f"{folder}/bad.json: the record: ",
        f"gangwei: {folder}/none.json: ",
        f"{folder}/all.jsonl:3: the record: no JSON: ",
        f'{folder}/all.jsonl:4: /roles: it is not of type "array": 3',
        f"{folder}/all.jsonl.gz:3: ",
        f"{folder}/all.jsonl.gz:4: ",
        "3 valid, 6 invalid",
    ]
    assert len(lines) == len(starts) and all(map(str.startswith, lines, starts)), lines


def test_format_is_known_by_name_or_first_character_or_named(folder: Path) -> None:
    for name in ("good.json", "good.xml"):
        data = (folder / name).read_bytes()
        assert gangwei("validate", "-", stdin=b"\xef\xbb\xbf" + data if name == "good.json" else data).exit_code == 0
        (folder / "a.record").write_bytes(data)
        assert gangwei("validate", folder / "a.record", "-q").output == ""
    lines = (folder / "all.jsonl").read_bytes()
    told = gangwei("validate", "-", "--format", "jsonl", stdin=lines).stderr
    assert told.startswith("stdin:3: ") and told.endswith("1 valid, 2 invalid\n")
    assert gangwei("validate", "--format", "yaml", folder / "good.json").exit_code == 2
    assert gangwei("validate").exit_code == 2
    assert "not a regular file" in gangwei("validate", folder).stderr


def test_problems_of_one_record_are_told_up_to_a_number(folder: Path) -> None:
    many = {**record(), "leftovers": [{}] * 500}
    (folder / "many.json").write_text(json.dumps(many), "utf-8")
    lines = gangwei("validate", folder / "many.json", "--most", "3").stderr.splitlines()
    assert len(lines) == 5
    assert lines[3].endswith("and more; --most 3 are told")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("deep.json", b"[" * 900 + b"]" * 900, "nested deeper than 200 levels"),
        ("deeper.json", b"[" * 1_000_000, "no JSON"),
        ("deep.xml", b"<a>" * 900 + b"</a>" * 900, "nested deeper than 200 levels"),
        ("deeper.xml", b"<a>" * 1_000_000, "no XML"),
        ("bomb.xml", b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>', "document type"),
        ("utf16.xml", "<a/>".encode("utf-16"), "no XML"),
        ("empty.json", b"", "no JSON"),
        ("nul.json", b"\0", "no JSON"),
        ("surrogate.json", b'"\\ud800"', "no JSON"),
        ("huge.json", b'{"roles": ' + b"9" * 100_000 + b"}", "the record"),
    ],
)
def test_hostile_file_costs_a_line_and_the_next_is_looked_at(folder: Path, name: str, data: bytes, reason: str) -> None:
    (folder / name).write_bytes(data)
    began = time.monotonic()
    result = gangwei("validate", folder / name, folder / "good.json")
    assert time.monotonic() - began < 20
    assert (result.exit_code, reason in result.stderr) == (1, True), result.stderr
    assert result.stderr.endswith("1 valid, 1 invalid\n")
    assert all(len(line) < 500 for line in result.stderr.splitlines())


def test_limits_hold_for_each_record(folder: Path) -> None:
    large = gangwei("validate", folder / "good.json", "--max-bytes", "10")
    assert (large.exit_code, "bytes are over the limit of 10" in large.stderr) == (1, True)
    long = gangwei("validate", folder / "good.json", "--max-characters", "10")
    assert (long.exit_code, "characters are over the limit of 10" in long.stderr) == (1, True)
    (folder / "wide.xml").write_bytes(b"<a>" + b"<b/>" * 6_000_000 + b"</a>")
    wide = gangwei("validate", folder / "wide.xml", folder / "good.xml", "--max-memory", "300")
    assert "limit of 300 MiB" in wide.stderr and wide.stderr.endswith("1 valid, 1 invalid\n")


def test_deep_record_with_a_mistake_at_its_end_takes_no_time() -> None:
    item: dict[str, Any] = {
        "type": "item",
        "text": 3,
        "kind": "duties",
        "confidence": 1,
        "span": {"start": 0, "end": 0},
    }
    for _ in range(90):
        item = {**item, "text": "", "content": [item]}
    began = time.monotonic()
    problems = spoil(lambda r: role(r).update(content=[item]))
    with pytest.raises(InvalidRecordError, match=r"a: roles/0/content/0/content/0.*not of type"):
        json_format.check(json.dumps({**record(), "roles": [{**role(record()), "content": [item]}]}).encode(), "a")
    assert time.monotonic() - began < 5
    assert problems[0].startswith("/roles/0/content/0/content/0") and problems[0].endswith(
        'it is not of type "string": 3'
    )
