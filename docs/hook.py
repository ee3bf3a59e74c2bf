"""A hook of MkDocs: pages that stand outside of docs/ are part of the site, and links between them are true in both places."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "README.zh.md", "CHANGELOG.md", "CONTRIBUTING.md", "pipeline/correct/MODEL.md")
OTHERS = ("examples/postgresql.sql", "NOTICE", "schemas/role-document.schema.json", "schemas/role-document.xsd")
"""What pages lead to besides."""


def on_files(files: Files, config: Any) -> Files:
    """Put the pages and what they lead to beside those of docs/."""
    for name in PAGES:
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, name, content=re.sub(r"(\]\()docs/", r"\1", text)))
    for name in OTHERS:
        files.append(File.generated(config, name, content=(ROOT / name).read_bytes()))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Pages of docs/ lead one level up to what stands outside; here it stands beside them."""
    return re.sub(r"(\]\()\.\./", r"\1", markdown)
