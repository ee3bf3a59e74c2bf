"""A sound record has no problems, and each broken invariant is one readable line."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.layout import Hint
from pipeline.model import (
    Category,
    Correction,
    Document,
    DocumentWarning,
    Entry,
    FieldNode,
    Generator,
    Item,
    Kind,
    Leftover,
    Normalisation,
    Paragraph,
    Place,
    Role,
    Section,
    SectionHeading,
    Source,
    SpanModel,
    SpannedText,
)
from pipeline.text import fold_lines
from pipeline.verify import verify

SOURCE = (
    "欢迎下载\n"
    "出纳岗位\n"
    "所属部门：财务部\n"
    "【岗位职责】:\n"
    "1、带给报表,\n准时\n"  # 带给 reads 提供; the comma is half-width
    "(1)月报\n"
    "2、管现金\n"
    "任职要求\n"
    "会计专业。\n"
)


def span(text: str, until: str | None = None) -> SpanModel:
    start = SOURCE.index(text)
    end = SOURCE.index(until, start) + len(until) if until else start + len(text)
    return SpanModel(start=start, end=end)


def item(marker: str, text: str, where: SpanModel, *content: Any) -> Item:
    return Item(marker=marker, text=text, kind=Kind.DUTIES, confidence=1, span=where, content=content)


def section(text: str, where: SpanModel, kind: Kind, *content: Any) -> Section:
    heading = SectionHeading(text=text, span=where)
    return Section(heading=heading, level=1, kind=kind, confidence=1, content=content)


MONTHLY = item("(1)", "月报", span("(1)月报"))
REPORTS = item("1、", "提供报表，准时", span("1、", "月报"), MONTHLY)
CASH = item("2、", "管现金", span("2、管现金"))
DEGREE = Paragraph(text="会计专业。", kind=Kind.REQUIREMENTS, confidence=1, span=span("会计专业。"))
DUTIES = section("岗位职责", span("【岗位职责】:"), Kind.DUTIES, REPORTS, CASH)
WANTED = section("任职要求", span("任职要求"), Kind.REQUIREMENTS, DEGREE)
DEPARTMENT = FieldNode(name="所属部门", value="财务部", kind=Kind.OTHER, span=span("所属部门：财务部"))


def entries(*nodes: Item | Paragraph) -> tuple[Entry, ...]:
    return tuple(Entry(text=n.text, confidence=n.confidence, span=n.span) for n in nodes)


AT = SOURCE.index("带给")
ROLE = Role(
    id="出纳#1",
    title="出纳",
    heading=SpannedText(text="出纳岗位", span=span("出纳岗位")),
    span=span("出纳岗位", "会计专业。"),
    content=(DEPARTMENT, DUTIES, WANTED),
    duties=entries(REPORTS, MONTHLY, CASH),
    requirements=entries(DEGREE),
)
SWAP = Correction(
    span=span("带给"), original="带给", replacement="提供", category=Category.SPIN, rule="table", confidence=0.99
)
COMMA = Normalisation(rule="width", original=",", replacement="，", at=(SOURCE.index(","),))
CLUTTER = Leftover(span=span("欢迎下载"), text="欢迎下载", reason="clutter")
SOUND = Document(
    generator=Generator(name="gangwei", version="0", lexicon_version="0"),
    source=Source(name="出纳", media_type="text/plain", encoding="utf-8", sha256="0" * 64, characters=len(SOURCE)),
    roles=(ROLE,),
    corrections=(SWAP,),
    normalisations=(COMMA,),
    leftovers=(CLUTTER,),
)


def role(**fields: Any) -> Document:
    return SOUND.model_copy(update={"roles": (ROLE.model_copy(update=fields),)})


def record(**fields: Any) -> Document:
    return SOUND.model_copy(update=fields)


def moved(thing: Any, start: int = 0, end: int = 0) -> Any:
    where = SpanModel(start=thing.span.start + start, end=thing.span.end + end)
    return thing.model_copy(update={"span": where})


def test_a_sound_record_has_no_problems() -> None:
    assert verify(SOUND, SOURCE) == []


def test_white_space_needs_no_block() -> None:
    text = " \t\r\n\u3000\xa0"
    source = SOUND.source.model_copy(update={"characters": len(text)})
    assert verify(Document(generator=SOUND.generator, source=source), text) == []


BROKEN: dict[str, tuple[Document, str]] = {
    "another source text": (
        record(source=SOUND.source.model_copy(update={"characters": 3})),
        "the record is of 3 characters",
    ),
    "a span beyond the source": (record(leftovers=(moved(CLUTTER, end=999),)), "is no stretch of the source"),
    "a span of a warning beyond the source": (
        record(warnings=(DocumentWarning(code="c", message="m", span=SpanModel(start=999, end=999)),)),
        "warning: the span 999-999",
    ),
    "a leftover lost": (record(leftovers=()), "characters 0-5 '欢迎下载\\n' are in no block"),
    "a role heading lost": (role(heading=None), "are in no block"),
    "a field lost": (role(content=(DUTIES, WANTED)), "are in no block"),
    "a section's heading lost": (
        role(content=(DEPARTMENT, DUTIES.model_copy(update={"heading": None}), WANTED)),
        "are in no block",
    ),
    "a nested item lost": (
        role(content=(DEPARTMENT, section("岗位职责", span("【岗位职责】:"), Kind.DUTIES, CASH), WANTED)),
        "are in no block",
    ),
    "a character in two blocks": (
        record(leftovers=(CLUTTER, Leftover(span=span("现金"), text="现金", reason="clutter"))),
        "'现金' are in two blocks",
    ),
    "a correction whose original is another text": (
        record(corrections=(SWAP.model_copy(update={"original": "代给"}),)),
        f"the correction at {AT}: the source does not read '代给'",
    ),
    "a suggestion whose original is another text": (
        record(suggestions=(SWAP.model_copy(update={"original": "代给"}),)),
        f"the suggestion at {AT}: the source does not read '代给'",
    ),
    "a normalisation whose original is another text": (
        record(normalisations=(COMMA.model_copy(update={"at": (0,)}),)),
        "the normalisation at 0: the source does not read ','",
    ),
    "corrections that overlap": (record(corrections=(SWAP, SWAP)), f"overlaps the change at {AT}"),
    "a normalisation over a correction": (
        record(normalisations=(COMMA, Normalisation(rule="x", original="给", replacement="給", at=(AT + 1,)))),
        f"overlaps the change at {AT}",
    ),
    "corrections out of order": (
        record(
            corrections=(
                SWAP,
                SWAP.model_copy(update={"span": span("下载"), "original": "下载", "replacement": "下载"}),
            )
        ),
        "the corrections are not in the order of the source",
    ),
    "a text that forgets its correction": (record(corrections=()), f"item at {AT - 2}: says '1、 提供报表，准时'"),
    "a text that is not its span's": (
        record(leftovers=(CLUTTER.model_copy(update={"text": "欢迎"}),)),
        "leftover at 0: says '欢迎' where its span reads '欢迎下载'",
    ),
    "an item that lost its marker": (
        role(
            content=(
                DEPARTMENT,
                section("岗位职责", span("【岗位职责】:"), Kind.DUTIES, REPORTS, item("", "管现金", CASH.span)),
                WANTED,
            )
        ),
        "item at",
    ),
    "a heading that lost a word": (
        role(content=(DEPARTMENT, DUTIES, section("要求", span("任职要求"), Kind.REQUIREMENTS, DEGREE))),
        "section heading at",
    ),
    "a field that lost a part of its value": (
        role(content=(DEPARTMENT.model_copy(update={"value": "财务"}), DUTIES, WANTED)),
        "field at",
    ),
    "sections out of order": (role(content=(DEPARTMENT, WANTED, DUTIES)), "out of order"),
    "a node outside its role": (role(span=span("出纳岗位", "管现金")), "outside what holds it"),
    "a flat view that lacks an entry": (role(duties=entries(REPORTS, CASH)), "出纳#1: duties are not what"),
    "a flat view in another order": (role(duties=entries(CASH, REPORTS, MONTHLY)), "出纳#1: duties are not what"),
    "a flat view of another text": (
        role(requirements=(Entry(text="会计", confidence=1, span=DEGREE.span),)),
        "requirements are not what the tree says",
    ),
    "a flat view of another kind": (role(qualities=entries(DEGREE)), "qualities are not what the tree says"),
    "a record that no schema allows": (role(ordinal=-1), "json: 出纳: roles/0/ordinal"),
    "a text that cannot be written": (record(warnings=(DocumentWarning(code="\ud800", message=""),)), "xml: 出纳: "),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_invariant_is_told(name: str) -> None:
    document, problem = BROKEN[name]
    found = verify(document, SOURCE)
    assert any(problem in line for line in found), found
    assert all("\n" not in line for line in found)


def one_block(source: str, text: str, *corrections: Correction) -> list[str]:
    """Verify a record whose only block is a leftover over all of its source."""
    where = SpanModel(start=0, end=len(source))
    return verify(
        Document(
            generator=SOUND.generator,
            source=SOUND.source.model_copy(update={"characters": len(source)}),
            corrections=corrections,
            leftovers=(Leftover(span=where, text=text, reason="clutter"),),
        ),
        source,
    )


def change(at: int, original: str, replacement: str) -> Correction:
    where = SpanModel(start=at, end=at + len(original))
    return Correction(
        span=where, original=original, replacement=replacement, category=Category.MISSING, rule="r", confidence=1
    )


@pytest.mark.parametrize(
    ("source", "text", "at", "original", "replacement"),
    [
        ("责管账", "负责管账", 0, "", "负"),
        ("负责管", "负责管账", 3, "", "账"),
        ("负责管账", "负责管", 3, "账", ""),
        ("负责责管账", "负责管账", 2, "责", ""),
    ],
)
def test_what_is_put_in_or_taken_out_at_a_blocks_ends_is_its_own(
    source: str, text: str, at: int, original: str, replacement: str
) -> None:
    assert one_block(source, text, change(at, original, replacement)) == []
    assert one_block(source, text + "本", change(at, original, replacement)) != []


def test_two_insertions_at_one_place_overlap() -> None:
    assert any("overlaps" in line for line in one_block("管账", "负责管账", change(0, "", "负"), change(0, "", "责")))


@pytest.mark.parametrize("gone", ["&nbsp;", "\u200b", "？"])
def test_what_was_taken_out_must_still_be_in_a_block(gone: str) -> None:
    source = f"记账{gone}"
    document = Document(
        generator=SOUND.generator,
        source=SOUND.source.model_copy(update={"characters": len(source)}),
        normalisations=(Normalisation(rule="entity", original=gone, replacement="", at=(2,)),),
        leftovers=(Leftover(span=SpanModel(start=0, end=2), text="记账", reason="clutter"),),
    )
    assert any("in no block" in line for line in verify(document, source))
    whole = Leftover(span=SpanModel(start=0, end=len(source)), text="记账", reason="clutter")
    assert verify(document.model_copy(update={"leftovers": (whole,)}), source) == []


@pytest.mark.parametrize(
    "work",
    [
        lambda n: one_block("岗" * n, "岗" * n),
        lambda n: one_block("岗 " * n, "岗 " * n),
        lambda n: fold_lines("岗\n位" + " " * n + "责"),
    ],
    ids=["one long text", "many spaces", "one long gap"],
)
def test_the_cost_is_linear(work: Callable[[int], object]) -> None:
    started = time.process_time()
    work(200_000)
    assert time.process_time() - started < 5


# -- places -----------------------------------------------------------------------------------------------------------


def placed(*spans_: tuple[int, int]) -> Document:
    found = tuple(Place(span=SpanModel(start=a, end=b), paragraph=n) for n, (a, b) in enumerate(spans_, 1))
    return SOUND.model_copy(update={"places": found})


def test_places_that_hold_the_whole_text_are_sound() -> None:
    assert verify(placed((0, 4), (5, len(SOURCE))), SOURCE) == []


@pytest.mark.parametrize(
    ("spans_", "problem"),
    [
        (((0, 4), (6, len(SOURCE))), "characters 4-6 have no place"),
        (((0, 4),), "have no place"),
        (((0, 4), (3, len(SOURCE))), "the place at 3-"),
        (((0, 4), (5, 4000)), "place: the span 5-4000"),
    ],
)
def test_place_that_is_missing_or_wrong_is_a_problem(spans_: tuple[tuple[int, int], ...], problem: str) -> None:
    assert [line for line in verify(placed(*spans_), SOURCE) if problem in line]


def test_places_are_held_against_the_layout_of_the_file() -> None:
    layout = (Hint(0, 4, 1), Hint(5, len(SOURCE), 2))
    placing = placed((0, 4), (5, len(SOURCE)))
    assert verify(placing, SOURCE, layout) == []
    elsewhere = (layout[0], Hint(5, len(SOURCE), 2, page=3))
    assert verify(placing, SOURCE, elsewhere) == ["the places are not those of the file"]
