"""Causal blocks with a memory of fixed size: a clip and a stream run through the same code.

A block takes ``x`` [B, T, H] and the memory of what came before, and returns what it says and the
new memory: a clip is one call from an empty memory, a stream is a call a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import torch
from torch import Tensor, nn

MASKED = -1e4
Terms = Callable[[Mapping[str, Tensor], Mapping[str, Tensor]], dict[str, Tensor]]
"""From a system's answers and its batch to weighted loss terms. The trainer passes one to
``training_loss``: models know no losses."""


def joined(batch: Mapping[str, Any], names: tuple[str, ...], suffix: str = "") -> Tensor:
    """The named features of a batch side by side [B, T, sum of widths], as systems take them."""
    return torch.cat([cast(Tensor, batch[name + suffix]) for name in names], dim=2)


def pooled(x: Tensor, mask: Tensor) -> Tensor:
    """Mean of ``x`` [B, T, C] over the frames that count in ``mask`` [B, T]: [B, C]."""
    weight = mask.unsqueeze(2)
    return (x * weight).sum(dim=1) / weight.sum(dim=1).clamp(min=1.0)


def running_mean(x: Tensor, total: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
    """Mean of all frames up to each frame of ``x`` [B, T, C], after ``heard`` [B, 1] frames that
    sum to ``total`` [B, C]; and the new total."""
    sums = total.unsqueeze(1) + x.cumsum(dim=1)
    count = heard + torch.arange(1, x.shape[1] + 1, device=x.device)
    return sums / count.unsqueeze(2), sums[:, -1]


def periodic_position(heard: Tensor, frames: int, width: int, period: int) -> Tensor:
    """Sines and cosines [B, T, width] of the place within ``period``, after ``heard`` frames."""
    place = torch.remainder(heard + torch.arange(frames, device=heard.device), period)
    rates = 10000.0 ** (-torch.arange(0, width, 2, device=heard.device) / width)
    angle = place.unsqueeze(2) * rates
    return torch.cat([angle.sin(), angle.cos()], dim=2)


class BiasedAttention(nn.Module):
    """Causal attention over the last ``window`` frames and the present one; each head takes its
    own slope times the distance off its scores (ALiBi). Memory: keys and values [B, window, 2 H].
    """

    slopes: Tensor

    def __init__(self, width: int, heads: int, window: int) -> None:
        super().__init__()
        if width % heads or width % 2:
            raise ValueError(f"a width of {width} is not even or not of {heads} equal heads")
        self.heads, self.window = heads, window
        self.asks = nn.Linear(width, width)
        self.holds = nn.Linear(width, 2 * width)
        self.says = nn.Linear(width, width)
        slopes = 2.0 ** (-8.0 * torch.arange(1, heads + 1) / heads)
        self.register_buffer("slopes", slopes.float().reshape(heads, 1, 1), persistent=False)

    def forward(self, x: Tensor, memory: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
        """``heard`` [B, 1]: frames before this call, for what of an early memory is empty."""
        frames = x.shape[1]
        held = torch.cat([memory, self.holds(x)], dim=1)
        keys, values = (part.unflatten(2, (self.heads, -1)) for part in held.chunk(2, dim=2))
        asked = self.asks(x).unflatten(2, (self.heads, -1))
        here = torch.arange(frames, device=x.device).unsqueeze(1)
        ago = self.window + here - torch.arange(self.window + frames, device=x.device)
        seen = (ago >= 0) & (ago <= self.window) & (ago <= (heard.unsqueeze(2) + here))
        scores = torch.einsum("bqhc,bkhc->bhqk", asked, keys) / asked.shape[3] ** 0.5
        scores = scores - self.slopes * ago
        weight = torch.where(seen.unsqueeze(1), scores, torch.full_like(scores, MASKED)).softmax(3)
        found = self.says(torch.einsum("bhqk,bkhc->bqhc", weight, values).flatten(2))
        return found, held[:, -self.window :]


class Block(nn.Module):
    """Attention, then a feed-forward net, both before a norm of their input."""

    def __init__(self, width: int, heads: int, window: int) -> None:
        super().__init__()
        self.memory = 2 * width
        self.norm = nn.LayerNorm(width)
        self.attention = BiasedAttention(width, heads, window)
        self.net = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )

    def forward(self, x: Tensor, memory: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
        """See the module."""
        said, memory = self.attention(self.norm(x), memory, heard)
        x = x + said
        return x + self.net(x), memory


class Stack(nn.Module):
    """A projection to ``width``, then blocks. Memory [B, blocks, window, M]."""

    def __init__(
        self,
        inputs: int,
        width: int,
        count: int,
        window: int,
        heads: int = 4,
        block: Callable[[int, int, int], nn.Module] = Block,
    ) -> None:
        super().__init__()
        self.enter = nn.Linear(inputs, width)
        self.blocks = nn.ModuleList(block(width, heads, window) for _ in range(count))
        self.norm = nn.LayerNorm(width)
        self.window = window

    def initial_state(self) -> Tensor:
        """Nothing heard."""
        return torch.zeros(1, len(self.blocks), self.window, cast(int, self.blocks[0].memory))

    def forward(
        self, x: Tensor, memory: Tensor, heard: Tensor, position: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """[B, T, inputs] to [B, T, width]; ``position`` [B, T, width] is added first."""
        x = self.enter(x)
        if position is not None:
            x = x + position
        after = []
        for index, block in enumerate(self.blocks):
            x, held = block(x, memory[:, index], heard)
            after.append(held)
        return self.norm(x), torch.stack(after, dim=1)


class Waves(nn.Module):
    """Gated causal convolutions whose dilation doubles by layer, each told a condition.

    Memory: the past of all layers end to end [B, sum of pasts, width].
    """

    def __init__(self, inputs: int, outputs: int, condition: int, width: int, layers: int) -> None:
        super().__init__()
        self.width = width
        self.enter = nn.Linear(inputs, width)
        self.pasts = [2 * 2**layer for layer in range(layers)]
        self.filters = nn.ModuleList(
            nn.Conv1d(width, 2 * width, 3, dilation=2**layer) for layer in range(layers)
        )
        self.told = nn.ModuleList(nn.Linear(condition, 2 * width) for _ in range(layers))
        self.keeps = nn.ModuleList(nn.Linear(width, width) for _ in range(layers))
        self.leave = nn.Linear(width, outputs)

    def initial_state(self) -> Tensor:
        """Nothing heard."""
        return torch.zeros(1, sum(self.pasts), self.width)

    def forward(self, x: Tensor, condition: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """``x`` [B, T, inputs], ``condition`` [B, T, C] to [B, T, outputs]."""
        x, after = self.enter(x), []
        parts = zip(self.filters, self.told, self.keeps, memory.split(self.pasts, 1), strict=True)
        for convolve, told, keep, past in parts:
            whole = torch.cat([past, x], dim=1)
            after.append(whole[:, -past.shape[1] :])
            both = convolve(whole.transpose(1, 2)).transpose(1, 2) + told(condition)
            shape, gate = both.chunk(2, dim=2)
            x = x + keep(torch.tanh(shape) * torch.sigmoid(gate))
        return self.leave(x), torch.cat(after, dim=1)
