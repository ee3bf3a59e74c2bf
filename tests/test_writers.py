"""Exports say what the record says, are safe to open, the same bytes each time, and refuse what they cannot hold."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from lxml import etree

from pipeline.errors import InvalidRecordError, LimitError, MissingPackageError, PipelineError, WriteError
from pipeline.export import csv_format, parse_record, render, sqlite_format, xlsx_format
from pipeline.export.characters import visible
from pipeline.export.flatten import tree_rows
from pipeline.export.rows import Record
from pipeline.export.views import VIEWS, Book, Page
from pipeline.model import Document, Education, Experience, Item, Kind, Leftover, Role, Section, SpanModel, wording
from tests.exports import RECORD, as_text, golden, seed, written
from tests.test_export import ROLE, document, documents

PACKAGES = {"excel": "xlsxwriter", "parquet": "pyarrow"}


def missing(view: Book | Page) -> bool:
    return view.extra is not None and importlib.util.find_spec(PACKAGES[view.extra]) is None


EACH = [
    pytest.param(view, id=view.name, marks=pytest.mark.skipif(missing(view), reason=f"needs {view.extra}"))
    for view in VIEWS
]
BY_NAME = {view.name: view for view in VIEWS}


def item(text: str, kind: Kind = Kind.DUTIES) -> Item:
    return Item(text=text, kind=kind, confidence=1.0, span=SpanModel(start=0, end=1))


def holding(*texts: str, **fields: Any) -> Record:
    """A record of one role with these entries."""
    return Record("招聘", document(roles=(ROLE.model_copy(update={"content": tuple(map(item, texts)), **fields}),)))


# -- the seed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", EACH)
def test_export_of_the_seed_is_the_golden_one(view: Book | Page) -> None:
    text = as_text(view, written(view, seed()))
    assert text == golden(view).read_bytes(), "if the change is meant, review `make golden`"


@pytest.mark.parametrize("view", EACH)
def test_same_record_gives_the_same_bytes(view: Book | Page) -> None:
    assert written(view, seed()) == written(view, seed())


Views = dict[str, dict[str, list[str]]]
"""Texts of the entries: by role, by kind."""
KINDS = ("duties", "requirements", "qualities")


def of_document(found: Document) -> Views:
    return {r.id: {kind: [e.text for e in getattr(r, kind)] for kind in KINDS} for r in found.roles}


def grouped(rows: Iterator[tuple[str, str, str | None, str]]) -> Views:
    """Views from rows of role, kind, name and text."""
    out: Views = {}
    for role, kind, name, text in rows:
        if kind in KINDS:
            out.setdefault(role, {each: [] for each in KINDS})[kind].append(f"{name}：{text}" if name else text)
    return out


def of_csv_roles(data: bytes) -> Views:
    rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
    return {row["role"]: {kind: row[kind].split("\n") if row[kind] else [] for kind in KINDS} for row in rows}


def of_csv_entries(data: bytes) -> Views:
    rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
    return grouped((row["role"], row["kind"], row["name"], row["text"]) for row in rows)


def of_workbook(data: bytes) -> Views:
    kinds = {title: kind for kind, title in wording.KINDS.items()}
    rows = openpyxl.load_workbook(io.BytesIO(data))["entries"].iter_rows(min_row=2, values_only=True)
    return grouped((str(row[0]), kinds[str(row[3])], row[6] and str(row[6]), str(row[7])) for row in rows)


def of_database(data: bytes) -> Views:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        rows = database.execute("SELECT role, kind, name, text FROM entries ORDER BY role, position").fetchall()
    return grouped(iter(rows))


def of_parquet(data: bytes) -> Views:
    from pyarrow import BufferReader, parquet

    rows = parquet.read_table(BufferReader(data)).to_pylist()
    return grouped((r["role"], e["kind"], e["name"], e["text"]) for r in rows for e in r["entries"])


def of_jsonld(data: bytes) -> Views:
    names = ("responsibilities", "qualifications", "skills")
    graph = json.loads(data)["@graph"]
    return {n["identifier"]: {k: n.get(name, []) for k, name in zip(KINDS, names, strict=True)} for n in graph}


def of_hropen(data: bytes) -> Views:
    kinds = {title: kind for kind, title in wording.KINDS.items()}
    out: Views = {}
    for profile in etree.fromstring(data).iterfind("{*}PositionProfile"):
        role = out.setdefault(profile.findtext("{*}ProfileID") or "", {kind: [] for kind in KINDS})
        for block in profile.iterfind("{*}PositionFormattedDescription"):
            kind = kinds[block.findtext("{*}ShortDescription") or ""]
            role[kind] = (block.findtext("{*}Content") or "").split("\n")
    return out


READERS: dict[str, Callable[[bytes], Views]] = {
    "csv-roles": of_csv_roles,
    "csv-entries": of_csv_entries,
    "jsonl": lambda data: of_document(parse_record(data, "json")),
    "xlsx": of_workbook,
    "sqlite": of_database,
    "parquet": of_parquet,
    "jsonld": of_jsonld,
    "hropen": of_hropen,
}


@pytest.mark.parametrize("view", [param for param in EACH if param.id != "markdown"])
def test_view_of_the_seed_carries_the_entries_of_its_record(view: Book | Page) -> None:
    expected = of_document(seed().document)
    found = READERS[view.name](written(view, seed()))
    if view.name == "jsonld":  # names of skills and languages stand before the qualities
        for role in seed().document.roles:
            named = len(role.qualifications.skills) + len(role.qualifications.languages)
            del found[role.id]["qualities"][:named]
    assert found == expected
    assert sum(len(texts) for role in expected.values() for texts in role.values()) > 100


@pytest.mark.parametrize("name", ["json", "xml"])
def test_records_themselves_carry_the_same_entries(name: str) -> None:
    assert of_document(parse_record(render(seed().document, name), name)) == of_document(seed().document)


def shown(line: str) -> str:
    """A line of Markdown as a reader shows it."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line.replace("**", ""))


