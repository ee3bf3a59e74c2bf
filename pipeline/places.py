"""Where in its file each stretch of a source text stands, as a record says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.layout import Hint
from pipeline.model import Place, SpanModel

__all__ = ["of_layout", "problems"]


def of_layout(layout: Iterable[Hint]) -> tuple[Place, ...]:
    """The places of a layout; stretches that stand in one place are told once."""
    out: list[Place] = []
    for hint in layout:
        place = _place(hint)
        if out and out[-1].model_copy(update={"span": place.span}) == place:
            place = place.model_copy(update={"span": SpanModel(start=out.pop().span.start, end=hint.end)})
        out.append(place)
    return tuple(out)


def _place(hint: Hint) -> Place:
    cell = hint.cell
    return Place(
        span=SpanModel(start=hint.start, end=hint.end),
        page=hint.page,
        paragraph=hint.paragraph,
        region=hint.region,
        table=cell.table if cell else None,
        row=cell.row if cell else None,
        column=cell.column if cell else None,
    )


def problems(places: Sequence[Place], source_text: str) -> Iterable[str]:
    """What is wrong with a record's places: out of order, outside the text, or a visible character without one."""
    last = 0
    for place in places:
        start, end = place.span.start, place.span.end
        if start < last or not start < end <= len(source_text):
            yield f"the place at {start}-{end} is out of order, empty or outside the source"
            return
        if source_text[last:start].strip():
            yield f"characters {last}-{start} have no place"
        last = end
    if places and source_text[last:].strip():
        yield f"characters {last}-{len(source_text)} have no place"
