"""Documents dressed differently for training keep their annotations."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipeline import annotation
from pipeline.train import augment

TAUGHT = Path(__file__).parent / "documents" / "taught"
DOCUMENTS = annotation.folder(TAUGHT)[::40]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_varied_document_has_its_blocks_in_order(document: annotation.Annotation) -> None:
    rng = random.Random(document.name)
    wardrobe = augment.wardrobe_of(DOCUMENTS, ["焊工", "护士长"])
    for _ in range(5):
        made = augment.whole(augment.varied(augment.parts_of(document), wardrobe, rng), "varied", "varied")
        bounds = [at for mark in made.marks for at in (mark.start, mark.end)]
        assert bounds == sorted(bounds)
        assert not bounds or bounds[-1] == len(made.text)


def test_document_cut_down_to_a_few_lines_keeps_whole_blocks_and_a_heading_first() -> None:
    text = "通知\n焊工\n职责：\n1、焊接\n2、打磨\n要求：\n持证\n钳工\n修模\n"
    rows = """L0 boilerplate
L1 role_heading title=焊工
L2 section_heading duties 1
L3 item duties
L4 item duties
L5 section_heading requirements 1
L6 item requirements
L7 role_heading title=钳工
L8 item duties
"""
    parts = augment.parts_of(annotation.read(text, rows, "n"))
    wardrobe = augment.Wardrobe((), {}, {})
    seen = set()
    for seed in range(60):
        few = augment._short(parts, wardrobe, random.Random(seed))
        assert all(p in parts for p in few)
        assert few[0].mark.titles or few[1].mark.titles
        seen.add(len(few))
    assert min(seen) <= 3
    assert max(seen) >= 6


def test_document_without_a_post_is_not_cut_down() -> None:
    parts = augment.parts_of(annotation.Annotation("n", "f", "请假", (annotation.Mark(0, 2, "boilerplate"),)))
    assert augment._short(parts, augment.Wardrobe((), {}, {}), random.Random(1)) == parts