def test_markdown_of_the_seed_shows_each_entry_in_order() -> None:
    lines = [shown(line).strip() for line in BY_NAME["markdown"].write(seed()).decode().splitlines()]  # type: ignore[operator]
    at = 0
    for row in tree_rows(seed()).entries:
        at = next(n for n in range(at, len(lines)) if lines[n].endswith(row.words)) + 1


def test_flat_views_of_a_record_are_the_rows_of_its_tree() -> None:
    rows = grouped((row.role, row.kind, row.name, row.text) for row in tree_rows(seed()).entries)
    assert rows == of_document(seed().document)


# -- any record -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", EACH)
@settings(max_examples=25, deadline=None)
@given(found=documents)
def test_any_record_is_written_or_refused_in_one_line(view: Book | Page, found: Document) -> None:
    try:
        data = written(view, Record("招聘", found))
    except PipelineError as error:
        assert "招聘" in str(error) and "\n" not in str(error)
        return
    if view.name in ("xlsx", "hropen"):
        parts = zipfile.ZipFile(io.BytesIO(data)) if view.name == "xlsx" else None
        for xml in [parts.read(name) for name in parts.namelist()] if parts else [data]:
            etree.fromstring(xml)
    if view.name == "sqlite":
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(data)
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []


# -- CSV --------------------------------------------------------------------------------------------------------------

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("name", ["csv-roles", "csv-entries"])
def test_csv_cell_that_looks_like_a_formula_gets_an_apostrophe(name: str, text: str) -> None:
    data = written(BY_NAME[name], holding(text, title=text))
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert rows[0]["title"] == f"'{text}"
    assert not any(cell[:1] in "=+-@\t\r\n＝＋－＠" for row in rows for cell in row.values() if cell)


