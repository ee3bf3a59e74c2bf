"""Where facts stand in annotated documents, and documents as the model of facts sees them.

Annotations name facts by role, not by place: which words state them is found again here. Where a value stands several
times, the places that are not the likeliest are left out of the sum, neither right nor wrong.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from pipeline.blocks import Label
from pipeline.classify.facts import candidates, passages, tagger
from pipeline.classify.facts.candidates import Candidate, Sort
from pipeline.classify.facts.clauses import of_entry
from pipeline.classify.facts.passages import Passage
from pipeline.classify.facts.tagged import wished
from pipeline.classify.facts.tagger import Tag
from pipeline.train.gold import Told


class Example(NamedTuple):
    """A document's passages as the model sees them, and the tags that are right for each character."""

    slots: NDArray[np.int64]
    grams: NDArray[np.int64]
    allowed: NDArray[np.bool_]


class Part(NamedTuple):
    """A passage on its own: its text, what is known of its block, and the tags that are right for each character.

    `allowed` has one row more than the text, for the line break behind.
    """

    text: str
    label: Label
    kind: str | None
    wish: bool
    allowed: NDArray[np.bool_]


def example(parts: Sequence[Part]) -> Example:
    """Passages, in the order of their document, as the model sees them."""
    text = "".join(p.text + "\n" for p in parts)
    found, at = [], 0
    for i, p in enumerate(parts):
        end = at + len(p.text)
        clauses = tuple(of_entry(text, at, end, i, p.wish))
        found.append(Passage(at, end, p.label, p.kind, p.wish, clauses, tuple(candidates.find(text, at, end))))
        at = end + 1
    return Example(
        passages.slots(text, found, text).T, tagger.grams(text).T, np.concatenate([p.allowed for p in parts])
    )


_FIELDS = {
    "education_min": (Sort.LEVEL, Tag.LEVEL),
    "experience_min_years": (Sort.YEARS, Tag.YEARS),
    "age_min": (Sort.AGE, Tag.AGE_MIN),
    "age_max": (Sort.AGE, Tag.AGE_MAX),
    "gender": (Sort.SEX, Tag.SEX),
}
_AGED = regex.compile("[岁龄]")
_TAUGHT = regex.compile("专业|学历|[本专]科|大专|中专|中职|技校|硕士|博士|学系|毕业|科班")


def parts_of(doc: Told) -> list[Part]:
    """The passages of a document, with the tags that its annotation says are right."""
    text = doc.segmented.corrected.revision.text
    out: list[Part] = []
    for role, blocks in enumerate(doc.segmented.roles):
        here = list(passages.of_role(text, blocks.blocks))
        facts = [(f.field, f.value) for f in doc.facts if f.role == role]
        skills = None if doc.skills is None else doc.skills.get(role, [])
        out += parts(text, here, allowed(text, here, facts, skills)) if here else []
    return out


def parts(text: str, found: Sequence[Passage], allowed: NDArray[np.bool_]) -> list[Part]:
    """Passages of a text on their own, each with its rows of what is allowed."""
    ends = np.cumsum([p.end - p.start + 1 for p in found])
    rows = np.split(allowed, ends[:-1])
    return [Part(text[p.start : p.end], p.label, p.kind, p.wish, r) for p, r in zip(found, rows, strict=True)]


def allowed(
    text: str, found: Sequence[Passage], facts: Sequence[tuple[str, str]], skills: Sequence[tuple[str, ...]] | None
) -> NDArray[np.bool_]:
    """The tags that are right for each character of the passages of a role, and of the line break behind each."""
    starts = np.concatenate([[0], np.cumsum([p.end - p.start + 1 for p in found])]).astype(int)
    out = np.zeros((starts[-1], len(Tag)), bool)
    out[:, Tag.NONE] = True
    if skills is None:
        out[:, [Tag.SKILL, Tag.SKILL_ON]] = True
    for field, (sort, tag) in _FIELDS.items():
        values = {v for f, v in facts if f == field}
        _mark_candidates(text, found, starts, out, values, sort, tag)
    subjects = [(v,) for f, v in facts if f == "major"]
    _mark_names(text, found, starts, out, subjects, Tag.MAJOR, _TAUGHT)
    _mark_names(text, found, starts, out, skills or [], Tag.SKILL, None)
    return out


def _mark_candidates(
    text: str,
    found: Sequence[Passage],
    starts: NDArray[np.int_],
    out: NDArray[np.bool_],
    values: set[str],
    sort: Sort,
    tag: Tag,
) -> None:
    places: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for p, at in zip(found, starts, strict=False):
        for c in p.candidates:
            if c.sort == sort and _name(c) in values:
                worth = 2 * (sort != Sort.AGE or _AGED.search(text, p.start, p.end) is not None) + (
                    not wished(p, c.start)
                )
                places[_name(c)].append((worth, at + c.start - p.start, at + c.end - p.start))
    for here in places.values():
        best = max(worth for worth, *_ in here)
        for worth, a, b in here:
            out[a:b, tag] = True
            if worth == best:
                out[a:b, [Tag.NONE, Tag.SKILL, Tag.SKILL_ON]] = False


def _name(c: Candidate) -> str:
    return f"{c.value:g}" if isinstance(c.value, float) else str(c.value)


def _mark_names(
    text: str,
    found: Sequence[Passage],
    starts: NDArray[np.int_],
    out: NDArray[np.bool_],
    names: Iterable[tuple[str, ...]],
    tag: Tag,
    context: regex.Pattern[str] | None,
) -> None:
    """Mark where names stand: each in the passage that has the most of them, the first free place in it."""
    folded = [text[p.start : p.end].lower() for p in found]
    forms = sorted(names, key=lambda f: -len(f[0]))
    worth = [
        sum(any(_folded(f) in s for f in fs) for fs in forms) + 100 * (context is None or context.search(s) is not None)
        for s in folded
    ]
    taken = np.zeros(len(out), bool)
    for fs in forms:
        for form in map(_folded, fs):
            places = [
                (-worth[i], starts[i] + m.start(), starts[i] + m.end())
                for i, s in enumerate(folded)
                for m in regex.finditer(_whole(form), s)
                if not taken[starts[i] + m.start() : starts[i] + m.end()].any()
            ]
            if places:
                _, a, b = min(places)
                for _, x, y in places:
                    out[x, tag] = out[x + 1 : y, tag + 1] = True
                out[a:b] = False
                out[a, tag] = out[a + 1 : b, tag + 1] = True
                taken[a:b] = True
                break


def _folded(form: str) -> str:
    """A name as it stands in a cleaned text: half-width, and here in small letters."""
    return unicodedata.normalize("NFKC", form).lower()


def _whole(form: str) -> str:
    """A pattern for a name that is no part of a longer Latin word; a line may break within it."""
    before = r"(?<![a-z])" if form[0].isascii() and form[0].isalpha() else ""
    behind = r"(?![a-z])" if form[-1].isascii() and form[-1].isalpha() else ""
    return before + r"\s*+".join(regex.escape(c) for c in form if not c.isspace()) + behind
