"""The evidence is one table with names, the decision keeps to its bars, and what trains it is labelled by what was done."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from pipeline.clean import clean
from pipeline.correct import correct
from pipeline.correct import page as pages
from pipeline.correct.decide import features, weigh
from pipeline.correct.language.ngrams import load
from pipeline.correct.proposal import Proposal
from pipeline.correct.propose import letters
from pipeline.correct.propose.proposers import proposals
from pipeline.correct.scan import reread
from pipeline.train import confusions, noise, sources, written
from pipeline.train import pages as training

SCANNED = (
    "岗位职责：\n1、负责公司培训计戈的制定；\n2、协助部门经埋完成数据分折；\n任职要求：\n1、本科及以上学厉，人力贫源相关专业；\n"
    "2、有良好的团队台作精神。"
)
SOUND = "社区民警\n1、维护辖区治安，化解邻里纠纷；\n2、登记治安重点单位，检查治安隐患。"


def rows(text: str) -> features.Table:
    page = pages.read(load(), text)
    return features.table(load(), page, proposals(load(), page))


def test_columns_have_names_of_their_own() -> None:
    assert len(set(features.NAMES)) == len(features.NAMES)
    assert len(set(weigh.ON_PAGE)) == len(weigh.ON_PAGE)


def test_every_proposal_has_a_row_of_numbers() -> None:
    table = rows(SCANNED)
    assert table.columns.shape == (len(table.proposals), len(features.NAMES))
    assert np.isfinite(table.columns).all()
    assert {"misread.scan", "misread.word"} <= {p.rule for p in table.proposals}


def test_what_is_put_is_known_and_what_stands_is_not() -> None:
    table = rows(SCANNED)
    row = next(n for n, p in enumerate(table.proposals) if p.replacement == "历")
    before, after = (features.NAMES.index(name) for name in ("support before", "support after"))
    assert table.columns[row, before] < table.columns[row, after]


def test_page_without_signs_of_a_scanner_is_not_read_anew() -> None:
    page = pages.read(load(), SOUND)
    assert not reread.propose(load(), page, letters.propose(load(), page))
    scanned = pages.read(load(), SCANNED)
    assert reread.propose(load(), scanned, letters.propose(load(), scanned))


@pytest.mark.parametrize(
    ("text", "at"), [("1、检修信和号设备；", 5), ("1、选料、了雕刻、打磨木版；", 5), ("2、和研究新的工艺；", 2)]
)
def test_what_recognisers_invent_is_proposed_where_it_stands_out(text: str, at: int) -> None:
    page = pages.read(load(), text)
    assert [p.places for p in reread.propose(load(), page, []) if p.replacement == ""] == [(at,)]


@pytest.mark.parametrize("text", ["1、准备工具和设备；", "1、有责任心，待人和气；", "2、和气待人，不怕辛苦；"])
def test_what_recognisers_invent_also_stands_in_sound_texts(text: str) -> None:
    assert correct(clean(text)).revision.text == text


def test_misread_characters_of_a_page_are_counted_once_a_place() -> None:
    table = rows(SCANNED)
    single = weigh._misread(table, np.where([p.places[0] == 12 for p in table.proposals], 0.9, 0.0))
    assert single <= 0.9
    assert weigh._misread(table, np.full(len(table.proposals), 0.4)) == 0.0


def test_usual_word_goes_only_where_a_page_shows_that_it_was_rewritten() -> None:
    """A word that stands for another of its kind again and again may be the word of a trade."""
    text = "岗位职责：\n1、协助部门经理结束年度计划；\n2、按时结束数据分析报告；\n3、结束领导交办的其他工作。"
    corrected = correct(clean(text))
    assert corrected.revision.text == text
    assert any(s.replacement == "完成" for s in corrected.suggestions)


def test_confidence_is_at_least_the_bar_for_what_is_made_and_below_it_for_what_is_suggested() -> None:
    corrected = correct(clean(SCANNED))
    made = [c for c in corrected.revision.corrections() if c.rule.startswith("misread")]
    assert made and all(c.confidence >= weigh.APPLY - 0.01 for c in made)
    assert all(s.confidence >= weigh.SUGGEST for s in corrected.suggestions)


def proposal(at: int, size: int, put: str) -> Proposal:
    return Proposal((at,), size, put, "misread.sound", "typo", -6.0)


@pytest.mark.parametrize(
    ("at", "size", "put", "wanted"),
    [(2, 2, "数据", True), (3, 1, "据", True), (3, 1, "具", False), (2, 1, "据", False), (0, 2, "协理", False)],
)
def test_proposal_is_right_that_takes_a_mistake_back(at: int, size: int, put: str, wanted: bool) -> None:
    text = noise.Noisy("整理数剧和报表", {2: ("数剧", "数据")})
    assert training._right(proposal(at, size, put), at, text) == wanted


def test_part_of_a_mistake_may_be_taken_back() -> None:
    text = noise.Noisy("填写抱彪", {2: ("抱彪", "报表")})
    assert training._right(proposal(3, 1, "表"), 3, text)
    assert not training._right(proposal(3, 1, "标"), 3, text)


def test_what_was_printed_is_told_by_alignment() -> None:
    page = pages.read(load(), "负责仑库的和管理")
    there, lost = training.printed(page, "负责仓库的日管理")
    assert there[2] == "仓"
    assert there[0] == "负"
    there, lost = training.printed(pages.read(load(), "负责库的管理"), "负责仓库的管理")
    assert lost == {2: "仓"}


@pytest.mark.parametrize("seed", range(4))
def test_misspelt_and_misshapen_texts_go_back_by_their_truth(seed: int) -> None:
    text = "岗位职责：\n1、检查仓库的门窗和消防设备；\n2、整理单据，填写报表，按时交给会计。"
    for noisy in (noise.misspell(text, 3, random.Random(seed)), noise.misshape(text, 0.2, random.Random(seed))):
        assert noisy.text != text
        back = noisy.text
        for at, (wrong, right) in noisy.truth.items():
            assert back.startswith(wrong, at)
            back = back[:at] + right + back[at + len(wrong) :]
        assert back == text


def test_laws_become_lists_of_duties(tmp_path: Path) -> None:
    said = "".join(
        f"第{n}条 管理单位应当定期检查设施和设备，并且如实记录每一次检查的结果和处理的情况，按照规定保存。\n"
        for n in "一二三四五六"
    )
    file = tmp_path / "laws.jsonl"
    file.write_text(json.dumps({"id": "a", "text": f"某办法\n{said}"}, ensure_ascii=False) + "\n", "utf-8")
    (page,) = sources.law_pages(file, lambda _: True)
    assert page.text.startswith("1、管理单位应当")
    assert "第" not in page.text
    assert sources.law_pages(file, lambda _: False) == []


def write(folder: Path, name: str, text: str, marks: str) -> None:
    folder.joinpath(f"{name}.txt").write_text(text, "utf-8")
    folder.joinpath(f"{name}.ann").write_text(marks, "utf-8")


def test_documents_with_mistakes_are_not_learnt_from(tmp_path: Path) -> None:
    line = "L0 item duties\n"
    write(tmp_path, "a", "1、巡视泵房；\n", line)
    write(tmp_path, "b", "1、巡视泵防；\n", line + "E L0 泵防 -> 泵房 typo\n")
    write(tmp_path, "c", "1、冲洗滤池；\n", line)
    write(tmp_path, written.SEED, "1、用心配合；\n", line)
    tmp_path.joinpath("layouts.tsv").write_text("a\tone\t\nc\tone\t\n", "utf-8")
    found = written.sound(tmp_path)
    assert [(d.name, d.text) for d in found] == [("a", "1、巡视泵房；\n"), ("c", "1、冲洗滤池；\n")]
    assert found[0].half == found[1].half


def test_scans_of_a_half_of_the_documents_are_for_the_model_that_lacks_it() -> None:
    halves = {"t1-01-pump": 0, "t1-02-filter": 1}
    scans = [sources.Scan(name, "", "") for name in ("t1-01-pump-0", "t1-01-pump-12", "t1-02-filter-0", "posting-7")]
    wanted = {half: [scan.id for scan in filter(sources._of_half(halves, half), scans)] for half in (0, 1, None)}
    assert wanted == {0: ["t1-01-pump-0", "t1-01-pump-12"], 1: ["t1-02-filter-0"], None: ["posting-7"]}


def test_counts_of_confusions_join_those_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table, scan = tmp_path / "confusions.tsv", tmp_path / "scan.jsonl"
    table.write_text("# what\n埋\t理\t3\n", "utf-8")
    scan.write_text(json.dumps({"truth": "管理部", "ocr": "管埋部"}, ensure_ascii=False) + "\n", "utf-8")
    monkeypatch.setattr(confusions, "TABLE", table)
    monkeypatch.setattr(confusions.lexicons, "rows", lambda _: (("埋", "理", "3"), ("末", "未", "0")))
    for more, rows in (([], "埋\t理\t1\n末\t未\t0\n"), (["--more"], "埋\t理\t4\n末\t未\t0\n")):
        monkeypatch.setattr("sys.argv", ["confusions", *more, str(scan)])
        confusions.main()
        assert table.read_text("utf-8") == f"# what\n{rows}"
