"""Annotated documents: what a person says that each part of a text is. They teach the model of structure and test it.

`NAME.ann` beside `NAME.txt` is a list of blocks in document order; `docs/annotating.md` explains it. Lines are counted
from 0, `#` begins a comment:

    L<line>[-<line>] <label> [<kinds>] [<level>] [title=<titles>] [alt=<labels>] [| text=<words>[@<n>]]
    E L<line> <original> -> <replacement> <class> [likely]
    F <role> <field> = <value>

A corrected record (`NAME.json`) says the same: `of_record`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import regex

from pipeline.errors import AnnotationError
from pipeline.model import Document, FieldNode, Item, Node, Section, SpanModel

UNNAMED = "∅"
"""The title of a role that the text does not name."""

LABELS = frozenset({"boilerplate", "role_heading", "section_heading", "item", "paragraph", "field", "cont", "free"})
KINDS = ("duties", "requirements", "qualities", "other")


class Mark(NamedTuple):
    """One block: `text[start:end]`, what it is, and what else would be right.

    `titles` are the accepted titles of the role that begins here, empty where none does; `level` is a heading's.
    """

    start: int
    end: int
    label: str
    kinds: tuple[str, ...] = ()
    alt: tuple[str, ...] = ()
    level: int | None = None
    titles: tuple[str, ...] = ()


class Fact(NamedTuple):
    """A qualification that the role of this number, from 0, asks for."""

    role: int
    field: str
    value: str


class Annotation(NamedTuple):
    """A text and what a person says of it."""

    name: str
    family: str
    text: str
    marks: tuple[Mark, ...]
    facts: tuple[Fact, ...] = ()


_BLOCK = regex.compile(r"L(\d++)(?:-(\d++))? (\w++)(.*+)")
_FACT = regex.compile(r"F (\d++) (\S++) = (.*+)")
_NTH = regex.compile(r"(.*)@(\d++)")


def folder(path: Path, needed: bool = True) -> list[Annotation]:
    """The annotated documents of a folder, by name: NAME.txt with NAME.ann, or with a corrected NAME.json.

    Families of layouts stand in `layouts.tsv` (name, family, remark); a document without one is its own family.
    Raises AnnotationError where an annotation does not fit its text, or there is none and one is `needed`.
    """
    families = _families(path / "layouts.tsv")
    out = []
    for source in sorted(path.glob("*.txt")):
        text = source.read_bytes().decode("utf-8-sig")
        family = families.get(source.stem, source.stem)
        ann, record = source.with_suffix(".ann"), source.with_suffix(".json")
        if ann.exists():
            out.append(read(text, ann.read_text(encoding="utf-8"), source.stem, family))
        elif record.exists():
            document = Document.model_validate_json(record.read_bytes())
            out.append(of_record(text, document, family))
    if not out and needed:
        raise AnnotationError(f"{path}: no NAME.txt with NAME.ann or a corrected NAME.json beside it")
    return out


def _families(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: row[1] for row in rows if len(row) > 1}


def read(text: str, annotation: str, name: str, family: str = "") -> Annotation:
    """A text with its annotation. Raises AnnotationError, which names the file and the line."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    marks: list[Mark] = []
    facts: list[Fact] = []
    for number, row in enumerate(annotation.split("\n"), 1):
        row = row.rstrip()
        if not row or row.startswith(("#", "E ")):
            continue
        where = f"{name}.ann:{number}"
        if row.startswith("F "):
            m = _FACT.fullmatch(row)
            if m is None:
                raise AnnotationError(f"{where}: not a fact: {row}")
            facts.append(Fact(int(m[1]), m[2], m[3]))
        else:
            marks += _marks(row, where, lines, starts)
    return Annotation(name, family or name, text, tuple(_joined(marks, text, name)), tuple(facts))


