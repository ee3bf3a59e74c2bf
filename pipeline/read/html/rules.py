"""What the elements of a page mean: which show nothing, which begin a line, which are menus and feet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.layout import Region
from pipeline.read.html.flow import Line

_SILENT = """
head script style noscript template svg math select datalist iframe object embed canvas audio video map button
textarea input title meta link
"""
_BLOCKS = """
html body main article section div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr td
th blockquote pre form fieldset legend address hr center figure figcaption details summary header footer nav
aside menu dir option listing xmp
"""
_NAVIGATION = """
nav navbar navigation menu menus submenu sidebar side aside breadcrumb breadcrumbs crumb crumbs pager
pagination toolbar share login related recommend hot friendlink friendlinks links
"""
_FOOTER = """
footer foot copyright copy bottom beian icp
"""
_HEADER = """
header topbar top banner logo
"""
SILENT = frozenset(_SILENT.split())
"""Elements of which nothing is text to read."""
BLOCKS = frozenset(_BLOCKS.split())
"""Elements that stand on lines of their own."""
BOLD = frozenset(("b", "strong", "th"))
_PARTS_OF_PAGE = frozenset(("article", "section", "main", "li", "dd"))
"""What has a head and a foot of its own: those within are not the page's (so HTML itself says of `header` and `footer`)."""
_REGIONS = {
    "nav": Region.NAVIGATION,
    "aside": Region.NAVIGATION,
    "menu": Region.NAVIGATION,
    "footer": Region.FOOTER,
    "header": Region.HEADER,
}
_WORDS = {
    Region.NAVIGATION: frozenset(_NAVIGATION.split()),
    Region.FOOTER: frozenset(_FOOTER.split()),
    Region.HEADER: frozenset(_HEADER.split()),
}
_PARTS = re.compile(r"[A-Za-z][a-z]*")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])", re.IGNORECASE
)
_FAMILY = re.compile(r"font-family\s*:\s*[\"']?\s*([^;,\"']+)", re.IGNORECASE)
_WEIGHT = re.compile(r"font-weight\s*:\s*(bold|bolder|[6-9]00|normal|[1-5]00)", re.IGNORECASE)
_MSO_LEVEL = re.compile(r"mso-list\s*:\s*\w+\s+level(\d)", re.IGNORECASE)
_FEW = 40
"""Characters: a foot or head that says more than this in a line is none."""


def is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether a browser shows nothing of it."""
    return tag in SILENT or "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


def font(attributes: Mapping[str, str]) -> str | None:
    """The first font that an element asks for."""
    m = _FAMILY.search(attributes.get("style", ""))
    return m[1].strip() if m else attributes.get("face")


def weight(attributes: Mapping[str, str]) -> bool | None:
    """Whether its style makes it bold; None where it says nothing."""
    m = _WEIGHT.search(attributes.get("style", ""))
    return None if m is None else m[1].lower() in ("bold", "bolder") or m[1] >= "600"


def is_centred(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether its lines are set in the middle."""
    style = attributes.get("style", "").replace(" ", "").lower()
    return tag == "center" or attributes.get("align", "").lower() == "center" or "text-align:center" in style


def is_marker(attributes: Mapping[str, str]) -> bool:
    """Whether this is the number that Word wrote before a paragraph of a list."""
    return "mso-list:ignore" in attributes.get("style", "").replace(" ", "").lower()


def list_level(attributes: Mapping[str, str]) -> int | None:
    """The depth in a list that Word notes in a paragraph's style."""
    m = _MSO_LEVEL.search(attributes.get("style", ""))
    return int(m[1]) if m else None


def region(tag: str, attributes: Mapping[str, str], within: bool) -> Region | None:
    """What part of the page an element is meant to be, by its name, its class or its id; `within` a part of the page.

    A card of a list has a head and a foot, too, which hold its title: 例: `<li><div class="topbar">总经理助理</div>`.
    """
    if tag in ("body", "html"):
        return None
    said = {w.lower() for key in ("class", "id", "role") for w in _PARTS.findall(attributes.get(key, ""))}
    found = _REGIONS.get(tag) or next((where for where, words in _WORDS.items() if said & words), None)
    return None if within and found in (Region.HEADER, Region.FOOTER) else found


def is_part(tag: str) -> bool:
    """Whether it has a head and a foot of its own."""
    return tag in _PARTS_OF_PAGE


def kind_of(tag: str, attributes: Mapping[str, str]) -> str:
    """What elements that a page repeats have in common."""
    return f"{tag} {attributes.get('class', '')}"


def holds(where: Region, found: Sequence[Line]) -> bool:
    """Whether lines can be what their element is meant to be: titles and running text are no menu and no foot."""
    if any(line.heading is not None and line.heading <= 3 for line in found) and where != Region.FOOTER:
        return False
    size = sum(len(line.text.strip()) for line in found)
    linked = sum(line.links for line in found)
    long = sum(len(line.text.strip()) > _FEW for line in found)
    return linked * 2 >= size or long <= 1 or (where == Region.FOOTER and size < 400)


def is_menu(found: Sequence[Line]) -> bool:
    """Whether a list is one of links only, as menus are."""
    texts = [line.text.strip() for line in found]
    size = sum(map(len, texts))
    return len(texts) >= 3 and size <= 20 * len(texts) and 10 * sum(line.links for line in found) >= 8 * size
