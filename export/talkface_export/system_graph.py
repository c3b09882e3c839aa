"""A published system and its encoders as one graph that the runtime steps: audio in, face out.

Encoders centre frame ``t`` at sample ``640 t + 320``, the runtime shows frame ``k`` at ``640 k``.
So windows lie 320 samples earlier: what a stream says is what :meth:`System.full` says of the same
audio behind 320 samples of silence. docs/systems-export.md has the times.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from talkface.rig import CHANNELS, EMOTIONS
from talkface_train.models.causal import joined
from talkface_train.models.emotion import affect_table
from talkface_train.models.encoders import HOP, MIDDLE, State, chosen
from talkface_train.models.hearing import Hearing
from talkface_train.models.system import Conditions, System, SystemOutput

ROOM = 0.01
"""The least way that an expression has to a channel's bound: keeps rounding from being enlarged."""
SETTLING_SECONDS = 2


class Told(NamedTuple):
    """What the runtime tells the graph: ``emotion`` to show [1, 8], ``identity`` [1, I], ``noise``
    [1, Z]."""

    emotion: Tensor
    identity: Tensor
    noise: Tensor


class SystemGraph(nn.Module, ABC):
    """One step of the runtime. ``outputs``: names of what :meth:`step` gives before the state, in
    order, as in a manifest. Audio windows cover ``[k hop + offset, k hop + offset + window)``, and
    ``offset + window = look_ahead``."""

    hop: int
    offset: int
    look_ahead: int
    affect: Tensor

    def __init__(self, system: System, hearing: Hearing, identities: int) -> None:
        super().__init__()
        self.system, self.hearing, self.identities = system.eval(), hearing.eval(), identities
        self.register_buffer("affect", affect_table(), persistent=False)
        self.splits = False
        frames = torch.zeros(1, system.stride, sum(hearing.widths.values()))
        with torch.no_grad():
            given = self._conditions(self.defaults())
            said, _ = system.step(frames, given, system.initial_state())
        self.splits = said.neutral is not None
        present = {
            "weights": True,
            "emotion": said.emotion is not None,
            "expression": self.splits,
            "head": said.head is not None,
        }
        self.outputs = tuple(name for name, there in present.items() if there)

    @property
    def window(self) -> int:
        """Samples that a step sees."""
        return self.look_ahead - self.offset

    @property
    def frames_per_step(self) -> int:
        return self.hop // HOP

    @property
    def priming_steps(self) -> int:
        """Steps that the runtime makes before the first one whose frames it keeps."""
        return (max(self.look_ahead, self.hop) - 1) // self.hop

    def defaults(self) -> Told:
        """Neutral, the first identity, the middle of the noise."""
        return Told(
            torch.eye(len(EMOTIONS))[:1],
            torch.eye(self.identities)[:1],
            torch.zeros(1, self.system.noise_width),
        )

    def initial_state(self) -> State:
        """Named state tensors of a fresh stream, batch 1. ``steps``: of priming, so far."""
        counted = {"steps": torch.zeros(1, 1)} if self.priming_steps else {}
        inner = {f"system_{name}": value for name, value in self.system.initial_state().items()}
        return {**counted, **self.heard(), **inner}

    @abstractmethod
    def heard(self) -> State:
        """The part of the state that :meth:`hear` knows."""

    @abstractmethod
    def hear(self, audio: Tensor, state: Mapping[str, Tensor]) -> tuple[Tensor, State]:
        """A step's window [1, window] to the system's features [1, frames, F] and the new state of
        hearing."""

    def step(
        self, audio: Tensor, told: Told, state: Mapping[str, Tensor]
    ) -> tuple[dict[str, Tensor], State]:
        """A window to ``outputs`` [1, frames, .] and new state."""
        features, after = self.hear(audio, state)
        inner = {name: state[f"system_{name}"] for name in self.system.initial_state()}
        said, new = self.system.step(features, self._conditions(told), inner)
        if self.priming_steps:
            # A clip's system knows nothing of frames before the clip.
            new = chosen(state["steps"] >= self.priming_steps, new, inner)
            after["steps"] = (state["steps"] + 1.0).clamp(max=self.priming_steps)
        after |= {f"system_{name}": value for name, value in new.items()}
        return self.answers(said), {name: after[name] for name in state}

    def answers(self, said: SystemOutput) -> dict[str, Tensor]:
        """What a system says as ``outputs``.

        The runtime lets an expression take the way that a weight has to its bound: ``d (1 - w)``
        upwards, ``d w`` downwards; so that is what is given here.
        """
        weights = said.curves.clamp(0.0, 1.0)
        found = {"weights": weights}
        if said.emotion is not None:
            shares = said.emotion.softmax(dim=2)
            found["emotion"] = torch.cat([shares, shares @ self.affect], dim=2)
        if said.neutral is not None:
            neutral = said.neutral.clamp(0.0, 1.0)
            more = weights - neutral
            room = torch.where(more > 0, 1.0 - neutral, neutral).clamp(min=ROOM)
            found |= {"weights": neutral, "expression": (more / room).clamp(-1.0, 1.0)}
        if said.head is not None:
            found["head"] = said.head
        return {name: found[name] for name in self.outputs}

    def frames(self, audio: Tensor) -> int:
        """Frames that the runtime makes of a clip [1, N]."""
        return -(-audio.shape[1] // HOP)

    @torch.inference_mode()
    def streamed(self, audio: Tensor, told: Told) -> dict[str, Tensor]:
        """A clip [1, N] step by step, as the runtime does."""
        frames, first = self.frames(audio), -self.priming_steps
        steps = -(-frames // self.frames_per_step)
        lead = -(first * self.hop + self.offset)
        tail = steps * self.hop + self.look_ahead
        padded, state = functional.pad(audio, (lead, tail)), self.initial_state()
        found: list[dict[str, Tensor]] = []
        for index in range(steps - first):
            start = index * self.hop
            said, state = self.step(padded[:, start : start + self.window], told, state)
            if index + first >= 0:
                found.append(said)
        return {n: torch.cat([said[n] for said in found], 1)[:, :frames] for n in self.outputs}

    @torch.inference_mode()
    def offline(self, audio: Tensor, told: Told) -> dict[str, Tensor]:
        """A clip [1, N] in one pass over the whole, its frames at the runtime's times."""
        frames, stride = self.frames(audio), self.system.stride
        tail = max(HOP * -(-frames // stride) * stride - MIDDLE - audio.shape[1], 0)
        parts = self.hearing(functional.pad(audio, (MIDDLE, tail)))
        said = self.system.full(joined(parts, self.system.parts), self._conditions(told))
        return {name: value[:, :frames] for name, value in self.answers(said).items()}

    @torch.inference_mode()
    def expression_at_rest(self) -> Tensor:
        """Expression [8, 52] in silence with each emotion to show; neutral's is 0."""
        silence = torch.zeros(1, SETTLING_SECONDS * 16000)
        rows = [
            self.streamed(silence, self.defaults()._replace(emotion=mix[None]))["expression"][0, -1]
            for mix in torch.eye(len(EMOTIONS))
        ]
        return torch.stack([torch.zeros(len(CHANNELS)), *rows[1:]])

    def _conditions(self, told: Told) -> Conditions:
        # The runtime tells an emotion to graphs with a neutral face alone.
        if self.splits:
            return Conditions(told.identity, told.emotion, 1.0 - told.emotion[:, 0], told.noise)
        emotion = self.defaults().emotion.expand(told.identity.shape[0], -1)
        level = torch.ones_like(told.identity[:, 0])
        return Conditions(told.identity, emotion, level, told.noise)


class StatefulGraph(SystemGraph):
    """Encoders that stream: each step hears the ``stride`` times 640 samples that are new to them.

    The runtime's priming steps are whole steps, those of encoders are 640 samples: encoders wait
    ``idle`` of these, or have heard what is missing as silence in their initial state.
    """

    def __init__(self, system: System, hearing: Hearing, identities: int) -> None:
        super().__init__(system, hearing, identities)
        state, ahead = hearing.initial_state(), hearing.look_ahead
        assert ahead is not None
        self.hop, self.offset = HOP * system.stride, ahead - HOP
        self.look_ahead = max(ahead + HOP * (system.stride - 1), 0)
        primes = max(-(-(ahead - MIDDLE) // HOP), 0)
        self.idle = system.stride * self.priming_steps - primes
        with torch.no_grad():
            for _ in range(-self.idle):
                _, state = hearing.step(torch.zeros(1, HOP), state)
        self._fresh = state

    def heard(self) -> State:
        return {f"hearing_{name}": value for name, value in self._fresh.items()}

    def hear(self, audio: Tensor, state: Mapping[str, Tensor]) -> tuple[Tensor, State]:
        inner, frames = {name: state[f"hearing_{name}"] for name in self._fresh}, []
        for index, block in enumerate(torch.split(audio[:, : self.hop], HOP, dim=1)):
            parts, new = self.hearing.step(block, inner)
            waits = -(-(self.idle - index) // self.system.stride)
            inner = chosen(state["steps"] >= waits, new, inner) if waits > 0 else new
            frames.append(joined(parts, self.system.parts))
        return torch.cat(frames, dim=1), {f"hearing_{n}": value for n, value in inner.items()}
