"""What a user can set, in one TOML file.

protected = ["用心服务"]            # never touched
off = ["spin"]                     # categories: ocr typo spin punct dup missing
apply_above = 0.9                  # confidence from which a correction is made, 0 to 1
suggest_above = 0.4                # confidence from which it is suggested
model = "my-style.npz"             # a model of structure that `gangwei learn` wrote
[thresholds]                       # apply_above for one category
ocr = 0.8
[confusions]                       # mended where the right one reads better
"帐号" = "账号"
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

_KNOWN = frozenset(
    ("protected", "off", "apply_above", "suggest_above", "thresholds", "confusions", "replacements", "model")
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set; the defaults hold without a file."""

    protected: tuple[str, ...] = ()
    off: frozenset[str] = frozenset()
    apply_above: float = 0.0
    replacements: Mapping[str, str] = field(default_factory=dict)
    suggest_above: float = 0.0
    thresholds: Mapping[str, float] = field(default_factory=dict)
    confusions: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    """Path of a model of structure that `gangwei learn` wrote; None is the one that comes with the package."""

    def bar(self, category: str) -> float:
        """The confidence from which a correction of a category is made."""
        return self.thresholds.get(category, self.apply_above)


def load_settings(path: Path) -> Settings:
    """The settings of a TOML file. Raises LexiconError naming the file and what is wrong in it."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # editors on Windows write a byte-order mark
    except OSError as error:
        raise LexiconError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise LexiconError(f"{path}: {error}") from error
    except RecursionError as error:
        raise LexiconError(f"{path}: nested too deeply") from error
    unknown = sorted(set(raw) - _KNOWN)
    if unknown:
        raise LexiconError(f"{path}: unknown setting {unknown[0]!r}; there are {', '.join(sorted(_KNOWN))}")
    off = frozenset(_words(raw.get("off", []), path, "off"))
    thresholds = raw.get("thresholds", {})
    if not isinstance(thresholds, dict):
        raise LexiconError(f"{path}: thresholds must map categories to numbers")
    for name, categories in (("off", off), ("thresholds", set(thresholds))):
        if wrong := sorted(categories - {c.value for c in Category}):
            raise LexiconError(f"{path}: {name}: {wrong[0]!r} is no category")
    model = raw.get("model")
    if model is not None and not isinstance(model, str):
        raise LexiconError(f"{path}: model must be the path of a file")
    return Settings(
        protected=tuple(_words(raw.get("protected", []), path, "protected")),
        off=off,
        apply_above=_share(raw.get("apply_above", 0.0), path, "apply_above"),
        replacements=_pairs(raw.get("replacements", {}), path, "replacements"),
        suggest_above=_share(raw.get("suggest_above", 0.0), path, "suggest_above"),
        thresholds={c: _share(value, path, f"thresholds.{c}") for c, value in thresholds.items()},
        confusions=_pairs(raw.get("confusions", {}), path, "confusions"),
        model=str(path.parent / model) if model else None,
    )


def _share(value: Any, path: Path, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise LexiconError(f"{path}: {name} must be a number from 0 to 1")
    return float(value)


def _pairs(value: Any, path: Path, name: str) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) and k for k, v in value.items()):
        raise LexiconError(f"{path}: {name} must map texts to texts")
    return value


def _words(value: Any, path: Path, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise LexiconError(f"{path}: {name} must be a list of texts")
    return value
