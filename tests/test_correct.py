"""Errors are mended where they are certain, suggested where they are likely, and everything else is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.clean import clean
from pipeline.configuration import load_settings
from pipeline.correct import Settings, correct, explain
from pipeline.correct import page as pages
from pipeline.correct.language.ngrams import load
from pipeline.correct.scan.channel import load_channel
from pipeline.correct.scan.decode import decode
from pipeline.correct.scan.reread import stretches
from pipeline.errors import LexiconError
from pipeline.lexicons import rows
from pipeline.text import Revision

TRAPS = json.loads(Path(__file__).parent.joinpath("cases", "correct", "traps.json").read_text(encoding="utf-8"))

SOUND = json.loads(Path(__file__).parent.joinpath("cases", "correct", "sound.json").read_text(encoding="utf-8"))

REWRITTEN = (
    "1、负责为客户带给优质的服务，及时解决客户问题；\n"
    "2、具备良好的沟通潜力和组织协调潜力，有较强的职责心；\n"
    "3、合理安排时光，用心主动地完成工作；\n"
    "4、透过数据分析，为管理层带给推荐；\n"
    "5、贴合公司的要求，务必遵守各项制度。"
)


def mended(text: str, settings: Settings | None = None) -> str:
    """The text after correction."""
    return correct(clean(text), settings).revision.text


def test_rewritten_page_is_restored() -> None:
    assert mended(REWRITTEN) == (
        "1、负责为客户提供优质的服务，及时解决客户问题；\n"
        "2、具备良好的沟通能力和组织协调能力，有较强的责任心；\n"
        "3、合理安排时间，积极主动地完成工作；\n"
        "4、通过数据分析，为管理层提供建议；\n"
        "5、符合公司的要求，必须遵守各项制度。"
    )


def test_swap_that_two_tables_share_speaks_for_either() -> None:
    text = (
        "1、有良好的团体合作精神和沟通协调本事，有较强的职责心；\n"
        "2、为客户供给优质的服务，进取主动地完成工作；\n"
        "3、具备数据分析本事。"
    )
    assert mended(text) == (
        "1、有良好的团队合作精神和沟通协调能力，有较强的责任心；\n"
        "2、为客户提供优质的服务，积极主动地完成工作；\n"
        "3、具备数据分析能力。"
    )


def test_swap_inside_another_word_is_found() -> None:
    text = "为客户带给服务，为公司带给支持。工作潜力强，沟通潜力强，价值主要体此刻服务质量上。"
    assert "主要体现在服务质量上" in mended(text)


def test_other_way_to_write_a_word_is_no_mistake() -> None:
    text = "1、归口管理企业、事业单位及其它社会组织；\n2、巡查灌区内的其它设施，发现渗漏及时上报；"
    assert mended(text) == text
    assert correct(clean(text)).suggestions == ()


def test_single_swap_proves_no_table_and_is_left() -> None:
    text = "岗位职责：\n1、负责仓库的日常管理；\n2、透过窗户观察外面的车辆；\n3、完成领导交办的工作。"
    assert mended(text) == text


@pytest.mark.parametrize("case", TRAPS, ids=lambda case: case["text"][:16])
def test_trap_is_not_touched(case: dict[str, str]) -> None:
    """Alone, and in the middle of a rewritten page, where the table is at work."""
    assert mended(case["text"]) == case["text"]
    assert case["word"] in mended(f"{REWRITTEN}\n6、{case['text']}")


@pytest.mark.parametrize("case", SOUND, ids=lambda case: case["text"][:6])
def test_words_of_other_trades_stay(case: dict[str, str]) -> None:
    assert mended(case["text"]) == case["text"], case["why"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("负责公司网占的建设和维护", "负责公司网站的建设和维护"),
        ("进行数据分折并撰写报告", "进行数据分析并撰写报告"),
    ],
)
def test_misread_characters_are_mended(wrong: str, right: str) -> None:
    assert mended(f"岗位职责：\n1、{wrong}；") == f"岗位职责：\n1、{right}；"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("保持良好的沟通渠 道，及时反馈", "保持良好的沟通渠道，及时反馈"),
        ("参与数据库的开  发工作", "参与数据库的开发工作"),
    ],
)
def test_blank_within_a_word_goes(wrong: str, right: str) -> None:
    corrected = correct(clean(wrong))
    assert corrected.revision.text == right
    assert corrected.revision.undo() == wrong


@pytest.mark.parametrize("text", ["教 育 程 度：本科", "行政 事务 文员 秘书", "双休  朝九晚六", "数据 分析 大专"])
def test_blanks_between_words_stay(text: str) -> None:
    assert " " in mended(text)
    assert mended(text).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("做为双方的联系人", "作为双方的联系人"), ("经验者有限考虑", "经验者优先考虑"), ("独挡一面", "独当一面")],
)
def test_phrase_that_is_wrong_wherever_it_stands_is_mended(wrong: str, right: str) -> None:
    assert mended(wrong) == right


@pytest.mark.parametrize("text", ["参加做为期一周的盘点", "紧接着是面试"])
def test_same_letters_in_other_words_stay(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("熟悉礼品、、贵金属业务", "熟悉礼品、贵金属业务"),
        ("熟悉敏捷开发，；会用版本管理", "熟悉敏捷开发；会用版本管理"),
        ("熟悉操作系统，、网络和数据库", "熟悉操作系统、网络和数据库"),
        ("参与需求讨论、，功能定义", "参与需求讨论，功能定义"),
        ("负责日常维护。；参与测试", "负责日常维护；参与测试"),
        ("完成上级的安排。、任职要求", "完成上级的安排。任职要求"),
        ("任职要求：：有责任心", "任职要求：有责任心"),
        ("学习能力强。。有责任心", "学习能力强。有责任心"),
    ],
)
def test_broken_marks_are_mended(wrong: str, right: str) -> None:
    assert mended(wrong) == right


@pytest.mark.parametrize(
    "text",
    [
        "等等……",
        "价格为1.5元",
        "他说‘可以’，就做了",
        "**市场维护",
        "设计***结构",
        "3、、",
        "6、，能出差",
        "C++；Java",
        "加油。。。",
    ],
)
def test_other_marks_stay(text: str) -> None:
    assert mended(text) == text


def test_star_is_the_stop_that_the_page_ends_its_lines_with() -> None:
    page = "1、起草部门的各类通知并跟踪落实；\n2、整理会议纪要，供部门负责人日后查阅*\n3、保管印章和各类证照的原件；"
    assert mended(page) == page.replace("*", "；")


def test_star_within_a_line_is_a_stop_where_another_ends_a_line() -> None:
    within = "1、每周核对一次库存，并向主管说明差异的来由*月底编制盘点报告。\n"
    ending = "2、把盘点的结果交给财务部门，供其核算成本时参考*"
    assert mended(within + ending) == (within + ending).replace("*", "。")
    assert mended(within) == within


def test_tildes_for_commas_are_mended_where_a_page_has_many() -> None:
    page = "1、核对批号~合格后放行~登记台账；\n2、进车间换工服~戴好口罩~洗手消毒；\n3、白班8~16点，周一~周五"
    assert mended(page) == page.replace("号~", "号，").replace("行~", "行，").replace("服~", "服，").replace(
        "罩~", "罩，"
    )
    assert mended("欢迎加入我们~期待你的到来~") == "欢迎加入我们~期待你的到来~"


def test_words_broken_by_hyphens_are_joined() -> None:
    page = "1、每日检查发酵温-\n度并做好记录；\n2、协助完成澄清试-\n验，填写报告；"
    assert mended(page) == page.replace("-", "")
    once = "薪资待遇：面议-\n工作地点：城东"
    assert mended(once) == once


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("1、做到账丶卡丶物相符。", "1、做到账、卡、物相符。"),
        ("1、废液集中处理o\n2、样品按期留存。", "1、废液集中处理。\n2、样品按期留存。"),
    ],
)
def test_marks_read_as_letters_are_mended(wrong: str, right: str) -> None:
    assert mended(wrong) == right


@pytest.mark.parametrize("text", ["熟悉接口i\n1、会测试", "会用工具o\n能出差"])
def test_letters_after_words_stay_where_no_line_ends_in_such_a_mark(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "姓名*\n联系电话*\n最高学历*",
        "1、薪资按照公司现行的职级体系逐级核定并发放*\n* 试用期内按八成发放",
        "请各位应聘的同学在面试当天带好身份证原件**",
        "包装箱的长宽高请一律按照厘米填写，例如3*4*5",
    ],
)
def test_stars_that_end_no_sentence_stay(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "严谨的工作作风",
        "月末经常加班，周末能休息",
        "负责入转调离手续",
        "任职职位为会计",
        "三选二",
        "拥有肥沃的土壤",
        "发展日后职业",
    ],
)
def test_words_that_look_like_errors_stay(text: str) -> None:
    assert mended(f"岗位职责：\n1、{text}；") == f"岗位职责：\n1、{text}；"


@pytest.mark.parametrize("marker", ["?", ".", "—", "2。", "(1)", "？"])
def test_markers_at_line_starts_stay(marker: str) -> None:
    text = "\n".join(f"{marker}负责客户的日常维护工作；" for _ in range(3))
    assert mended(text) == text


def test_every_correction_says_why_and_can_be_undone() -> None:
    corrected = correct(clean(REWRITTEN))
    changes = corrected.revision.corrections()
    assert len(changes) >= 8
    assert all(c.rule and c.category == "spin" and 0.5 < c.confidence < 1 and c.evidence for c in changes)
    assert corrected.revision.undo() == REWRITTEN


def test_suggestion_names_its_place_and_changes_nothing() -> None:
    text = "岗位职责：\n1、负责公司网占的建设和维护；"
    corrected = correct(clean(text), Settings(apply_above=1.0))
    (suggestion,) = corrected.suggestions
    assert (suggestion.original, suggestion.replacement) == ("占", "站")
    assert text[suggestion.start : suggestion.end] == "占"
    assert suggestion.evidence
    assert corrected.revision.text == text


def test_one_of_two_verbs_of_one_sense_goes() -> None:
    assert (
        mended("任职要求：\n1、具有具备较好的沟通能力；\n2、能吃苦。")
        == "任职要求：\n1、具备较好的沟通能力；\n2、能吃苦。"
    )
    kept = "任职要求：\n1、具有良好的沟通能力，具备英语四级；\n2、能吃苦。"
    assert mended(kept) == kept


SCANNED = (
    "岗位职责：\n"
    "1、负责公司培训计戈的制定，统筹安排内外部培训；\n"
    "2、邵悉劳动法律法规，有具有良好的沟通协调能力；\n"
    "3、协助部门经埋完成数据分折，编写分析报告；\n"
    "任职要求：\n"
    "1、本科及以上学厉，人力贫源相关专业；\n"
    "2、有良好的团队台作精神，具有较强的贵任心。"
)


def test_scanned_page_is_read_anew() -> None:
    text = mended(SCANNED)
    for right in (
        "培训计划",
        "法律法规，具有良好的",
        "部门经理",
        "数据分析",
        "学历",
        "人力资源",
        "合作精神",
        "责任心",
    ):
        assert right in text


def test_numbers_of_a_scanned_page_stay() -> None:
    text = (
        SCANNED.replace("岗位职责：", "甲、岗位职责", 1).replace("任职要求：", "乙、任职要求") + "\n3、二年以上经验。"
    )
    for number in ("甲、", "乙、", "二年以上"):
        assert number in mended(text)


def test_stretch_that_a_page_holds_twice_is_read_as_if_it_stood_there_once() -> None:
    language, line = load(), "招聘计划与培刂计戈，员工培训"
    page = pages.read(language, f"{line}\n{line}\n{line.replace('培刂', '赔刂')}")
    spans = stretches(page)
    apart = [decode(language, load_channel(), page.codes, page.rows, [span])[0] for span in spans]
    assert decode(language, load_channel(), page.codes, page.rows, spans) == apart
    assert any(reading.gain > 0 for reading in apart)


def test_page_that_never_saw_a_scanner_is_left_alone() -> None:
    text = "岗位职责：\n1、和客户沟通需求，有条理；\n2、了解行业动态，上架商品；\n3、人员排班和考勤管理。"
    assert mended(text) == text


def test_protected_words_stay() -> None:
    assert "沟通潜力" in mended(REWRITTEN, Settings(protected=("沟通潜力",)))


def test_category_that_is_off_changes_nothing() -> None:
    assert mended(REWRITTEN, Settings(off=frozenset({"spin"}))) == REWRITTEN


def test_threshold_turns_corrections_into_suggestions() -> None:
    corrected = correct(clean(REWRITTEN), Settings(apply_above=1.0))
    assert corrected.revision.text == REWRITTEN
    assert len(corrected.suggestions) >= 8


def test_own_replacement_is_made_as_it_stands() -> None:
    settings = Settings(replacements={"客户经里": "客户经理"})
    corrected = correct(clean("客户经里岗位职责"), settings)
    assert corrected.revision.text == "客户经理岗位职责"
    assert corrected.revision.corrections()[0].rule == "own.replacement"


def test_own_confusion_is_mended_where_the_right_one_reads_better() -> None:
    settings = Settings(confusions={"责": "贵", "贵": "责"})
    text = "岗位职贵：\n1、负责贵重物品的保管；"
    assert correct(clean(text), settings).revision.text == "岗位职责：\n1、负责贵重物品的保管；"


def test_threshold_of_a_category_goes_before_the_one_for_all() -> None:
    corrected = correct(clean(REWRITTEN), Settings(apply_above=1.0, thresholds={"spin": 0.0}))
    assert corrected.revision.text != REWRITTEN


def test_doubtful_suggestions_can_be_silenced() -> None:
    settings = Settings(apply_above=1.0, suggest_above=1.0)
    assert correct(clean(REWRITTEN), settings).suggestions == ()


def test_everything_considered_is_explained() -> None:
    considered = explain(clean(REWRITTEN))
    made = [c.change for c in considered if c.verdict == "made"]
    assert made == sorted(correct(clean(REWRITTEN)).revision.corrections())
    assert all(c.change.evidence for c in considered)
    assert all(c.change.original == REWRITTEN[c.change.start : c.change.end] for c in considered)


def test_what_is_left_says_why() -> None:
    text = "1、向客户推荐产品，持续改进服务；"
    left = explain(clean(text))
    assert {c.change.original for c in left} >= {"推荐", "持续"}
    assert all(c.verdict == "left" and c.why for c in left)
    off = [c for c in explain(clean(REWRITTEN), Settings(off=frozenset({"spin"}))) if c.change.category == "spin"]
    assert off and all(c.verdict == "left" for c in off)
    assert any("switched off" in c.why for c in off)
    guarded = explain(clean(REWRITTEN), Settings(protected=("带给",)))
    assert any("protected 带给" in c.why for c in guarded)


def test_settings_are_read_from_toml(tmp_path: Path) -> None:
    file = tmp_path / "gangwei.toml"
    file.write_text(
        'protected = ["用心服务"]\noff = ["ocr"]\napply_above = 0.9\n[replacements]\n"经里" = "经理"\n', "utf-8"
    )
    settings = load_settings(file)
    assert settings == Settings(("用心服务",), frozenset({"ocr"}), 0.9, {"经里": "经理"})


def test_thresholds_and_confusions_are_read_from_toml(tmp_path: Path) -> None:
    file = tmp_path / "gangwei.toml"
    file.write_text('suggest_above = 0.4\n[thresholds]\nocr = 0.9\n[confusions]\n"帐号" = "账号"\n', "utf-8")
    settings = load_settings(file)
    assert (settings.suggest_above, settings.thresholds, settings.confusions) == (0.4, {"ocr": 0.9}, {"帐号": "账号"})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("protect = []", "unknown setting 'protect'"),
        ('off = ["spinn"]', "'spinn' is no category"),
        ("apply_above = 2", "number from 0 to 1"),
        ("protected = 3", "list of texts"),
        ("x = ", "Invalid value"),
        ("suggest_above = true", "suggest_above must be a number"),
        ("[thresholds]\nspinn = 0.5", "'spinn' is no category"),
        ("[thresholds]\nspin = 5", "thresholds.spin must be a number"),
        ('confusions = ["a"]', "confusions must map texts"),
    ],
)
def test_malformed_settings_are_refused_with_file_and_reason(tmp_path: Path, content: str, reason: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(LexiconError, match=reason) as error:
        load_settings(file)
    assert "bad.toml" in str(error.value)


def test_text_without_han_is_left_alone() -> None:
    revision = Revision.of("Senior engineer, 5+ years")
    assert correct(revision).revision is revision


def test_no_swap_leads_back_to_itself() -> None:
    pairs = {(a, b) for a, b, generation in rows("spin") if generation == "1"}
    assert not [pair for pair in pairs if (pair[1], pair[0]) in pairs]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("熟悉Andriod开发", "熟悉Android开发"),
        ("精通pyhton、Sprint Boot", "精通python、Spring Boot"),
        ("会用Ngnix", "会用Nginx"),
        ("用Tenserflow和Zookepper", "用TensorFlow和ZooKeeper"),
        ("写过Srpingboot", "写过SpringBoot"),
    ],
)
def test_misspelt_names_of_tools_are_mended(wrong: str, right: str) -> None:
    assert mended(wrong) == right


@pytest.mark.parametrize(
    "text",
    ["每个Sprint结束时", "熟悉Xshell和RStudio", "使用IPython", "编写Dockerfile", "会用MSSQL、CasperJS", "优化Query"],
)
def test_other_names_of_tools_stay(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("具备良好的的沟通能力", "具备良好的沟通能力"),
        ("1、负责负责公司网站的维护", "1、负责公司网站的维护"),
        ("有相关项目经验经验的优先", "有相关项目经验的优先"),
        ("具备出色的学习能力能力，能吃苦", "具备出色的学习能力，能吃苦"),
        ("负责日常招聘和培训训工作的安排", "负责日常招聘和培训工作的安排"),
        ("熟悉常用的数据结结构和算法", "熟悉常用的数据结构和算法"),
    ],
)
def test_doubled_words_are_said_once(wrong: str, right: str) -> None:
    assert mended(f"任职要求：{wrong}；") == f"任职要求：{right}；"


@pytest.mark.parametrize(
    "text",
    [
        "负责标的的尽职调查，达到目的的同时控制成本",
        "及时跟进，以及及时反馈",
        "遇事多讨论讨论，一步一步推进",
        "负责参与与银行业务有关的会议",
        "对销售结果负责负责推进各项计划",
        "职能类别：数据开发开发工程师关键字：测试测试工程师",
        "完成领导交办的其他工作工作地点：城东",
        "就近安排工作工作时间自定",
        "熟悉海关报关报检的流程",
        "福利多很多很多",
        "无责任保底底薪，年终奖奖金另算",
        "人人参与，天天有进步",
        "学科带头人一人一议。大家都到会。",
        "冬月（立冬至冬至）给苗木浇水。",
        "老人说着说着想起儿子来了，这段留下。",
        "彩画能留一寸留一寸，回贴先做小样。",
        "喂喂，喂，大堤上有人吗？请到岗。",
    ],
)
def test_what_is_doubled_on_purpose_stays(text: str) -> None:
    assert mended(text) == text
