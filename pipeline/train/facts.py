"""Train the model that finds facts in passages.

Annotations name facts by role, not by place: which words state them is found again here. Where a value stands several
times, the places that are not the likeliest are left out of the sum, neither right nor wrong.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import regex
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pipeline.blocks import Label
from pipeline.classify.facts import candidates, passages, tagger
from pipeline.classify.facts.candidates import LEVELS, Candidate, Sort
from pipeline.classify.facts.clauses import of_entry
from pipeline.classify.facts.passages import Passage
from pipeline.classify.facts.tagger import Tag
from pipeline.train.gold import Told

WIDTH = 32


class Example(NamedTuple):
    """A document's passages as the model sees them, and the tags that are right for each character."""

    slots: NDArray[np.int64]
    grams: NDArray[np.int64]
    allowed: NDArray[np.bool_]


class Part(NamedTuple):
    """A passage on its own: its text, what is known of its block, and the tags that are right for each character.

    `allowed` has one row more than the text, for the line break behind.
    """

    text: str
    label: Label
    kind: str | None
    wish: bool
    allowed: NDArray[np.bool_]


def example(parts: Sequence[Part]) -> Example:
    """Passages, in the order of their document, as the model sees them."""
    text = "".join(p.text + "\n" for p in parts)
    found, at = [], 0
    for i, p in enumerate(parts):
        end = at + len(p.text)
        clauses = tuple(of_entry(text, at, end, i, p.wish))
        found.append(Passage(at, end, p.label, p.kind, p.wish, clauses, tuple(candidates.find(text, at, end))))
        at = end + 1
    return Example(passages.slots(text, found), tagger.grams(text), np.concatenate([p.allowed for p in parts]))


# -- where the facts stand ---------------------------------------------------------------------------------------------

_FIELDS = {
    "education_min": (Sort.LEVEL, Tag.LEVEL),
    "experience_min_years": (Sort.YEARS, Tag.YEARS),
    "age_min": (Sort.AGE, Tag.AGE_MIN),
    "age_max": (Sort.AGE, Tag.AGE_MAX),
    "gender": (Sort.SEX, Tag.SEX),
}
_AGED = regex.compile("[岁龄]")
_TAUGHT = regex.compile("专业|学历|[本专]科|大专|中专|中职|技校|硕士|博士|学系|毕业|科班")


def parts_of(doc: Told) -> list[Part]:
    """The passages of a document, with the tags that its annotation says are right."""
    text = doc.segmented.corrected.revision.text
    out: list[Part] = []
    for role, blocks in enumerate(doc.segmented.roles):
        here = list(passages.of_role(text, blocks.blocks))
        facts = [(f["field"], f["value"]) for f in doc.facts if f["role"] == role]
        skills = None if doc.skills is None else doc.skills.get(role, [])
        out += _parts(text, here, _allowed(text, here, facts, skills)) if here else []
    return out


def _parts(text: str, found: Sequence[Passage], allowed: NDArray[np.bool_]) -> list[Part]:
    ends = np.cumsum([p.end - p.start + 1 for p in found])
    rows = np.split(allowed, ends[:-1])
    return [Part(text[p.start : p.end], p.label, p.kind, p.wish, r) for p, r in zip(found, rows, strict=True)]


def _allowed(
    text: str, found: Sequence[Passage], facts: Sequence[tuple[str, str]], skills: Sequence[tuple[str, ...]] | None
) -> NDArray[np.bool_]:
    starts = np.concatenate([[0], np.cumsum([p.end - p.start + 1 for p in found])]).astype(int)
    out = np.zeros((starts[-1], len(Tag)), bool)
    out[:, Tag.NONE] = True
    if skills is None:
        out[:, [Tag.SKILL, Tag.SKILL_ON]] = True
    for field, (sort, tag) in _FIELDS.items():
        values = {v for f, v in facts if f == field}
        _mark_candidates(text, found, starts, out, values, sort, tag)
    subjects = [(v,) for f, v in facts if f == "major"]
    _mark_names(text, found, starts, out, subjects, Tag.MAJOR, _TAUGHT)
    _mark_names(text, found, starts, out, skills or [], Tag.SKILL, None)
    return out


