"""Texts to measure speed on: from tests/documents, which were written for this project, or from a corpus that is named.

Postings of some 500 characters, documents of some 7,000, one text of a size that is asked for, and odd inputs.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from itertools import chain, cycle, islice
from pathlib import Path

DOCUMENTS = Path(__file__).parents[1] / "tests" / "documents"
POSTING, DOCUMENT = 500, 7_000
"""Characters."""


def texts(path: Path | None) -> list[str]:
    """All texts of a corpus (JSON lines with `text`, packed or not), else of tests/documents."""
    if path is None:
        return [file.read_text(encoding="utf-8-sig") for file in sorted(DOCUMENTS.rglob("*.txt"))]
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in islice(lines, 20_000)]


def postings(found: list[str], count: int) -> Iterator[str]:
    """Texts of some 500 characters, whole lines; where they run out they come again, each with a number of its own."""
    pieces = [piece for text in found for piece in _pieces(text)]
    for number, piece in enumerate(islice(cycle(pieces), count)):
        yield piece if number < len(pieces) else f"{piece}\n职位编号：{number}\n"


def _pieces(text: str) -> Iterator[str]:
    """Stretches of whole lines of more than 400 characters; what is longer than 600 is cut."""
    piece = ""
    for line in text.splitlines(keepends=True):
        piece += line
        while len(piece) >= POSTING - 100:
            yield piece[: POSTING + 100]
            piece = piece[POSTING + 100 :]


def documents(found: list[str], count: int) -> Iterator[str]:
    """Texts of some 7,000 characters: one after another, as a handbook has them."""
    joined = ""
    for text in islice(cycle(found), 100 * count):
        joined += text.rstrip() + "\n\n"
        if len(joined) >= DOCUMENT:
            yield joined[:DOCUMENT]
            joined = ""
            count -= 1
            if not count:
                return


def long_text(found: list[str], size: int) -> str:
    """A text of `size` bytes in UTF-8."""
    parts, left = [], size
    for number, text in enumerate(chain.from_iterable(cycle([found]))):
        part = f"{text.rstrip()}\n\n第{number}份\n\n"
        parts.append(part)
        left -= len(part.encode())
        if left <= 0:
            break
    return "".join(parts).encode()[:size].decode("utf-8", "ignore")


def _random_han(n: int) -> str:
    chance = random.Random(5)
    return "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(n))


ODD: dict[str, Callable[[int], str]] = {
    "one line of entries": lambda n: "1、负责客户开发；" * (n // 9),
    "numbered lines": lambda n: "".join(f"{i % 999 + 1}、负责客户开发和维护工作；\n" for i in range(n // 17)),
    "brackets": lambda n: "【(" * (n // 2),
    "colons": lambda n: "：" * n,
    "blanks and dashes": lambda n: " " * (n // 2) + "-" * (n // 2),
    "bare tabs": lambda n: "\t" * n,
    "half-width marks": lambda n: "一," * (n // 2),
    "bare markers": lambda n: "1、" * (n // 2),
    "circled numbers": lambda n: "①" * n,
    "bare headings": lambda n: "岗位职责：" * (n // 5),
    "titles": lambda n: "销售经理\n" * (n // 5),
    "roles": lambda n: "岗位名称：会计\n岗位职责：\n1、负责记账；\n任职要求：\n1、本科以上学历；\n" * (n // 38),
    "years": lambda n: "3年以上" * (n // 4),
    "degrees": lambda n: "本科" * (n // 2),
    "doubled words": lambda n: "证书" * (n // 2),
    "swapped words": lambda n: "带给优质的服务，具备沟通潜力，用心工作。\n" * (n // 20),
    "nested tags": lambda n: "<" * (n // 3) + "b>" * (n // 3),
    "chain of &amp;": lambda n: "&" + "amp;" * (n // 4) + "lt;",
    "chain of &#38;": lambda n: "&" + "#38;" * (n // 4),
    "chain of \\u005c": lambda n: "\\" + "u005c" * (n // 5),
    "markers that lose the thread": lambda n: "1、甲2、乙" + "丙4、" * (n // 3),
    "markers that leap": lambda n: "1、甲。" + "5、乙。" * (n // 4) + "3、丙",
    "blanks within words": lambda n: "负 责 " * (n // 4),
    "certificates": lambda n: "CET-6、会计证、驾照，" * (n // 14),
    "titles and headings": lambda n: "会计\n任职要求\n" * (n // 8),
    "Markdown headings": lambda n: "### 2. 会计\n" * (n // 10),
    "random ideographs": _random_han,
    "one ideograph": lambda n: "的" * n,
    "names": lambda n: "".join(f"张{chr(0x4E00 + i * 7 % 5000)}{chr(0x4E00 + i * 13 % 5000)}、" for i in range(n // 4)),
    "quotation marks": lambda n: "> " * (n // 2),
    "hashes": lambda n: "# " * (n // 2),
    "bullets": lambda n: "●■◆▲★" * (n // 5),
    "digits": lambda n: "1234567890" * (n // 10),
    "letters": lambda n: "Java开发Python" * (n // 12),
    "one word of letters": lambda n: "a" * n,
    "blank lines": lambda n: "\n" * (n - 4) + "会计岗位",
    "tabs": lambda n: "会计\t本科\t3年\n" * (n // 9),
    "table of bars": lambda n: "|会计|本科|3年|\n" * (n // 11),
    "mojibake": lambda n: "岗位职责：负责收付".encode().decode("latin-1") * (n // 27),
    "question marks": lambda n: "核?系统" * (n // 4),
    "stops": lambda n: "。；" * (n // 2),
    "emoji": lambda n: "😀1、负责" * (n // 5),
}
"""Texts of about n characters on which a careless pattern would backtrack."""
