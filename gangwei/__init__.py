"""gangwei (岗位): raw Chinese HR text in, clean and validated role records out.

>>> from gangwei import parse
>>> document = parse("出纳岗位职责\\n1、负责现金收付；\\n任职要求：\\n1、大专以上学历。")
>>> document.roles[0].title
'出纳'

The code is in the folder `pipeline`. A wheel holds that folder under this name (setup.py says how); in a checkout this
small package gives the same public names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pipeline
from pipeline import __version__

if TYPE_CHECKING:
    from pipeline import Document, PipelineError, Role, Settings, load_settings, parse, parse_file

__all__ = [
    "Document",
    "PipelineError",
    "Role",
    "Settings",
    "__version__",
    "load_settings",
    "parse",
    "parse_file",
]


def __getattr__(name: str) -> Any:
    """The public names, imported when first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(pipeline, name)