def _mark_candidates(
    text: str,
    found: Sequence[Passage],
    starts: NDArray[np.int_],
    out: NDArray[np.bool_],
    values: set[str],
    sort: Sort,
    tag: Tag,
) -> None:
    places: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for p, at in zip(found, starts, strict=False):
        for c in p.candidates:
            if c.sort == sort and _name(c) in values:
                worth = 2 * (sort != Sort.AGE or _AGED.search(text, p.start, p.end) is not None) + (
                    not _wished(p, c.start)
                )
                places[_name(c)].append((worth, at + c.start - p.start, at + c.end - p.start))
    for here in places.values():
        best = max(worth for worth, *_ in here)
        for worth, a, b in here:
            out[a:b, tag] = True
            if worth == best:
                out[a:b, [Tag.NONE, Tag.SKILL, Tag.SKILL_ON]] = False


def _name(c: Candidate) -> str:
    return f"{c.value:g}" if isinstance(c.value, float) else str(c.value)


def _wished(p: Passage, at: int) -> bool:
    return any(c.preferred for c in p.clauses if c.start <= at < c.start + len(c.text))


def _mark_names(
    text: str,
    found: Sequence[Passage],
    starts: NDArray[np.int_],
    out: NDArray[np.bool_],
    names: Iterable[tuple[str, ...]],
    tag: Tag,
    context: regex.Pattern[str] | None,
) -> None:
    """Mark where names stand: each in the passage that has the most of them, the first free place in it."""
    folded = [text[p.start : p.end].lower() for p in found]
    forms = sorted(names, key=lambda f: -len(f[0]))
    worth = [
        sum(any(f.lower() in s for f in fs) for fs in forms) + 100 * (context is None or context.search(s) is not None)
        for s in folded
    ]
    taken = np.zeros(len(out), bool)
    for fs in forms:
        for form in (f.lower() for f in fs):
            places = [
                (-worth[i], starts[i] + m.start(), starts[i] + m.end())
                for i, s in enumerate(folded)
                for m in regex.finditer(_whole(form), s)
                if not taken[starts[i] + m.start() : starts[i] + m.end()].any()
            ]
            if places:
                _, a, b = min(places)
                for _, x, y in places:
                    out[x, tag] = out[x + 1 : y, tag + 1] = True
                out[a:b] = False
                out[a, tag] = out[a + 1 : b, tag + 1] = True
                taken[a:b] = True
                break


def _whole(form: str) -> str:
    """A pattern for a name that is no part of a longer Latin word."""
    before = r"(?<![a-z])" if form[0].isascii() and form[0].isalpha() else ""
    behind = r"(?![a-z])" if form[-1].isascii() and form[-1].isalpha() else ""
    return before + regex.escape(form) + behind


# -- variations --------------------------------------------------------------------------------------------------------


class Lists(NamedTuple):
    """Names that can stand for one another."""

    majors: Sequence[str]
    skills: Sequence[str]


_NUMERALS = dict(zip("123456789", "一两三四五六七八九", strict=True))
_SMALL = regex.compile(r"(?<![\d.\-—~～至到])[1-9](?=\s?(?:年|个月))")
_BOUND = regex.compile("(?:及|或|含)?(?:以[下上内]|之内)")
_BOUNDS = {
    "下": ["以下", "以内", "及以下", "或以下", "之内"],
    "内": ["以下", "以内", "之内"],
    "上": ["以上", "及以上", "或以上", "含以上", "起"],
}
_LEVELS = [w for w in LEVELS if w not in ("大学", "硕博", "MBA", "中等专业", "研究生")]


def varied(parts: Sequence[Part], lists: Lists, rng: random.Random) -> list[Part]:
    """A document with other subjects, skills, levels, numerals and sexes in the places of its own."""
    out = []
    for p in parts:
        if rng.random() < 0.04:
            continue
        changes = [
            *_renamed(p, Tag.MAJOR, lists.majors, rng),
            *_renamed(p, Tag.SKILL, lists.skills, rng),
            *_reworded(p, rng),
        ]
        out.append(_flipped(_changed(p, changes), rng))
    return out or list(parts)


_LIMIT = regex.compile(r"(?P<age>\d\d)\s*周?岁(?:及|或|含)?(?P<bound>以下|以上|以内)")