def _marks(row: str, where: str, lines: Sequence[str], starts: Sequence[int]) -> Iterator[Mark]:
    head, _, words = row.partition(" | text=")
    m = _BLOCK.fullmatch(head)
    if m is None or m[3] not in LABELS:
        raise AnnotationError(f"{where}: not a block: {row}")
    kinds: tuple[str, ...] = ()
    alt: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    level = None
    for word in m[4].split():
        if word.startswith("title="):
            titles = tuple(word[6:].split("/"))
        elif word.startswith("alt="):
            alt = tuple(word[4:].split("/"))
        elif word.isdigit():
            level = int(word)
        elif {*word.split("/")} <= {*KINDS}:
            kinds = tuple(word.split("/"))
        else:
            raise AnnotationError(f"{where}: unknown word {word!r}")
    for line in range(int(m[1]), int(m[2] or m[1]) + 1):
        at = _place(lines[line], words) if line < len(lines) else -1
        if at < 0:
            raise AnnotationError(f"{where}: no such text in line {line}: {words or row}")
        yield Mark(starts[line] + at, 0, m[3], kinds, alt, level, titles)


def _place(line: str, words: str) -> int:
    """Where the n-th occurrence of some words begins in a line; the line's start for none."""
    if not words:
        return 0
    m = _NTH.fullmatch(words)
    fragment, times = (m[1], int(m[2])) if m else (words, 1)
    at = -1
    for _ in range(times):
        at = line.find(fragment, at + 1)
        if at < 0:
            break
    return at


def _joined(marks: Sequence[Mark], text: str, name: str) -> Iterator[Mark]:
    """The blocks with their ends, continuations joined to what they go on with."""
    for a, b in pairwise(marks):
        if b.start < a.start:
            raise AnnotationError(
                f"{name}.ann: blocks are not in document order at {b.label} {text[b.start : b.start + 12]!r}"
            )
    if marks and marks[0].label == "cont":
        raise AnnotationError(f"{name}.ann: the first block goes on with none")
    ends = [m.start for m in marks[1:]] + [len(text)]
    out: list[Mark] = []
    for mark, end in zip(marks, ends, strict=True):
        if mark.label == "cont":
            out[-1] = out[-1]._replace(end=end)
        else:
            out.append(mark._replace(end=end))
    for mark in out:
        words = text[mark.start : mark.end]
        if words.strip():
            lead = len(words) - len(words.lstrip())
            yield mark._replace(start=mark.start + lead, end=mark.start + len(words.rstrip()))


# -- corrected records -------------------------------------------------------------------------------------------------


def of_record(text: str, document: Document, family: str = "") -> Annotation:
    """What a record says of its text, once a person has corrected it."""
    marks = [Mark(left.span.start, left.span.end, "boilerplate") for left in document.leftovers]
    for role in document.roles:
        titles: tuple[str, ...] = (role.title or UNNAMED,)
        own: list[Mark] = []
        for part in (role.heading, role.subtitle):
            if part:
                own.append(Mark(part.span.start, part.span.end, "role_heading"))
        own += _nodes(role.content)
        own.sort()
        if own:
            marks += [own[0]._replace(titles=titles), *own[1:]]
    marks.sort()
    return Annotation(document.source.name, family or document.source.name, text, tuple(marks))


def _nodes(nodes: Sequence[Node]) -> Iterator[Mark]:
    for node in nodes:
        if isinstance(node, Section):
            if node.heading:
                yield _mark(node.heading.span, "section_heading", node.kind, node.level)
            yield from _nodes(node.content)
            continue
        inner = node.content if isinstance(node, Item) else ()
        first = next(_nodes(inner), None)
        mark = _mark(node.span, "field" if isinstance(node, FieldNode) else node.type, node.kind)
        yield mark._replace(end=first.start) if first else mark
        yield from _nodes(inner)


def _mark(span: SpanModel, label: str, kind: str, level: int | None = None) -> Mark:
    return Mark(span.start, span.end, label, (str(kind),), (), level)
