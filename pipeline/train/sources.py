"""What the decision is trained on: texts, each with language models that have counted neither it nor its trade.

A model that is asked about the texts that it counted finds nothing strange in them, and learns to believe itself. So the
postings and laws that are held out are used, and whole fields of both: what is learnt then holds for the pages of trades
that no corpus has.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.clean import clean
from pipeline.correct.language import context
from pipeline.correct.language.ngrams import Language, load
from pipeline.correct.propose.usual import Usual, load_usual, usual_words
from pipeline.train import corpus
from pipeline.train.language import LAWS_CUTOFFS, count
from pipeline.train.written import sound

FIELDS = (
    "学生|教学|教师|课程|医院|护理|患者|药品|临床|酒店|餐厅|厨房|菜品|客房",
    "法律|律师|诉讼|物业|楼盘|置业|房地产|会计|财务|税务",
    "检验|质检|品质|机械|模具|数控|焊接|车间|施工|造价|建筑|监理|仓库|物流|配送|司机",
    "电路|硬件|PCB|射频|芯片|嵌入式|通信",
)
"""Words of fields of postings."""

LAW_FIELDS = (
    "水|渔|粮|农|林|畜|种子|气象|地质|矿|环境|污染|野生",
    "药|医|卫生|食品|疫|教育|文物|文化|体育|养老|儿童|妇女|残疾",
    "交通|道路|船|航|港|铁路|消防|电力|特种设备|建设|建筑|规划|市政|燃气|供热",
)
"""The same of laws, looked for in their first line."""

MENTIONS = 3
"""Words of a field that a posting of it has."""

POSTINGS, LAWS, DOCUMENTS, MOST = 700, 200, 600, 100
"""Held-out postings and pages of laws that are used, documents of each half, and texts of each field: more of them cost hours
and tell little more."""

SHORTEST, LINES, LONGEST = 150, (4, 8), 400
"""Characters and lines of a page of laws: that many of its sentences, numbered as a list."""

SEED = 2

_NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十百零〇]+条(?:之[一二三])?|[（(][一二三四五六七八九十]+[)）]|\d+[.．、])\s*"
)


class Scan(NamedTuple):
    """A page that was printed and read back: where its text is from, what was read, and what had been printed."""

    id: str
    ocr: str
    truth: str


class Source(NamedTuple):
    """Texts, the language model to look at them with, and whether that has not counted what a scan shows."""

    name: str
    texts: list[str]
    language: Language
    usual: Usual
    strange: Callable[[Scan], bool]


def law_pages(
    path: Path,
    kept: Callable[[corpus.Posting], bool],
    seed: int = SEED,
    printable: Callable[[str], object] = bool,
) -> list[corpus.Posting]:
    """Sentences of the laws that are kept, where printable, set as lists of duties, shuffled."""
    chance, out = random.Random(seed), list[corpus.Posting]()
    for law in corpus.read(path):
        if not kept(law):
            continue
        lines = [_NUMBER.sub("", line.strip()) for line in clean(law.text).text.split("\n") if line.strip()]
        lines = [line for line in lines if 12 <= len(line) <= 160 and line[-1] in "。；：;" and printable(line)]
        for start in range(0, len(lines), LINES[1]):
            listed = ""
            for number, line in enumerate(lines[start : start + chance.randint(*LINES)], 1):
                if len(listed) + len(line) > LONGEST:
                    break
                listed += f"{number}、{line}\n"
            if len(listed) > SHORTEST:
                out.append(corpus.Posting(f"{law.id}-{start}", listed.strip()))
    chance.shuffle(out)
    return out


def for_decisions(posting: corpus.Posting) -> bool:
    """Whether a text is held out, and not to measure on."""
    return posting.held_out and not posting.measured


def sources(postings: Path, laws: Path, documents: Path, apart: context.Network) -> Iterator[Source]:
    """The held-out texts, and those of each half of the documents and of each field with the language model that lacks it;
    `apart` is a character network that has seen none of the fields."""
    known, usual, written = load(), load_usual(), sound(documents)
    read = [(clean(p.text).text, p) for p in corpus.read(postings)]
    held = [text for text, p in read if for_decisions(p)]
    rest = [text for text, p in read if not p.held_out]
    halves = {d.name: d.half for d in written}
    yield Source("postings", _some(held, POSTINGS), known, usual, _of_half(halves, None))
    yield Source("laws", [p.text for p in law_pages(laws, for_decisions)][:LAWS], known, usual, _none)
    for half in (0, 1):
        table = count(known.ids, [*rest, *(d.text for d in written if d.half != half)])
        texts = _some([d.text for d in written if d.half == half], DOCUMENTS)
        language = Language(known.ids, table, known.laws)
        yield Source(f"documents {half}", texts, language, usual, _of_half(halves, half))
    for number, field in enumerate(FIELDS):
        of_field = mentions(field, MENTIONS)
        table = count(known.ids, [text for text in rest if not of_field(text)])
        language = Language(known.ids, table, known.laws, apart)
        texts = _some([text for text in rest if of_field(text)])
        yield Source(f"field {number}", texts, language, usual_words(language), _printing(of_field))
    whole = [(clean(p.text).text, p) for p in corpus.read(laws)]
    without = count(known.ids, rest)
    for number, field in enumerate(LAW_FIELDS):
        titled, of_field = mentions(field, 1), mentions(field, 2)
        of_law = {p.id for text, p in whole if not p.measured and titled(text.split("\n")[0])}
        table = count(known.ids, [text for text, p in whole if not p.held_out and p.id not in of_law], LAWS_CUTOFFS)
        texts = _some([page.text for page in law_pages(laws, lambda p, ids=of_law: p.id in ids)])  # type: ignore[misc]
        yield Source(f"laws {number}", texts, Language(known.ids, without, table, apart), usual, _printing(of_field))


def _of_half(halves: Mapping[str, int], wanted: int | None) -> Callable[[Scan], bool]:
    """Whether a scan is of a document of that half, or of none."""
    return lambda scan: halves.get(scan.id.rpartition("-")[0]) == wanted


def _none(_: Scan) -> bool:
    return False


def _printing(of_field: Callable[[str], bool]) -> Callable[[Scan], bool]:
    """Whether what was printed is of a field."""
    return lambda scan: of_field(scan.truth)


def mentions(field: str, least: int) -> Callable[[str], bool]:
    """Whether a text has the words of a field at least so often."""
    pattern = re.compile(field)
    return lambda text: len(pattern.findall(text)) >= least


def _some(texts: Sequence[str], most: int = MOST) -> list[str]:
    return random.Random(SEED).sample(list(texts), min(most, len(texts)))
