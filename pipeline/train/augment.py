"""Vary annotated documents: the same layout with other titles, headings, markers and line breaks.

What a layout is does not hang on its words, so each epoch of training sees each document dressed differently. The
annotation goes with the text.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from pipeline.annotation import UNNAMED, Annotation, Mark
from pipeline.segment import markers
from pipeline.segment.markers import Family


class Part(NamedTuple):
    """A block and its text, with the white space up to the next block."""

    mark: Mark
    text: str


class Wardrobe(NamedTuple):
    """What documents are dressed in."""

    titles: Sequence[str]
    headings: dict[str, Sequence[str]]
    items: dict[str, Sequence[str]]


def parts_of(annotation: Annotation) -> list[Part]:
    """A document as its blocks; what stands before the first one goes with it."""
    starts = [0, *(m.start for m in annotation.marks[1:])]
    ends = [*starts[1:], len(annotation.text)]
    return [Part(m, annotation.text[a:e]) for m, a, e in zip(annotation.marks, starts, ends, strict=True)]


def whole(parts: Sequence[Part], name: str, family: str) -> Annotation:
    """The annotated text of parts."""
    marks, at = [], 0
    for mark, text in parts:
        lead = len(text) - len(text.lstrip())
        marks.append(mark._replace(start=at + min(lead, len(text)), end=at + len(text)))
        at += len(text)
    return Annotation(name, family, "".join(p.text for p in parts), tuple(marks))


def varied(parts: Sequence[Part], wardrobe: Wardrobe, rng: random.Random) -> list[Part]:
    """The document after some of the changes, each by chance."""
    out = list(parts)
    for change, chance in _CHANGES:
        if rng.random() < chance:
            out = change(out, wardrobe, rng)
    return out


def _retitle(parts: list[Part], wardrobe: Wardrobe, rng: random.Random) -> list[Part]:
    """Other titles, the same one wherever a title stands by itself."""
    named: dict[str, str] = {}
    for mark, text in parts:
        found = [t for t in mark.titles if len(t) > 1 and t in text]
        if found and mark.label == "role_heading":
            named[max(found, key=len)] = rng.choice(wardrobe.titles)
    out = []
    for mark, text in parts:
        new = mark
        for old, name in named.items():
            if mark.label == "role_heading" and old in mark.titles and old in text:
                text, new = text.replace(old, name, 1), mark._replace(titles=(name,))
                break
            if mark.label == "boilerplate" and text.strip() == old:
                text = text.replace(old, name)
        out.append(Part(new, text))
    return out


_HEADING = regex.compile(
    r"^(?P<lead>[\s\P{L}]*+(?:[一二三四五六七八九十]{1,2}[、.．])?\s*)(?P<words>\p{Han}{2,10})(?P<tail>\P{Han}*)$",
    regex.DOTALL,
)


def _reheaded(parts: list[Part], wardrobe: Wardrobe, rng: random.Random) -> list[Part]:
    """Other words for headings, the same ones for the same."""
    named: dict[tuple[str, str], str] = {}
    out = []
    for mark, text in parts:
        m = _HEADING.match(text) if mark.label == "section_heading" and mark.kinds else None
        if m and mark.kinds[0] in wardrobe.headings:
            kind = mark.kinds[0]
            words = named.setdefault((kind, m["words"]), rng.choice(wardrobe.headings[kind]))
            text = m["lead"] + words + m["tail"]
        out.append(Part(mark, text))
    return out


_SHAPES: tuple[Callable[[int], str], ...] = (
    lambda n: f"{n}、",
    lambda n: f"{n}.",
    lambda n: f"{n}. ",
    lambda n: f"（{n}）",
    lambda n: f"{n}）",
    lambda n: f"({n})",
    lambda n: f"{n}．",
    lambda n: "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"[(n - 1) % 20],
    lambda n: "• ",
    lambda n: "- ",
    lambda n: "■ ",
    lambda n: "",
    lambda n: "",
    lambda n: "* ",
)


def _renumbered(parts: list[Part], wardrobe: Wardrobe, rng: random.Random) -> list[Part]:
    """Another style of numbers for the entries."""
    shape = rng.choice(_SHAPES)
    out = []
    for mark, text in parts:
        lead = len(text) - len(text.lstrip())
        m = markers.at(text, lead, len(text)) if mark.label == "item" else None
        if m and m.family in (Family.ARABIC, Family.PAREN_ARABIC, Family.CIRCLED, Family.BULLET, Family.DASH):
            number = m.number or rng.randrange(1, 9)
            dressed = shape(number)
            if dressed or text.endswith("\n"):
                text = text[:lead] + dressed + text[m.end :]
        out.append(Part(mark, text))
    return out


def _unheaded(parts: list[Part], wardrobe: Wardrobe, rng: random.Random) -> list[Part]:
    """Without the headings of duties and demands that have a line to themselves."""
    return [
        p
        for p in parts
        if not (
            p.mark.label == "section_heading"
            and not p.mark.titles
            and p.text.endswith("\n")
            and {*p.mark.kinds} <= {"duties", "requirements", "qualities"}
        )
    ]


def _spaced(parts: list[Part], wardrobe: Wardrobe, rng: random.Random) -> list[Part]:
    """Line breaks as another source has them: doubled, single, indented, or lost."""
    way = rng.choices(range(5), [4, 4, 2, 1, 1])[0]
    swaps = (("\n", "\n\n"), ("\n\n", "\n"), ("\n", "\n　　"), ("\n", " "), ("\n", ""))
    old, new = swaps[way]
    if way >= 3 and sum(p.mark.label == "item" and p.text[:1].isalnum() for p in parts) * 2 < len(parts):
        return parts
    out = []
    for mark, text in parts:
        body = text.rstrip()
        tail = text[len(body) :].replace(old, new)
        out.append(Part(mark, body + (tail or (" " if way == 3 else ""))))
    return out


def _fewer(parts: list[Part], wardrobe: Wardrobe, rng: random.Random) -> list[Part]:
    """Without some of the boilerplate and some of the fields."""
    drop = rng.random() * 0.7
    kept = [p for p in parts if p.mark.titles or p.mark.label not in ("boilerplate", "field") or rng.random() > drop]
    return kept or parts


def _cropped(parts: list[Part], wardrobe: Wardrobe, rng: random.Random) -> list[Part]:
    """Some roles only, in the same order."""
    starts = [i for i, p in enumerate(parts) if p.mark.titles]
    if len(starts) < 2:
        return parts
    bounds = [*starts, len(parts)]
    roles = [parts[a:b] for a, b in pairwise(bounds)]
    keep = sorted(rng.sample(range(len(roles)), rng.randrange(1, len(roles) + 1)))
    return parts[: starts[0]] + [p for k in keep for p in roles[k]]


_ENTRIES = (1, 1, 2, 2, 3, 4)


def _short(parts: list[Part], wardrobe: Wardrobe, rng: random.Random) -> list[Part]:
    """A few lines, as on a card or in a cell: one to three neighbouring roles, of each the heading and some first entries."""
    starts = [i for i, p in enumerate(parts) if p.mark.titles]
    if not starts:
        return parts
    roles = [parts[a:b] for a, b in pairwise([*starts, len(parts)])]
    first = rng.randrange(len(roles))
    out = parts[max(0, starts[0] - rng.choice((0, 0, 1, 2))) : starts[0]]
    for role in roles[first : first + rng.choice((1, 1, 2, 3))]:
        headings = [n for n, p in enumerate(role) if n and p.mark.label == "section_heading"]
        bounds = [1, *headings, len(role)]
        sections = [role[a:b] for a, b in pairwise(bounds) if b > a]
        out.append(role[0])
        for section in sections[: rng.choice((1, 1, 2, 3))]:
            out += section[: rng.choice(_ENTRIES) + (section[0].mark.label == "section_heading")]
    return out


def _rewritten(parts: list[Part], wardrobe: Wardrobe, rng: random.Random) -> list[Part]:
    """Other words in some of the entries, of the same kind and about as long."""
    out = []
    for mark, text in parts:
        kinds = mark.kinds
        if mark.label == "item" and len(kinds) == 1 and rng.random() < 0.4 and kinds[0] in wardrobe.items:
            body = text.rstrip()
            lead = len(text) - len(text.lstrip())
            m = markers.at(body, lead, len(body))
            head = body[: m.end] if m else body[:lead]
            near = [rng.choice(wardrobe.items[kinds[0]]) for _ in range(6)]
            other = min(near, key=lambda w: abs(len(w) - len(body) + len(head)))
            text = head + other + text[len(body) :]
        out.append(Part(mark, text))
    return out


_CHANGES: tuple[tuple[Callable[[list[Part], Wardrobe, random.Random], list[Part]], float], ...] = (
    (_short, 0.2),
    (_cropped, 0.3),
    (_fewer, 0.3),
    (_retitle, 0.6),
    (_reheaded, 0.4),
    (_renumbered, 0.35),
    (_rewritten, 0.4),
    (_unheaded, 0.1),
    (_spaced, 0.25),
)
"""The changes in order, each with its chance."""


def wardrobe_of(documents: Sequence[Annotation], titles: Sequence[str]) -> Wardrobe:
    """What the documents themselves have to be dressed in, and more titles."""
    names = set(titles)
    headings: dict[str, set[str]] = {}
    items: dict[str, set[str]] = {}
    for annotation in documents:
        for mark, words in parts_of(annotation):
            body = words.strip()
            if mark.label == "role_heading":
                names |= {t for t in mark.titles if t != UNNAMED and t in words}
            elif mark.label == "section_heading" and mark.kinds:
                m = _HEADING.match(words)
                if m:
                    headings.setdefault(mark.kinds[0], set()).add(m["words"])
            elif mark.label == "item" and len(mark.kinds) == 1 and "\n" not in body:
                m2 = markers.at(body, 0, len(body))
                rest = body[m2.end :] if m2 else body
                if len(rest) > 4:
                    items.setdefault(mark.kinds[0], set()).add(rest)
    return Wardrobe(
        sorted(names),
        {k: sorted(v) for k, v in headings.items()},
        {k: sorted(v) for k, v in items.items()},
    )
