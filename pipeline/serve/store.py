"""Batches as folders: what came, what was made of it, and what went wrong, as files that outlive the process.

A batch is the folder `batch-ID` with `batch.json`, written last, and a numbered folder for each document: `source` as it
came, then `record.json`, `record.xml` and `record.source.txt`, or `problem.json`; `decisions.json` if people decided.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import orjson

from pipeline import outputs
from pipeline.errors import WriteError
from pipeline.serve.bounds import Bounds
from pipeline.serve.problems import Problem, Refusal, of_json
from pipeline.serve.work import RECORD

_PREFIX = "batch-"
_BATCH = "batch"
_PROBLEM = "problem"
_JSON = ".json"


class State(StrEnum):
    """What has become of a document."""

    WAITING = "waiting"
    PARSED = "parsed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of a batch: its number from 1, the name of its file, its size in bytes."""

    number: int
    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents that came together, when (seconds since 1970), and where they are."""

    id: str
    created: float
    folder: Path
    entries: tuple[Entry, ...]

    def folder_of(self, number: int) -> Path:
        """The folder of a document."""
        return self.folder / str(number)


class Store:
    """The batches below a folder; what became of their documents is known without looking there."""

    def __init__(self, root: Path, bounds: Bounds) -> None:
        self._root = root
        self._bounds = bounds
        self._batches: dict[str, Batch] = {}
        self._states: dict[str, dict[int, State]] = {}
        self._coming = 0

    def load(self) -> None:
        """Find the batches of an earlier process, and remove what only came half. Raises WriteError."""
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in sorted(self._root.glob(f"{_PREFIX}*")):
                batch = read(folder)
                if batch is None:
                    shutil.rmtree(folder, ignore_errors=True)
                else:
                    self._hold(batch)
        except OSError as error:
            raise WriteError(f"{error.filename or self._root}: {error.strerror}") from error

    def held(self) -> list[Batch]:
        """All batches."""
        return list(self._batches.values())

    def __len__(self) -> int:
        return len(self._batches)

    # -- coming and going ---------------------------------------------------------------------------------------------

    def reserve(self) -> Path:
        """The folder for a batch that is about to come; `add` or `give_up` must follow. Raises Refusal (429)."""
        if len(self._batches) + self._coming >= self._bounds.batches:
            wait = min((self.expires(batch) for batch in self._batches.values()), default=0.0) - time.time()
            after = {"Retry-After": str(max(1, min(60, int(wait))))}
            raise Refusal("too-many-batches", 429, f"{self._bounds.batches} batches are held; delete one", after)
        self._coming += 1
        return self._root / f"{_PREFIX}{secrets.token_hex(16)}"

    def give_up(self, folder: Path) -> None:
        """Take back what `reserve` gave, with what came into it."""
        self._coming -= 1
        shutil.rmtree(folder, ignore_errors=True)

    def add(self, folder: Path, entries: tuple[Entry, ...]) -> Batch:
        """Hold the batch that has come into a reserved folder. Raises WriteError."""
        batch = Batch(folder.name.removeprefix(_PREFIX), time.time(), folder, entries)
        told = {"created": batch.created, "entries": [asdict(entry) for entry in entries]}
        outputs.write(folder, _BATCH, {_JSON: orjson.dumps(told)})
        self._coming -= 1
        self._hold(batch)
        return batch

    def _hold(self, batch: Batch) -> None:
        self._batches[batch.id] = batch
        self._states[batch.id] = {entry.number: state_of(batch, entry.number) for entry in batch.entries}

    def remove(self, batch: Batch) -> None:
        """Forget a batch; its folder is for the caller to remove once nobody works there any more."""
        self._batches.pop(batch.id, None)
        self._states.pop(batch.id, None)

    # -- looking ------------------------------------------------------------------------------------------------------

    def get(self, number: str) -> Batch:
        """The batch with an id. Raises Refusal (404)."""
        if number not in self._batches:
            raise Refusal("not-found", 404, "no such batch; it may have been deleted, or have been kept long enough")
        return self._batches[number]

    def holds(self, batch: Batch) -> bool:
        """Whether a batch was not removed."""
        return batch.id in self._batches

    def expires(self, batch: Batch) -> float:
        """When a batch is removed, in seconds since 1970."""
        return batch.created + self._bounds.age

    def expired(self) -> Iterator[Batch]:
        """The batches that were kept long enough."""
        now = time.time()
        return iter([batch for batch in self._batches.values() if self.expires(batch) <= now])

    def state(self, batch: Batch, number: int) -> State:
        """What has become of a document. Raises Refusal (404) where there is none of the number."""
        states = self._states.get(batch.id, {})
        if number not in states:
            raise Refusal("not-found", 404, "the batch has no such document")
        return states[number]

    def counts(self, batch: Batch) -> Counter[State]:
        """How many documents are in each state."""
        return Counter(self._states.get(batch.id, {}).values())

    def parsed(self, number: str, document: str) -> tuple[Batch, Path, Entry]:
        """A parsed document of a batch, with its folder. Raises Refusal: 404, 409, or why the document failed."""
        batch = self.get(number)
        entry = next((entry for entry in batch.entries if str(entry.number) == document), None)
        if entry is None:
            raise Refusal("not-found", 404, "the batch has no such document")
        state = self.state(batch, entry.number)
        if state is State.WAITING:
            raise unfinished()
        if state is State.FAILED:
            problem = problem_of(batch, entry.number)
            raise Refusal(problem.name, problem.status, problem.detail)
        return batch, batch.folder_of(entry.number), entry

    # -- noting -------------------------------------------------------------------------------------------------------

    def note(self, batch: Batch, number: int, problem: Problem | None) -> None:
        """Put on record that a document was parsed or failed. Raises WriteError."""
        if not self.holds(batch):
            return
        self._states[batch.id][number] = State.PARSED if problem is None else State.FAILED
        if problem is not None:
            outputs.write(batch.folder_of(number), _PROBLEM, {_JSON: problem.as_json()})


def unfinished() -> Refusal:
    """What is said of what is not parsed yet."""
    return Refusal("unfinished", 409, "not all is parsed yet", {"Retry-After": "1"})


def problem_of(batch: Batch, number: int) -> Problem:
    """Why a document failed. Raises OSError where its folder is gone."""
    return of_json((batch.folder_of(number) / (_PROBLEM + _JSON)).read_bytes())


def state_of(batch: Batch, number: int) -> State:
    """What has become of a document by the files in its folder; the record in JSON is moved there after the others."""
    folder = batch.folder_of(number)
    if (folder / (_PROBLEM + _JSON)).exists():
        return State.FAILED
    made = (folder / (RECORD + suffix) for suffix in (".json", ".xml", ".source.txt"))
    return State.PARSED if all(path.exists() for path in made) else State.WAITING


def read(folder: Path) -> Batch | None:
    """The batch in a folder; None where it did not come in full."""
    try:
        told = orjson.loads((folder / (_BATCH + _JSON)).read_bytes())
        entries = tuple(Entry(**entry) for entry in told["entries"])
        return Batch(folder.name.removeprefix(_PREFIX), float(told["created"]), folder, entries)
    except (OSError, ValueError, KeyError, TypeError):
        return None
