"""The command line.

The stages are imported where a command runs, so that `--help` and `--version` answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pipeline.errors import PipelineError
from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.correct import Settings
    from pipeline.text import SourceText

STDIO = "-"
FORMATS = ("json", "xml")
SCHEMA_NAMES = ("json", "xsd")
EXIT_CODES = "Exit codes: 0 all documents parsed, 1 some failed, 2 wrong usage."


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="gangwei")
def main() -> None:
    """Turn raw Chinese HR text into clean, validated role records."""


def _formats(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for value in values for name in value.split(",")))
    for name in names:
        if name not in FORMATS:
            raise click.BadParameter(f"{name!r} is none of {', '.join(FORMATS)}")
    return names


def _settings(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Settings | None:
    if path is None:
        return None
    from pipeline.correct import load_settings

    try:
        return load_settings(path)
    except PipelineError as error:
        raise click.BadParameter(str(error)) from error


def path_type(**kinds: Any) -> click.Path:
    return click.Path(path_type=Path, **kinds)


settings_option = click.option(
    "--settings", type=path_type(), callback=_settings, help="TOML file that steers the corrections."
)


field_option = click.option(
    "--text-field", metavar="NAME", help="The field that holds the text, in JSON; a.b is b in a."
)


@main.command(epilog=EXIT_CODES)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=path_type(allow_dash=True))
@click.option(
    "-o",
    "--out",
    required=True,
    metavar="OUT",
    type=path_type(allow_dash=True),
    help="Folder for the records; - prints the record of one document.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    callback=_formats,
    metavar="NAME",
    help="json or xml; repeat it or join names by commas. Both by default; with -o - json.",
)
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Worker processes; by default one a core.")
@settings_option
@field_option
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print a line for each document.")
def parse(
    paths: tuple[Path, ...],
    out: Path,
    formats: tuple[str, ...],
    jobs: int | None,
    settings: Settings | None,
    text_field: str | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Parse files and folders into records below OUT.

    A folder is taken with its sub-folders. PATH - reads one document from standard input.
    """
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
    if STDIO in map(str, (*paths, out)):
        _parse_one(paths, out, formats, settings, text_field)
        return
    if out.exists() and not out.is_dir():
        raise click.UsageError(f"{out} is no folder")
    from pipeline import batch

    found, failed = batch.collect(paths, out)
    for outcome in failed:
        _complain(outcome.error)
    done = 0
    with _progress(len(found), quiet) as advance:
        for outcome in batch.run(found, formats or FORMATS, jobs or os.cpu_count() or 1, settings, text_field):
            advance()
            if outcome.error:
                failed.append(outcome)
                _complain(outcome.error)
                continue
            done += 1
            if verbose:
                click.echo(f"{outcome.path}: {outcome.roles} roles, {outcome.warnings} warnings", err=True)
    if not quiet:
        click.echo(f"{done} parsed, {len(failed)} failed", err=True)
    if failed:
        sys.exit(1)


def _parse_one(
    paths: tuple[Path, ...], out: Path, formats: tuple[str, ...], settings: Settings | None, text_field: str | None
) -> None:
    """One document from standard input, or to standard output."""
    to_stdout = str(out) == STDIO
    if len(paths) != 1:
        raise click.UsageError("- stands for one document; name no other beside it")
    if to_stdout and len(formats) > 1:
        raise click.UsageError("-o - takes one format")
    from pipeline import batch
    from pipeline.export import render
    from pipeline.run import parse_source

    try:
        source = _source(paths[0], text_field)
        document = parse_source(source, settings)
        outputs = {f".{name}": render(document, name) for name in formats or FORMATS[: 1 if to_stdout else None]}
        if to_stdout:
            sys.stdout.buffer.write(next(iter(outputs.values())))
            return
        if source.extracted:
            outputs[".source.txt"] = source.text.encode("utf-8")
        batch.write(out / source.name, outputs)
    except PipelineError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename or out}: {error.strerror}")


