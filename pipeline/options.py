"""Options that several commands share, and what they are checked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from pipeline.errors import PipelineError
from pipeline.limits import Limits
from pipeline.names import CONFIGURATION

if TYPE_CHECKING:
    from pipeline.configuration import Loaded
    from pipeline.correct import Settings
    from pipeline.review.decisions import Decisions

FORMATS: tuple[Literal["json", "xml"], ...] = ("json", "xml")
KEYS = {
    "formats": ("formats",),
    "jobs": ("jobs",),
    "model": ("model",),
    "id_field": ("id_field",),
    "text_field": ("text_field",),
    "max_bytes": ("limits", "bytes"),
    "max_characters": ("limits", "characters"),
    "max_seconds": ("limits", "seconds"),
    "max_memory": ("limits", "memory"),
}
"""Options, by the names of their values, and the keys of the configuration that say the same."""
_APART = ("formats", "model")
"""Those of them that a file says otherwise than the command line: which may name one where the file names several."""
_LOADED = f"{__name__}.loaded"
EXPORTS = ("csv-roles", "csv-entries", "jsonl", "xlsx", "sqlite", "parquet", "markdown", "jsonld", "hropen")
"""The names of `pipeline.export.views`, which would take long to import for a word of help."""
Command = TypeVar("Command", bound=Callable[..., Any])


def formats_of(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for value in values for name in value.split(",")))
    for name in names:
        if name not in FORMATS:
            raise click.BadParameter(f"{name!r} is none of {', '.join(FORMATS)}")
    return names


def model_of(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    """The path of a model that can be loaded: better refused at once than by each document."""
    if path is None:
        return None
    from pipeline.segment import load_model

    try:
        load_model(str(path))
    except PipelineError as error:
        raise click.BadParameter(str(error)) from error
    return path


def steered(settings: Settings | None, model: Path | None) -> Settings | None:
    """The settings, with a model that the command line names."""
    if model is None:
        return settings
    from dataclasses import replace

    from pipeline.correct import Settings

    return replace(settings or Settings(), model=str(model))


def settings_of(context: click.Context, _parameter: click.Parameter, path: Path | None) -> Settings | None:
    """The settings of the configuration that is named or lies in the working folder, None where there is none.

    What else is in it becomes the default of the command's other options, so that the command line goes before it.
    """
    path = path or (Path(CONFIGURATION) if Path(CONFIGURATION).is_file() else None)
    if path is None:
        return None
    from pipeline.configuration import load

    try:
        loaded = load(path)
    except PipelineError as error:
        raise click.BadParameter(str(error)) from error
    context.meta[_LOADED] = loaded
    values = {name: value for name, key in KEYS.items() if (value := _set(loaded.configuration, key)) is not None}
    context.default_map = {name: value for name, value in values.items() if name not in _APART}
    return loaded.settings


def _set(table: Any, key: Sequence[str]) -> Any:
    """What a file sets a key to, None where it does not."""
    for name in key:
        if name not in table.model_fields_set:
            return None
        table = getattr(table, name)
    return table


def loaded() -> Loaded | None:
    """The configuration of the command that runs, None where no file says any."""
    found: Loaded | None = click.get_current_context().meta.get(_LOADED)
    return found


def standing_formats() -> tuple[str, ...]:
    """The formats that are written where the command line names none."""
    found = loaded()
    return found.configuration.formats if found else FORMATS


def standing_limits() -> Limits:
    """The limits of a command that has no options for them."""
    found = loaded()
    return Limits(**found.configuration.limits.model_dump()) if found else Limits()


def decisions_of(_context: click.Context, _parameter: click.Parameter, paths: Sequence[Path]) -> tuple[Decisions, ...]:
    if not paths:
        return ()
    from pipeline.review.decisions import load

    try:
        return tuple(load(file) for path in paths for file in _files_of_decisions(path))
    except PipelineError as error:
        raise click.BadParameter(str(error)) from error


def _files_of_decisions(path: Path) -> list[Path]:
    """A file, or those of a folder that the pages of `gangwei review` name so."""
    return sorted(path.glob("*.decisions.json")) if path.is_dir() else [path]


class _PathType(click.ParamType[Path]):
    """A path; nothing at all, which a shell makes of an unset variable, is none: it would mean the working folder."""

    name = "path"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value):
            self.fail("an empty path; . is the working folder", param, ctx)
        return Path(value)


class _LocationType(click.ParamType[str]):
    """A path or URI as it was given: a Path would make one slash of the two in s3://."""

    name = "path"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        PATH.convert(value, param, ctx)
        return str(value)


PATH, LOCATION = _PathType(), _LocationType()

_CONFIGURATION: dict[str, Any] = {
    "type": PATH,
    "callback": settings_of,
    "is_eager": True,
    "metavar": "FILE.toml",
    "help": f"What is set for all runs (`gangwei config`); {CONFIGURATION} in the working folder unless named.",
}
settings_option = click.option("--config", "--settings", "settings", **_CONFIGURATION)
configuration_option = click.option("--config", "--settings", "settings", expose_value=False, **_CONFIGURATION)
"""The same for a command that needs the defaults of its options only."""
formats_option = click.option(
    "--format",
    "formats",
    multiple=True,
    callback=formats_of,
    metavar="NAME",
    help="json or xml; repeat it or join names by commas. Both by default; with -o - json.",
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Worker processes; by default one a core."
)
id_option = click.option(
    "--id-field", default="id", metavar="NAME", show_default=True, help="With --lines: what holds the name."
)
decisions_option = click.option(
    "--decisions",
    "decided",
    multiple=True,
    type=PATH,
    callback=decisions_of,
    metavar="PATH",
    help="What a person decided on a page of `gangwei review`; a folder of such files, too. Repeat it for more.",
)
model_option = click.option(
    "--model", type=PATH, callback=model_of, help="A model of structure that `gangwei learn` wrote."
)
field_option = click.option(
    "--text-field",
    metavar="NAME",
    help='The field that holds the text, in JSON; a.b is b in a. With --lines it is "text" by default.',
)

_LEAST, _LIMITS = click.IntRange(1), Limits()
_limits = (
    click.option("--max-bytes", type=_LEAST, default=_LIMITS.bytes, metavar="N", show_default=True, help="Of a file."),
    click.option(
        "--max-characters", type=_LEAST, default=_LIMITS.characters, metavar="N", show_default=True, help="Of a text."
    ),
    click.option(
        "--max-seconds",
        type=click.FloatRange(0, min_open=True),
        default=_LIMITS.seconds,
        metavar="S",
        show_default=True,
        help="For a document of up to 300,000 bytes; a longer one has as much for each 300,000.",
    ),
    click.option(
        "--max-memory", type=_LEAST, default=_LIMITS.memory, metavar="MIB", show_default=True, help="Of a process."
    ),
)


def limit_options(command: Command) -> Command:
    """The limits of one document, as options of a command."""
    for option in reversed(_limits):
        command = option(command)
    return command
