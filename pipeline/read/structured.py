"""JSON and JSON lines: the text of one field, which the user names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from pipeline.errors import ReadError
from pipeline.read import plain
from pipeline.read.parts import Extract, Paragraph, Run
from pipeline.read.writer import Writer


def read(data: bytes, name: str, field: str | None) -> Extract:
    """The texts of `field` in an object, in a list of objects, or in lines of objects, an empty line between two.

    A dot in `field` leads into objects within objects. Raises ReadError: no field is named, none has it, or it is no
    JSON; DecodeError as plain text does.
    """
    if field is None:
        raise ReadError(f"{name}: JSON: say which field holds the text, with --text-field NAME")
    found = plain.decode(data, name)
    writer = Writer()
    count = 0
    for value in _values(found.text, name):
        text = text_in(value, field)
        if text is None:
            continue
        count += 1
        writer.blank()
        for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
            writer.paragraph(Paragraph((Run(line),)))
    if not count:
        raise ReadError(f"{name}: JSON: no object in it has a text in the field {field!r}")
    text, layout = writer.done()
    return Extract(text, layout, found.warnings, found.encoding)


def _values(text: str, name: str) -> Iterator[Any]:
    try:
        whole = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise ReadError(f"{name}: damaged JSON: {error}") from error
        for number, line in enumerate(lines, 1):
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError as inner:
                raise ReadError(f"{name}: damaged JSON in line {number}: {inner}") from inner
        return
    yield from whole if isinstance(whole, list) else [whole]


def text_in(value: Any, field: str) -> str | None:
    """The text in a field of an object; a field whose own name has dots goes first."""
    if not isinstance(value, dict):
        return None
    inner = value.get(field)
    if inner is None:
        first, _, rest = field.partition(".")
        return text_in(value.get(first), rest) if rest else None
    if isinstance(inner, list) and all(isinstance(line, str) for line in inner):
        return "\n".join(inner)
    return inner if isinstance(inner, str) else None
