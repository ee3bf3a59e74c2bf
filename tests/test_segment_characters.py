"""What is read of the characters of a piece: exactly what the layers say, of what stands up to its end and no further."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.segment import characters, hashing, network
from pipeline.segment.characters import (
    DILATIONS,
    FINER,
    FRACTIONS,
    FULL,
    GRID,
    REACH,
    SIZE,
    STEPS,
    STRETCH,
    Reader,
    Stack,
)
from pipeline.segment.layers import LEAST

LINE = "负责粮库的出入库检斤、监磅"


def figures(text: str, *spans: tuple[int, int]) -> np.ndarray:
    starts, ends = np.array(spans).T
    return characters.of_pieces(network.packaged().reader, hashing.plane(text), starts, ends)


def by_hand(reader: Reader, text: str) -> list[np.ndarray]:
    """The layers of both stacks, one character after the other, in whole numbers."""

    def cut(x: np.ndarray, least: int) -> np.ndarray:
        return np.clip(np.rint(x / FINER), least, FULL)

    def read(stack: Stack, letters: str) -> list[np.ndarray]:
        h = [reader.met[reader.numbers[ord(c)]] * FINER for c in letters]
        nothing = np.zeros(SIZE)
        for inner, bias, outer, step in zip(stack.inner, stack.bias, stack.outer, DILATIONS, strict=True):
            x = [cut(row, -FULL) for row in h]
            taps = [[x[i - n * step] if i >= n * step else nothing for n in range(3)] for i in range(len(x))]
            h = [row + cut(np.concatenate(t) @ inner + bias, 0) @ outer for row, t in zip(h, taps, strict=True)]
        return [cut(row, -FULL) for row in h]

    return [np.array(read(reader.left, text)), np.array(read(reader.right, text[::-1])[::-1])]


def test_figures_are_those_of_the_layers() -> None:
    left, right = by_hand(network.packaged().reader, LINE)
    means = [np.rint(said[5:].sum(axis=0) * FRACTIONS / len(said[5:])) for said in (left, right)]
    raw = np.concatenate([*means, left[-1] * FRACTIONS, right[5] * FRACTIONS])
    deviation = np.sqrt(raw.var() + LEAST * (STEPS * FRACTIONS) ** 2)
    assert (figures(LINE, (2, 5), (5, len(LINE)))[1] == np.rint((raw - raw.mean()) / deviation * GRID)).all()


def test_long_text_is_read_in_stretches_as_if_at_once() -> None:
    lines = [f"{LINE}{n}" for n in range(STRETCH // 5)]
    text, ends = "".join(lines), np.cumsum([len(line) for line in lines])
    spans = list(zip([0, *ends[:-1]], ends, strict=True))
    whole = figures(text, *spans)
    for n in range(5, len(spans) - 5, 7):
        a, b = spans[n]
        near = text[a - REACH : b + REACH]
        assert (figures(near, (0, REACH), (REACH, REACH + b - a))[1] == whole[n]).all()


@pytest.mark.parametrize("side", ["before", "behind"])
def test_what_stands_beside_a_piece_counts_as_far_as_the_layers_reach(side: str) -> None:
    def read(near: str, far: str) -> np.ndarray:
        text = far + near + LINE if side == "before" else LINE + near + far
        at = text.index(LINE)
        return figures(text, (at, at + len(LINE)))[0]

    plain = read("一" * REACH, "")
    assert (read("一" * REACH, "二三四") == plain).all()
    assert (read("一" * (REACH - 1), "二") != plain).any()


def test_piece_of_one_character_at_the_end_is_its_own_mean() -> None:
    of_left, of_right, last, first = figures(LINE, (0, 3), (len(LINE) - 1, len(LINE)))[1].reshape(4, SIZE)
    assert (of_left == last).all() and (of_right == first).all()


def test_character_that_no_text_of_the_training_had_is_read_as_unknown() -> None:
    reader = network.packaged().reader
    assert reader.numbers[ord("\ue123")] == 0
    assert np.isfinite(figures("\ue123岗位", (0, 3))).all()