@pytest.mark.parametrize("text", ["a=1", "1-2", "'=1", ' "quoted", with, commas', "两\n行", "两\r行"])
def test_csv_text_that_is_no_formula_is_kept(text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(written(BY_NAME["csv-entries"], holding(text)).decode(), newline="")))
    assert rows[0]["text"] == text


def test_csv_lines_end_as_the_standard_says_and_numbers_are_bare() -> None:
    header, row, rest = written(BY_NAME["csv-entries"], holding("记账")).split(b"\r\n")
    assert header.startswith(b"document,role,position,")
    assert row.decode() == "招聘,招聘#1,1,会计,,,,item,duties,,,,记账,1.0,0,1"
    assert rest == b""


@pytest.mark.parametrize("write", [csv_format.write_roles, csv_format.write_entries])
def test_csv_begins_with_a_mark_only_where_it_is_asked_for(write: Any, tmp_path: Path) -> None:
    write([holding("记账")], tmp_path / "plain.csv")
    write([holding("记账")], tmp_path / "marked.csv", mark=True)
    assert (tmp_path / "marked.csv").read_bytes() == b"\xef\xbb\xbf" + (tmp_path / "plain.csv").read_bytes()


def test_csv_of_roles_says_what_is_asked_for_in_words() -> None:
    asked = ROLE.qualifications.model_copy(
        update={"experience": (Experience(min_years=3, field="审计", span=SpanModel(start=0, end=1)),)}
    )
    data = written(BY_NAME["csv-roles"], holding(qualifications=asked))
    (row,) = csv.DictReader(io.StringIO(data.decode(), newline=""))
    assert row["experience"] == "3年以上 审计"


# -- forbidden characters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [("\0", "\\x{0}"), ("a\x0b\x1f\ufffe", "a\\x{B}\\x{1F}\\x{FFFE}"), ("\\x{41}", "\\x{5C}x{41}"), ("\\x", "\\x")],
)
def test_forbidden_character_is_written_out_as_in_xml(text: str, expected: str) -> None:
    assert visible(text) == expected
    record = holding(text)
    assert f">{expected}<".encode() in render(record.document, "xml")
    assert of_csv_entries(written(BY_NAME["csv-entries"], record))["招聘#1"]["duties"] == [expected]
    assert of_workbook(written(BY_NAME["xlsx"], record))["招聘#1"]["duties"] == [expected]
    hropen = holding(title=text)
    assert etree.fromstring(written(BY_NAME["hropen"], hropen)).findtext(".//{*}PositionTitle") == expected
    assert of_database(written(BY_NAME["sqlite"], record))["招聘#1"]["duties"] == [text]


@pytest.mark.parametrize("view", EACH)
def test_lone_surrogate_is_refused_by_name(view: Book | Page) -> None:
    record = Record("招聘", document(roles=(ROLE.model_copy(update={"title": "\ud800"}),)))
    with pytest.raises(InvalidRecordError, match=r"招聘.*cannot be written"):
        written(view, record)


# -- Excel ------------------------------------------------------------------------------------------------------------


def workbook(*records: Record) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written(BY_NAME["xlsx"], *records)))


def test_workbook_has_four_sheets_that_can_be_read_and_filtered() -> None:
    book = workbook(seed())
    assert book.sheetnames == ["roles", "entries", "qualifications", "corrections"]
    for sheet in book:
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.b for cell in sheet[1])
        assert all(cell.alignment.wrap_text for cell in sheet[2] if cell.value is not None)
        assert all(dimension.width > 5 for dimension in sheet.column_dimensions.values())
    assert book["roles"].max_row == 1 + len(seed().document.roles)
    assert book["corrections"].max_row == 1 + len(seed().document.corrections) + len(seed().document.suggestions)


def test_row_is_as_high_as_its_longest_text_is_wrapped() -> None:
    sheet = workbook(holding("短", "岗" * 100, "岗" * 30_000))["entries"]
    heights = [sheet.row_dimensions[row].height for row in (2, 3, 4)]
    assert heights[0] is None and 32 <= heights[1] < 400 < heights[2] <= 409


