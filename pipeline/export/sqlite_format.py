"""SQLite: a database of records that is filled, and kept up to date run by run. docs/sqlite.md explains its tables."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

from pipeline.errors import InvalidRecordError, WriteError
from pipeline.export import json_format
from pipeline.export.flatten import (
    correction_rows,
    leftover_rows,
    qualification_rows,
    role_rows,
    tree_rows,
)
from pipeline.export.rows import (
    CorrectionRow,
    EntryRow,
    LeftoverRow,
    QualificationRow,
    Record,
    RoleRow,
    SectionRow,
    values,
)

VERSION = 2
"""Of the tables; kept in the database as its user_version."""
APPLICATION = 0x67616E67
"""What tells a database of gangwei from others: its application_id, "gang"."""

_PATIENCE = 5.0
"""Seconds to wait for others who write to the database."""
_OWN = "document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE"
_ROLE = "role TEXT NOT NULL REFERENCES roles ON DELETE CASCADE, position INTEGER NOT NULL"
_KIND = "kind TEXT NOT NULL CHECK (kind IN ('duties', 'requirements', 'qualities', 'other'))"
_SPAN = "span_start INTEGER NOT NULL, span_end INTEGER NOT NULL"

TABLES = f"""
CREATE TABLE documents (document TEXT PRIMARY KEY, name TEXT NOT NULL, media_type TEXT NOT NULL, encoding TEXT,
 sha256 TEXT NOT NULL, characters INTEGER NOT NULL, schema_version TEXT NOT NULL, generator TEXT NOT NULL,
 generator_version TEXT NOT NULL, lexicon_version TEXT NOT NULL, record_sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE roles (role TEXT PRIMARY KEY, {_OWN}, ordinal INTEGER, title TEXT, heading TEXT, subtitle TEXT,
 confidence REAL NOT NULL, department TEXT, reports_to TEXT, subordinates TEXT NOT NULL, authority TEXT NOT NULL,
 function TEXT, headcount TEXT, place TEXT, pay TEXT, hours TEXT, education TEXT, full_time INTEGER,
 majors TEXT NOT NULL, age_min INTEGER, age_max INTEGER, gender TEXT,
 occupation_code TEXT, occupation TEXT, occupation_confidence REAL, {_SPAN}) WITHOUT ROWID;
CREATE TABLE sections ({_ROLE}, {_OWN}, parent INTEGER, level INTEGER NOT NULL, heading TEXT, marker TEXT,
 number INTEGER, {_KIND}, confidence REAL NOT NULL, span_start INTEGER, span_end INTEGER, PRIMARY KEY (role, position),
 FOREIGN KEY (role, parent) REFERENCES sections (role, position) DEFERRABLE INITIALLY DEFERRED) WITHOUT ROWID;
CREATE TABLE entries ({_ROLE}, {_OWN}, section INTEGER, parent INTEGER,
 type TEXT NOT NULL CHECK (type IN ('item', 'paragraph', 'field')), {_KIND}, marker TEXT, number INTEGER, name TEXT,
 text TEXT NOT NULL, confidence REAL, {_SPAN}, PRIMARY KEY (role, position),
 FOREIGN KEY (role, section) REFERENCES sections (role, position) DEFERRABLE INITIALLY DEFERRED,
 FOREIGN KEY (role, parent) REFERENCES entries (role, position) DEFERRABLE INITIALLY DEFERRED) WITHOUT ROWID;
CREATE TABLE qualifications ({_ROLE}, {_OWN}, about TEXT NOT NULL, name TEXT, level TEXT, full_time INTEGER,
 least REAL, most REAL, preferred INTEGER NOT NULL, preferred_years REAL, span_start INTEGER, span_end INTEGER,
 PRIMARY KEY (role, position)) WITHOUT ROWID;
CREATE TABLE skills ({_ROLE}, {_OWN}, name TEXT NOT NULL, level TEXT, preferred INTEGER NOT NULL, {_SPAN},
 PRIMARY KEY (role, position)) WITHOUT ROWID;
CREATE TABLE corrections ({_OWN}, position INTEGER NOT NULL, made INTEGER NOT NULL, original TEXT NOT NULL,
 replacement TEXT NOT NULL, category TEXT NOT NULL, rule TEXT NOT NULL, confidence REAL NOT NULL,
 evidence TEXT NOT NULL, {_SPAN}, PRIMARY KEY (document, position)) WITHOUT ROWID;
CREATE TABLE leftovers ({_OWN}, position INTEGER NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL, {_SPAN},
 PRIMARY KEY (document, position)) WITHOUT ROWID;
CREATE INDEX roles_document ON roles (document);
CREATE INDEX roles_title ON roles (title);
CREATE INDEX roles_occupation ON roles (occupation_code);
CREATE INDEX entries_kind ON entries (kind);
CREATE INDEX qualifications_about ON qualifications (about, name);
CREATE INDEX skills_name ON skills (name);
"""

_SKILL = ("role", "position", "document", "name", "level", "preferred", "span_start", "span_end")
_BORROWED = {"entries": ("title", "heading"), "qualifications": ("title",)}
"""What rows repeat of their role and section for readers of flat tables: a database joins."""
_DOCUMENT = (
    "document",
    "name",
    "media_type",
    "encoding",
    "sha256",
    "characters",
    "schema_version",
    "generator",
    "generator_version",
    "lexicon_version",
    "record_sha256",
)


def write(records: Iterable[Record], target: Path) -> None:
    """Put records into a database, which is made where it is missing: a document's rows are replaced in one transaction.

    A record that the database holds as it is costs no write. Rows of documents that are not among the records stay.
    Raises WriteError for a file that is another's or is locked, InvalidRecordError for a text that is no Unicode.
    """
    try:
        with closing(sqlite3.connect(target, timeout=_PATIENCE, isolation_level=None)) as database:
            _prepare(database, target)
            for record in records:
                _put(database, record)
    except sqlite3.Error as error:
        raise WriteError(f"cannot write {target}: {error}") from error


def _prepare(database: sqlite3.Connection, target: Path) -> None:
    application, version, tables = (
        database.execute(query).fetchone()[0]
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    database.execute("PRAGMA foreign_keys = ON")
    if not tables:
        # What is in the making is thrown away when it is not finished, so it needs no journal and no care.
        database.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;")
        database.executescript(
            f"BEGIN; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; {TABLES} COMMIT;"
        )
    elif application != APPLICATION:
        raise WriteError(f"cannot write {target}: a database that gangwei did not make")
    elif version != VERSION:
        raise WriteError(f"cannot write {target}: its tables are of version {version}, not {VERSION}; export it anew")


def _put(database: sqlite3.Connection, record: Record) -> None:
    """Replace a document's rows, unless the database holds this very record already."""
    digest = hashlib.sha256(json_format.write(record.document)).hexdigest()
    held = database.execute("SELECT record_sha256 FROM documents WHERE document = ?", (record.name,)).fetchone()
    if held == (digest,):
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        database.execute("DELETE FROM documents WHERE document = ?", (record.name,))
        for table, columns, rows in _filled(record, digest):
            marks = ", ".join("?" * len(columns))
            database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        database.execute("COMMIT")
    except (UnicodeEncodeError, OverflowError) as error:
        database.execute("ROLLBACK")
        raise InvalidRecordError(f"{record.name}: cannot be written as SQLite: {error}") from error


def _filled(record: Record, digest: str) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]:
    """Tables, in the order that their references ask for, their columns and a record's rows in them."""
    asked = tuple(qualification_rows(record))
    tree = tree_rows(record)
    yield "documents", _DOCUMENT, iter([_document(record, digest)])
    for table, row_type, rows in (
        ("roles", RoleRow, role_rows(record)),
        ("sections", SectionRow, tree.sections),
        ("entries", EntryRow, tree.entries),
        ("qualifications", QualificationRow, (row for row in asked if row.about != "skill")),
        ("corrections", CorrectionRow, correction_rows(record)),
        ("leftovers", LeftoverRow, leftover_rows(record)),
    ):
        borrowed = _BORROWED.get(table, ())
        columns = tuple(field.name for field in fields(row_type) if field.name not in borrowed)
        yield table, columns, _stored(rows, columns)
    yield "skills", _SKILL, _stored((row for row in asked if row.about == "skill"), _SKILL)


def _document(record: Record, digest: str) -> tuple[Any, ...]:
    source, made = record.document.source, record.document.generator
    about = (source.name, source.media_type, source.encoding, source.sha256, source.characters)
    return (record.name, *about, record.document.schema_version, made.name, made.version, made.lexicon_version, digest)


def _stored(rows: Iterable[object], columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Rows as SQLite takes them: a list is a JSON array."""
    for row in rows:
        yield tuple(
            json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else value
            for value in values(row, columns)
        )
