"""The document model: what every record says. The published schemas are made from it, or held against it.

All models are frozen and forbid unknown keys. Offsets are Unicode code points of the source text, half-open. Texts are
clean and corrected and come without their markers; `source_text[span]` is what they were read from. Each field says
what it holds and gives an example, from which docs/record.md is made (`gangwei schema --page`).

vocabulary      words that a field may be, and numbers within bounds
content         spans, and the tree of sections, items, paragraphs and fields
qualifications  what can be checked of a candidate
occupation      the occupation of a post
wording         what these are called in Chinese
document        roles, changes, leftovers, warnings, places, and the record that holds them
"""

from __future__ import annotations

from pipeline.model.content import (
    Entry,
    FieldNode,
    Item,
    Node,
    Paragraph,
    Section,
    SectionHeading,
    SpanModel,
    SpannedText,
)
from pipeline.model.document import (
    SCHEMA_RELEASE,
    SCHEMA_VERSION,
    Correction,
    Document,
    DocumentWarning,
    Generator,
    Leftover,
    Normalisation,
    Place,
    Profile,
    Role,
    Source,
)
from pipeline.model.occupation import Occupation, OccupationChoice
from pipeline.model.qualifications import Age, Education, Experience, NamedMention, Qualifications, Skill
from pipeline.model.vocabulary import Category, Confidence, EducationLevel, Gender, Kind, Ordinal, SkillLevel, Years

__all__ = [
    "SCHEMA_RELEASE",
    "SCHEMA_VERSION",
    "Age",
    "Category",
    "Confidence",
    "Correction",
    "Document",
    "DocumentWarning",
    "Education",
    "EducationLevel",
    "Entry",
    "Experience",
    "FieldNode",
    "Gender",
    "Generator",
    "Item",
    "Kind",
    "Leftover",
    "NamedMention",
    "Node",
    "Normalisation",
    "Occupation",
    "OccupationChoice",
    "Ordinal",
    "Paragraph",
    "Place",
    "Profile",
    "Qualifications",
    "Role",
    "Section",
    "SectionHeading",
    "Skill",
    "SkillLevel",
    "Source",
    "SpanModel",
    "SpannedText",
    "Years",
]
