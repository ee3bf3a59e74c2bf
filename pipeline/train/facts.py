"""Train the model that finds facts in passages.

    python -m pipeline.train.facts FOLDER... [--corpus FILE] [--epochs N] [--seed N] [--out FILE]

The folders hold annotated documents; NAME.skills.tsv beside one lists the skills that each of its roles asks for.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pipeline import annotation
from pipeline.classify.facts import passages, tagger
from pipeline.classify.facts.tagger import Tag
from pipeline.train import gold, names, postings, stated
from pipeline.train.stated import Example
from pipeline.train.vary import Lists, varied

WIDTH = 32


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


def fit(
    epoch: Callable[[random.Random], Sequence[Example]], epochs: int, seed: int, start: Path | None = None
) -> Network:
    """The network trained on what `epoch` gives for each epoch; with `start` it goes on from the weights of a file."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = load(start) if start else Network()
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
        n = max(16, *(b - a for _, a, b in part))
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
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def load(path: Path) -> Network:
    """The network of a file of weights."""
    net = Network()
    with np.load(path) as data, torch.no_grad():
        arrays = {k: torch.from_numpy(data[k].astype(np.float32)) / tagger.WEIGHT_GRID for k in data.files}
        rescale = tagger.WEIGHT_GRID / tagger.EMBEDDING_GRID
        net.slots.weight.copy_(arrays["slots"] * rescale)
        net.grams.weight.copy_(arrays["grams"] * rescale)
        net.bias.copy_(arrays["bias"])
        net.out.weight.copy_(arrays["out"].T)
        net.out.bias.copy_(arrays["out_bias"])
        for i, conv in enumerate(net.convs):
            conv.weight.copy_(torch.cat(arrays[f"conv{i}"].split(WIDTH, dim=1)).T)
            conv.bias.copy_(arrays[f"conv{i}_bias"])
    return net


def documents(folders: Iterable[Path], corpus: Path | None) -> Iterator[list[stated.Part]]:
    """The passages of the annotated documents of folders and of a corpus, with the tags that are right."""
    found = [
        (document, gold.skills_of(folder / f"{document.name}.skills.tsv"))
        for folder in folders
        for document in annotation.folder(folder)
    ]
    for document, skills in [*found, *(postings.annotated(corpus) if corpus else ())]:
        doc = gold.told(document, skills)
        roles = sum(bool(m.titles) for m in document.marks)
        if roles == len(doc.segmented.roles) and (parts := stated.parts_of(doc)):
            yield parts


def main() -> int:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description="Train the model that finds facts in passages.")
    parser.add_argument("folders", nargs="+", type=Path, help="annotated documents")
    parser.add_argument("--corpus", type=Path, help="postings, of which some are annotated")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--out", type=Path, default=Path(tagger.__file__).with_name("tagger.npz"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    docs = list(documents(arguments.folders, arguments.corpus))
    plain = [stated.example(parts) for parts in docs]
    lists = Lists(names.named("subject"), names.named("skill"))

    def epoch(rng: random.Random) -> list[Example]:
        """Every document varied, and half of them as they are."""
        return [stated.example(varied(p, lists, rng)) for p in docs] + rng.sample(plain, len(plain) // 2)

    save(fit(epoch, arguments.epochs, arguments.seed, arguments.start), arguments.out)
    print(f"{len(docs)} documents, {sum(len(e.slots) for e in plain)} characters: {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
