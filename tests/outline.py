"""A document as a few readable lines, for tests to compare."""

from __future__ import annotations

from pipeline.model import Document, FieldNode, Item, Node, Section


def outline(document: Document) -> list[str]:
    """Roles, headings (§), entries with their markers, fields (=) and leftovers (-), indented by depth."""
    out = []
    for role in document.roles:
        out.append(f"role {role.title}" + (f" #{role.ordinal}" if role.ordinal is not None else ""))
        if role.subtitle:
            out.append(f" subtitle {role.subtitle.text}")
        _nodes(role.content, 1, out)
    out += [f"- {left.reason}: {left.text}" for left in document.leftovers]
    return out


def _nodes(nodes: tuple[Node, ...], depth: int, out: list[str]) -> None:
    indent = " " * depth
    for node in nodes:
        if isinstance(node, Section):
            heading = node.heading
            out.append(f"{indent}§ {heading.marker or ''}{heading.text}" if heading else f"{indent}§")
            _nodes(node.content, depth + 1, out)
        elif isinstance(node, FieldNode):
            out.append(f"{indent}{node.name} = {node.value}")
        else:
            marker = node.marker if isinstance(node, Item) else None
            out.append(f"{indent}{marker or '·'} {node.text}")
            if isinstance(node, Item):
                _nodes(node.content, depth + 1, out)
