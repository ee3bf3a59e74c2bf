"""What a title and a list of duties look like to the model: rows of hashed n-grams, never the words themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

import numpy as np
import regex
from numpy.typing import NDArray

Ints = NDArray[np.int64]

BITS = 22
"""Rows are numbered below 2**BITS: some sixty times as many as are used, so that two n-grams hardly ever share one."""
LONGEST_TITLE = 60
LONGEST_DUTIES = 3000
"""Characters that are looked at: what a post is stands in its first duties, and cost stays bounded."""

_RANKS = (
    "总经理|副经理|班组长|实习生|管培生|储备干部|负责人|应届生|小时工|暑假工|临时工|经理|总监|主管|主任|部长|科长|组长|班长|领班|助理|专员|专家|储备|学徒"
    "|人员|员工|职员|岗位|资深|高级|中级|初级|首席|兼职|全职|实习|师傅|代表|岗|副"
)
"""Words that say how high a post stands, or on what terms, and not what is done there; the longest first."""

_RANK = regex.compile(_RANKS)
_BRACKETS = regex.compile(r"[（(【\[「〔]([^）)】\]」〕]*)[）)】\]」〕]?")
_CALL = regex.compile(
    r"^.*?(?:招聘|急聘|诚聘|急招|直招|直聘|招募|招收|诚招|高薪聘请|聘请)(?!专员|主管|经理|顾问|助理|师|岗|总监|组长|实习|$)"
)
_NUMBERED = regex.compile(r"[a-z]{0,3}\d[\d.\-~—]*[a-z万千元天人名]*")
_PARTS = regex.compile(r"[\p{Han}a-z+#]+")
_WIDE = regex.compile(r"[Ａ-Ｚａ-ｚ０-９]")
_EDGE = "\x02"


def core(title: str) -> str:
    """A title without what is in brackets, whoever calls for it, its numbers and its marks: "诚聘出纳（急）" -> "出纳"."""
    return " ".join(_parts(title)[0])


def substance(title: str) -> str:
    """What is left of a title without words of rank: nothing of "部门负责人", "出纳" of "出纳主管"."""
    return _RANK.sub("", core(title)).replace(" ", "")


def title_rows(title: str) -> Ints:
    """The rows of a title, each once: n-grams, what its parts begin and end with, and its parts as a whole."""
    main, aside = _parts(title)
    found = {row for part in main for row in _part(part)}
    found.update(_row("b", gram) for part in aside for gram in _grams(part, 2, 3))
    whole = "".join(main)
    found.update((_row("w", whole), _row("w", _RANK.sub("", whole))))
    return np.array(sorted(found), dtype=np.int64)


def _parts(title: str) -> tuple[list[str], list[str]]:
    """The words of a title, and those in its brackets."""
    plain = _WIDE.sub(lambda m: chr(ord(m[0]) - 0xFEE0), title[:LONGEST_TITLE]).lower()
    aside = [part for m in _BRACKETS.finditer(plain) for part in _PARTS.findall(_NUMBERED.sub(" ", m[1]))]
    bare = _NUMBERED.sub(" ", _CALL.sub("", _BRACKETS.sub(" ", plain)))
    main = _PARTS.findall(bare)
    return (main, aside) if main else (aside, [])


def _part(part: str) -> Iterator[int]:
    yield from (_row("n", gram) for gram in _grams(part, 1, 4))
    bare = _RANK.sub("", part)
    for kind, words in (("e", part), ("r", bare)):
        yield _row("p", words)
        yield from (_row(kind, words[-n:]) for n in range(1, min(5, len(words)) + 1))
    yield from (_row("s", part[:n]) for n in (2, 3) if len(part) > n)


def _grams(text: str, least: int, most: int) -> Iterator[str]:
    for n in range(least, most + 1):
        yield from (text[i : i + n] for i in range(len(text) - n + 1))


def _row(kind: str, words: str) -> int:
    return crc32(f"{kind}{_EDGE}{words}".encode("utf-8", "surrogatepass")) >> (32 - BITS)


_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FFF


def duty_rows(duties: Sequence[str] | Iterable[str]) -> Ints:
    """The rows of a list of duties, each once: two and three ideographs that follow each other."""
    text = "\n".join(duties)[:LONGEST_DUTIES]
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    han = (points >= _FIRST_HAN) & (points <= _LAST_HAN)
    if len(points) < 3:
        return np.zeros(0, dtype=np.int64)
    two = (points[:-1] << np.uint64(16)) ^ points[1:]
    three = (two[:-1] << np.uint64(16)) ^ points[2:]
    pairs, triples = han[:-1] & han[1:], han[:-2] & han[1:-1] & han[2:]
    return np.unique(np.concatenate([_mixed(two[pairs]), _mixed(three[triples])]))


def _mixed(grams: NDArray[np.uint64]) -> Ints:
    mixed = grams * _FACTOR
    mixed ^= mixed >> np.uint64(29)
    mixed *= _FACTOR
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)
