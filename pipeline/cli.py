"""The command line.

The stages are imported where a command runs, so that `--help` and `--version` answer at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.config_command import config_command
from pipeline.export_command import export_command
from pipeline.options import (
    PATH,
    field_option,
    model_option,
    settings_option,
    standing_limits,
    steered,
)
from pipeline.parse_command import EXIT_CODES, parse_command
from pipeline.schema_command import schema_command
from pipeline.serve_command import serve_command
from pipeline.terminal import complain, stopping, told
from pipeline.validate_command import validate_command
from pipeline.verify_command import verify_command
from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.correct import Settings
    from pipeline.text import SourceText


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="gangwei")
@click.pass_context
def main(context: click.Context) -> None:
    """Turn raw Chinese HR text into clean, validated role records."""
    context.with_resource(stopping())


@main.command("show")
@click.argument("file", type=PATH)
@settings_option
@model_option
@field_option
def show_command(file: Path, settings: Settings | None, model: Path | None, text_field: str | None) -> None:
    """Print a document's roles as a readable tree, corrections marked [-so-]{+thus+}."""
    from pipeline import show
    from pipeline.run import parse_source

    with told():
        source = _source(file, text_field)
        lines = show.lines(parse_source(source, steered(settings, model)), source.text)
        if sys.stdout.isatty():
            click.echo_via_pager(lines)
        else:
            click.echo("".join(lines), nl=False)


@main.command("explain")
@click.argument("file", type=PATH)
@settings_option
@model_option
@field_option
@click.option("--structure", is_flag=True, help="Why each line is what it is, instead of the changes.")
@click.option("--verdict", type=click.Choice(("made", "suggested", "left")), help="Only changes with this verdict.")
@click.option("--json", "as_json", is_flag=True, help="A list of objects instead of lines.")
def explain_command(
    file: Path,
    settings: Settings | None,
    model: Path | None,
    text_field: str | None,
    structure: bool,
    verdict: str | None,
    as_json: bool,
) -> None:
    """Print each change that was considered: where, what, its evidence, and why it was made or not.

    With --structure: what each line was taken for, how surely, what else it could be, and what that hangs on.
    """
    from pipeline import explain

    with told():
        source = _source(file, text_field)
        if structure:
            reasons = explain.reasons(source, steered(settings, model))
            if as_json:
                sys.stdout.buffer.write(explain.reasons_as_json(reasons))
            else:
                click.echo("".join(explain.reason_lines(reasons, source.text)), nl=False)
            return
        considered = tuple(c for c in explain.considered(source, settings) if verdict in (None, c.verdict))
        if as_json:
            sys.stdout.buffer.write(explain.as_json(considered))
        else:
            click.echo("".join(explain.lines(considered, source.text)), nl=False)


@main.command("learn")
@click.argument("folder", type=PATH)
@click.option("-o", "--out", required=True, metavar="FILE.npz", type=PATH, help="The model to write.")
@click.option("-q", "--quiet", is_flag=True, help="Do not tell how learning goes.")
def learn_command(folder: Path, out: Path, quiet: bool) -> None:
    """Learn a house style from the annotated documents of FOLDER: about ten are enough.

    NAME.txt with NAME.ann (docs/annotating.md), with a corrected NAME.json, or with the NAME.decisions.json of a review
    page. Needs the extra `train`.
    """
    from pipeline.learn import learn

    with told(out):
        learn(folder, out, lambda line: None if quiet else click.echo(line, err=True))


@main.command("review", epilog="Exit codes: 0 all records have a page, 1 some have none, 2 wrong usage.")
@click.argument("out", metavar="OUT", type=PATH)
@click.option("-o", "--out", "folder", metavar="FOLDER", type=PATH, help="Folder for the pages; OUT/review by default.")
@click.option(
    "--raw",
    multiple=True,
    metavar="PATH",
    type=PATH,
    help="What was parsed: plain text, and what has pages to show; raw by default. Repeat it for more.",
)
@click.option(
    "--pictures",
    metavar="MB",
    type=click.FloatRange(0),
    default=8.0,
    show_default=True,
    help="Most of pictures of a file's pages on one page; 0 for none.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def review_command(out: Path, folder: Path | None, raw: tuple[Path, ...], pictures: float, quiet: bool) -> None:
    """Write the records in OUT as pages to look at and decide on in a browser.

    Each page stands alone: no network, no server. The decisions that it downloads go to `gangwei parse --decisions`.
    """
    from pipeline.reviewing import review

    with told(out):
        sources = raw or [path for path in (Path("raw"),) if path.is_dir()]
        done = review(out, folder or out / "review", sources, round(pictures * 1_000_000))
        for _, error in done.failed:
            complain(error)
        if not quiet:
            click.echo(f"{done.pages} pages, {len(done.failed)} failed: {done.path}", err=True)
        sys.exit(1 if done.failed else 0)


main.add_command(parse_command)
main.add_command(config_command)
main.add_command(export_command)
main.add_command(schema_command)
main.add_command(serve_command)
main.add_command(validate_command)
main.add_command(verify_command)


def _source(path: Path, text_field: str | None) -> SourceText:
    from pipeline.parsing import source

    return source(path, standing_limits(), text_field)


if __name__ == "__main__":
    main()
