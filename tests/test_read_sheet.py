"""Spreadsheets and delimited text: cells as they are shown, one row a line."""

from __future__ import annotations

import io
import random
import time
import zipfile

import pytest

from pipeline.errors import ReadError
from pipeline.layout import at
from pipeline.read import read_bytes
from pipeline.read.sheet.formats import shown
from pipeline.text import SourceText
from tests.office import archive, relations

_X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def cell(place: str, text: str = "", style: int = 0, number: str = "") -> str:
    if number:
        return f'<c r="{place}" s="{style}"><v>{number}</v></c>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'


def rows(*lines: list[str], hidden: tuple[int, ...] = ()) -> str:
    out = ""
    for n, line in enumerate(lines, 1):
        cells = "".join(cell(f"{chr(65 + i)}{n}", text) for i, text in enumerate(line) if text)
        out += f'<row r="{n}"{" hidden=" + chr(34) + "1" + chr(34) if n in hidden else ""}>{cells}</row>'
    return out


def workbook(*sheets: str, state: str = "visible", formats: str = "", shared: str = "", before: str = "") -> bytes:
    """A workbook; each sheet is the XML of its rows with what follows them behind "|"; the last one has the state."""
    parts = {
        "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relations(
            **{f"worksheet{n}": f"worksheets/s{n}.xml" for n in range(len(sheets))},
            styles="styles.xml",
            sharedStrings="shared.xml",
        ),
        "xl/styles.xml": f"<styleSheet {_X}>{formats}</styleSheet>",
        "xl/shared.xml": f"<sst {_X}>{shared}</sst>",
    }
    listed = ""
    for n, sheet in enumerate(sheets):
        data, _, behind = sheet.partition("|")
        parts[f"xl/worksheets/s{n}.xml"] = f"<worksheet {_X}>{before}<sheetData>{data}</sheetData>{behind}</worksheet>"
        listed += (
            f'<sheet name="s{n}" sheetId="{n + 1}" state="{state if n + 1 == len(sheets) else "visible"}" r:id="r{n}"/>'
        )
    parts["xl/workbook.xml"] = f"<workbook {_X} {_R}><sheets>{listed}</sheets></workbook>"
    return archive(parts)


def read(data: bytes, name: str = "编制.xlsx") -> SourceText:
    return read_bytes(data, name)


def merged(*ranges: str) -> str:
    return f"|<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{r}{chr(34)}/>' for r in ranges)}</mergeCells>"


def test_header_is_found_below_titles_and_merged_cells_hold_for_each_row() -> None:
    plan = rows(
        ["编制表"],
        ["填表：人事", "", "日期"],
        ["部门", "岗位名称", "人数"],
        ["车间", "焊工", "2"],
        ["", "钳工", "1"],
        ["合计", "", "3"],
    )
    source = read(workbook(plan + merged("A1:C1", "A4:A5")))
    assert source.text == "编制表\n填表：人事\t\t日期\n部门\t岗位名称\t人数\n车间\t焊工\t2\n车间\t钳工\t1\n合计\t\t3"
    headers = [source.text[h.start : h.end] for h in source.layout if h.cell and h.cell.header]
    assert headers == ["部门", "岗位名称", "人数"]
    again = source.layout[-5].cell
    assert again and (again.table, again.row, again.column) == (1, 5, 1)


def test_title_that_goes_on_is_not_said_again() -> None:
    plan = rows(["岗位名称", "职责", "部门"], ["焊工", "焊接", "车间"], ["", "打磨", ""])
    assert read(workbook(plan + merged("A2:A3", "C2:C3"))).text == "岗位名称\t职责\t部门\n焊工\t焊接\t车间\n\t打磨"


def test_lines_within_a_cell_stay_lines() -> None:
    source = read(workbook(rows(["岗位", "要求"], ["焊工", "1.有证\n2.倒班"])))
    assert source.text == "岗位\t要求\n焊工\t1.有证\n2.倒班"
    found = at(source.layout, source.text.index("2.倒班"))
    assert found and found.cell and found.cell.column == 2


def test_hidden_rows_columns_and_sheets_are_left_out_with_a_warning() -> None:
    data = workbook(
        rows(["甲", "密", "乙"], ["停招"], hidden=(2,)),
        rows(["草稿"]),
        state="hidden",
        before='<cols><col min="2" max="2" hidden="1"/></cols>',
    )
    source = read(data)
    assert source.text == "甲\t乙"
    assert source.warnings == (
        ("left-out", "hidden columns and hidden rows and hidden sheets of the file were left out"),
    )


def test_strings_of_several_runs_are_whole_and_their_reading_is_no_part() -> None:
    shared = "<si><r><t>焊</t></r><r><t>工</t></r><rPh><t>ハンコウ</t></rPh></si>"
    assert (
        read(workbook('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>9</v></c></row>', shared=shared)).text
        == "焊工"
    )