@pytest.mark.parametrize("text", [*FORMULAS, "{=1}", "http://example.com", "mailto:a@b.c", "1e5", "007"])
def test_every_text_is_a_string_cell(text: str) -> None:
    record = holding(text, title=text)
    for sheet in workbook(record):
        assert all(cell.data_type != "f" and cell.hyperlink is None for row in sheet for cell in row)
    cell = workbook(record)["entries"]["H2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix is (text[0] in "=+-@＝＋－＠")
    assert b"<f>" not in written(BY_NAME["xlsx"], record)


@pytest.mark.parametrize("text", ["岗" * 32_767, "\U0001f600" * 16_383 + "a"])
def test_longest_text_that_a_cell_holds_is_kept(text: str) -> None:
    assert workbook(holding(text))["entries"]["H2"].value == text


@pytest.mark.parametrize("text", ["岗" * 32_768, "\U0001f600" * 16_384, "\0" * 6_600])
def test_longer_text_is_refused_and_not_cut(text: str) -> None:
    with pytest.raises(LimitError, match=r"招聘: 招聘#1, entries, 内容: \d\d,\d{3} characters, .* holds 32,767"):
        xlsx_format.check(holding(text))
    with pytest.raises(LimitError):
        written(BY_NAME["xlsx"], holding("记账"), holding(text))


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_format, "MOST_ROWS", 3)
    assert workbook(holding("一", "二"))["entries"].max_row == 3
    with pytest.raises(LimitError, match="entries: more than 3 rows"):
        written(BY_NAME["xlsx"], holding("一", "二"), holding("三"))


@pytest.mark.parametrize("name", ["xlsx", "parquet"])
def test_missing_package_is_told_with_the_extra_that_brings_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    view = BY_NAME[name]
    monkeypatch.setitem(sys.modules, PACKAGES[view.extra or ""], None)
    with pytest.raises(MissingPackageError, match=rf"pip install 'gangwei\[{view.extra}\]'"):
        written(view, holding("记账"))


# -- SQLite -----------------------------------------------------------------------------------------------------------

