"""The configuration of a file. One parser for all of it; each problem is told with file, line and key."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError

from pipeline.configuration.keys import Configuration, Must
from pipeline.configuration.own import Row, rows, text_of
from pipeline.configuration.places import line_of
from pipeline.correct import Lexicons, Settings
from pipeline.errors import LexiconError, PipelineError
from pipeline.model import Category
from pipeline.segment import load_model

_MOST = 1_000_000
"""Bytes of a file."""
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration of a file; its text says where each key stands.

    `settings` is what of it steers how documents are read, with the rows of the user's lexicons.
    """

    path: Path
    text: str
    configuration: Configuration
    settings: Settings

    def origin(self, key: Sequence[str]) -> str | None:
        """File and line of a key; None where the file leaves it to its default."""
        table: BaseModel = self.configuration
        *outer, last = key
        for name in outer:
            table = getattr(table, name)
        line = line_of(self.text, key)
        return f"{self.path}:{line}" if last in table.model_fields_set and line else None


def load(path: Path) -> Loaded:
    """The configuration of a file. Its lexicons and model of structure are looked into.

    Paths in it are of its own folder, and absolute in what is returned. Raises LexiconError for the first problem,
    naming file, line and key.
    """
    text = text_of(path, _MOST)
    configuration = _resolved(_valid(_toml(text, path), text, path), path)
    return Loaded(path, text, configuration, _settings(configuration, text, path))


def load_settings(path: Path) -> Settings:
    """What of a file steers how documents are read. Raises as `load` does."""
    return load(path).settings


def problems(path: Path) -> tuple[str, ...]:
    """All that is wrong with a file, a line each; nothing where it is sound."""
    try:
        load(path)
    except _Problems as error:
        return error.lines
    except LexiconError as error:
        return (str(error),)
    return ()


class _Problems(LexiconError):
    """Several problems of a file, a line each; the message is the first."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(lines[0])
        self.lines = tuple(lines)


def _toml(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = str(error)
        at = _AT.search(told)
        line = at[1] if at and at[1] else text.rstrip().count("\n") + 1
        column = f" (column {at[2]})" if at and at[2] else ""
        raise LexiconError(f"{path}:{line}: {_AT.sub('', told)}{column}") from error
    except ValueError as error:  # a number of thousands of digits
        raise LexiconError(f"{path}: {error}") from error
    except RecursionError as error:
        raise LexiconError(f"{path}: nested too deeply") from error


def _valid(raw: dict[str, Any], text: str, path: Path) -> Configuration:
    try:
        # by way of JSON, in which pydantic is strict on types and knows that TOML has no tuples
        return Configuration.model_validate_json(json.dumps(raw, default=_stranger), strict=True)
    except (ValueError, RecursionError) as error:
        if not isinstance(error, ValidationError):
            raise LexiconError(f"{path}: {error}") from error
        found = error.errors(include_url=False, include_context=False)
        inner = {e["loc"][:-1] for e in found}  # a list with a wrong entry is not told of, too, for being too short
        told = [e for e in found if e["loc"] not in inner]
        placed = [(line_of(text, e["loc"]) or 0, _reason(e["type"], e["loc"], e["input"])) for e in told]
        placed.sort(key=lambda pair: pair[0])
        raise _Problems([f"{path}:{line}: {why}" if line else f"{path}: {why}" for line, why in placed]) from error


def _stranger(value: Any) -> dict[str, str]:
    """What stands for a date or a time, which no key may be: something that no key may be, either."""
    return {"": str(value)}


# -- words for what is wrong ------------------------------------------------------------------------------------------


def _reason(kind: str, loc: tuple[str | int, ...], value: Any) -> str:
    key = _key(loc)
    if kind == "extra_forbidden":
        known = _table(loc[:-1]).model_fields
        return f"unknown setting {key!r}; there are {', '.join(sorted(known))}"
    if kind == "enum":
        return f"{_key(loc[:1])}: {value!r} is no category; there are {' '.join(Category)}"
    if loc[-1] == "[key]":
        return f"{_key(loc[:-2])}: a key may not be empty"
    must = _must(loc)
    return f"{key} must {must}" if must.startswith("map ") else f"{key} must be {must}"


def _key(loc: Sequence[str | int]) -> str:
    """A key as people write it: thresholds.ocr, protected[1]."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc if step != "[key]")
    return "".join(steps).removeprefix(".")


def _table(loc: Sequence[str | int]) -> type[BaseModel]:
    """The table that a key is in."""
    inner: Any = Configuration.model_fields[str(loc[0])].annotation if loc else Configuration
    return cast(type[BaseModel], inner)


def _must(loc: Sequence[str | int]) -> str:
    """What the value at a place must be."""
    table: type[BaseModel] = Configuration
    while True:
        info = table.model_fields[str(loc[0])]
        inner = info.annotation
        if len(loc) == 1:
            return next(m for m in info.metadata if isinstance(m, Must))
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break
        table, loc = inner, loc[1:]
    of = next(arg for arg in reversed(get_args(inner)) if arg is not Ellipsis)
    return next((m for m in getattr(of, "__metadata__", ()) if isinstance(m, Must)), "json or xml")


# -- what the file names ----------------------------------------------------------------------------------------------


def _resolved(configuration: Configuration, path: Path) -> Configuration:
    """The configuration with its paths, which are of the file's folder, made absolute."""
    folder = path.parent
    files = {name: tuple(_absolute(folder, file) for file in value) for name, value in configuration.lexicons if value}
    update: dict[str, Any] = {}
    if files:
        update["lexicons"] = configuration.lexicons.model_copy(update=files)
    if configuration.model is not None:
        update["model"] = _absolute(folder, configuration.model)
    return configuration.model_copy(update=update)


def _absolute(folder: Path, file: str) -> str:
    return os.path.abspath(folder / file)


def _settings(configuration: Configuration, text: str, path: Path) -> Settings:
    """What the corrector and the model of structure are told. Raises LexiconError, naming the line of a bad file."""
    own: dict[str, tuple[Row, ...]] = {}
    for kind, files in configuration.lexicons:
        with _naming(path, text, ("lexicons", kind)):
            own[kind] = tuple(dict.fromkeys(row for file in files for row in rows(kind, Path(file))))
    if configuration.model is not None:
        with _naming(path, text, ("model",)):
            load_model(configuration.model)
    protected = (*configuration.protected, *(row[0] for row in own.pop("protected")))
    return Settings(
        protected=protected,
        off=frozenset(category.value for category in configuration.off),
        apply_above=configuration.apply_above,
        replacements=dict(configuration.replacements),
        suggest_above=configuration.suggest_above,
        thresholds={category.value: bar for category, bar in configuration.thresholds.items()},
        confusions=dict(configuration.confusions),
        model=configuration.model,
        lexicons=Lexicons(**own),
    )


@contextmanager
def _naming(path: Path, text: str, key: Sequence[str]) -> Iterator[None]:
    """Put file, line and key before the message of an error within."""
    try:
        yield
    except PipelineError as error:
        line = line_of(text, key)
        raise LexiconError(f"{path}{f':{line}' if line else ''}: {_key(key)}: {error}") from error
