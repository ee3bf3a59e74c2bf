"""CSV, one row a role or one row an entry: as RFC 4180 says it, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidRecordError
from pipeline.export.characters import visible
from pipeline.export.flatten import role_rows, tree_rows
from pipeline.export.rows import EntryRow, Record, RoleRow, values
from pipeline.model import wording

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet may take for a formula, as OWASP lists it."""

_LISTS = ("experience", "duties", "requirements", "qualities", "languages", "certificates", "skills")
"""Columns of the table of roles that hold many things, one a line, besides those of RoleRow."""


def write_roles(records: Iterable[Record], target: Path, mark: bool = False) -> None:
    """A row a role, with its duties, requirements and qualities, each one a line within its cell.

    `mark` puts a byte-order mark in front, by which Excel knows UTF-8. Raises InvalidRecordError, OSError.
    """
    columns = tuple(field.name for field in fields(RoleRow))
    _write((*columns, *_LISTS), records, lambda record: _roles(record, columns), target, mark)


def write_entries(records: Iterable[Record], target: Path, mark: bool = False) -> None:
    """A row an entry, of all kinds, in reading order; `mark` and what is raised are as for `write_roles`."""
    columns = tuple(field.name for field in fields(EntryRow))
    _write(columns, records, lambda record: (values(row, columns) for row in tree_rows(record).entries), target, mark)


def _roles(record: Record, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    for row, role in zip(role_rows(record), record.document.roles, strict=True):
        asked = role.qualifications
        experience = tuple(wording.experience(each) for each in asked.experience)
        texts = (tuple(e.text for e in view) for view in (role.duties, role.requirements, role.qualities))
        names = (tuple(n.name for n in named) for named in (asked.languages, asked.certificates, asked.skills))
        yield (*values(row, columns), experience, *texts, *names)


def _write(
    header: tuple[str, ...],
    records: Iterable[Record],
    rows: Callable[[Record], Iterable[tuple[Any, ...]]],
    target: Path,
    mark: bool,
) -> None:
    with target.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\r\n")
        table.writerow(header)
        for record in records:
            try:
                table.writerows([_cell(value) for value in row] for row in rows(record))
            except UnicodeEncodeError as error:
                raise InvalidRecordError(f"{record.name}: cannot be written as CSV: {error}") from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = visible("\n".join(value) if isinstance(value, tuple) else value)
    return f"'{text}" if text.startswith(_FORMULA) else text
