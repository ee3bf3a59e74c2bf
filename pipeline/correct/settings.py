"""What a user can set of the corrections. `pipeline/configuration` reads it from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicons:
    """Rows of the user's own lexicons, in the columns of those in `pipeline/lexicons` of the same names."""

    phrases: tuple[Row, ...] = ()
    spin: tuple[Row, ...] = ()
    synonyms: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set; the defaults hold without a file. `lexicons` are beside those of the package."""

    protected: tuple[str, ...] = ()
    off: frozenset[str] = frozenset()
    apply_above: float = 0.0
    replacements: Mapping[str, str] = field(default_factory=dict)
    suggest_above: float = 0.0
    thresholds: Mapping[str, float] = field(default_factory=dict)
    confusions: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    """Path of a model of structure that `gangwei learn` wrote; None is the one that comes with the package."""
    lexicons: Lexicons = field(default_factory=Lexicons)

    def bar(self, category: str) -> float:
        """The confidence from which a correction of a category is made."""
        return self.thresholds.get(category, self.apply_above)
