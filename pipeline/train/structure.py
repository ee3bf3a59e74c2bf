"""Train the model of structure: hashed features, characters, a few dilated convolutions, pooling over what is alike, a CRF.

The layers are those of `pipeline/segment/network.py`, which runs them in numpy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pipeline.segment import attention, characters, network, tags
from pipeline.segment.describe import ROWS, SIZES, Description
from pipeline.segment.layers import GRID
from pipeline.segment.network import ATTEND_AFTER, DILATIONS, EMBEDDING_GRID, POOL_AFTER, Model
from pipeline.train import reading
from pipeline.train.annotated import Annotated
from pipeline.train.attention import Attention
from pipeline.train.batches import Batch, collate
from pipeline.train.quantise import bytes8, words16

WIDTH = 96
"""Size of the vector that stands for a piece."""

MEMORY = 0.99
"""The weights that training ends with are a moving mean of all steps: what is kept of it at each."""

OUTPUTS = tags.COUNT + 2
SLOWER = 0.3
"""Rate at which what reads the characters learns, being trained already, against that of the rest."""


class Network(nn.Module):
    """Emissions of the CRF for each piece, and the two questions beside it."""

    def __init__(self) -> None:
        super().__init__()
        total = sum(SIZES)
        self.slots = nn.Embedding(total + 1, WIDTH, padding_idx=total)
        self.table = nn.Embedding(ROWS + 1, WIDTH, padding_idx=ROWS)
        self.bag = nn.Embedding(ROWS + 1, WIDTH, padding_idx=ROWS)
        for e in (self.slots, self.table, self.bag):
            nn.init.normal_(e.weight, std=0.05)
            with torch.no_grad():
                e.weight[e.padding_idx] = 0
        self.bias = nn.Parameter(torch.zeros(WIDTH))
        self.convs = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in DILATIONS)
        self.pools = nn.ModuleList(nn.Linear(7 * WIDTH, WIDTH) for _ in POOL_AFTER)
        self.out = nn.Linear(WIDTH, OUTPUTS)
        self.transitions = nn.Parameter(torch.zeros(tags.COUNT, tags.COUNT))
        self.first = nn.Parameter(torch.zeros(tags.COUNT))
        self.drop = nn.Dropout(0.3)
        self.word_drop = 0.2
        self.characters = reading.pretrained()
        self.read = nn.Linear(characters.PARTS, WIDTH, bias=False)
        self.looks = nn.ModuleList(Attention(WIDTH) for _ in ATTEND_AFTER)
        self.reads = True
        """Whether the characters are read, and pieces look at all others."""

    def forward(self, b: Batch) -> Tensor:
        words = self.table(b.words)
        bag = nn.functional.embedding_bag(b.bag, self.bag.weight, b.bag_offsets, mode="sum") * b.scale[:, None]
        slots = self.slots(b.slots)
        if self.training:
            keep = (torch.rand(words.shape[:2]) > self.word_drop).float()[..., None]
            words = words * keep
            bag = bag * (torch.rand(len(bag), 1) > self.word_drop).float()
            slots = slots * (torch.rand(slots.shape[:2]) > 0.05).float()[..., None]
        h = slots.sum(1) + words.sum(1) + bag + self.bias
        if self.reads:
            h[b.real] += self.read(self.drop(self.characters(b.codes, b.starts, b.ends)))
        h = torch.relu(h) * b.real[:, None]
        pools, looks = iter(self.pools), iter(self.looks)
        documents = tuple(zip(b.offsets, b.lengths, strict=True))
        for i, (conv, d) in enumerate(zip(self.convs, DILATIONS, strict=True)):
            x = self.drop(h)
            zeros = torch.zeros(d, WIDTH)
            x3 = torch.cat([torch.cat([zeros, x[:-d]]), x, torch.cat([x[d:], zeros])], 1)
            h = (h + torch.relu(conv(x3))) * b.real[:, None]
            if i in POOL_AFTER:
                x = self.drop(h)
                parts = [x, *(self._mean(x, g) for g in b.groups), x[b.before], x[b.after]]
                h = (h + torch.relu(next(pools)(torch.cat(parts, 1)))) * b.real[:, None]
            if i in ATTEND_AFTER and self.reads:
                h = next(looks)(h, documents, self.drop) * b.real[:, None]
        return self.out(self.drop(h))

    @staticmethod
    def _mean(x: Tensor, group: Tensor) -> Tensor:
        size = int(group.max()) + 1
        total = torch.zeros(size, x.shape[1]).index_add(0, group, x)
        count = torch.zeros(size).index_add(0, group, torch.ones(len(group)))
        return (total / count[:, None])[group]


def path_score(net: Network, emissions: Tensor, mask: Tensor, allowed: Tensor) -> Tensor:
    """Log of the summed weight of all paths through the allowed tags; emissions B x L x T."""
    e = emissions.masked_fill(~allowed, -1e4)
    alpha = net.first + e[:, 0]
    for t in range(1, e.shape[1]):
        step = torch.logsumexp(alpha[:, :, None] + net.transitions, 1) + e[:, t]
        alpha = torch.where(mask[:, t, None], step, alpha)
    return torch.logsumexp(alpha, 1)


def loss_of(net: Network, docs: Sequence[Annotated], chained: bool) -> Tensor:
    """Minus the log probability of the right tags: of whole paths where `chained`, else of each piece by itself."""
    batch = collate([d.description for d in docs], net.characters.numbers)
    out = net(batch)
    longest = max(batch.lengths)
    flat = torch.cat([out[at : at + n] for at, n in zip(batch.offsets, batch.lengths, strict=True)])
    if chained:
        index = torch.zeros(len(docs), longest, dtype=torch.long)
        mask = torch.zeros(len(docs), longest, dtype=torch.bool)
        allowed = torch.ones(len(docs), longest, tags.COUNT, dtype=torch.bool)
        for k, (d, at, n) in enumerate(zip(docs, batch.offsets, batch.lengths, strict=True)):
            index[k, :n] = torch.arange(at, at + n)
            mask[k, :n] = True
            allowed[k, :n] = torch.from_numpy(d.allowed)
        e = out[:, : tags.COUNT][index]
        both = path_score(
            net, torch.cat([e, e]), torch.cat([mask, mask]), torch.cat([torch.ones_like(allowed), allowed])
        )
        main = (both[: len(docs)] - both[len(docs) :]).sum()
    else:
        right = torch.from_numpy(np.concatenate([d.allowed for d in docs]))
        e = flat[:, : tags.COUNT]
        main = (torch.logsumexp(e, 1) - torch.logsumexp(e.masked_fill(~right, -1e4), 1)).sum()
    begins = torch.from_numpy(np.concatenate([d.begins for d in docs]))
    deeper = torch.from_numpy(np.concatenate([d.deeper for d in docs]))
    extra = torch.zeros(())
    for k, y in ((tags.COUNT, begins), (tags.COUNT + 1, deeper)):
        known = y >= 0
        extra = extra + nn.functional.binary_cross_entropy_with_logits(
            flat[known, k], y[known].float(), reduction="sum"
        )
    return (main + 0.5 * extra) / sum(batch.lengths)


Source = Callable[[random.Random], Sequence[Annotated]]
"""Gives the documents of an epoch: the same ones, or varied anew each time."""


def fit(
    net: Network,
    docs: Source,
    epochs: int,
    rate: float,
    seed: int,
    size: int = 8,
    chained: float = 0.35,
    log: Callable[[str], None] | None = None,
) -> None:
    """Adam with a cosine schedule; the last epochs, a share of `chained`, see whole paths."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    steps = epochs * math.ceil(len(docs(random.Random(seed))) / size)
    sparse = [net.table.weight, net.bag.weight]
    reader = list(net.characters.parameters())
    apart = {id(p) for p in (*sparse, *reader)}
    rest = [p for p in net.parameters() if id(p) not in apart]
    optimiser = torch.optim.AdamW(
        [
            {"params": sparse, "weight_decay": 0.0},
            {"params": rest, "weight_decay": 0.01},
            {"params": reader, "weight_decay": 0.0},
        ],
        lr=rate,
    )
    rates = [rate, rate, rate * SLOWER]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps, pct_start=0.15)
    net.train()
    mean = [p.detach().clone() for p in net.parameters()]
    step = 0
    for epoch in range(epochs):
        order = sorted(docs(rng), key=lambda d: len(d.pieces) + rng.random() * 60)
        batches = [order[i : i + size] for i in range(0, len(order), size)]
        rng.shuffle(batches)
        total = 0.0
        for chunk in batches:
            optimiser.zero_grad()
            loss = loss_of(net, chunk, epoch >= epochs * (1 - chained))
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            step += 1
            keep = min(MEMORY, (1 + step) / (10 + step))
            with torch.no_grad():
                for m, p in zip(mean, net.parameters(), strict=True):
                    m.lerp_(p, 1 - keep)
            total += float(loss.detach())
        if log:
            log(f"epoch {epoch} loss {total / len(batches):.3f}")
    with torch.no_grad():
        for m, p in zip(mean, net.parameters(), strict=True):
            p.copy_(m)


