"""What a person decided about a document: the file that a review page hands out and `gangwei parse --decisions` takes.

`docs/decisions.md` explains the format. A decision names a stretch of the source text and what stood there, so that one
that no longer fits is told and never applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError

from pipeline.errors import DecisionsError
from pipeline.model import Category, DocumentWarning, Kind, SpanModel

FORMAT: Literal["gangwei-decisions"] = "gangwei-decisions"
VERSION: Literal[1] = 1
MISFIT = "decision-misfit"
"""Code of the warning that a decision was not applied."""

_SHOWN = 24
"""Characters of a text that a warning quotes."""


Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChangeDecision(_Model):
    """Whether `original` at `span` is to read `replacement`: a correction or a suggestion, accepted or rejected."""

    type: Literal["change"] = "change"
    span: SpanModel
    original: str
    replacement: str
    category: Category
    verdict: Literal["accept", "reject"]


class KindDecision(_Model):
    """What the heading, entry or field at `span` says."""

    type: Literal["kind"] = "kind"
    span: SpanModel
    original: str
    kind: Kind


class TitleDecision(_Model):
    """The title of the role whose heading, or else whose first block, stands at `span`; null where it has none."""

    type: Literal["title"] = "title"
    span: SpanModel
    original: str
    title: Title | None


class RoleDecision(_Model):
    """Whether a role begins with the block at `span`; the block is its heading where its text holds the `title`."""

    type: Literal["role"] = "role"
    span: SpanModel
    original: str
    begins: bool
    title: Title | None = None


Decision = Annotated[ChangeDecision | KindDecision | TitleDecision | RoleDecision, Field(discriminator="type")]


class DecidedSource(_Model):
    """The document that was decided about: the path of its record below the output folder, and its file's hash."""

    name: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    characters: NonNegativeInt


class Decisions(_Model):
    """The decisions about one document, in the order of its text."""

    format: Literal["gangwei-decisions"] = FORMAT
    version: Literal[1] = VERSION
    source: DecidedSource
    decisions: tuple[Decision, ...] = ()


class Misfit(NamedTuple):
    """A decision that was not applied, and why."""

    decision: Decision
    why: str

    def warning(self, source_text: str) -> DocumentWarning:
        """What the record says of it; it has no span where that is no stretch of the text."""
        d = self.decision
        words = d.original if len(d.original) <= _SHOWN else d.original[: _SHOWN - 1] + "…"
        inside = d.span.start <= d.span.end <= len(source_text)
        message = f"the decision on the {d.type} of {words!r} at {d.span.start} was not applied: {self.why}"
        return DocumentWarning(code=MISFIT, message=message, span=d.span if inside else None)


def load(path: Path) -> Decisions:
    """The decisions of a file. Raises DecisionsError, which names it and what is wrong."""
    try:
        return Decisions.model_validate_json(path.read_bytes())
    except OSError as error:
        raise DecisionsError(f"{path}: {error.strerror or error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(map(str, first["loc"])) or "the file"
        raise DecisionsError(f"{path}: no file of decisions: {place}: {first['msg']}") from error


def about(sets: Iterable[Decisions], name: str, sha256: str) -> tuple[Decisions, ...]:
    """Those that are about a document: by its hash, or by its name, so that it can be told that it has changed since."""
    return tuple(s for s in sets if s.source.sha256 == sha256 or s.source.name == name)


def fitting(sets: Sequence[Decisions], source_text: str, sha256: str) -> tuple[list[Decision], list[Misfit]]:
    """The decisions that are about this very text, the last one of each matter, and those that are not."""
    kept: dict[tuple[object, ...], Decision] = {}
    misfits: list[Misfit] = []
    for decided in sets:
        for d in decided.decisions:
            if decided.source.sha256 != sha256:
                misfits.append(Misfit(d, "it was made on another version of the file"))
            elif d.span.end < d.span.start or source_text[d.span.start : d.span.end] != d.original:
                misfits.append(Misfit(d, "the source text reads otherwise there"))
            else:
                matter = (d.type, d.span.start, d.span.end, getattr(d, "replacement", None))
                kept[matter] = d
    return sorted(kept.values(), key=lambda d: (d.span.start, d.span.end)), misfits
