"""The emotional half of the default system's graph: what is heard, what is shown, who it is.

It stands beside the networks that drive the lips and never touches what they say: with a neutral
emotion and the first identity, every lip is where it is without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from talkface.rig import EMOTIONS
from talkface_train.models.emotion import SUMS, Listener, affect_table
from talkface_train.models.expression import ExpressionNet
from talkface_train.models.frontend import FEATURES, MELS
from talkface_train.models.head import LATENT, HeadNet
from talkface_train.models.streaming import FEATURES_PER_STEP, FRAMES_PER_STEP, VISEME_COUNT

QUIET = -6.0
"""Centred loudness between words: log power below the mean of speech."""
SETTLING_STEPS = 50


class Conditions(NamedTuple):
    """What the host says in a step: ``emotion`` to show [B, 8], weights whose sum is 1;
    ``identity`` [B, K], weights whose sum is 1; ``noise`` [B, LATENT] of the head."""

    emotion: Tensor
    identity: Tensor
    noise: Tensor


class Felt(NamedTuple):
    """A step's answers: ``emotion`` heard [B, 2, 10], probabilities, valence, arousal; increments
    ``expression`` [B, 2, channels]; ``head`` [B, 2, 9]."""

    emotion: Tensor
    expression: Tensor
    head: Tensor


class Feeling(nn.Module):
    """Listener, expression and head, side by side.

    ``identities``: their names; ``channels``: what expression moves; ``articulation``: gain of each
    ARKit channel that speech drives [K, channels], ones for the first identity.
    """

    articulation: Tensor
    arousal: Tensor
    recurrent = ("head_memory",)
    """States that have their batch at axis 1, after the layers of a unit."""

    def __init__(
        self,
        listener: Listener,
        expression: ExpressionNet,
        head: HeadNet,
        identities: Sequence[str],
        channels: Sequence[str],
        articulation: Tensor,
    ) -> None:
        super().__init__()
        self.listener, self.expression, self.head = listener, expression, head
        self.identities, self.channels = tuple(identities), tuple(channels)
        self.register_buffer("articulation", articulation)
        self.register_buffer("arousal", affect_table()[:, 1:], persistent=False)

    def initial_state(self) -> dict[str, Tensor]:
        """Named state tensors of a fresh stream, batch 1."""
        return {
            "emotion_sums": torch.zeros(1, SUMS),
            "expression_memory": self.expression.initial_state(),
            "head_memory": self.head.initial_state(),
        }

    def defaults(self) -> Conditions:
        """Neutral, the first identity, the middle of the latents."""
        identity = torch.zeros(1, len(self.identities))
        identity[0, 0] = 1.0
        return Conditions(shown({}), identity, torch.zeros(1, LATENT))

    def step(
        self, stacked: Tensor, visemes: Tensor, conditions: Conditions, state: Sequence[Tensor]
    ) -> tuple[Felt, tuple[Tensor, ...]]:
        """Feature frames [B, context, FEATURES] and visemes [B, 2, 15] of a step to its answers and
        new state."""
        sums, memory, head = state
        heard, sums = self.listener(stacked[:, -FEATURES_PER_STEP - 1 :], sums)
        fresh = stacked[:, -FEATURES_PER_STEP:]
        memory = self.expression.listen(fresh, visemes, memory)
        increments = self.expression(conditions.emotion, conditions.identity, memory)
        arousal = torch.relu(conditions.emotion @ self.arousal)
        turned, head = self.head.step(fresh, visemes[:, :, 0], arousal, conditions.noise, head)
        emotion = torch.cat([heard.unsqueeze(1)] * FRAMES_PER_STEP, dim=1)
        return Felt(emotion, increments, turned), (sums, memory, head)

    def expression_at_rest(self) -> Tensor:
        """Increments [8, channels] of each emotion at weight 1 after a while of silence, for the
        first identity."""
        memory = self.expression.initial_state()
        features = torch.zeros(1, FEATURES_PER_STEP, FEATURES)
        features[:, :, MELS] = QUIET
        visemes = torch.zeros(1, FRAMES_PER_STEP, VISEME_COUNT)
        visemes[:, :, 0] = 1.0
        for _ in range(SETTLING_STEPS):
            memory = self.expression.listen(features, visemes, memory)
        identity = self.defaults().identity
        rows = [
            self.expression(shown({name: 1.0}), identity, memory).mean(dim=1) for name in EMOTIONS
        ]
        return torch.cat(rows)


def shown(mix: dict[str, float]) -> Tensor:
    """Weights by name as an emotion to show [1, 8]; the rest of 1 is neutral."""
    row = torch.zeros(1, len(EMOTIONS))
    for name, weight in mix.items():
        row[0, EMOTIONS.index(name)] = weight
    row[0, 0] = 1.0 - row[0, 1:].sum()
    return row
