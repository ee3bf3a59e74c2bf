"""What can be checked of a candidate, read out of the passages of a role."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.blocks import Label
from pipeline.classify.facts import education, experience, mentions, person, skills
from pipeline.classify.facts.passages import Passage, of_role
from pipeline.classify.facts.tagger import NOTHING, Marks, tag
from pipeline.model import Kind, Qualifications
from pipeline.text import Revision

__all__ = ["Passage", "of_role", "read", "tag"]


def read(revision: Revision, found: Sequence[Passage], marks: Sequence[Marks]) -> Qualifications:
    """The qualifications that one role asks for, given its passages and what the model says of each; spans are of the source."""
    tagged = list(zip(found, marks, strict=True))
    counted = [t for t in tagged if t[0].candidates]
    named = [t for t in tagged if t[1].best.strip(NOTHING)]
    asking = [c for p in found if _asks(p) for c in p.clauses]
    certificates = mentions.certificates(revision, asking)
    held = {certificate.name.lower() for certificate in certificates}
    return Qualifications(
        education=education.read(revision, counted, named),
        experience=experience.read(revision, counted),
        age=person.age(revision, counted),
        gender=person.gender(counted),
        languages=mentions.languages(revision, asking),
        certificates=certificates,
        skills=tuple(skill for skill in skills.read(revision, named) if skill.name.lower() not in held),
    )


def _asks(p: Passage) -> bool:
    if p.label == Label.FIELD:
        return p.kind == Kind.REQUIREMENTS
    return p.label in (Label.ITEM, Label.PARAGRAPH) and p.kind in (Kind.REQUIREMENTS, Kind.QUALITIES)
