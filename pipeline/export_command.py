"""The command `gangwei export`; what it does is in `exporting`, imported when it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.names import STDIO
from pipeline.options import EXPORTS, PATH
from pipeline.terminal import told

_EXIT_CODES = "Exit codes: 0 all records exported, 1 some failed, 2 wrong usage."


@click.command("export", epilog=_EXIT_CODES)
@click.argument("source", required=False, metavar="OUT", type=PATH)
@click.option("-f", "--format", "name", type=click.Choice(EXPORTS), help="What to write; --list explains the formats.")
@click.option(
    "-o",
    "--out",
    metavar="FILE_OR_FOLDER",
    type=PATH,
    help="Where to write; by default into OUT/exports. - is standard output.",
)
@click.option("--bom", is_flag=True, help="Begin CSV with a byte-order mark, by which Excel knows UTF-8.")
@click.option("--list", "listed", is_flag=True, help="List the formats.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def export_command(
    source: Path | None, name: str | None, out: Path | None, bom: bool, listed: bool, quiet: bool
) -> None:
    """Write the records that `gangwei parse` left in OUT, a folder or one NAME.json, in another format.

    A record that is broken, or that the format cannot hold, is told of, and the rest goes on. The same records give the
    same bytes; a database is brought up to date.
    """
    from pipeline import exporting
    from pipeline.export.views import Page

    if listed:
        _list()
        return
    if source is None or name is None:
        raise click.UsageError("name the folder of records and a format: gangwei export OUT -f FORMAT")
    view = exporting.view(name)
    if bom and not getattr(view, "marked", None):
        raise click.UsageError("--bom is for CSV")
    if isinstance(view, Page):
        _check_pages(source, out)
    with told(out or source):
        sys.exit(exporting.run(exporting.Export(source, view, out, bom), quiet))


def _check_pages(source: Path, out: Path | None) -> None:
    """Raises UsageError where many files would go into one."""
    if source.is_dir() and str(out) == STDIO:
        raise click.UsageError("-o - takes one record: name its NAME.json")
    if source.is_dir() and out is not None and out.exists() and not out.is_dir():
        raise click.UsageError(f"{out} is no folder, and this format is a file a record")


def _list() -> None:
    from pipeline.export.views import VIEWS, Book

    with told():
        for view in VIEWS:
            file = view.file if isinstance(view, Book) else f"NAME{view.suffix}"
            needs = f" (needs gangwei[{view.extra}])" if view.extra else ""
            click.echo(f"{view.name:<12} {file:<16} {view.about}{needs}")
