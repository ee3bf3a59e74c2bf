"""Pages as pictures for review: drawn in a process of its own, within bounds, with boxes that fit them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline import boxes
from pipeline.cli import main
from pipeline.errors import ReadError, SourceError
from pipeline.layout import Box, Boxed, Hint
from pipeline.read import pictures
from tests.test_read_pdf import HEIGHT, WIDTH, lines, pdf
from tests.test_read_scan import picture

PAGES = (
    ("出纳岗位职责", "1、负责现金收付；", "2、登记日记账。"),
    ("会计岗位职责", "1、负责总账，编制报表；", "2、负责纳税申报。"),
)


def shades(png: bytes) -> numpy.ndarray:
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return numpy.asarray(image.convert("L"))


def test_page_looks_as_it_is_and_boxes_are_where_its_letters_are() -> None:
    data = pdf(*(lines(*page) for page in PAGES))
    first, second = pictures.pictures(data, "a.pdf", 10_000_000)
    assert (first.page, second.page) == (1, 2)
    assert (first.width, first.height) == (WIDTH, HEIGHT)
    seen = shades(first.png)
    assert max(seen.shape) == 1500
    scale = seen.shape[0] / HEIGHT
    ink = numpy.argwhere(seen < 128)
    assert len(ink), "letters are drawn"
    top, left = ink.min(axis=0) / scale
    bottom = ink.max(axis=0)[0] / scale
    found = [box for _, _, page, box in boxes.of_layout(pictures_layout(data)) if page == 1]
    assert abs(min(box.left for box in found) - left) < 3
    assert min(box.top for box in found) <= top + 3
    assert max(box.bottom for box in found) >= bottom - 3


def pictures_layout(data: bytes) -> tuple[Hint, ...]:
    from pipeline.read import read_bytes

    return read_bytes(data, "a.pdf").layout


def test_pages_beyond_the_bound_are_left_out() -> None:
    data = pdf(*(lines(*page) for page in PAGES))
    whole = pictures.pictures(data, "a.pdf", 10_000_000)
    assert [p.page for p in pictures.pictures(data, "a.pdf", len(whole[0].png))] == [1]
    assert pictures.pictures(data, "a.pdf", 100) == ()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_scan_is_shown_with_boxes_in_its_own_pixels(form: str) -> None:
    (only,) = pictures.pictures(picture(3001, 2000, form=form), "a", 10_000_000)
    assert (only.width, only.height) == (3001, 2000)
    assert shades(only.png).shape == (1000, 1500)
    assert shades(only.png).min() == 255


def test_other_files_have_no_pages() -> None:
    assert pictures.pictures("出纳岗位职责".encode(), "a.txt", 10_000_000) == ()


def test_damaged_file_is_told_in_a_line() -> None:
    with pytest.raises(ReadError, match=r"^a\.pdf: ") as told:
        pictures.pictures(b"%PDF-1.7\nnothing", "a.pdf", 10_000_000)
    assert "\n" not in str(told.value)


tenths = st.integers(0, 100_000).map(lambda n: n / 10)


@given(st.lists(st.tuples(st.integers(0), st.integers(0), st.integers(1), st.tuples(*[tenths] * 4))))
def test_boxes_come_back_from_their_file(rows: list[tuple[int, int, int, tuple[float, float, float, float]]]) -> None:
    found = tuple(Boxed(start, end, page, Box(*box)) for start, end, page, box in rows)
    assert boxes.from_bytes(boxes.to_bytes(found), "a") == found


@pytest.mark.parametrize("data", [b"1\t2\t3\n", b"a\tb\tc\t1\t2\t3\t4\n", b"\xff", b"1\t2\t1\t1\t2\t3\t4\t5\n"])
def test_file_that_holds_no_boxes_is_named(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"a\.boxes\.tsv: holds no boxes"):
        boxes.from_bytes(data, "a.boxes.tsv")


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def parsed(tmp_path: Path) -> tuple[Path, Path]:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    (raw / "财务.pdf").write_bytes(pdf(*(lines(*page) for page in PAGES)))
    done = CliRunner().invoke(main, ["parse", str(raw), "-o", str(out), "-q"])
    assert (done.exit_code, done.output) == (0, "")
    return raw, out


def reviewed(raw: Path, out: Path, *more: str) -> html.HtmlElement:
    done = CliRunner().invoke(main, ["review", str(out), "--raw", str(raw), "-q", *more])
    assert (done.exit_code, done.output) == (0, "")
    return html.fromstring((out / "review" / "documents" / "财务.html").read_text(encoding="utf-8"))


def test_page_shows_the_pages_of_the_file_and_each_box_is_of_its_text(parsed: tuple[Path, Path]) -> None:
    raw, out = parsed
    tree = reviewed(raw, out)
    assert [image.get("alt") for image in tree.xpath("//img")] == ["第 1 页", "第 2 页"]
    assert all(image.get("src").startswith("data:image/png;base64,") for image in tree.xpath("//img"))
    assert "img-src data:" in tree.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')[0]
    text = (out / "财务.source.txt").read_text(encoding="utf-8")
    told = [text[int(box.get("data-start")) : int(box.get("data-end"))] for box in tree.xpath("//rect")]
    assert told == [line for page in PAGES for line in page]
    bytes_of = (out / "review" / "documents" / "财务.html").read_bytes
    before = bytes_of()
    reviewed(raw, out)
    assert bytes_of() == before


def test_pictures_are_bounded_and_what_is_left_out_is_told(parsed: tuple[Path, Path]) -> None:
    raw, out = parsed
    (first, _) = pictures.pictures((raw / "财务.pdf").read_bytes(), "a", 10_000_000)
    some = reviewed(raw, out, "--pictures", f"{len(first.png) / 1e6:.6f}")
    assert len(some.xpath("//img")) == 1
    assert "另有 1 页未附图。" in some.text_content()
    none = reviewed(raw, out, "--pictures", "0")
    assert none.xpath("//img | //*[@id='sheets']") == []
    assert "img-src" not in none.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')[0]


def test_file_that_is_gone_or_another_one_by_now_is_not_shown(parsed: tuple[Path, Path]) -> None:
    raw, out = parsed
    (raw / "财务.pdf").write_bytes(pdf(lines("司机岗位职责", "1、驾驶车辆。")))
    assert reviewed(raw, out).xpath("//img") == []
    (raw / "财务.pdf").unlink()
    assert reviewed(raw, out).xpath("//img") == []


def test_page_of_a_file_that_cannot_be_drawn_says_so(
    parsed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_data: bytes, name: str, _most: int) -> None:
        raise ReadError(f"{name}: it takes too long")

    monkeypatch.setattr("pipeline.reviewing.pictures", fail)
    tree = reviewed(*parsed)
    assert tree.xpath("//img") == []
    assert "另有 2 页未附图。" in tree.text_content()


def test_parts_beside_a_record_are_no_records(parsed: tuple[Path, Path]) -> None:
    raw, out = parsed
    assert sorted(file.name for file in out.iterdir() if not file.name.startswith(".")) == [
        "财务.boxes.tsv",
        "财务.json",
        "财务.source.txt",
        "财务.xml",
    ]
    again = CliRunner().invoke(main, ["parse", str(raw), "-o", str(out)])
    assert again.stderr == "0 parsed, 1 unchanged, 0 failed\n"
    assert json.loads((out / "财务.json").read_bytes())["source"]["media_type"] == "application/pdf"
