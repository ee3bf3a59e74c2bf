"""The character network of the corrections: what it says of a character, and how a proposal is held against its sentence."""

import numpy as np
import pytest

from pipeline.clean import clean
from pipeline.correct import correct
from pipeline.correct.decide import fitting
from pipeline.correct.language import context
from pipeline.correct.language.ngrams import load
from pipeline.correct.proposal import Proposal

SENTENCE = "负责核对会计账簿、财务会计报告和各类凭证，发现问题及时上报。"


def likeliest(text: str, at: int) -> str:
    language = load()
    chances = context.chances(language.context, [language.encode(text)], [at], 1)[0, 0]
    return language.characters[int(chances.argmax())]


def test_chances_of_all_characters_sum_to_one() -> None:
    codes = load().encode(SENTENCE)
    chances = context.chances(load().context, [codes, codes], [0, len(codes) - 2], 2)
    assert chances.shape == (2, 2, len(load().context.met))
    assert np.exp(chances).sum(axis=2) == pytest.approx(1.0)


def test_characters_that_only_ngrams_know_are_unknown_to_the_network() -> None:
    language, text = load(), "操作压力机，将泥料压制成坯体，干燥后装窑。"
    codes = language.encode(text)
    assert codes.max() >= len(language.context.met)
    hidden = np.where(codes < len(language.context.met), codes, 0)
    wanted = (context.chances(language.context, [row], [2], 9) for row in (codes, hidden))
    assert (next(wanted) == next(wanted)).all()
    assert all(np.isfinite(list(columns(text.replace("坯", "坏"), text.index("坯"), 1, "坯").values())))


def test_a_character_is_not_asked_about_itself() -> None:
    language, at = load(), SENTENCE.index("簿")
    spoilt = SENTENCE[:at] + "短" + SENTENCE[at + 1 :]
    sound, wrong = (context.chances(language.context, [language.encode(text)], [at], 1) for text in (SENTENCE, spoilt))
    assert (sound == wrong).all()
    assert likeliest(spoilt, at) == "簿"


def test_what_lies_further_than_the_stacks_see_changes_nothing() -> None:
    language = load()
    far = "甲" * 3 + "的" * context.SEEN
    one, two = (
        context.chances(language.context, [language.encode(text)], [len(far)], 1)
        for text in (far + SENTENCE, "乙" + far[1:] + SENTENCE)
    )
    assert (one == two).all()


def test_a_row_reads_the_same_alone_and_among_others() -> None:
    codes = load().encode(SENTENCE)
    together = context.chances(load().context, [codes] * 7, list(range(7)), 3)
    for place in range(7):
        assert (context.chances(load().context, [codes], [place], 3)[0] == together[place]).all()


@pytest.mark.parametrize("at", [0, 1, len(SENTENCE) - 1, len(SENTENCE) + 3])
def test_places_at_and_beyond_the_ends_are_asked_about(at: int) -> None:
    assert np.isfinite(context.chances(load().context, [load().encode(SENTENCE)], [at], 4)).all()


def columns(text: str, at: int, size: int, put: str) -> dict[str, float]:
    language = load()
    proposal = Proposal((at,), size, put, "a rule", "ocr", -6.0)
    row = fitting.columns(language.context, language, language.encode(text), [proposal])[0]
    return dict(zip(fitting.NAMES, row.tolist(), strict=True))


def test_a_right_character_fits_and_a_wrong_one_does_not() -> None:
    at = SENTENCE.index("簿")
    spoilt = SENTENCE.replace("簿", "短")
    right, wrong = columns(spoilt, at, 1, "簿"), columns(spoilt, at, 1, "冰")
    assert right["fit gain"] > 5 > wrong["fit gain"]
    assert right["fit lead"] == 0 < wrong["fit lead"]
    assert right["fit before"] == wrong["fit before"]


def test_only_what_differs_is_asked_about() -> None:
    at = SENTENCE.index("账簿")
    spoilt = SENTENCE.replace("账簿", "账短")
    assert columns(spoilt, at, 2, "账簿") == columns(spoilt, at + 1, 1, "簿")


def test_what_is_put_in_or_taken_out_is_asked_about_with_its_neighbours() -> None:
    at = SENTENCE.index("簿")
    lost, doubled = SENTENCE.replace("簿", ""), SENTENCE.replace("簿", "簿簿")
    assert columns(lost, at, 0, "簿")["fit beside gain"] > 0
    assert columns(doubled, at, 1, "")["fit beside gain"] > 0


def test_many_proposals_are_read_as_each_alone() -> None:
    language, codes = load(), load().encode(SENTENCE * 8)
    proposals = [Proposal((at,), 1, "簿", "a rule", "ocr", -6.0) for at in range(fitting.MOST + 6)]
    together = fitting.columns(language.context, language, codes, proposals)
    for at in (0, fitting.MOST - 1, fitting.MOST, fitting.MOST + 5):
        assert (fitting.columns(language.context, language, codes, [proposals[at]])[0] == together[at]).all()


def test_words_of_a_trade_that_nothing_knows_stay() -> None:
    text = "操作扬水泵和联合收盐机，扬海水入池；\n制备混合烟梗、烟末，封装烟支、烟条；\n检查锅筒、集箱和脱碳塔，整形后入库。\n"
    assert correct(clean(text)).revision.corrections() == ()
