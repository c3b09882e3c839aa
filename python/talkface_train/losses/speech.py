"""Losses of the speech-to-face model. All take [B, T, ...] and a [B, T] weight mask."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def _masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask).sum() / mask.sum().clamp(min=1.0)


def curve_loss(
    predicted: Tensor,
    target: Tensor,
    scale: Tensor,
    mask: Tensor,
    velocity: float,
    acceleration: float = 0.0,
) -> Tensor:
    """Squared error of curves divided by their ``scale`` [C], plus ``velocity`` times that of
    their frame differences (EmoTalk's velocity term, papers-and-metrics.md 1.3) and
    ``acceleration`` times that of their second differences: a network that hears a little more at
    every step revises itself, which shows as jitter."""
    error = (predicted - target) / scale
    position = _masked_mean(error.square().mean(dim=2), mask)
    motion = error.diff(dim=1)
    jerk = motion.diff(dim=1)
    return (
        position
        + velocity * _masked_mean(motion.square().mean(dim=2), mask[:, 1:])
        + acceleration * _masked_mean(jerk.square().mean(dim=2), mask[:, 2:])
    )


def label_loss(
    logits: Tensor,
    labels: Tensor,
    mask: Tensor,
    smoothing: float = 0.0,
    soft: Tensor | None = None,
    share: float = 0.0,
) -> Tensor:
    """Cross-entropy over classes; labels of 255 are ignored. With ``soft`` class probabilities of a
    teacher [B, T, C], a ``share`` of the loss is towards them."""
    known = (labels != 255) & (mask > 0)
    hard = functional.cross_entropy(logits[known], labels[known].long(), label_smoothing=smoothing)
    if soft is None:
        return hard
    return (1 - share) * hard + share * functional.cross_entropy(logits[known], soft[known])


def closure_loss(logits: Tensor, target: Tensor, mask: Tensor, positive: float) -> Tensor:
    """Binary cross-entropy of the closure gain, closed frames weighted by ``positive``."""
    weight = 1.0 + (positive - 1.0) * target
    loss = functional.binary_cross_entropy_with_logits(logits, target, weight, reduction="none")
    return _masked_mean(loss, mask)


def curve_scale(curves: Tensor, floor: float = 0.02) -> Tensor:
    """Per-channel standard deviation of targets [N, C], floored."""
    return curves.std(dim=0).clamp(min=floor)


__all__ = ["closure_loss", "curve_loss", "curve_scale", "label_loss"]
