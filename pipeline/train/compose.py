"""Compose annotated pages: entries of a corpus of postings in random layouts. They teach; they never measure.

A page sets some of what `harvest` took out of postings as one or more posts, and says what each stretch is.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pipeline import lexicons
from pipeline.annotation import Annotation, Mark
from pipeline.train.harvest import Harvest

Kinds = list[str]


_ESCAPES = {"\\t": "\t", "\\n": "\n"}


@cache
def words(group: str) -> tuple[str, ...]:
    """The words of a group of `composing.tsv`; of "field" triples of name, kind and value."""
    out = []
    for name, word in lexicons.rows("composing"):
        if name == group:
            word = word[1:-1]
            for written, meant in _ESCAPES.items():
                word = word.replace(written, meant)
            out.append(word)
    return tuple(out)


@cache
def fields() -> dict[tuple[str, str], tuple[str, ...]]:
    """The values of each field, by its name and kind."""
    groups = dict.fromkeys(name for name, _ in lexicons.rows("composing") if name.startswith("field/"))
    return {(g.split("/")[2], g.split("/")[1]): words(g) for g in groups}


_CN = "一二三四五六七八九十"


class _Page:
    """A page under construction: its text, and the blocks of which it consists."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.marks: list[Mark] = []

    def add(
        self,
        text: str,
        label: str | None = None,
        kinds: Sequence[str] = (),
        titles: Sequence[str] = (),
        alt: tuple[str, ...] = (),
        level: int | None = None,
    ) -> None:
        """Text that begins a block, or, without a label, goes on with the one before."""
        if label:
            at = self.size + len(text) - len(text.lstrip())
            self.marks.append(Mark(at, at, label, tuple(kinds), alt, level, tuple(titles)))
        self.parts.append(text)
        self.size += len(text)

    def annotation(self, name: str) -> Annotation:
        """The page as far as it goes."""
        text = "".join(self.parts)
        ends = [m.start for m in self.marks[1:]] + [len(text)]
        marks = tuple(m._replace(end=end) for m, end in zip(self.marks, ends, strict=True))
        return Annotation(name, "composed", text, marks)


class _Style(NamedTuple):
    """How the posts of a page look."""

    title: int
    fields: int
    heads: int
    marker: int
    line: str
    drop_heads: float
    button: int
    tag: int
    glue: float


def _style(rng: random.Random) -> _Style:
    line = rng.choices(["\n", "\n\n", "\n　　", "", " ", "\n  "], [8, 2, 1, 1.5, 1, 1])[0]
    return _Style(
        rng.randrange(20),
        rng.choices(range(6), [4, 2, 1, 2, 1, 1])[0],
        rng.randrange(8),
        rng.randrange(14),
        line,
        rng.choice([0, 0, 0, 0.5, 1]),
        rng.choices([0, 1], [5, 1])[0],
        rng.choices([0, 1], [4, 1])[0],
        rng.choice([0, 0, 0, 0.5, 1]),
    )


def page(stock: Harvest, rng: random.Random, name: str) -> Annotation:
    """A page and what it says."""
    out = _Page()
    style = _style(rng)
    count = rng.choices([1, 2, 3, 4, 5, 7], [5, 2, 3, 3, 2, 1])[0]
    titles = [_title(stock, rng) for _ in range(count)]
    flat = style.line.strip(" 　") == "" and "\n" not in style.line
    if rng.random() < 0.55:
        for line in rng.sample(words("page head"), rng.randrange(1, 9)):
            out.add(line, "boilerplate")
            out.add("\n" if not flat else " ")
    if rng.random() < 0.25 and stock.companies:
        out.add(rng.choice(stock.companies), "boilerplate")
        out.add("\n")
    if count > 2 and rng.random() < 0.2:
        for t in titles:
            out.add(t, "boilerplate")
            out.add("\n")
    table = count > 1 and rng.random() < 0.12
    if table:
        _table(out, stock, titles, rng)
    else:
        for i, title in enumerate(titles):
            _post(out, stock, style, title, i, rng)
            out.add(style.line if flat else style.line + "\n" * rng.choice([0, 0, 1, 1, 2]))
    if rng.random() < 0.5:
        for line in rng.sample(words("page foot"), rng.randrange(1, 7)):
            out.add(line, "boilerplate")
            out.add("\n" if not flat else " ")
    return out.annotation(name)


def _title(stock: Harvest, rng: random.Random) -> str:
    if rng.random() < 0.35 and stock.titles:
        return rng.choice(stock.titles)
    lead = rng.choices(["", "高级", "副", "储备", "见习", "资深", "夜班"], [12, 1, 1, 1, 1, 1, 1])[0]
    return lead + rng.choice(words("trade")) + rng.choice(words("post"))


_TITLES = (
    "{t}",
    "{t}",
    "{t}",
    "{n}、{t}",
    "{n}.{t}",
    "{c}、{t}",
    "（{c}）{t}",
    "0{n} {t}",
    "【{t}】",
    "■ {t}",
    "### {t}",
    "岗位名称：{t}",
    "职位：{t}",
    "岗位{c}：{t}",
    "招聘职位\n{t}",
    "{t}岗位职责",
    "{t}（{k}名）",
    "{t} {k}人",
    "{c}、{t}（{k}人）",
    "{n}）{t}",
)


