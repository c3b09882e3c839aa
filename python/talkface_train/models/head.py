"""The generative head decoder: from features, silence, arousal and a latent to a moving head.

It runs once a step of 40 ms inside the graph and gives the step's two 50 Hz frames. A gated
recurrent unit hears the step's fresh features; latent and arousal turn its state into a wanted
pose by one matrix (what speech does, times how this phrase does it); a tanh limits the wanted
pose, and three equal low-pass poles at 50 Hz run after it. The poles' kernel is positive and sums
to 1, so no frame can leave :data:`LIMITS`, and no noise, weight or state of the unit can jerk
the head: docs/head.md has the bounds. Everything after the tanh is linear and is one product.

Pose: nod, turn, tilt as a small rotation vector about +X, +Y, +Z in radians, then a translation in
metres, all in our axes (docs/conventions.md). Output: the first two columns of the rotation matrix
to first order, ``(1, tilt, -turn)`` and ``(-tilt, 1, nod)``, which Gram-Schmidt makes exact, then
the translation.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from talkface_train.models.frontend import FEATURES
from talkface_train.models.streaming import FEATURES_PER_STEP, FRAME_RATE, FRAMES_PER_STEP

LATENT = 8
POSE = 6
HEAD = 9
LIMITS = (*(math.radians(angle) for angle in (11.0, 12.0, 8.0)), 0.015, 0.015, 0.02)
"""Of nod, turn, tilt in radians and x, y, z in metres: less than 19 degrees together."""
POLES = 3
POLE_SECONDS = 0.03
"""Time constant of each pole: the head is 90 ms behind what the unit wants, which it hears 100 ms
ahead."""
FILTER = POLES * POSE
INPUTS = FEATURES_PER_STEP * FEATURES + FRAMES_PER_STEP + 1 + LATENT


def pole_kernel(steps: int) -> np.ndarray:
    """What a wanted pose held in step j adds to frame i [2 steps, steps], from a head at rest."""
    keep = math.exp(-1.0 / (POLE_SECONDS * FRAME_RATE))
    frames = np.arange(FRAMES_PER_STEP * steps)
    # The impulse response of equal poles: C(n + POLES - 1, POLES - 1) keep^n (1 - keep)^POLES.
    rise = np.prod([(frames + k) / k for k in range(1, POLES)], axis=0)
    impulse = rise * keep**frames * (1.0 - keep) ** POLES
    lag = frames[:, None] - frames[None, :]
    full = np.where(lag >= 0, impulse[np.maximum(lag, 0)], 0.0)
    found: np.ndarray = full.reshape(len(frames), steps, FRAMES_PER_STEP).sum(axis=2)
    return found


def head_columns() -> tuple[np.ndarray, np.ndarray]:
    """Matrix [6, 9] and offset [9] from a pose to the head's 6-D rotation and translation."""
    matrix = np.zeros((POSE, HEAD))
    for pose, column, sign in ((2, 1, 1), (1, 2, -1), (2, 3, -1), (0, 5, 1)):
        matrix[pose, column] = sign
    matrix[3:, 6:] = np.eye(3)
    return matrix, np.array([1.0, 0, 0, 0, 1.0, 0, 0, 0, 0])


def _pole_step() -> tuple[np.ndarray, np.ndarray]:
    """One step of the poles and the way to the head as one product: state and wanted pose
    [FILTER + 6] to new state and two frames [FILTER + 18], and its offset."""
    keep = math.exp(-1.0 / (POLE_SECONDS * FRAME_RATE))
    size = POLES + 1
    once = np.eye(size)
    for pole in range(POLES):
        # A pole follows the new value of the one before it; the first follows the wanted pose.
        before = once[:, pole - 1] if pole else np.eye(size)[:, POLES]
        once[:, pole] = keep * np.eye(size)[:, pole] + (1.0 - keep) * before
    first, second = once, once @ once
    matrix, offset = head_columns()
    each = np.eye(POSE)
    columns = [np.kron(second[:, :POLES], each)]
    columns += [np.kron(frame[:, POLES - 1 : POLES], matrix) for frame in (first, second)]
    return np.concatenate(columns, axis=1), np.concatenate([np.zeros(FILTER), offset, offset])