def _flipped(p: Part, rng: random.Random) -> Part:
    """With some upper bounds of age made lower ones, and the reverse: "45岁以下" "20岁以上"."""
    text, allowed = p.text, p.allowed
    for m in _LIMIT.finditer(p.text):
        a, b = m.span("age")
        if allowed[a, [Tag.AGE_MIN, Tag.AGE_MAX]].sum() == 1 and allowed[a].sum() == 1 and rng.random() < 0.35:
            allowed = allowed.copy()
            allowed[a:b, [Tag.AGE_MIN, Tag.AGE_MAX]] = allowed[a:b, [Tag.AGE_MAX, Tag.AGE_MIN]]
            turned = "以下" if m["bound"] == "以上" else "以上"
            text = text[: m.start("bound")] + turned + text[m.end("bound") :]
    return p._replace(text=text, allowed=allowed)


Change = tuple[int, int, str]


def _renamed(p: Part, tag: Tag, names: Sequence[str], rng: random.Random) -> Iterable[Change]:
    if not names:
        return
    begins = np.flatnonzero(p.allowed[:, tag] & (p.allowed.sum(1) == 1))
    for at in begins.tolist():
        end = at + 1
        while end < len(p.text) and p.allowed[end, tag + 1] and p.allowed[end].sum() == 1:
            end += 1
        if rng.random() < 0.4:
            yield at, end, rng.choice(names)


def _reworded(p: Part, rng: random.Random) -> Iterable[Change]:
    for m in _SMALL.finditer(p.text):
        if rng.random() < 0.3:
            yield m.start(), m.end(), _NUMERALS[m[0]]
    for c in candidates.find(p.text, 0, len(p.text)):
        if c.sort == Sort.LEVEL and p.text[c.start : c.end] in _LEVELS and rng.random() < 0.3:
            yield c.start, c.end, rng.choice(_LEVELS)
        elif c.sort == Sort.SEX and c.end - c.start == 1 and rng.random() < 0.5:
            yield c.start, c.end, rng.choice("男女")
    for m in _BOUND.finditer(p.text):
        if rng.random() < 0.3:
            yield m.start(), m.end(), rng.choice(_BOUNDS[m[0][-1]])
    for m in regex.finditer("[，；、]", p.text):
        if rng.random() < 0.05:
            yield m.start(), m.end(), rng.choice("，；、, 。")


def _changed(p: Part, changes: Iterable[Change]) -> Part:
    text, rows, at = [], [], 0
    for start, end, new in sorted(changes):
        if start < at:
            continue
        text += [p.text[at:start], new]
        row = p.allowed[start : start + 1]
        later = p.allowed[start + 1 : start + 2] if end - start > 1 else _going_on(row)
        rows += [p.allowed[at:start], row, *[later] * (len(new) - 1)]
        at = end
    return p._replace(text="".join([*text, p.text[at:]]), allowed=np.concatenate([*rows, p.allowed[at:]]))


def _going_on(row: NDArray[np.bool_]) -> NDArray[np.bool_]:
    out = row.copy()
    for tag in (Tag.MAJOR, Tag.SKILL):
        if row[0, tag] and not row[0, Tag.NONE]:
            out[0, tag], out[0, tag + 1] = False, True
    return out


# -- the network -------------------------------------------------------------------------------------------------------


class Network(nn.Module):
    """The layers of `pipeline/classify/facts/tagger.py`."""

    def __init__(self) -> None:
        super().__init__()
        self.slots = nn.EmbeddingBag(sum(passages.SIZES), WIDTH, mode="sum")
        self.grams = nn.EmbeddingBag(1 << tagger.BITS, WIDTH, mode="sum")
        for e in (self.slots, self.grams):
            nn.init.normal_(e.weight, std=0.05)
        self.bias = nn.Parameter(torch.zeros(WIDTH))
        self.convs = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in tagger.DILATIONS)
        self.out = nn.Linear(WIDTH, len(Tag))
        self.register_buffer("bases", torch.from_numpy(np.concatenate([[0], np.cumsum(passages.SIZES)[:-1]])))

    def forward(self, slots: Tensor, grams: Tensor, keep_slots: Tensor, keep_grams: Tensor) -> Tensor:
        """Scores of the characters of windows of one length, in rows one after the other: (windows, length, tags)."""
        n, length, _ = slots.shape
        h = self.slots((slots + self.bases).flatten(0, 1), per_sample_weights=keep_slots.flatten(0, 1))
        h = h + self.grams(grams.flatten(0, 1), per_sample_weights=keep_grams.flatten(0, 1)) + self.bias
        h = nn.functional.dropout(torch.clamp(h, 0, tagger.MOST), 0.1, self.training).view(n, length, -1)
        for conv, step in zip(self.convs, tagger.DILATIONS, strict=True):
            pad = h.new_zeros(n, step, h.shape[2])
            before, behind = torch.cat([pad, h[:, :-step]], 1), torch.cat([h[:, step:], pad], 1)
            new = torch.clamp(conv(torch.cat([before, h, behind], 2)), 0, tagger.MOST)
            h = torch.clamp(h + nn.functional.dropout(new, 0.1, self.training), max=tagger.MOST)
        out: Tensor = self.out(h)
        return out


