"""The default system's whole graph, audio in: networks side by side behind one front end.

Several networks that differ in nothing but their start and width err differently: the mean of what
they say is better than the best of them (docs/adr/0013-a-pair.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkface_train.models.captured import SLOPE, CapturedHead
from talkface_train.models.feeling import Conditions, Feeling, Felt
from talkface_train.models.frontend import FEATURE_HOP, FEATURES, SAMPLE_RATE, WINDOW, FrontEnd
from talkface_train.models.streaming import (
    FEATURES_PER_STEP,
    FRAME_RATE,
    FRAMES_PER_STEP,
    HOP,
    VISEME_COUNT,
    StreamingConfig,
    StreamingNet,
    blur_of,
)

SPOKEN = ("curves", "visemes", "closure")
FRAMES_TOLD = FRAMES_PER_STEP + StreamingNet.previews


def _merged(net: StreamingNet, captured: CapturedHead | None) -> nn.Linear:
    """Everything of a step's frames and of the frame foretold that goes through one sigmoid, as one
    layer: rows of a frame lie together, curves, the captured head's, closure."""
    weights, biases = [], []
    for name, rows in (("weight", weights), ("bias", biases)):
        parts = [getattr(net.curves, name).unflatten(0, (FRAMES_TOLD, -1))]
        if captured is not None:
            parts.append(SLOPE * getattr(captured.rows, name).unflatten(0, (FRAMES_TOLD, -1)))
        heard = getattr(net.closure, name)
        told = getattr(net.forecast, name)[:1] if net.config.forecast else heard[-1:]
        parts.append(torch.cat([heard, told]).unflatten(0, (FRAMES_TOLD, -1)))
        rows.append(torch.cat(parts, dim=1).flatten(0, 1).detach())
    layer = nn.Linear(*weights[0].shape[::-1])
    layer.weight, layer.bias = nn.Parameter(weights[0]), nn.Parameter(biases[0])
    return layer


class Member(nn.Module):
    """One network as the graph runs it: the scale of features folded into its first layer, and all
    that goes through a sigmoid in one layer. ``captured``: a head that has a say in some curves."""

    def __init__(self, net: StreamingNet, captured: CapturedHead | None = None) -> None:
        super().__init__()
        self.net, self.captured = net, captured
        self.stack = nn.Linear(net.stack.in_features, net.stack.out_features)
        with torch.no_grad():
            self.stack.weight, self.stack.bias = map(nn.Parameter, net.folded_stack())
        self.lips = _merged(net, captured)
        self.told = len(self.lips.bias) // FRAMES_TOLD

    @property
    def cached(self) -> int:
        """Width of its splices' state."""
        return self.net.config.layers * self.net.config.width

    def forward(self, stacked: Tensor, splices: Tensor, gru: Tensor) -> tuple[Tensor, ...]:
        """Feature frames [B, context, F] and state to what goes into :func:`blur_of` [B, 3, told],
        visemes [B, 2, 15] and new state."""
        net = self.net
        x = torch.relu(self.stack(stacked.flatten(1)))
        inputs = []
        befores = splices.split(net.config.width, dim=1)
        for layer, before in zip(net.splices, befores, strict=True):
            inputs.append(x)
            x = x + torch.relu(layer(torch.cat([before, x], dim=1)))
        _, gru = net.gru(x.unsqueeze(0), gru)
        x = torch.relu(net.merge(torch.cat([x, gru.squeeze(0)], dim=1)))
        raw = torch.sigmoid(self.lips(x)).reshape(-1, FRAMES_TOLD, self.told)
        visemes = net.visemes(x).reshape(-1, FRAMES_PER_STEP, VISEME_COUNT).softmax(dim=2)
        return raw, visemes, torch.cat(inputs, dim=1), gru


class Together(nn.Module):
    """Networks as one, on features: logits of the mean of what they say. ``shares``: how much each
    counts, their sum 1; alike without."""

    def __init__(self, nets: Sequence[StreamingNet], shares: Sequence[float] | None = None) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)
        self.shares = torch.tensor(_alike(shares, nets))

    def forward(self, features: Tensor) -> dict[str, Tensor]:
        said = [net(features) for net in self.nets]
        shares = self.shares.reshape(-1, 1, 1, 1)
        joined = {}
        for name in said[0]:
            rows = torch.stack([logits[name] for logits in said])
            if name in ("visemes", "phones"):
                joined[name] = (rows.log_softmax(dim=3) + shares.log()).logsumexp(dim=0)
            else:
                joined[name] = (shares * torch.sigmoid(rows)).sum(dim=0).logit(eps=1e-6)
        return joined