def _source(path: Path, text_field: str | None = None) -> SourceText:
    from pipeline.read import read, read_bytes

    if str(path) != STDIO:
        return read(path, text_field)
    return read_bytes(sys.stdin.buffer.read(), "stdin", text_field)


def _complain(message: str | None) -> None:
    """One line on standard error, whatever is in a file's name."""
    click.echo(f"gangwei: {' '.join((message or '').splitlines())}", err=True)


def _fail(message: str) -> NoReturn:
    _complain(message)
    sys.exit(1)


@contextmanager
def _progress(total: int, quiet: bool) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing in a pipe."""
    if quiet or total < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=total, label="parsing", file=sys.stderr) as bar:
        yield lambda: bar.update(1)


@main.command()
@click.argument("name", required=False, type=click.Choice(SCHEMA_NAMES))
@click.option("-o", "--out", type=path_type(file_okay=False), help="Folder to write the schemas to.")
def schema(name: str | None, out: Path | None) -> None:
    """Print a published schema (json unless named), or write both into a folder."""
    from pipeline.export import SCHEMAS

    if out is None:
        sys.stdout.buffer.write(SCHEMAS[name or "json"][1]())
        return
    out.mkdir(parents=True, exist_ok=True)
    for key, (file, make) in SCHEMAS.items():
        if name in (None, key):
            (out / file).write_bytes(make())


@main.command("show")
@click.argument("file", type=path_type(allow_dash=True))
@settings_option
@field_option
def show_command(file: Path, settings: Settings | None, text_field: str | None) -> None:
    """Print a document's roles as a readable tree, corrections marked [-so-]{+thus+}."""
    from pipeline import show
    from pipeline.run import parse_source

    try:
        source = _source(file, text_field)
        lines = show.lines(parse_source(source, settings), source.text)
        if sys.stdout.isatty():
            click.echo_via_pager(lines)
        else:
            click.echo("".join(lines), nl=False)
    except PipelineError as error:
        _fail(str(error))


@main.command("explain")
@click.argument("file", type=path_type(allow_dash=True))
@settings_option
@field_option
@click.option("--verdict", type=click.Choice(("made", "suggested", "left")), help="Only changes with this verdict.")
@click.option("--json", "as_json", is_flag=True, help="A list of objects instead of lines.")
def explain_command(
    file: Path, settings: Settings | None, text_field: str | None, verdict: str | None, as_json: bool
) -> None:
    """Print each change that was considered: where, what, its evidence, and why it was made or not."""
    from pipeline import explain
    from pipeline.clean import clean
    from pipeline.correct import explain as considered_in

    try:
        source = _source(file, text_field)
        considered = considered_in(clean(source.text), settings)
    except PipelineError as error:
        _fail(str(error))
    considered = tuple(c for c in considered if verdict in (None, c.verdict))
    if as_json:
        sys.stdout.buffer.write(explain.as_json(considered))
    else:
        click.echo("".join(explain.lines(considered, source.text)), nl=False)


@main.command("verify")
@click.argument("record", type=path_type())
@click.argument("source", type=path_type())
@field_option
def verify_command(record: Path, source: Path, text_field: str | None) -> None:
    """Check RECORD (JSON or XML) against its SOURCE: nothing lost, every change can be undone."""
    from pipeline.export import parse_record
    from pipeline.read import read
    from pipeline.verify import verify

    name = record.suffix.lstrip(".")
    if name not in FORMATS:
        raise click.UsageError(f"{record} is none of {', '.join(FORMATS)}")
    try:
        held = read(source, text_field)
        problems = verify(parse_record(record.read_bytes(), name), held.text, held.layout)
    except OSError as error:
        _fail(f"{record}: {error.strerror}")
    except PipelineError as error:
        _fail(str(error))
    except ValueError as error:
        _fail(f"{record}: no record: {error}")
    for problem in problems:
        click.echo(f"{record}: {problem}", err=True)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
