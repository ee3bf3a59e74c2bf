"""A large model of facts, which teaches the small one that ships (Hinton et al., 2015).

It reads with the character network of the corrections, which has seen 29 million characters of postings and laws and so knows
where a word ends and what is like what, and goes on training that network; the small one could not afford it: a million products a
character. What the large one makes of postings that nobody annotated the small one learns beside the annotations.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pipeline.classify.facts import passages, tagger
from pipeline.classify.facts.tagger import Tag
from pipeline.correct.language import context
from pipeline.correct.language.ngrams import encode, load
from pipeline.train import characters, stated
from pipeline.train.stated import Example, Part

WIDTH = 64
EPOCHS, BATCH, WINDOW = 6, 16, 192
RATE, FINE_RATE = 2e-3, 3e-4
"""The highest rates of learning, of the new layers and of the character network."""

_SHORTEST = 16


class Lesson(NamedTuple):
    """A document's passages as the small model sees them, and the numbers of their characters for the large one."""

    example: Example
    codes: NDArray[np.int64]


def lesson(parts: Sequence[Part]) -> Lesson:
    """Passages, in the order of their document, as both models see them."""
    text = "".join(p.text + "\n" for p in parts)
    codes = context.known(encode(load().ids, text), len(context.load().met))
    return Lesson(stated.example(parts), codes.astype(np.int64))


class Teacher(nn.Module):
    """The character network from both sides, beside the slots and n-grams of the small model, and dilated convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.chars = packaged()
        for name, weight in self.chars.named_parameters():
            weight.requires_grad = not name.startswith(("joined", "last", "said"))
        self.slots = nn.EmbeddingBag(sum(passages.SIZES), WIDTH, mode="sum")
        self.grams = nn.EmbeddingBag(1 << tagger.BITS, WIDTH, mode="sum")
        for e in (self.slots, self.grams):
            nn.init.normal_(e.weight, std=0.05)
        self.read = nn.Linear(3 * characters.SIZE, WIDTH)
        self.convs = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in tagger.DILATIONS)
        self.out = nn.Linear(WIDTH, len(Tag))
        self.register_buffer("bases", torch.from_numpy(np.concatenate([[0], np.cumsum(passages.SIZES)[:-1]])))

    def forward(self, codes: Tensor, slots: Tensor, grams: Tensor, keep_slots: Tensor, keep_grams: Tensor) -> Tensor:
        """Scores of the characters of windows of one length: (windows, length, tags)."""
        n, length, _ = slots.shape
        met = self.chars.met[codes]
        both = [self.chars.left(met, False), self.chars.right(met.flip(1), False).flip(1), met]
        h = self.read(nn.functional.dropout(torch.cat(both, -1), 0.2, self.training)).flatten(0, 1)
        h = h + self.slots((slots + self.bases).flatten(0, 1), per_sample_weights=keep_slots.flatten(0, 1))
        h = h + self.grams(grams.flatten(0, 1), per_sample_weights=keep_grams.flatten(0, 1))
        h = nn.functional.dropout(torch.relu(h), 0.15, self.training).view(n, length, -1)
        for conv, step in zip(self.convs, tagger.DILATIONS, strict=True):
            pad = h.new_zeros(n, step, h.shape[2])
            before, behind = torch.cat([pad, h[:, :-step]], 1), torch.cat([h[:, step:], pad], 1)
            new = torch.relu(conv(torch.cat([before, h, behind], 2)))
            h = h + nn.functional.dropout(new, 0.15, self.training)
        out: Tensor = self.out(h)
        return out


def packaged() -> characters.Network:
    """The character network of the corrections, for training."""
    with as_file(files(context.__package__).joinpath("context.npz")) as path, np.load(path) as arrays:
        net = characters.Network(arrays["met"].shape[0])
        with torch.no_grad():
            for name, weight in net.named_parameters():
                side, _, layer = name.partition(".")
                kind, _, number = layer.partition(".")
                whole = torch.from_numpy(arrays[f"{side}.{kind}{number}" if layer else name].astype(np.float32))
                weight.copy_(_unscaled(name, whole))
    return net


def _unscaled(name: str, whole: Tensor) -> Tensor:
    """A weight as it is trained, of one in whole steps (`characters.arrays_of`)."""
    if name == "said_bias":
        return whole / context.STEPS**2
    if "bias" in name:
        return whole / (context.STEPS * context.FINER)
    if name == "met":
        return whole / context.STEPS
    return whole.T / (context.STEPS if name == "said" else context.FINER)


def fit(epoch: Callable[[random.Random], Sequence[Sequence[Part]]], seed: int, epochs: int = EPOCHS) -> Teacher:
    """The large model trained on the documents that `epoch` gives for each epoch."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = Teacher()
    base = [w for name, w in net.named_parameters() if name.startswith("chars.") and w.requires_grad]
    new = [w for name, w in net.named_parameters() if not name.startswith("chars.")]
    rates = (RATE, FINE_RATE)
    optimiser = torch.optim.AdamW([{"params": new}, {"params": base}], weight_decay=0.02)
    for n in range(epochs):
        batches = list(_batches([lesson(parts) for parts in epoch(rng)], rng))
        for i, (codes, slots, grams, allowed) in enumerate(batches):
            done = (n + i / len(batches)) / epochs
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * min(1.0, done / 0.05, (1 - done) / 0.8 + 0.01)
            optimiser.zero_grad()
            chance = torch.log_softmax(net(codes, slots, grams, *kept(slots, grams)), -1)
            loss = unlike(chance, allowed) / allowed.any(-1).sum()
            loss.backward()
            nn.utils.clip_grad_norm_([*new, *base], 1.0)
            optimiser.step()
    return net.eval()


