"""Train the model that finds facts in passages.

    python -m pipeline.train.facts FOLDER... --corpus FILE [--apart FILE ...] [--seed N] [--out FILE]

The folders hold annotated documents; `skills.tsv` in one lists the skills that their roles ask for.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pipeline import annotation
from pipeline.classify.facts import passages, tagger
from pipeline.classify.facts.tagger import Tag
from pipeline.train import divided, gold, names, postings, stated, teacher
from pipeline.train.stated import Example
from pipeline.train.vary import Lists, varied

WIDTH = 64


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


EPOCHS, BATCH, RATE = 9, 8, 4e-3
"""Times that the annotated documents are seen, windows that are trained on together, and the highest rate of learning."""

UNREAD = 5000
"""Postings that the large model reads for the small one."""

PLAIN, TAUGHT = 3, 2
"""In each epoch one annotated document in so many is seen as it is, too, and one in so many of those that the large model read."""


class Read(NamedTuple):
    """A document of an epoch: annotated, or with the chances that the large model gives each tag."""

    example: Example
    chances: NDArray[np.float16] | None = None


def fit(epoch: Callable[[random.Random], Sequence[Read]], epochs: int, seed: int) -> Network:
    """The network trained on what `epoch` gives for each epoch."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = Network()
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.02)
    net.train()
    for n in range(epochs):
        batches = list(_batches(epoch(rng), rng))
        for i, (slots, grams, allowed, chances) in enumerate(batches):
            done = (n + i / len(batches)) / epochs
            optimiser.param_groups[0]["lr"] = RATE * min(1.0, (done + 0.01) / 0.1, (1 - done) / 0.8 + 0.01)
            optimiser.zero_grad()
            found = torch.log_softmax(net(slots, grams, *teacher.kept(slots, grams)), -1)
            loss = teacher.unlike(found, allowed) - (chances * found).sum()
            (loss / (allowed.any(-1).sum() + chances.sum())).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            with torch.no_grad():
                for layer in (*net.convs, net.out):
                    layer.weight.clamp_(-0.99, 0.99)
    return net.eval()


def _batches(documents: Sequence[Read], rng: random.Random) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
    for cuts in teacher.windows([len(d.example.slots) for d in documents], rng, BATCH):
        part = [(documents[k], a, b) for k, a, b in cuts]
        yield (
            teacher.stacked([d.example.slots[a:b] for d, a, b in part]),
            teacher.stacked([d.example.grams[a:b] for d, a, b in part]),
            teacher.stacked([d.example.allowed[a:b] & (d.chances is None) for d, a, b in part]),
            teacher.stacked([_chances(d, a, b) for d, a, b in part]),
        )


def _chances(d: Read, start: int, end: int) -> NDArray[np.float32]:
    """The chances that the large model gives the tags of some characters; none for an annotated document."""
    if d.chances is None:
        return np.zeros((end - start, len(Tag)), np.float32)
    return d.chances[start:end].astype(np.float32)


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


def documents(folders: Iterable[Path], corpus: Path) -> Iterator[list[stated.Part]]:
    """The passages of the annotated documents of folders and of a corpus, with the tags that are right."""
    found = [
        (document, listed.get(document.name))
        for folder in folders
        for listed in [gold.skills_of(folder)]
        for document in annotation.folder(folder)
    ]
    for document, skills in [*found, *postings.annotated(corpus)]:
        doc = gold.told(document, skills)
        roles = sum(bool(m.titles) for m in document.marks)
        if roles == len(doc.segmented.roles) and (parts := stated.parts_of(doc)):
            yield parts


def main() -> int:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description="Train the model that finds facts in passages.")
    parser.add_argument("folders", nargs="+", type=Path, help="annotated documents")
    parser.add_argument("--corpus", required=True, type=Path, help="postings, of which some are annotated")
    parser.add_argument(
        "--apart", nargs="*", default=[], type=Path, help="JSON lines with the ids of postings not to read"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(tagger.__file__).with_name("tagger.npz"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    docs = [*documents(arguments.folders, arguments.corpus), *divided.listed(arguments.corpus)]
    lists = Lists(names.named("subject"), names.named("skill"))
    large = teacher.fit(lambda rng: [varied(parts, lists, rng) for parts in docs], arguments.seed)
    apart = {json.loads(row)["id"] for path in arguments.apart for row in path.read_text("utf-8").splitlines()}
    lessons = [teacher.lesson(p) for p in divided.unread(arguments.corpus, UNREAD, apart, arguments.seed)]
    taught = [Read(x.example, chances) for x, chances in zip(lessons, teacher.said(large, lessons), strict=True)]
    plain = [Read(stated.example(parts)) for parts in docs]

    def epoch(rng: random.Random) -> list[Read]:
        """Every document varied, some of them as they are, and some that only the large model has read."""
        anew = [Read(stated.example(varied(parts, lists, rng))) for parts in docs]
        return anew + rng.sample(plain, len(plain) // PLAIN) + rng.sample(taught, len(taught) // TAUGHT)

    save(fit(epoch, EPOCHS, arguments.seed), arguments.out)
    print(f"{len(docs)} documents and {len(taught)} postings that nobody read: {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
