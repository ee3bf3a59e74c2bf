"""Pictures of text: put in order as a PDF is, with how sure the recogniser was; the recogniser itself is stood in for."""

from __future__ import annotations

import importlib.util
import io
from types import SimpleNamespace
from typing import Any

import numpy
import pytest

from pipeline.errors import NoTextError, ReadError
from pipeline.read import child, read_bytes, scan
from pipeline.read.parts import Extract


def picture(width: int = 800, height: int = 1000, frames: int = 1, form: str = "PNG") -> bytes:
    from PIL import Image

    out = io.BytesIO()
    images = [Image.new("RGB", (width, height), "white") for _ in range(frames)]
    images[0].save(out, form, **({"save_all": True, "append_images": images[1:]} if frames > 1 else {}))
    return out.getvalue()


def line(
    text: str, left: float, top: float, score: float = 0.9, slope: float = 0.0
) -> tuple[list[list[float]], str, float]:
    """A line of letters 20 pixels high and wide; `slope` lets its right end stand lower, in pixels a pixel."""
    right = left + sum(10 if c.isascii() else 20 for c in text)
    corners = [[left, top], [right, top], [right, top + 20], [left, top + 20]]
    return [[x, y + slope * x] for x, y in corners], text, score


def recognised(
    monkeypatch: pytest.MonkeyPatch, *pages: list[tuple[list[list[float]], str, float]], data: bytes | None = None
) -> Extract:
    left = list(pages)

    def engine(_: Any) -> Any:
        found = left.pop(0)
        boxes = numpy.array([corners for corners, _, _ in found]) if found else None
        return SimpleNamespace(boxes=boxes, txts=[t for _, t, _ in found], scores=[s for _, _, s in found])

    monkeypatch.setattr(scan, "_engine", lambda: engine)
    form = {"form": "TIFF"} if len(pages) > 1 else {}
    return scan.recognise(picture(frames=len(pages), **form) if data is None else data, "扫描.png")


LONG = "负责厂区供水供电设备的日常巡视与保养，按班次填写运行记录，发现异常"


def test_lines_are_put_together_and_each_keeps_its_box_and_confidence(monkeypatch: pytest.MonkeyPatch) -> None:
    found = recognised(
        monkeypatch,
        [
            line("水电工", 50, 100, 0.99),
            line("2、保管工具", 50, 220),
            line(LONG, 50, 140, 0.8),
            line("立即报告。", 50, 170, 0.7),
        ],
    )
    assert found.text == f"水电工\n{LONG}立即报告。\n2、保管工具"
    assert [h.confidence for h in found.layout] == [0.99, 0.8, 0.7, 0.9]
    assert [h.paragraph for h in found.layout] == [1, 2, 2, 3]
    assert found.layout[0].box == (50, 100, 110, 120)
    assert found.warnings[0][0] == "recognised"


def test_page_that_lies_askew_is_set_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [line(f"第{n}项工作内容", 50, 100 + 24 * n, slope=0.05) for n in range(5)]
    values = [line("完成", 500, 100 + 24 * n, slope=0.05) for n in range(5)]
    assert recognised(monkeypatch, [*names, *values]).text == "\n".join(f"第{n}项工作内容\t完成" for n in range(5))


def test_lines_that_it_doubts_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recognised(monkeypatch, [line("水电工", 50, 100), line("口口", 300, 500, 0.2)]).text == "水电工"


def test_page_without_text_gives_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recognised(monkeypatch, []).text == ""


def test_pages_of_a_tiff_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    found = recognised(monkeypatch, [line("水电工", 50, 300)], [line("厨师", 50, 300)])
    assert [(found.text[h.start : h.end], h.page) for h in found.layout] == [("水电工", 1), ("厨师", 2)]


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0" + b"\0" * 90, picture()[:200], b"II*\x00" + b"\xff" * 40]
)
@pytest.mark.filterwarnings("ignore::UserWarning")  # the picture library's own, of what it finds
def test_damaged_picture_is_refused(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReadError, match=r"^扫描\.png: a damaged picture"):
        recognised(monkeypatch, [], data=data)


def test_picture_over_the_limit_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_MOST_PIXELS", 1000)
    with pytest.raises(ReadError, match="too large"):
        recognised(monkeypatch, [], data=picture())


FORMS = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff", "BMP": "image/bmp"}


@pytest.mark.parametrize(("form", "media_type"), FORMS.items())
def test_picture_is_known_by_content(form: str, media_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(child, "run", lambda *_: Extract("水电工"))
    source = read_bytes(picture(form=form), "改名.txt")
    assert (source.text, source.media_type, source.extracted) == ("水电工", media_type, True)


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ReadError, match=r"^a\.png: a picture, .*OCR.*pip install 'gangwei\[ocr\]'$"):
        read_bytes(picture(), "a.png")


def test_pdf_of_pictures_goes_to_the_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def run(work: str, data: bytes, name: str, *limits: int) -> Extract:
        asked.append(work)
        if work == "pdf":
            raise NoTextError("a.pdf: no text layer")
        return Extract("水电工")

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(child, "run", run)
    assert read_bytes(b"%PDF-1.7\n", "a.pdf").text == "水电工"
    assert asked == ["pdf", "scan"]


@pytest.mark.skipif(importlib.util.find_spec("rapidocr") is None, reason="the extra for recognition is not installed")
def test_printed_line_is_recognised() -> None:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (600, 200), "white")
    ImageDraw.Draw(image).text((40, 60), "Clerk 2024", fill="black", font_size=48)
    out = io.BytesIO()
    image.save(out, "PNG")
    assert "Clerk" in read_bytes(out.getvalue(), "a.png").text