def _post(out: _Page, stock: Harvest, style: _Style, title: str, i: int, rng: random.Random) -> None:
    content = rng.choice(stock.posts)
    end = style.line or rng.choice(["", " "])
    form = style.title if rng.random() < 0.95 else rng.randrange(len(_TITLES))
    named = len(out.marks) > 0 or rng.random() < 0.75
    shown = _TITLES[form].format(t=title, n=i + 1, c=_CN[i], k=rng.randrange(1, 9))
    if named or i:
        extra = rng.choices(["", "  5000-8000元/月", " 急聘", "（杭州）", " 8-12K"], [12, 1, 1, 1, 1])[0]
        out.add(shown + extra, "role_heading", titles=[title])
        begun = True
    else:
        begun = False
    glued = rng.random() < style.glue and not style.fields
    out.add(rng.choice(["：", " ", "", "\n"]) if glued and begun else end or " ")
    if style.tag:
        out.add(rng.choice(words("tags")), "field", ["other", "requirements"])
        out.add(end or " ")
    if style.fields:
        begun = _fields(out, style, end, begun, rng)
    order = ["duties", "requirements"] if rng.random() < 0.88 else ["requirements", "duties"]
    if rng.random() < 0.12:
        order = order[: rng.randrange(1, 3)]
    if rng.random() < 0.2 and len(content["other"]) > 1:
        order.append("other")
    for n, kind in enumerate(order):
        begun = _section(out, style, content, kind, n, end, begun, rng)
    if style.button:
        out.add(rng.choice(words("button")), "boilerplate")
        out.add(end or " ")


def _begin(begun: bool) -> list[str]:
    """The titles of the first block of a post that nothing names."""
    return [] if begun else ["∅"]


def _fields(out: _Page, style: _Style, end: str, begun: bool, rng: random.Random) -> bool:
    known = fields()
    for name, kind in rng.sample(sorted(known), rng.randrange(1, 7)):
        value = rng.choice(known[name, kind])
        joint, stop = [("：", end or " "), ("：", "  "), ("\n", "\n"), ("\t", "\n"), (" | ", "\n"), (":", end or ";")][
            style.fields
        ]
        out.add(f"{name}{joint}{value}", "field", [kind], _begin(begun))
        out.add(stop)
        begun = True
    out.add("" if style.fields != 1 else "\n")
    return begun


def _heading(said: str, style: _Style, n: int) -> str:
    shapes = ("{w}：", "{w}:", "【{w}】", "{w}", "{c}、{w}", "{w}：", "◆{w}", "{c}、{w}：")
    return shapes[style.heads].format(w=said, c=_CN[n])


def _section(
    out: _Page,
    style: _Style,
    content: dict[str, list[str]],
    kind: str,
    n: int,
    end: str,
    begun: bool,
    rng: random.Random,
) -> bool:
    asked = content["requirements"] + content["qualities"]
    entries = asked if kind == "requirements" else content[kind]
    entries = entries[: rng.randrange(2, 9)]
    dropped = rng.random() < style.drop_heads and kind != "other"
    if not dropped:
        out.add(
            _heading(rng.choice(words(f"heading/{kind}")), style, n), "section_heading", [kind], _begin(begun), level=1
        )
        out.add(end if rng.random() > style.glue else "")
        begun = True
    prose = rng.random() < 0.08
    if prose:
        out.add(
            "；".join(e.rstrip("。；;") for e in entries) + "。",
            "paragraph",
            _kinds(kind, content, ""),
            _begin(begun),
            alt=("item",),
        )
        out.add(end or " ")
        return True
    marker = style.marker if rng.random() < 0.85 else rng.randrange(14)
    if not end.strip(" ") and marker > 10:
        marker = 0
    for k, entry in enumerate(entries):
        m = _marker(marker, k, rng)
        out.add(m + entry, "item", _kinds(kind, content, entry), _begin(begun))
        out.add(end or rng.choice(["", "", " "]))
        begun = True
    return True


def _kinds(kind: str, content: dict[str, list[str]], entry: str) -> Kinds:
    if kind != "requirements":
        return [kind]
    return (
        ["qualities", "requirements"] if entry in content["qualities"] or not entry else ["requirements", "qualities"]
    )


def _marker(style: int, k: int, rng: random.Random) -> str:
    n = k + 1
    if rng.random() < 0.02:
        n += 1
    shapes = ("{n}、", "{n}.", "{n}．", "（{n}）", "{n}）", "{q}", "• ", "- ", "■", "({n})", "{n}. ", "", "", "● ")
    return shapes[style].format(n=n, q="①②③④⑤⑥⑦⑧⑨⑩⑪⑫"[k % 12])


def _table(out: _Page, stock: Harvest, titles: Sequence[str], rng: random.Random) -> None:
    bar = rng.choice(["\t", " | ", "\t"])
    out.add(
        bar.join(
            ["序号", "岗位", "人数", rng.choice(words("heading/duties")), rng.choice(words("heading/requirements"))]
        ),
        "boilerplate",
    )
    out.add("\n")
    numbered = rng.random() < 0.6
    for i, title in enumerate(titles):
        content = rng.choice(stock.posts)
        out.add(f"{i + 1}{bar}{title}" if numbered else title, "role_heading", titles=[title])
        out.add(bar)
        out.add(str(rng.randrange(1, 9)), "field", ["other"])
        out.add(bar)
        for kind in ("duties", "requirements"):
            entries = (content["requirements"] + content["qualities"] if kind == "requirements" else content["duties"])[
                :4
            ]
            if rng.random() < 0.5:
                for k, entry in enumerate(entries):
                    out.add(f"{k + 1}、{entry}", "item", _kinds(kind, content, entry))
            else:
                out.add(
                    "；".join(e.rstrip("。；;") for e in entries), "paragraph", _kinds(kind, content, ""), alt=("item",)
                )
            out.add(bar if kind == "duties" else "\n")


def pages(stock: Harvest, count: int, seed: int) -> Iterator[Annotation]:
    """So many pages; the same stock and seed give the same pages."""
    rng = random.Random(seed)
    for n in range(count):
        yield page(stock, rng, f"composed-{n}")
