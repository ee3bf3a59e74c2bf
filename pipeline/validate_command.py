"""The command `gangwei validate`; what it does is in `validating`, imported when it runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from pipeline.limits import Limits
from pipeline.options import PATH, configuration_option, jobs_option, limit_options
from pipeline.terminal import told

_EXIT_CODES = "Exit codes: 0 all records are valid, 1 some are not or cannot be read, 2 wrong usage."
_FORMATS = ("json", "jsonl", "xml")


@click.command("validate", epilog=_EXIT_CODES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=PATH)
@click.option(
    "--format",
    "name",
    type=click.Choice(_FORMATS),
    help="What the files are; by default what their names end in, or their first character says.",
)
@click.option(
    "--most", type=click.IntRange(1), default=100, metavar="N", show_default=True, help="Problems told of a record."
)
@configuration_option
@jobs_option
@limit_options
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
def validate_command(
    files: tuple[Path, ...],
    name: str | None,
    most: int,
    jobs: int | None,
    max_bytes: int,
    max_characters: int,
    max_seconds: float,
    max_memory: int,
    quiet: bool,
) -> None:
    """Hold records in JSON, JSON Lines or XML, whoever wrote them, against the published schemas.

    Each problem is a line: the file, the place in it as a JSON pointer or an XPath, the reason. FILE - is standard
    input. `gangwei verify` holds a record against its source, too.
    """
    from pipeline import validating

    limits = Limits(max_bytes, max_characters, max_seconds, max_memory)
    processes = min(jobs or os.cpu_count() or 1, jobs or len(files))
    with told():
        sys.exit(validating.run(files, validating.Validation(name, limits, processes, most), quiet))
