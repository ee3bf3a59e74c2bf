r"""Characters that XML 1.0 and Excel cannot hold, and how a text that has them is written all the same.

`\x{HEX}` stands for such a character, and `\x{5C}` for the backslash of a text that says `\x{` itself, so that each can
be told from the other and both read again.
"""

from __future__ import annotations

import re

FORBIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"
"""What XML 1.0 can say neither as it is nor as a character reference, surrogates aside: those are no text at all.

A range for a character class of `re`.
"""

_WRITTEN_OUT = re.compile(rf"[{FORBIDDEN}]|\\(?=x\{{)")


def visible(text: str) -> str:
    r"""The text with each forbidden character as `\x{HEX}`; most texts have none and come back as they are."""
    return _WRITTEN_OUT.sub(lambda found: written_out(found[0]), text)


def written_out(character: str) -> str:
    r"""One character as `\x{HEX}`."""
    return f"\\x{{{ord(character):X}}}"
