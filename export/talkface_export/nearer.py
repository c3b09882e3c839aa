"""A trained student that hears less of what comes: the shorter look-ahead of a preset.

The student of the default bundle knows phones, closures and faces; with less look-ahead it must
only learn to do with less. Its first layer is moved to the new look-ahead, then it is trained on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from talkface_train.data.batches import TapeSet
from talkface_train.models.frontend import FEATURE_HOP, FEATURES
from talkface_train.models.streaming import StreamingNet


def moved(net: StreamingNet, look_ahead: int) -> StreamingNet:
    """``net`` with a shorter ``look_ahead`` in samples, every weight of its first layer on the
    feature frame whose time it had. Frames that are not heard any more are taken to be as the
    newest one that is; older ones, new to the layer, count nothing yet."""
    config = replace(net.config, look_ahead=look_ahead)
    lost = (net.config.look_ahead - look_ahead) // FEATURE_HOP
    if not 0 <= lost < config.context:
        raise ValueError(
            f"a look-ahead of {look_ahead} samples cannot follow one of {net.config.look_ahead}"
        )
    frames = net.stack.weight.detach().reshape(-1, config.context, FEATURES)
    shifted = torch.zeros_like(frames)
    shifted[:, lost:] = frames[:, : config.context - lost]
    shifted[:, -1] += frames[:, config.context - lost :].sum(dim=1)
    shorter = StreamingNet(config)
    shorter.load_state_dict({**net.state_dict(), "stack.weight": shifted.flatten(1)})
    return shorter.eval()


class InTurn(TapeSet):
    """Several sets of tapes as one to train on: a batch of each in turn."""

    def __init__(self, sets: list[TapeSet]) -> None:
        self._sets = sets
        self.channels, self.prior = sets[0].channels, sets[0].prior

    def __len__(self) -> int:
        return sum(len(tapes) for tapes in self._sets)

    def curve_sample(self, count: int = 200_000) -> Tensor:
        """As of one set: evenly from all."""
        return torch.cat([tapes.curve_sample(count // len(self._sets)) for tapes in self._sets])

    def batches(
        self, size: int, steps: int, warm_up: int, generator: np.random.Generator, *more: Any
    ) -> Iterator[dict[str, Tensor]]:
        """As of one set."""
        sources = [tapes.batches(size, steps, warm_up, generator, *more) for tapes in self._sets]
        while True:
            for source in sources:
                yield next(source)
