"""Names of subjects and skills of all trades, which stand in for one another in training."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def named(sort: str) -> tuple[str, ...]:
    """The names of one sort, "subject" or "skill"."""
    lines = Path(__file__).with_name("names.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(name for kind, name in rows if kind == sort)
