"""Train the model that finds the title within a role heading."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from pipeline.segment import characters, tags, titles
from pipeline.segment.characters import Reader
from pipeline.train.annotated import Annotated
from pipeline.train.compose import words
from pipeline.train.quantise import bytes8, words16

WIDTH = 48
GAP = 4
DROPPED = 0.4
"""Share of the n-grams that are left out, so that a title need not be known by its words."""

Heading = tuple[str, tuple[int, int]]
"""A heading and the span of the title in it."""


def headings(doc: Annotated) -> Iterator[Heading]:
    """The role headings of a document whose right title stands in them."""
    for i, names in doc.titles:
        j = i + 1
        while j < len(doc.pieces) and doc.allowed[j, tags.CONTINUATION]:
            j += 1
        text = doc.text[doc.pieces[i].start : doc.pieces[j - 1].end][: titles.LONGEST]
        span = next((s for name in names if (s := _find(text, name))), None)
        if span:
            yield text, span


def _find(text: str, name: str) -> tuple[int, int] | None:
    """Where a title stands in a heading, blanks and width left out of account."""
    kept = [(i, _fold(c)) for i, c in enumerate(text) if not c.isspace()]
    whole = "".join(c for _, c in kept)
    at = whole.find("".join(_fold(c) for c in name if not c.isspace()))
    if at < 0 or len(whole) != len(kept):
        return None
    size = len([c for c in name if not c.isspace()])
    return kept[at][0], kept[at + size - 1][0] + 1


def _fold(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char).lower()
    return folded if len(folded) == 1 else char


def composed(names: Sequence[str], count: int, seed: int) -> Iterator[Heading]:
    """Headings put together from titles and from what stands around them."""
    rng = random.Random(seed)
    for _ in range(count):
        before, after, name = (
            rng.choice(("", *words("before title"))),
            rng.choice(("", *words("after title"))),
            rng.choice(names),
        )
        if rng.random() < 0.08:
            name = rng.choice(words("latin")) + rng.choice(["", " "]) + name
        if rng.random() < 0.15:
            name += rng.choice(words("aside"))
        if rng.random() < 0.25:
            unit = rng.choice(words("place")) + rng.choice(words("unit"))
            before += unit + rng.choice([rng.choice(words("verb")), *" \n\t-｜'"])
        if rng.random() < 0.2:
            after = rng.choice(["", " "]) + rng.choice(words("count")) + after
        elif rng.random() < 0.06:
            after = (
                rng.choice(words("place"))
                + rng.choice(words("unit"))
                + str(rng.randrange(1, 9))
                + rng.choice(words("more after title"))
            )
        elif rng.random() < 0.15:
            after = rng.choice(words("more after title"))
        for opening, closing in ("【】", "「」", "〖〗"):
            if before == opening and not after.startswith(closing):
                after = closing + after
        yield before + name + after, (len(before), len(before) + len(name))


class Network(nn.Module):
    """The layers of `pipeline/segment/titles.py`."""

    def __init__(self) -> None:
        super().__init__()
        total = sum(titles.SLOTS)
        self.slots = nn.Embedding(total + 1, WIDTH, padding_idx=total)
        self.grams = nn.Embedding((1 << titles.BITS) + 1, WIDTH, padding_idx=1 << titles.BITS)
        for e in (self.slots, self.grams):
            nn.init.normal_(e.weight, std=0.05)
        self.read = nn.Linear(2 * characters.SIZE, WIDTH, bias=False)
        self.bias = nn.Parameter(torch.zeros(WIDTH))
        self.convs = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in titles.DILATIONS)
        self.out = nn.Linear(WIDTH, titles.SCORES)
        self.drop = nn.Dropout(0.2)

    def forward(self, batch: _Batch) -> Tensor:
        real = batch.real
        g = self.grams(batch.grams)
        if self.training:
            g = g * (torch.rand(g.shape[:2]) > DROPPED).float()[..., None]
        said = self.read(self.drop(batch.said.float() / characters.STEPS))
        h = torch.relu(self.slots(batch.slots).sum(1) + g.sum(1) + said + self.bias) * real[:, None]
        for conv, d in zip(self.convs, titles.DILATIONS, strict=True):
            x = self.drop(h)
            zeros = torch.zeros(d, WIDTH)
            around = torch.cat([torch.cat([zeros, x[:-d]]), x, torch.cat([x[d:], zeros])], 1)
            h = (h + torch.relu(conv(around))) * real[:, None]
        return self.out(h)


class _Batch(NamedTuple):
    """Headings one after the other with gaps between them."""

    slots: Tensor
    grams: Tensor
    said: Tensor
    """What is read of each character, in steps."""
    real: Tensor
    starts: Tensor
    """Where each heading begins."""
    sizes: Tensor
    spans: Tensor
    """Where its title begins and where it ends, from its own start on; the end is its last character."""


def _batch(rows: Sequence[Heading], reader: Reader) -> _Batch:
    total = sum(titles.SLOTS)
    base = np.concatenate([[0], np.cumsum(titles.SLOTS)[:-1]])
    slots, grams, said, real, starts, at = [], [], [], [], [], 0
    for text, _ in rows:
        s, g = titles.features([text])
        slots += [s + base, np.full((GAP, s.shape[1]), total)]
        grams += [g, np.full((GAP, g.shape[1]), 1 << titles.BITS)]
        said += [titles.characters_of(reader, text), np.zeros((GAP, 2 * characters.SIZE), np.int8)]
        real += [np.ones(len(text)), np.zeros(GAP)]
        starts.append(at)
        at += len(text) + GAP
    return _Batch(
        torch.from_numpy(np.concatenate(slots)),
        torch.from_numpy(np.concatenate(grams)),
        torch.from_numpy(np.concatenate(said)),
        torch.from_numpy(np.concatenate(real)).float(),
        torch.tensor(starts),
        torch.tensor([len(text) for text, _ in rows]),
        torch.tensor([(a, b - 1) for _, (a, b) in rows]),
    )


def _loss(out: Tensor, batch: _Batch) -> Tensor:
    """How unlikely the right spans are among all spans of their headings."""
    most = int(batch.sizes.max())
    places = torch.arange(most)
    there = places < batch.sizes[:, None]
    inside, first, last = out[(batch.starts[:, None] + places) * there].unbind(-1)
    sums = torch.cumsum(inside * there, 1)
    score = (sums + last)[:, None, :] - (sums - inside - first)[:, :, None]
    allowed = (there[:, None, :] & there[:, :, None]) & (places[:, None] <= places)
    score = score.masked_fill(~allowed, -1e9).flatten(1)
    right = batch.spans[:, 0] * most + batch.spans[:, 1]
    return nn.functional.cross_entropy(score, right)


def fit(rows: Sequence[Heading], reader: Reader, epochs: int, seed: int) -> Network:
    """The network trained on headings, whose characters `reader` reads; those of a batch are about as long as each other."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = Network()
    ordered = sorted(rows, key=lambda row: len(row[0]))
    batches = [_batch(ordered[i : i + 64], reader) for i in range(0, len(ordered), 64)]
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 5e-3, total_steps=epochs * len(batches))
    net.train()
    for _ in range(epochs):
        rng.shuffle(batches)
        for batch in batches:
            optimiser.zero_grad()
            _loss(net(batch), batch).backward()
            optimiser.step()
            schedule.step()
    return net.eval()


def save(net: Network, path: Path) -> None:
    """The weights on the grid that `titles.py` reads."""
    arrays = {"slots": bytes8(net.slots.weight[:-1]), "grams": bytes8(net.grams.weight[:-1]), "bias": words16(net.bias)}
    arrays |= {"read": words16(net.read.weight.T)}
    for i, conv in enumerate(net.convs):
        arrays |= {f"conv{i}": words16(conv.weight.T), f"conv{i}_bias": words16(conv.bias)}
    arrays |= {"out": words16(net.out.weight.T), "out_bias": words16(net.out.bias)}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
