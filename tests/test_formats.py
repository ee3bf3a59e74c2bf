"""The same document in every format gives the same roles, sections, entries and kinds as in plain text."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Document
from pipeline.read import read_bytes
from pipeline.run import parse_source
from pipeline.verify import verify
from tests.office import abstract, docx, item, num, p
from tests.test_read_pdf import lines, pdf

TITLE = "仓库管理员岗位职责"
DUTIES = ("负责物料的验收与入库登记；", "每月盘点库存并核对账目；", "维护库区的整洁与消防安全。")
WANTED = ("高中以上学历，两年以上仓库工作经验；", "会使用办公软件，能吃苦耐劳。")

SCHEMES: dict[str, tuple[str, str]] = {
    "decimal dot": ("decimal", "%1."),
    "decimal comma": ("decimal", "%1、"),
    "decimal bracket": ("decimal", "%1)"),
    "decimal wide bracket": ("decimal", "%1）"),
    "decimal in brackets": ("decimal", "(%1)"),
    "decimal in wide brackets": ("decimal", "（%1）"),
    "padded": ("decimalZero", "%1、"),
    "circled": ("decimalEnclosedCircle", "%1"),
    "enclosed": ("decimalEnclosedParen", "%1"),
    "with full stop": ("decimalEnclosedFullstop", "%1"),
    "Chinese": ("chineseCounting", "%1、"),
    "Chinese by thousands": ("chineseCountingThousand", "%1、"),
    "Chinese in brackets": ("chineseCounting", "（%1）"),
    "Japanese way": ("japaneseCounting", "%1、"),
    "stems": ("ideographTraditional", "%1、"),
    "letters": ("upperLetter", "%1、"),
    "small letters": ("lowerLetter", "%1)"),
    "articles": ("chineseCountingThousand", "第%1条"),
    "bullets": ("bullet", "●"),
    "dashes": ("bullet", "-"),
}


def word(way: str, pattern: str, apart: bool = False) -> bytes:
    """With automatic numbers; the second list begins anew, or is one of its own (`apart`)."""
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    lists = (
        abstract(1, (way, pattern))
        + abstract(2, (way, pattern))
        + num(1, 1)
        + (num(2, 2) if apart else num(2, 1, anew))
    )
    body = p(TITLE) + p("岗位职责：") + "".join(item(text) for text in DUTIES)
    return docx(body + p("任职要求：") + "".join(item(text, 2) for text in WANTED), lists)


def html(plain: str) -> bytes:
    return f"<html><body>{''.join(f'<p>{line}</p>' for line in plain.splitlines())}</body></html>".encode()


def sheet(plain: str) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row, line in enumerate(plain.splitlines(), 1):
        book.active.cell(row, 1, line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def other_word(plain: str) -> bytes:
    from docx import Document as Word

    made = Word()
    for line in plain.splitlines():
        made.add_paragraph(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def portable(plain: str) -> bytes:
    return pdf(lines(*plain.splitlines()))


FORMATS: dict[str, Callable[[str], bytes]] = {
    "职位.html": html,
    "职位.xlsx": sheet,
    "职位.docx": other_word,
    "职位.pdf": portable,
}


def said(document: Document) -> list[Any]:
    """What a record says, without where it stands; how sure it is hangs on the white space around it, too."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: bare(v) for k, v in value.items() if k not in ("span", "id", "confidence")}
        return [bare(v) for v in value] if isinstance(value, list | tuple) else value

    return [bare(role.model_dump()) for role in document.roles]


def parsed(data: bytes, name: str) -> Document:
    source = read_bytes(data, name)
    document = parse_source(source)
    assert verify(document, source.text, source.layout) == []
    return document


def plain_of(data: bytes) -> str:
    """The text as Word shows it, numbers and all."""
    return read_bytes(data, "职位.docx").text


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_format_says_what_plain_text_says(scheme: str) -> None:
    automatic = word(*SCHEMES[scheme])
    plain = plain_of(automatic)
    assert plain.count("\n") == 7
    wanted = said(parsed(plain.encode(), "职位.txt"))
    assert wanted
    assert said(parsed(automatic, "职位.docx")) == wanted
    for name, make in FORMATS.items():
        assert said(parsed(make(plain), name)) == wanted, name


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_numbers_are_those_that_libreoffice_shows(tmp_path: Path) -> None:
    names = []
    for n, (way, pattern) in enumerate(SCHEMES.values()):
        if way not in (
            "bullet",
            "decimalZero",
            "decimalEnclosedParen",
            "decimalEnclosedFullstop",
        ):  # which it does not know
            names.append(tmp_path / f"{n}.docx")
            names[-1].write_bytes(word(way, pattern))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
        "--outdir",
        str(tmp_path),
        *map(str, names),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for name in names:
        theirs = name.with_suffix(".txt").read_text("utf-8-sig")
        assert "".join(theirs.split()) == "".join(plain_of(name.read_bytes()).split()), name


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["doc", "rtf", "odt"])
def test_old_formats_say_what_plain_text_says(suffix: str, tmp_path: Path) -> None:
    data = word("decimal", "%1.", apart=True)  # its own writers lose new beginnings, and "、" in RTF
    (tmp_path / "a.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        suffix,
        "--outdir",
        str(tmp_path),
        str(tmp_path / "a.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    made = parsed((tmp_path / f"a.{suffix}").read_bytes(), "职位.bin")
    assert said(made) == said(parsed(plain_of(data).encode(), "职位.txt"))
