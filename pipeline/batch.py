"""Many documents: each is parsed in a worker process and written, set apart with its reason, or left as it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import boxes, logs, manifest, outputs, workers
from pipeline.errors import PipelineError, WriteError
from pipeline.inputs import QUARANTINE, Job, size_of
from pipeline.limits import Limits
from pipeline.manifest import Entry
from pipeline.names import readable

if TYPE_CHECKING:
    from pipeline.correct import Settings
    from pipeline.model import Document
    from pipeline.review.decisions import Decisions
    from pipeline.text import SourceText

STAGES = ("pipeline.read", "pipeline.run", "pipeline.export")
"""What workers import before they are given anything; the process that hands out the work needs none of it."""


_SAMPLE = "出纳岗位职责\n1、井根据预算负责收付；\n任职要求：\n1、大专以上学历，3年以上经验，熟练使用Excel。\n薪资：面议"
"""A text that calls for all stages."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a batch is run: where to, in which formats, steered by what, and what each document may take.

    `text_field` names the field that holds the text in JSON; `decided` is what people decided about the documents.
    """

    out: Path
    formats: tuple[str, ...] = ("json", "xml")
    settings: Settings | None = None
    limits: Limits = field(default_factory=Limits)
    text_field: str | None = None
    decided: tuple[Decisions, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an input: `error` is None when its records stand in the output folder.

    The error's message is one line that names the file. `unchanged` says that an earlier run had written the records;
    `misfits` counts the decisions that were not applied.
    """

    path: Path
    entry: Entry | None = None
    error: PipelineError | None = None
    unchanged: bool = False
    misfits: int = 0


def run(
    jobs: Sequence[Job], plan: Plan, count: int = 1, known: Mapping[str, Entry] | None = None
) -> Generator[Outcome, None, None]:
    """Parse and write every job with `count` worker processes; outcomes come in the order of the jobs.

    `known` is the manifest of the output folder: a document that it holds as it is now is left alone. What is done is
    added to the manifest, and the reason of a document that fails is written to the quarantine. Raises WriteError where
    the output folder cannot be used at all, WorkerError where no worker can be started.
    """
    if not jobs:
        return
    recipe = manifest.recipe(plan.settings, plan.formats, plan.text_field)
    known = known or {}
    tasks = (workers.Task((job, known.get(job.name)), str(job.path), job.size) for job in jobs)
    work = partial(_one, plan=plan, recipe=recipe)
    with outputs.occupied(plan.out, partial(_tidy, plan.out, jobs)):
        writer = manifest.Writer(plan.out)
        try:
            for task, result in workers.run(work, tasks, count, plan.limits, STAGES, prepare):
                job = task.value[0]
                outcome = Outcome(job.path, error=result) if isinstance(result, PipelineError) else result
                _note(outcome, job, plan.out, writer)
                yield outcome
        finally:
            writer.close()


def _tidy(out: Path, jobs: Sequence[Job]) -> None:
    """Remove what killed runs left behind in the folders that this one writes to."""
    names = {job.name.rpartition("/")[0] for job in jobs}
    outputs.sweep([out, *(out / name for name in names), *(out / QUARANTINE / name for name in names)])


def _note(outcome: Outcome, job: Job, out: Path, writer: manifest.Writer) -> None:
    """Put on record what became of a document; on a full disk that is told, and done again by the next run."""
    became = "failed" if outcome.error else "unchanged" if outcome.unchanged else "parsed"
    logs.of("batch").info("%s: %s", job.name, became)
    with suppress(WriteError):
        if outcome.error is not None:
            outputs.set_apart(out, job.name, job.path, outcome.error)
        else:
            outputs.release(out, job.name)
            if outcome.entry is not None and not outcome.unchanged:
                writer.add(outcome.entry)


