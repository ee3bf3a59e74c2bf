"""Edits compose, can be undone, and say where each character came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import Change, Edit, Revision, Span, is_han, undo

ALPHABET = "带给力，。1 \nx"


@st.composite
def chains(draw: st.DrawFn) -> tuple[Revision, list[int | None]]:
    """A revision after several rounds of random edits, and for each of its characters its source offset, if it survived."""
    source = draw(st.text(ALPHABET, max_size=24))
    revision, origin = Revision.of(source), list(range(len(source)))
    survivors: list[int | None] = list(origin)
    for _ in range(draw(st.integers(0, 4))):
        size = len(revision.text)
        cuts = sorted(draw(st.lists(st.integers(0, size), max_size=6)))
        edits = [
            Edit(a, b, draw(st.text(ALPHABET, max_size=3)), "test") for a, b in zip(cuts[::2], cuts[1::2], strict=False)
        ]
        expected = revision.text
        for edit in reversed(edits):
            expected = expected[: edit.start] + edit.replacement + expected[edit.end :]
            survivors[edit.start : edit.end] = [None] * len(edit.replacement)
        revision = revision.apply(edits)
        assert revision.text == expected
    return revision, survivors


@given(chains())
def test_any_chain_of_edits_undone_gives_back_the_source(chain: tuple[Revision, list[int | None]]) -> None:
    revision, _ = chain
    assert revision.undo() == revision.source
    assert Revision.from_changes(revision.source, revision.changes).text == revision.text


@given(chains())
def test_every_surviving_character_maps_to_its_own_source_character(
    chain: tuple[Revision, list[int | None]],
) -> None:
    revision, survivors = chain
    for at, origin in enumerate(survivors):
        if origin is not None:
            assert revision.to_source(Span(at, at + 1)) == (origin, origin + 1)
            assert revision.from_source(origin) == at


@given(chains(), st.data())
def test_spans_that_follow_each_other_stay_in_order(
    chain: tuple[Revision, list[int | None]], data: st.DataObject
) -> None:
    revision, _ = chain
    a, b, c = sorted(data.draw(st.tuples(*[st.integers(0, len(revision.text))] * 3)))
    left, right = revision.to_source(Span(a, b)), revision.to_source(Span(b, c))
    assert 0 <= left.start <= left.end <= len(revision.source)
    assert left.start <= right.start


@given(chains())
def test_changes_are_sorted_and_do_not_overlap(chain: tuple[Revision, list[int | None]]) -> None:
    revision, _ = chain
    for left, right in zip(revision.changes, revision.changes[1:], strict=False):
        assert left.end <= right.start
    assert all(revision.source[c.start : c.end] == c.original for c in revision.changes)


def test_a_correction_on_top_of_a_normalisation_is_one_change_from_the_source() -> None:
    cleaned = Revision.of("Ａ带给，").apply([Edit(0, 1, "A", "width")])
    corrected = cleaned.apply([Edit(0, 3, "提供", "spin", "spin", 0.9)])
    (change,) = corrected.changes
    assert (change.original, change.replacement, change.category) == ("Ａ带给", "提供", "spin")
    assert change.rule == "width+spin"


def test_a_change_of_equal_length_maps_character_by_character() -> None:
    revision = Revision.of("负担各户的取贵").apply([Edit(2, 3, "客", "ocr"), Edit(5, 7, "职责", "ocr")])
    assert revision.to_source(Span(6, 7)) == (6, 7)


def test_two_edits_inside_one_earlier_replacement_both_take_effect() -> None:
    grown = Revision.of("ab").apply([Edit(0, 2, "XYZ", "grow")])
    assert grown.apply([Edit(0, 1, "1", "a"), Edit(2, 3, "3", "b")]).text == "1Y3"


def test_an_edit_that_restores_the_source_leaves_no_change() -> None:
    assert Revision.of("带给").apply([Edit(0, 2, "提供", "a")]).apply([Edit(0, 2, "带给", "b")]).changes == ()


@pytest.mark.parametrize("edits", [[(0, 2), (1, 3)], [(2, 9)], [(3, 2)]])
def test_edits_that_overlap_or_lie_outside_are_refused(edits: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="edit at"):
        Revision.of("职责").apply([Edit(a, b, "x", "test") for a, b in edits])


def test_undo_refuses_a_text_that_the_changes_did_not_make() -> None:
    revision = Revision.of("带给").apply([Edit(0, 2, "提供", "a")])
    with pytest.raises(ValueError, match="does not hold"):
        undo("别的", revision.changes)


@pytest.mark.parametrize(
    "changes",
    [
        [Change(0, 1, "别", "x", "a")],
        [Change(0, 2, "职责", "x", "a"), Change(1, 2, "责", "y", "b")],
        [Change(1, 2, "责", "y", "b"), Change(0, 1, "职", "x", "a")],
    ],
    ids=["another original", "overlap", "order"],
)
def test_changes_that_do_not_fit_their_source_are_refused(changes: list[Change]) -> None:
    with pytest.raises(ValueError, match="does not fit its source"):
        Revision.from_changes("职责", changes)


@given(chains())
def test_place_of_each_source_character_is_where_it_survived(chain: tuple[Revision, list[int | None]]) -> None:
    revision, survivors = chain
    for at, offset in enumerate(survivors):
        inside = any(c.start <= (-1 if offset is None else offset) < c.end for c in revision.changes)
        if offset is not None and not inside:
            assert revision.from_source(offset) == at


def test_place_within_a_change_is_its_start_unless_it_is_of_equal_length() -> None:
    revision = Revision.of("ab带给cd").apply([Edit(0, 1, "", "x"), Edit(2, 4, "提供", "y"), Edit(4, 5, "CCC", "z")])
    assert [revision.from_source(n) for n in range(7)] == [0, 0, 1, 2, 3, 6, 7]
    assert revision.unbroken() == [(3, 6)]


def test_merged_change_is_as_sure_as_the_least_sure_and_says_what_came_last() -> None:
    first = Revision.of("带给力").apply([Edit(0, 2, "提给", "a", "ocr", 0.7, "seen")])
    (change,) = first.apply([Edit(1, 3, "供量", "b", "spin", 0.9, "table")]).changes
    assert (change.rule, change.category, change.confidence, change.evidence) == ("a+b", "spin", 0.7, "table")
    (change,) = first.apply([Edit(1, 2, " ", "space")]).changes
    assert (change.category, change.confidence, change.evidence) == ("ocr", 0.7, "seen")


def test_ideographs_of_the_basic_block_are_told_to_both_ends() -> None:
    assert [is_han(c) for c in "\u4dff\u4e00\u9fff\ua000，a"] == [False, True, True, False, False, False]
