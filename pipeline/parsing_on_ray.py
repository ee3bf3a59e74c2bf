"""What `gangwei parse --engine ray` does and tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from typing import Any

import click

from pipeline import cluster
from pipeline.cluster import ClusterPlan, UnitOutcome
from pipeline.parsing import Manner
from pipeline.terminal import complain, progress


class _Tally:
    """Numbers of documents by what became of them, and of units that could not be finished."""

    def __init__(self) -> None:
        self.parsed = self.failed = self.unchanged = self.unfinished = 0
        self.ended = False

    def count(self, outcome: UnitOutcome) -> None:
        self.failed += outcome.failed
        self.unfinished += outcome.error is not None
        if outcome.unchanged:
            self.unchanged += outcome.parsed
        else:
            self.parsed += outcome.parsed

    def line(self) -> str:
        same = f"{self.unchanged} unchanged, " if self.unchanged else ""
        parts = f", {self.unfinished} parts of the input could not be done" if self.unfinished else ""
        text = f"{self.parsed} parsed, {same}{self.failed} failed{parts}"
        return text if self.ended else f"stopped: {text}"


def on_cluster(
    locations: Sequence[str], place: str, plan: ClusterPlan, manner: Manner, address: str | None = None
) -> int:
    """Parse on the Ray cluster at an address; the exit code. Raises PipelineErrors, OSError."""
    tally = _Tally()
    advance: Callable[[], None] = lambda: None  # noqa: E731

    with ExitStack() as stack:

        def begin(total: int) -> None:
            nonlocal advance
            advance = stack.enter_context(progress(total, manner.quiet))

        stack.enter_context(cluster.connected(address))
        try:
            run: Any = cluster.parse(locations, place, plan, count=manner.processes, prune=manner.prune, planned=begin)
            with closing(run) as outcomes:
                for outcome in outcomes:
                    advance()
                    tally.count(outcome)
                    _tell(outcome, manner.verbose)
            tally.ended = True
        finally:
            if not manner.quiet:
                click.echo(tally.line(), err=True)
    return 1 if tally.failed or tally.unfinished else 0


def _tell(outcome: UnitOutcome, verbose: bool) -> None:
    if outcome.error is not None:
        complain(outcome.error)
    elif verbose:
        same = ", unchanged" if outcome.unchanged else ""
        click.echo(f"{outcome.name}: {outcome.parsed} parsed, {outcome.failed} failed{same}", err=True)
