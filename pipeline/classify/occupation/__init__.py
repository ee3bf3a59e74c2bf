"""The occupation of a role, by the national classification: from its title, with its duties as a second witness.

What is said is the deepest code that is sure: an occupation (2-06-03-01) or, where only its group is, that (2-06-03-00);
the likeliest occupations beside it are its alternatives. Where not even the main group is sure, and where a title names
no post but a department or a rank, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import regex

from pipeline.classify.occupation import features, table
from pipeline.classify.occupation.table import Floats, Model
from pipeline.model import Occupation, OccupationChoice

__all__ = ["of_role"]

ALTERNATIVES = 3
_FAINTEST = 0.01
"""An alternative less likely than this is none."""
_NAMED = 0.99
"""How sure a title is that is the official name of an occupation."""
_UNIT = regex.compile(
    r"(?:部|部门|处|科|科室|室|中心|小组|项目组|班组|工段|车间|委员会|公司|集团|厂|分店|门店|支行|分行|学院|协会)(?:负责人|员工|人员|成员)?$"
)
"""Ends of titles that name a unit, or whoever is in it. 例: "财务部", "技术部负责人"; not "财务部经理"."""


def of_role(title: str | None, duties: Sequence[str], model: Model | None = None) -> Occupation | None:
    """What a post of this title, with these duties, is by a model, the packaged one; None where that is not sure."""
    if title is None or not features.substance(title) or _UNIT.search(features.core(title)):
        return None
    model = model or table.packaged()
    chance, has_duties = _chance(model, title, duties)
    named = model.named.get(features.core(title))
    if named is not None:
        return _said(model, chance, has_duties, named, _NAMED)
    for level in range(table.LEVELS, 0, -1):
        mass = table.at_level(chance, model.paths, level, len(model.codes))
        confidence = table.confidence(model, mass, level, has_duties)
        if confidence >= model.least[level - 1]:
            return _said(model, chance, has_duties, int(mass.argmax()), confidence)
    return None


def _chance(model: Model, title: str, duties: Sequence[str]) -> tuple[Floats, bool]:
    """The probability of each occupation, and whether there were duties to read."""
    by_title = table.scores(model.titles, features.title_rows(title), model)
    rows = features.duty_rows(duties)
    by_duties = table.scores(model.duties, rows, model) if len(rows) else None
    return table.combined(model, by_title, by_duties), by_duties is not None


def _said(model: Model, chance: Floats, has_duties: bool, node: int, confidence: float) -> Occupation:
    return Occupation(
        code=model.codes[node],
        name=model.names[node],
        confidence=round(confidence, 2),
        alternatives=tuple(islice(_alternatives(model, chance, has_duties, node, confidence), ALTERNATIVES)),
    )


def _alternatives(
    model: Model, chance: Floats, has_duties: bool, node: int, confidence: float
) -> Iterator[OccupationChoice]:
    """The likeliest occupations besides the node: what else a post may be, or which occupation of a group it is."""
    mass = table.at_level(chance, model.paths, table.LEVELS, len(model.codes))
    order = table.likeliest(mass, ALTERNATIVES + 1)
    if not (model.paths[:, -1] == node).any():
        node, confidence = order[0], table.confidence(model, mass, table.LEVELS, has_duties)
        yield from _choices(model, [node], [confidence])
    rest = (1 - confidence) / max(1 - float(mass[node]), _FAINTEST)
    others = [place for place in order if place != node]
    yield from _choices(model, others, [min(confidence, float(mass[place]) * rest) for place in others])


def _choices(model: Model, places: list[int], chances: list[float]) -> Iterator[OccupationChoice]:
    for place, chance in zip(places, chances, strict=True):
        if chance >= _FAINTEST:
            yield OccupationChoice(code=model.codes[place], name=model.names[place], confidence=round(chance, 2))
