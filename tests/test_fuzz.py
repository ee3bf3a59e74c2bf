"""Whatever text or file comes in: a record that keeps every promise and can be read back, or an error of a known kind.

2,000 cases here; 100,000 with `make soak`.
"""

from __future__ import annotations

import io
import random
import zipfile

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.export import parse_record, render
from pipeline.read import read_bytes
from pipeline.run import record, source_of
from pipeline.verify import verify
from tests.running import SOAK

CASES = 100_000 if SOAK else 2_000
FUZZ = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=not SOAK)

CONTROLS = [chr(n) for n in (*range(0x20), *range(0x7F, 0xA0))]
BIDIRECTIONAL = [chr(n) for n in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x61C)]
UNSEEN = [chr(n) for n in (0xAD, 0x34F, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0x2064, 0x3164, 0xFEFF, 0xFFFC)]
ODD = [chr(n) for n in (0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFFFE, 0xFFFF, 0xFFFD, 0x1FFFE, 0x10FFFF, 0xE000, 0xE0041)]
PLANES = st.integers(0, 16).flatmap(
    lambda plane: st.integers(plane << 16, (plane << 16) + 0xFFFF).map(chr)
)  # of each plane as often as of any other
SAMPLES = (
    "岗位职责：|任职要求\n|出纳|1、|2、|负责现金收付；|（1）|①|大专以上学历|3年以上经验|部门：财务部\t|所属|\r\n|　|&lt;|<b>|**|"
    "&#x6;|\\u0000|å²\x97|宀椾綅|> |# |- |【|】|……|并井根据|了了|带给|ＨＲ|⽤|🧑‍💻"
)
WORDS = st.sampled_from(SAMPLES.split("|"))
FLOOD = st.tuples(st.sampled_from("e岗1 "), st.integers(1, 60)).map(lambda pair: pair[0] + "\u0301" * pair[1])
PIECES = st.one_of(
    WORDS,
    WORDS,
    PLANES,
    FLOOD,
    st.sampled_from(CONTROLS),
    st.sampled_from(BIDIRECTIONAL + UNSEEN),
    st.sampled_from(ODD),
)
TEXTS = st.lists(st.tuples(PIECES, st.integers(1, 3)).map(lambda pair: pair[0] * pair[1]), max_size=14).map("".join)


@FUZZ
@given(TEXTS)
def test_any_text_gives_a_record_that_can_be_read_back_or_a_typed_error(text: str) -> None:
    try:
        document = record(source_of(text, "甲"))
        written = {name: render(document, name) for name in ("json", "xml")}
    except PipelineError as error:
        assert str(error).startswith("甲: "), text
        return
    assert verify(document, text) == []  # spans, coverage, and each change undone
    assert parse_record(written["json"], "json") == document
    assert parse_record(written["xml"], "xml") == document


# -- files ------------------------------------------------------------------------------------------------------------


def word() -> bytes:
    document = docx.Document()
    for line in ("出纳岗位职责", "1、负责现金收付；", "任职要求"):
        document.add_paragraph(line)
    document.add_table(2, 2).cell(0, 0).text = "部门"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["岗位", "职责"])
    book.active.append(["出纳", "负责现金收付"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


FILES = {
    "a.docx": word,
    "a.xlsx": workbook,
    "a.html": lambda: (
        "<!DOCTYPE html><html><body><h1>出纳</h1><ul><li>负责收付<li>记账</ul><table><tr><td>部门</table>".encode()
    ),
    "a.csv": lambda: '岗位,职责\n出纳,"负责收付\n记账"\n'.encode("gb18030"),
    "a.json": lambda: '{"text": "出纳\\n1、负责收付；"}'.encode(),
    "a.mht": lambda: b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><body><p>x</p></body></html>",
    "a.txt": lambda: "出纳岗位职责\n1、负责现金收付；\n".encode("utf-16"),
}


def spoilt(data: bytes, name: str, chance: random.Random) -> bytes:
    """The bytes with a few changed, cut out or doubled; in a container, those of one of its parts."""
    if name in ("a.docx", "a.xlsx") and chance.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {part: package.read(part) for part in package.namelist()}
        hit = chance.choice(sorted(part for part in parts if "theme" not in part))
        parts[hit] = spoilt(parts[hit], "", chance)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as package:
            for part, content in parts.items():
                package.writestr(part, content)
        return file.getvalue()
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed) + 1)
        until = at + chance.choice((0, 1, 1, 8, 200))
        changed[at:until] = chance.choice(
            (b"", chance.randbytes(2), b"\0", b"<", b"&#x0;", bytes(changed[at:until]) * 3)
        )
    return bytes(changed)


@pytest.mark.parametrize("name", FILES)
def test_damaged_file_is_read_or_refused_by_a_typed_error(name: str) -> None:
    chance = random.Random(name)
    data = FILES[name]()
    assert read_bytes(data, name, "text").text.strip()
    for _ in range(CASES // 40):
        damaged = spoilt(data, name, chance)
        try:
            found = read_bytes(damaged, name, "text")
        except PipelineError as error:
            assert name in str(error), damaged
            assert "\n" not in str(error)
        else:
            for hint in found.layout:
                assert 0 <= hint.start <= hint.end <= len(found.text)


def test_bytes_at_random_are_read_or_refused_by_a_typed_error() -> None:
    chance = random.Random(7)
    heads = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xef\xbb\xbf", b"<html>", b"{", b"[{", b"\x1f\x8b"]
    for n in range(CASES // 10):
        data = chance.choice(heads) + chance.randbytes(chance.choice((0, 1, 3, 20, 300)))
        try:
            read_bytes(data, "a.txt", None)
        except PipelineError as error:
            assert "a.txt" in str(error), (n, data)
