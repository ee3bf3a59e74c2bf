"""The many spaces of Unicode."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text import Edit

_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]+")


def fold_spaces(text: str) -> Iterator[Edit]:
    """Ideographic, no-break and typographic spaces become plain ones, one for one, so that indents keep their width.

    Tabs stay: they part the fields of a job specification.
    """
    for m in _SPACES.finditer(text):
        yield Edit(m.start(), m.end(), " " * len(m[0]), "space")
