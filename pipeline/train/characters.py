"""Train the character network of the corrections: which character stands between those on its left and on its right.

    python -m pipeline.train.characters CORPUS LAWS OUT.npz [--apart TEXTS.jsonl ...] [--without-fields]

Reads what the language model counts: neither held-out texts nor those in TEXTS. With `--without-fields` the texts of the fields
that `sources` leaves out are left out as well: a network for training the decision, which must not have seen what it judges.

Needs PyTorch and, to end within the hour, a GPU: STEPS steps take seven minutes on an H200. Sums on a GPU are not exact, so a
second run gives a network as good as the first, not the same bytes.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from pipeline.correct.language.context import DILATIONS, FINER, FULL, STEPS
from pipeline.correct.language.ngrams import encode, load
from pipeline.train import corpus, language, noise
from pipeline.train.quantise import on_grid
from pipeline.train.sources import FIELDS, LAW_FIELDS, MENTIONS, mentions

SIZE, HIDDEN, JOINED = 128, 192, 256
"""Sizes of the vector of a character, of a hidden layer, and of the layer that joins both sides."""

UPDATES, BATCH, LENGTH, RATE = 40_000, 192, 256, 3e-3
"""Steps of training, windows of a step, characters of a window, and the highest rate of learning."""

ROUNDED = 0.6
"""Share of the steps after which weights and activations are rounded to the grid that they will be run on."""

SPOILT, MOST_SPOILT = 0.6, 0.08
"""Share of the windows that hold mistakes, and the largest share of their characters that are some: a page has more than one."""

OPTIONS = 16
"""Characters that each one is mistaken for, as often as they are drawn."""

SEED = 7


class Stack(nn.Module):
    """The layers that read in one direction."""

    def __init__(self) -> None:
        super().__init__()
        layers = range(len(DILATIONS))
        spread = (2 / (3 * SIZE)) ** 0.5
        self.inner = nn.ParameterList(nn.Parameter(torch.randn(HIDDEN, 3 * SIZE) * spread) for _ in layers)
        self.bias = nn.ParameterList(nn.Parameter(torch.zeros(HIDDEN)) for _ in layers)
        self.outer = nn.ParameterList(nn.Parameter(torch.randn(SIZE, HIDDEN) * HIDDEN**-0.5 / 2) for _ in layers)

    def forward(self, h: Tensor, rounded: bool) -> Tensor:
        for inner, bias, outer, step in zip(self.inner, self.bias, self.outer, DILATIONS, strict=True):
            x = on_grid(h, STEPS, -FULL, rounded)
            taps = [functional.pad(x, (0, 0, n * step, 0))[:, : x.shape[1]] for n in range(3)]
            u = functional.linear(torch.cat(taps, -1), on_grid(inner, FINER, -FULL, rounded), bias)
            h = h + functional.linear(on_grid(u, STEPS, 0, rounded), on_grid(outer, FINER, -FULL, rounded))
        return h


class Network(nn.Module):
    """The network of `pipeline/correct/language/context.py`."""

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.met = nn.Parameter(torch.randn(characters, SIZE) * 0.3)
        self.left, self.right = Stack(), Stack()
        self.joined = nn.Parameter(torch.randn(JOINED, 2 * SIZE) * SIZE**-0.5)
        self.joined_bias = nn.Parameter(torch.zeros(JOINED))
        self.last = nn.Parameter(torch.randn(SIZE, JOINED) * JOINED**-0.5 * 0.3)
        self.said = nn.Parameter(torch.randn(characters, SIZE) * 0.1)
        self.said_bias = nn.Parameter(torch.zeros(characters))

    def forward(self, codes: Tensor, rounded: bool) -> Tensor:
        """Scores of all characters for each place of each row but the first and the last."""
        met = on_grid(self.met, STEPS, -FULL, rounded)[codes]
        left, right = self.left(met, rounded), self.right(met.flip(1), rounded).flip(1)
        both = on_grid(torch.cat([left[:, :-2], right[:, 2:]], -1), STEPS, -FULL, rounded)
        u = functional.linear(both, on_grid(self.joined, FINER, -FULL, rounded), self.joined_bias)
        u = functional.linear(on_grid(u, STEPS, 0, rounded), on_grid(self.last, FINER, -FULL, rounded))
        said = on_grid(self.said, STEPS, -FULL, rounded)
        return functional.linear(on_grid(u, STEPS, -FULL, rounded), said, self.said_bias)


def texts(postings: Path, laws: Path, apart: list[str], without_fields: bool) -> Iterator[str]:
    """The texts that are read, cleaned."""
    fields, titles = [mentions(f, MENTIONS) for f in FIELDS], [mentions(f, 1) for f in LAW_FIELDS]
    for text in language.split(corpus.read(postings), apart).kept:
        if not (without_fields and any(of_field(text) for of_field in fields)):
            yield text
    for text in language.split(corpus.read(laws), []).kept:
        if not (without_fields and any(titled(text.split("\n")[0]) for titled in titles)):
            yield text


def mistaken(ids: NDArray[np.uint16]) -> NDArray[np.int64]:
    """For each character number OPTIONS numbers that it is mistaken for by shape or sound; its own where nobody knows any."""
    out = np.repeat(np.arange(int(ids.max()) + 1)[:, None], OPTIONS, axis=1)
    for char, options in noise.mistaken_for(OPTIONS, SEED).items():
        codes = [int(code) for code in encode(ids, "".join(options)) if code]
        if codes and ids[ord(char)]:
            out[ids[ord(char)]] = [codes[n % len(codes)] for n in range(OPTIONS)]
    return out


def fit(codes: NDArray[np.int64], options: NDArray[np.int64], device: str) -> Network:
    """Train on windows drawn by chance; the weights are the mean of the last tenth of the steps."""
    torch.manual_seed(SEED)
    text, wrong = torch.from_numpy(codes).to(device), torch.from_numpy(options).to(device)
    net = Network(len(options)).to(device)
    weights = list(net.parameters())
    optimiser = torch.optim.AdamW(weights, lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    mean, kept = [w.detach().clone() for w in weights], 0

    def loss_of(seen: Tensor, true: Tensor, rounded: bool) -> Tensor:
        with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
            scores = net(seen, rounded)
        return functional.cross_entropy(scores.flatten(0, 1).float(), true[:, 1:-1].flatten())

    loss = torch.compile(loss_of) if device == "cuda" else loss_of
    for step in range(UPDATES):
        done = step / UPDATES
        rate = RATE * min(1, (step + 1) / 300) * (0.49 * (1 + math.cos(math.pi * done)) + 0.02)
        for group in optimiser.param_groups:
            group["lr"] = rate
        first = torch.randint(0, len(text) - LENGTH, (BATCH, 1), device=device)
        true = text[first + torch.arange(LENGTH, device=device)]
        share = torch.rand(BATCH, 1, device=device) * MOST_SPOILT * (torch.rand(BATCH, 1, device=device) < SPOILT)
        drawn = wrong[true, torch.randint(0, OPTIONS, true.shape, device=device)]
        seen = torch.where(torch.rand(true.shape, device=device) < share, drawn, true)
        optimiser.zero_grad(set_to_none=True)
        loss(seen, true, done > ROUNDED).backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        if done > 0.9 and step % 50 == 0:
            kept += 1
            for m, w in zip(mean, weights, strict=True):
                m.lerp_(w.detach(), 1 / kept)
    if kept:
        with torch.no_grad():
            for m, w in zip(mean, weights, strict=True):
                w.copy_(m)
    return net


def arrays_of(net: Network) -> dict[str, NDArray[Any]]:
    """The weights in whole steps, as `pipeline/correct/language/context.py` reads them."""
    out: dict[str, NDArray[Any]] = {}
    for name, weight in net.named_parameters():
        side, _, layer = name.partition(".")
        kind, _, number = layer.partition(".")
        values = weight.detach().float().cpu().numpy()
        if name == "said_bias":
            out[name] = np.rint(values * STEPS**2).astype(np.int32)
        elif "bias" in name:
            out[f"{side}.{kind}{number}" if layer else name] = np.rint(values * STEPS * FINER).astype(np.int32)
        else:
            steps = STEPS if name in ("met", "said") else FINER
            whole = np.clip(np.rint(values * steps), -FULL, FULL).astype(np.int8)
            out[f"{side}.{kind}{number}" if layer else name] = whole if name == "met" else whole.T.copy()
    return out


def main() -> None:
    """Train the network and write it."""
    parser = argparse.ArgumentParser(description="Train the character network.")
    parser.add_argument("corpus", type=Path, help="postings, JSON lines with id and text")
    parser.add_argument("laws", type=Path, help="laws, JSON lines with id and text")
    parser.add_argument("out", type=Path)
    parser.add_argument("--apart", type=Path, nargs="*", default=[], help="JSON lines with texts not to read")
    parser.add_argument("--without-fields", action="store_true")
    arguments = parser.parse_args()
    apart = [text for path in arguments.apart for text in language.texts(path)]
    ids = load().ids
    read = "\n".join(texts(arguments.corpus, arguments.laws, apart, arguments.without_fields))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    print(f"{len(read)} characters, on {device}", flush=True)
    net = fit(encode(ids, read), mistaken(ids), device)
    np.savez_compressed(arguments.out, **arrays_of(net))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
