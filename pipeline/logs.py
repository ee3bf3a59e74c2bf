"""What happens, told by the standard `logging` under "gangwei"; quiet until somebody listens. Never a document's text."""

from __future__ import annotations

import logging

ROOT = "gangwei"


def of(part: str) -> logging.Logger:
    """The logger of a part: "gangwei.workers"."""
    root = logging.getLogger(ROOT)
    if not root.handlers:
        root.addHandler(logging.NullHandler())
    return logging.getLogger(f"{ROOT}.{part}")
