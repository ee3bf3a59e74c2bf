"""Correct what readers of scans, typists and rewriting software did to a text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.blocks import Corrected
from pipeline.text import Revision

__all__ = ["Settings", "correct", "load_settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set."""


def correct(cleaned: Revision, settings: Settings | None = None) -> Corrected:
    """The text with its certain errors mended and the uncertain ones listed."""
    return Corrected(cleaned)


def load_settings(path: Path) -> Settings:
    """The settings that a TOML file holds."""
    return Settings()
