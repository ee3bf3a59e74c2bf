"""The configuration in force, as TOML that reads back to the same: each key with what it means and whence its value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipeline.configuration.keys import Configuration

Origin = Callable[[tuple[str, ...]], str]
"""Says where the value of a key comes from: "default", "command line", or a file and its line."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def shown(configuration: Configuration, origin: Origin, head: str) -> str:
    """The configuration as TOML; `head` is the comment that it begins with, one line."""
    out = [_comment(head)]
    for name, info, value in _entries(configuration):
        if not isinstance(value, Mapping | BaseModel):
            out += ["", *_key(name, info, value, origin((name,)))]
    for name, info, value in _entries(configuration):
        if isinstance(value, BaseModel):
            out += ["", _comment(info.description or ""), f"[{name}]"]
            for key, about, inner in _entries(value):
                out += _key(key, about, inner, origin((name, key)))
        elif isinstance(value, Mapping):
            out += ["", _comment(f"{info.description} From: {origin((name,))}."), f"[{name}]"]
            out += [f"{_name(key)} = {_value(inner)}" for key, inner in value.items()]
    return "\n".join(out) + "\n"


def _entries(table: BaseModel) -> Iterator[tuple[str, FieldInfo, Any]]:
    for name, info in type(table).model_fields.items():
        yield name, info, getattr(table, name)


def _key(name: str, info: FieldInfo, value: Any, origin: str) -> list[str]:
    """A key with its comment; one that is not set is a comment, too, since TOML has no null."""
    about = _comment(f"{info.description} From: {origin}.")
    return [about, f"# {name} is not set" if value is None else f"{name} = {_value(value)}"]


def _value(value: Any) -> str:
    """A value in TOML. Its strings are those of JSON, but for one control character that JSON leaves as it is."""
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return f"[{', '.join(map(_value, sorted(value) if isinstance(value, Set) else value))}]"


def _name(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(str(key))


def _comment(text: str) -> str:
    """A comment in one line, whatever is in the name of a file."""
    return f"# {''.join(c if c.isprintable() else '?' for c in text)}"
