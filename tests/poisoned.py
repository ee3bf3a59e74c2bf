"""What a worker of a batch does, but for documents that begin with "poison:" and say what goes wrong."""

from __future__ import annotations

from pipeline import batch
from pipeline.batch import Outcome, Plan
from pipeline.inputs import Job
from pipeline.manifest import Entry
from tests import poison

_ONE = batch._one


def parse(job_and_entry: tuple[Job, Entry | None], plan: Plan, recipe: str) -> Outcome:
    """As in `pipeline.batch`."""
    said = job_and_entry[0].path.read_bytes()
    if said.startswith(b"poison:"):
        poison.serve(said.decode().strip().removeprefix("poison:"))
    return _ONE(job_and_entry, plan, recipe)
