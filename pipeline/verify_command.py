"""The command `gangwei verify`; what it does is in `verify`, imported when it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.options import FORMATS, PATH, configuration_option, field_option
from pipeline.terminal import fail, told


@click.command("verify")
@click.argument("record", type=PATH)
@click.argument("source", type=PATH)
@configuration_option
@field_option
def verify_command(record: Path, source: Path, text_field: str | None) -> None:
    """Check RECORD (JSON or XML) against its SOURCE: nothing lost, every change can be undone."""
    from pipeline.export import parse_record
    from pipeline.read import read
    from pipeline.verify import verify

    name = record.suffix.lstrip(".")
    if name not in FORMATS:
        raise click.UsageError(f"{record} is none of {', '.join(FORMATS)}")
    with told(record):
        try:
            held = read(source, text_field)
            problems = verify(parse_record(record.read_bytes(), name), held.text, held.layout)
        except ValueError as error:
            fail(f"{record}: no record: {error}")
    for problem in problems:
        click.echo(f"{record}: {problem}", err=True)
    sys.exit(1 if problems else 0)
