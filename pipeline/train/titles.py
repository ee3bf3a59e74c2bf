"""Train the model that finds the title within a role heading."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from pipeline.segment import tags, titles
from pipeline.train.annotated import Annotated
from pipeline.train.compose import words
from pipeline.train.quantise import bytes8, words16

WIDTH = 32
GAP = 4

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
            before += unit + rng.choice(["", " ", "\n", "\t", "-", "｜", "'"]) + rng.choice(("", *words("verb")))
        if rng.random() < 0.2:
            after = rng.choice(["", " "]) + rng.choice(words("count")) + after
        elif rng.random() < 0.12:
            after = (
                rng.choice(words("place"))
                + rng.choice(words("unit"))
                + str(rng.randrange(1, 9))
                + rng.choice(words("more after title"))
            )
        elif rng.random() < 0.15:
            after = rng.choice(words("more after title"))
        if before == "【" and not after.startswith("】"):
            after = "】" + after
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
        self.bias = nn.Parameter(torch.zeros(WIDTH))
        self.convs = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in titles.DILATIONS)
        self.out = nn.Linear(WIDTH, 1)
        self.drop = nn.Dropout(0.2)

    def forward(self, slots: Tensor, grams: Tensor, real: Tensor) -> Tensor:
        g = self.grams(grams)
        if self.training:
            g = g * (torch.rand(g.shape[:2]) > 0.2).float()[..., None]
        h = torch.relu(self.slots(slots).sum(1) + g.sum(1) + self.bias) * real[:, None]
        for conv, d in zip(self.convs, titles.DILATIONS, strict=True):
            x = self.drop(h)
            zeros = torch.zeros(d, WIDTH)
            around = torch.cat([torch.cat([zeros, x[:-d]]), x, torch.cat([x[d:], zeros])], 1)
            h = (h + torch.relu(conv(around))) * real[:, None]
        return self.out(h)[:, 0]


def _batch(rows: Sequence[Heading]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    total = sum(titles.SLOTS)
    base = np.concatenate([[0], np.cumsum(titles.SLOTS)[:-1]])
    slots, grams, real, right = [], [], [], []
    for text, (a, b) in rows:
        s, g = titles.features(text)
        slots += [s + base, np.full((GAP, s.shape[1]), total)]
        grams += [g, np.full((GAP, g.shape[1]), 1 << titles.BITS)]
        real += [np.ones(len(text)), np.zeros(GAP)]
        right += [np.array([float(a <= i < b) for i in range(len(text))]), np.zeros(GAP)]
    return (
        torch.from_numpy(np.concatenate(slots)),
        torch.from_numpy(np.concatenate(grams)),
        torch.from_numpy(np.concatenate(real)).float(),
        torch.from_numpy(np.concatenate(right)).float(),
    )


def fit(rows: Sequence[Heading], epochs: int, seed: int) -> Network:
    """The network trained on headings."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = Network()
    chunks = [rows[i : i + 64] for i in range(0, len(rows), 64)]
    batches = [_batch(chunk) for chunk in chunks]
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 5e-3, total_steps=epochs * len(batches))
    net.train()
    for _ in range(epochs):
        rng.shuffle(batches)
        for slots, grams, real, right in batches:
            optimiser.zero_grad()
            out = net(slots, grams, real)
            loss = nn.functional.binary_cross_entropy_with_logits(out[real > 0], right[real > 0])
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


def save(net: Network, path: Path) -> None:
    """The weights on the grid that `titles.py` reads."""
    arrays = {"slots": bytes8(net.slots.weight[:-1]), "grams": bytes8(net.grams.weight[:-1]), "bias": words16(net.bias)}
    for i, conv in enumerate(net.convs):
        arrays |= {f"conv{i}": words16(conv.weight.T), f"conv{i}_bias": words16(conv.bias)}
    arrays |= {"out": words16(net.out.weight.T), "out_bias": words16(net.out.bias)}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
