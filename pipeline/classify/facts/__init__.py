"""What can be checked of a candidate, read out of the entries of a role."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.classify.facts import education, experience, mentions, person, skills
from pipeline.classify.facts.clauses import Clause, of_entry
from pipeline.model import Qualifications
from pipeline.text import Revision

__all__ = ["Clause", "of_entry", "read"]


def read(revision: Revision, clauses: Sequence[Clause]) -> Qualifications:
    """The qualifications that the clauses of one role ask for; spans are of the source."""
    return Qualifications(
        education=education.read(revision, clauses),
        experience=experience.read(revision, clauses),
        age=person.age(revision, clauses),
        gender=person.gender(clauses),
        languages=mentions.languages(revision, clauses),
        certificates=mentions.certificates(revision, clauses),
        skills=skills.read(revision, clauses),
    )