class HeadNet(nn.Module):
    """See the module. ``hidden``: units; ``width``: of the layer that reads latent and arousal."""

    pole_matrix: Tensor
    pole_offset: Tensor
    limits: Tensor
    rest: Tensor

    def __init__(self, hidden: int = 48, width: int = 32) -> None:
        super().__init__()
        self.hidden = hidden
        self.gru = nn.GRU(INPUTS, hidden)
        self.manner = nn.Linear(1 + LATENT, width)
        self.wants = nn.Linear(width, hidden * POSE)
        matrix, offset = _pole_step()
        constants = {"pole_matrix": matrix, "pole_offset": offset, "limits": np.array(LIMITS)}
        for name, value in constants.items():
            self.register_buffer(name, torch.from_numpy(value).float(), persistent=False)
        self.register_buffer("rest", torch.zeros(hidden))
        # The peak, a feature frame's last column, is a level that falls for minutes in silence: it
        # has no weight and gets none.
        heard = torch.ones(INPUTS)
        heard[FEATURES - 1 : FEATURES_PER_STEP * FEATURES : FEATURES] = 0.0
        hearing: nn.Parameter = self.gru.get_parameter("weight_ih_l0")
        hearing.register_hook(lambda gradient: gradient * heard)
        with torch.no_grad():
            hearing.mul_(heard)
            self.wants.weight.mul_(0.3)

    @property
    def state_size(self) -> int:
        """H of the state [1, 1, H]: hidden units, then the poles."""
        return self.hidden + FILTER

    def initial_state(self) -> Tensor:
        """State of a fresh stream [1, 1, H]: what the unit is at in silence, a head at rest."""
        return torch.cat([self.rest, torch.zeros(FILTER)]).reshape(1, 1, -1)

    @torch.no_grad()
    def settle(self, features: Tensor) -> None:
        """Begin streams as they go on after a pause: with the unit as it is after silent
        ``features`` [1, 4 S, 51] at the latent's mean. From zeros the first frames would shake."""
        steps = features.shape[1] // FEATURES_PER_STEP
        rest = torch.zeros(1, steps, INPUTS)
        rest[:, :, : FEATURES_PER_STEP * FEATURES] = features.reshape(1, steps, -1)
        rest[:, :, FEATURES_PER_STEP * FEATURES :][:, :, :FRAMES_PER_STEP] = 1.0
        _, memory = self.gru(rest.transpose(0, 1))
        self.rest.copy_(memory.flatten())

    def step(
        self, features: Tensor, silence: Tensor, arousal: Tensor, latent: Tensor, state: Tensor
    ) -> tuple[Tensor, Tensor]:
        """One step: fresh ``features`` [B, 4, 51] of the front end, ``silence`` [B, 2] (probability
        of viseme ``sil`` of the step's frames), ``arousal`` [B, 1] in [0, 1], ``latent`` [B, 8],
        ``state`` [1, B, H] to head [B, 2, 9] and new state."""
        manner = torch.cat([arousal, latent], dim=1)
        heard = torch.cat([features.flatten(1), silence, manner], dim=1)
        memory, poles = state.split([self.hidden, FILTER], dim=2)
        _, memory = self.gru(heard.unsqueeze(0), memory)
        how = self.wants(torch.relu(self.manner(manner))).reshape(-1, self.hidden, POSE)
        wanted = (memory.reshape(-1, 1, self.hidden) @ how).reshape(1, -1, POSE)
        wanted = torch.tanh(wanted) * self.limits
        moved = torch.cat([poles, wanted], dim=2) @ self.pole_matrix + self.pole_offset
        poles, head = moved.split([FILTER, FRAMES_PER_STEP * HEAD], dim=2)
        return head.reshape(-1, FRAMES_PER_STEP, HEAD), torch.cat([memory, poles], dim=2)

    def pose(self, features: Tensor, silence: Tensor, arousal: Tensor, latent: Tensor) -> Tensor:
        """Whole sequences from a fresh state, for training: ``features`` [B, 4 S, 51], ``silence``
        [B, 2 S], ``arousal`` [B, S], ``latent`` [B, S, 8] to poses [B, 2 S, 6]."""
        batch, frames = silence.shape
        steps = frames // FRAMES_PER_STEP
        manner = torch.cat([arousal.unsqueeze(2), latent], dim=2)
        parts = [features.reshape(batch, steps, -1), silence.reshape(batch, steps, -1), manner]
        start = self.rest.expand(1, batch, -1).contiguous()
        memory, _ = self.gru(torch.cat(parts, dim=2).transpose(0, 1), start)
        how = self.wants(torch.relu(self.manner(manner))).unflatten(2, (self.hidden, POSE))
        wanted = (memory.transpose(0, 1).unsqueeze(2) @ how).squeeze(2)
        kernel = torch.from_numpy(pole_kernel(steps)).to(wanted.dtype)
        return kernel @ (torch.tanh(wanted) * self.limits)

    def forward(self, features: Tensor, silence: Tensor, arousal: Tensor, latent: Tensor) -> Tensor:
        """As :meth:`pose`, but heads [B, 2 S, 9]."""
        matrix, offset = (torch.from_numpy(part).float() for part in head_columns())
        return self.pose(features, silence, arousal, latent) @ matrix + offset