@pytest.mark.parametrize(
    ("value", "format_id", "code", "text"),
    [
        ("45383", 14, None, "2024/4/1"),
        ("45383", 31, None, "2024年4月1日"),
        ("45383", 164, 'yyyy"年"m"月"d"日"', "2024年4月1日"),
        ("45383", 164, "yyyy-mm-dd;@", "2024-04-01"),
        ("45383", 164, "[$-804]aaaa", "星期一"),
        ("45383.75", 22, None, "2024/4/1 18:00"),
        ("0.3958333333333333", 20, None, "9:30"),
        ("0.8125", 164, 'h"时"mm"分"', "19时30分"),
        ("45383", 0, None, "45383"),
        ("45383", 0, "General", "45383"),
        ("712", 164, "00000", "00712"),
        ("3500", 3, None, "3,500"),
        ("0.1", 9, None, "10%"),
        ("0.125", 10, None, "12.50%"),
        ("3", 164, '0"人"', "3人"),
        ("3.5", 0, None, "3.5"),
        ("0.1", 0, None, "0.1"),
        ("1234567890123456789", 0, None, "1234567890123456789"),
        ("4.5E3", 0, None, "4500"),
        ("-3", 164, "0;(0)", "(3)"),
        ("99999999", 14, None, "99999999"),
        ("不是数", 14, None, "不是数"),
        ("nan", 0, None, "nan"),
    ],
)
def test_number_is_shown_by_its_format(value: str, format_id: int, code: str | None, text: str) -> None:
    assert shown(value, format_id, code) == text


def test_sheet_that_claims_a_million_rows_is_read_in_no_time() -> None:
    start = time.process_time()
    data = workbook(
        '<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"/>', before='<dimension ref="A1:XFD1048576"/>'
    )
    assert read(data).text == "7"
    assert time.process_time() - start < 1


@pytest.mark.parametrize("reference", ["A1:XFD1048576", "B2:A1", "A0:A1", "", "A1:A99999999"])
def test_absurd_merge_costs_nothing(reference: str) -> None:
    start = time.process_time()
    assert read(workbook(rows(["岗位", "人数"], ["焊工", "2"]) + merged(reference))).text
    assert time.process_time() - start < 1


def test_sheets_are_tables_of_their_own() -> None:
    source = read(workbook(rows(["甲"]), rows(["乙"])))
    assert source.text == "甲\n\n乙"
    assert [h.cell.table for h in source.layout if h.cell] == [1, 2]


def test_workbook_is_known_by_content() -> None:
    assert read(workbook(rows(["甲"])), "a.doc").media_type.endswith("spreadsheetml.sheet")


def test_mutants_of_a_workbook_are_read_or_refused() -> None:
    dice = random.Random(7)
    whole = workbook(
        rows(["岗位", "人数"], ["焊工", "2"]) + merged("A1:A2"), formats="<cellXfs><xf numFmtId='14'/></cellXfs>"
    )
    with zipfile.ZipFile(io.BytesIO(whole)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    for n in range(500):
        part = dice.choice(sorted(parts))
        data = bytearray(whole if n % 2 else parts[part])
        for _ in range(dice.randint(1, 4)):
            where = dice.randrange(len(data))
            data[where : where + dice.randint(0, 3)] = dice.randbytes(dice.randint(0, 3))
        try:
            read(bytes(data) if n % 2 else archive({**parts, part: bytes(data)}), "变.xlsx")
        except ReadError as error:
            assert str(error).startswith("变.xlsx: ")


# -- delimited text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('岗位,要求\n焊工,"1、有证；\n2、会""气焊"""\n', '岗位\t要求\n焊工\t1、有证；\n2、会"气焊"'),
        ("岗位;人数\n焊工;2\n", "岗位\t人数\n焊工\t2"),
        ("岗位\t要求\n焊工\t有证，能倒班\n", "岗位\t要求\n焊工\t有证，能倒班"),
        ("sep=|\n岗位|人数\n焊工|2", "岗位\t人数\n焊工\t2"),
        ("岗位,人数\r\n焊工,\r\n,2\r\n", "岗位\t人数\n焊工\n\t2"),
        ("只有一列\n焊工\n", "只有一列\n焊工"),
    ],
)
def test_fields_are_parted_by_what_parts_most_rows_alike(data: str, text: str) -> None:
    source = read_bytes(data.encode("utf-8-sig"), "表.csv")
    assert (source.text, source.encoding, source.media_type) == (text, "utf-8-sig", "text/csv")


def test_table_in_gb18030_is_read() -> None:
    source = read_bytes("岗位名称,人数要求\n仓库管理员,二人\n".encode("gb18030"), "表.csv")
    assert (source.text, source.encoding) == ("岗位名称\t人数要求\n仓库管理员\t二人", "gb18030")


def test_text_with_commas_is_no_table_unless_it_is_named_so() -> None:
    assert read_bytes("焊工,钳工\n".encode(), "表.txt").layout == ()


def test_field_without_end_is_refused_or_read_whole() -> None:
    with pytest.raises(ReadError, match=r"^表\.csv: not readable as a table"):
        read_bytes(('岗位,"' + "长" * 200_000).encode(), "表.csv")
