"""The command `gangwei parse`; what it runs is imported when it runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from pipeline.limits import Limits
from pipeline.names import STDIO
from pipeline.options import (
    LOCATION,
    decisions_option,
    field_option,
    formats_option,
    id_option,
    jobs_option,
    limit_options,
    model_option,
    settings_option,
    standing_formats,
    steered,
)
from pipeline.terminal import told

if TYPE_CHECKING:
    from pipeline.correct import Settings
    from pipeline.parsing import Manner
    from pipeline.review.decisions import Decisions

EXIT_CODES = (
    "Exit codes: 0 all documents parsed, 1 some failed, 2 wrong usage; 130 and 143 when stopped by Ctrl-C or SIGTERM."
)
_SHARDS = ("parquet", "jsonl", "jsonl.gz", "jsonl.zst")
"""Those of `pipeline.cluster.plan`, which would take long to import for a word of help."""


@click.command("parse", epilog=EXIT_CODES)
@click.argument("locations", nargs=-1, required=True, metavar="PATH...", type=LOCATION)
@click.option(
    "-o",
    "--out",
    "place",
    required=True,
    metavar="OUT",
    type=LOCATION,
    help="Folder for the records; - prints one record.",
)
@formats_option
@jobs_option
@settings_option
@model_option
@decisions_option
@click.option(
    "--lines", is_flag=True, help="PATHs and OUT are files of JSON lines (also .gz and .zst) or Parquet, as they end."
)
@id_option
@field_option
@click.option("--force", is_flag=True, help="Parse unchanged documents again, too.")
@click.option("--prune", is_flag=True, help="Remove the records of documents that are gone or fail now.")
@limit_options
@click.option(
    "--engine",
    type=click.Choice(("local", "ray")),
    default="local",
    show_default=True,
    help="Who works: processes of this machine, or a Ray cluster (docs/cluster.md).",
)
@click.option("--address", help="With --engine ray: of the cluster; $RAY_ADDRESS, or else one is started here.")
@click.option(
    "--shards", type=click.Choice(_SHARDS), help="With --engine ray: what records are written as; parquet by default."
)
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print a line for each document.")
def parse_command(
    locations: tuple[str, ...],
    place: str,
    formats: tuple[str, ...],
    jobs: int | None,
    settings: Settings | None,
    model: Path | None,
    decided: tuple[Decisions, ...],
    lines: bool,
    id_field: str,
    text_field: str | None,
    force: bool,
    prune: bool,
    max_bytes: int,
    max_characters: int,
    max_seconds: float,
    max_memory: int,
    engine: str,
    address: str | None,
    shards: str | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Parse files and folders into records below OUT.

    A folder is taken with its sub-folders. PATH - reads one document from standard input. Documents whose records stand
    in OUT already are left alone. The reason of each that fails is written to OUT/quarantine. With --lines each line is
    a document, and OUT a file of records, one a line.

    With --engine ray PATHs and OUT may be URIs (s3://, gs://, hdfs://), and OUT is a folder of many files of records.
    """
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
    from pipeline import parsing
    from pipeline.batch import Plan
    from pipeline.lines import TEXT_FIELD, LinesPlan

    settings = steered(settings, model)
    limits = Limits(max_bytes, max_characters, max_seconds, max_memory)
    manner = parsing.Manner(jobs, force, prune, quiet, verbose)
    if engine == "ray":
        _check_cluster(locations, place, formats, decided)
        manner = replace(manner, processes=jobs if _is_said("jobs") else None)
        with told(place):
            from pipeline.cluster import ClusterPlan
            from pipeline.parsing_on_ray import on_cluster

            plan_of_cluster = ClusterPlan(lines, shards or "parquet", id_field, text_field, settings, limits, force)
            sys.exit(on_cluster(locations, place, plan_of_cluster, manner, address))
    if address or shards:
        raise click.UsageError("--address and --shards are for --engine ray")
    paths, out = tuple(map(Path, locations)), Path(place)
    if lines:
        _check_lines(paths, out, formats, manner, decided)
        with told(out):
            plan_of_lines = LinesPlan(id_field, text_field or TEXT_FIELD, settings, limits)
            sys.exit(parsing.as_lines(paths, out, plan_of_lines, manner))
    alone = _check_files(paths, out, formats)
    plan = Plan(
        out, formats or standing_formats()[: 1 if str(out) == STDIO else None], settings, limits, text_field, decided
    )
    with told(out):
        if alone:
            parsing.one(paths[0], plan)
        else:
            sys.exit(parsing.into_folder(paths, plan, manner))


def _check_files(paths: Sequence[Path], out: Path, formats: Sequence[str]) -> bool:
    """Whether it is one document by way of standard input or output. Raises UsageError for what does not go together."""
    alone = STDIO in map(str, (*paths, out))
    if alone and len(paths) != 1:
        raise click.UsageError("- stands for one document; name no other beside it")
    if str(out) == STDIO and len(formats) > 1:
        raise click.UsageError("-o - takes one format")
    if str(out) != STDIO and out.exists() and not out.is_dir():
        raise click.UsageError(f"{out} is no folder")
    return alone


def _check_lines(
    paths: Sequence[Path], out: Path, formats: Sequence[str], manner: Manner, decided: Sequence[Decisions]
) -> None:
    """Raises UsageError for what does not go together with --lines."""
    if formats not in ((), ("json",)):
        raise click.UsageError("--lines writes json only")
    if decided:
        raise click.UsageError("--lines takes no --decisions: they are about files")
    if manner.prune or manner.force:
        raise click.UsageError("--lines keeps no manifest, so there is nothing to --force or --prune")
    if out.is_dir():
        raise click.UsageError(f"{out} is a folder; --lines writes to a file")
    if out.exists() and any(path.exists() and path.samefile(out) for path in paths):
        raise click.UsageError(f"{out} is both read and written")


def _is_said(name: str) -> bool:
    """Whether the command line says an option; that of a configuration file may be meant for one machine only."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def _check_cluster(locations: Sequence[str], place: str, formats: Sequence[str], decided: Sequence[Decisions]) -> None:
    """Raises UsageError for what does not go together with --engine ray."""
    if STDIO in (*locations, place):
        raise click.UsageError("--engine ray reads and writes files, so it takes no -")
    if formats not in ((), ("json",)):
        raise click.UsageError("--engine ray writes json only, in files of --shards")
    if decided:
        raise click.UsageError("--engine ray takes no --decisions")
