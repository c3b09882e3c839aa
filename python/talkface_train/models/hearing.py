"""What a published system hears: an encoder for words, one for emotion, and the mel where it asks
for it, as one module that runs on clips, on a trainer's cached rows, and in a stream.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkface_train.models.encoders import (
    FEATURES_PER_FRAME,
    HOP,
    Encoder,
    MelEncoder,
    MelFront,
    State,
)
from talkface_train.models.frontend import FEATURES, MELS

PARTS = ("features", "emotion_features", "mel")


class Hearing(nn.Module, ABC):
    """Audio [B, N] at 16 kHz to the ``parts`` of a batch, each [B, N // 640, width].

    ``widths``: by part. ``rows_per_frame``: of what :meth:`frontend` gives. ``frontend_key``: what
    its rows hang on, for caches. ``obstacle``: why it cannot stream, None when it can.
    """

    parts: tuple[str, ...]
    widths: dict[str, int]
    rows_per_frame: int
    priming_steps: int
    look_ahead: int | None
    frontend_key: list[Any]
    obstacle: str | None = None

    @abstractmethod
    def frontend(self, audio: Tensor) -> Tensor:
        """What is heard without weights that are learnt: rows [B, R, F], for
        ``priming_steps`` frames more than the clip has."""

    @abstractmethod
    def encode(self, rows: Tensor) -> State:
        """Rows to the parts, without the priming steps' frames."""

    def forward(self, audio: Tensor) -> State:
        return self.encode(self.frontend(audio))

    @abstractmethod
    def initial_state(self) -> State:
        """State of a fresh stream, batch 1; NotStreamable with the obstacle where there is one."""

    @abstractmethod
    def step(self, audio: Tensor, state: Mapping[str, Tensor]) -> tuple[State, State]:
        """The next 640 samples and state to each part's frame [B, 1, width] and new state."""


class MelHearing(Hearing):
    """Two mel encoders behind one front end; the one for emotion hears the voice's colour."""

    def __init__(
        self,
        parts: Sequence[str] = PARTS[:2],
        width: int = 128,
        emotion_width: int | None = None,
        layers: int = 2,
        context: int = 12,
        look_ahead: int = 1600,
    ) -> None:
        super().__init__()
        self.parts = tuple(parts)
        sizes = (layers, context, look_ahead)
        self.content = MelEncoder(width, *sizes)
        self.emotion = MelEncoder(emotion_width or width, *sizes, coloured=True)
        # One front end for both: theirs have no weights.
        self.front = MelFront()
        del self.content.front, self.emotion.front
        every = (self.content.width, self.emotion.width, MELS)
        self.widths = {n: w for n, w in zip(PARTS, every, strict=True) if n in self.parts}
        self.rows_per_frame, self.look_ahead = FEATURES_PER_FRAME, look_ahead
        self.priming_steps = self.content.priming_steps
        self.frontend_key = ["mel", look_ahead]

    def frontend(self, audio: Tensor) -> Tensor:
        rows: Tensor = self.front(self.content.padded(audio))
        return rows

    def encode(self, rows: Tensor) -> State:
        said = (self.content.encode(rows), self.emotion.encode(rows), mel_of(rows))
        every = zip(PARTS, said, strict=True)
        return {name: value[:, self.priming_steps :] for name, value in every if name in self.parts}

    def initial_state(self) -> State:
        state = dict(self.front.initial_state())
        for name, encoder in (("content", self.content), ("emotion", self.emotion)):
            state |= {f"{name}_{key}": value for key, value in encoder.memory().items()}
        return state

    def step(self, audio: Tensor, state: Mapping[str, Tensor]) -> tuple[State, State]:
        rows, after = self.front.step(audio, state)
        said = {"mel": mel_of(rows)}
        for part, name, encoder in (
            ("features", "content", self.content), ("emotion_features", "emotion", self.emotion),
        ):  # fmt: skip
            memory = {key: state[f"{name}_{key}"] for key in encoder.memory()}
            said[part], memory = encoder.hear(rows, memory)
            after |= {f"{name}_{key}": value for key, value in memory.items()}
        return {name: said[name] for name in self.parts}, after


class FrozenHearing(Hearing):
    """Encoders that others trained and nobody trains further; the mel comes from a front end."""

    def __init__(
        self, content: Encoder, emotion: Encoder, parts: Sequence[str], key: Sequence[Any]
    ) -> None:
        super().__init__()
        self.parts = tuple(parts)
        self.content, self.emotion = content, emotion
        self.obstacle = content.obstacle or emotion.obstacle
        if self.obstacle is None and content.look_ahead != emotion.look_ahead:
            raise ValueError(
                f"encoders of one system must look ahead alike, not {content.look_ahead} and "
                f"{emotion.look_ahead} samples"
            )
        self.look_ahead = None if self.obstacle else content.look_ahead
        # The mel keeps step with encoders that stream, and looks 100 ms ahead beside others.
        ahead = 1600 if self.look_ahead is None else self.look_ahead - self.look_ahead % 160
        self.mel = MelEncoder(1, layers=1, look_ahead=ahead)
        del self.mel.stack, self.mel.splices, self.mel.norm
        self.late, self.mel_priming = 0, self.mel.priming_steps
        if self.look_ahead is not None:
            self.late, self.mel_priming = self.look_ahead - ahead, content.priming_steps
        every = (content.width, emotion.width, MELS)
        self.widths = {n: w for n, w in zip(PARTS, every, strict=True) if n in self.parts}
        self.rows_per_frame, self.priming_steps = 1, 0
        self.frontend_key = ["frozen", *key, list(self.parts)]

    @torch.no_grad()
    def frontend(self, audio: Tensor) -> Tensor:
        found = []
        for name in self.parts:
            if name == "mel":
                more = HOP * (self.mel_priming - self.mel.priming_steps)
                rows = self.mel.front(functional.pad(self.mel.padded(audio), (more, 0)))
                found.append(mel_of(rows)[:, self.mel_priming :])
            else:
                found.append((self.content if name == "features" else self.emotion)(audio))
        return torch.cat(found, dim=2)

    def encode(self, rows: Tensor) -> State:
        split = torch.split(rows, [self.widths[name] for name in self.parts], dim=2)
        return dict(zip(self.parts, split, strict=True))

    def initial_state(self) -> State:
        state: State = {}
        for name in self.parts:
            inner = self.encoder_of(name).initial_state()
            state |= {f"{name}_{key}": value for key, value in inner.items()}
        return state

    def step(self, audio: Tensor, state: Mapping[str, Tensor]) -> tuple[State, State]:
        said: State = {}
        after: State = {}
        for name in self.parts:
            encoder = self.encoder_of(name)
            inner = {key: state[f"{name}_{key}"] for key in encoder.initial_state()}
            said[name], inner = encoder.step(audio, inner)
            after |= {f"{name}_{key}": value for key, value in inner.items()}
        return said, after

    def encoder_of(self, name: str) -> Any:
        """What says a part."""
        mel = _Mel(self.mel, self.late)
        return {"features": self.content, "emotion_features": self.emotion, "mel": mel}[name]


class _Mel:
    """The mel as an encoder's stream of audio that is ``late`` samples ahead of it."""

    def __init__(self, encoder: MelEncoder, late: int) -> None:
        self.front, self.late = encoder.front, late

    def initial_state(self) -> State:
        state = self.front.initial_state()
        return {**state, "late": torch.zeros(1, self.late)} if self.late else state

    def step(self, audio: Tensor, state: State) -> tuple[Tensor, State]:
        whole = torch.cat([state["late"], audio], dim=1) if self.late else audio
        rows, after = self.front.step(whole[:, :HOP], state)
        return mel_of(rows), {**after, "late": whole[:, HOP:]} if self.late else after


def mel_of(rows: Tensor) -> Tensor:
    """Each frame's mean of the mel's four rows [B, 4 S, ROW], before means are taken off:
    [B, S, 48]."""
    bands = rows[:, :, FEATURES:]
    return bands.unflatten(1, (-1, FEATURES_PER_FRAME)).mean(dim=2)
