"""Losses of the head decoder, on poses [B, T, 6]: three angles in radians, then metres."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from talkface_train.models.head import POSE
from talkface_train.models.streaming import FRAME_RATE

SCALE = torch.tensor([180.0 / math.pi] * 3 + [500.0] * 3)
"""To degrees, and to half millimetres' worth of them: 2 mm count as a degree does."""
VELOCITY_SECONDS = 0.08
"""A wrong velocity costs as the error that it makes in this time."""
SPREAD_WEIGHT = 0.3
CAPTURED_NOISE = 0.3
"""Degrees by which captured heads are not what any latent says."""
CAPTURED_WEIGHTS = torch.tensor([1.0, 1.0, 1.0, 0.1, 0.1, 0.1])
"""Places of heads estimated from one camera are a tenth as good as their angles."""
DIVERSITY_CAP = 0.5
"""Degrees a unit of latent: more apart is not rewarded."""


def _moves(pose: Tensor) -> Tensor:
    return torch.diff(pose, dim=1) * (VELOCITY_SECONDS * FRAME_RATE)


def rule_loss(said: Tensor, wanted: Tensor) -> Tensor:
    """Squared error of pose and velocity, in degrees, and of each sequence's standard deviation:
    what cannot be foretold would otherwise be answered by moving less."""
    said, wanted = said * SCALE, wanted * SCALE
    error = (said - wanted).square().mean() + (_moves(said) - _moves(wanted)).square().mean()
    spread = (_spread(said) - _spread(wanted)).square().mean()
    total: Tensor = error + SPREAD_WEIGHT * spread
    return total


def _spread(pose: Tensor) -> Tensor:
    return torch.sqrt(pose.var(dim=1) + 1e-3)


def captured_loss(said: Tensor, wanted: Tensor, seen: Tensor) -> Tensor:
    """As :func:`rule_loss` without the spread, over what was ``seen`` [B, T], about the mean pose
    of the clip (a captured head is known about its median alone), in units of CAPTURED_NOISE."""
    weight = seen.unsqueeze(2)
    count = weight.sum(dim=1, keepdim=True).clamp(min=1.0)
    error = (said - wanted) * (SCALE / CAPTURED_NOISE)
    error = error - (error * weight).sum(dim=1, keepdim=True) / count
    moved = _moves(error) * (weight[:, 1:] * weight[:, :-1])
    squares = ((error * weight).square().sum(dim=1) + moved.square().sum(dim=1)) / count[:, 0]
    return 0.5 * (squares * CAPTURED_WEIGHTS).sum(dim=1).mean() / POSE


def divergence(mean: Tensor, spread: Tensor) -> Tensor:
    """KL of normals [B, Z] (mean, log variance) from the standard normal, mean over B."""
    return 0.5 * (mean.square() + spread.exp() - 1.0 - spread).sum(dim=1).mean()


def diversity_loss(one: Tensor, other: Tensor, change: Tensor, speech: Tensor) -> Tensor:
    """How far heads under two latents that differ by ``change`` [B, Z] are apart in ``speech``
    [B, T], in degrees a unit of latent; negative, and no better beyond DIVERSITY_CAP."""
    apart = ((one - other) * SCALE)[:, :, :3].square().sum(dim=2).add(1e-6).sqrt()
    apart = (apart * speech).sum(dim=1) / speech.sum(dim=1).clamp(min=1.0)
    ratio = apart / change.norm(dim=1).clamp(min=1e-3)
    loss: Tensor = -ratio.clamp(max=DIVERSITY_CAP).mean()
    return loss