WINDOW, BATCH = 192, 8
"""Characters that are trained on in a row, and rows that are trained on together."""


def fit(epoch: Callable[[random.Random], Sequence[Example]], epochs: int, seed: int) -> Network:
    """The network trained on what `epoch` gives for each epoch."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = Network()
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=0.02)
    net.train()
    for n in range(epochs):
        batches = list(_batches(epoch(rng), rng))
        for i, (slots, grams, allowed) in enumerate(batches):
            done = (n + i / len(batches)) / epochs
            optimiser.param_groups[0]["lr"] = 5e-3 * min(1.0, done / 0.1, (1 - done) / 0.7 + 0.01)
            optimiser.zero_grad()
            chance = torch.log_softmax(net(slots, grams, *_kept(slots, grams)), -1)
            chance = chance.masked_fill(~allowed, -torch.inf).logsumexp(-1)
            real = allowed.any(-1)
            loss = -chance.masked_fill(~real, 0).sum() / real.sum()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            with torch.no_grad():
                for layer in (*net.convs, net.out):
                    layer.weight.clamp_(-0.99, 0.99)
    return net.eval()


def _kept(slots: Tensor, grams: Tensor) -> tuple[Tensor, Tensor]:
    """What is left out at random: n-grams; and for a whole window, of what kind the block is, since that may be wrong."""
    slots_kept = torch.ones(slots.shape)
    slots_kept[:, :, 1] = (torch.rand(len(slots), 1) > 0.2).float()
    return slots_kept, (torch.rand(grams.shape) > 0.15).float() / 0.85


def _batches(examples: Sequence[Example], rng: random.Random) -> Iterable[tuple[Tensor, Tensor, Tensor]]:
    windows = []
    for e in examples:
        shift = rng.randrange(WINDOW)
        for a in range(-shift, len(e.slots), WINDOW):
            windows.append((e, max(0, a), min(len(e.slots), a + WINDOW)))
    rng.shuffle(windows)
    for i in range(0, len(windows), BATCH):
        part = windows[i : i + BATCH]
        n = max(b - a for _, a, b in part)
        slots = np.zeros((len(part), n, len(passages.SIZES)), np.int64)
        grams = np.zeros((len(part), n, tagger.GRAMS), np.int64)
        allowed = np.zeros((len(part), n, len(Tag)), bool)
        for k, (e, a, b) in enumerate(part):
            slots[k, : b - a], grams[k, : b - a], allowed[k, : b - a] = e.slots[a:b], e.grams[a:b], e.allowed[a:b]
        yield torch.from_numpy(slots), torch.from_numpy(grams), torch.from_numpy(allowed)


def save(net: Network, path: Path) -> None:
    """The weights on the grids that `tagger.py` reads."""

    def scaled(weight: Tensor, grid: float, most: int) -> NDArray[np.int16]:
        return np.clip(np.rint(weight.detach().numpy() * grid), -most, most).astype(np.int16)

    arrays = {
        "slots": scaled(net.slots.weight, tagger.EMBEDDING_GRID, 127).astype(np.int8),
        "grams": scaled(net.grams.weight, tagger.EMBEDDING_GRID, 127).astype(np.int8),
        "bias": scaled(net.bias, tagger.WEIGHT_GRID, 32767),
        "out": scaled(net.out.weight.T, tagger.WEIGHT_GRID, 127).astype(np.int8),
        "out_bias": scaled(net.out.bias, tagger.WEIGHT_GRID, 32767),
    }
    for i, conv in enumerate(net.convs):
        taps = torch.cat(
            list(conv.weight.T.split(WIDTH)), dim=1
        )  # what a character gives to the one behind, itself, before
        arrays[f"conv{i}"] = scaled(taps, tagger.WEIGHT_GRID, 127).astype(np.int8)
        arrays[f"conv{i}_bias"] = scaled(conv.bias, tagger.WEIGHT_GRID, 32767)
    np.savez_compressed(path, **arrays)
