"""Bytes become text in the encoding that they are in, or an error that says where they do not."""

from __future__ import annotations

import codecs
import hashlib
import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.errors import DecodeError, ReadError
from pipeline.read import read, read_bytes, signatures

SIMPLIFIED = (
    "仓储主管岗位职责\r\n1、负责仓库的日常管理,保证账物相符;\r\n2、安排收货、发货与盘点。\n任职要求:大专以上学历"
)
TRADITIONAL = (
    "倉儲主管崗位職責\r\n1、負責倉庫的日常管理，保證帳物相符；\r\n2、安排收貨、發貨與盤點。\n任職要求：大專以上學歷"
)


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (SIMPLIFIED.encode(), "utf-8", SIMPLIFIED),
        (codecs.BOM_UTF8 + SIMPLIFIED.encode(), "utf-8-sig", SIMPLIFIED),
        (codecs.BOM_UTF16_LE + SIMPLIFIED.encode("utf-16-le"), "utf-16", SIMPLIFIED),
        (codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be"), "utf-16", SIMPLIFIED),
        (codecs.BOM_UTF32_LE + SIMPLIFIED.encode("utf-32-le"), "utf-32", SIMPLIFIED),
        (SIMPLIFIED.encode("utf-16-le"), "utf-16-le", SIMPLIFIED),
        (SIMPLIFIED.encode("utf-16-be"), "utf-16-be", SIMPLIFIED),
        ("岗位职责任职要求".encode("utf-16-le"), "utf-16-le", "岗位职责任职要求"),
        (SIMPLIFIED.encode("gb18030"), "gb18030", SIMPLIFIED),
        (TRADITIONAL.encode("gb18030"), "gb18030", TRADITIONAL),
        (("𠮷田" + SIMPLIFIED).encode("gb18030"), "gb18030", "𠮷田" + SIMPLIFIED),
        (TRADITIONAL.encode("big5"), "big5", TRADITIONAL),
        ((TRADITIONAL + "12,000 €").encode("cp950"), "cp950", TRADITIONAL + "12,000 €"),
        (("啲" + TRADITIONAL).encode("big5hkscs"), "big5hkscs", "啲" + TRADITIONAL),
        (b"Clerk\n1. keeps the books", "utf-8", "Clerk\n1. keeps the books"),
        ("Clerk\n1. keeps".encode("utf-16-le"), "utf-16-le", "Clerk\n1. keeps"),
    ],
)
def test_encoding_is_recognised_and_gives_back_the_text(data: bytes, encoding: str, text: str) -> None:
    source = read_bytes(data, "入职/仓储.txt")
    assert (source.text, source.encoding) == (text, encoding)
    assert data.decode(encoding) == source.text
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert not source.warnings


def test_newlines_stay_as_they_are() -> None:
    assert read_bytes("甲\r\n乙\r丙\n".encode(), "x.txt").text == "甲\r\n乙\r丙\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (SIMPLIFIED.encode()[:24] + b"\xff" + SIMPLIFIED.encode()[24:], "不良.txt: not utf-8 at byte 24: "),
        (SIMPLIFIED.encode() + "额".encode()[:2], f"不良.txt: not utf-8 at byte {len(SIMPLIFIED.encode())}: "),
        (SIMPLIFIED.encode("gb18030")[:16] + b"\xff\xff", "不良.txt: not gb18030 at byte 16: "),
        (codecs.BOM_UTF16_LE + "岗位".encode("utf-16-le") + b"\x00", "不良.txt: not utf-16-le at byte 6: "),
        ("Müller täglich größer schön".encode("latin-1"), "不良.txt: not "),
        ("これはテキストです。業務内容を説明します。".encode("shift_jis"), "不良.txt: not "),
        (bytes(range(128, 255)), "不良.txt: not "),
    ],
)
def test_undecodable_bytes_are_an_error_with_file_and_offset(data: bytes, message: str) -> None:
    with pytest.raises(DecodeError, match="^" + message) as caught:
        read_bytes(data, "不良.txt")
    assert "at byte" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04\x14\x00\x06", "ZIP"),
        (b"PK\x05\x06" + bytes(18), "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
        ("岗位".encode() + b"\x00\x01\x02", "binary"),
        (b"\x00" * 64, "binary"),
    ],
)
def test_binary_file_is_refused_and_named(data: bytes, what: str) -> None:
    with pytest.raises(ReadError, match=rf"^资料\.txt: not a text file, it looks like .*{what}"):
        read_bytes(data, "资料.txt")


@pytest.mark.parametrize("word", ["出纳", "会计", "经理", "店长", "福利"])
def test_word_that_several_encodings_fit_is_read_as_the_commonest_and_warned_of(word: str) -> None:
    source = read_bytes(word.encode("gb18030"), "x.txt")
    assert source.text == word
    assert [code for code, _ in source.warnings] == ["encoding-guessed"]


