"""Texts, files and signals made to do harm: a record, or one line that says what is wrong; never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import parse, parse_file
from pipeline.clean import clean
from pipeline.cli import main
from pipeline.configuration import load_settings
from pipeline.correct import Settings
from pipeline.errors import LexiconError, LimitError, PipelineError, ReadError
from pipeline.export import parse_record, render
from pipeline.manifest import NAME as MANIFEST
from pipeline.names import readable
from pipeline.run import record, source_of
from pipeline.verify import verify
from tests.running import COMMAND, Running

TEXT = "出纳岗位职责\n1、负责现金收付；\n2、登记日记账。\n任职要求：\n1、大专以上学历。\n"
LINUX = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes as Linux lists them")


def gangwei(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


# -- texts ------------------------------------------------------------------------------------------------------------

WRAPS = {
    "nested tags": ("<", "b>", ""),
    "tags of all kinds": ("<td<p</", "b>/>>", "<td\n"),
    "nested comments": ("<!--", "-->", ""),
    "entities of the entity": ("", "amp;", "&"),
    "numbers of the entity": ("", "#38;#x26;", "&"),
    "escapes of the escape": ("", "u005c", "\\"),
    "escapes before escapes": ("\\", "u005C", ""),
}
"""What stands n times before and n times after a text of its own, and what is left of it."""


@pytest.mark.parametrize("name", WRAPS)
def test_what_is_wrapped_up_many_times_is_unwrapped_in_one_go(name: str) -> None:
    """Each layer by a pass of its own over the whole would take minutes here."""
    before, after, left = WRAPS[name]
    lead = left if not before else ""
    for times in (40, 40_000):
        text = lead + before * times + after * times
        cleaned = clean(text)
        assert cleaned.undo() == text
        assert clean(cleaned.text).changes == ()
        if name in ("nested tags", "nested comments"):
            assert cleaned.text == ""
        elif not before:
            assert cleaned.text == lead


@pytest.mark.parametrize("turn", ["&#92;u0026amp;", "\\u0026#92;", "来", "&am<b>"])
def test_layers_that_call_for_one_rule_after_another_have_an_end(turn: str) -> None:
    text = turn * 3000 + "u0026amp;" + "自BOSS直聘p;" * 3000
    assert clean(text).undo() == text


LAYERS = (
    lambda s: f"<b{s}>",
    lambda s: f"<{s}b>",
    lambda s: s.replace("&", "&amp;"),
    lambda s: s.replace("<", "&lt;").replace(">", "&#62;"),
    lambda s: s.replace("\\", "\\u005c"),
    lambda s: s.replace("&", "\\u0026"),
    lambda s: f"&am{s}p;",
    lambda s: f"**{s}**：",
)


@given(st.lists(st.sampled_from(LAYERS), max_size=12), st.sampled_from(["", "<", "&lt;", "\\u003c", "职", "&foo;"]))
def test_layers_in_any_order_are_undone(layers: list[object], core: str) -> None:
    text = core
    for layer in layers:
        text = layer(text)  # type: ignore[operator]
    cleaned = clean(text)
    assert cleaned.undo() == text
    assert clean(cleaned.text).changes == ()


HOSTILE = [
    *[
        "> ",
        "# ",
        "- ",
        "'",
        '"',
        "#",
        "<",
        "&amp;",
        "\\u005c",
        "1、",
        "（",
        "⽤",
        "\U0001f4bb",
        "\ufe0f",
        "\u202e",
        "\x00",
    ],
    *[
        "岗位职责：",
        "任职要求\n",
        "会计\n",
        "å²\x97",
        "宀椾",
        "|",
        "\t",
        "负 ",
        "\r",
        "\u0301",
        "\U000e0041",
        "…",
        "【",
    ],
]


@settings(deadline=None)  # the first one loads the models
@given(st.lists(st.sampled_from(HOSTILE), max_size=12).map("".join), st.integers(1, 12))
def test_record_is_whole_or_refused_by_name(piece: str, times: int) -> None:
    text = piece * times
    try:
        document = record(source_of(text, "a"))
    except PipelineError as error:
        assert str(error).startswith("a: ")  # what breaks a promise is never written
    else:
        assert verify(document, text) == []


@pytest.mark.parametrize("piece", ["> ", "# ", "- \n  ", "(", "'", "#"])
def test_depth_without_end_is_a_typed_error_at_worst(piece: str) -> None:
    try:
        parse(piece * 3000)
    except LimitError as error:
        assert "nested too deeply" in str(error)


HAN = st.text(
    st.sampled_from("岗位职责：，。、一二三收付款记账任要求本科学历年以上经验和的\n①"), min_size=2, max_size=60
)
CODECS = ["latin-1", "cp1252", "gb18030", "gbk"]


@settings(deadline=None)
@given(HAN, st.sampled_from(CODECS))
def test_misread_text_is_mended_character_by_character(text: str, codec: str) -> None:
    """A cut may fall anywhere in what is mended; the two sides must not share a stretch of the source."""
    data = text.encode("utf-8")
    misread = "".join(map(chr, data)) if codec == "latin-1" else data.decode(codec, "ignore")
    cleaned = clean(misread)
    assert cleaned.undo() == misread
    for at in range(1, len(cleaned.text)):
        assert cleaned.to_source((0, at)).end <= cleaned.to_source((at, len(cleaned.text))).start
    assert verify(parse(misread), misread) == []


GROWING = {
    "tabs": "\t",
    "lists that lose count": "丙4、",
    "lists that leap": "5、乙。",
    "titles and headings": "会计\n任职要求\n",
    "the same short lines": "某物\n某物\n任职要求：\n",
    "menus below headings": "岗位职责：\n首页\n3名\n",
    "headings of Markdown": "### 2. 会计\n",
    "blanks between characters": "负 责 ",
    "certificates": "CET-6、会计证、驾照，",
    "colons": "：",
    "circled numbers": "①",
    "bars": "|a",
    "comments": "<!--的--> ",
    "misread characters": "å²\x97",
    "fields": "岗位名称\t会计\n",
    "dots of contents": "职责......1\n",
}
"""Pieces of texts that took time with the square of their length, and others like them."""


@pytest.mark.parametrize("name", GROWING)
def test_text_four_times_as_long_takes_no_more_than_its_share(name: str) -> None:
    piece = GROWING[name]
    took = []
    parse(TEXT)  # loads the models
    for size in (3_000, 12_000):
        began = time.process_time()
        record(source_of(piece * (size // len(piece)), "a"))
        took.append(time.process_time() - began)
    assert took[1] < max(1.0, 9 * took[0]), took


@pytest.mark.parametrize("count", [99, 126, 256, 500])
def test_bullets_by_the_hundred_each_of_its_own_are_no_levels_without_end(count: int) -> None:
    text = "".join(f"{chr(0x2600 + n if count < 500 else 0x1F300 + n)}负责收款第{n}项；\n" for n in range(count))
    try:
        document = record(source_of(text, "a"))
    except LimitError as error:
        assert "nested" in str(error)
    else:
        assert verify(document, text) == []
        assert parse_record(render(document, "json"), "json") == document


OWN = st.dictionaries(
    st.sampled_from(["现金", "收付", "职责", "大专", "登记日记账", "1、"]),
    st.lists(
        st.sampled_from(["\n", "一、", "1、", "：", "岗位职责：", "\t", "  ", "\r\n", "- ", "收款"]), max_size=5
    ).map("".join),
    max_size=3,
)


@settings(deadline=None)
@given(OWN)
@example({"现金": "\n："})
@example({"现金": "：\n"})
@example({"登记日记账": "收\n\t款、"})
def test_replacements_of_the_user_that_bring_in_line_ends_and_markers_keep_the_promises(own: dict[str, str]) -> None:
    document = record(source_of(TEXT, "a"), Settings(replacements=own))
    assert verify(document, TEXT) == []


# -- settings and names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 3000, "apply_above = " + "9" * 5000, "apply_above = 1e999", "a = \x00"]
)
def test_settings_made_to_do_harm_are_refused_in_a_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(LexiconError, match=r"a\.toml"):
        load_settings(file)
    result = gangwei("parse", tmp_path, "-o", tmp_path / "out", "--settings", file)
    assert result.exit_code == 2


def test_settings_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('\ufeffoff = ["spin"]\n', "utf-8")
    assert load_settings(tmp_path / "a.toml").off == {"spin"}


def test_name_that_no_file_can_have_is_a_typed_error() -> None:
    with pytest.raises(ReadError, match="null byte"):
        parse_file("a\0b")


@pytest.mark.parametrize("words", [["parse", "", "-o", "out"], ["parse", "a.txt", "-o", ""], ["show", ""]])
def test_empty_path_is_none(words: list[str]) -> None:
    result = gangwei(*words)
    assert result.exit_code == 2
    assert "empty path" in result.stderr


def test_output_folder_that_cannot_be_made_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(TEXT, "utf-8")
    for words in (["parse", tmp_path / "甲.txt"], ["schema"]):
        result = gangwei(*words, "-o", "/proc/no/such")
        assert (result.exit_code, result.exception.__class__) == (1, SystemExit)
        assert result.stderr.splitlines()[-1].startswith("gangwei: cannot write")


def test_message_is_one_line_whatever_the_name(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/" + "会计\n岗位".encode("gb18030") + b".txt"
    Path(os.fsdecode(name)).write_bytes(b"%PDF-1.4")
    (line,) = gangwei("parse", tmp_path, "-o", tmp_path / "out", "-q").stderr.splitlines()
    assert "会计 岗位.txt: a damaged PDF" in line
    assert readable(os.fsdecode(name)).endswith("会计\n岗位.txt")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["show"], ["explain", "--json"], ["explain"], ["parse", "-o", "-"]])
def test_full_disk_behind_standard_output_is_told_in_a_line(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "甲.txt").write_text(TEXT.replace("并", "井") + "1、井根据预算。", "utf-8")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, *words, str(tmp_path / "甲.txt")], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, b"gangwei: standard output: No space left on device\n")


def test_reader_that_goes_away_ends_the_program_in_silence(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(TEXT * 5, "utf-8")
    ours, theirs = os.pipe()
    with subprocess.Popen(
        [*COMMAND, "show", str(tmp_path / "甲.txt")], stdout=theirs, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        os.close(ours)
        assert process.communicate()[1] == b""
    assert process.returncode == 141


# -- signals ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    for n in range(24):
        (folder / f"{n:02}.txt").write_text(TEXT * 320, "utf-8")
    return folder


@LINUX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_batch_that_is_stopped_leaves_whole_records_and_no_process(
    raw: Path, tmp_path: Path, number: signal.Signals
) -> None:
    running = Running(raw, tmp_path / "out", f"{os.getpid()}-{number}")
    running.wait_for_the_first(MANIFEST)
    for _ in range(2):  # the second one comes before the first is dealt with, as from someone who is in a hurry
        if number == signal.SIGINT:
            os.killpg(running.process.pid, number)
        else:
            running.process.send_signal(number)
    told = running.process.communicate(timeout=60)[1].decode()
    assert running.process.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    assert running.left() == []
    assert "Traceback" not in told
    if number != signal.SIGKILL:
        assert told.startswith("stopped: ")
        assert list(running.out.glob(".*.part")) == []
    done = {path.stem: path.read_bytes() for path in running.out.glob("*.json")}
    assert 0 < len(done) < 24
    again = gangwei("parse", raw, "-o", running.out, "--jobs", "2")
    assert again.exit_code == 0
    assert "unchanged" in again.stderr
    whole = {path.stem: path.read_bytes() for path in running.out.glob("*.json")}
    assert len(whole) == 24
    assert {name: whole[name] for name in done} == done
    assert list(running.out.glob(".*.part")) == []


LEAVING = """
import signal
from pipeline.lifeline import end_undisturbed
signal.signal(signal.SIGTERM, lambda *_: None)
print("up", flush=True)
for _ in range(20_000):  # the way out, over and over, since signals fall between two steps of it only now and then
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    end_undisturbed([signal.SIGTERM])
print("still there", flush=True)
"""


@LINUX
def test_process_on_its_way_out_says_nothing_of_further_signals() -> None:
    process = subprocess.Popen([sys.executable, "-c", LEAVING], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    while process.poll() is None:
        process.terminate()
    assert process.communicate(timeout=60) == (b"still there\n", b"")
