"""What the model of facts is trained on: the places of facts in annotated documents, and documents made from them."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from pipeline.annotation import Annotation, Fact, Mark
from pipeline.classify.facts.tagger import Tag
from pipeline.train import gold, names, stated
from pipeline.train.stated import Part
from pipeline.train.vary import Lists, varied

TEXT = "仓库管理员\n1、大专以上学历，物流管理、会计专业；\n2、三年以上仓储经验，五年以上者优先；\n3、男，22-45岁，会用Excel。"
STARTS = [0, *(TEXT.index(f"{n}、") for n in (1, 2, 3))]


def told(skills: gold.Skills | None = None) -> gold.Told:
    """A document with one post and its facts."""
    ends = [*(s - 1 for s in STARTS[1:]), len(TEXT)]
    marks = [Mark(0, ends[0], "role_heading", titles=("仓库管理员",))]
    marks += [Mark(a, b, "item", ("requirements",)) for a, b in zip(STARTS[1:], ends[1:], strict=True)]
    facts = tuple(
        Fact(0, field, value)
        for field, value in (
            ("education_min", "专科"),
            ("major", "物流管理"),
            ("major", "会计"),
            ("experience_min_years", "3"),
            ("age_min", "22"),
            ("age_max", "45"),
            ("gender", "男"),
        )
    )
    return gold.told(Annotation("store", "store", TEXT, tuple(marks), facts), skills)


def marked(parts: list[Part], tag: Tag) -> list[str]:
    """The stretches for which a tag, or the one that goes on with it, is all that is right."""
    out = []
    for p in parts:
        rows = p.allowed[:-1]
        sure = rows[:, tag] & ~rows[:, Tag.NONE]
        on = rows[:, tag + 1] & ~rows[:, Tag.NONE] if tag in (Tag.MAJOR, Tag.SKILL) else sure
        at = 0
        while at < len(p.text):
            end = at + 1
            if sure[at]:
                while end < len(p.text) and on[end]:
                    end += 1
                out.append(p.text[at:end])
            at = end
    return out


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        (Tag.LEVEL, ["大专"]),
        (Tag.YEARS, ["三年"]),
        (Tag.AGE_MIN, ["22"]),
        (Tag.AGE_MAX, ["45"]),
        (Tag.SEX, ["男"]),
        (Tag.MAJOR, ["物流管理", "会计"]),
        (Tag.SKILL, ["Excel"]),
    ],
)
def test_words_that_state_a_fact_are_found(tag: Tag, words: list[str]) -> None:
    assert marked(stated.parts_of(told({0: [("Excel",)]})), tag) == words


@pytest.mark.parametrize("form", ["Ｅｘｃｅｌ", "EXCEL", "Ex cel"])
def test_form_of_a_skill_is_found_whatever_its_width_case_and_blanks(form: str) -> None:
    assert marked(stated.parts_of(told({0: [(form,)]})), Tag.SKILL) == ["Excel"]


def test_form_that_is_part_of_a_longer_latin_word_is_not_found() -> None:
    assert marked(stated.parts_of(told({0: [("Exce",)]})), Tag.SKILL) == []


def test_sheet_of_skills_tells_a_role_that_asks_for_none_from_one_that_nobody_read(tmp_path: Path) -> None:
    (tmp_path / "skills.tsv").write_text(
        "# a comment\nstore\t0\tExcel / 电子表格\t会\t0\nstore\t1\t叉车\t-\t1\ngate\t-\n", encoding="utf-8"
    )
    assert gold.skills_of(tmp_path) == {"store": {0: [("Excel", "电子表格")], 1: [("叉车",)]}, "gate": {}}
    assert gold.skills_of(tmp_path / "none") == {}


def test_where_nobody_listed_skills_any_other_word_may_be_one() -> None:
    parts = stated.parts_of(told(None))
    assert parts[0].allowed[:-1, Tag.SKILL].all()
    assert not any(p.allowed[0, Tag.SKILL] for p in parts if p.text.startswith("三年"))


@pytest.mark.parametrize("seed", range(20))
def test_varied_document_keeps_tags_and_text_together(seed: int) -> None:
    lists = Lists(("茶学", "机械设计制造及其自动化"), ("叉车", "金蝶"))
    parts = varied(stated.parts_of(told({0: [("Excel",)]})), lists, random.Random(seed))
    assert all(len(p.allowed) == len(p.text) + 1 and p.allowed.any(1).all() for p in parts)
    assert set(marked(parts, Tag.MAJOR)) <= {"物流管理", "会计", *lists.majors}
    assert set(marked(parts, Tag.SKILL)) <= {"Excel", *lists.skills}
    example = stated.example(parts)
    assert len(example.slots) == len(example.grams) == len(example.allowed) == sum(len(p.text) + 1 for p in parts)


def test_flipped_bounds_of_age_flip_what_they_state() -> None:
    rows = np.zeros((6, len(Tag)), bool)
    rows[:2, Tag.AGE_MAX] = rows[2:, Tag.NONE] = True
    part = Part("45岁以下", stated.Label.ITEM, "requirements", False, rows)
    made = [varied([part], Lists((), ()), random.Random(seed))[0] for seed in range(30)]
    upward = [("上" in p.text or "起" in p.text) for p in made]
    assert [bool(p.allowed[0, Tag.AGE_MIN]) for p in made] == upward
    assert set(upward) == {True, False}


def test_names_are_sorted_unique_and_of_two_sorts() -> None:
    for sort in ("subject", "skill"):
        found = names.named(sort)
        assert len(found) > 100
        assert list(found) == sorted(set(found))
