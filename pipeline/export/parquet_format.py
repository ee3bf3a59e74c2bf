"""Parquet: a row a role, its entries, qualifications and lists nested in it. Needs the extra `parquet`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from pipeline.errors import InvalidRecordError, MissingPackageError
from pipeline.export.flatten import qualification_rows, role_rows, tree_rows
from pipeline.export.rows import EntryRow, QualificationRow, Record, RoleRow, SectionRow

_GROUP = 1_000
"""Roles that are held in memory and written as one row group."""
_NESTED = {"sections": SectionRow, "entries": EntryRow, "qualifications": QualificationRow}
_OF_THE_ROLE = ("document", "role", "title")
"""What nested rows need not say again."""


def write(records: Iterable[Record], target: Path) -> None:
    """A row a role, the file replaced. Raises MissingPackageError without the extra, InvalidRecordError, OSError."""
    arrow, parquet = _packages()
    schema = _schema(arrow)
    with parquet.ParquetWriter(str(target), schema, compression="zstd") as file:
        group: list[dict[str, Any]] = []
        for record in records:
            group += _rows(record)
            if len(group) >= _GROUP:
                file.write_table(_table(arrow, group, schema, record.name))
                group = []
        if group:
            file.write_table(_table(arrow, group, schema, record.name))


def _packages() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingPackageError("Parquet needs the package pyarrow: pip install 'gangwei[parquet]'") from error
    return pyarrow, pyarrow.parquet


def _table(arrow: Any, rows: list[dict[str, Any]], schema: Any, name: str) -> Any:
    try:
        return arrow.Table.from_pylist(rows, schema=schema)
    except (arrow.ArrowException, UnicodeEncodeError, OverflowError) as error:
        raise InvalidRecordError(f"a record up to {name} cannot be written as Parquet: {error}") from error


def _rows(record: Record) -> Iterator[dict[str, Any]]:
    tree = tree_rows(record)
    nested: dict[str, Iterable[Any]] = {
        "sections": tree.sections,
        "entries": tree.entries,
        "qualifications": qualification_rows(record),
    }
    by_role: dict[str, dict[str, list[dict[str, Any]]]] = {key: {n: [] for n in nested} for key, _ in record.roles}
    for name, rows in nested.items():
        for row in rows:
            by_role[row.role][name].append(asdict(row))
    for role in role_rows(record):
        yield {**asdict(role), **by_role[role.role]}


# -- the schema, read off the rows ------------------------------------------------------------------------------------


def _schema(arrow: Any) -> Any:
    """Fields in the order of RoleRow, then the nested ones; a field may be null where its row's may be None."""
    nested = [
        arrow.field(name, arrow.list_(arrow.struct(_fields(arrow, row, _OF_THE_ROLE))), nullable=False)
        for name, row in _NESTED.items()
    ]
    return arrow.schema([*_fields(arrow, RoleRow), *nested])


def _fields(arrow: Any, row: type[Any], without: tuple[str, ...] = ()) -> list[Any]:
    hints = get_type_hints(row)
    names = [field.name for field in fields(row) if field.name not in without]
    return [
        arrow.field(name, _type(arrow, hints[name]), nullable=type(None) in get_args(hints[name])) for name in names
    ]


def _type(arrow: Any, hint: Any) -> Any:
    if hint == tuple[str, ...]:
        return arrow.list_(arrow.string())
    plain = next((inner for inner in get_args(hint) if inner is not type(None)), hint)
    return {str: arrow.string(), int: arrow.int64(), float: arrow.float64(), bool: arrow.bool_()}[plain]
