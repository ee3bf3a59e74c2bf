"""Warnings that help HR; nothing is deleted for them."""

from __future__ import annotations

from pipeline.model import DocumentWarning, Role


def document(roles: tuple[Role, ...], source_text: str) -> tuple[DocumentWarning, ...]:
    """Everything worth a person's look in a whole document."""
    out: list[DocumentWarning] = []
    if not roles and source_text.strip():
        out.append(DocumentWarning(code="no-role", message="no role was found in the text"))
    return tuple(out)