TABLES = ("documents", "roles", "sections", "entries", "qualifications", "skills", "corrections", "leftovers")


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def test_database_is_left_as_it_is_by_the_same_records(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    sqlite_format.write([seed(), holding("记账")], path)
    before = path.read_bytes()
    sqlite_format.write([holding("记账"), seed()], path)
    assert path.read_bytes() == before


def test_changed_record_replaces_its_rows_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    sqlite_format.write([seed(), holding("记账", "报税")], path)
    others = {t: rows(path, f"SELECT * FROM {t} WHERE document = '{seed().name}'") for t in TABLES}
    sqlite_format.write([holding("出纳")], path)
    assert rows(path, "SELECT text FROM entries WHERE document = '招聘'") == [("出纳",)]
    assert others == {t: rows(path, f"SELECT * FROM {t} WHERE document = '{seed().name}'") for t in TABLES}
    assert rows(path, "PRAGMA foreign_key_check") == []


def test_record_that_cannot_be_put_in_leaves_the_old_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    sqlite_format.write([holding("记账")], path)
    broken = holding("出纳", leftovers=())
    bad = broken.document.model_copy(
        update={"leftovers": (Leftover(span=SpanModel(start=0, end=2**70), text="x", reason="y"),)}
    )
    with pytest.raises(InvalidRecordError, match="招聘"):
        sqlite_format.write([Record("招聘", bad)], path)
    assert rows(path, "SELECT text FROM entries") == [("记账",)]


def test_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE roles (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(WriteError, match="did not make"):
        sqlite_format.write([holding("记账")], path)
    assert path.read_bytes() == before
    path.write_text("no database at all, but a text that is long enough to be looked at")
    with pytest.raises(WriteError, match="not a database"):
        sqlite_format.write([holding("记账")], path)


def test_database_of_other_tables_asks_to_be_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    sqlite_format.write([holding("记账")], path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(WriteError, match="version 99"):
        sqlite_format.write([holding("记账")], path)


def test_locked_database_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.sqlite"
    sqlite_format.write([holding("记账")], path)
    monkeypatch.setattr(sqlite_format, "_PATIENCE", 0.01)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(WriteError, match="locked"):
            sqlite_format.write([holding("出纳")], path)


def test_documented_tables_are_those_of_the_database(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    sqlite_format.write([holding("记账")], path)
    page = (RECORD.parents[2] / "docs" / "sqlite.md").read_text("utf-8")
    assert [name for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")] == [*TABLES]
    for table in TABLES:
        section = page.split(f"### {table}\n")[1].split("\n###")[0].split("\n## ")[0]
        documented = [
            name for line in re.findall(r"^\| (`.*?) \|", section, re.M) for name in re.findall("`(.*?)`", line)
        ]
        assert documented == [row[1] for row in rows(path, f"PRAGMA table_info({table})")], table


def test_queries_of_the_documentation_run(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    sqlite_format.write([seed(), *(Record(name, holding("记账").document) for name in ("甲", "乙"))], path)
    page = (RECORD.parents[2] / "docs" / "sqlite.md").read_text("utf-8")
    queries = re.findall("```sql\n(SELECT.*?)```", page, re.S)
    assert len(queries) == 5
    for query in queries:
        assert rows(path, query), query


# -- Markdown, JSON-LD, HR Open ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("[x](javascript:alert(1))", r"\[x\](javascript:alert(1))"),
        ("![x](http://x/y.png)", r"!\[x\](http://x/y.png)"),
        ("# 标题", r"\# 标题"),
        ("1. 一", r"1\. 一"),
        ("- 一", r"\- 一"),
        ("`a` *b* _c_ ~~d~~ $e$ &amp; a|b", r"\`a\` \*b\* \_c\_ \~\~d\~\~ \$e\$ \&amp; a\|b"),
        ("一\n# 二", "一<br># 二"),
    ],
)
def test_markup_in_a_text_shows_as_text(text: str, expected: str) -> None:
    assert f"\n- {expected}\n" in written(BY_NAME["markdown"], holding(text)).decode()


def test_markdown_has_a_heading_a_role_and_a_section() -> None:
    page = written(BY_NAME["markdown"], Record("招聘", document(roles=(ROLE,)))).decode()
    assert page == "# 招聘\n\n## 会计\n\n### 岗位职责\n\n- 1、 记账\n"


SHAPES = json.loads((RECORD.parents[1] / "schemaorg.json").read_text("utf-8"))


def kinds_of(name: str) -> set[str]:
    """A type of schema.org with its super-types."""
    return {name}.union(*(kinds_of(above) for above in SHAPES["types"][name]))


def faults(node: dict[str, Any]) -> Iterator[str]:
    """What a node says that the published vocabulary does not know, or not of its type."""
    own = node["@type"]
    if own not in SHAPES["types"]:
        yield f"no type {own}"
        return
    for name, value in node.items():
        if name.startswith("@"):
            continue
        known = SHAPES["properties"].get(name)
        if known is None or not kinds_of(own) & set(known["domain"]):
            yield f"{own} has no {name}"
            continue
        for one in value if isinstance(value, list) else [value]:
            plain = {str: {"Text"}, int: {"Number"}, float: {"Number"}}.get(type(one))
            if not (plain or kinds_of(one["@type"])) & set(known["range"]):
                yield f"{name} holds no {one}"
            if isinstance(one, dict):
                yield from faults(one)


@pytest.mark.parametrize("path", sorted(RECORD.parent.glob("*.json")), ids=lambda p: p.stem)
def test_jsonld_has_the_shape_that_the_vocabulary_gives(path: Path) -> None:
    record = Record(path.stem, parse_record(path.read_bytes(), "json"))
    page = json.loads(written(BY_NAME["jsonld"], record))
    assert list(page) == ["@context", "@graph"] and page["@context"] == "https://schema.org"
    assert [node["@type"] for node in page["@graph"]] == ["Occupation"] * len(record.document.roles)
    assert len({node["@id"] for node in page["@graph"]}) == len(page["@graph"])
    assert [fault for node in page["@graph"] for fault in faults(node)] == []


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"@type": "JobPosting"}, "no type JobPosting"),
        ({"@type": "Occupation", "salary": "1"}, "Occupation has no salary"),
        ({"@type": "Occupation", "monthsOfExperience": 1}, "Occupation has no monthsOfExperience"),
        ({"@type": "Occupation", "responsibilities": 3}, "responsibilities holds no 3"),
        ({"@type": "Occupation", "skills": [{"@type": "Occupation"}]}, "skills holds no {'@type': 'Occupation'}"),
    ],
)
def test_shape_check_finds_what_the_vocabulary_does_not_have(node: dict[str, Any], fault: str) -> None:
    assert [*faults(node)] == [fault]


