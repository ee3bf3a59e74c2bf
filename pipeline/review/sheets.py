"""The pages of a file as pictures, with the boxes in which its text stands: where a scan was misread, they show it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.layout import Boxed, Picture
from pipeline.review.markup import Html, join, tag

ALLOW = {"img-src": "data:"}
"""What the policy of a page that shows them must let through."""


class Sheets(NamedTuple):
    """Pictures of pages, the boxes on them, and how many pages the file has at all."""

    pictures: Sequence[Picture]
    boxes: Sequence[Boxed]
    pages: int


def column(sheets: Sheets) -> Html:
    """The pictures one below the other; a box leads to what stands in it."""
    left_out = sheets.pages - len(sheets.pictures)
    note = tag("p", f"另有 {left_out} 页未附图。", class_="counts") if left_out > 0 else ""
    return join([*(_sheet(picture, sheets.boxes) for picture in sheets.pictures), note])


def _sheet(picture: Picture, boxes: Sequence[Boxed]) -> Html:
    name = f"第 {picture.page} 页"
    address = "data:image/png;base64," + base64.b64encode(picture.png).decode("ascii")
    here = [_box(boxed) for boxed in boxes if boxed.page == picture.page]
    view = f"0 0 {picture.width:g} {picture.height:g}"
    drawn = tag(
        "div",
        tag("img", src=address, alt=name),
        tag("svg", *here, viewBox=view, preserveAspectRatio="none", aria_hidden="true"),
        class_="sheet",
    )
    return tag("figure", tag("figcaption", name, class_="counts"), drawn)


def _box(boxed: Boxed) -> Html:
    left, top, right, bottom = boxed.box
    return tag(
        "rect",
        class_="boxed",
        x=f"{left:g}",
        y=f"{top:g}",
        width=f"{right - left:g}",
        height=f"{bottom - top:g}",
        data_start=boxed.start,
        data_end=boxed.end,
    )
