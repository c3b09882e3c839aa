"""What emotion adds to the neutral face: the second of two stages, as in Lee 2026's emotion
synthesizer, but an increment on ARKit channels instead of a second mesh.

How much of which expression (from the emotions alone) and how it goes with speech (from what is
heard, who it is and the emotions) are apart: their product is 0 whenever the emotion is neutral,
whatever is said.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from talkface.rig import EMOTIONS
from talkface_train.models.frontend import MELS
from talkface_train.models.streaming import FEATURES_PER_STEP, FRAMES_PER_STEP, VISEME_COUNT

MEMORY = 24
SHAPES = 48
GATES = 48
IDENTITY = 8
MOST = 1.6
"""Largest gain of an expression in the course of speech."""


class ExpressionNet(nn.Module):
    """A step of emotions, sound and identity to increments of two frames.

    ``channels``: how many it moves; ``identities``: rows of the table whose mixture says who it is.
    """

    def __init__(self, channels: int, identities: int) -> None:
        super().__init__()
        self.channels = channels
        felt = len(EMOTIONS) - 1
        heard = FEATURES_PER_STEP + FRAMES_PER_STEP * VISEME_COUNT
        self.memory = nn.Linear(heard + MEMORY, MEMORY)
        # Matrices without biases: no emotion, no expression.
        self.shapes = nn.Parameter(torch.randn(2 * felt, SHAPES) / felt**0.5)
        self.amount = nn.Parameter(torch.randn(SHAPES, channels) / SHAPES**0.5)
        self.people = nn.Parameter(torch.randn(identities, IDENTITY) * 0.5)
        self.context = nn.Linear(MEMORY + felt + IDENTITY, GATES)
        self.gates = nn.Linear(GATES, FRAMES_PER_STEP * channels)

    def listen(self, features: Tensor, visemes: Tensor, memory: Tensor) -> Tensor:
        """A step's feature frames [N, 4, FEATURES], visemes [N, 2, 15] and memory [N, MEMORY] to
        new memory."""
        heard = torch.cat([features[:, :, MELS], visemes.flatten(1), memory], dim=1)
        return torch.tanh(self.memory(heard))

    def forward(self, emotion: Tensor, identity: Tensor, memory: Tensor) -> Tensor:
        """Emotions [N, 8], identity [N, K] and what was heard [N, MEMORY] to increments
        [N, 2, channels], in (-MOST, MOST)."""
        felt = emotion[:, 1:]
        shapes = torch.relu(torch.cat([felt, felt * felt], dim=1) @ self.shapes)
        amount = torch.tanh(shapes @ self.amount)
        about = torch.cat([memory, felt, identity @ self.people], dim=1)
        gates = MOST * torch.sigmoid(self.gates(torch.relu(self.context(about))))
        return amount.unsqueeze(1) * gates.reshape(-1, FRAMES_PER_STEP, self.channels)

    def initial_state(self) -> Tensor:
        """Memory of a fresh stream [1, MEMORY]."""
        return torch.zeros(1, MEMORY)
