"""The head that was fitted to captured faces, and how it is mixed into the rules' curves."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

SLOPE = 2.0
"""tanh(x) is 2 sigmoid(2 x) - 1: the head's rows go through the graph's one sigmoid."""


class CapturedHead(nn.Module):
    """Hidden steps [B, S, width] to tanh-limited curves [B, S, frames, K] of K channels.

    ``channels``: their indices among the articulators; ``shares`` [K]: how much of each channel's
    curve comes from here, 0 to 1.
    """

    shares: Tensor
    channels: Tensor

    def __init__(
        self, width: int, frames: int, channels: Sequence[int], shares: Sequence[float]
    ) -> None:
        super().__init__()
        self.rows = nn.Linear(width, frames * len(channels))
        self.frames = frames
        self.register_buffer("channels", torch.tensor(list(channels)))
        self.register_buffer("shares", torch.tensor(list(shares), dtype=torch.float32))

    def forward(self, hidden: Tensor) -> Tensor:
        return torch.tanh(self.rows(hidden)).unflatten(-1, (self.frames, -1))

    def blend(self, curves: int) -> tuple[Tensor, Tensor]:
        """Matrix [curves + K, curves] and offset [curves] that make curves of a frame's
        articulators and of sigmoids of this head's doubled rows."""
        count = len(self.shares)
        matrix = torch.zeros(curves + count, curves)
        matrix[:curves] = torch.eye(curves)
        matrix[self.channels, self.channels] = 1.0 - self.shares
        matrix[curves + torch.arange(count), self.channels] = SLOPE * self.shares
        offset = torch.zeros(curves)
        offset[self.channels] = -self.shares
        return matrix, offset
