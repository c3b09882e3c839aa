"""Speech encoders: what a published system hears, as frames at the animation's 25 a second.

Frame ``t`` belongs to the middle of its 40 ms, sample ``640 t + 320``. An encoder with a
``look_ahead`` hears that many samples past it, and streams: step ``t`` takes the 640 samples that
end there. A fresh stream starts with :attr:`Encoder.priming_steps` steps whose frames are dropped,
over zeros for what lies before the clip; :meth:`Encoder.padded` lays a clip out like that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkface_train.models.frontend import (
    FEATURE_HOP,
    FEATURES,
    MELS,
    SAMPLE_RATE,
    SPECTRUM,
    WINDOW,
    FrontEnd,
)

FRAME_RATE = 25
HOP = SAMPLE_RATE // FRAME_RATE
MIDDLE = HOP // 2
FEATURES_PER_FRAME = HOP // FEATURE_HOP
TYPICAL_BAND = -2.0
"""Log-mel of any band in speech relative to its peak: where means start without a prior."""

State = dict[str, Tensor]


class NotStreamable(ValueError):
    """An encoder that cannot run step by step; the message says why."""


def frames_of(audio: Tensor) -> int:
    """Whole animation frames of a clip [B, N]; ValueError for less than one."""
    if audio.shape[1] < HOP:
        raise ValueError(f"a clip needs {HOP} samples for one frame, not {audio.shape[1]}")
    return audio.shape[1] // HOP


class Encoder(nn.Module, ABC):
    """Audio [B, N] at 16 kHz to frames [B, N // 640, width].

    ``look_ahead``: samples past a frame's middle that it hears, None for the whole clip.
    ``obstacle``: why it cannot stream; None when it can.
    """

    frame_rate: ClassVar[int] = FRAME_RATE
    width: int
    look_ahead: int | None
    obstacle: str | None = None

    @property
    def stateful(self) -> bool:
        """Whether :meth:`step` exists, and with it a stateful export."""
        return self.obstacle is None

    @property
    def priming_steps(self) -> int:
        """Steps of a fresh stream before that of frame 0."""
        return max(-(-(MIDDLE + self._streamed() - HOP) // HOP), 0)

    def padded(self, audio: Tensor) -> Tensor:
        """A clip [B, N] with zeros around it, as priming steps and those of its frames hear it."""
        frames, steps = frames_of(audio), self.priming_steps
        end = HOP * (frames - 1) + MIDDLE + self._streamed()
        lead = HOP * (frames + steps) - end
        return functional.pad(audio, (lead, end - audio.shape[1]))

    @abstractmethod
    def forward(self, audio: Tensor) -> Tensor:
        """A whole clip [B, N] to frames [B, N // 640, width]."""

    @abstractmethod
    def initial_state(self) -> State:
        """State of a fresh stream, batch 1, before the priming steps.

        Raises NotStreamable, with the obstacle, where there is one.
        """

    @abstractmethod
    def step(self, audio: Tensor, state: State) -> tuple[Tensor, State]:
        """The next 640 samples [B, 640] and state to one frame [B, 1, width] and new state."""

    def check_streamable(self) -> None:
        """Raise NotStreamable, with the obstacle, where there is one."""
        if self.obstacle is not None:
            raise NotStreamable(self.obstacle)

    def _streamed(self) -> int:
        self.check_streamable()
        assert self.look_ahead is not None
        return self.look_ahead


class MelEncoder(Encoder):
    """Log-mel features of :class:`FrontEnd`, the last ``context`` of them a frame, through splices
    of each frame with the one before.

    Nothing in it sees further than ``look_ahead`` samples past a frame's middle, by default 100 ms.
    ``prior``: the mean log-mel [48] that running means start from.
    """

    shift: Tensor
    scale: Tensor

    def __init__(
        self,
        width: int = 128,
        layers: int = 2,
        context: int = 12,
        look_ahead: int = 1600,
        prior: Tensor | None = None,
    ) -> None:
        super().__init__()
        if look_ahead % FEATURE_HOP or look_ahead < -MIDDLE:
            raise ValueError(
                f"look_ahead must be a multiple of {FEATURE_HOP} samples, at least {-MIDDLE}, "
                f"not {look_ahead}"
            )
        if context < FEATURES_PER_FRAME or layers < 1:
            raise ValueError(
                f"context must be {FEATURES_PER_FRAME} or more and layers 1 or more, "
                f"not {context} and {layers}"
            )
        self.width, self.look_ahead, self.context = width, look_ahead, context
        start = torch.full((MELS,), TYPICAL_BAND) if prior is None else prior
        self.front = FrontEnd(start, FEATURES_PER_FRAME)
        self.register_buffer("shift", torch.tensor([0.0] * SPECTRUM + [6.5]), persistent=False)
        self.register_buffer("scale", torch.tensor([0.4] * SPECTRUM + [0.25]), persistent=False)
        self.stack = nn.Linear(context * FEATURES, width)
        self.splices = nn.ModuleList(nn.Linear(2 * width, width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, audio: Tensor) -> Tensor:
        steps = self.priming_steps
        features = self.features(self.padded(audio))
        earlier = features.new_zeros(len(features), self.context - FEATURES_PER_FRAME, FEATURES)
        rows = torch.cat([earlier, features], dim=1)
        stacked = rows.unfold(1, self.context, FEATURES_PER_FRAME).transpose(2, 3).flatten(2)
        x = torch.relu(self.stack(stacked))
        for splice in self.splices:
            before = functional.pad(x, (0, 0, 1, 0))[:, :-1]
            x = x + torch.relu(splice(torch.cat([before, x], dim=2)))
        frames: Tensor = self.norm(x)[:, steps:]
        return frames

    @torch.no_grad()
    def features(self, padded: Tensor) -> Tensor:
        """Scaled features [B, 4 S, FEATURES] of whole steps of audio [B, 640 S].

        They hold no weights: a trainer may keep them.
        """
        peak, mean = (part.expand(len(padded), -1, -1) for part in self.front.initial_state())
        peak, mean = peak.to(padded), mean.to(padded)
        windows = functional.pad(padded, (WINDOW - FEATURE_HOP, 0))
        found = []
        for window in windows.unfold(1, HOP + WINDOW - FEATURE_HOP, HOP).unbind(1):
            fresh, peak, mean = self.front(window, peak, mean)
            found.append(self._scaled(fresh))
        return torch.cat(found, dim=1)

    def initial_state(self) -> State:
        peak, mean = self.front.initial_state()
        return {
            "audio": torch.zeros(1, WINDOW - FEATURE_HOP),
            "peak": peak,
            "mean": mean,
            "features": torch.zeros(1, self.context - FEATURES_PER_FRAME, FEATURES),
            "splices": torch.zeros(1, len(self.splices), self.width),
        }

    def step(self, audio: Tensor, state: State) -> tuple[Tensor, State]:
        window = torch.cat([state["audio"], audio], dim=1)
        fresh, peak, mean = self.front(window, state["peak"], state["mean"])
        rows = torch.cat([state["features"], self._scaled(fresh)], dim=1)
        x = torch.relu(self.stack(rows.flatten(1)))
        inputs = []
        for splice, before in zip(self.splices, state["splices"].unbind(1), strict=True):
            inputs.append(x)
            x = x + torch.relu(splice(torch.cat([before, x], dim=1)))
        return self.norm(x).unsqueeze(1), {
            "audio": window[:, HOP:],
            "peak": peak,
            "mean": mean,
            "features": rows[:, FEATURES_PER_FRAME:],
            "splices": torch.stack(inputs, dim=1),
        }

    def _scaled(self, features: Tensor) -> Tensor:
        return (features + self.shift) * self.scale
