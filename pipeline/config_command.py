"""The command `gangwei config`; the configuration itself is in `configuration`, imported when it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from pipeline import options
from pipeline.names import CONFIGURATION, readable
from pipeline.terminal import complain, told

if TYPE_CHECKING:
    from pipeline.configuration import Configuration

_EXIT_CODES = "Exit codes: 0 all is well, 1 the file has problems, 2 wrong usage, or --show of a file with problems."


def _check(context: click.Context, _parameter: click.Parameter, path: Path | None) -> None:
    """Check a file and end; before anything else is read, such as another file in the working folder."""
    if path is None:
        return
    from pipeline.configuration import problems

    with told(path):
        found = problems(path)
        for problem in found:
            complain(problem)
        if not found:
            click.echo(f"{readable(str(path))}: sound", err=True)
        context.exit(1 if found else 0)


@click.command("config", epilog=_EXIT_CODES)
@click.option("--show", is_flag=True, help="Print the whole configuration in force, with where each value comes from.")
@click.option(
    "--check",
    type=options.PATH,
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=_check,
    help="Check a file, the lexicons and the model that it names.",
)
@options.settings_option
@options.formats_option
@options.jobs_option
@options.model_option
@options.id_option
@options.field_option
@options.limit_options
@click.pass_context
def config_command(context: click.Context, /, show: bool, **_values: Any) -> None:
    """Show or check what is set for all runs, in gangwei.toml.

    The file is the one that --config names, or else lies in the working folder. The command line goes before the file,
    and the file before the defaults; with --show, the other options are shown as they would hold for `gangwei parse`.
    What is shown is such a file itself.
    """
    if not show:
        raise click.UsageError("say --show or --check FILE")
    from pipeline.configuration import shown

    found = options.loaded()
    where = "which --config names" if _is_given(context, "settings") else "which lies in the working folder"
    head = f"Read from {_name(found.path)}, {where}." if found else f"There is no {CONFIGURATION}: all are defaults."
    given = {key: name for name, key in options.KEYS.items() if _is_given(context, name)}

    def origin(key: Sequence[str]) -> str:
        """Where the value of a key comes from."""
        if tuple(key) in given:
            return "the command line"
        return readable((found.origin(key) if found else None) or "default")

    with told():
        sys.stdout.buffer.write(shown(_in_force(context), origin, head).encode("utf-8", "surrogateescape"))


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _in_force(context: click.Context) -> Configuration:
    """The configuration of the file, or the defaults, with what the command line says in place of it."""
    from pipeline.configuration import Configuration

    found = options.loaded()
    configuration = found.configuration if found else Configuration()
    for name, key in options.KEYS.items():
        if _is_given(context, name):
            value = context.params[name]
            configuration = _put(configuration, key, os.path.abspath(value) if isinstance(value, Path) else value)
    return configuration


def _put(table: Any, key: Sequence[str], value: Any) -> Any:
    """A table with another value for a key."""
    name, *inner = key
    return table.model_copy(update={name: _put(getattr(table, name), inner, value) if inner else value})


def _name(path: Path) -> str:
    return readable(os.path.abspath(path))
