"""Why each correction was made, suggested or left: as lines for the terminal, or as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
import orjson

from pipeline.correct import Considered

CONTEXT = 12
"""Characters shown on either side of a change."""

_COLOURS = {"made": "green", "suggested": "yellow", "left": "white"}


def lines(considered: Sequence[Considered], source_text: str) -> Iterator[str]:
    """Three lines for each change: place, change and verdict; where it stands; the evidence, and what decided it."""
    for change, verdict, why in considered:
        row = source_text.count("\n", 0, change.start) + 1
        column = change.start - source_text.rfind("\n", 0, change.start)
        label = click.style(f"{verdict:9}", fg=_COLOURS[verdict])
        swap = f"{_shown(change.original)} -> {_shown(change.replacement)}"
        yield f"{row}:{column}  {label}  {swap}  ({change.rule}, {change.category}, {change.confidence:.2f})\n"
        before = source_text[max(0, change.start - CONTEXT) : change.start].replace("\n", " ")
        behind = source_text[change.end : change.end + CONTEXT].replace("\n", " ")
        yield f"    …{before}{click.style(f'[{_shown(change.original)}]', bold=True)}{behind}…\n"
        yield f"    {change.evidence}{f'; {why}' if why else ''}\n"


def as_json(considered: Sequence[Considered]) -> bytes:
    """The same as a list of objects, with offsets of the source in code points."""
    rows = [
        {
            "span": {"start": change.start, "end": change.end},
            "original": change.original,
            "replacement": change.replacement,
            "rule": change.rule,
            "category": change.category,
            "confidence": change.confidence,
            "evidence": change.evidence,
            "verdict": verdict,
            "why": why,
        }
        for change, verdict, why in considered
    ]
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _shown(text: str) -> str:
    return text.replace("\n", "⏎") or "nothing"
