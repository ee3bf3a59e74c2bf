"""Why each correction was made, suggested or left, and why each line is what it is: for the terminal, or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
import orjson

from pipeline.clean import clean
from pipeline.correct import Considered, Settings, correct
from pipeline.correct import explain as considered_in
from pipeline.segment import load_model
from pipeline.segment.evidence import Why
from pipeline.segment.evidence import explain as explain_structure
from pipeline.text import SourceText

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


def considered(source: SourceText, settings: Settings | None) -> Sequence[Considered]:
    """Every change that was considered in a text."""
    return considered_in(clean(source.text), settings)


def reasons(source: SourceText, settings: Settings | None) -> list[Why]:
    """What each piece of a text was taken for, and what that hangs on; spans are of the source."""
    revision = correct(clean(source.text), settings).revision
    model = load_model(settings.model if settings else None)
    out = []
    for why in explain_structure(revision, source.layout, model):
        start, end = revision.to_source((why.start, why.end))
        out.append(why._replace(start=start, end=end))
    return out


def reason_lines(found: Sequence[Why], source_text: str) -> Iterator[str]:
    """A line for each piece: place, tag and probability, the words; below it what else it could be, and the evidence."""
    for why in found:
        row = source_text.count("\n", 0, why.start) + 1
        words = " ".join(source_text[why.start : why.end].split())
        shown = words if len(words) <= 40 else f"{words[:39]}…"
        yield f"{row:4}  {click.style(f'{why.tag:24}', bold=True)} {why.probability:.2f}  {shown}\n"
        yield (
            f"      not {why.other}: "
            + (", ".join(f"{name} {lost:+.1f}" for name, lost in why.evidence) or "by little")
            + "\n"
        )


def reasons_as_json(found: Sequence[Why]) -> bytes:
    """The same as a list of objects, with offsets of the source in code points."""
    rows = [
        {
            "span": {"start": why.start, "end": why.end},
            "tag": why.tag,
            "probability": why.probability,
            "other": why.other,
            "evidence": dict(why.evidence),
        }
        for why in found
    ]
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