def prune(out: Path, known: Mapping[str, Entry], jobs: Sequence[Job], failed: Collection[str]) -> int:
    """Remove the outputs of documents that are no more among the jobs, or failed; the number of files that went.

    `known` is the manifest after the run, `failed` the names of the jobs that failed. Raises WriteError.
    """
    if not out.is_dir():
        return 0
    names = {job.name for job in jobs}
    kept = {name: entry for name, entry in known.items() if name in names and name not in failed}
    gone = sum(manifest.remove(entry, out) for name, entry in known.items() if name not in kept)
    manifest.rewrite(out, kept)
    standing = {outputs.reason_path(out, name) for name in failed}
    for file in (out / QUARANTINE).rglob(f"*{outputs.REASON}"):
        if file not in standing:
            file.unlink(missing_ok=True)
            gone += 1
    return gone


# -- in the worker ----------------------------------------------------------------------------------------------------


def prepare() -> None:
    """Load models and lexicons by parsing a sample, so that no document's time goes for that."""
    from pipeline.export import WRITERS, render
    from pipeline.run import parse

    document = parse(_SAMPLE)
    for name in WRITERS:
        render(document, name)


def _one(job_and_entry: tuple[Job, Entry | None], plan: Plan, recipe: str) -> Outcome:
    """Parse one document and write its records: all of them or, when anything goes wrong, none."""
    job, known = job_and_entry
    try:
        if plan.decided:
            plan, recipe = _decided(job, plan, recipe)
        if known is not None and _unchanged(job, known, plan.out, recipe):
            return Outcome(job.path, known, unchanged=True)
        entry, misfits = parse_one(job, plan, recipe)
        return Outcome(job.path, entry, misfits=misfits)
    except PipelineError as error:
        return Outcome(job.path, error=type(error)(_naming(job, str(error))))
    except Exception as error:  # a fault of gangwei's own must not take the other documents with it
        fault = PipelineError(f"{job.path}: internal error: {type(error).__name__}: {error}")
        return Outcome(job.path, error=fault)


def _decided(job: Job, plan: Plan, recipe: str) -> tuple[Plan, str]:
    """The plan with the decisions about this document alone, and how it is parsed with these."""
    from pipeline.review.decisions import about

    decided = about(plan.decided, job.name, manifest.digest_of(job.path) or "")
    return replace(plan, decided=decided), manifest.decided(recipe, [d.model_dump_json() for d in decided])


def _naming(job: Job, message: str) -> str:
    """A message with the file's path in front; the stages know no more than the document's name."""
    name = job.name.rpartition("/")[2]
    return message if str(job.path) in message else f"{job.path}: {message.removeprefix(f'{name}: ')}"


def _unchanged(job: Job, known: Entry, out: Path, recipe: str) -> bool:
    """Whether a document would give the very files that stand in the output folder; the cheapest questions first."""
    same = known.recipe == recipe and known.file == readable(job.path.name)
    return same and manifest.digest_of(job.path) == known.source and known.stands(out)


def parse_one(job: Job, plan: Plan, recipe: str) -> tuple[Entry, int]:
    """Read, parse and write one document; how many decisions were not applied. Raises PipelineErrors."""
    from pipeline.read import read
    from pipeline.run import misfits, record

    plan.limits.check_bytes(size_of(job.path) or 0, str(job.path))
    source = replace(read(job.path, plan.text_field), name=job.name.rpartition("/")[2])
    plan.limits.check_characters(len(source.text), str(job.path))
    document = record(source, plan.settings, plan.decided)
    written = render_all(document, source, plan.formats)
    outputs.write(plan.out, job.name, written)
    digests = {suffix: hashlib.sha256(data).hexdigest() for suffix, data in written.items()}
    roles, warnings = len(document.roles), len(document.warnings)
    entry = Entry(job.name, readable(job.path.name), document.source.sha256, recipe, digests, roles, warnings)
    return entry, misfits(document)


def render_all(document: Document, source: SourceText, formats: Sequence[str]) -> dict[str, bytes]:
    """All files that are written of one document, by suffix: its record in each format, the text it counts in, and where that
    stands on pages.
    """
    from pipeline.export import render

    written = {f".{name}": render(document, name) for name in formats}
    if source.extracted:
        written[".source.txt"] = source.text.encode("utf-8")
    if found := boxes.of_layout(source.layout):
        written[boxes.SUFFIX] = boxes.to_bytes(found)
    return written
