"""What every published system answers to: batches, conditions, outputs, training and streaming."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple, TypedDict

from torch import Tensor, nn


class Batch(TypedDict, total=False):
    """One training batch, float32 unless said; pairs carry suffixes (``features_12``)."""

    features: Tensor
    emotion_features: Tensor
    curves: Tensor
    neutral: Tensor
    head: Tensor
    identity: Tensor
    emotion: Tensor
    level: Tensor
    mask: Tensor


class Conditions(NamedTuple):
    """``identity`` [B, I], ``emotion`` mix [B, 8], ``level`` [B], ``noise`` [B, Z]."""

    identity: Tensor
    emotion: Tensor
    level: Tensor
    noise: Tensor


class SystemOutput(NamedTuple):
    """``curves`` [B, T, K]; ``head`` [B, T, 9] or None; ``emotion`` logits or None."""

    curves: Tensor
    head: Tensor | None
    emotion: Tensor | None


class System(nn.Module, ABC):
    """A published way from features to a face at 25 frames a second."""

    name: ClassVar[str]
    ablations: ClassVar[tuple[str, ...]]
    frame_rate = 25

    @abstractmethod
    def training_loss(self, batch: Batch, config: Any) -> dict[str, Tensor]:
        """Terms by name, already weighted."""

    @abstractmethod
    def full(self, features: Tensor, conditions: Conditions) -> SystemOutput:
        """A whole clip."""

    @abstractmethod
    def step(
        self, features: Tensor, conditions: Conditions, state: dict[str, Tensor]
    ) -> tuple[SystemOutput, dict[str, Tensor]]:
        """One streaming step and the new state."""

    @abstractmethod
    def initial_state(self) -> dict[str, Tensor]:
        """State of a fresh stream, batch 1."""
