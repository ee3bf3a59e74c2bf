"""Bytes that decode as Chinese and are something else: Japanese and Korean encodings share their cells with GB 2312."""

from __future__ import annotations

import re

_COMMONEST = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相"
    "全表间样与关各重新线内数正心反你明看原又利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题程展五果料象"
    "员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别手角期根论运农指几九区强放决被干做必先回则任取据处给"
    "光门即保治百规热领七海口导器压志世金增争济阶油思术极交受联认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至"
    "达走积示议声报完类八离华名确才科张信马节话米整空况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商"
    "非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼格"
    "养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该岗职责负责招聘薪客户销售财"
)
"""Some 450 of the commonest characters; in Chinese text they are more than half of all."""
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LEAST = 12
"""Characters below which a share says nothing."""


def encoding_of(data: bytes, text: str) -> str | None:
    """The encoding that the bytes are likelier in, when they decode to `text` as GB 18030: euc_jp, euc_kr, or None.

    Japanese has kana at every step, which GB 2312 holds in the same cells. Korean turns into everyday characters in no
    order, the commonest no more frequent than others. Of 6,000 postings and their first 40 characters the lowest share
    of the commonest was 0.33, of random Korean syllables by 40 half had under 0.11.
    """
    han, kana = len(_HAN.findall(text)), len(_KANA.findall(text))
    if kana >= 3 and kana > 0.15 * (han + kana) and _decodes(data, "euc_jp", _KANA, kana):
        return "euc_jp"
    if (
        han >= _LEAST
        and sum(c in _COMMONEST for c in text) < 0.2 * han
        and _decodes(data, "euc_kr", _HANGUL, 0.8 * han)
    ):
        return "euc_kr"
    return None


def _decodes(data: bytes, codec: str, signs: re.Pattern[str], least: float) -> bool:
    try:
        return len(signs.findall(data.decode(codec))) >= least
    except UnicodeDecodeError:
        return False
