"""The command `gangwei schema`; what it writes is made in `export`, imported when it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline import outputs
from pipeline.options import PATH
from pipeline.terminal import told

SCHEMA_NAMES = ("json", "xsd")
"""The names of `pipeline.export.SCHEMAS`, which would take long to import for a word of help."""


@click.command("schema")
@click.argument("name", required=False, type=click.Choice(SCHEMA_NAMES))
@click.option("-o", "--out", type=PATH, help="Folder to write the schemas to.")
@click.option("--page", "as_page", is_flag=True, help="The page that explains a record field by field, record.md.")
def schema_command(name: str | None, out: Path | None, as_page: bool) -> None:
    """Print a published schema (json unless named), or write both into a folder."""
    from pipeline.export import SCHEMAS, reference

    if name and as_page:
        raise click.UsageError("--page is one page for both schemas")
    made = {"page": (reference.PAGE, reference.page)} if as_page else SCHEMAS
    with told(out or "standard output"):
        if out is None:
            sys.stdout.buffer.write(made["page" if as_page else name or "json"][1]())
            return
        for key, (file, make) in made.items():
            if name in (None, key):
                outputs.write(out, file, {"": make()})
