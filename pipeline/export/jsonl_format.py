"""JSON Lines: the records themselves, one a line, as `gangwei parse --lines` writes them too."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.export import json_format
from pipeline.export.rows import Record


def write(records: Iterable[Record], target: Path) -> None:
    """UTF-8, a record a line, the file replaced. Raises InvalidRecordError for a text that is no Unicode, OSError."""
    with target.open("wb") as file:
        for record in records:
            file.write(json_format.write(record.document, on_one_line=True))
