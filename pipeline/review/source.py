"""The left column of a page: the source text, line by line, with its blocks and its changes marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.model import wording
from pipeline.review import words
from pipeline.review.markup import Html, element, join, tag
from pipeline.review.outline import Block, Outline, Shown, role_ref


class _Run(NamedTuple):
    """A stretch of one line that is of one block, or of none; with a change, the characters that it replaces."""

    text: str
    block: Block | None
    change: Shown | None = None


def column(outline: Outline) -> Html:
    """The lines of the source text."""
    begins = _begins(outline)
    seen: set[str] = set()
    return join(
        part
        for number, runs in enumerate(_lines(outline), 1)
        for part in (*_labels(outline, runs, begins, seen), _line(number, runs, seen))
    )


def _begins(outline: Outline) -> dict[str, int]:
    """The roles by the block that each begins with."""
    out: dict[str, int] = {}
    for block in outline.blocks:
        if block.role is not None and block.role not in out.values():
            out[block.ref] = block.role
    return out


def _labels(outline: Outline, runs: Sequence[_Run], begins: dict[str, int], seen: set[str]) -> Iterator[Html]:
    """What stands above a line in which a role begins."""
    for run in runs:
        if run.block and run.block.ref in begins and run.block.ref not in seen:
            number = begins.pop(run.block.ref)
            title = outline.document.roles[number].title or wording.UNTITLED
            yield tag("div", f"岗位 {number + 1}", " ", tag("b", title), class_="begin", data_ref=role_ref(number))


def _line(number: int, runs: Sequence[_Run], seen: set[str]) -> Html:
    if not any(run.text.strip() or run.change for run in runs):
        return tag("div", class_="line blank")
    parts = [_run(run, seen) for run in runs]
    first = next((run.block for run in runs if run.block), None)
    return tag("div", *parts, class_="line", data_line=number, data_kind=_kind(first))


def _kind(block: Block | None) -> str | None:
    if block is None:
        return None
    return block.kind.value if block.kind else block.label


def _run(run: _Run, seen: set[str]) -> Html:
    block = run.block
    inner = _change(run.change, run.text) if run.change else run.text
    if block is None:
        return join([inner])
    first = block.ref not in seen
    seen.add(block.ref)
    return element(
        "span",
        [inner],
        {
            "class": f"block {block.label}" + (" unsure" if block.unsure else "") + (" first" if first else ""),
            "data-ref": block.ref,
            "data-kind": _kind(block),
            "data-start": block.own.start,
            "data-end": block.own.end,
            "title": _title(block) if first else None,
        },
    )


def _title(block: Block) -> str:
    told = [wording.LABELS[block.label]]
    if block.kind:
        told.append(wording.KINDS[block.kind])
    if block.confidence is not None:
        told.append(f"{wording.CONFIDENCE} {words.percent(block.confidence)}")
    return " · ".join(told)


def _change(shown: Shown, text: str) -> Html:
    """A change in place: what stands there struck out, and what is put there."""
    change = shown.change
    state = "made" if shown.made else "suggested"
    return tag(
        "span",
        tag("del", text) if text else "",
        tag("ins", change.replacement.replace("\n", "⏎")) if change.replacement else "",
        class_=f"change {state}" + (" unsure" if shown.unsure else ""),
        data_ref=shown.ref,
        title=f"{wording.CATEGORIES[change.category]} · {change.rule} · {wording.CONFIDENCE} {words.percent(change.confidence)}",
    )


# -- cutting ----------------------------------------------------------------------------------------------------------


def _lines(outline: Outline) -> Iterator[list[_Run]]:
    """The runs of each line; a change over the end of a line is told in the line where it starts."""
    line: list[_Run] = []
    for run in _runs(outline):
        if run.change:
            line.append(run._replace(text=run.text.replace("\r\n", "⏎").replace("\n", "⏎")))
            continue
        for n, text in enumerate(run.text.split("\n")):
            if n:
                yield line
                line = []
            if text.removesuffix("\r"):
                line.append(run._replace(text=text.removesuffix("\r")))
    yield line


def _runs(outline: Outline) -> Iterator[_Run]:
    """The text in stretches that are each of one block and one change, or of none."""
    at = 0
    changes = iter(outline.changes)
    shown = next(changes, None)
    for start, end, block in _stretches(outline):
        while (shown and shown.change.span.start < end) or (shown and start == end == shown.change.span.start):
            span = shown.change.span
            if span.start >= max(at, start):
                yield _Run(outline.text[max(at, start) : span.start], block)
                yield _Run(outline.text[span.start : span.end], block, shown)
                at = max(at, span.end)
            shown = next(changes, None)  # one that overlaps what is shown already stands in the right column only
        if max(at, start) < end:
            yield _Run(outline.text[max(at, start) : end], block)
            at = end
    if shown and shown.change.span.start == len(outline.text):
        yield _Run("", None, shown)


def _stretches(outline: Outline) -> Iterator[tuple[int, int, Block | None]]:
    """The blocks and what lies between them, from one end of the text to the other."""
    at = 0
    for block in outline.blocks:
        if block.own.start > at:
            yield at, block.own.start, None
        if block.own.end > max(at, block.own.start):
            yield max(at, block.own.start), block.own.end, block
            at = block.own.end
    if at < len(outline.text):
        yield at, len(outline.text), None