@pytest.mark.parametrize("word", ["前台", "女", "前台\n", "HR专员", "女\r\n"])
def test_gb18030_that_is_utf8_by_chance_is_read_as_chinese(word: str) -> None:
    assert word.encode("gb18030").decode("utf-8")
    source = read_bytes(word.encode("gb18030"), "x.txt")
    assert source.text == word
    assert [code for code, _ in source.warnings] == ["encoding-guessed"]


def test_foreign_text_in_utf8_is_no_accident() -> None:
    for text in ("Müller", "работа", "직무", "Ǎ"):
        assert read_bytes(text.encode(), "x.txt").text == text


JAPANESE = "経理担当の仕事内容\n1、現金の出納を担当する。\n応募資格：簿記の資格を持つ方"
KOREAN = "경리 담당 업무\n1. 현금 출납을 담당합니다.\n지원 자격: 회계 경력 이 년 이상인 분"


@pytest.mark.parametrize(("text", "encoding"), [(JAPANESE, "euc_jp"), (KOREAN, "euc_kr"), (KOREAN * 9, "euc_kr")])
def test_japanese_and_korean_are_not_read_as_chinese(text: str, encoding: str) -> None:
    with pytest.raises(DecodeError, match=rf"^x\.txt: not Chinese text; it looks like {encoding}$"):
        read_bytes(text.encode(encoding), "x.txt")
    assert read_bytes(text.encode(), "x.txt").text == text


def test_chinese_that_names_a_japanese_brand_is_chinese() -> None:
    text = "负责の品牌店铺的日常运营与客户服务，完成上级交办的任务"
    assert read_bytes(text.encode("gb18030"), "x.txt").text == text


def test_chinese_in_seven_bits_is_decoded_and_tildes_alone_are_not() -> None:
    data = "岗位：负责收付".encode("hz")
    source = read_bytes(data, "x.txt")
    assert (source.text, source.encoding, data.decode("hz")) == ("岗位：负责收付", "hz", "岗位：负责收付")
    assert read_bytes(b"a ~{ b ~} c", "x.txt").encoding == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_null_character_makes_a_file_binary_in_every_encoding(encoding: str) -> None:
    with pytest.raises(ReadError, match="looks like binary"):
        read_bytes("負責\0現金收付".encode(encoding), "x.txt")


@pytest.mark.parametrize("data", [b"", b" \r\n\t", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_file_without_text_is_read_with_a_warning(data: bytes) -> None:
    source = read_bytes(data, "空.txt")
    assert source.warnings == (("empty", "the file holds no text"),)


def test_name_is_the_stem_and_media_type_goes_by_suffix(tmp_path: Path) -> None:
    for name, media_type in (
        ("职位.v2.md", "text/markdown"),
        ("职位.v2.txt", "text/plain"),
        ("职位.v2.abc", "text/plain"),
    ):
        path = tmp_path / name
        path.write_bytes("岗位".encode())
        source = read(path)
        assert (source.name, source.media_type, source.extracted) == ("职位.v2", media_type, False)


def test_missing_file_and_folder_are_errors_that_name_them(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"没有\.txt: No such file"):
        read(tmp_path / "没有.txt")
    with pytest.raises(ReadError, match="directory"):
        read(tmp_path)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_exactly_or_refused(data: bytes) -> None:
    assume(not signatures.is_office(data, "x.txt") and not signatures.is_pdf(data, "x.txt"))  # these start programs
    try:
        source = read_bytes(data, "x.txt")
    except ReadError as error:
        assert str(error).startswith("x.txt: ")
    else:
        if source.extracted:
            return
        assert source.encoding is not None
        assert data.decode(source.encoding) == source.text
        if source.encoding not in ("utf-16", "utf-32"):  # these write the byte order of the machine
            assert source.text.encode(source.encoding) == data


@given(st.text(st.sampled_from("岗位职责任要求负责与客户沟通，。1、2\n经验年以上学历本科"), min_size=12))
def test_chinese_text_is_read_right_or_warned_of_in_every_encoding(text: str) -> None:
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        source = read_bytes(text.encode(encoding), "x.txt")
        assert source.text == text or "encoding-guessed" in dict(source.warnings)


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.doc"])
def test_file_of_nothing_but_comments_is_known_at_once(name: str) -> None:
    """Each comment once could end before or after the next: twice as long for each."""
    for piece in ("<!--的--> ", "<!---->", "<!--" + "x" * 300 + "-->\n"):
        began = time.process_time()
        read_bytes((piece * 2000).encode(), name)
        assert time.process_time() - began < 2
