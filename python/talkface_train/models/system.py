"""What every published system answers to: batches, conditions, outputs, training and streaming."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple, TypedDict

from torch import Tensor, nn


class Batch(TypedDict, total=False):
    """One training batch, float32 unless said.

    ``features``, ``emotion_features``, ``mel`` [B, T, width]: what encoders said, at 25 frames a
    second. ``curves``, ``neutral`` [B, T, 52]: the face, and the same speech's without emotion.
    ``head`` [B, T, 9]: first two columns of the rotation, then translation in metres.
    ``identity`` [B, I]: one-hot. ``emotion`` [B]: index in the rig's order. ``level`` [B]: 0 or 1.
    ``mask`` [B, T]: 1 where a frame counts; ``head_mask`` alike for ``head``.

    Clips of a pair carry suffixes on all of these: ``_12`` says the words of the batch's own clip
    in another emotion, ``_21`` other words in its emotion, ``_22`` the words of ``_21`` in the
    emotion of ``_12``; all by the speaker of the batch's own. Without a suffix: ``_11``.
    """

    features: Tensor
    emotion_features: Tensor
    mel: Tensor
    curves: Tensor
    neutral: Tensor
    head: Tensor
    head_mask: Tensor
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
    """``curves`` [B, T, K]; ``head`` [B, T, 9] or None; ``emotion`` logits or None; ``neutral``
    [B, T, K]: the same speech's face without emotion, or None."""

    curves: Tensor
    head: Tensor | None
    emotion: Tensor | None
    neutral: Tensor | None = None


class System(nn.Module, ABC):
    """A published way from features to a face at 25 frames a second.

    ``parts``: the batch's features that :meth:`full` and :meth:`step` take side by side, in this
    order. ``ablations``: what a constructor's ``without`` switches off. ``stride``: frames that a
    step takes at least; clips and steps are multiples of it. ``noise_width``: of the conditions'
    noise, 0 where there is none. ``heads``: whether it moves the head. ``wants_pairs``: whether a
    loss of it needs the pairs of a batch.
    """

    name: ClassVar[str]
    ablations: ClassVar[tuple[str, ...]]
    parts: ClassVar[tuple[str, ...]] = ("features", "emotion_features")
    frame_rate = 25
    stride = 1
    noise_width = 0
    heads = False
    wants_pairs = False

    def settle(self, batches: Iterable[Batch]) -> None:
        """Gather what is kept of the training clips beside weights: nothing, in most systems."""

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

    def fresh(self, like: Tensor) -> dict[str, Tensor]:
        """State of fresh streams, as many, as precise and where ``like`` [B, ...] is."""
        state = self.initial_state()
        return {n: v.to(like).expand(len(like), *v.shape[1:]) for n, v in state.items()}
