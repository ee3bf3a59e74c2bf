"""Which of the lines that say a role's title is its heading: the first of them is, the next one is its subtitle or a field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.blocks import Label
from pipeline.segment import phrases, tags, titles
from pipeline.segment.cut import Cut, Piece
from pipeline.segment.joined import Joined, bare, extent


def subtitled(text: str, pieces: Sequence[Piece], joined: Sequence[Joined]) -> list[Joined]:
    """The blocks, where what stands right below a role heading says its title once more.

    "客户经理职责(二)" above "身为一名客户经理的岗位职责" is one role. Three and more in a row are a list of posts. A line further down that
    says another title, "渠道客户经理岗位职责" above the introduction to the next collection, is no subtitle, and of no role.
    """
    out = [part for block in joined for part in _parted(text, pieces, block)]
    head: Joined | None = None
    for i, said in enumerate(out):
        if said.tag == tags.SUBTITLE and head and out[i - 1] != head and not _same_title(text, pieces, head, said):
            out[i] = said._replace(tag=tags.OUTSIDE)
        head = said if said.tag == tags.ROLE else head
    run = 0
    for i, block in enumerate([*out, None]):
        if block is not None and block.tag == tags.ROLE:
            run += 1
            continue
        if run == 2 and block is not None and block.tag >= tags.FIRST_BODY:
            out[i - 1] = out[i - 1]._replace(tag=_below(pieces, out[i - 1]))
        elif run == 1 and block is not None and _says_again(text, pieces, block, out[i - 1]):
            out[i] = block._replace(tag=tags.SUBTITLE)
        run = 0
    return out


def _same_title(text: str, pieces: Sequence[Piece], head: Joined, block: Joined) -> bool:
    """Whether a line says no other title than the heading."""
    title, again = titles.of_headings(text, [extent(pieces, head), extent(pieces, block)])
    return title is None or again is None or bare(title.title) == bare(again.title)


def _parted(text: str, pieces: Sequence[Piece], block: Joined) -> list[Joined]:
    """A role heading, parted where its second line says the title of the first once more."""
    if block.tag == tags.ROLE:
        for k in range(block.first + 1, block.stop):
            if pieces[k].cut == Cut.LINE:
                head, rest = block._replace(stop=k), Joined(k, block.stop, _PLAIN)
                return [head, rest._replace(tag=tags.SUBTITLE)] if _says_again(text, pieces, rest, head) else [block]
    return [block]


def _below(pieces: Sequence[Piece], block: Joined) -> int:
    """What a second heading in a row is: a subtitle, unless it is a sentence."""
    start, end = extent(pieces, block)
    return tags.SUBTITLE if end - start <= _LONGEST_LINE else _PLAIN


_PLAIN = tags.tag(Label.PARAGRAPH, "other")
_SAYING_AGAIN = (Label.SECTION_HEADING, Label.FIELD, Label.PARAGRAPH)
_BEFORE_TITLE = 6


def _says_again(text: str, pieces: Sequence[Piece], block: Joined, head: Joined) -> bool:
    """Whether a line is the title and a word such as 职责: "客户经理职责" below "客户经理岗位职责1".

    A few words may stand before it, "身为一名客户经理的岗位职责", but no name of a field.
    """
    if tags.label(block.tag) not in _SAYING_AGAIN:
        return False
    words, heading = bare(text[slice(*extent(pieces, block))]), extent(pieces, head)
    said_above = bare(text[slice(*heading)])
    if len(words) > _LONGEST_LINE or not any(said_above[n : n + 2] in words for n in range(len(said_above) - 1)):
        return False
    (title,) = titles.of_headings(text, [heading])
    before, said, rest = words.partition(bare(title.title)) if title else ("", "", "")
    if not said or len(before) > _BEFORE_TITLE or (before and phrases.whole(before)):
        return False
    return phrases.whole(rest.removeprefix("的")) is not None


_LONGEST_LINE = 40
_TRAIL = regex.compile(r"[>›»→]|当前位置|\.(?:docx?|pdf|xlsx?|txt)")
"""What stands in the trail of a site or the name of a file: "首页 > 招聘 > 电焊工"."""


def from_first_mention(text: str, pieces: Sequence[Piece], joined: Sequence[Joined]) -> list[Joined]:
    """The blocks, where a text of one post begins it at the first line that says its title.

    "附件二：电焊工岗位责任书" above "岗位：电焊工" names the post already: so it is in 51 of the 54 annotated documents of
    one post. Of several posts such a line may be the document's own title.
    """
    heads = [k for k, block in enumerate(joined) if block.tag == tags.ROLE]
    if len(heads) != 1 or not heads[0]:
        return list(joined)
    head = joined[heads[0]]
    (title,) = titles.of_headings(text, [extent(pieces, head)])
    if title is None or len(title.title) < 2:
        return list(joined)
    out = list(joined)
    for k, block in enumerate(joined[: heads[0]]):
        start, end = extent(pieces, block)
        words = text[start:end]
        if end - start <= _LONGEST_LINE and title.title in words and not _TRAIL.search(words):
            out[k] = block._replace(tag=tags.ROLE)
            out[heads[0]] = _said_again(text, pieces, head)
            break
    return out


def from_line_above(text: str, pieces: Sequence[Piece], joined: Sequence[Joined]) -> list[Joined]:
    """The blocks, where a role begins at the line above that says its title and nothing else.

    "2. 出纳" above the form whose first row is "岗位名称  出纳", also where a heading such as "基本信息" stands between. A row
    that names the title and nearly says what a role heading above it said is of the same post: "安环副总监" above
    "岗位名称  安全副总监".
    """
    out = list(joined)
    for k, block in enumerate(joined):
        if block.tag == tags.ROLE:
            above = next(
                (a for a in _lines_above(pieces, joined, k) if _says_title(text, pieces, joined[a], block)), None
            )
            if above is not None:
                out[above] = out[above]._replace(tag=tags.ROLE)
                out[k] = _said_again(text, pieces, block)
    return out


def _lines_above(pieces: Sequence[Piece], joined: Sequence[Joined], k: int) -> Iterator[int]:
    """The block before block k and the one before that, as far as they are no text of a role."""
    for above in range(k - 1, max(-1, k - 3), -1):
        if joined[above].tag not in (tags.ROLE, tags.OUTSIDE) and not _heads(pieces, joined[above]):
            break
        yield above


def _heads(pieces: Sequence[Piece], block: Joined) -> bool:
    """Whether a block heads what follows: a section heading, or a line that was read as the name of a field without a value."""
    label = tags.label(block.tag)
    first = pieces[block.first]
    return label == Label.SECTION_HEADING or (
        label == Label.FIELD and block.stop == block.first + 1 and first.cut == Cut.LINE and first.last
    )


def _says_title(text: str, pieces: Sequence[Piece], block: Joined, head: Joined) -> bool:
    words = bare(text[pieces[block.first].body : pieces[block.stop - 1].end])
    named = _is_named(text, pieces, head)
    value = bare(text[pieces[head.first + 1].start : extent(pieces, head)[1]]) if named else ""
    if named and block.tag == tags.ROLE and _are_close(words, value):
        return True
    return len(words) > 1 and (words == value or _is_title(text, words, extent(pieces, head)))


def _is_title(text: str, words: str, heading: tuple[int, int]) -> bool:
    """Whether words are the title of a heading."""
    if words not in bare(text[slice(*heading)]):
        return False
    (title,) = titles.of_headings(text, [heading])
    return title is not None and bare(title.title) == words


def _are_close(one: str, other: str) -> bool:
    """Whether two titles have more than half of the characters of the shorter one in common."""
    return 2 * len(set(one) & set(other)) > min(len(set(one)), len(set(other)))


def _is_named(text: str, pieces: Sequence[Piece], head: Joined) -> bool:
    """Whether a heading is a name and its value: "岗位名称：出纳"."""
    if head.stop == head.first + 1:
        return False
    return text[pieces[head.first].end - 1] in ":：" or pieces[head.first + 1].cut == Cut.TAB


def _said_again(text: str, pieces: Sequence[Piece], head: Joined) -> Joined:
    """A heading whose title stands above it already: a field where it is named ("岗位：出纳"), else a subtitle."""
    return head._replace(tag=tags.tag(Label.FIELD, "other") if _is_named(text, pieces, head) else tags.SUBTITLE)
