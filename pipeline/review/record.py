"""The right column of a page: the record as a tree, each change below the entry that it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.model import FieldNode, Item, Node, Occupation, Paragraph, Profile, Role, Section, SpanModel, wording
from pipeline.review import words
from pipeline.review.markup import Html, element, exact, join, tag
from pipeline.review.outline import SURE_ROLE, Block, Outline, Shown, role_ref


def column(outline: Outline) -> Html:
    """Warnings, roles, and what belongs to none."""
    return _Column(outline).html()


class _Column:
    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._blocks = {id(b.node): b for b in outline.blocks if b.node is not None}
        self._within: dict[str | None, list[Shown]] = {}
        for shown in outline.changes:
            self._within.setdefault(shown.block, []).append(shown)

    def html(self) -> Html:
        return join([self._warnings(), *map(self._role, range(len(self._outline.document.roles))), self._rest()])

    # -- roles -------------------------------------------------------------------------------------------------------

    def _role(self, k: int) -> Html:
        role = self._outline.document.roles[k]
        return tag(
            "article",
            self._head(k, role),
            self._line_of(f"{role_ref(k)}s"),
            _facts("profile", _profile(role.profile), *_occupation(role.occupation)),
            tag("div", *map(self._node, role.content), class_="content"),
            _facts("wanted", wording.asked(role.qualifications)),
            class_="role",
            aria_label=role.title or f"岗位 {k + 1}",
        )

    def _head(self, k: int, role: Role) -> Html:
        span = self._outline.anchor(k)
        unsure = role.confidence < SURE_ROLE
        said = tag("p", self._text(role.heading.text), class_="said") if role.heading else ""
        return element(
            "header",
            [
                tag("p", f"岗位 {k + 1}", _sure(role.confidence, unsure), class_="number"),
                tag("h2", role.title or wording.UNTITLED, class_="title"),
                said if role.heading and role.heading.text != role.title else "",
                self._changes(role_ref(k)),
            ],
            {
                "class": "entry head" + (" unsure" if unsure else ""),
                "data-type": "role",
                "data-title": exact(role.title or ""),
                **self._data(role_ref(k), span, role.confidence, unsure),
            },
        )

    def _line_of(self, ref: str) -> Html:
        """A subtitle, which has no kind."""
        block = next((b for b in self._outline.blocks if b.ref == ref), None)
        if block is None:
            return Html()
        text = " ".join(self._outline.original(block.span).split())
        return tag("div", tag("p", text, class_="said"), self._changes(ref), class_="entry", data_ref=ref)

    # -- the tree ----------------------------------------------------------------------------------------------------

    def _node(self, node: Node) -> Html:
        block = self._blocks.get(id(node))
        if isinstance(node, Section):
            inner = tag("div", *map(self._node, node.content), class_="under")
            if block is None or node.heading is None:
                return tag("section", inner)
            marker = tag("span", node.heading.marker, class_="marker") if node.heading.marker else ""
            return tag("section", self._entry(block, tag("h3", marker, self._text(node.heading.text))), inner)
        assert block is not None
        if isinstance(node, FieldNode):
            name = tag("span", f"{node.name}：", class_="name") if node.name else ""
            return self._entry(block, tag("p", name, self._text(node.value)))
        marker = tag("span", node.marker, class_="marker") if isinstance(node, Item) and node.marker else ""
        entry = self._entry(block, tag("p", marker, self._text(node.text)))
        if isinstance(node, Paragraph) or not node.content:
            return entry
        return join([entry, tag("div", *map(self._node, node.content), class_="under")])

    def _entry(self, block: Block, said: Html) -> Html:
        kind = block.kind
        chip = tag("span", wording.KINDS[kind], class_="chip") if kind else ""
        sure = _sure(block.confidence, block.unsure) if block.confidence is not None else ""
        return element(
            "div",
            [tag("div", said, tag("span", chip, sure, class_="side"), class_="row"), self._changes(block.ref)],
            {
                "class": f"entry {block.label}" + (" unsure" if block.unsure else ""),
                "data-type": "block",
                "data-kind": kind.value if kind else block.label,
                "data-role": role_ref(block.role) if block.role is not None else None,
                **self._data(block.ref, block.span, block.confidence, block.unsure),
            },
        )

    def _data(
        self, ref: str, span: SpanModel, confidence: float | None, ask: bool
    ) -> dict[str, str | int | float | bool | None]:
        """What the script needs to know of an entry."""
        return {
            "data-ref": ref,
            "data-start": span.start,
            "data-end": span.end,
            "data-original": exact(self._outline.original(span)),
            "data-sure": confidence,
            "data-ask": ask,
            "tabindex": -1,
        }

    def _text(self, text: str) -> Html:
        return tag("span", text, class_="text")

    # -- changes -----------------------------------------------------------------------------------------------------

    def _changes(self, ref: str | None) -> Html:
        found = self._within.get(ref, [])
        return tag("ul", *map(self._change, found), class_="changes") if found else Html()

    def _change(self, shown: Shown) -> Html:
        c = shown.change
        swap = (tag("del", _shown(c.original)), " → ", tag("ins", _shown(c.replacement)))
        told = (
            tag("span", wording.CATEGORIES[c.category], class_="category"),
            tag("span", c.rule, class_="rule"),
            _sure(c.confidence, shown.unsure),
        )
        return element(
            "li",
            [
                tag("span", *swap, class_="swap"),
                tag("span", wording.MADE if shown.made else wording.SUGGESTED, class_="state"),
                *told,
                tag("span", c.evidence, class_="evidence", lang="en") if c.evidence else "",
            ],
            {
                "class": "shift " + ("made" if shown.made else "suggested") + (" unsure" if shown.unsure else ""),
                "data-type": "change",
                "data-made": shown.made,
                "data-category": c.category.value,
                "data-replacement": exact(c.replacement),
                **self._data(shown.ref, c.span, c.confidence, shown.unsure),
            },
        )

    # -- what is beside the roles ------------------------------------------------------------------------------------

    def _warnings(self) -> Html:
        found = self._outline.document.warnings
        if not found:
            return Html()
        rows = []
        for w in found:
            told = (
                tag("b", wording.WARNINGS.get(w.code, w.code)),
                " ",
                tag("span", w.message, lang="en", class_="evidence"),
            )
            rows.append(tag("li", _jump(told, w.span) if w.span else join(told)))
        return _aside("warnings", f"{wording.WARNED} {len(found)}", rows)

    def _rest(self) -> Html:
        """What belongs to no role, with the reason, and the changes that stand in no entry."""
        rows = []
        reasons = {f"l{n}": (left.text, left.reason) for n, left in enumerate(self._outline.document.leftovers, 1)}
        for block in self._outline.blocks:
            if block.label == "leftover":
                text, reason = reasons[block.ref]
                why = tag("span", wording.REASONS.get(reason, reason), class_="reason")
                said = tag("p", self._text(text or self._outline.original(block.span)), " ", why)
                rows.append(self._entry(block, said))
        loose = self._changes(None)
        return _aside("leftovers", f"{wording.LEFT} {len(rows)}", [*rows, loose], "div") if rows or loose else Html()


def _aside(name: str, title: str, rows: Sequence[Html], holder: str = "ul") -> Html:
    return tag("section", tag("h2", title), tag(holder, *rows), class_=f"aside {name}", aria_label=title)


def _sure(confidence: float, unsure: bool) -> Html:
    return tag("span", words.percent(confidence), class_="sure" + (" low" if unsure else ""), title=wording.CONFIDENCE)


def _shown(text: str) -> str:
    return text.replace("\r", "").replace("\n", "⏎") or "∅"


# -- facts ------------------------------------------------------------------------------------------------------------


def _facts(name: str, facts: Iterator[wording.Fact], *more: Html) -> Html:
    """A list of names and values, those of one name together, and more such; a value leads to where it stands."""
    rows: dict[str, list[Html]] = {}
    for title, said, span in facts:
        rows.setdefault(title, []).append(_fact(said, span))
    told = [part for title, values in rows.items() for part in (tag("dt", title), tag("dd", *values))]
    told += more
    return tag("dl", *told, class_=f"facts {name}") if told else Html()


def _fact(said: str, span: SpanModel | None) -> Html:
    return tag("span", _jump([said], span) if span else said, class_="fact")


def _jump(content: Sequence[str], span: SpanModel) -> Html:
    """What leads to a span of the source."""
    return tag("button", *content, type="button", class_="jump", data_start=span.start, data_end=span.end)


def _occupation(found: Occupation | None) -> Iterator[Html]:
    """What the post is by the national classification, how surely, and below it what else it may be."""
    if found is None:
        return
    yield tag("dt", wording.OCCUPATION)
    others = [
        tag("span", wording.occupation(each), " ", _sure(each.confidence, False), class_="fact")
        for each in found.alternatives
    ]
    yield tag(
        "dd",
        tag("span", wording.occupation(found), " ", _sure(found.confidence, False), class_="fact"),
        tag("p", "或：", *others, class_="said") if others else "",
    )


def _profile(profile: Profile) -> Iterator[wording.Fact]:
    for name, title in wording.PROFILE.items():
        value = getattr(profile, name)
        if value:
            yield title, value if isinstance(value, str) else "、".join(value), None