@torch.no_grad()
def decode(net: Network, d: Description) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Viterbi tags, probability of a beginning, probability of a deeper heading."""
    net.eval()
    out = net(collate([d], net.characters.numbers))[: len(d.slots)]
    e = out[:, : tags.COUNT]
    score = net.first + e[0]
    back = []
    for t in range(1, len(e)):
        total = score[:, None] + net.transitions
        best, arg = total.max(0)
        back.append(arg)
        score = best + e[t]
    tag = int(score.argmax())
    path = [tag]
    for arg in reversed(back):
        tag = int(arg[tag])
        path.append(tag)
    p = torch.sigmoid(out[:, tags.COUNT :]).numpy()
    return path[::-1], p[:, 0], p[:, 1]


def arrays_of(net: Network, temperature: float) -> dict[str, NDArray[Any]]:
    """The weights on the grids that `pipeline/segment/network.py` reads."""
    arrays: dict[str, NDArray[Any]] = {
        "slots": bytes8(net.slots.weight[:-1]),
        "words": bytes8(net.table.weight[:-1]),
        "bag": bytes8(net.bag.weight[:-1]),
        "bias": words16(net.bias),
        "out": words16(net.out.weight.T),
        "out_bias": words16(net.out.bias),
        "transitions": words16(net.transitions),
        "first": words16(net.first),
        "temperature": np.array(temperature),
        "read": words16(net.read.weight.T),
        **reading.arrays_of(net.characters),
    }
    for name, layers in (("conv", net.convs), ("pool", net.pools)):
        for i, layer in enumerate(layers):
            arrays |= {f"{name}{i}": words16(layer.weight.T), f"{name}{i}_bias": words16(layer.bias)}
    for i, look in enumerate(net.looks):
        arrays |= {name: words16(look.parts()[part]) for part, name in attention.named(i).items()}
    return arrays


def save(net: Network, path: Path, temperature: float = 1.0) -> None:
    """Write the weights."""
    np.savez_compressed(path, **arrays_of(net, temperature))  # type: ignore[arg-type]


def to_model(net: Network) -> Model:
    """The network as it will run."""
    return network.model_of(arrays_of(net, 1.0))


def of_model(model: Model) -> Network:
    """The network of a saved model, to train it further. The model counts activations in steps of GRID, the network in ones."""
    net = Network()
    net.characters = reading.of_reader(model.reader)
    floats = lambda array, grid=1.0: torch.tensor(np.asarray(array, np.float32) / grid)  # noqa: E731
    with torch.no_grad():
        for table, saved in ((net.slots, model.slots), (net.table, model.words), (net.bag, model.bag)):
            table.weight[:-1] = floats(saved, EMBEDDING_GRID)
            table.weight[-1] = 0
        net.bias.copy_(floats(model.bias, GRID))
        net.read.weight.copy_(floats(model.read.T, GRID / characters.GRID))
        for layers, weights in ((net.convs, model.convs), (net.pools, model.pools)):
            for layer, (weight, bias) in zip(layers, weights, strict=True):
                layer.weight.copy_(floats(weight.T))
                layer.bias.copy_(floats(bias, GRID))
        for look, saved_look in zip(net.looks, model.looks, strict=True):
            for part, target in look.parts().items():
                target.copy_(floats(getattr(saved_look, part), GRID if part.endswith("bias") else 1))
        net.out.weight.copy_(floats(model.out[0].T, 1 / GRID))
        net.out.bias.copy_(floats(model.out[1]))
        net.transitions.copy_(floats(model.transitions))
        net.first.copy_(floats(model.first))
    return net
