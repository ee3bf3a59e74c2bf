"""What `gangwei parse` does: a folder of records, one document, or a stream of lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import batch, inputs, lines, manifest, outputs
from pipeline.batch import Outcome, Plan
from pipeline.limits import Limits
from pipeline.lines import LinesPlan
from pipeline.names import STDIO
from pipeline.terminal import complain, progress

if TYPE_CHECKING:
    from pipeline.review.decisions import Decisions
    from pipeline.text import SourceText


@dataclass(frozen=True, slots=True)
class Manner:
    """How a batch is run and told about: processes (None: one a core), whether all is redone, orphans removed."""

    processes: int | None = None
    force: bool = False
    prune: bool = False
    quiet: bool = False
    verbose: bool = False

    @property
    def count(self) -> int:
        """Worker processes."""
        return self.processes or os.cpu_count() or 1


class _Tally:
    """How many documents ended how."""

    def __init__(self) -> None:
        self.parsed = self.unchanged = 0
        self.failed: list[str] = []
        self.refused = 0
        self.ended = False

    def line(self) -> str:
        same = f"{self.unchanged} unchanged, " if self.unchanged else ""
        text = f"{self.parsed} parsed, {same}{len(self.failed) + self.refused} failed"
        return text if self.ended else f"stopped: {text}"


def into_folder(paths: Sequence[Path], plan: Plan, manner: Manner) -> int:
    """Parse files and folders into records below `plan.out`; the exit code. Raises WriteError, WorkerError."""
    known = manifest.load(plan.out)
    own = {entry.name + suffix for entry in known.values() for suffix in entry.outputs}
    jobs, refused = inputs.collect(paths, plan.out, own)
    for refusal in refused:
        complain(refusal.error)
    for name in _unmet(plan, jobs):
        complain(f"{name}: no document that is parsed is the one that was decided about")
    tally = _Tally()
    tally.refused = len(refused)
    try:
        run = batch.run(jobs, plan, manner.count, {} if manner.force else known)
        with closing(run) as done, progress(len(jobs), manner.quiet) as advance:
            for job, outcome in zip(jobs, done, strict=True):
                advance()
                _count(tally, job.name, outcome, manner.verbose)
        tally.ended = True
    finally:
        if not manner.quiet:
            click.echo(tally.line(), err=True)
    if manner.prune:
        _prune(plan.out, jobs, tally, manner.quiet)
    return 1 if tally.failed or tally.refused else 0


def _unmet(plan: Plan, jobs: Sequence[inputs.Job]) -> list[str]:
    """The names of documents that were decided about and are not among the jobs, by name nor by hash."""
    names = {job.name for job in jobs}
    unmet = [decided.source for decided in plan.decided if decided.source.name not in names]
    digests = {manifest.digest_of(job.path) for job in jobs} if unmet else set()
    return [source.name for source in unmet if source.sha256 not in digests]


def _count(tally: _Tally, name: str, outcome: Outcome, verbose: bool) -> None:
    if outcome.error is not None:
        tally.failed.append(name)
        complain(outcome.error)
        return
    _complain_of_misfits(outcome.path, outcome.misfits)
    tally.unchanged += outcome.unchanged
    tally.parsed += not outcome.unchanged
    if verbose and outcome.entry is not None:
        same = ", unchanged" if outcome.unchanged else ""
        click.echo(f"{outcome.path}: {outcome.entry.roles} roles, {outcome.entry.warnings} warnings{same}", err=True)


def _complain_of_misfits(path: Path, count: int) -> None:
    """Say that decisions were not applied; the record says which, and why."""
    if count:
        what = "1 decision no longer fits and was" if count == 1 else f"{count} decisions no longer fit and were"
        complain(f"{path}: {what} not applied; its warnings say why")


def _prune(out: Path, jobs: Sequence[inputs.Job], tally: _Tally, quiet: bool) -> None:
    """Remove orphans, unless an input could not be looked through: its documents would be taken for gone."""
    if tally.refused:
        complain("nothing is pruned, since not all inputs could be looked through")
        return
    gone = batch.prune(out, manifest.load(out), jobs, set(tally.failed))
    if not quiet:
        click.echo(f"{gone} files pruned", err=True)


def as_lines(paths: Sequence[Path], out: Path, plan: LinesPlan, manner: Manner) -> int:
    """Parse JSON lines into JSON lines; the exit code. Raises WriteError, WorkerError, MissingPackageError."""
    tally = _Tally()
    try:
        with closing(lines.write(lines.run(paths, plan, manner.count), out, plan)) as done:
            for outcome in done:
                if outcome.error is not None:
                    tally.refused += 1
                    complain(outcome.error)
                else:
                    tally.parsed += 1
        tally.ended = True
    finally:
        if not manner.quiet:
            click.echo(tally.line(), err=True)
    return 1 if tally.refused else 0


def one(path: Path, plan: Plan) -> None:
    """Parse one document from a file or standard input, into `plan.out` or to standard output.

    In this process, so that there is no limit on time and memory. Raises PipelineErrors and OSError.
    """
    from pipeline.run import misfits, record

    found = source(path, plan.limits, plan.text_field)
    decided = _about(plan, found)
    document = record(found, plan.settings, decided)
    _complain_of_misfits(path, misfits(document))
    written = batch.render_all(document, found, plan.formats)
    if str(plan.out) == STDIO:
        sys.stdout.buffer.write(written[f".{plan.formats[0]}"])
    else:
        outputs.write(plan.out, found.name, written)


def _about(plan: Plan, found: SourceText) -> tuple[Decisions, ...]:
    """The decisions about one document."""
    if not plan.decided:
        return ()
    from pipeline.review.decisions import about

    return about(plan.decided, found.name, found.sha256)


def source(path: Path, limits: Limits, text_field: str | None = None) -> SourceText:
    """The source text of a file or of standard input; `text_field` names the field that holds it in JSON.

    Raises ReadErrors and LimitError.
    """
    from pipeline.read import read, read_bytes

    if str(path) == STDIO:
        data = sys.stdin.buffer.read(limits.bytes + 1)
        limits.check_bytes(len(data), "stdin")
        found = read_bytes(data, "stdin", text_field)
    else:
        limits.check_bytes(inputs.size_of(path) or 0, str(path))
        found = read(path, text_field)
    limits.check_characters(len(found.text), str(path))
    return found
