"""The default system: a small streaming network from audio to face.

One step takes 40 ms of new audio and gives two 50 Hz frames. Log-mel features at 100 Hz are
stacked (the last ``context`` frames), then everything runs once a step, at 25 Hz: splice layers
that see the step before, a gated recurrent unit, and heads that give both frames at once. Few,
large operations: at this size a step costs what its operators cost, not what its multiplications
do (docs/adr/0003-low-frame-rate-graph.md).

Step ``k`` hears audio up to sample ``640 k + look_ahead`` and gives the frames at ``640 k`` and
``640 k + 320``, so no frame depends on audio more than ``look_ahead`` past its own time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkface_train.models.frontend import FEATURE_HOP, FEATURES, SAMPLE_RATE, SPECTRUM

HOP = 640
FRAMES_PER_STEP = 2
FRAME_RATE = SAMPLE_RATE * FRAMES_PER_STEP // HOP
FEATURES_PER_STEP = HOP // FEATURE_HOP
VISEME_COUNT = 15
FORECAST = 4
"""Frames past a step, 80 ms, whose closures the forecast head foretells."""


@dataclass(frozen=True)
class StreamingConfig:
    """Size of the network. ``look_ahead`` in samples, a multiple of the feature hop; ``curves``:
    articulators; ``phones``: classes of the auxiliary head, which is not exported; ``smoothing``:
    how much of the frame before and of the frame behind goes into a frame, ``blending``: how much
    of what the step before foretold (:func:`blur_of`); ``forecast``: whether the closure forecast
    is trained, else a step foretells its last closure."""

    look_ahead: int = 1600
    context: int = 12
    width: int = 256
    layers: int = 4
    hidden: int = 256
    dropout: float = 0.1
    curves: int = 15
    phones: int = 43
    smoothing: tuple[float, float] = (0.15, 0.35)
    blending: float = 0.4
    forecast: bool = True

    @property
    def priming_steps(self) -> int:
        """Steps before frame 0 that a fresh stream runs, and whose frames are dropped."""
        return max(self.look_ahead - 1, 0) // HOP


def blur_of(config: StreamingConfig) -> Tensor:
    """What goes into a step's two frames [2, 5]: the last frame of the step before and what that
    step foretold, then this step's two frames and its preview of the next.

    The first frame is blended with what was foretold of it, then every frame takes ``smoothing`` of
    its neighbours. A network that hears a little more at every step revises itself; this takes the
    tremble out without delay. More of the frame behind than of the one before brings everything
    forward by a few ms: what is foretold badly comes late (adr 0009).
    """
    before, behind = config.smoothing
    told = config.blending
    middle = 1.0 - before - behind
    return torch.tensor(
        [
            [before, middle * told, middle * (1.0 - told), behind, 0.0],
            [0.0, before * told, before * (1.0 - told), middle, behind],
        ]
    )


def smoothed(curves: Tensor, preview: Tensor, config: StreamingConfig) -> Tensor:
    """Curves [B, 2 S, C] and previews [B, S, C] as the graph gives them: :func:`blur_of`."""
    batch, steps, channels = preview.shape
    first, last = curves.reshape(batch, steps, FRAMES_PER_STEP, channels).unbind(2)
    before = [functional.pad(x, (0, 0, 1, 0))[:, :-1] for x in (last, preview)]
    rows = torch.stack([*before, first, last, preview], dim=2)
    return (blur_of(config) @ rows).flatten(1, 2)


class SpeechNet(nn.Module, ABC):
    """What student and teacher share: the scale of features, their stack, and the heads.

    A subclass defines ``trunk``, and how many frames of curves past each step it foretells.
    """

    previews = 0

    def __init__(self, config: StreamingConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.register_buffer("feature_shift", torch.tensor([0.0] * SPECTRUM + [6.5]))
        self.register_buffer("feature_scale", torch.tensor([0.4] * SPECTRUM + [0.25]))
        self.stack = nn.Linear(config.context * FEATURES, width)
        self.curves = nn.Linear(width, (FRAMES_PER_STEP + self.previews) * config.curves)
        self.visemes = nn.Linear(width, FRAMES_PER_STEP * VISEME_COUNT)
        self.closure = nn.Linear(width, FRAMES_PER_STEP)
        self.phones = nn.Linear(width, FRAMES_PER_STEP * config.phones)
        self.forecast = nn.Linear(width, FORECAST)
        nn.init.constant_(self.curves.bias, -3.0)
        nn.init.constant_(self.closure.bias, -2.0)
        nn.init.constant_(self.forecast.bias, -2.0)

    def stacked(self, features: Tensor) -> Tensor:
        """Each step's last ``context`` feature frames, through the first layer."""
        context = self.config.context
        padded = functional.pad(features, (0, 0, context - FEATURES_PER_STEP, 0))
        frames = padded.unfold(1, context, FEATURES_PER_STEP).transpose(2, 3).flatten(2)
        flat = functional.linear(frames.flatten(0, 1), *self.folded_stack())
        return torch.relu(flat).unflatten(0, frames.shape[:2])

    def folded_stack(self) -> tuple[Tensor, Tensor]:
        """Weight and bias of ``stack`` on raw features: their shift and scale folded in."""
        context = self.config.context
        weight = self.stack.weight * self.feature_scale.repeat(context)
        return weight, self.stack.bias + weight @ self.feature_shift.repeat(context)

    def dropout(self, x: Tensor) -> Tensor:
        """In training, columns of ``x`` [B, S, C] left out for a whole crop (Gal and Ghahramani
        2016)."""
        if not self.training or self.config.dropout == 0:
            return x
        keep = 1.0 - self.config.dropout
        mask = torch.empty(x.shape[0], 1, x.shape[2], dtype=x.dtype).bernoulli_(keep)
        return x * (mask / keep)

    def heads(self, x: Tensor) -> dict[str, Tensor]:
        """Hidden steps [B, S, width] to float32 logits: of frames [B, 2 S, ...], of ``forecast``
        [B, S, FORECAST] and, from a network that previews, of ``preview`` [B, S, curves]."""
        batch, steps, _ = x.shape
        frames = steps * FRAMES_PER_STEP
        outputs = {
            name: getattr(self, name)(x).reshape(batch, frames, -1).float()
            for name in ("visemes", "closure", "phones")
        }
        curves = self.curves(x).float().split(FRAMES_PER_STEP * self.config.curves, dim=2)
        outputs["curves"] = curves[0].reshape(batch, frames, -1)
        if self.previews:
            outputs["preview"] = curves[1]
        return {**outputs, "forecast": self.forecast(x).float()}

    @abstractmethod
    def trunk(self, features: Tensor) -> Tensor:
        """Features [B, 4 S, F] to hidden steps [B, S, width]."""

    def forward(self, features: Tensor) -> dict[str, Tensor]:
        return self.heads(self.trunk(features))


