"""Style and script of the pages, within each page, and the policy under which nothing else runs or is fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pipeline.review.markup import Html, join, raw, tag

STYLES = ("base.css", "page.css")
SCRIPTS = ("state.js", "panes.js", "decide.js", "keys.js")
"""In the order in which they are joined into one script: they share its scope."""


@cache
def style() -> str:
    """The style of all pages."""
    return "\n".join(_read(name) for name in STYLES)


@cache
def script() -> str:
    """The script of a document's page."""
    return '"use strict";\n(() => {\n' + "\n".join(_read(name) for name in SCRIPTS) + "})();\n"


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def head(title: str, scripts: Sequence[str], allow: Mapping[str, str], refresh: int | None = None) -> Html:
    """The head of a page: what may run and apply is known by its hash, everything else is refused."""
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy([style()], scripts, allow)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="same-origin"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", http_equiv="refresh", content=refresh) if refresh else "",
        tag("title", title),
        raw("style", style()),
    )


def document(
    title: str,
    body: Html,
    scripts: Sequence[str] = (),
    allow: Mapping[str, str] = MappingProxyType({}),
    refresh: int | None = None,
) -> bytes:
    """A whole page as UTF-8. `allow` are directives of the policy beside those that all pages have; after `refresh` seconds
    it is looked at anew."""
    html = tag("html", head(title, scripts, allow, refresh), body, lang="zh-CN")
    return join([Html("<!doctype html>\n"), html, Html("\n")]).encode("utf-8")


def policy(styles: Sequence[str], scripts: Sequence[str], allow: Mapping[str, str]) -> str:
    """The Content-Security-Policy of a page that holds these styles and scripts, and may do what `allow` says."""
    told = {
        "default-src": "'none'",
        "style-src": " ".join(map(digest, styles)) or "'none'",
        "script-src": " ".join(map(digest, scripts)) or "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        **allow,
    }
    return "; ".join(f"{name} {value}" for name, value in told.items())


def digest(content: str) -> str:
    """The source expression that lets one inline style or script apply."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode('utf-8')).digest()).decode()}'"
