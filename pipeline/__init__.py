"""gangwei (岗位): raw Chinese HR text in, clean and validated role records out.

>>> from pipeline import parse
>>> document = parse("出纳岗位职责\\n1、负责现金收付；\\n任职要求：\\n1、大专以上学历。")
>>> document.roles[0].title
'出纳'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pipeline.errors import PipelineError
from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.configuration import load_settings
    from pipeline.correct import Settings
    from pipeline.model import Document, Role
    from pipeline.run import parse, parse_file

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

_HOMES = {
    "Document": "pipeline.model",
    "Role": "pipeline.model",
    "Settings": "pipeline.correct",
    "load_settings": "pipeline.configuration",
    "parse": "pipeline.run",
    "parse_file": "pipeline.run",
}


def __getattr__(name: str) -> Any:
    """The public names that need the stages, imported when first asked for: numpy and pydantic take a while."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value
