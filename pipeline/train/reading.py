"""The part of the model of structure that reads characters, for training: layers of `pipeline/segment/characters.py`.

It begins as the first layers of the character network of the corrections (`pipeline/train/characters.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from pipeline.correct.language import context, ngrams
from pipeline.segment.characters import DILATIONS, FINER, FULL, HIDDEN, PARTS, SIZE, STEPS, Reader, named
from pipeline.segment.layers import LEAST
from pipeline.train.quantise import on_grid


class Layers(nn.Module):
    """The layers that read in one direction."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.ParameterList(nn.Parameter(torch.zeros(HIDDEN, 3 * SIZE)) for _ in DILATIONS)
        self.bias = nn.ParameterList(nn.Parameter(torch.zeros(HIDDEN)) for _ in DILATIONS)
        self.outer = nn.ParameterList(nn.Parameter(torch.zeros(SIZE, HIDDEN)) for _ in DILATIONS)

    def forward(self, h: Tensor, real: Tensor) -> Tensor:
        """`h` has a row for each character, `real` is 0 where there is none."""
        for inner, bias, outer, step in zip(self.inner, self.bias, self.outer, DILATIONS, strict=True):
            x = on_grid(h, STEPS, -FULL, True) * real
            taps = [x, *(functional.pad(x, (0, 0, n * step, 0))[: len(x)] for n in (1, 2))]
            u = functional.linear(torch.cat(taps, 1), on_grid(inner, FINER, -FULL, True), bias)
            h = h + functional.linear(on_grid(u, STEPS, 0, True), on_grid(outer, FINER, -FULL, True))
        return on_grid(h, STEPS, -FULL, True) * real


class Characters(nn.Module):
    """Figures of pieces out of the characters of a batch."""

    def __init__(self, numbers: NDArray[np.uint16]) -> None:
        super().__init__()
        self.numbers = numbers
        self.met = nn.Parameter(torch.zeros(int(numbers.max()) + 1, SIZE))
        self.left, self.right = Layers(), Layers()

    def forward(self, codes: Tensor, starts: Tensor, ends: Tensor) -> Tensor:
        """`codes` are rows of `met`, -1 between documents; one row for each piece from `starts` up to `ends`."""
        real = (codes >= 0).float()[:, None]
        h = on_grid(self.met, STEPS, -FULL, True)[codes.clamp(min=0)]
        left, right = self.left(h, real), self.right(h.flip(0), real.flip(0)).flip(0)
        sums = functional.pad(torch.cat([left, right], 1).cumsum(0), (0, 0, 1, 0))
        means = (sums[ends] - sums[starts]) / (ends - starts)[:, None]
        return functional.layer_norm(torch.cat([means, left[ends - 1], right[starts]], 1), (PARTS,), eps=LEAST)

    def sides(self) -> tuple[tuple[str, Layers], ...]:
        """The names of the stacks in a file, and their layers."""
        return ("left", self.left), ("right", self.right)


def pretrained() -> Characters:
    """As the first layers of the character network that comes with the package."""
    with as_file(files("pipeline.correct.language").joinpath("context.npz")) as path, np.load(path) as data:
        numbers = context.known(ngrams.load().ids, len(data["met"]))
        return of_arrays({**{name: data[name] for name in data.files}, "numbers": numbers})


_UNITS = {"inner": FINER, "bias": STEPS * FINER, "outer": FINER}
"""Steps in 1 of each part of a layer."""


def of_arrays(arrays: Mapping[str, NDArray[Any]]) -> Characters:
    """A network out of weights in whole steps."""
    net = Characters(arrays["numbers"])
    with torch.no_grad():
        net.met.copy_(torch.from_numpy(arrays["met"].astype(np.float32) / STEPS))
        for side, layers in net.sides():
            for n in range(len(DILATIONS)):
                for part, name in named(side, n):
                    getattr(layers, part)[n].copy_(torch.from_numpy(arrays[name].T.astype(np.float32) / _UNITS[part]))
    return net


def arrays_of(net: Characters) -> dict[str, NDArray[Any]]:
    """The weights in whole steps, as `pipeline/segment/characters.py` reads them."""

    def whole(weight: Tensor, steps: int) -> NDArray[np.float32]:
        values: NDArray[np.float32] = np.rint(weight.detach().numpy() * steps)
        return values

    def eight(values: NDArray[np.float32]) -> NDArray[np.int8]:
        return np.clip(values, -FULL, FULL).astype(np.int8)

    out: dict[str, NDArray[Any]] = {"numbers": net.numbers, "met": eight(whole(net.met, STEPS))}
    for side, layers in net.sides():
        for n in range(len(DILATIONS)):
            for part, name in named(side, n):
                values = whole(getattr(layers, part)[n], _UNITS[part])
                out[name] = values.astype(np.int32) if part == "bias" else eight(values).T.copy()
    return out


def of_reader(reader: Reader) -> Characters:
    """The network of a saved model, to train it further."""
    stacks = {"left": reader.left, "right": reader.right}
    weights = {
        name: getattr(stack, part)[n]
        for side, stack in stacks.items()
        for n in range(len(DILATIONS))
        for part, name in named(side, n)
    }
    return of_arrays({"numbers": reader.numbers, "met": reader.met, **weights})
