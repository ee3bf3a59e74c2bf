"""What a user can set, in one TOML file.

protected = ["用心服务"]            # never touched
off = ["spin"]                     # categories: ocr typo spin punct dup missing
apply_above = 0.75                 # confidence from which a correction is made, 0 to 1
[replacements]                     # always made, as they stand
"岗位职责说明说" = "岗位职责说明书"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import LexiconError
from pipeline.model import Category

_KNOWN = frozenset(("protected", "off", "apply_above", "replacements"))


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set; the defaults hold without a file."""

    protected: tuple[str, ...] = ()
    off: frozenset[str] = frozenset()
    apply_above: float = 0.0
    replacements: Mapping[str, str] = field(default_factory=dict)


def load_settings(path: Path) -> Settings:
    """The settings of a TOML file. Raises LexiconError naming the file and what is wrong in it."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LexiconError(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: {error}") from error
    unknown = sorted(set(raw) - _KNOWN)
    if unknown:
        raise LexiconError(f"{path}: unknown setting {unknown[0]!r}; there are {', '.join(sorted(_KNOWN))}")
    off = frozenset(_words(raw.get("off", []), path, "off"))
    wrong = sorted(off - {c.value for c in Category})
    if wrong:
        raise LexiconError(f"{path}: off: {wrong[0]!r} is no category")
    above = raw.get("apply_above", 0.0)
    if not isinstance(above, int | float) or not 0 <= above <= 1:
        raise LexiconError(f"{path}: apply_above must be a number from 0 to 1")
    pairs = raw.get("replacements", {})
    if not isinstance(pairs, dict) or not all(isinstance(v, str) and k for k, v in pairs.items()):
        raise LexiconError(f"{path}: replacements must map texts to texts")
    return Settings(tuple(_words(raw.get("protected", []), path, "protected")), off, float(above), pairs)


def _words(value: Any, path: Path, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise LexiconError(f"{path}: {name} must be a list of texts")
    return value
