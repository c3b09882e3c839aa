"""Untrained runs of published systems, encoders to hear by, and a system that says everything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from talkface import TalkFace
from talkface_train.models.causal import Stack
from talkface_train.models.encoders import HOP, Encoder, frames_of
from talkface_train.models.hearing import FrozenHearing
from talkface_train.models.system import System, SystemOutput
from talkface_train.models.waveform import RunningScale
from talkface_train.systems import SYSTEMS, RunInfo, build_hearing, build_system, save_run

ENCODER = {"width": 12, "layers": 1, "context": 6}
"""Look-ahead 1600: the runtime primes as encoders do."""


def shaken(net: nn.Module) -> nn.Module:
    """Weights of an untrained network, large enough that faces move."""
    torch.manual_seed(3)
    with torch.no_grad():
        for value in net.parameters():
            value.add_(0.05 * torch.randn_like(value))
    return net.eval()


def make_run(folder: Path, name: str, encoder=ENCODER, **model) -> Path:
    info = RunInfo(
        name, ("ada", "ben"), {"hidden": 16, "window": 6, **model}, encoder, config={"seed": 3}
    )
    hearing = build_hearing(info.encoder, SYSTEMS[name].parts)
    net = nn.ModuleDict({"system": build_system(info, hearing), "hearing": hearing})
    folder.mkdir(exist_ok=True)
    save_run(folder, info, shaken(net))
    return folder


def noise(seconds: float = 2.0, seed: int = 0) -> np.ndarray:
    """Bursts of noise, int16."""
    generator = np.random.default_rng(seed)
    time = np.arange(int(16000 * seconds)) / 16000
    loud = np.clip(np.sin(2 * np.pi * 2.3 * time), 0, 1) ** 2
    return (generator.normal(0, 3000, len(time)) * loud).astype(np.int16)


def in_stream(face: TalkFace, audio: np.ndarray, chunk: int = 777, **options) -> np.ndarray:
    stream, parts, start = face.stream(16000, **options), [], 0
    while start < len(audio):
        start += stream.push(audio[start : start + chunk])
        stream.process()
        parts.append(stream.read().weights)
    stream.flush()
    stream.process()
    parts.append(stream.read().weights)
    return np.concatenate(parts)


class Wave(Encoder):
    """Streams as wav2vec's convolutions do: scaled audio through one layer of ``field`` samples."""

    look_ahead, field = 400, 720

    def __init__(self, width: int) -> None:
        super().__init__()
        torch.manual_seed(width)
        self.width, self.scale = width, RunningScale()
        self.layer = nn.Linear(self.field, width)

    def forward(self, audio):
        whole = self.scale.whole(self.padded(audio))
        whole = nn.functional.pad(whole, (self.field - HOP, 0))
        return self.layer(whole.unfold(1, self.field, HOP))[:, self.priming_steps :]

    def initial_state(self):
        return {"past": torch.zeros(1, self.field - HOP), "scale": self.scale.initial_state()}

    def step(self, audio, state):
        scaled, scale = self.scale(audio, state["scale"])
        whole = torch.cat([state["past"], scaled], dim=1)
        return self.layer(whole)[:, None], {"past": whole[:, HOP:], "scale": scale}


class Whole(Encoder):
    """Two layers of attention over the whole clip, as a transformer's."""

    look_ahead, obstacle = None, "its attention hears the whole clip"

    def __init__(self, width: int) -> None:
        super().__init__()
        torch.manual_seed(width)
        self.width, self.enter = width, nn.Linear(HOP, width)
        layer = nn.TransformerEncoderLayer(width, 2, 2 * width, 0.0, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, audio):
        whole = audio[:, : HOP * frames_of(audio)].unflatten(1, (-1, HOP))
        return self.layers(self.enter(10.0 * whole))

    def initial_state(self):
        self.check_streamable()

    def step(self, audio, state):  # noqa: ARG002
        self.check_streamable()


def hear_by(monkeypatch, encoder: type[Encoder]) -> None:
    monkeypatch.setattr(
        "talkface_train.systems.build_hearing",
        lambda given, parts: FrozenHearing(encoder(6), encoder(8), parts, ["test"]).eval(),  # noqa: ARG005
    )


def frozen_run(folder: Path, name: str, encoder: type[Encoder], **model) -> Path:
    """As :func:`make_run`, after :func:`hear_by`."""
    info = RunInfo(name, ("ada", "ben"), {"hidden": 16, "window": 6, **model})
    hearing = FrozenHearing(encoder(6), encoder(8), SYSTEMS[name].parts, ["test"])
    net = nn.ModuleDict({"system": shaken(build_system(info, hearing)), "hearing": hearing})
    folder.mkdir()
    save_run(folder, info, net)
    return folder


class Split(System):
    """Says a neutral face and a felt one, a head that noise moves and, perhaps, an emotion."""

    name, heads, noise_width, classifies = "split", True, 3, True
    ablations = ()

    def __init__(self, content, emotion, identities=1, **_):
        super().__init__()
        self.stack = Stack(content + emotion, 8, 1, 4)
        self.said = nn.Linear(8 + identities, 52)
        self.felt, self.heard = nn.Linear(8, 52), nn.Linear(8, 8)
        self.turned = nn.Linear(8 + 3, 9)

    def initial_state(self):
        return {"count": torch.zeros(1, 1), "stack": self.stack.initial_state()}

    def step(self, features, conditions, state):
        x, stack = self.stack(features, state["stack"], state["count"])
        frames = x.shape[1]
        identity, noise = (
            c[:, None].expand(-1, frames, -1) for c in (conditions[0], conditions[3])
        )
        neutral = torch.sigmoid(self.said(torch.cat([x, identity], 2)))
        more = 0.4 * torch.tanh(self.felt(x))
        if self.classifies:
            more = more * conditions.level[:, None, None]
        head = self.turned(torch.cat([x, noise], 2)) * 0.1 + torch.eye(3).flatten()[None, None]
        logits = self.heard(x) if self.classifies else None
        after = {"count": state["count"] + frames, "stack": stack}
        return SystemOutput(neutral + more, head, logits, neutral), after

    def full(self, features, conditions):
        return self.step(features, conditions, self.initial_state())[0]

    def training_loss(self, batch, config):  # noqa: ARG002
        raise AssertionError("not trained here")


class Unasked(Split):
    """Hears emotion and has no name for it."""

    classifies = False
