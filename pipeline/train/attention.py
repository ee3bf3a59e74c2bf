"""The layers by which a piece looks at all others, as they are trained; `pipeline/segment/attention.py` runs them in numpy."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.segment.attention import BUCKETS, HEADS, buckets
from pipeline.segment.layers import LEAST


class Attention(nn.Module):
    """Multi-head attention with a bias by distance, and a small network on what it finds (Vaswani et al., 2017).

    Both add to what is there, and begin by adding nothing.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=LEAST)
        self.asked = nn.Linear(width, 3 * width)
        self.found = nn.Linear(width, width)
        self.far = nn.Parameter(torch.zeros(BUCKETS, HEADS))
        self.inner_norm = nn.LayerNorm(width, eps=LEAST)
        self.inner = nn.Linear(width, 2 * width)
        self.outer = nn.Linear(2 * width, width)
        for layer in (self.found, self.outer):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, h: Tensor, documents: Sequence[tuple[int, int]], drop: nn.Dropout) -> Tensor:
        """`h` has a row for each piece; a piece sees those of its document, which are given as first row and number."""
        asked = self.asked(self.norm(h))
        found = torch.zeros_like(h)
        for at, n in documents:
            query, key, value = asked[at : at + n].view(n, 3, HEADS, -1).permute(1, 2, 0, 3)
            bias = self.far[torch.from_numpy(buckets(n))].permute(2, 0, 1)
            seen = functional.scaled_dot_product_attention(query[None], key[None], value[None], attn_mask=bias[None])[0]
            found[at : at + n] = seen.transpose(0, 1).reshape(n, -1)
        h = h + drop(self.found(found))
        return h + drop(self.outer(torch.relu(self.inner(self.inner_norm(h)))))

    def parts(self) -> dict[str, Tensor]:
        """The weights by their names in `pipeline/segment/attention.py`, each laid out as it is multiplied from the left."""
        layers = {
            "norm": self.norm,
            "asked": self.asked,
            "found": self.found,
            "inner_norm": self.inner_norm,
            "inner": self.inner,
            "outer": self.outer,
        }
        out: dict[str, Tensor] = {"far": self.far}
        for name, layer in layers.items():
            weight = layer.weight
            assert isinstance(weight, Tensor)
            out[name] = weight.T if weight.dim() == 2 else weight
            assert isinstance(layer.bias, Tensor)
            out[f"{name}_bias"] = layer.bias
        return out
