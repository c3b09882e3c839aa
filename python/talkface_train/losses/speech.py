"""Losses of the speech-to-face model. All take [B, T, ...] and a [B, T] weight mask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

EMPHASIS = {"jawOpen": 3.0, "mouthPucker": 1.5, "mouthFunnel": 1.5}
"""How much more than the other channels' the squared error of these counts: what people see."""
FREE = ("jawOpen",)
"""Channels whose acceleration is left alone: that loss pulls wide curves towards their means
(docs/adr/0010-lips-again.md)."""


def _masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask).sum() / mask.sum().clamp(min=1.0)


def curve_loss(
    predicted: Tensor,
    target: Tensor,
    scale: Tensor,
    mask: Tensor,
    velocity: float,
    acceleration: float | Tensor = 0.0,
) -> Tensor:
    """Squared error of curves divided by their ``scale`` [C], plus ``velocity`` times that of
    their frame differences (EmoTalk's velocity term, papers-and-metrics.md 1.3) and
    ``acceleration`` (one number or [C]) times the absolute error of their second differences, which
    keeps a network from trembling. Absolute, not squared: small doubts settle at rest and quick
    lips stay quick."""
    error = (predicted - target) / scale
    position = _masked_mean(error.square().mean(dim=2), mask)
    motion = error.diff(dim=1)
    jerk = motion.diff(dim=1)
    return (
        position
        + velocity * _masked_mean(motion.square().mean(dim=2), mask[:, 1:])
        + _masked_mean((acceleration * jerk.abs()).mean(dim=2), mask[:, 2:])
    )


def label_loss(
    logits: Tensor,
    labels: Tensor,
    mask: Tensor,
    smoothing: float = 0.0,
    soft: Tensor | None = None,
    share: Tensor | None = None,
) -> Tensor:
    """Cross-entropy over classes; labels of 255 are ignored. With ``soft`` class probabilities of a
    teacher [B, T, C], a ``share`` [B, T] of the loss is towards them."""
    known = (labels != 255) & (mask > 0)
    heard, weight = logits[known], mask[known]
    loss = functional.cross_entropy(
        heard, labels[known].long(), label_smoothing=smoothing, reduction="none"
    )
    if soft is not None and share is not None:
        loss = loss.lerp(
            functional.cross_entropy(heard, soft[known], reduction="none"), share[known]
        )
    return (loss * weight).sum() / weight.sum()


def closure_loss(logits: Tensor, target: Tensor, mask: Tensor, positive: float) -> Tensor:
    """Binary cross-entropy of the closure gain, closed frames weighted by ``positive``."""
    weight = 1.0 + (positive - 1.0) * target
    loss = functional.binary_cross_entropy_with_logits(logits, target, weight, reduction="none")
    return _masked_mean(loss, mask)


def overlap_loss(logits: Tensor, target: Tensor, mask: Tensor, floor: float = 4.0) -> Tensor:
    """1 - soft Dice overlap of each crop's closures (Milletari et al. 2016); ``floor``: frames.

    Cross-entropy gives probabilities, and one threshold on them is too high for crops in noise.
    This asks for the best F1 in every crop, so that the same threshold suits both."""
    heard, wanted = torch.sigmoid(logits) * mask, target * mask
    both, all_ = (heard * wanted).sum(dim=1), heard.sum(dim=1) + wanted.sum(dim=1)
    return (1.0 - (2.0 * both + floor) / (all_ + floor)).mean()


def behind(values: Tensor, steps: int, count: int) -> Tensor:
    """The ``count`` frames behind each of ``steps`` steps' own: [B, T, ...] to [B, S, ..., count],
    zeros past the end."""
    frames = values.shape[1] // steps
    pad = [0, 0] * (values.ndim - 2) + [0, count]
    ahead = functional.pad(values, pad)[:, frames:]
    return ahead.unfold(1, count, frames)[:, :steps]


def forecast_loss(logits: Tensor, target: Tensor, mask: Tensor, positive: float) -> Tensor:
    """:func:`closure_loss` of what comes after each step: ``logits`` [B, S, F] against the
    ``target`` [B, T] of the F frames behind each step's own, T / S frames a step."""
    steps, count = logits.shape[1:]
    wanted, known = behind(target, steps, count), behind(mask, steps, count)
    return closure_loss(logits, wanted, known, positive)


def preview_loss(
    preview: Tensor, last: Tensor, target: Tensor, scale: Tensor, mask: Tensor, velocity: float
) -> Tensor:
    """:func:`curve_loss` of the frame behind each step: ``preview`` [B, S, C] after the step's
    ``last`` frame [B, S, C], against the ``target`` curves [B, T, C]."""
    steps = preview.shape[1]
    frames = target.shape[1] // steps
    error = (preview - behind(target, steps, 1)[..., 0]) / scale
    known = behind(mask, steps, 1)[..., 0]
    motion = error - (last - target[:, frames - 1 :: frames]) / scale
    return _masked_mean(error.square().mean(dim=2), known) + velocity * _masked_mean(
        motion.square().mean(dim=2), known
    )


class CurveWeights(NamedTuple):
    """What an error of each channel counts [C]: ``scale`` divides it, ``steady`` weighs its
    acceleration."""

    scale: Tensor
    steady: Tensor


def curve_weights(channels: Sequence[str], curves: Tensor, floor: float = 0.02) -> CurveWeights:
    """Weights for target ``curves`` [N, C]: their standard deviations, floored, :data:`EMPHASIS`
    and :data:`FREE`."""
    emphasis = torch.tensor([EMPHASIS.get(name, 1.0) for name in channels])
    scale = curves.std(dim=0).clamp(min=floor) / emphasis.sqrt()
    return CurveWeights(scale, torch.tensor([float(name not in FREE) for name in channels]))
