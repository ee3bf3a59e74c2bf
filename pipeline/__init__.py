"""gangwei (岗位): raw Chinese HR text in, clean and validated role records out.

>>> from pipeline import parse
>>> document = parse("出纳岗位职责\\n1、负责现金收付；\\n任职要求：\\n1、大专以上学历。")
>>> document.roles[0].title
'出纳'
"""

from pipeline.errors import PipelineError
from pipeline.model import Document, Role
from pipeline.run import parse, parse_file
from pipeline.version import __version__

__all__ = ["Document", "PipelineError", "Role", "__version__", "parse", "parse_file"]