def said(net: Teacher, lessons: Iterable[Lesson]) -> Iterator[NDArray[np.float16]]:
    """The chances of all tags that the large model gives each character of a document."""
    for e, codes in lessons:
        more = max(0, _SHORTEST - len(codes))
        rows = (
            np.pad(codes, (0, more), constant_values=context.BREAK),
            *(np.pad(x, ((0, more), (0, 0))) for x in e[:2]),
        )
        c, slots, grams = (torch.from_numpy(x)[None] for x in rows)
        with torch.no_grad():
            scores = net(c, slots, grams, torch.ones(slots.shape), torch.ones(grams.shape))[0, : len(codes)]
        yield torch.softmax(scores, -1).numpy().astype(np.float16)


def unlike(chance: Tensor, allowed: Tensor) -> Tensor:
    """The sum over all characters of how unlikely the tags are that would be right; `chance` are logarithms."""
    right = chance.masked_fill(~allowed, -torch.inf).logsumexp(-1)
    return -right.masked_fill(~allowed.any(-1), 0).sum()


def kept(slots: Tensor, grams: Tensor) -> tuple[Tensor, Tensor]:
    """What is left out at random: n-grams; and for a whole window, of what kind the block is, since that may be wrong."""
    slots_kept = torch.ones(slots.shape)
    slots_kept[:, :, 1] = (torch.rand(len(slots), 1) > 0.2).float()
    return slots_kept, (torch.rand(grams.shape) > 0.15).float() / 0.85


def windows(lengths: Sequence[int], rng: random.Random, batch: int) -> Iterator[list[tuple[int, int, int]]]:
    """Documents of these lengths cut into windows, in batches by chance: number of the document, begin and end. The first window
    of a document begins at any place of one."""
    cuts = [
        (k, max(0, a), min(length, a + WINDOW))
        for k, length in enumerate(lengths)
        for a in range(-rng.randrange(WINDOW), length, WINDOW)
    ]
    rng.shuffle(cuts)
    for i in range(0, len(cuts), batch):
        yield cuts[i : i + batch]


def stacked(rows: Sequence[NDArray[Any]], fill: int = 0) -> Tensor:
    """Windows of different lengths in one array, filled up behind."""
    n = max(_SHORTEST, *map(len, rows))
    out = np.full((len(rows), n, *rows[0].shape[1:]), fill, rows[0].dtype)
    for row, filled in zip(rows, out, strict=True):
        filled[: len(row)] = row
    return torch.from_numpy(out)


def _batches(lessons: Sequence[Lesson], rng: random.Random) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
    for cuts in windows([len(x.codes) for x in lessons], rng, BATCH):
        examples = [(lessons[k].example, a, b) for k, a, b in cuts]
        yield (
            stacked([lessons[k].codes[a:b] for k, a, b in cuts], context.BREAK),
            stacked([e.slots[a:b] for e, a, b in examples]),
            stacked([e.grams[a:b] for e, a, b in examples]),
            stacked([e.allowed[a:b] for e, a, b in examples]),
        )