def asking(**fields: Any) -> Record:
    return holding(qualifications=ROLE.qualifications.model_copy(update=fields))


def test_jsonld_says_schooling_and_months() -> None:
    span = SpanModel(start=0, end=1)
    record = asking(
        education=Education(min_level="本科", majors=("会计",)),  # type: ignore[arg-type]
        experience=(
            Experience(min_years=0.5, field="审计", span=span),
            Experience(min_years=5, preferred=True, span=span),
            Experience(preferred_years=5, span=span),
        ),
    )
    (node,) = json.loads(written(BY_NAME["jsonld"], record))["@graph"]
    assert node["educationRequirements"]["credentialCategory"] == "本科"
    assert node["educationRequirements"]["about"] == [{"@type": "DefinedTerm", "name": "会计"}]
    assert [each["monthsOfExperience"] for each in node["experienceRequirements"]] == [6]
    assert [*faults(node)] == []


def test_hropen_puts_what_has_no_slot_into_the_user_area() -> None:
    path = RECORD.parent / "质检主管岗位说明书.json"
    record = Record(path.stem, parse_record(path.read_bytes(), "json"))
    (profile,) = etree.fromstring(written(BY_NAME["hropen"], record)).iterfind("{*}PositionProfile")
    assert profile.findtext("{*}PositionTitle") == "质检主管"
    assert profile.findtext(".//{*}EducationLevelCode") == "专科"
    assert profile.findtext(".//{*}ExperienceCategory/{*}Measure") == "3"
    assert [e.text for e in profile.iterfind(".//{*}CompetencyName")] == [
        s.name for s in record.document.roles[0].qualifications.skills
    ]
    assert "游标卡尺" in [e.text for e in profile.iterfind(".//{*}CompetencyName")]
    area = profile.find("{*}UserArea")
    assert area is not None
    assert [etree.QName(e).namespace for e in area] == ["urn:gangwei:hr-open:1"] * len(area)
    assert area.findtext("{*}reports_to") == "品质经理"
    assert [e.text for e in area.iterfind("{*}subordinates")] == ["来料检验员", "巡检员"]
    assert area.findtext("{*}gender") == "不限"


def test_nested_sections_and_entries_know_what_they_stand_in(tmp_path: Path) -> None:
    inner = Section(level=2, kind=Kind.DUTIES, confidence=1.0, content=(item("四"),))
    outer = item("二").model_copy(update={"content": (item("三"), inner)})
    section = Section(level=1, kind=Kind.DUTIES, confidence=1.0, content=(item("一"), outer))
    role: Role = ROLE.model_copy(update={"content": (section, item("五"))})
    sqlite_format.write([Record("招聘", document(roles=(role,)))], tmp_path / "a.sqlite")
    found = rows(tmp_path / "a.sqlite", "SELECT text, position, section, parent FROM entries ORDER BY position")
    assert found == [("一", 1, 1, None), ("二", 2, 1, None), ("三", 3, 1, 2), ("四", 4, 2, 2), ("五", 5, None, None)]
