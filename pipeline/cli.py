"""The command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from pipeline import batch, show
from pipeline.batch import Job, Outcome
from pipeline.correct import Settings, load_settings
from pipeline.errors import PipelineError
from pipeline.export import SCHEMAS, WRITERS, parse_record, render
from pipeline.read import read, read_bytes
from pipeline.run import parse_source
from pipeline.text import SourceText
from pipeline.verify import verify
from pipeline.version import __version__

STDIN = "-"
EXIT_CODES = "Exit codes: 0 all documents parsed, 1 some failed, 2 wrong usage."


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="gangwei")
def main() -> None:
    """Turn raw Chinese HR text into clean, validated role records."""


def _formats(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for value in values for name in value.split(",")))
    for name in names:
        if name not in WRITERS:
            raise click.BadParameter(f"{name!r} is none of {', '.join(WRITERS)}")
    return names


def _settings(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Settings | None:
    try:
        return load_settings(path) if path else None
    except PipelineError as error:
        raise click.BadParameter(str(error)) from error


settings_option = click.option(
    "--settings", type=click.Path(path_type=Path), callback=_settings, help="TOML file that steers the corrections."
)


@main.command(epilog=EXIT_CODES)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-o", "--out", required=True, metavar="OUT", type=click.Path(path_type=Path, allow_dash=True), help="Folder for the records; - writes the record of one document to standard output.")
@click.option("--format", "formats", multiple=True, default=("json,xml",), callback=_formats, show_default=True, help="Formats to write, repeated or joined by commas.")
@click.option("--jobs", type=click.IntRange(1), default=None, metavar="N", help="Worker processes; by default one a core.")
@settings_option
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print a line for each document.")
def parse(
    paths: tuple[Path, ...],
    out: Path,
    formats: tuple[str, ...],
    jobs: int | None,
    settings: Settings | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Parse files and folders into records below OUT.

    A folder is taken with its sub-folders. PATH - reads one document from standard input.
    """
    if STDIN in map(str, (*paths, out)):
        _single(paths, out, formats, settings)
        return
    found, failed = batch.collect(paths, out)
    for outcome in failed:
        _complain(outcome)
    done = 0
    with _progress(len(found), quiet) as advance:
        for outcome in batch.run(found, formats, jobs or os.cpu_count() or 1, settings):
            advance()
            if outcome.error:
                failed.append(outcome)
                _complain(outcome)
                continue
            done += 1
            if verbose:
                click.echo(f"{outcome.path}: {outcome.roles} roles, {outcome.warnings} warnings", err=True)
    if not quiet:
        click.echo(f"{done} parsed, {len(failed)} failed", err=True)
    if failed:
        sys.exit(1)


def _single(paths: tuple[Path, ...], out: Path, formats: tuple[str, ...], settings: Settings | None) -> None:
    """One document from standard input, or to standard output."""
    if len(paths) != 1:
        raise click.UsageError("- stands for one document; name no other beside it")
    if str(out) == STDIN and len(formats) != 1:
        formats = formats[:1]
    try:
        source = _source(paths[0])
        document = parse_source(source, settings)
        outputs = {name: render(document, name) for name in formats}
        if str(out) == STDIN:
            click.get_binary_stream("stdout").write(outputs[formats[0]])
        else:
            batch.write(out / source.name, {f".{name}": data for name, data in outputs.items()})
    except PipelineError as error:
        _complain(Outcome(paths[0], error=str(error)))
        sys.exit(1)


def _source(path: Path) -> SourceText:
    if str(path) != STDIN:
        return read(path)
    return read_bytes(click.get_binary_stream("stdin").read(), "stdin")


def _complain(outcome: Outcome) -> None:
    click.echo(f"gangwei: {outcome.error}", err=True)


@contextmanager
def _progress(total: int, quiet: bool) -> Iterator[click.decorators.FC]:  # type: ignore[type-var]
    """A bar on a terminal, nothing in a pipe."""
    if quiet or total < 2 or not sys.stderr.isatty():
        yield lambda: None  # type: ignore[misc]
        return
    with click.progressbar(length=total, label="parsing", file=sys.stderr) as bar:
        yield lambda: bar.update(1)  # type: ignore[misc]


@main.command()
@click.argument("name", required=False, type=click.Choice(list(SCHEMAS)))
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write the schemas to.")
def schema(name: str | None, out: Path | None) -> None:
    """Print a published schema (json or xsd), or write both into a folder."""
    if out is None:
        click.get_binary_stream("stdout").write(SCHEMAS[name or "json"][1]())
        return
    out.mkdir(parents=True, exist_ok=True)
    for key, (file, make) in SCHEMAS.items():
        if name in (None, key):
            (out / file).write_bytes(make())


@main.command("show")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@settings_option
def show_command(file: Path, settings: Settings | None) -> None:
    """Print a document's roles as a readable tree, corrections marked."""
    try:
        source = _source(file)
        document = parse_source(source, settings)
    except PipelineError as error:
        _complain(Outcome(file, error=str(error)))
        sys.exit(1)
    click.echo_via_pager(show.lines(document, source.text)) if sys.stdout.isatty() else click.echo(
        "".join(show.lines(document, source.text)), nl=False
    )


@main.command("verify")
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("source", type=click.Path(path_type=Path))
def verify_command(record: Path, source: Path) -> None:
    """Check RECORD (JSON or XML) against its SOURCE: nothing lost, every change can be undone."""
    try:
        document = parse_record(record.read_bytes(), record.suffix.lstrip("."))
        problems = verify(document, read(source).text)
    except (PipelineError, OSError, ValueError, KeyError) as error:
        _complain(Outcome(record, error=f"{record}: {error}"))
        sys.exit(1)
    for problem in problems:
        click.echo(f"{record}: {problem}", err=True)
    sys.exit(1 if problems else 0)


__all__ = ["Job", "main"]
