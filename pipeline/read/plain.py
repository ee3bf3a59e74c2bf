"""Plain text: which encoding is it, and is it that beyond doubt?

A byte-order mark decides, then strict UTF-8. Everything else is measured: charset-normalizer ranks the encodings that
Chinese files come in, and the text must look like Chinese. Nothing is replaced or ignored.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes

from pipeline.errors import DecodeError
from pipeline.read.signatures import utf16_without_mark


class Decoded(NamedTuple):
    """A text and the codec that gives back its bytes: `text.encode(encoding)` is the file."""

    text: str
    encoding: str


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = ("gb18030", "big5", "big5hkscs")
_EVERYDAY = re.compile("[的是有不人一在和了中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处理書業務員職責應徵條件專經驗負責與"
    "岗职责任求格历聘招薪待遇福门销售客户服务技术能力培训协调沟熟悉验验验程师]"
)
"""The most frequent characters of Chinese text; wrongly decoded bytes give rare ones."""

_ENOUGH = 0.25
"""Share of everyday characters among Han ones. Over 316 postings right decodings had 0.48 and more, wrong ones 0.06 and less."""


def decode(data: bytes, name: str) -> Decoded:
    """The text of plain-text bytes. Raises DecodeError naming file and byte offset."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _strict(data, codec, name, len(mark))
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        bare = utf16_without_mark(data)
        if bare:
            return Decoded(data.decode(bare), bare)
        return _legacy(data, name, error)


def _strict(data: bytes, codec: str, name: str, mark: int) -> Decoded:
    body = codec.removesuffix("-sig")
    try:
        return Decoded(data[mark:].decode(body), codec if mark == 3 else f"{codec}+bom")
    except UnicodeDecodeError as error:
        raise DecodeError(f"{name}: not {body} at byte {error.start + mark}: {error.reason}") from error


def _legacy(data: bytes, name: str, not_utf8: UnicodeDecodeError) -> Decoded:
    """GB18030 or Big5, whichever reads as Chinese; where both do, the detector's choice."""
    readable: list[tuple[float, str, str]] = []
    furthest = (not_utf8.start, "utf-8", not_utf8.reason)
    for codec in _LEGACY:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError as error:
            furthest = max(furthest, (error.start, codec, error.reason))
            continue
        if text.encode(codec) == data:
            readable.append((_share(text), codec, text))
    plausible = [r for r in readable if r[0] >= _ENOUGH]
    if len(plausible) > 1:
        match = from_bytes(data, cp_isolation=list(_LEGACY)).best()
        plausible = [r for r in plausible if match and r[1] == match.encoding] or [max(plausible)]
    if plausible:
        return Decoded(plausible[0][2], plausible[0][1])
    if readable:
        raise DecodeError(f"{name}: not UTF-8 (byte {not_utf8.start}), and no Chinese text as {readable[0][1]} either")
    at, codec, reason = furthest
    raise DecodeError(f"{name}: not text in any known encoding; as {codec} it fails at byte {at}: {reason}")


def _share(text: str) -> float:
    han = re.findall(r"[\u3400-\u9fff\ue000-\uf8ff\U00020000-\U0003ffff]", text)
    return len(_EVERYDAY.findall(text)) / len(han) if han else 0.0


def encode(text: str, encoding: str) -> bytes:
    """The file's bytes again; `encoding` is the one that its record names."""
    if encoding.endswith("+bom"):
        codec = encoding.removesuffix("+bom")
        return (codecs.BOM_UTF16_LE if codec == "utf-16-le" else codecs.BOM_UTF16_BE) + text.encode(codec)
    return text.encode(encoding)
