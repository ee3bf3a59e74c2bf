"""One file says what holds for all runs: what it may say, what is told of a mistake in it, and what goes before it."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import manifest, options
from pipeline.clean import clean
from pipeline.cli import main
from pipeline.configuration import Configuration, load, load_settings, problems, shown
from pipeline.configuration.keys import LexiconKeys
from pipeline.configuration.places import line_of
from pipeline.correct import Lexicons, Settings, correct
from pipeline.errors import LexiconError
from pipeline.names import CONFIGURATION

TEXT = "出纳岗位职责\n1、做为出纳，负责现金收付；\n任职要求：\n1、大专以上学历。\n"


def gangwei(*words: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with one document in raw."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "出纳.txt").write_text(TEXT, "utf-8")
    return tmp_path


def write(text: str, name: str = CONFIGURATION) -> Path:
    Path(name).write_text(text, "utf-8")
    return Path(name)


# -- what is in force -------------------------------------------------------------------------------------------------


def test_file_in_the_working_folder_holds_and_the_command_line_goes_before_it(here: Path) -> None:
    write('formats = ["json"]\noff = ["typo"]\n')
    assert gangwei("parse", "raw", "-o", "a").exit_code == 0
    assert sorted(path.name for path in Path("a").glob("*.*")) == [".gangwei.manifest", "出纳.json"]
    assert json.loads(Path("a/出纳.json").read_bytes())["corrections"] == []
    assert gangwei("parse", "raw", "-o", "b", "--format", "xml").exit_code == 0
    assert Path("b/出纳.xml").exists() and not Path("b/出纳.json").exists()


def test_named_file_stands_in_place_of_that_in_the_working_folder(here: Path) -> None:
    write("limits.characters = 3\n")
    assert gangwei("parse", "raw", "-o", "out").exit_code == 1
    for option in ("--config", "--settings"):
        other = write('off = ["typo"]\n', "other.toml")
        assert gangwei("parse", "raw", "-o", "out", "--force", option, other).exit_code == 0
        assert json.loads(Path("out/出纳.json").read_bytes())["corrections"] == []


def test_limits_and_fields_of_the_file_hold_for_the_other_commands_too(here: Path) -> None:
    write('text_field = "jd"\n')
    Path("a.json").write_text(json.dumps({"jd": TEXT}), "utf-8")
    assert "出纳" in gangwei("show", "a.json").stdout
    assert gangwei("explain", "a.json").exit_code == 0
    assert gangwei("parse", "a.json", "-o", "out").exit_code == 0
    assert gangwei("verify", "out/a.json", "a.json").exit_code == 0 or not Path("out/a.json").exists()
    write('text_field = "jd"\nlimits.characters = 3\n')
    assert "over the limit of 3" in gangwei("show", "a.json").stderr
    assert gangwei("parse", "a.json", "-o", "out", "--max-characters", "1000").exit_code == 0


def test_formats_of_the_file_are_none_of_those_that_the_command_line_must_not_name(here: Path) -> None:
    write('formats = ["xml", "json"]\nid_field = "no"\n')
    assert gangwei("parse", "-", "-o", "-", stdin=TEXT.encode()).stdout.startswith("<?xml")
    Path("in.jsonl").write_text(json.dumps({"no": "7", "text": TEXT}), "utf-8")
    lines = gangwei("parse", "--lines", "in.jsonl", "-o", "-")
    assert json.loads(lines.stdout)["source"]["name"] == "7"


def test_changed_file_or_lexicon_causes_a_new_parse_and_what_changes_no_record_does_not(here: Path) -> None:
    def told() -> str:
        return gangwei("parse", "raw", "-o", "out").stderr

    write('[lexicons]\nprotected = ["own.tsv"]\n')
    write("某某\n", "own.tsv")
    assert told() == "1 parsed, 0 failed\n"
    assert told() == "0 parsed, 1 unchanged, 0 failed\n"
    write("某某\n做为\n", "own.tsv")
    assert told() == "1 parsed, 0 failed\n"
    write('jobs = 1\n[lexicons]\nprotected = ["own.tsv"]\n[limits]\nseconds = 50\n')
    assert told() == "0 parsed, 1 unchanged, 0 failed\n"
    write('jobs = 1\noff = ["dup"]\n[lexicons]\nprotected = ["own.tsv"]\n')
    assert told() == "1 parsed, 0 failed\n"


def test_each_setting_is_a_key_and_each_lexicon_changes_the_recipe(here: Path) -> None:
    assert set(Settings.__dataclass_fields__) <= set(Configuration.model_fields)
    assert {*Lexicons.__dataclass_fields__, "protected"} == set(LexiconKeys.model_fields)
    own = [
        Settings(lexicons=Lexicons(**{kind: (("甲一", "乙一", "typo"),)})) for kind in ("phrases", "spin", "synonyms")
    ]
    assert len({manifest.recipe(each, ("json",)) for each in (Settings(), *own)}) == 4


# -- lexicons of one's own --------------------------------------------------------------------------------------------


def test_own_phrases_are_mended_and_own_protected_words_are_not(here: Path) -> None:
    Path("lex").mkdir()
    write("# phrases of ours\n招聘专圆\t招聘专员\tocr\n(C++\tC++\ttypo\n", "lex/ours.tsv")
    write("做为\n", "lex/kept.tsv")
    write('[lexicons]\nphrases = ["lex/ours.tsv"]\nprotected = ["lex/kept.tsv"]\n')
    told = correct(
        clean("招聘专圆岗位职责：\n1、做为招聘的负责人；\n2、熟悉(C++开发。"), load_settings(Path(CONFIGURATION))
    )
    assert told.revision.text == "招聘专员岗位职责：\n1、做为招聘的负责人；\n2、熟悉C++开发。"
    assert {(c.rule, c.category) for c in told.revision.corrections()} == {("phrase", "ocr"), ("phrase", "typo")}


def test_own_swaps_are_weighed_with_those_of_the_package(here: Path) -> None:
    from pipeline.correct import explain
    from pipeline.correct.propose.usual import load_usual

    write("哗啦啦\t客户\tours\n", "spin.tsv")
    write("哗啦\t客户\n", "synonyms.tsv")
    write('[lexicons]\nspin = ["spin.tsv"]\nsynonyms = ["synonyms.tsv"]\n')
    own = load_settings(Path(CONFIGURATION))
    text = clean("岗位职责：\n1、负责维护哗啦啦关系；\n2、负责开发新哗啦啦；\n3、做好哗啦啦回访工作。")
    assert [c.change.rule for c in explain(text, own) if c.change.original == "哗啦啦"]
    assert not [c for c in explain(text) if c.change.original == "哗啦啦"]
    assert load_usual((("哗啦", "客户"),)).synonyms["哗啦"] and "哗啦" not in load_usual().synonyms


@pytest.mark.parametrize(
    ("kind", "rows", "reason"),
    [
        ("phrases", "甲乙\t甲丙\n", "own.tsv:1: 2 columns, not 3"),
        ("phrases", "#\n甲乙\t甲丙\tspinn\n", "own.tsv:2: 'spinn' is no category"),
        ("spin", "甲\t乙丙\t1\n", "own.tsv:1: '甲' is no word of two or more common characters"),
        ("spin", "\U00020000甲\t乙丙\t1\n", "own.tsv:1: '\U00020000甲' is no word"),
        ("spin", "甲乙\t乙丙\t1,\n", "own.tsv:1: '1,' names no table"),
        ("synonyms", "甲乙\t甲乙\n", "own.tsv:1: a word is put for itself"),
        ("synonyms", "甲乙\t\n", "own.tsv:1: a column is empty"),
        ("protected", "甲\n乙\t丙\n", "own.tsv:2: 2 columns, not 1"),
    ],
)
def test_bad_row_is_told_with_its_file_and_line_and_with_the_key_that_names_it(
    here: Path, kind: str, rows: str, reason: str
) -> None:
    write(rows, "own.tsv")
    write(f'# ours\n[lexicons]\n{kind} = ["own.tsv"]\n')
    [problem] = problems(Path(CONFIGURATION))
    assert problem.startswith(f"gangwei.toml:3: lexicons.{kind}: ") and reason in problem


@pytest.mark.parametrize("data", [None, b"\xff\xfe", b"a" * 10_000_001])
def test_lexicon_that_cannot_be_read_is_told(here: Path, data: bytes | None) -> None:
    if data is not None:
        Path("own.tsv").write_bytes(data)
    write('[lexicons]\nprotected = ["own.tsv"]\n')
    with pytest.raises(LexiconError, match=r"gangwei.toml:2: lexicons.protected: .*own.tsv"):
        load(Path(CONFIGURATION))


# -- mistakes ---------------------------------------------------------------------------------------------------------

MISTAKES = '''# [limits] bytes = 0
protected = [
  "a = 1",  # ]
  """
