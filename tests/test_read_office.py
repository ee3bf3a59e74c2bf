"""Old office formats by way of LibreOffice, and JSON by the field that the user names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import ReadError
from pipeline.read import office, read_bytes
from tests.office import archive

RTF = rb"{\rtf1\ansi\ansicpg936 {\fonttbl{\f0 SimSun;}}\f0 \u27700?\u30005?\u24037?\par 1. \u24033?\u35270?\par}"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODT = archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})


def refusal(data: bytes, name: str = "职位.doc") -> str:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, name)
    message = str(caught.value)
    assert message.startswith(f"{name}: ") and "\n" not in message
    return message


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), "an old Word document"),
        (OLE + "Workbook".encode("utf-16-le"), "an old Excel workbook"),
        (RTF, "an RTF document"),
        (ODT, "an OpenDocument text"),
        (archive({"xl/workbook.bin": b"x"}), "a binary Excel workbook"),
    ],
)
def test_without_libreoffice_the_error_says_what_to_install(
    data: bytes, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    message = refusal(data, "改名.txt")
    assert what in message and "needs LibreOffice" in message and "install" in message


def test_encrypted_container_is_refused_by_that_name() -> None:
    assert "encrypted" in refusal(OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"))


def test_old_container_of_something_else_is_refused() -> None:
    assert "old Office document" in refusal(OLE + b"\0" * 512)


def test_program_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda program: str(slow))
    with pytest.raises(ReadError, match=r"^a\.rtf: LibreOffice takes longer than the limit of 1 seconds"):
        office.read(RTF, "a.rtf", "an RTF document", ".rtf", seconds=1)


def test_document_that_it_does_not_open_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mute = tmp_path / "soffice"
    mute.write_text("#!/bin/sh\necho 'Error: source file could not be loaded' >&2\nexit 0\n")
    mute.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda program: str(mute))
    assert "could not open it" in refusal(RTF, "a.rtf")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_rtf_is_read_through_libreoffice() -> None:
    source = read_bytes(RTF, "职位.doc")
    assert source.text.split("\n")[:2] == ["水电工", "1. 巡视"]
    assert (source.media_type, source.extracted, source.encoding) == ("application/rtf", True, None)


# -- JSON -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "field", "text"),
    [
        ('{"id": 1, "jd": "焊工\\n1、焊接"}', "jd", "焊工\n1、焊接"),
        ('[{"jd": "焊工"}, {"jd": "钳工"}, {"id": 3}]', "jd", "焊工\n\n钳工"),
        ('{"jd": "焊工"}\n{"jd": "钳工"}\n', "jd", "焊工\n\n钳工"),
        ('{"data": {"post": {"text": "焊工"}}}', "data.post.text", "焊工"),
        ('{"a.b": "焊工"}', "a.b", "焊工"),
        ('{"lines": ["焊工", "1、焊接"]}', "lines", "焊工\n1、焊接"),
    ],
)
def test_text_of_the_named_field_is_read(data: str, field: str, text: str) -> None:
    source = read_bytes(data.encode(), "职位.json", field)
    assert (source.text, source.media_type, source.encoding, source.extracted) == (
        text,
        "application/json",
        "utf-8",
        True,
    )
    assert len(source.layout) == len([line for line in text.split("\n") if line])


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ('{"jd": "焊工"}', None, "--text-field"),
        ('{"jd": "焊工"}', "text", "no object in it has a text in the field 'text'"),
        ('{"jd": 5}', "jd", "no object"),
        ("[1, 2]", "jd", "no object"),
        ('{"jd": "焊', "jd", "damaged JSON"),
        ('{"jd": "焊工"}\n{"jd": \n', "jd", "damaged JSON in line 2"),
        ("[" * 100_000, "jd", "damaged JSON"),
    ],
)
def test_json_that_has_no_such_text_is_refused(data: str, field: str | None, message: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(data.encode(), "职位.json", field)
    assert str(caught.value).startswith("职位.json: ") and message in str(caught.value)
