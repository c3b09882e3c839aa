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
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkface_train.models.captured import SLOPE, CapturedHead
from talkface_train.models.frontend import (
    FEATURE_HOP,
    FEATURES,
    SAMPLE_RATE,
    SPECTRUM,
    WINDOW,
    FrontEnd,
)

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


def _merged(net: StreamingNet, captured: CapturedHead | None) -> nn.Linear:
    """Everything of a step's frames and of the frame foretold that goes through one sigmoid, as one
    layer: rows of a frame lie together, curves, the captured head's, closure."""
    frames = FRAMES_PER_STEP + 1
    weights, biases = [], []
    for name, rows in (("weight", weights), ("bias", biases)):
        parts = [getattr(net.curves, name).unflatten(0, (frames, -1))]
        if captured is not None:
            parts.append(SLOPE * getattr(captured.rows, name).unflatten(0, (frames, -1)))
        heard = getattr(net.closure, name)
        told = getattr(net.forecast, name)[:1] if net.config.forecast else heard[-1:]
        parts.append(torch.cat([heard, told]).unflatten(0, (frames, -1)))
        rows.append(torch.cat(parts, dim=1).flatten(0, 1).detach())
    layer = nn.Linear(*weights[0].shape[::-1])
    layer.weight, layer.bias = nn.Parameter(weights[0]), nn.Parameter(biases[0])
    return layer


class StreamingModel(nn.Module):
    """The whole graph, audio in: what the exporter writes.

    ``step`` runs one hop with explicit state; ``full`` runs a whole clip through the same step,
    as the C++ runtime does: priming steps first, look-ahead padded with silence. ``captured``: a
    head that has a say in some curves.
    """

    def __init__(
        self, net: StreamingNet, prior: Tensor, captured: CapturedHead | None = None
    ) -> None:
        super().__init__()
        self.net, self.captured = net, captured
        self.front = FrontEnd(prior, FEATURES_PER_STEP)
        self.stack = nn.Linear(net.stack.in_features, net.stack.out_features)
        with torch.no_grad():
            self.stack.weight, self.stack.bias = map(nn.Parameter, net.folded_stack())
        self.lips = _merged(net, captured)
        if captured is not None:
            matrix, offset = captured.blend(net.config.curves)
            self.register_buffer("blend", matrix)
            self.register_buffer("blend_offset", offset)
        self.register_buffer("blur", blur_of(net.config))
        self.window = WINDOW - FEATURE_HOP + HOP
        self.offset = net.config.look_ahead - self.window

    def initial_state(self) -> dict[str, Tensor]:
        """Named state tensors of a fresh stream, batch 1."""
        config = self.net.config
        peak, mean = self.front.initial_state()
        cached = config.context - FEATURES_PER_STEP
        last = torch.zeros(1, 2, len(self.lips.bias) // (FRAMES_PER_STEP + 1))
        last[:, :, config.curves : -1] = 0.5  # the captured head's rest
        return {
            "peak": peak,
            "mean": mean,
            "features": torch.zeros(1, cached, FEATURES),
            "splices": torch.zeros(1, config.layers * config.width),
            "gru": torch.zeros(1, 1, config.hidden),
            "last": last,
        }

    def step(self, audio: Tensor, state: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """``audio`` [1, window] and state to curves, visemes, closure [1, 2, ...] and new state."""
        peak, mean, features, splices, gru, last = state
        net, config = self.net, self.net.config
        fresh, peak, mean = self.front(audio, peak, mean)
        stacked = torch.cat([features, fresh], dim=1)
        features = stacked[:, FEATURES_PER_STEP:]
        x = torch.relu(self.stack(stacked.flatten(1)))
        inputs = []
        befores = splices.split(config.width, dim=1)
        for layer, before in zip(net.splices, befores, strict=True):
            inputs.append(x)
            x = x + torch.relu(layer(torch.cat([before, x], dim=1)))
        _, gru = net.gru(x.unsqueeze(0), gru)
        x = torch.relu(net.merge(torch.cat([x, gru.squeeze(0)], dim=1)))
        raw = torch.sigmoid(self.lips(x)).reshape(1, FRAMES_PER_STEP + 1, -1)
        frames = self.blur @ torch.cat([last, raw], dim=1)
        last = raw[:, FRAMES_PER_STEP - 1 :]
        weights, closure = frames.split([frames.shape[2] - 1, 1], dim=2)
        closure = closure.reshape(1, FRAMES_PER_STEP)
        if self.captured is not None:
            weights = torch.relu(weights @ self.blend + self.blend_offset)
        visemes = net.visemes(x).reshape(1, FRAMES_PER_STEP, -1).softmax(dim=2)
        splices = torch.cat(inputs, dim=1)
        return weights, visemes, closure, peak, mean, features, splices, gru, last

    def full(self, audio: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """A clip ``audio`` [N] to curves, visemes, closure of each frame with t < N / 16000."""
        frames = -(-len(audio) * FRAME_RATE // SAMPLE_RATE)
        steps = -(-frames // FRAMES_PER_STEP)
        first = -self.net.config.priming_steps
        lead = -(first * HOP + self.offset)
        tail = max(steps * HOP + self.net.config.look_ahead - len(audio), 0)
        padded = functional.pad(audio[None], (lead, tail))
        state = list(self.initial_state().values())
        outputs = []
        for index in range(steps - first):
            start = index * HOP
            curves, visemes, closure, *state = self.step(
                padded[:, start : start + self.window], state
            )
            if index + first >= 0:
                outputs.append((curves[0], visemes[0], closure[0]))
        joined = tuple(torch.cat(part)[:frames] for part in zip(*outputs, strict=True))
        return joined[0], joined[1], joined[2]