class StreamingNet(SpeechNet):
    """Features to curves, visemes, phones and closures, without a look beyond each step."""

    previews = 1

    def __init__(self, config: StreamingConfig) -> None:
        super().__init__(config)
        width, hidden = config.width, config.hidden
        self.splices = nn.ModuleList(nn.Linear(2 * width, width) for _ in range(config.layers))
        self.gru = nn.GRU(width, hidden)
        self.merge = nn.Linear(width + hidden, width)

    def trunk(self, features: Tensor) -> Tensor:
        x = self.stacked(features)
        for layer in self.splices:
            before = functional.pad(x, (0, 0, 1, 0))[:, :-1]
            x = x + torch.relu(layer(self.dropout(torch.cat([before, x], dim=2))))
        h, _ = self.gru(x.transpose(0, 1))
        return torch.relu(self.merge(self.dropout(torch.cat([x, h.transpose(0, 1)], dim=2))))


class TeacherNet(SpeechNet):
    """The same task with the whole recording in view: both directions, never exported.

    Its outputs are what a student with a short look-ahead is partly trained towards.
    """

    def __init__(self, config: StreamingConfig) -> None:
        super().__init__(config)
        width, hidden = config.width, config.hidden
        self.splices = nn.ModuleList(nn.Linear(3 * width, width) for _ in range(config.layers))
        self.gru = nn.GRU(width, hidden, bidirectional=True)
        self.merge = nn.Linear(width + 2 * hidden, width)

    def trunk(self, features: Tensor) -> Tensor:
        x = self.stacked(features)
        for layer in self.splices:
            around = functional.pad(x, (0, 0, 1, 1))
            sides = torch.cat([around[:, :-2], x, around[:, 2:]], dim=2)
            x = x + torch.relu(layer(self.dropout(sides)))
        h, _ = self.gru(x.transpose(0, 1))
        return torch.relu(self.merge(self.dropout(torch.cat([x, h.transpose(0, 1)], dim=2))))
