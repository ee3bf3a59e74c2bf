"""What the work on a cluster is made of: how it is done, its units, and what became of each."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline import manifest
from pipeline.limits import Limits
from pipeline.lines import TEXT_FIELD, LinesPlan

if TYPE_CHECKING:
    from pipeline.correct import Settings

SHARDS = ("parquet", "jsonl", "jsonl.gz", "jsonl.zst")
"""What records can be written as."""
_PARTS, _LEAST, _MOST = 100, 1 << 20, 1 << 25


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """How inputs are parsed on a cluster.

    `lines` says that inputs hold a posting a line or row (JSON lines, Parquet), else each file is a document. `shards`
    is one of SHARDS. `text_field` is None for the default: "text" of lines, and of JSON documents none. With `force`
    what an earlier run made is made again. `unit_bytes` is the size of a unit of work; None takes a hundredth of the
    file that it is cut from, from 1 to 32 MiB. It must not change between runs that are to go on from each other.
    """

    lines: bool = True
    shards: str = "parquet"
    id_field: str = "id"
    text_field: str | None = None
    settings: Settings | None = None
    limits: Limits = field(default_factory=Limits)
    force: bool = False
    unit_bytes: int | None = None

    @property
    def of_lines(self) -> LinesPlan:
        """How a line is parsed."""
        return LinesPlan(self.id_field, self.text_field or TEXT_FIELD, self.settings, self.limits)

    def recipe(self) -> str:
        """What changes with all that changes records: the program, its models, the settings, the fields, the shards."""
        return f"{manifest.recipe(self.settings, (self.shards,), self.text_field)}-{self.id_field}"

    def size_of_unit(self, size: int) -> int:
        """Bytes of a unit of a file of `size` bytes, its packing left out of account."""
        return self.unit_bytes or min(max(size // _PARTS, _LEAST), _MOST)


class Found(NamedTuple):
    """A file: its path on its file system, its size in bytes, and a number that changes with it (its time, in ns)."""

    path: str
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Unit:
    """Work for one task: some lines or rows of a file, or some documents of a folder.

    `name` is that of its outputs, without suffix; `source` the path of the file or folder. Lines and rows are those
    from `first` (from 0) to before `last`, None being the end; line `first` begins at byte `offset` where the file is
    not packed. `files` are the documents.
    """

    name: str
    source: str
    files: tuple[Found, ...]
    first: int = 0
    last: int | None = None
    offset: int = 0

    def made_from(self, recipe: str) -> str:
        """Changes when the outputs would."""
        told = json.dumps([asdict(self), recipe])
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """What became of a unit: numbers of documents, or the `error` that kept it from being finished.

    `unchanged` says that an earlier run had finished it. `files` are its outputs below the output folder.
    """

    name: str
    source: str
    parsed: int = 0
    failed: int = 0
    unchanged: bool = False
    error: str | None = None
    files: tuple[str, ...] = ()
