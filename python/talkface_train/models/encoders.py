"""Speech encoders: what a published system hears, as frames at the animation's 25 a second.

Frame ``t`` belongs to the middle of its 40 ms, sample ``640 t + 320``. An encoder with a
``look_ahead`` hears that many samples past it, and streams: step ``t`` takes the 640 samples that
end there. A fresh stream starts with :attr:`Encoder.priming_steps` steps whose frames are dropped,
over zeros for what lies before the clip; :meth:`Encoder.padded` lays a clip out like that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
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

ROW = FEATURES + MELS
"""Columns of a row that mel encoders hear, see :class:`MelFront`."""

State = dict[str, Tensor]


def chosen(ready: Tensor, new: State, old: State) -> State:
    """``new`` where ``ready`` [B, 1], else ``old``."""
    return {
        name: torch.where(ready.reshape(-1, *[1] * (value.dim() - 1)), new[name], value)
        for name, value in old.items()
    }


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


class MelFront(nn.Module):
    """Rows of log-mel that mel encoders hear, and nothing that is learnt: :class:`FrontEnd`'s
    features, scaled, then its bands before the running mean is taken off [.., ROW].

    The mean takes a voice's colour away, which words need and emotion and style do not.
    ``prior``: the mean log-mel [48] that running means start from.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self, prior: Tensor | None = None) -> None:
        super().__init__()
        start = torch.full((MELS,), TYPICAL_BAND) if prior is None else prior
        self.front = FrontEnd(start, FEATURES_PER_FRAME)
        shift = torch.tensor([0.0] * SPECTRUM + [6.5] + [5.0] * MELS)
        scale = torch.tensor([0.4] * SPECTRUM + [0.25] + [0.3] * MELS)
        self.register_buffer("shift", shift, persistent=False)
        self.register_buffer("scale", scale, persistent=False)

    def initial_state(self) -> State:
        peak, mean = self.front.initial_state()
        return {"audio": torch.zeros(1, WINDOW - FEATURE_HOP), "peak": peak, "mean": mean}

    def step(self, audio: Tensor, state: Mapping[str, Tensor]) -> tuple[Tensor, State]:
        """The next 640 samples [B, 640] and state to rows [B, 4, ROW] and new state."""
        window = torch.cat([state["audio"], audio], dim=1)
        fresh, peak, mean = self.front(window, state["peak"], state["mean"])
        bands = fresh[:, :, :MELS] + mean[:, :, :MELS] / mean[:, :, SPECTRUM - 1 :]
        rows = (torch.cat([fresh, bands], dim=2) + self.shift) * self.scale
        return rows, {"audio": window[:, HOP:], "peak": peak, "mean": mean}

    @torch.no_grad()
    def forward(self, padded: Tensor) -> Tensor:
        """Rows [B, 4 S, ROW] of whole steps of audio [B, 640 S]."""
        # Not by expand: a batch's size that is read leaves exported shapes unknown.
        nothing = padded[:, 0] * 0.0
        state = {
            n: v.to(padded) + nothing.reshape(-1, *[1] * (v.dim() - 1))
            for n, v in self.initial_state().items()
        }
        found = []
        for step in padded.split(HOP, dim=1):
            rows, state = self.step(step, state)
            found.append(rows)
        return torch.cat(found, dim=1)


class MelEncoder(Encoder):
    """Log-mel rows of :class:`MelFront`, the last ``context`` of them a frame, through splices of
    each frame with the one before.

    Nothing in it sees further than ``look_ahead`` samples past a frame's middle, by default 100 ms.
    ``coloured``: it hears the bands with their mean as well. ``prior``: see :class:`MelFront`.
    """

    def __init__(
        self,
        width: int = 128,
        layers: int = 2,
        context: int = 12,
        look_ahead: int = 1600,
        coloured: bool = False,
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
        self.heard = ROW if coloured else FEATURES
        self.front = MelFront(prior)
        self.stack = nn.Linear(context * self.heard, width)
        self.splices = nn.ModuleList(nn.Linear(2 * width, width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, audio: Tensor) -> Tensor:
        return self.encode(self.front(self.padded(audio)))[:, self.priming_steps :]

    def encode(self, rows: Tensor) -> Tensor:
        """Rows [B, 4 S, ROW] from a fresh stream on to frames [B, S, width], priming included."""
        rows = rows[:, :, : self.heard]
        # Neither zeros of a read size nor a padding: exported, they leave the length unknown.
        earlier = (rows[:, :1] * 0.0).repeat(1, self.context - FEATURES_PER_FRAME, 1)
        whole = torch.cat([earlier, rows], dim=1)
        stacked = whole.unfold(1, self.context, FEATURES_PER_FRAME).transpose(2, 3).flatten(2)
        x = torch.relu(self.stack(stacked))
        for splice in self.splices:
            before = functional.pad(x, (0, 0, 1, 0))[:, :-1]
            x = x + torch.relu(splice(torch.cat([before, x], dim=2)))
        frames: Tensor = self.norm(x)
        return frames

    def memory(self) -> State:
        """State of a fresh stream behind the front end."""
        return {
            "rows": torch.zeros(1, self.context - FEATURES_PER_FRAME, self.heard),
            "splices": torch.zeros(1, len(self.splices), self.width),
        }

    def hear(self, rows: Tensor, state: Mapping[str, Tensor]) -> tuple[Tensor, State]:
        """A step's rows [B, 4, ROW] and memory to one frame [B, 1, width] and new memory."""
        whole = torch.cat([state["rows"], rows[:, :, : self.heard]], dim=1)
        x = torch.relu(self.stack(whole.flatten(1)))
        inputs = []
        for splice, before in zip(self.splices, state["splices"].unbind(1), strict=True):
            inputs.append(x)
            x = x + torch.relu(splice(torch.cat([before, x], dim=1)))
        memory = {"rows": whole[:, FEATURES_PER_FRAME:], "splices": torch.stack(inputs, dim=1)}
        return self.norm(x).unsqueeze(1), memory

    def initial_state(self) -> State:
        return {**self.front.initial_state(), **self.memory()}

    def step(self, audio: Tensor, state: State) -> tuple[Tensor, State]:
        rows, front = self.front.step(audio, state)
        frame, memory = self.hear(rows, state)
        return frame, {**front, **memory}