[limits]
""", 3,
]
"off" = ["ocr", "spinn"]
limits.bytes = 0
thresholds = { ocr = 5, nothing = 0.5 }
model = "none.npz"

[ lexicons ] # of ours
 'spin' = "a.tsv"
phrase = []
'''


def test_all_mistakes_are_told_each_with_line_and_key(here: Path) -> None:
    write(MISTAKES)
    assert problems(Path(CONFIGURATION)) == (
        "gangwei.toml:2: protected[2] must be a text that is not empty",
        "gangwei.toml:8: off: 'spinn' is no category; there are ocr typo spin punct dup missing",
        "gangwei.toml:9: limits.bytes must be a whole number from 1",
        "gangwei.toml:10: thresholds.ocr must be a number from 0 to 1",
        "gangwei.toml:10: thresholds: 'nothing' is no category; there are ocr typo spin punct dup missing",
        "gangwei.toml:14: lexicons.spin must be a list of paths of files",
        "gangwei.toml:15: unknown setting 'lexicons.phrase'; there are phrases, protected, spin, synonyms",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("jobs = 2\nx = \n", "gangwei.toml:2: Invalid value (column 5)"),
        ("jobs = 2\n\nx = [\n", "gangwei.toml:3: "),
        ("\n\njobs = true", "gangwei.toml:3: jobs must be a whole number from 1"),
        ("jobs = 2.0", "gangwei.toml:1: jobs must be a whole number from 1"),
        ("apply_above = nan", "gangwei.toml:1: apply_above must be a number from 0 to 1"),
        ("protected = [2026-01-01]", "gangwei.toml:1: protected[0] must be a text"),
        ('formats = ["pdf"]', "gangwei.toml:1: formats[0] must be json or xml"),
        ("formats = []", "gangwei.toml:1: formats must be a list of json and xml"),
        ("[limits]\nseconds = 0", "gangwei.toml:2: limits.seconds must be a number over 0"),
        ("limits = 3", "gangwei.toml:1: limits must be a table"),
        ("[[limits]]\nbytes = 3", "gangwei.toml:1: limits must be a table"),
        ('\n[replacements]\n"" = "a"', "gangwei.toml:3: replacements: a key may not be empty"),
        ("[a.b.c]\nd = 1", "gangwei.toml:1: unknown setting 'a'"),
        ('model = "none.npz"', "gangwei.toml:1: model: "),
    ],
)
def test_mistake_is_wrong_usage_and_told_in_a_line(here: Path, text: str, told: str) -> None:
    write(text)
    assert problems(Path(CONFIGURATION))[0].startswith(told)
    for command in (("parse", "raw", "-o", "out"), ("show", "raw/出纳.txt"), ("config", "--show")):
        result = gangwei(*command)
        assert (result.exit_code, told in result.stderr) == (2, True)


def test_line_is_that_of_the_key_and_not_of_a_text_that_looks_like_it() -> None:
    text = 'a = """\r\nlimits.bytes = 3\r\n"""\r\n[limits]\r\n# bytes = 1\r\nseconds = 1\r\n"bytes" = 2\r\n'
    assert tomllib.loads(text)["limits"]["bytes"] == 2
    assert line_of(text, ("limits", "bytes")) == 7
    assert line_of(text, ("limits", "memory")) == 4
    assert line_of(text, ("a",)) == 1
    assert line_of(text, ("b",)) is None
    assert line_of("\nthresholds.ocr = 1\nthresholds.dup = 1\n[a.b]\n", ("thresholds",)) == 2
    assert line_of("\nthresholds.ocr = 1\nthresholds.dup = 1\n[a.b]\n", ("a",)) == 4


KEYS = st.text(st.sampled_from("ab\u00e9甲 .#=\"'[]\\\n"), max_size=4)
VALUES = st.recursive(
    st.integers() | st.booleans() | st.text(st.sampled_from("a甲\"'#=[]\n\\"), max_size=6),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=4), max_size=4))
def test_line_of_each_key_of_any_file_is_found(tables: dict[str, dict[str, object]]) -> None:
    lines: list[str] = []
    places = {}
    for table, keys in tables.items():
        lines += ["", "# x = 1", f"[{json.dumps(table)}]"]
        for key, value in keys.items():
            places[table, key] = len(lines) + 1
            written = json.dumps(value, ensure_ascii=False, indent=1 if isinstance(value, list) else None)
            lines += f"{json.dumps(key)} = {written}".split("\n")
    text = "\n".join(lines)
    tomllib.loads(text)
    assert {key: line_of(text, key) for key in places} == places


def test_file_that_was_made_to_cost_time_is_read_up_to_a_bound(here: Path) -> None:
    write("protected = [\n" + '"]",\n' * 150_000 + "3]\n")
    [problem] = problems(Path(CONFIGURATION))
    assert problem.startswith("gangwei.toml: protected[150000] must be")


# -- the command ------------------------------------------------------------------------------------------------------


def test_what_is_shown_says_where_each_value_comes_from_and_reads_back_to_the_same(here: Path) -> None:
    write('\njobs = 3\nprotected = ["用心服务"]\n[limits]\nmemory = 512\n[confusions]\n"帐号" = "账号"\n')
    result = gangwei("config", "--show", "--max-seconds", "5", "--format", "json")
    assert result.exit_code == 0
    text = result.stdout
    assert text.startswith(f"# Read from {here / CONFIGURATION}, which lies in the working folder.\n")
    assert "From: gangwei.toml:2.\njobs = 3\n" in text
    assert "From: gangwei.toml:5.\nmemory = 512\n" in text
    assert "From: the command line.\nseconds = 5.0\n" in text
    assert 'From: the command line.\nformats = ["json"]\n' in text
    assert "From: default.\noff = []\n" in text
    (here / "shown.toml").write_text(text, "utf-8")
    again = gangwei("config", "--show", "--config", "shown.toml").stdout
    assert [line for line in again.splitlines() if line[:1] != "#"] == [
        line for line in text.splitlines() if line[:1] != "#"
    ]
    assert again.startswith(f"# Read from {here / 'shown.toml'}, which --config names.\n")


def test_what_is_shown_has_each_key_with_a_comment_also_without_a_file(here: Path) -> None:
    text = gangwei("config", "--show").stdout
    assert text.startswith("# There is no gangwei.toml: all are defaults.\n")
    lines = text.splitlines()
    for name in Configuration.model_fields:
        at = next(
            i for i, line in enumerate(lines) if line.startswith((f"{name} =", f"[{name}]", f"# {name} is not set"))
        )
        assert lines[at - 1].startswith("# ")
    write(text)
    assert load(Path(CONFIGURATION)).configuration == Configuration()


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        Configuration,
        protected=st.lists(WORDS, max_size=3).map(tuple),
        off=st.frozensets(st.sampled_from(["ocr", "spin"])),
        apply_above=st.floats(0, 1),
        text_field=st.none() | WORDS,
        replacements=st.dictionaries(WORDS, st.text(st.characters(exclude_categories=["Cs"])), max_size=3),
    )
)
def test_any_configuration_that_is_shown_reads_back_to_the_same(tmp_path: Path, configuration: Configuration) -> None:
    file = tmp_path / "a.toml"
    file.write_text(shown(configuration, lambda key: "a\nb\x00", "c\nd = 3"), "utf-8", newline="\n")
    assert load(file).configuration == configuration


def test_check_tells_of_each_problem_and_does_not_mind_the_file_in_the_working_folder(here: Path) -> None:
    write("x = ")
    good = write('off = ["spin"]\n', "good.toml")
    assert (gangwei("config", "--check", good).exit_code, gangwei("config", "--check", good).stderr) == (
        0,
        "good.toml: sound\n",
    )
    bad = write("jobs = 0\napply_above = 3\n", "bad.toml")
    told = gangwei("config", "--check", bad)
    assert (told.exit_code, told.stderr) == (
        1,
        "gangwei: bad.toml:1: jobs must be a whole number from 1\n"
        "gangwei: bad.toml:2: apply_above must be a number from 0 to 1\n",
    )
    assert gangwei("config", "--check", "none.toml").exit_code == 1
    os.remove(CONFIGURATION)
    assert gangwei("config").exit_code == 2


def test_example_in_the_readme_is_sound(here: Path) -> None:
    text = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    write(text.partition("```toml\n")[2].partition("```")[0])
    Path("ours").mkdir()
    write("用心服务\n", "ours/names.tsv")
    write("招聘专圆\t招聘专员\tocr\n", "ours/wrong.tsv")
    assert problems(Path(CONFIGURATION)) == ()


def test_options_that_a_file_can_set_are_keys_of_it() -> None:
    for name, key in options.KEYS.items():
        table = Configuration()
        for step in key:
            assert step in type(table).model_fields, name
            table = getattr(table, step)


def test_a_model_and_lexicons_are_found_from_the_folder_of_the_file(here: Path) -> None:
    (here / "sub").mkdir()
    write("某某\n", "sub/own.tsv")
    write('[lexicons]\nprotected = ["own.tsv"]\n', "sub/a.toml")
    found = load(Path("sub/a.toml"))
    assert found.settings.protected == ("某某",)
    assert found.configuration.lexicons.protected == (str(here / "sub" / "own.tsv"),)