class StreamingModel(nn.Module):
    """The whole graph: what the exporter writes.

    ``step`` runs one hop with explicit state; ``full`` runs a whole clip through the same step,
    as the C++ runtime does: priming steps first, look-ahead padded with silence. ``members`` agree
    in all but width, layers and weights; ``shares`` as in :class:`Together`.
    """

    members: Sequence[Member]
    shares: Tensor

    def __init__(
        self,
        members: Sequence[Member],
        prior: Tensor,
        shares: Sequence[float] | None = None,
        feeling: Feeling | None = None,
    ) -> None:
        super().__init__()
        self.feeling = feeling
        self.members = nn.ModuleList(members)  # type: ignore[assignment]
        self.register_buffer("shares", torch.tensor([_alike(shares, members)]))
        self.front = FrontEnd(prior, FEATURES_PER_STEP)
        heads = [member.captured for member in members]
        self.mixed = heads[0] is not None
        if heads[0] is not None:
            matrix, offset = heads[0].blend(self.config.curves)
            self.register_buffer("blend", matrix)
            self.register_buffer("blend_offset", offset)
        self.register_buffer("blur", blur_of(self.config))
        self.window = WINDOW - FEATURE_HOP + HOP
        self.offset = self.config.look_ahead - self.window

    @property
    def config(self) -> StreamingConfig:
        """Of the first network."""
        return self.members[0].net.config

    @property
    def parameters_of_nets(self) -> int:
        """How many weights were trained."""
        return sum(p.numel() for member in self.members for p in member.net.parameters())

    def initial_state(self) -> dict[str, Tensor]:
        """Named state tensors of a fresh stream, batch 1."""
        config = self.config
        peak, mean = self.front.initial_state()
        cached = config.context - FEATURES_PER_STEP
        last = torch.zeros(1, 2, self.members[0].told)
        last[:, :, config.curves : -1] = 0.5  # the captured head's rest
        return {
            "peak": peak,
            "mean": mean,
            "features": torch.zeros(1, cached, FEATURES),
            "splices": torch.zeros(1, sum(member.cached for member in self.members)),
            "gru": torch.zeros(1, 1, sum(member.net.config.hidden for member in self.members)),
            "last": last,
            **(self.feeling.initial_state() if self.feeling else {}),
        }

    def step(
        self, audio: Tensor, state: Sequence[Tensor], conditions: Conditions | None = None
    ) -> tuple[Tensor, ...]:
        """``audio`` [B, window] and state to curves, visemes, closure [B, 2, ...], with a feeling
        its :class:`Felt` (``conditions``: the default ones if not given), and new state."""
        peak, mean, features, splices, gru, last, *feelings = state
        fresh, peak, mean = self.front(audio, peak, mean)
        stacked = torch.cat([features, fresh], dim=1)
        features = stacked[:, FEATURES_PER_STEP:]
        caches = splices.split([member.cached for member in self.members], dim=1)
        memories = gru.split([member.net.config.hidden for member in self.members], dim=2)
        said = [
            member(stacked, *own)
            for member, own in zip(self.members, zip(caches, memories, strict=True), strict=True)
        ]
        raws, tables, caches, memories = zip(*said, strict=True)
        raw = self._mean(raws, FRAMES_TOLD, self.members[0].told)
        visemes = self._mean(tables, FRAMES_PER_STEP, VISEME_COUNT)
        frames = self.blur @ torch.cat([last, raw], dim=1)
        last = raw[:, FRAMES_PER_STEP - 1 :]
        weights, closure = frames.split([self.members[0].told - 1, 1], dim=2)
        closure = closure.flatten(1)
        if self.mixed:
            weights = torch.relu(weights @ self.blend + self.blend_offset)
        splices, gru = torch.cat(caches, dim=1), torch.cat(memories, dim=2)
        felt: tuple[Tensor, ...] = ()
        if self.feeling:
            given = conditions or self.feeling.defaults()
            felt, feelings = self.feeling.step(stacked, visemes, given, feelings)  # type: ignore[assignment]
        spoken = (weights, visemes, closure)
        return *spoken, *felt, peak, mean, features, splices, gru, last, *feelings

    def _mean(self, said: Sequence[Tensor], frames: int, width: int) -> Tensor:
        if len(said) == 1:
            return said[0]
        rows = torch.cat(list(said)).reshape(len(said), -1)
        return (self.shares @ rows).reshape(-1, frames, width)

    @property
    def batch_axes(self) -> dict[str, int]:
        """Where the state of :meth:`initial_state` has its batch: recurrent units at 1, after their
        layers."""
        recurrent = {"gru", *(self.feeling.recurrent if self.feeling else ())}
        return {name: int(name in recurrent) for name in self.initial_state()}

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of what :meth:`step` gives before the state."""
        return (*SPOKEN, *(Felt._fields if self.feeling else ()))

    def full(self, audio: Tensor, conditions: Conditions | None = None) -> dict[str, Tensor]:
        """A clip ``audio`` [N] to ``outputs`` of each frame with t < N / 16000."""
        frames = -(-len(audio) * FRAME_RATE // SAMPLE_RATE)
        steps = -(-frames // FRAMES_PER_STEP)
        first = -self.config.priming_steps
        lead = -(first * HOP + self.offset)
        tail = max(steps * HOP + self.config.look_ahead - len(audio), 0)
        padded = functional.pad(audio[None], (lead, tail))
        state = list(self.initial_state().values())
        outputs: list[list[Tensor]] = []
        for index in range(steps - first):
            start = index * HOP
            window = padded[:, start : start + self.window]
            given = self.step(window, state, conditions)
            state = list(given[len(self.outputs) :])
            if index + first >= 0:
                outputs.append([part[0] for part in given[: len(self.outputs)]])
        joined = [torch.cat(part)[:frames] for part in zip(*outputs, strict=True)]
        return dict(zip(self.outputs, joined, strict=True))


def _alike(shares: Sequence[float] | None, members: Sequence[object]) -> list[float]:
    return list(shares) if shares is not None else [1.0 / len(members)] * len(members)
